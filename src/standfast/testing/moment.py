"""What an invariant looks at: the state of a run at a moment of a step, and before the step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.scenario.vocabulary import STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from standfast.engine.compile import Plan

    Arrays = dict[str, NDArray[Any]]

#: when an invariant is looked at: before anybody draws, after sums are made, after the step
BEFORE_DRAWS, AFTER_SUMS, AFTER_STEP = "before agents", "after tally", "after step"

CODE = {name: code for code, name in enumerate(STATUS)}
#: larger than everything else, and checked by what they come from
_NOT_REMEMBERED = ("log_lines", "news_weight")


@dataclass(frozen=True)
class Moment:
    """A run at a moment of a step.

    Attributes
    ----------
    plan
        What is run.
    now
        Arrays of the plan and the state by name.
    past
        Copies of those of the state, as they were before the step.
    step, hour
        The step, and the hour at which it began.
    """

    plan: Plan
    now: Arrays
    past: Arrays
    step: int
    hour: float

    @property
    def behaviour(self) -> np.void:
        """The parameter record."""
        record: np.void = self.now["behaviour"][0]
        return record

    @property
    def on_duty(self) -> NDArray[np.bool_]:
        """Whether each agent is on duty."""
        is_so: NDArray[np.bool_] = self.now["agent_status"] == CODE["duty"]
        return is_so

    @property
    def company(self) -> NDArray[np.int32]:
        """Company of each agent."""
        people = self.plan.people
        return people.squad_company[people.squad]


@dataclass(frozen=True)
class Invariant:
    """Something that must hold in every run.

    Parameters
    ----------
    says
        The invariant, as a sentence without a full stop.
    when
        At which moment of a step it holds.
    violations
        Yields a sentence for each violation.
    """

    says: str
    when: str
    violations: Callable[[Moment], Iterator[str]]

    @classmethod
    def of(cls, check: Callable[[Moment], Iterator[str]], when: str) -> Invariant:
        """Make an invariant of a function whose docstring begins with "Check that"."""
        says = (check.__doc__ or "").partition("\n")[0].removeprefix("Check that ").rstrip(".")
        return cls(says[:1].upper() + says[1:], when, check)


def remember(arrays: Arrays) -> Arrays:
    """Return copies of the arrays that a run writes to."""
    return {
        name: array.copy()
        for name, array in arrays.items()
        if array.flags.writeable and name not in _NOT_REMEMBERED
    }


def where(wrong: NDArray[Any]) -> str:
    """Return the first few indices at which something is wrong.

    Examples
    --------
    >>> where(np.array([False, True, True]))
    'at 1, 2'
    """
    found = np.argwhere(wrong)
    shown = ", ".join(str(tuple(x.tolist()) if x.size > 1 else int(x[0])) for x in found[:5])
    return f"at {shown}" + (f" and {len(found) - 5} more" if len(found) > 5 else "")
