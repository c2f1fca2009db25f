"""Differences between worlds that share their random numbers: how large, how sure, how cheap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A number with its interval; NaN bounds where one run allows none.

    Attributes
    ----------
    value, low, high
        Estimate and confidence bounds.
    """

    value: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def mean_change(base: Floats, other: Floats, level: float = LEVEL) -> Estimate:
    """Return the mean of other - base over pairs, with Student's interval of the differences.

    Parameters
    ----------
    base, other : (n_pair,) float64
        The same replicates in the same order; pairs with NaN are left out.
    level
        Of confidence.

    Examples
    --------
    >>> change = mean_change(np.array([1.0, 5.0, 9.0]), np.array([2.0, 6.1, 9.9]))
    >>> round(change.value, 2), change.excludes_zero
    (1.0, True)
    """
    return mean_of(other - base, level)


def mean_of(values: Floats, level: float = LEVEL) -> Estimate:
    """Return the mean of values with Student's interval; NaN is left out."""
    known = values[~np.isnan(values)]
    if known.size == 0:
        return Estimate(np.nan, np.nan, np.nan)
    mean = float(known.mean())
    if known.size == 1:
        return Estimate(mean, np.nan, np.nan)
    error = float(known.std(ddof=1) / np.sqrt(known.size))
    wide = float(stats.t.ppf(0.5 + level / 2, known.size - 1)) * error
    return Estimate(mean, mean - wide, mean + wide)


def share_change(base: Flags, other: Flags, level: float = LEVEL) -> Estimate:
    """Return the change of a probability between paired worlds, with its interval.

    Interval of Bonett and Price (2012), the adjusted Wald interval for paired proportions: it has
    a width also where every pair agrees, and keeps its level with few pairs.

    Parameters
    ----------
    base, other : (n_pair,) bool
        Whether it came, in the same replicates in the same order.

    Examples
    --------
    >>> held = share_change(np.zeros(20, bool), np.ones(20, bool))
    >>> held.value, round(held.low, 2)
    (1.0, 0.74)
    """
    n = base.size
    gained, lost = int((other & ~base).sum()), int((base & ~other).sum())
    p_gained, p_lost = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    middle = p_gained - p_lost
    error = float(np.sqrt((p_gained + p_lost - middle**2) / (n + 2)))
    wide = float(stats.norm.ppf(0.5 + level / 2)) * error
    value = (gained - lost) / n
    return Estimate(
        value, max(-1.0, min(value, middle - wide)), min(1.0, max(value, middle + wide))
    )


def share_of(flags: Flags, level: float = LEVEL) -> Estimate:
    """Return a share with its Wilson interval.

    Examples
    --------
    >>> some = share_of(np.array([True] * 9 + [False]))
    >>> some.value, round(some.low, 2), round(some.high, 2)
    (0.9, 0.6, 0.98)
    """
    n = flags.size
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan)
    found = stats.binomtest(int(flags.sum()), n).proportion_ci(level, method="wilson")
    return Estimate(float(flags.mean()), float(found.low), float(found.high))


def fewer_runs(base: Floats, other: Floats) -> float | None:
    """Return how many times more runs two independent ensembles would need for the same interval.

    The variance of a difference of means is (V(a) + V(b)) / n unpaired and V(b - a) / n paired, so
    the ratio of runs is (V(a) + V(b)) / V(b - a); 1 where pairing gains nothing, below 1 where it
    harms. None where it cannot be told: fewer than three pairs, or no spread at all. Infinite
    where every pair differs by the same while the worlds vary.

    Examples
    --------
    >>> fewer_runs(np.array([1.0, 5.0, 9.0]), np.array([2.0, 6.5, 9.5]))
    121.0
    """
    known = ~(np.isnan(base) | np.isnan(other))
    a, b = base[known], other[known]
    if a.size < 3:
        return None
    apart = float(a.var(ddof=1) + b.var(ddof=1))
    paired = float((b - a).var(ddof=1))
    scale = 1e-12 * max(1.0, float(np.abs(a).max()), float(np.abs(b).max())) ** 2
    if apart <= scale:
        return None
    return apart / paired if paired > scale else np.inf
