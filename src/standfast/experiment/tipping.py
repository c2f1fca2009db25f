"""Where it tips: the value at which a verdict becomes likelier than a level, and how sharply."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from standfast.errors import Problem, RunError, ScenarioError
from standfast.experiment.answer import build_answer
from standfast.experiment.axes import Axis, place_at
from standfast.experiment.keys import RunRequest
from standfast.experiment.machine import usable_threads
from standfast.experiment.measures import read_measure
from standfast.experiment.outlook import WHOLE, look_at
from standfast.experiment.paired import share_of
from standfast.experiment.progress import choose_progress
from standfast.experiment.shown import Shown, chance
from standfast.experiment.threshold import Posterior
from standfast.experiment.trials import Means, run_requests
from standfast.experiment.vary import OPTION, read_axis
from standfast.results.words import percent
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.experiment.outlook import Outlook
    from standfast.experiment.progress import Progress
    from standfast.experiment.threshold import Crossing

DEFAULT_RUNS = 300
DEFAULT_WITHIN = 0.05
#: places of the first runs over the range, and runs at each
_FIRST, _FIRST_EACH = 5, 2
#: runs before the search may stop: a few lucky ones are no evidence
_LEAST = 24
#: a crossing at least this probably outside the range is not in it
_OUTSIDE = 0.95
#: near zero, "within 5 %" is of this share of the range
_FLOOR = 0.1


@dataclass
class Search:
    """A search for a crossing: asks for runs, hears what came of them, and says when it knows.

    Attributes
    ----------
    axis
        What is varied, over a range.
    level
        Probability whose crossing is wanted.
    within
        Half-width of the interval that is enough, as a share of the value.
    most
        Runs at most.
    posterior
        What is known.
    told
        Value and outcome of every run, in order.
    """

    axis: Axis
    level: float = 0.5
    within: float = DEFAULT_WITHIN
    most: int = DEFAULT_RUNS
    posterior: Posterior = field(init=False)
    told: list[tuple[float, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with nothing known."""
        self.posterior = Posterior(self.axis.low, self.axis.high, self.level)

    def first(self) -> list[float]:
        """Return where to begin: the whole range, coarsely."""
        values = [self.axis.at(share) for share in np.linspace(0, 1, _FIRST)]
        return [float(value) for value in values for _ in range(_FIRST_EACH)]

    def next(self, count: int) -> list[float]:
        """Return where runs tell most."""
        wanted = min(count, self.most - len(self.told))
        return [self.axis.admit(value) for value in self.posterior.choose(wanted)]

    def tell(self, values: Sequence[float], came: Sequence[bool]) -> None:
        """Take in what came of runs."""
        for value, one in zip(values, came, strict=True):
            self.posterior.tell(value, bool(one))
            self.told.append((value, bool(one)))

    def verdict(self, crossing: Crossing) -> str:
        """Return whether it is found, is outside, goes on, or has used up its runs."""
        n = len(self.told)
        if n >= _LEAST and 1 - crossing.inside >= _OUTSIDE:
            return "outside"
        if n >= _LEAST and crossing.inside >= _OUTSIDE and crossing.half <= self.enough(crossing):
            return "found"
        return "goes on" if n < self.most else "used up"

    def enough(self, crossing: Crossing) -> float:
        """Return the half-width at which the search may stop."""
        least = _FLOOR * (self.axis.high - self.axis.low)
        relative = self.within * max(abs(crossing.value), least)
        return max(relative, 0.5) if self.axis.whole and not self.axis.factor else relative


def search(
    state: Search, run: Callable[[list[float]], Sequence[bool]], batch: int
) -> tuple[Crossing, str]:
    """Search until it is known or the runs are used up.

    Parameters
    ----------
    state
        What is searched for.
    run
        Runs at each of some values and tells whether the verdict came.
    batch
        Runs at a time.

    Returns
    -------
    tuple
        What is known, and why it stopped: ``"found"``, ``"outside"`` or ``"used up"``.
    """
    values = state.first()[: state.most]
    while True:
        state.tell(values, run(values))
        crossing = state.posterior.crossing()
        why = state.verdict(crossing)
        if why != "goes on":
            return crossing, why
        values = state.next(batch)


