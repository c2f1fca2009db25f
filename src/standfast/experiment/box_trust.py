"""How far a box may be trusted: found again in other samples, dense where it was not fitted, no chance.

Three questions, each answered by finding boxes anew:

- Would another sample give the same one? Points are drawn again with replacement, and the whole
  search is repeated (Bryant and Lempert 2010 draw halves without).
- Is it as dense where it was not fitted? Boxes of those samples are judged on the points left out.
- Could it be luck? Outcomes are shuffled over the points, and the search is repeated. A box is
  claimed only where at most one shuffle in a hundred gives one with as large a gain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.experiment.boxes import choose, trajectory

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.experiment.boxes import Box, Points

    Floats = npt.NDArray[np.float64]

SAMPLES, SHUFFLES = 100, 199
#: a box whose gain a larger share of shuffles reaches is not claimed
CHANCE = 0.01
_TAIL = 2.5  # per cent on each side of an interval


@dataclass(frozen=True)
class Trust:
    """What finding a box again and again says about it.

    Attributes
    ----------
    again : (n_axis,) float64
        Share of samples whose box limits each field.
    low, high : (n_axis, 2) float64
        Central 95 % of its limits in those samples; infinite where some have none, NaN where no sample
        limits it.
    density, coverage : (3,) float64
        On points left out: mean, and the central 95 % of the samples.
    chance
        Share of shuffles, this data counted as one, with as large a gain.
    """

    again: Floats
    low: Floats
    high: Floats
    density: Floats
    coverage: Floats
    chance: float

    @property
    def claimed(self) -> bool:
        """Whether it is more than luck."""
        return self.chance <= CHANCE


def find_box(points: Points, wanted: float) -> Box:
    """Return the box of some points that covers most at a density."""
    return choose(points, trajectory(points), wanted)


def weigh(points: Points, box: Box, wanted: float, seed: int) -> Trust:
    """Find the box again in other samples and in shuffled outcomes.

    Parameters
    ----------
    points, wanted
        What it was found in, and for which density.
    box
        As `find_box` gives it.
    seed
        Of samples and shuffles.
    """
    rng = np.random.default_rng([seed, 1])
    n = points.y.size
    boxes: list[Box] = []
    judged = []
    for _ in range(SAMPLES):
        rows = rng.integers(0, n, n)
        found = find_box(points.chosen(rows), wanted)
        left_out = points.chosen(np.setdiff1d(np.arange(n), rows))
        boxes.append(found)
        judged.append((left_out.density(found), left_out.coverage(found)))
    density, coverage = (_spread(np.array(values)) for values in zip(*judged, strict=True))
    low, high = (_limits(boxes, side) for side in ("low", "high"))
    again = np.array([[found.limits(k) for k in range(len(found.low))] for found in boxes])
    return Trust(
        again.mean(axis=0), low, high, density, coverage, _chance(points, box, wanted, rng)
    )


def _chance(points: Points, box: Box, wanted: float, rng: np.random.Generator) -> float:
    reached = points.gain(box)
    as_large = 1
    for _ in range(SHUFFLES):
        shuffled = type(points)(points.x, rng.permutation(points.y), points.words)
        as_large += shuffled.gain(find_box(shuffled, wanted)) >= reached
    return as_large / (SHUFFLES + 1)


def _limits(boxes: list[Box], side: str) -> Floats:
    """Return the central 95 % of the limits on one side, (n_axis, 2), among boxes that limit the field."""
    limits = np.array([getattr(box, side) for box in boxes])
    limited = np.array([[box.limits(k) for k in range(limits.shape[1])] for box in boxes])
    found = np.full((limits.shape[1], 2), np.nan)
    for k in range(limits.shape[1]):
        if limited[:, k].any():
            # an order statistic, as infinite limits cannot be interpolated
            found[k] = np.percentile(
                limits[limited[:, k], k], [_TAIL, 100 - _TAIL], method="inverted_cdf"
            )
    return found


def _spread(values: Floats) -> Floats:
    known = values[~np.isnan(values)]
    if not known.size:
        return np.full(3, np.nan)
    return np.array([known.mean(), *np.percentile(known, [_TAIL, 100 - _TAIL])])
