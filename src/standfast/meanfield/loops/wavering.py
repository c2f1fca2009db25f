"""Who waver: the share of those present whose pressure to leave passes a bound (E16)."""

from __future__ import annotations

import math

from standfast.kernels._jit import inlined, kernel
from standfast.meanfield.loops.codes import DUTY, share

#: a share of a cell that is nobody
NOBODY = 1e-9
ROOT_OF_TWO = math.sqrt(2.0)
ROOT_OF_TWO_PI = math.sqrt(2.0 * math.pi)


@inlined
def share_wavering(
    p, status, group, i, formation, mass, count, commitment, pull, mean, variance
):
    """Return the share of a status and class of a cell who waver (E16).

    The law of U in a cell is taken from its first four cumulants (Edgeworth): those left are skewed,
    because the least committed leave first.
    """
    n_effect = pull.shape[0]
    n_node = mass.shape[2] // n_effect
    people = max(count[status, group, i], 1e-12)
    first = 0.0
    for u in range(n_effect):
        of_unit = pull[u, formation[i]] if status == DUTY else 0.0
        for kind in range(u * n_node, (u + 1) * n_node):
            first += mass[status, group, kind, i] * (commitment[kind, i] - of_unit)
    first /= people
    second, third, fourth = 0.0, 0.0, 0.0
    for u in range(n_effect):
        of_unit = pull[u, formation[i]] if status == DUTY else 0.0
        for kind in range(u * n_node, (u + 1) * n_node):
            off = commitment[kind, i] - of_unit - first
            part = mass[status, group, kind, i] * off * off
            second += part
            third += part * off
            fourth += part * off * off
    second, third, fourth = second / people, third / people, fourth / people
    whole = second + variance[status, group, i] + 1e-12
    deviation = math.sqrt(whole)
    x = (p.wavering_pressure - mean[status, group, i] + first) / deviation
    # U falls with commitment, so its third cumulant has the other sign
    skewness = -third / (whole * deviation)
    excess = (fourth - 3.0 * second * second) / (whole * whole)
    xx = x * x
    bent = skewness / 6.0 * (xx - 1.0) + excess / 24.0 * x * (xx - 3.0)
    bent += skewness * skewness / 72.0 * x * (xx * (xx - 10.0) + 15.0)
    density = math.exp(-xx / 2.0) / ROOT_OF_TWO_PI
    above = 0.5 * math.erfc(x / ROOT_OF_TWO)
    return share(above + density * bent)


@kernel
def count_wavering(
    numbers, post, formation, people, mass, count, commitment, pull, mean, variance, found
):
    """Add up those on duty who waver, by place.

    Parameters
    ----------
    pull : (n_effect, n_formation) float64
        Peer pressure.
    mean, variance : (status, class, n_cell) float64
        Pressure beside commitment and the terms of the unit.
    found : (n_place,) float64
        *Overwritten*.
    """
    p = numbers[0]
    found[:] = 0.0
    for i in range(post.size):
        for group in range(2):
            here = count[DUTY, group, i]
            if here > NOBODY * people[i]:
                found[post[i]] += here * share_wavering(
                    p, DUTY, group, i, formation, mass, count, commitment, pull, mean, variance
                )
