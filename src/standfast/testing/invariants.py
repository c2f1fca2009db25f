"""What must hold at every step of every run, and a run that checks it while it advances.

Each invariant compares the state with itself or with that of a step before, and yields a sentence
for each violation. Some hold only at a certain moment of a step: chances before anybody draws, sums
by place right after they were made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.engine.run import Run
from standfast.testing.conservation import CONSERVATION
from standfast.testing.moment import AFTER_STEP, AFTER_SUMS, BEFORE_DRAWS, Moment, remember
from standfast.testing.ranges import RANGES
from standfast.testing.sums import SUMS_AND_MEANS
from standfast.testing.transitions import N_STATUS, count_transitions

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from standfast.engine.compile import Plan
    from standfast.testing.moment import Arrays, Invariant

#: every invariant, by name
INVARIANTS: dict[str, Invariant] = CONSERVATION | RANGES | SUMS_AND_MEANS


class InvariantError(AssertionError):
    """Something that must always hold did not."""


def check_invariants(moment: Moment, when: str = AFTER_STEP) -> tuple[str, ...]:
    """Return every violation at a moment of a step, each with the name of its invariant.

    Parameters
    ----------
    moment
        The state now and before the step.
    when
        Which moment of the step it is.
    """
    return tuple(
        f"{name}: {problem}"
        for name, invariant in INVARIANTS.items()
        if invariant.when == when
        for problem in invariant.violations(moment)
    )


class WatchedRun(Run):
    """A run that checks every invariant at every step, and counts the changes of status.

    It reads only: the run is the same to the byte as one that nobody watches.

    Attributes
    ----------
    transitions : (n_status, n_status) int64
        How often a status changed into another, so far.

    Raises
    ------
    InvariantError
        By `advance`, with every violation of the step.

    Examples
    --------
    >>> from standfast.engine.compile import compile_plan
    >>> from standfast.testing.proving_ground import proving_ground
    >>> run = WatchedRun(compile_plan(proving_ground(), 1), 0)
    >>> run.advance()
    >>> int(run.transitions.sum())
    3200
    """

    def __init__(self, plan: Plan, replicate: int) -> None:
        super().__init__(plan, replicate)
        self.transitions: NDArray[np.int64] = np.zeros((N_STATUS, N_STATUS), dtype=np.int64)
        self.past: Arrays = {}
        self.calls = [
            (name, self._watched(name, kernel), values, varying)
            for name, kernel, values, varying in self.calls
        ]

    def advance(self) -> None:
        """Advance by one step, and check that nothing impossible happened in it."""
        self.past = remember(self.arrays)
        step = self.step
        super().advance()
        self.look(AFTER_STEP, step)
        self.transitions += count_transitions(
            self.past["agent_status"], self.arrays["agent_status"]
        )

    def look(self, when: str, step: int) -> None:
        """Check the invariants that hold at a moment of a step."""
        hour = step * self.plan.scenario.time.step
        problems = check_invariants(Moment(self.plan, self.arrays, self.past, step, hour), when)
        if problems:
            says = f"step {step}, {when}:\n  " + "\n  ".join(problems)
            raise InvariantError(says)

    def _watched(self, name: str, kernel: Callable[..., object]) -> Callable[..., object]:
        before, after = f"before {name}", f"after {name}"

        def call(*values: object) -> object:
            if before == BEFORE_DRAWS:
                self.look(before, self.step)
            done = kernel(*values)
            if after == AFTER_SUMS:
                self.look(after, self.step)
            return done

        return call


def watch(plan: Plan, replicate: int, steps: int | None = None) -> WatchedRun:
    """Run a replicate under watch.

    Parameters
    ----------
    plan
        What to run.
    replicate
        Which replicate.
    steps
        How many steps; by default to the horizon.
    """
    run = WatchedRun(plan, replicate)
    for _ in range(plan.n_step if steps is None else min(steps, plan.n_step)):
        run.advance()
    return run
