"""Where the mean-field twin tips, to stand beside where runs of persons do.

The twin knows means and shares, no squads and no chance, so its verdict turns at one value. Two
values are told: where its verdict turns, and where the fold lies: the value at which a force at the
place would run of itself, by what comrades' departures alone do to those who stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.experiment.axes import place_at
from standfast.experiment.outlook import WHOLE
from standfast.meanfield.margin import margins
from standfast.meanfield.run import run_meanfield

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.experiment.axes import Axis
    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario

_N_FIRST, _N_HALVING = 9, 6


@dataclass(frozen=True)
class TwinTipping:
    """Where the twin tips.

    Attributes
    ----------
    value
        Where its verdict turns; None where it does not in the range.
    at_low, at_high
        Whether it gives the verdict at the ends of the range.
    fold
        Where the margin of the nearest force at the place vanishes; None where it does not.
    margin_at_low, margin_at_high
        That margin at the ends [1]: so much more pressure, and no quiet state is left.
    """

    value: float | None
    at_low: bool
    at_high: bool
    fold: float | None
    margin_at_low: float
    margin_at_high: float


def find_twin_tipping(scenario: Scenario, axis: Axis, outlook: Outlook) -> TwinTipping:
    """Return where the twin's verdict and fold lie along an axis.

    The first turn from below counts; between nine values over the range it could turn twice
    unseen.
    """

    def comes(value: float) -> float:
        run = run_meanfield(place_at(scenario, [axis], [value]))
        judged = run.judgement
        if outlook.place == WHOLE:
            return float(judged.overall == outlook.verdict) - 0.5
        return float(judged.verdict[run.places.index(outlook.place)] == outlook.verdict) - 0.5

    def margin(value: float) -> float:
        return _least_margin(place_at(scenario, [axis], [value]), outlook)

    turn, low, high = _first_turn(comes, axis)
    edge, margin_low, margin_high = _first_turn(margin, axis)
    return TwinTipping(turn, low > 0, high > 0, edge, margin_low, margin_high)


def _least_margin(scenario: Scenario, outlook: Outlook) -> float:
    here = [
        name for name, force in scenario.forces.items() if outlook.place in (force.place, WHOLE)
    ]
    return min(found.margin for found in margins(scenario) if found.force in here)


def _first_turn(
    function: Callable[[float], float], axis: Axis
) -> tuple[float | None, float, float]:
    """Return where a function first changes sign, by halving, and its values at the ends."""
    values = np.linspace(axis.low, axis.high, _N_FIRST)
    found = [function(float(value)) for value in values]
    signs = np.sign(found)
    turns = np.flatnonzero(signs[1:] != signs[:-1])
    if turns.size == 0:
        return None, found[0], found[-1]
    k = int(turns[0])
    low, high, sign = float(values[k]), float(values[k + 1]), signs[k]
    for _ in range(_N_HALVING):
        middle = (low + high) / 2
        low, high = (middle, high) if np.sign(function(middle)) == sign else (low, middle)
    return (low + high) / 2, found[0], found[-1]