def tip(
    scenario: Scenario | str | Path,
    vary: str,
    runs: int = DEFAULT_RUNS,
    seed: int = 1,
    *,
    place: str | None = None,
    verdict: str | None = None,
    level: float = 0.5,
    within: float = DEFAULT_WITHIN,
    measures: Sequence[str] = (),
    threads: int | None = None,
    progress: bool | None = None,
    store: Path | None = None,
) -> Answer:
    """Find the value at which the probability of a verdict crosses a level.

    Every run is a replicate of its own, all with the people of one seed.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    vary
        What is varied and between which bounds, as `standfast.experiment.vary.read_axis` reads it.
    runs
        At most; 24 to 100,000.
    seed
        Of people, ties and everything drawn.
    place, verdict
        What is asked about; by default total collapse at the place of the reference event.
    level
        Probability, above 0.05 and below 0.95.
    within
        It stops when half the 95 % interval is at most this share of the value.
    measures
        Taken in every run.
    threads, progress, store
        As for `standfast.experiment.execute.execute`.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    _check(runs, level, within)
    for text in measures:
        scenario = read_measure(text, scenario).apply(scenario)
    outlook = look_at(scenario, place, verdict)
    axis = read_axis(vary, scenario, None if outlook.place == WHOLE else outlook.place)
    if axis.listed:
        says = "is given values one by one, and a search needs a range"
        raise ScenarioError(OPTION, [Problem(axis.name, says, "Write PATH=LOW:HIGH.")])
    means = Means(seed, threads, progress=False, store=store)
    state = Search(axis, level, within, runs)
    shown = choose_progress(progress)
    trials = _Trials(scenario, axis, outlook, means, shown, state)
    shown.start(runs, 1)
    try:
        crossing, why = search(state, trials, 2 * (threads or usable_threads()))
    finally:
        shown.stop()
    table = _table(state)
    return build_answer(
        "tip",
        scenario,
        table=table,
        runs=pd.concat(trials.frames, ignore_index=True),
        found={
            "vary": axis.name,
            "paths": list(axis.paths),
            "unit": axis.unit,
            "range": [axis.low, axis.high],
            "place": outlook.place,
            "verdict": outlook.verdict,
            "level": level,
            "within": within,
            "stopped": why,
            "tipping_point": crossing if why != "outside" else None,
            "half_width_share": crossing.half / abs(crossing.value) if crossing.value else None,
        },
        shown=[_shown(scenario, axis, outlook, state, crossing, why, table)],
        seed=seed,
        replicates=len(state.told),
    )


def _check(runs: int, level: float, within: float) -> None:
    if not _LEAST <= runs <= 100_000:
        says = f"runs is {runs}, but lies between {_LEAST} and 100,000"
        raise RunError(says)
    if not 0.05 <= level <= 0.95:
        says = f"level is {level:g}, but lies between 0.05 and 0.95"
        raise RunError(says, "Nearer to 0 or 1 a crossing needs more runs than anybody has.")
    if not 0 < within <= 1:
        says = f"within is {within:g}, but lies above 0 and up to 1"
        raise RunError(says, "Write 0.05 for five per cent.")


class _Trials:
    """Runs at values of the axis, each a replicate of its own."""

    def __init__(
        self,
        scenario: Scenario,
        axis: Axis,
        outlook: Outlook,
        means: Means,
        shown: Progress,
        state: Search,
    ) -> None:
        self.scenario, self.axis, self.outlook = scenario, axis, outlook
        self.means, self.shown, self.state = means, shown, state
        self.frames: list[pd.DataFrame] = []
        self.done = 0
        self._worlds: dict[float, Scenario] = {}

    def __call__(self, values: list[float]) -> Sequence[bool]:
        """Run at each value and tell whether the verdict came."""
        # replicates of one scenario stand together, so that it is compiled once
        order = sorted(range(len(values)), key=lambda k: values[k])
        requests = [
            RunRequest(self._world(values[k]), self.means.seed, self.done + k, repr(values[k]))
            for k in order
        ]
        table = run_requests(requests, self.means).table.sort_values("replicate", kind="stable")
        table = table.assign(value=values)
        self.frames.append(table)
        self.done += len(values)
        self.shown.update(self.done, self.done)
        return [bool(one) for one in self.outlook.came(table)]

    def _world(self, value: float) -> Scenario:
        if value not in self._worlds:
            self._worlds[value] = place_at(self.scenario, [self.axis], [value])
        return self._worlds[value]


def _table(state: Search) -> pd.DataFrame:
    """Return a row for each value: runs, how often the verdict came, and what is now believed."""
    rows = []
    for value in sorted({value for value, _ in state.told}):
        came = np.array([one for v, one in state.told if v == value])
        share = share_of(came)
        rows.append(
            {
                "value": value,
                "runs": came.size,
                "came": int(came.sum()),
                "share": share.value,
                "low": share.low,
                "high": share.high,
                "fitted": state.posterior.chance(value),
            }
        )
    return pd.DataFrame(rows)


def _shown(
    scenario: Scenario,
    axis: Axis,
    outlook: Outlook,
    state: Search,
    crossing: Crossing,
    why: str,
    table: pd.DataFrame,
) -> Shown:
    where = "the whole" if outlook.place == WHOLE else scenario.places[outlook.place].title
    what = f"P({outlook.verdict}) of {where}"
    level = percent(state.level)
    n = len(state.told)
    ends = " and ".join(
        f"{percent(state.posterior.chance(end))} at {axis.show(end)}"
        for end in (axis.low, axis.high)
    )
    if why == "outside":
        title = (
            f"{axis.name} tips nothing between {axis.show(axis.low)} and {axis.show(axis.high)}: "
        )
        title += f"{what} does not cross {level} there; it is {ends}, after {n} runs."
        return Shown(title, (), ())
    title = (
        f"{scenario.title}: {what} crosses {level} at {axis.name} = {axis.show(crossing.value)} "
        f"({axis.show(crossing.low)} to {axis.show(crossing.high)}), after {n} runs."
    )
    direction = "rises" if crossing.rising > 0.5 else "falls"
    sharp = crossing.width / (axis.high - axis.low)
    notes = [
        f"It {direction} with {axis.name}: from a tenth to nine tenths of its way within "
        f"{axis.show(crossing.width)} ({axis.show(crossing.width_low)} to "
        f"{axis.show(crossing.width_high)}), {percent(round(sharp, 3))} of the range searched.",
        f"At the ends it is {ends}.",
    ]
    if abs(crossing.value) < _FLOOR * (axis.high - axis.low):
        notes.append(
            f"The value is small beside the range, so {percent(state.within)} is of a tenth of the "
            "range; search a narrower range to have it of the value."
        )
    if why == "used up":
        share = crossing.half / abs(crossing.value) if crossing.value else np.inf
        notes.append(
            f"All {n} runs are used up: half the interval is {percent(round(share, 3))} of the value, "
            f"not the {percent(state.within)} that was asked. More runs would narrow it."
        )
    return Shown(
        title, ("Value", "Runs", what, "Fitted"), _binned(axis, state, table), tuple(notes)
    )


def _binned(axis: Axis, state: Search, table: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    """Return a dozen rows: the runs at neighbouring values together."""
    edges = np.unique(np.quantile(np.repeat(table["value"], table["runs"]), np.linspace(0, 1, 11)))
    bins = np.clip(np.searchsorted(edges, table["value"], side="right") - 1, 0, edges.size - 2)
    rows: list[tuple[str, ...]] = []
    for _, group in table.groupby(bins):
        runs, came = int(group["runs"].sum()), int(group["came"].sum())
        share = share_of(np.arange(runs) < came)
        low, high = group["value"].min(), group["value"].max()
        middle = float(np.average(group["value"], weights=group["runs"]))
        value = axis.show(low) if low == high else f"{axis.show(low)} to {axis.show(high)}"
        fitted = percent(round(state.posterior.chance(middle), 2))
        rows.append((value, str(runs), chance(share), fitted))
    return tuple(rows)
