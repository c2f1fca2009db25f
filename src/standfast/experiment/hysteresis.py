"""The way there and the way back: one run in which a value is raised slowly, and lowered again.

What is swept changes by steps and is held at each for days, so that the force can settle. It is done
in quiet: without the scenario's dated events, and where no place falls (M34 and M38 off), since an
assault that never ends wears any garrison down, and a place lost would not come back whatever the
value. A gap between the way there and the way back is hysteresis: what happened decides, not the
value alone. Part of it is that those abroad, dead or gone over are out of reach, and part that
confidence takes months.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from standfast.engine import interventions
from standfast.engine.branch import written_arrays
from standfast.engine.compile import compile_plan
from standfast.engine.run import CHANGED_BY_INTERVENTIONS, Run
from standfast.engine.warm import compile_kernels
from standfast.errors import RunError
from standfast.experiment.axes import place_at
from standfast.experiment.outlook import WHOLE
from standfast.scenario.vocabulary import SERVING, STATUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.engine.compile import Plan
    from standfast.experiment.axes import Axis
    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario
    from standfast.scenario.tree import Plain

THERE, BACK = "there", "back"
_HALF = 0.5
_SERVES = [STATUS.index(name) for name in SERVING]
_QUIET: dict[str, Plain] = {
    "events": [],
    "time.reference_event": None,
    "mechanisms.M34.enabled": False,
    "mechanisms.M38.enabled": False,
}
#: the place whose informers are swept is set in the state itself, which a plan only starts
_INFORMERS = "infiltration"


def sweep_there_and_back(
    scenario: Scenario,
    axis: Axis,
    outlook: Outlook,
    values: Sequence[float],
    *,
    hold_h: float = 240.0,
    replicates: int = 4,
    seed: int = 1,
    threads: int = 1,
) -> pd.DataFrame:
    """Sweep an axis there and back within each run.

    Parameters
    ----------
    scenario, axis, outlook
        What is swept, and where people are counted.
    values
        From the calm end to the other; swept so, and back.
    hold_h
        Hours for which each is held.
    replicates, seed, threads
        As ever.

    Returns
    -------
    pandas.DataFrame
        `replicate`, `way` (there or back), `value`, and `serving`: the share of those at the start
        who serve at the end of the hold.

    Raises
    ------
    RunError
        Where the value only says how a run starts, or is a measure that acts once.
    """
    if any(path.startswith("events.") for path in axis.paths):
        raise _no_sweep(axis, "is of an event, and the sweep is done in quiet")
    quiet = scenario.with_(_QUIET)
    compile_kernels(lambda _: None)
    plans = [compile_plan(place_at(quiet, [axis], [value]), seed) for value in values]
    _check_acts(plans, axis)

    def one(replicate: int) -> list[dict[str, object]]:
        return _loop(plans, values, axis, outlook, replicate, hold_h=hold_h)

    with ThreadPoolExecutor(threads, thread_name_prefix="sweep") as pool:
        rows = [row for rows in pool.map(one, range(replicates)) for row in rows]
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Gap:
    """How far the way back lies under the way there.

    Attributes
    ----------
    widest, at
        Largest difference in the share serving at the same value, and that value.
    falls, returns
        Value at which fewer than half serve on the way there, and more than half again on the way
        back; None where that does not happen.
    """

    widest: float
    at: float
    falls: float | None
    returns: float | None


def find_gap(table: pd.DataFrame) -> Gap:
    """Return how far the way back lies under the way there.

    Parameters
    ----------
    table
        From `sweep_there_and_back`.

    Examples
    --------
    >>> table = pd.DataFrame({"way": ["there"] * 3 + ["back"] * 3, "value": [1., 2, 3, 3, 2, 1],
    ...                       "serving": [0.9, 0.8, 0.2, 0.1, 0.2, 0.7]})
    >>> gap = find_gap(table)
    >>> gap.falls, gap.returns, gap.at, round(gap.widest, 2)
    (2.5, 1.4, 2.0, 0.6)
    """
    there, back = (
        table[table["way"] == way].groupby("value", sort=False)["serving"].mean()
        for way in (THERE, BACK)
    )
    apart = there - back.reindex(there.index)
    falls = _crossed(there, falls=True)
    return Gap(
        widest=float(apart.max()),
        at=float(apart.index[int(apart.argmax())]),
        falls=falls,
        returns=None if falls is None else _crossed(back, falls=False),
    )


def _crossed(serving: pd.Series[float], *, falls: bool) -> float | None:
    """Return where a share passes one half on its way, in the order of the sweep."""
    values, shares = serving.index.to_numpy(float), serving.to_numpy(float)
    reached = shares < _HALF if falls else shares > _HALF
    if not reached.any() or reached[0]:
        return None
    k = int(np.argmax(reached))
    part = (_HALF - shares[k - 1]) / (shares[k] - shares[k - 1])
    return round(float(values[k - 1] + part * (values[k] - values[k - 1])), 12)


def _check_acts(plans: Sequence[Plan], axis: Axis) -> None:
    if axis.measure is not None:
        standing = {*interventions.STANDING, *interventions.LAWS}
        once = [each.kind for each in axis.measure.interventions if each.kind not in standing]
        if once:
            raise _no_sweep(axis, "acts once and stays done")
        return
    if _informers(axis):
        return
    first, last = plans[0].arrays, plans[-1].arrays
    if all(np.array_equal(first[name], last[name]) for name in first):
        raise _no_sweep(axis, "says only how a run starts")


def _no_sweep(axis: Axis, says: str) -> RunError:
    return RunError(
        f"{axis.name} {says}", "There and back can be swept with what acts all the time."
    )


def _informers(axis: Axis) -> list[str]:
    steps = [path.split(".") for path in axis.paths]
    return [each[1] for each in steps if each[0] == "places" and each[-1] == _INFORMERS]


def _loop(
    plans: Sequence[Plan],
    values: Sequence[float],
    axis: Axis,
    outlook: Outlook,
    replicate: int,
    *,
    hold_h: float,
) -> list[dict[str, object]]:
    run = Run(plans[0], replicate)
    step = plans[0].scenario.time.step
    start = _serving(run, outlook)
    rows: list[dict[str, object]] = []
    there = list(range(len(values)))
    for way, order in ((THERE, there), (BACK, there[::-1])):
        for k in order:
            run = _moved(run, plans[k], axis, values[k])
            _advance(run, hold_h / step)
            share = _serving(run, outlook) / start
            rows.append({"replicate": replicate, "way": way, "value": values[k], "serving": share})
    return rows


def _advance(run: Run, steps: float) -> None:
    for _ in range(round(steps)):
        run.advance()


def _moved(run: Run, plan: Plan, axis: Axis, value: float) -> Run:
    """Return a run that stands where another does, under the plan of another value."""
    other = Run(plan, run.replicate)
    for name, array in written_arrays(run).items():
        if name not in CHANGED_BY_INTERVENTIONS:
            np.copyto(other.arrays[name], array)
    other.step, other.next_moment = run.step, run.next_moment
    other.scene.step, other.scene.hour = run.scene.step, run.scene.hour
    other.scene.attacking = set(run.scene.attacking)
    places = list(plan.scenario.places)
    for slug in _informers(axis):
        other.arrays["infiltration"][places.index(slug)] = value
    for measure in plan.scenario.interventions:
        if measure.kind in interventions.STANDING or measure.kind in interventions.LAWS:
            interventions.end(other.scene, measure)
    return other


def _serving(run: Run, outlook: Outlook) -> float:
    count = run.arrays["count"][..., _SERVES]
    if outlook.place == WHOLE:
        return float(count.sum())
    return float(count[list(run.plan.scenario.places).index(outlook.place)].sum())
