r"""Where a probability crosses a level, from yes-or-no runs placed where they tell most.

The chance of the verdict at a value x of what is varied is

.. math:: p(x) = a + (1 - a - b)\, \sigma\bigl(\pm (x - m) / s\bigr),

with floor a and ceiling 1 - b that need not be 0 and 1. The posterior over the crossing x* (where
p = level), the width s, the floor, the ceiling and the direction is kept on a grid; the next run is
placed where it is expected to lower the entropy of the crossing most. This is the psi method of
psychophysics (Kontsevich and Tyler 1999) with the crossing as the parameter of interest (Prins
2013). It needs no derivative, and unlike bisection it forgives a run that goes the unlikely way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: shares of runs that go the other way however far x is from the crossing
_LAPSES = (0.0, 0.06, 0.25)
_N_CROSSING, _N_WIDTH, _N_PLACE = 101, 13, 17
#: how far beyond the range, in ranges, the crossing may lie
_BEYOND = 1.0
_TINY = 1e-9
#: no run is held for less likely than this
_SURPRISE = 1e-3
#: a direction less probable than this is given up
_NO_WAY = 1e-4
#: the grid is drawn anew around what is still likely when that fills less than this of it
_REFINE = 0.3
#: width of a logistic of scale 1 from a tenth to nine tenths of its rise: 2 log 9
_RISE = 4.394449154672439


@dataclass(frozen=True)
class Crossing:
    """What is known of the crossing.

    Attributes
    ----------
    value, low, high
        Median of the posterior and the bounds of its central 95 %.
    width, width_low, width_high
        Distance over which the probability goes from a tenth to nine tenths of its rise.
    rising
        Probability that it rises with the value.
    inside
        Probability that the crossing lies in the range.
    runs
        How many runs stand behind it.
    """

    value: float
    low: float
    high: float
    width: float
    width_low: float
    width_high: float
    rising: float
    inside: float
    runs: int

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


class Posterior:
    """The posterior of a crossing, and where to look next.

    Parameters
    ----------
    low, high
        Range in which runs may be placed.
    level
        Probability whose crossing is wanted, in (0, 1).

    Examples
    --------
    >>> posterior = Posterior(0.0, 1.0)
    >>> for x in np.linspace(0, 1, 40):
    ...     posterior.tell(float(x), x > 0.6)
    >>> 0.5 < posterior.crossing().value < 0.7
    True
    """

    def __init__(self, low: float, high: float, level: float = 0.5) -> None:
        self.low, self.high, self.level = low, high, level
        self._told: dict[float, list[float]] = {}
        self._log: Floats = np.zeros(0)
        self._signs: tuple[int, ...] = (1, -1)
        span = high - low
        self._draw_grid(
            np.linspace(low - _BEYOND * span, high + _BEYOND * span, 2 * _N_CROSSING),
            np.geomspace(span / 400, span, _N_WIDTH),
        )

    @property
    def runs(self) -> int:
        """How many runs it has been told of."""
        return round(sum(sum(counts) for counts in self._told.values()))

    def tell(self, x: float, came: bool) -> None:  # noqa: FBT001  an observation
        """Take in one run."""
        counts = self._told.setdefault(x, [0.0, 0.0])
        counts[int(came)] += 1.0
        self._log += self._log_chance(x)[int(came)]

    def crossing(self) -> Crossing:
        """Return what is known."""
        self._refine()
        weight = self._weight()
        over_crossing = weight.sum(axis=(1, 2, 3))
        over_width = weight.sum(axis=(0, 2, 3))
        low, value, high = _quantiles(self._crossings, over_crossing)
        width_low, width, width_high = _quantiles(self._widths * _RISE, over_width)
        within = (self._crossings >= self.low) & (self._crossings <= self.high)
        return Crossing(
            value, low, high, width, width_low, width_high,
            self._rising(weight), float(over_crossing[within].sum()), self.runs,
        )  # fmt: skip

    def choose(self, count: int) -> list[float]:
        """Return where the next runs tell most, several at once.

        Each choice is followed by what its run is expected to teach, so that the choices differ.
        """
        self._refine()
        kept = self._log.copy()
        chosen = []
        for _ in range(count):
            x = self._best()
            chosen.append(x)
            no, yes = self._log_chance(x)
            expected = float((self._weight() * np.exp(yes)).sum())
            self._log += (1 - expected) * no + expected * yes
        self._log = kept
        return chosen

    def chance(self, x: float) -> float:
        """Return the probability of the verdict at a value, over all that is still possible."""
        return float((self._weight() * self._chance(x)).sum())

    def _best(self) -> float:
        """Return the place whose run lowers the expected entropy of the crossing most."""
        weight = self._weight()
        places = self._places()
        entropies = []
        for x in places:
            yes = self._chance(x)
            p_yes = float((weight * yes).sum())
            after_yes = (weight * yes).sum(axis=(1, 2, 3)) / max(p_yes, _TINY)
            after_no = (weight * (1 - yes)).sum(axis=(1, 2, 3)) / max(1 - p_yes, _TINY)
            entropies.append(p_yes * _entropy(after_yes) + (1 - p_yes) * _entropy(after_no))
        return float(places[int(np.argmin(entropies))])

    def _places(self) -> Floats:
        """Return where runs may be placed: the range, and more densely where the crossing may be."""
        weight = self._weight().sum(axis=(1, 2, 3))
        low, _, high = _quantiles(self._crossings, weight, 0.99)
        spread = high - low
        near = np.linspace(low - spread, high + spread, _N_PLACE)
        both = np.concatenate([near, np.linspace(self.low, self.high, 5)])
        return np.unique(np.clip(both, self.low, self.high))

    def _weight(self) -> Floats:
        weight = np.exp(self._log - self._log.max())
        found: Floats = weight / weight.sum()
        return found

    def _rising(self, weight: Floats) -> float:
        if len(self._signs) == 1:
            return float(self._signs[0] == 1)
        return float(weight[..., 0].sum())

    def _draw_grid(self, crossings: Floats, widths: Floats) -> None:
        """Lay the grid and take in again all that was told."""
        self._crossings, self._widths = crossings, widths
        pairs = [(a, b) for a in _LAPSES for b in _LAPSES if a < self.level - 0.02]
        self._lapses = np.array([(a, b) for a, b in pairs if self.level + 0.02 < 1 - b])
        shape = (crossings.size, widths.size, len(self._lapses), len(self._signs))
        # large lapses are possible but not likely
        prior = np.exp(-6.0 * self._lapses.sum(axis=1))
        self._log = np.broadcast_to(np.log(prior)[None, None, :, None], shape).copy()
        for x, (no, yes) in self._told.items():
            log_no, log_yes = self._log_chance(x)
            self._log += no * log_no + yes * log_yes

    def _chance(self, x: float) -> Floats:
        """Return the chance of yes at x, over the grid."""
        a, b = self._lapses[:, 0], self._lapses[:, 1]
        share = (self.level - a) / (1 - a - b)
        offset = np.log(share / (1 - share))
        distance = (x - self._crossings)[:, None, None] / self._widths[None, :, None]
        np.clip(distance, -40, 40, out=distance)
        p = np.empty((*distance.shape[:2], a.size, len(self._signs)))
        for k, sign in enumerate(self._signs):
            p[..., k] = a + (1 - a - b) / (1 + np.exp(-sign * distance - offset))
        return np.clip(p, _SURPRISE, 1 - _SURPRISE, out=p)

    def _log_chance(self, x: float) -> tuple[Floats, Floats]:
        """Return the log of the chance of no and of yes at x, over the grid."""
        p = self._chance(x)
        return np.log(1 - p), np.log(p)

    def _refine(self) -> None:
        """Draw the grid anew where the posterior fills little of it."""
        weight = self._weight()
        step = self._crossings[1] - self._crossings[0]
        low, _, high = _quantiles(self._crossings, weight.sum(axis=(1, 2, 3)), 0.9999)
        if high - low > _REFINE * (self._crossings[-1] - self._crossings[0]):
            return
        rising = self._rising(weight)
        if rising > 1 - _NO_WAY or rising < _NO_WAY:
            self._signs = (1,) if rising > 0.5 else (-1,)
        pad = max(high - low, 4 * step) / 2
        narrow, _, wide = _quantiles(self._widths, weight.sum(axis=(0, 2, 3)), 0.9999)
        bounds = (self.high - self.low) / 4000, (self.high - self.low)
        widths = np.geomspace(max(narrow / 2, bounds[0]), min(wide * 2, bounds[1]), _N_WIDTH)
        self._draw_grid(np.linspace(low - pad, high + pad, _N_CROSSING), widths)


def _quantiles(values: Floats, weight: Floats, level: float = 0.95) -> tuple[float, float, float]:
    """Return the bounds of the central part of a distribution on a grid, and its median."""
    total = np.cumsum(weight) - weight / 2
    low, middle, high = np.interp(
        [(1 - level) / 2, 0.5, (1 + level) / 2], total / weight.sum(), values
    )
    return float(low), float(middle), float(high)


def _entropy(weight: Floats) -> float:
    return float(-(weight * np.log(weight + 1e-300)).sum())
