"""Where it tips: the value at which a verdict becomes likelier than a level, and how sharply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.engine.machine import usable_threads
from standfast.errors import Problem, RunError, ScenarioError
from standfast.experiment.answer import build_answer
from standfast.experiment.axes import Axis, place_at
from standfast.experiment.hysteresis import find_gap, sweep_there_and_back
from standfast.experiment.keys import RunRequest
from standfast.experiment.measures import take_measures
from standfast.experiment.outlook import WHOLE, look_at
from standfast.experiment.progress import choose_progress
from standfast.experiment.search import DEFAULT_RUNS, DEFAULT_WITHIN, LEAST, Search, search
from standfast.experiment.tipping_shown import build_table, show_sweep, show_tipping, show_twin
from standfast.experiment.trials import Means, run_requests
from standfast.experiment.vary import OPTION, read_axis
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario
from standfast.scenario.plugins import refuse_plugins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.experiment.outlook import Outlook
    from standfast.experiment.progress import Progress

DEFAULT_LEVEL = 0.5
#: values of the sweep there and back
_N_SWEEP = 9


def tip(
    scenario: Scenario | str | Path,
    vary: str,
    runs: int = DEFAULT_RUNS,
    seed: int = 1,
    *,
    place: str | None = None,
    verdict: str | None = None,
    level: float = DEFAULT_LEVEL,
    within: float = DEFAULT_WITHIN,
    measures: Sequence[str] = (),
    mean_field: bool = True,
    hysteresis: bool = False,
    hold_h: float = 240.0,
    threads: int | None = None,
    progress: bool | Progress | None = None,
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
    mean_field
        Whether the value at which the mean-field twin tips is found as well.
    hysteresis
        Whether the value is also swept there and back within runs.
    hold_h
        Hours for which each value of that sweep is held.
    threads, store
        As for `standfast.experiment.execute.execute`.
    progress
        As for `standfast.experiment.ensemble.run_ensemble`.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    _check(runs, level, within)
    scenario = take_measures(measures, scenario)
    if mean_field:
        refuse_plugins(scenario, "the mean-field twin")
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
    table = build_table(state)
    shown_parts = [show_tipping(scenario, axis, outlook, state, crossing, why, table)]
    found: dict[str, Any] = {
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
    }
    tables = {}
    if mean_field:
        # loads the twin, which takes longer than a short search
        from standfast.experiment.twin_tipping import find_twin_tipping  # noqa: PLC0415

        twin = find_twin_tipping(scenario, axis, outlook)
        found["mean_field"] = twin
        shown_parts.append(show_twin(axis, twin))
    if hysteresis:
        rising = crossing.rising > 0.5
        values = [axis.admit(v) for v in np.linspace(axis.low, axis.high, _N_SWEEP)]
        sweep = sweep_there_and_back(
            scenario, axis, outlook, values if rising else values[::-1],
            hold_h=hold_h, seed=seed, threads=threads or usable_threads(),
        )  # fmt: skip
        tables["hysteresis"] = sweep
        found["hysteresis"] = find_gap(sweep)
        shown_parts.append(show_sweep(axis, sweep, found["hysteresis"], hold_h))
    return build_answer(
        "tip",
        scenario,
        table=table,
        runs=pd.concat(trials.frames, ignore_index=True),
        found=found,
        shown=shown_parts,
        seed=seed,
        replicates=len(state.told),
        tables=tables,
    )


def _check(runs: int, level: float, within: float) -> None:
    if not LEAST <= runs <= 100_000:
        says = f"runs is {runs}, but lies between {LEAST} and 100,000"
        raise RunError(says)
    check_level(level)
    if not 0 < within <= 1:
        says = f"within is {within:g}, but lies above 0 and up to 1"
        raise RunError(says, "Write 0.05 for five per cent.")


def check_level(level: float) -> None:
    """Refuse a probability whose crossing cannot be found.

    Raises
    ------
    RunError
        When it is near to 0 or 1, or no probability at all.
    """
    if not 0.05 <= level <= 0.95:
        says = f"level is {level:g}, but lies between 0.05 and 0.95"
        raise RunError(says, "Nearer to 0 or 1 a crossing needs more runs than anybody has.")


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
