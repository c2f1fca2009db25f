r"""How much better one model explains the targets than another: their chances of coming near.

With prior over proposal :math:`\pi/q` and n candidates of a generation, the chance that the model
with parameters from its prior comes within a distance e of the targets is estimated by

.. math:: Z(e) = \frac1n \sum_i \frac{\pi(y_i)}{q(y_i)}\,[d_i \le e],

without bias for every e, as the proposal covers the prior. The ratio of two models' Z at the same e is
the ABC Bayes factor. It is about these targets and distances only: two models can differ in what was
not measured (Robert, Cornuet, Marin and Pillai 2011).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standfast.experiment.calibration.smc import Fit, Generation

#: with none in n, the chance is below 3 / n at 95 % (Hanley and Lippman-Hand 1983)
_RULE_OF_THREE = 3.0


@dataclass(frozen=True)
class Chance:
    """The chance that a model comes within a distance.

    Attributes
    ----------
    value, error
        Estimate and its standard error.
    high
        What it hardly exceeds (95 %).
    near
        How many candidates came that near.
    candidates
        Of how many.
    """

    value: float
    error: float
    high: float
    near: int
    candidates: int


def chance_within(fit: Fit, distance: float) -> Chance:
    """Return the chance that a model comes within a distance of the targets.

    The generation is used that was accepted at the smallest tolerance that is not smaller.

    Parameters
    ----------
    fit
        Of the model.
    distance
        How near.
    """
    fitting = [each for each in fit.generations if each.tolerance >= distance]
    generation = fitting[-1] if fitting else fit.generations[0]
    # the generation ends with the candidate that filled it, which is no fair draw
    n = len(generation.distance) - (1 if math.isfinite(generation.tolerance) else 0)
    near = generation.distance[:n] <= distance
    terms = np.where(near, np.exp(generation.log_weight[:n]), 0.0)
    value, error = float(terms.mean()), float(terms.std(ddof=1) / math.sqrt(n))
    high = value + 1.96 * error if near.any() else _RULE_OF_THREE / n
    return Chance(value, error, high, int(near.sum()), n)


def common_distance(fits: Mapping[str, Fit]) -> float:
    """Return the distance at which models are compared: the nearest that the first came to.

    A rival that never came that near has a chance below what its candidates could have shown.
    """
    first = next(iter(fits.values()))
    return nearest(first.last)


def nearest(generation: Generation) -> float:
    """Return the largest distance that was accepted in a generation."""
    return float(generation.distance[generation.accepted].max())


@dataclass(frozen=True)
class Comparison:
    """A model beside the first one.

    Attributes
    ----------
    name
        Of the model.
    chance
        That it comes within the common distance.
    factor, low, high
        How many times more probable the targets are under the first model, with a 95 % interval;
        infinite bounds where the rival never came near.
    reached
        The distance that its last generation came to.
    """

    name: str
    chance: Chance
    factor: float
    low: float
    high: float
    reached: float


def compare_rivals(fits: Mapping[str, Fit]) -> list[Comparison]:
    """Return every model beside the first.

    Parameters
    ----------
    fits
        By name; all against the same targets.
    """
    distance = common_distance(fits)
    chances = {name: chance_within(fit, distance) for name, fit in fits.items()}
    first = next(iter(chances.values()))
    return [_beside(name, first, chances[name], nearest(fit.last)) for name, fit in fits.items()]


def _beside(name: str, first: Chance, other: Chance, reached: float) -> Comparison:
    if other is first:
        return Comparison(name, other, 1.0, 1.0, 1.0, reached)
    if not other.near:
        least = max(first.value - 1.96 * first.error, 0.0) / other.high
        return Comparison(name, other, math.inf, least, math.inf, reached)
    # the delta method on logarithms, as chances are small and their errors relative
    wide = 1.96 * math.hypot(first.error / first.value, other.error / other.value)
    factor = first.value / other.value
    return Comparison(
        name, other, factor, factor * math.exp(-wide), factor * math.exp(wide), reached
    )
