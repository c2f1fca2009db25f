"""What the engine writes down of one replicate: plain arrays, no labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

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
    from collections.abc import Mapping

#: one line of the event log
LOG_DTYPE = np.dtype(
    [("hour", "f8"), ("kind", "i2"), ("place", "i2"), ("battalion", "i4"), ("value", "f4")]
)


@dataclass(frozen=True, eq=False)
class Recording:
    """One replicate, hour by hour.

    Parameters
    ----------
    replicate
        Which replicate of the ensemble.
    hours : (n_hour,) float64
        Hours since the start; the first is 0, the state before anything happens.
    count : (n_hour, n_place, n_branch, n_status) int32
        People by garrison of *origin*, branch (`BRANCHES`) and status (`STATUS`), ghosts
        included; adds up to `n_agent` at every hour.
    readings : name -> (n_hour, n_place) float32
        Every key of `PLACE_READINGS`.
    unit_hours : (n_unit_hour,) float64
        Hours at which the battalions were read.
    unit_readings : name -> (n_unit_hour, n_battalion) float32
        Every key of `UNIT_READINGS`.
    lost_hour : (n_place,) float64
        Hours since the start when the place was lost; NaN where it was not.
    log : (n_event,) `LOG_DTYPE`
        What happened: hour, index in `LOG_KINDS`, place and battalion (-1: none), a value.
    departures : (n_place, n_branch, n_home, n_exit) int64
        Gross departures by garrison of origin, branch, home (`HOME_KINDS`) and way out (`EXITS`).
    departed : (n_hour, n_branch, n_home) int32
        The same since the start, hour by hour, over all garrisons and ways out.
    start_count : (n_place, n_branch, n_home) int64
        People serving at the start; no ghosts.
    cause : (n_place, n_branch, n_term) float64
        Over departures, the sum of each term's share in the positive pressure at that moment.
    resolute_departures
        Departures of people whose resolve was above the median.
    agent_steps
        Agents advanced, summed over steps: the work done.
    """

    replicate: int
    hours: npt.NDArray[np.float64]
    count: npt.NDArray[np.int32]
    readings: Mapping[str, npt.NDArray[np.float32]]
    unit_hours: npt.NDArray[np.float64]
    unit_readings: Mapping[str, npt.NDArray[np.float32]]
    lost_hour: npt.NDArray[np.float64]
    log: npt.NDArray[np.void]
    departures: npt.NDArray[np.int64]
    departed: npt.NDArray[np.int32]
    start_count: npt.NDArray[np.int64]
    cause: npt.NDArray[np.float64]
    resolute_departures: int
    n_agent: int
    n_step: int
    simulate_s: float = field(default=0.0, compare=False)
    agent_steps: int = 0

    @property
    def n_place(self) -> int:
        """Number of places."""
        return int(self.count.shape[1])

    @property
    def people_conserved(self) -> bool:
        """Whether nobody appears, vanishes or changes garrison of origin or branch, at any hour."""
        per_garrison = self.count.sum(axis=3, dtype=np.int64)
        return bool(
            (self.count >= 0).all()
            and (per_garrison == per_garrison[0]).all()
            and (per_garrison.sum(axis=(1, 2)) == self.n_agent).all()
        )

    def check(self) -> tuple[str, ...]:
        """Return every problem of this recording as a sentence; empty when it is sound."""
        return self.check_shapes() or tuple(_check_content(self))

    def check_shapes(self) -> tuple[str, ...]:
        """Return every array that is missing, or has another shape or type than it should."""
        return tuple(_check_shapes(self))


def _check_shapes(recording: Recording) -> list[str]:
    n_hour, n_place = recording.hours.size, recording.lost_hour.size
    n_unit_hour = recording.unit_hours.size
    branches, homes, exits = len(BRANCHES), len(HOME_KINDS), len(EXITS)
    wanted: dict[str, tuple[npt.NDArray[Any], tuple[int, ...], str]] = {
        "count": (recording.count, (n_hour, n_place, branches, len(STATUS)), "int32"),
        "departures": (recording.departures, (n_place, branches, homes, exits), "int64"),
        "departed": (recording.departed, (n_hour, branches, homes), "int32"),
        "start_count": (recording.start_count, (n_place, branches, homes), "int64"),
        "cause": (recording.cause, (n_place, branches, len(TERMS)), "float64"),
    }
    problems = _check_names("readings", recording.readings, PLACE_READINGS)
    problems += _check_names("unit_readings", recording.unit_readings, UNIT_READINGS)
    for name, values in recording.readings.items():
        wanted[f"readings.{name}"] = (values, (n_hour, n_place), "float32")
    for name, values in recording.unit_readings.items():
        n_unit = values.shape[-1]
        wanted[f"unit_readings.{name}"] = (values, (n_unit_hour, n_unit), "float32")
    if len({values.shape[-1] for values in recording.unit_readings.values()}) > 1:
        problems.append("unit_readings differ in their number of battalions")
    for name, (values, shape, dtype) in wanted.items():
        if values.shape != shape or values.dtype != np.dtype(dtype):
            problems.append(
                f"{name} is {values.dtype} {values.shape}, but {dtype} {shape} is expected"
            )
    if recording.log.dtype != LOG_DTYPE:
        problems.append(f"log has the fields {recording.log.dtype.names}, not {LOG_DTYPE.names}")
    return problems


def _check_names(
    where: str, values: Mapping[str, object], wanted: Mapping[str, object]
) -> list[str]:
    return [
        f"{where} {verb} {', '.join(sorted(names))}"
        for verb, names in (
            ("lacks", wanted.keys() - values.keys()),
            ("has the unknown", values.keys() - wanted.keys()),
        )
        if names
    ]


def _check_content(recording: Recording) -> list[str]:
    problems = []
    if (
        recording.hours.size == 0
        or recording.hours[0] != 0
        or (np.diff(recording.hours) <= 0).any()
    ):
        problems.append("hours do not rise from 0")
    if not recording.people_conserved:
        problems.append(f"people are not conserved: {_first_leak(recording)}")
    if not np.allclose(recording.cause.sum(axis=2), recording.departures.sum(axis=(2, 3))):
        problems.append("the shares of the causes do not add up to the departures")
    whole = recording.departures.sum(axis=(0, 3))
    # a run that is looked at between two hours has departures that belong to the next
    if (np.diff(recording.departed, axis=0) < 0).any() or (recording.departed[-1:] > whole).any():
        problems.append("departures by hour fall, or pass the departures of the run")
    return problems


def _first_leak(recording: Recording) -> str:
    per_hour = recording.count.sum(axis=(1, 2, 3), dtype=np.int64)
    wrong = np.flatnonzero(per_hour != recording.n_agent)
    if wrong.size:
        hour = wrong[0]
        return f"{per_hour[hour]} instead of {recording.n_agent} at hour {recording.hours[hour]:g}"
    return "some counts are negative, or people changed their garrison of origin or branch"
