"""Cases that a choice must do in: the scenario, variants of it, or draws of what is uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from standfast.errors import FileError, Problem, RunError, ScenarioError
from standfast.experiment.drawn import Draws, draws_file, read_draws
from standfast.experiment.vary import find_axis
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


#: name of the only case where nothing is uncertain
AS_IT_IS = ""
MOST_CASES = 10_000
_ADVICE = "Give a column for each field, named like its path, and a row for each draw."


def read_cases(
    scenario: Scenario,
    parameters: str | Path | None = None,
    variants: Sequence[Scenario | str | Path] = (),
    count: int = 8,
    seed: int = 1,
) -> dict[str, Scenario]:
    """Return the cases by name: the scenario alone, its variants, or it with draws of parameters.

    Parameters
    ----------
    scenario
        What the draws are put into.
    parameters
        A `posterior.nc`, the word ``posterior`` for that of the package, or a Parquet or CSV table with a
        column for each field in its base unit.
    variants
        Scenarios that stand for it; exclude `parameters`.
    count
        Draws that are taken, at random without replacement; all where there are no more.
    seed
        Of which.

    Raises
    ------
    FileError
        When the file cannot be read as draws.
    ScenarioError
        When a draw does not fit into the scenario.
    RunError
        When both are given, or no case.
    """
    if parameters is not None and variants:
        says = "draws of parameters and variants are given, and one of them is expected"
        raise RunError(says, "Leave out --parameters or --variant.")
    if variants:
        found = [v if isinstance(v, Scenario) else load_scenario(v) for v in variants]
        return {f"variant {k} ({each.scenario})": each for k, each in enumerate(found, start=1)}
    if parameters is None:
        return {AS_IT_IS: scenario}
    if not 1 <= count <= MOST_CASES:
        says = f"cases is {count}, but lies between 1 and {MOST_CASES:,}"
        raise RunError(says)
    draws = _read_draws(draws_file(parameters))
    _check_within(draws, scenario)
    rng = np.random.default_rng([seed, 4])
    taken = np.sort(rng.permutation(len(draws))[:count])
    return {f"draw {k}": draws.at(int(k), scenario) for k in taken}


def _check_within(draws: Draws, scenario: Scenario) -> None:
    """Refuse draws outside the bounds of their fields, which would otherwise be moved to them."""
    problems: list[Problem] = []
    for k, name in enumerate(draws.names):
        try:
            axis, _ = find_axis(name, scenario)
        except ScenarioError as error:
            problems += error.problems
            continue
        low, high = axis.limits
        column = draws.array[:, k]
        outside = column[~((column >= low) & (column <= high))]
        if outside.size:
            between = f"between {axis.show(low)} and {axis.show(high)}"
            says = f"is {axis.show(float(outside[0]))} in a draw, but lies {between}"
            problems.append(Problem(name, says, "Leave such draws out."))
    if problems:
        raise ScenarioError(draws.origin, problems)


def _read_draws(path: Path) -> Draws:
    """Return the draws of a posterior, or the rows of a Parquet or CSV table."""
    if path.suffix == ".nc":
        return read_draws(path)
    if path.suffix not in (".csv", ".parquet"):
        raise FileError(path, "is neither netCDF, Parquet nor CSV", _ADVICE)
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except FileNotFoundError:
        raise FileError(path, "does not exist", "Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        raise FileError(path, "cannot be read as a table", _ADVICE) from error
    numbers = table.select_dtypes("number")
    if (
        numbers.shape[1] != table.shape[1]
        or not table.size
        or not np.isfinite(numbers.to_numpy()).all()
    ):
        raise FileError(path, "has no rows, or cells that are no numbers", _ADVICE)
    return Draws(tuple(map(str, table.columns)), numbers.to_numpy(dtype=float), path.name)
