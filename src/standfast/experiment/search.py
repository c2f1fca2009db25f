"""A search for a crossing: which runs to ask for, and when enough is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from standfast.experiment.threshold import Posterior

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from standfast.experiment.axes import Axis
    from standfast.experiment.threshold import Crossing

DEFAULT_RUNS = 300
DEFAULT_WITHIN = 0.05
#: places of the first runs over the range, and runs at each
_FIRST, _FIRST_EACH = 5, 2
#: runs before the search may stop: a few lucky ones are no evidence
LEAST = 24
#: a crossing at least this probably outside the range is not in it
_OUTSIDE = 0.95
#: near zero, "within 5 %" is of this share of the range
FLOOR = 0.1


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
        if n >= LEAST and 1 - crossing.inside >= _OUTSIDE:
            return "outside"
        if n >= LEAST and crossing.inside >= _OUTSIDE and crossing.half <= self.enough(crossing):
            return "found"
        return "goes on" if n < self.most else "used up"

    def enough(self, crossing: Crossing) -> float:
        """Return the half-width at which the search may stop."""
        least = FLOOR * (self.axis.high - self.axis.low)
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
