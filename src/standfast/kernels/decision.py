r"""E13, E16: the decision to leave. M17 M19 M20 M23 M24 M25 M26 (weights of every other term).

Random utility: :math:`h=h_{\max}\,\sigma(U/s)`, :math:`p=1-e^{-h\Delta t}`,
:math:`U=-a+\theta_FF+\theta_VV+2\theta_B(b_0-b)+\theta_T(\bar T-T)+\theta_R(\bar R-R)
+c\,\theta_S(S-S_n)+\theta_CS_C+\theta_{ph}S_{ph}+\theta_{kin}S_{kin}+\theta_QQ-\pi\,l\,e^{-S_p/K}+\theta_OO
+\theta_G(2G-1-e_pI_p)+4\chi RV(1-T)`.
The spread s is 1 by default and sets the unit of U; towards 0 the rule is a sharp threshold
(Granovetter 1978). Belief counts from that of quiet times :math:`b_0`, trust from that of an uncorrupted force
:math:`\bar T`, resolve from its mean :math:`\bar R`; :math:`l` is legitimacy, :math:`S_p` recent departures of
the place, :math:`G` how safe leaving is believed to be, :math:`e_pI_p` encirclement times assault.
:math:`O=o+o_cF-o_s\max(0,2T-1)`: orders push, a call-up tells by fear, an order to stand holds who
trusts. Those on leave have no comrades and no risk in it, and a pull of their own. Somebody wavers
(E16) where U is above a bound. One uniform per agent and step decides by ordered thresholds:
killed, then leaving, then the rotation of leave; what raises U can only make somebody leave earlier.
"""

from __future__ import annotations

from standfast.kernels._jit import rule
from standfast.kernels.mathematics import chance, exp, logistic


@rule
def punishment(weight, place_gone, capacity):
    """Return the deterrence of the state's punishment, swamped when many leave (M20).

    It acts times legitimacy, and only where the state has not lost control.
    """
    return weight * exp(-place_gone / capacity)


@rule
def order_push(order, stand, call_up, fear, trust):
    """Return O: orders push to leave, a trusted order to stand holds, a call-up tells by fear."""
    return order + call_up * fear - stand * max(0.0, 2.0 * trust - 1.0)


@rule
def cross_pressure(weight, resolve, trust, threat):
    """Return the extra pressure of somebody determined, distrustful and afraid for the family (M25)."""
    return weight * 4.0 * resolve * (1.0 - trust) * threat


@rule
def leaving_probability(pressure, sharpness, rate_max, dt):
    """Return the probability of leaving within a step; `sharpness` is 1 over the spread of U."""
    return chance(rate_max * logistic(pressure * sharpness) * dt)


@rule
def highest_probability(p):
    """Return the probability of leaving within a step of somebody entirely decided to, which none exceeds."""
    return leaving_probability(50.0, 1.0, p.rate_max, p.dt)
