"""One run: the state of a replicate, advanced step by step through the schedule."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine import interventions
from standfast.engine.events import Scene, draw_moments, happen, lead_of_attacks
from standfast.engine.news import circulate_requested
from standfast.engine.plugins import check_arguments, schedule_of
from standfast.engine.record import Record
from standfast.engine.schedule import SCALARS, SCHEDULE, Phase, phases_that_act
from standfast.engine.state import build_state
from standfast.errors import RunInterrupted
from standfast.kernels._batch import Batch, Call
from standfast.kernels.draws import run_key
from standfast.kernels.resting import wake_all
from standfast.kernels.tally import tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.engine.compile import Plan
    from standfast.results.recording import Recording

    BoundCall = tuple[str, Any, list[Any], list[tuple[int, str]]]

NIGHT_ENDS, NIGHT_BEGINS = 6.0, 19.0
#: phases that are kernels of the model, and which of them is the pass over agents
KERNELS = [phase for phase in SCHEDULE if phase.kernel is not None]
PASS = next(k for k, phase in enumerate(KERNELS) if phase.name == "agents")
#: whether they are compiled code, and not plain Python as when numba is told not to compile
ALL_COMPILED = all(hasattr(phase.kernel, "py_func") for phase in KERNELS)
#: plan arrays that interventions may change, copied for each run
CHANGED_BY_INTERVENTIONS = (
    "behaviour",
    "commitment",
    "legitimacy",
    "company_skill",
    "company_trust_start",
    "battalion_quality",
    "paper_factor",
)


class Run:
    """A run in progress.

    Parameters
    ----------
    plan
        The compiled scenario.
    replicate
        Which replicate; with the seed it makes the run's key.
    in_one_go
        Whether the kernels of a step are called in one go, where they are compiled and all are the model's;
        otherwise Python calls one after the other.
    """

    def __init__(self, plan: Plan, replicate: int, *, in_one_go: bool = True) -> None:
        self.plan = plan
        self.replicate = replicate
        first, second = run_key(np.uint64(plan.seed), replicate)
        self.key = (int(first), int(second))
        self.arrays: dict[str, Any] = dict(plan.arrays)
        for name in CHANGED_BY_INTERVENTIONS:
            self.arrays[name] = plan.arrays[name].copy()
        self.arrays |= build_state(plan, self.key)
        self.arrays["slot_next"] = np.zeros(1, dtype=np.int64)
        self.scene = Scene(plan, self.arrays, self.key)
        self.moments = draw_moments(plan, self.key)
        self.attacks = lead_of_attacks(plan, self.moments)
        self.measures = interventions.spans(plan)
        self.next_moment = 0
        self.step = 0
        self.agent_steps = 0
        settings = plan.scenario.time
        self.dt = settings.step
        self._clock_at_start = settings.start.hour + settings.start.minute / 60
        self.scalars: dict[str, Any] = {
            "step": 0,
            "hour": 0.0,
            "night": False,
            "key0": np.uint32(self.key[0]),
            "key1": np.uint32(self.key[1]),
            "max_columns": plan.scenario.adversary.columns,
        }
        schedule = schedule_of(plan.scenario)
        #: phases that are called in a step
        self.acting = phases_that_act(schedule, plan.on)
        #: mechanisms of one's own may write to anybody
        self.has_own = any(phase.own for phase in schedule)
        self._calls: list[BoundCall] | None = None
        self._batch: Batch | None = None
        if in_one_go and ALL_COMPILED and not self.has_own:
            self._batch = self._bind_all()
        else:
            self.calls = [self._bind(phase) for phase in self.acting]
        self._tally()

    @property
    def calls(self) -> list[BoundCall]:
        """What is called in a step: name, kernel, arguments, positions of what changes from step to step.

        A run that is asked for them, or given others, calls one after the other from Python.
        """
        if self._calls is not None:
            return self._calls
        self.calls = bound = [self._bind(phase) for phase in self.acting]
        return bound

    @calls.setter
    def calls(self, calls: list[BoundCall]) -> None:
        self._calls, self._batch = calls, None

    def _bind_all(self) -> Batch:
        acting = {phase.name for phase in self.acting}
        calls = [Call(p.kernel, p.arguments, p.name in acting) for p in KERNELS]
        return Batch(calls, self.arrays, {name: self.scalars[name] for name in SCALARS})

    def _bind(self, phase: Phase) -> BoundCall:
        if phase.own:
            check_arguments(phase, [*self.arrays, *SCALARS])
        values: list[Any] = []
        varying = []
        for position, name in enumerate(phase.arguments):
            if name in SCALARS:
                values.append(None)
                varying.append((position, name))
            else:
                own = f"{phase.own}.{name}"
                value = self.arrays[own if own in self.arrays else name]
                # as a plain record array a compiled kernel is handed it in a tenth of the time
                plain = isinstance(value, np.recarray) and hasattr(phase.kernel, "py_func")
                values.append(value.view(np.ndarray) if plain else value)
        return phase.name, phase.kernel, values, varying

    def _tally(self) -> None:
        names = next(p.arguments for p in SCHEDULE if p.name == "tally")
        tally(*(self.arrays[name] for name in names))

    def advance(self) -> None:
        """Advance by one step, through the schedule."""
        hour = self.step * self.dt
        clock = (self._clock_at_start + hour) % 24
        scene, scalars = self.scene, self.scalars
        scene.step, scene.hour = self.step, hour
        scalars["step"], scalars["hour"] = self.step, hour
        scalars["night"] = clock < NIGHT_ENDS or clock >= NIGHT_BEGINS
        if self._events(hour) or self.has_own:
            wake_all(self.arrays["company_rest"])
        if self._batch is not None:
            self._batch.call(scalars)
            self.agent_steps += self._batch.returned(PASS)
        else:
            self._call_one_by_one()
        circulate_requested(self.arrays, self.step, self.key)
        self.arrays["battalion_told"].fill(False)  # noqa: FBT003 - what it is filled with
        self.step += 1

    def _call_one_by_one(self) -> None:
        for name, kernel, values, varying in self.calls:
            for position, scalar in varying:
                values[position] = self.scalars[scalar]
            done = kernel(*values)
            if name == "agents":
                self.agent_steps += done

    def _events(self, hour: float) -> bool:
        """Let events happen and measures begin and end; return whether any did."""
        arrays, until = self.arrays, hour + self.dt
        arrays["leak"].fill(0.0)
        arrays["threatened"].fill(0.0)
        for place, at, lead in self.attacks:
            if hour < at <= hour + lead:
                share = 1.0 - (at - hour) / lead
                arrays["threatened"][place] = max(arrays["threatened"][place], share)
        acted = False
        while self.next_moment < len(self.moments) and self.moments[self.next_moment].hour < until:
            happen(self.scene, self.moments[self.next_moment])
            self.next_moment += 1
            acted = True
        for start, end, index in self.measures:
            measure = self.plan.scenario.interventions[index]
            if hour <= start < until:
                interventions.begin(self.scene, measure)
                acted = True
            if hour <= end < until:
                interventions.end(self.scene, measure)
                acted = True
        return acted


def run_replicate(
    plan: Plan,
    replicate: int,
    *,
    should_stop: Callable[[], bool] | None = None,
    on_step: Callable[[int], None] | None = None,
    on_record: Callable[[int, dict[str, Any]], None] | None = None,
    on_end: Callable[[dict[str, Any]], None] | None = None,
) -> Recording:
    """Run one replicate from hour 0 to the horizon.

    Parameters
    ----------
    plan
        The compiled scenario.
    replicate
        Its number; same seed and number, same bytes, whatever else runs.
    should_stop
        Asked at every step; the run ends with `RunInterrupted` when it says so.
    on_step
        Told the number of steps done.
    on_record
        Shown the row and the arrays of the state at every hour that is recorded, the first included;
        it must not write to them.
    on_end
        Shown the arrays of the state at the horizon, which a recording only counts.

    Returns
    -------
    Recording
        Counts, readings and log by hour.
    """
    began = time.perf_counter()
    run = Run(plan, replicate)
    record = Record(plan)
    seen = on_record or (lambda _row, _arrays: None)
    record.write(0, run.arrays)
    seen(0, run.arrays)
    for step in range(1, plan.n_step + 1):
        if should_stop is not None and should_stop():
            raise RunInterrupted
        run.advance()
        if step % plan.record_every == 0:
            record.write(step // plan.record_every, run.arrays)
            seen(step // plan.record_every, run.arrays)
        if on_step is not None:
            on_step(step)
    if on_end is not None:
        on_end(run.arrays)
    return record.finish(replicate, run.arrays, time.perf_counter() - began, run.agent_steps)
