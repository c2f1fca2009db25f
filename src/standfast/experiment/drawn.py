"""Draws of parameters: read from a posterior, put into a scenario, kept with a result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from standfast.engine.compile import compile_plan
from standfast.engine.present import units_of
from standfast.engine.run import run_replicate
from standfast.errors import FileError, RunError, ScenarioError
from standfast.experiment.axes import place_at
from standfast.experiment.vary import find_axis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from standfast.engine.compile import Plan
    from standfast.results.recording import Recording
    from standfast.results.result import Result
    from standfast.scenario.model import Scenario

    Floats = npt.NDArray[np.float64]

_DRAWS = ("chain", "draw")
#: the word for the draws that come with the package; docs/validation/calibration.md tells of them
SHIPPED = "posterior"
_SHIPPED_FILE = Path(__file__).parent / "calibration" / "posterior.nc"
_ADVICE = (
    f"Name the posterior.nc of a calibration, a netCDF with a group of that name, or {SHIPPED} for what "
    "the package brings."
)
_COLUMN = "parameter."


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of parameters, of equal weight.

    Attributes
    ----------
    names
        Of the parameters: paths, short names or bare names of behavioural parameters.
    array : (n_draw, n_parameter) float64
        In base units.
    origin
        What messages call the file.
    """

    names: tuple[str, ...]
    array: Floats
    origin: str

    def __len__(self) -> int:
        """Return how many draws there are."""
        return len(self.array)

    def at(self, draw: int, scenario: Scenario) -> Scenario:
        """Return a scenario with the parameters of a draw.

        Raises
        ------
        ScenarioError
            When it has no such field, or the value does not fit there.
        """
        try:
            axes = [find_axis(name, scenario)[0] for name in self.names]
        except ScenarioError as error:
            raise ScenarioError(self.origin, error.problems) from None
        return place_at(scenario, axes, [float(value) for value in self.array[draw]])


def draws_file(named: str | Path) -> Path:
    """Return the file that was named: that of the package for the word ``posterior``."""
    return _SHIPPED_FILE if str(named) == SHIPPED else Path(named)


def read_draws(path: str | Path) -> Draws:
    """Return the draws of a posterior; chains one after another.

    Parameters
    ----------
    path
        Of a netCDF with the group `posterior`, as a calibration writes it, or any other that ArviZ
        opens whose variables are named like fields of the scenario; the word ``posterior`` for the draws that
        come with the package.

    Raises
    ------
    FileError
        When it cannot be read as such.

    Examples
    --------
    >>> draws = read_draws("posterior")
    >>> len(draws), draws.names[0]
    (200, 'behaviour.decision.commitment')
    """
    path = draws_file(path)
    try:
        with xr.open_dataset(path, group="posterior", engine="h5netcdf") as opened:
            group = opened.load()
    except FileNotFoundError:
        advice = f"Check the name and the folder, or write {SHIPPED} for what the package brings."
        raise FileError(path, "does not exist", advice) from None
    except (OSError, ValueError, KeyError) as error:
        says = "is no posterior: it cannot be read as netCDF with a group posterior"
        raise FileError(path, says, _ADVICE) from error
    names = [str(name) for name in group.data_vars]
    odd = [name for name in names if set(group[name].dims) != set(_DRAWS)]
    if not names or odd:
        says = (
            f"has {', '.join(odd[:5])} by more than chain and draw" if odd else "has no parameters"
        )
        raise FileError(path, says, _ADVICE)
    values = np.stack(
        [group[name].transpose(*_DRAWS).to_numpy().astype(float).ravel() for name in names], axis=1
    )
    if not values.size or not np.isfinite(values).all():
        raise FileError(path, "has draws that are no numbers", _ADVICE)
    # a short name means the main place of the scenario; the paths say which field it was
    paths = [str(group[name].attrs.get("paths", name)) for name in names]
    return _with_paths(paths, values, path.name)


def _with_paths(paths: Sequence[str], values: Floats, origin: str) -> Draws:
    """Return draws in which a parameter with several paths stands at each of them."""
    each = [(path, k) for k, several in enumerate(paths) for path in several.split()]
    columns = [k for _, k in each]
    return Draws(tuple(path for path, _ in each), values[:, columns], origin)


def runner_over(draws: Draws, scenario: Scenario, plan: Plan) -> Callable[..., Recording]:
    """Return what runs replicate k with the parameters of draw k.

    Parameters
    ----------
    draws
        As many as there are replicates, or more.
    scenario, plan
        As it is without them; who serves, where and for how long must stay the same.
    """
    units = units_of(plan)

    def run_one(
        replicate: int, *, should_stop: Callable[[], bool], on_step: Callable[[int], None]
    ) -> Recording:
        own = compile_plan(draws.at(replicate, scenario), plan.seed)
        if own.n_step != plan.n_step or units_of(own) != units:
            says = f"draw {replicate} of {draws.origin} changes who serves, or for how long"
            raise RunError(says, "Runs that are to stand in one result differ in parameters alone.")
        return run_replicate(own, replicate, should_stop=should_stop, on_step=on_step)

    return run_one


def check_draws(draws: Draws, replicates: int) -> None:
    """Refuse more replicates than there are draws.

    Raises
    ------
    RunError
        With how many there are.
    """
    if replicates > len(draws):
        says = f"{draws.origin} has {len(draws)} draws, and {replicates} replicates are asked for"
        raise RunError(says, f"Ask for at most {len(draws)}: replicate k takes draw k.")


def with_draws(result: Result, draws: Draws) -> Result:
    """Return a result that tells which parameters each replicate had.

    `runs` has them as columns, and the provenance in full, so that it can be done again.
    """
    rows = result.runs["replicate"].to_numpy()
    columns = {f"{_COLUMN}{name}": draws.array[rows, k] for k, name in enumerate(draws.names)}
    told = {"names": list(draws.names), "origin": draws.origin,
            "draws": draws.array[: int(rows.max()) + 1].tolist()}  # fmt: skip
    return replace(
        result,
        runs=result.runs.assign(**columns),
        provenance=result.provenance | {"parameters": told},
    )


def recorded_draws(provenance: Mapping[str, Any]) -> Draws | None:
    """Return the draws that a result was made with; None when it was made without."""
    told = provenance.get("parameters")
    if told is None:
        return None
    return Draws(tuple(told["names"]), np.array(told["draws"]), told["origin"])
