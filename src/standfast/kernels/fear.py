r"""E3, E4: fear, its contagion and its decay. M06 (with M01, M08, M09, M13, M33 as sources).

ASCRIBE (Bosse et al. 2013) over several layers of ties:
:math:`F^*=\sum_\ell w_\ell \sum_j\varepsilon_jF_j/\sum_j\varepsilon_j`,
:math:`F \leftarrow F + (1-e^{-\kappa\delta_i\Delta t})
[\eta(\beta PI+(1-\beta)NI)+(1-\eta)F^*-F]` with
:math:`PI=1-(1-F^*)(1-F)`, :math:`NI=F^*F`. Averaging alone (eta = 0) would make contact calming;
amplification makes it panic. A shock s acts as :math:`F\leftarrow F+(1-F)s`, and fear decays to
the personal baseline with time constant tau.
"""

from __future__ import annotations

from standfast.kernels._jit import rule

LEVELS = 16  # steps in which fear is noticed along long ties


@rule
def contagion(fear, perceived, uptake, amplification, upward_bias):
    """Return fear after contagion; stays in [0, 1] because it moves towards a value in [0, 1]."""
    more = 1.0 - (1.0 - perceived) * (1.0 - fear)
    less = perceived * fear
    amplified = upward_bias * more + (1.0 - upward_bias) * less
    return fear + uptake * (
        amplification * amplified + (1.0 - amplification) * perceived - fear
    )


@rule
def shock(fear, size):
    """Return fear after a shock: the part of calm that is left shrinks by the size."""
    return fear + (1.0 - fear) * size


@rule
def perceived_fear(squad, company, phone, kin, weight_squad, weight_company, weight_phone, weight_kin):
    """Return the weighted mean of the fear in each layer; a missing layer has weight 0."""
    total = weight_squad + weight_company + weight_phone + weight_kin
    if total <= 0.0:
        return 0.0
    return (
        weight_squad * squad + weight_company * company + weight_phone * phone + weight_kin * kin
    ) / total


@rule
def announced_level(fear, level):
    """Return the level of fear that others far away know of.

    It follows in whole steps of 1/16, and only when fear has moved a full step from the level
    last known: along long ties a change is noticed when it is noticeable.
    """
    exact = fear * LEVELS
    if exact - level >= 1.0 or level - exact >= 1.0:
        return int(exact + 0.5)
    return level
