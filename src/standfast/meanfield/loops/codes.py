"""The codes of states, and small rules that the loops of several families call."""

from __future__ import annotations

import math

from standfast.kernels._jit import inlined

DUTY, LEAVE = 0, 1
UNAWARE, AWARE = 0, 1
HIDING, DISPLACED, RENOUNCED, ABROAD, DEFECTED, DEAD, CAPTURED, BACK = range(8)
N_OUT, N_WAY, N_SLOT = 8, 5, 8
GOVERNMENT, CONTESTED, ADVERSARY = range(3)
#: a + b of the Beta law of squad cohesion
COHESION_CONCENTRATION = 20.0
#: a commitment, and a pressure, at which everything is decided
FAR = 230.0


@inlined
def happens(exponent):
    """Return 1 - exp(-exponent), the chance that a rate acts within a step."""
    x = exponent
    if abs(x) < 1e-3:  # most are; five terms of the series are exact to rounding
        return x * (1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0 * (1.0 - x / 5.0))))
    return -math.expm1(-x)


@inlined
def logistic(x):
    """Return 1 / (1 + exp(-x))."""
    if x < 0.0:
        e = math.exp(x)
        return e / (1.0 + e)
    return 1.0 / (1.0 + math.exp(-x))


@inlined
def share(x):
    """Return x, or the nearest of 0 and 1 beyond them."""
    return min(max(x, 0.0), 1.0)


@inlined
def towards(old, new, part):
    """Return the mean of old and new when a part is new."""
    return old + part * (new - old)


@inlined
def mean_fear(openness, fear, status, group, i):
    """Return the mean fear of a status and class of a cell, over openness."""
    total = 0.0
    for node in range(openness.size):
        total += openness[node] * fear[status, group, node, i]
    return total


@inlined
def share_on_leave(count, i):
    """Return the share of those of a cell who serve that are on leave."""
    duty = count[DUTY, UNAWARE, i] + count[DUTY, AWARE, i]
    leave = count[LEAVE, UNAWARE, i] + count[LEAVE, AWARE, i]
    return leave / max(duty + leave, 1e-12)


@inlined
def reach_by_control(p, control):
    """Return the reach of threats to families at home, by who controls the place (E7)."""
    if control == GOVERNMENT:
        return p.reach_government
    return p.reach_contested if control == CONTESTED else p.reach_adversary


@inlined
def reach_of_threats(p, movable, settled, control):
    """Return the mean perceived reach of threats to families, at home and moved (E7)."""
    at_home = movable + settled
    at_reach = reach_by_control(p, control)
    moved = min(at_reach, p.reach_moved)
    return at_home * (at_reach - moved) + moved


@inlined
def recount(i, mass, count, serving, all_serving):
    """Sum the people of a cell over kinds, then over duty and leave, then over classes."""
    all_serving[i] = 0.0
    for group in range(2):
        serving[group, i] = 0.0
        for status in range(2):
            total = 0.0
            for kind in range(mass.shape[2]):
                total += mass[status, group, kind, i]
            count[status, group, i] = total
            serving[group, i] += total
        all_serving[i] += serving[group, i]
