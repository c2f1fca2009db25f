"""Labelled output of an ensemble: `series.nc`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import xarray as xr

from standfast.results.clock import reference_hour
from standfast.results.netcdf import write_netcdf
from standfast.results.verdict import lost_hours
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import (
    EXITS,
    HOME_KINDS,
    PLACE_READINGS,
    STATUS,
    TERMS,
    UNIT_READINGS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from standfast.results.recording import Recording
    from standfast.scenario.model import Scenario

_NETCDF: Literal["h5netcdf"] = "h5netcdf"
_COMPRESSION = {"zlib": True, "complevel": 4, "shuffle": True}


@dataclass(frozen=True)
class Units:
    """Names of the battalions, in the order of the unit readings.

    Attributes
    ----------
    title
        Of each battalion.
    force
        Name of the force in the scenario that each belongs to.
    """

    title: tuple[str, ...]
    force: tuple[str, ...]


def build_dataset(recordings: Sequence[Recording], scenario: Scenario, units: Units) -> xr.Dataset:
    """Return the labelled series of an ensemble; every variable carries unit and description.

    Parameters
    ----------
    recordings
        One a replicate, all of the same scenario and seed.
    scenario
        Names the places.
    units
        Names the battalions.
    """
    first = recordings[0]
    places = np.array(list(scenario.places))
    return xr.Dataset(
        _variables(recordings, scenario),
        coords={
            "replicate": ("replicate", np.array([r.replicate for r in recordings], np.int64)),
            "hour": ("hour", first.hours, _attributes("h", "hours since the start")),
            "place": ("place", places, {"description": "name of the place in the scenario"}),
            "branch": ("branch", np.array(BRANCHES)),
            "status": ("status", np.array(STATUS)),
            "home": ("home", np.array(HOME_KINDS)),
            "exit": ("exit", np.array(EXITS)),
            "term": ("term", np.array(TERMS)),
            "unit_hour": ("unit_hour", first.unit_hours, _attributes("h", "hours since the start")),
            "unit": ("unit", np.arange(len(units.title)), {"description": "number of battalion"}),
            "unit_title": ("unit", _texts(units.title)),
            "unit_force": ("unit", _texts(units.force)),
        },
        attrs={
            "title": scenario.title,
            "scenario": scenario.scenario,
            "start": scenario.time.start.isoformat(),
            "reference_hour": reference_hour(scenario),
            "note": "Synthetic people; no forecast.",
        },
    )


def _variables(recordings: Sequence[Recording], scenario: Scenario) -> dict[str, Any]:
    variables: dict[str, Any] = {}

    def stack(name: str, dims: str, values: list[npt.NDArray[Any]], unit: str, says: str) -> None:
        variables[name] = (
            ("replicate", *dims.split()),
            np.stack(values),
            _attributes(unit, says),
        )

    stack(
        "count",
        "hour place branch status",
        [r.count for r in recordings],
        "people",
        "people by garrison of origin, branch and status",
    )
    for name, (unit, says) in PLACE_READINGS.items():
        stack(name, "hour place", [r.readings[name] for r in recordings], unit, says)
    for name, (unit, says) in UNIT_READINGS.items():
        stack(name, "unit_hour unit", [r.unit_readings[name] for r in recordings], unit, says)
    stack(
        "lost_hour",
        "place",
        [lost_hours(r, scenario) for r in recordings],
        "h",
        "hours since the start when the place was lost; NaN where it was not",
    )
    stack(
        "departures",
        "place branch home exit",
        [r.departures for r in recordings],
        "people",
        "departures by garrison of origin, branch, home and way out; returns not deducted",
    )
    stack(
        "departed",
        "hour branch home",
        [r.departed for r in recordings],
        "people",
        "departures since the start over all garrisons, by branch and home; returns not deducted",
    )
    stack(
        "start_count",
        "place branch home",
        [r.start_count for r in recordings],
        "people",
        "people serving at the start by garrison, branch and home; no ghosts",
    )
    stack(
        "cause",
        "place branch term",
        [r.cause for r in recordings],
        "people",
        "departures by the term's share in the pressure to leave at that moment",
    )
    return variables


def write_dataset(series: xr.Dataset, path: Path) -> None:
    """Write a dataset as netCDF 4: compressed, and the same bytes for the same content."""
    # a chunk is one replicate, so that one can be read without the others
    encoding = {
        str(name): {**_COMPRESSION, "chunksizes": (1, *variable.shape[1:])}
        for name, variable in series.data_vars.items()
        if variable.size > 0
    }
    write_netcdf({"/": series}, path, encoding)


def read_dataset(path: Path) -> xr.Dataset:
    """Read what `write_dataset` wrote, all of it into memory."""
    return xr.load_dataset(path, engine=_NETCDF)


def _attributes(unit: str, says: str) -> dict[str, str]:
    return {"units": unit, "description": says}


def _texts(texts: tuple[str, ...]) -> npt.NDArray[np.object_]:
    # objects are stored as strings of their own length; fixed-width ones would be padded
    return np.array(texts, dtype=object)
