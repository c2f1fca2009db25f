"""What a fact is: a statement with a window, and how it is measured on ensembles.

A fact may have several parts, such as an hour and a share; it holds when every part lies in its window.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from standfast.experiment.paired import Estimate, share_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from standfast.validation.ensemble import Ensemble

    Worlds = Mapping[str, Ensemble]

HOLDS, FAILS, UNKNOWN = "yes", "no", "cannot be measured"
_LEVEL = 0.95


class CannotMeasureError(Exception):
    """A scenario lacks what a fact is about; the message says what."""


@dataclass(frozen=True)
class Part:
    """One number of a fact, with its interval and the window in which it should lie.

    Attributes
    ----------
    says
        What is measured.
    found
        Estimate with its 95 % interval; NaN where it could not be measured.
    least, most
        Bounds of the window, themselves inside.
    unit
        Of the number.
    """

    says: str
    found: Estimate
    least: float = -inf
    most: float = inf
    unit: str = "1"

    @property
    def holds(self) -> bool | None:
        """Whether the estimate lies in the window; None where it is not known."""
        return None if isnan(self.found.value) else self.least <= self.found.value <= self.most

    @property
    def sure(self) -> bool:
        """Whether the interval lies on the same side of the window's bounds as the estimate."""
        low, high = self.found.low, self.found.high
        if self.holds:
            return self.least <= low and high <= self.most
        return high < self.least or low > self.most

    @property
    def window(self) -> str:
        """The window in words.

        Examples
        --------
        >>> Part("", Estimate(1, 1, 1), 0.5, 2).window, Part("", Estimate(1, 1, 1), least=10).window
        ('0.5 to 2', 'at least 10')
        """
        if self.least == -inf and self.most == inf:
            return "any"
        if self.least == -inf:
            return f"at most {self.most:g}"
        if self.most == inf:
            return f"at least {self.least:g}"
        return f"{self.least:g} to {self.most:g}"


@dataclass(frozen=True)
class Fact:
    """A statement about the world, and how it is measured.

    Attributes
    ----------
    id
        ``S01`` to ``S14`` from the source article, ``L01`` to ``L10`` from the literature.
    says
        The statement.
    window
        The window as the mission states it, in words.
    needs
        Worlds it is measured on, by name in `standfast.validation.worlds.WORLDS`.
    measure
        Makes its parts from ensembles of these worlds.
    """

    id: str
    says: str
    window: str
    needs: tuple[str, ...]
    measure: Callable[[Worlds], list[Part]]


@dataclass(frozen=True)
class Finding:
    """What became of a fact.

    Attributes
    ----------
    fact
        Which.
    parts
        What was measured; empty where nothing could be.
    why
        Why it could not be measured, else empty.
    """

    fact: Fact
    parts: tuple[Part, ...] = ()
    why: str = ""

    @property
    def holds(self) -> str:
        """`HOLDS`, `FAILS` or `UNKNOWN`."""
        each = [part.holds for part in self.parts]
        if False in each:
            return FAILS
        return HOLDS if each and None not in each else UNKNOWN

    @property
    def sure(self) -> bool:
        """Whether no interval reaches over a bound that would change the answer."""
        if self.holds == FAILS:
            return any(part.sure for part in self.parts if part.holds is False)
        return all(part.sure for part in self.parts)


def find(fact: Fact, worlds: Worlds, missing: Mapping[str, str]) -> Finding:
    """Measure a fact.

    Parameters
    ----------
    fact
        What to measure.
    worlds
        Ensembles by name of their world.
    missing
        Why there is no ensemble, by name of a world.
    """
    for name in fact.needs:
        if name in missing:
            return Finding(fact, why=missing[name])
    try:
        return Finding(fact, tuple(fact.measure(worlds)))
    except CannotMeasureError as reason:
        return Finding(fact, why=str(reason))


def median_of(values: npt.ArrayLike, level: float = _LEVEL) -> Estimate:
    """Return the median over replicates with its interval from order statistics.

    The interval needs no law of the values (David and Nagaraja 2003, 7.1), and values may be infinite:
    what never came is later than all others. With so few values that no two of them enclose the median
    at the level, it is their range. NaN is left out.

    Examples
    --------
    >>> median_of([3.0, 1.0, 2.0, float("inf"), float("nan")])
    Estimate(value=2.5, low=1.0, high=inf)
    """
    known = np.sort(np.asarray(values, dtype=float))
    known = known[~np.isnan(known)]
    n = known.size
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan)
    below = int(stats.binom.ppf((1 - level) / 2, n, 0.5))
    first = max(0, below - 1)
    lower, upper = known[(n - 1) // 2], known[n // 2]
    middle = lower if lower == upper else (lower + upper) / 2
    return Estimate(float(middle), float(known[first]), float(known[n - 1 - first]))


def chance_of(flags: Sequence[bool] | npt.ArrayLike) -> Estimate:
    """Return the share of replicates in which something came, with its Wilson interval."""
    return share_of(np.asarray(flags, dtype=bool))


def ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return quotients, NaN where the divisor is not positive."""
    above, below = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    unknown = np.full(np.broadcast(above, below).shape, np.nan)
    quotient: npt.NDArray[np.float64] = np.divide(above, below, out=unknown, where=below > 0)
    return quotient
