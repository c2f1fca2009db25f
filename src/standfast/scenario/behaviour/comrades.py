"""Comrades (E13 peer terms, E15). M22."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Number, Share, parameter


class Comrades(Part):
    """What seeing comrades go does, and for how long it is remembered."""

    peer_squad: Number = parameter(
        7.7,
        low=0,
        high=40,
        mechanisms="M22",
        off=0.0,
        prior="uniform(2, 8)",
        grade="B",
        source="Costa and Kahn 2003; Bearman 1991",
        doc="Weight theta_S of recent departures of the squad, beyond the norm, at full cohesion.",
    )
    peer_company: Number = parameter(
        4.0,
        low=0,
        high=40,
        mechanisms="M22",
        off=0.0,
        prior="uniform(0, 4)",
        doc="Weight theta_C of recent departures of the company.",
    )
    peer_phone: Number = parameter(
        0.0,
        low=0,
        high=40,
        mechanisms="M22",
        off=0.0,
        doc="Weight of the share of phone contacts who left recently; none is known of friends "
        "elsewhere beyond what they do to belief.",
    )
    peer_kin: Number = parameter(
        0.0,
        low=0,
        high=40,
        mechanisms="M22",
        off=0.0,
        doc="Weight of the share of kin in the force who left recently.",
    )
    peer_norm: Share = parameter(
        0.21,
        low=0,
        high=1,
        mechanisms="M22",
        prior="uniform(0.15, 0.45)",
        grade="B",
        source="Costa and Kahn 2003; Bearman 1991",
        doc="Share S_n gone up to which a cohesive squad holds, and above which it goes together.",
    )
    memory: Duration = parameter(
        "40 h",
        low="1 h",
        high="1000 y",
        mechanisms="M22",
        prior="loguniform(24 h, 168 h)",
        doc="Time constant of the memory of departures.",
    )
