r"""E9: belief that the force will hold, as log-odds L. M24 (sources M01 M02 M03 M13 M15 M17 M22).

:math:`L \leftarrow L_0 + (L-L_0)e^{-\Delta t/\tau_L} - \text{losses} + \text{gains}`,
and the probability is :math:`b=\sigma(L)`. News is discounted: the m-th piece of bad news counts
:math:`\rho^m` of the first, because pieces of news about one collapse are correlated.
"""

from __future__ import annotations

from standfast.kernels._jit import rule

BELIEF_LEAST = -8.0
BELIEF_MOST = 8.0


@rule
def relax(value, rest, kept):
    """Return a value that relaxes to its rest; `kept` = exp(-dt / tau)."""
    return rest + (value - rest) * kept


@rule
def bound(log_odds):
    """Keep log-odds within +-8, where a probability is within 0.0004 of certainty."""
    return min(max(log_odds, BELIEF_LEAST), BELIEF_MOST)


@rule
def discount(rho, pieces):
    """Return rho**pieces for the few pieces of news somebody has heard already."""
    weight = 1.0
    for _ in range(min(pieces, 12)):
        weight *= rho
    return weight
