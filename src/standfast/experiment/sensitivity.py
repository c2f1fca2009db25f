"""What matters: Morris and Sobol indices of the chance of a verdict and of the hours it takes.

Outcomes are bimodal: near the tipping point runs hold or collapse, and their mean describes neither.
So the indices are of the probability of a verdict and of the logarithm of the hours, not of the
share gone alone. Every point shares the same replicates, so that differences are the factors'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.errors import RunError
from standfast.experiment.answer import build_answer
from standfast.experiment.axes import place_at
from standfast.experiment.factors import behavioural_axes, group_factors
from standfast.experiment.indices import analyse, check_method, sample
from standfast.experiment.measures import take_measures
from standfast.experiment.outlook import WHOLE, look_at
from standfast.experiment.sensitivity_shown import show_sensitivity
from standfast.experiment.trials import Means, check_replicates, run_points
from standfast.experiment.vary import read_axes
from standfast.results.clock import reference_hour
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from standfast.experiment.answer import Answer
    from standfast.experiment.axes import Axis
    from standfast.experiment.outlook import Outlook

    Floats = npt.NDArray[np.float64]

DEFAULT_REPLICATES = 4
#: trajectories of Morris, base points of Sobol
DEFAULT_SIZE = {"morris": 10, "sobol": 64}
_MOST_RUNS = 10_000_000


def sensitivity(
    scenario: Scenario | str | Path,
    vary: Sequence[str] = (),
    method: str = "morris",
    size: int | None = None,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = 1,
    *,
    by: str | None = None,
    place: str | None = None,
    verdict: str | None = None,
    measures: Sequence[str] = (),
    hours: float | None = None,
    threads: int | None = None,
    progress: bool | None = None,
    store: Path | None = None,
) -> Answer:
    """Tell which fields matter for a verdict and for how soon it comes.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    vary
        Axes; by default every behavioural parameter over its prior, or half to one and a half times
        its value.
    method
        ``"morris"`` or ``"sobol"``.
    size
        Trajectories of Morris (10 by default), base points of Sobol (64; a power of two).
    replicates
        At each point.
    seed
        Of people, ties and everything drawn, of the design and of the bootstrap.
    by
        ``"family"``, ``"mechanism"`` or ``"field"``: what stands together; by default families when
        everything is varied, else fields.
    place, verdict
        What is asked about; by default total collapse at the place of the reference event.
    measures
        Taken at every point.
    hours
        Refuse to begin what would take longer [h].
    threads, progress, store
        As for `standfast.experiment.execute.execute`.

    Returns
    -------
    Answer
        `table` has a row for each outcome, factor and index, with its 95 % interval.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    check_replicates(replicates)
    check_method(method)
    scenario = take_measures(measures, scenario)
    outlook = look_at(scenario, place, verdict)
    where = None if outlook.place == WHOLE else outlook.place
    axes = read_axes(vary, scenario, where) if vary else behavioural_axes(scenario)
    factors = group_factors(axes, by or ("field" if vary else "family"))
    size = size or DEFAULT_SIZE[method]
    _check_size(method, size, len(factors.rows), replicates)
    points = sample(factors, method, size, seed)
    means = Means(seed, threads, progress, store, hours)
    runs = run_points(_scenarios(scenario, axes, points), replicates, means)
    outcomes = _outcomes(runs, outlook, reference_hour(scenario), scenario.time.step)
    table = analyse(factors, method, points, outcomes, seed)
    return build_answer(
        "sensitivity",
        scenario,
        table=table,
        runs=runs,
        found={
            "place": outlook.place,
            "verdict": outlook.verdict,
            "method": method,
            "size": size,
            "points": len(points),
            "factors": [
                {"name": axis.name, "group": group, "low": axis.low, "high": axis.high,
                 "unit": axis.unit}
                for axis, group in zip(axes, factors.groups, strict=True)
            ],
            "rows": table.to_dict("records"),
        },
        shown=show_sensitivity(scenario, outlook, factors, method, table, outcomes, len(runs)),
        seed=seed,
        replicates=replicates,
        tables={"points": _points(axes, points, outcomes)},
    )  # fmt: skip


def _check_size(method: str, size: int, n_group: int, replicates: int) -> None:
    if method == "sobol" and (size < 2 or size & (size - 1)):
        says = f"size is {size}, and Sobol's sequence is even only for a power of two"
        raise RunError(says, f"Ask for {2 ** max(1, round(np.log2(max(size, 2))))}.")
    if not 2 <= size <= 1_000_000:
        says = f"size is {size}, but lies between 2 and 1,000,000"
        raise RunError(says)
    if method == "morris" and n_group < 2:
        says = "one thing alone is varied, and Morris compares several"
        raise RunError(says, "Vary more, or sweep it: standfast sweep.")
    runs = size * (n_group + (1 if method == "morris" else 2)) * replicates
    if runs > _MOST_RUNS:
        says = f"{runs:,} runs are asked for"
        raise RunError(
            says, f"Ask for at most {_MOST_RUNS:,}, with a smaller size or fewer groups."
        )


def _scenarios(scenario: Scenario, axes: Sequence[Axis], points: Floats) -> Iterator[Scenario]:
    for shares in points:
        values = [axis.at(float(share)) for axis, share in zip(axes, shares, strict=True)]
        yield place_at(scenario, axes, values)


def _outcomes(
    runs: pd.DataFrame, outlook: Outlook, reference: float, step: float
) -> dict[str, Floats]:
    """Return the mean of each outcome over the replicates of every point."""
    since_start = np.maximum(outlook.hours(runs) + reference, step)
    each = pd.DataFrame(
        {
            "point": runs["point"],
            f"P({outlook.verdict})": outlook.came(runs).astype(float),
            "log hours": np.log(since_start),
            "share gone": outlook.gone(runs),
        }
    )
    mean = each.groupby("point", sort=True).mean()
    return {str(name): mean[name].to_numpy(dtype=float) for name in mean.columns}


def _points(axes: Sequence[Axis], points: Floats, outcomes: dict[str, Floats]) -> pd.DataFrame:
    columns: dict[str, Any] = {
        axis.name: [axis.at(float(share)) for share in points[:, k]] for k, axis in enumerate(axes)
    }
    return pd.DataFrame(columns | outcomes)
