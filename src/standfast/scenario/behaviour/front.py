"""The front: loot, allies, the advance and its halt (E19, E20). M35-M38 M40."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Length, Number, Rate, Share, Speed, parameter


class Front(Part):
    """What the adversary gains from a fall, how fast it moves, and what thins it."""

    loot_half: Number = parameter(
        8000.0,
        low=1,
        high=1e7,
        mechanisms="M35",
        doc="Abandoned men's equipment at which the gain in power is 2 to the loot exponent.",
    )
    loot_exponent: Number = parameter(
        0.3,
        low=0,
        high=2,
        mechanisms="M35",
        off=0.0,
        prior="uniform(0, 0.5)",
        source="model specification E19",
        doc="Exponent zeta of power in captured equipment.",
    )
    prisoners_join: Share = parameter(
        0.4,
        low=0,
        high=1,
        mechanisms="M36",
        off=0.0,
        doc="Share of freed prisoners who join the adversary's fighters.",
    )
    allies_rate: Rate = parameter(
        "0.02 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M37",
        off=0.0,
        doc="Rate at which local allies join where success is visible.",
    )
    allies_share: Share = parameter(
        0.0015,
        low=0,
        high=1,
        mechanisms="M37",
        doc="Share of a place's people who can join as fighters at full support.",
    )
    advance_speed: Speed = parameter(
        "30 km/h",
        low="0.1 km/h",
        high="100 km/h",
        mechanisms="M38",
        grade="B",
        source="Mosul to Tikrit, 226 km in about 26 h with halts",
        doc="Speed of a column on an open road.",
    )
    regroup: Duration = parameter(
        "0.5 h",
        low="0 h",
        high="60 d",
        mechanisms="M38",
        doc="Time a column needs to regroup after a fall before it moves on.",
    )
    garrison_share: Share = parameter(
        0.12,
        low=0,
        high=1,
        mechanisms="M38",
        prior="uniform(0.1, 0.4)",
        doc="Share of the fighters at hand who stay behind to hold a fallen place.",
    )
    strike_least: Number = parameter(
        60.0, low=1, high=1e6, mechanisms="M38", doc="Least number of fighters that sets out."
    )
    support_drag: Share = parameter(
        0.6,
        low=0,
        high=1,
        mechanisms="M38",
        doc="Share of an attack's power that depends on local support.",
    )
    assault_ratio: Number = parameter(
        1.0,
        low=0,
        high=100,
        mechanisms="M38",
        doc="Highest ratio of defending to attacking power at which a column will assault.",
    )
    halt_time: Duration = parameter(
        "72 h",
        low="1 h",
        high="60 d",
        mechanisms="M38",
        doc="How long a column waits before a place it cannot assault before it digs in for good.",
    )
    halt_far: Length = parameter(
        "400 km",
        low="1 km",
        high="5000 km",
        mechanisms="M38",
        doc="Length of supply road from its start at which a column's power falls to 1/e.",
    )
    refugees_share: Share = parameter(
        0.25,
        low=0,
        high=1,
        mechanisms="M40",
        off=0.0,
        grade="C",
        source="about 500,000 displaced from Mosul",
        doc="Share of civilians who flee a place that falls.",
    )
    refugees_rate: Rate = parameter(
        "0.05 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M40",
        off=0.0,
        doc="Rate at which civilians set out from a contested or fallen place.",
    )
    road_slowing: Number = parameter(
        0.08,
        low=0,
        high=20,
        mechanisms="M40",
        off=0.0,
        doc="How much refugees slow the roads: travel time times 1 + this x refugees per tenth of people.",
    )
