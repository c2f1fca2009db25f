r"""E15 and the peer terms of E13: seeing comrades go. M22.

Memory of departures :math:`S\leftarrow Se^{-\Delta t/\tau_P}+\text{departures}/\text{size}`:
recent ones only, since counting all past departures for ever makes the quiet state unstable.
Peer pressure :math:`c_s\theta_S(S-S_n)+\theta_CS_C`: a cohesive squad holds below the norm
:math:`S_n` and goes together above it, which reconciles Costa and Kahn (2003) with Bearman (1991).
Friends elsewhere add :math:`\theta_{ph}S_{ph}+\theta_{kin}S_{kin}`, the remembered shares of one's phone
contacts and of one's kin in the force who left, on duty and on leave alike.
"""

from __future__ import annotations

from standfast.kernels._jit import rule


@rule
def remember(memory, departures, size, kept):
    """Return the memory of departures after a step; `kept` = exp(-dt / tau)."""
    if size <= 0:
        return memory * kept
    return memory * kept + departures / size


@rule
def peer_pressure(squad_gone, company_gone, cohesion, theta_squad, theta_company, norm):
    """Return the peer terms of the pressure to leave."""
    return cohesion * theta_squad * (squad_gone - norm) + theta_company * company_gone


@rule
def friends_pressure(phone_gone, kin_gone, theta_phone, theta_kin):
    """Return the terms of friends elsewhere, by the remembered shares of them who left."""
    return theta_phone * phone_gone + theta_kin * kin_gone
