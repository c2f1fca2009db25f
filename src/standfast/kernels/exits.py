r"""E14: ways out, and what the way costs. M11 M12 M27 M28 M29 M30 M31.

Multinomial logit over hiding, refuge (displaced), renouncing, abroad and going over; a way that is
switched off has utility -30. On the way out of a place under assault somebody is shot with
probability :math:`r\,e_p\,I_p(1-m)(1-n)`: risk, encirclement, intensity, less what blending in
with civilians and darkness take away; captured likewise.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import rule
from standfast.kernels.mathematics import exp

CLOSED = -25.0


@rule
def choose(u, hide, refuge, renounce, abroad, defect):
    """Return the status of the way out chosen by a uniform, given the five utilities.

    Probabilities are softmax of the utilities; where every way is closed, refuge is taken.
    """
    most = max(hide, refuge, renounce, abroad, defect)
    if most < CLOSED:
        return status.DISPLACED
    w0 = exp(hide - most)
    w1 = exp(refuge - most)
    w2 = exp(renounce - most)
    w3 = exp(abroad - most)
    w4 = exp(defect - most)
    level = u * (w0 + w1 + w2 + w3 + w4)
    if level < w0:
        return status.HIDING
    if level < w0 + w1:
        return status.DISPLACED
    if level < w0 + w1 + w2:
        return status.RENOUNCED
    if level < w0 + w1 + w2 + w3:
        return status.ABROAD
    return status.DEFECTED


@rule
def risk_on_the_way(risk, encirclement, intensity, blend_in, night, night_cover):
    """Return the probability of being shot (or captured) on the way out."""
    cover = night_cover if night else 0.0
    return risk * encirclement * intensity * (1.0 - blend_in) * (1.0 - cover)
