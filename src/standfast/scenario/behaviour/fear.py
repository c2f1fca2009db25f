"""Fear (E3, E4): contagion that amplifies, shocks of combat and loss, slow decay. M06."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Rate, Share, parameter


class Fear(Part):
    """How fear builds, passes between people and fades."""

    fear_decay: Duration = parameter(
        "120 h",
        low="1 h",
        high="1 y",
        mechanisms="M06",
        prior="loguniform(48 h, 240 h)",
        doc="Time constant of fear's return to the personal baseline.",
    )
    contagion_rate: Rate = parameter(
        "0.048 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M06",
        off=0.0,
        prior="loguniform(0.02 / h, 0.3 / h)",
        source="ASCRIBE form (verification V20)",
        grade="C",
        doc="Speed kappa at which people take up the fear around them.",
    )
    amplification: Share = parameter(
        0.57,
        low=0,
        high=1,
        mechanisms="M06",
        prior="uniform(0, 0.6)",
        grade="C",
        source="ASCRIBE form (verification V20)",
        doc="Share eta of contagion that amplifies instead of averaging.",
    )
    upward_bias: Share = parameter(
        0.7,
        low=0,
        high=1,
        mechanisms="M06",
        prior="uniform(0.4, 0.8)",
        grade="C",
        source="ASCRIBE form (verification V20)",
        doc="Bias beta of amplification towards more fear; above one half panic can grow.",
    )
    weight_squad: Share = parameter(
        0.55, low=0, high=1, mechanisms="M06", doc="Weight of the squad in the fear one perceives."
    )
    weight_company: Share = parameter(
        0.20,
        low=0,
        high=1,
        mechanisms="M06",
        doc="Weight of the company (chain of command) in the fear one perceives.",
    )
    weight_phone: Share = parameter(
        0.15,
        low=0,
        high=1,
        mechanisms="M01",
        doc="Weight of phone contacts in the fear one perceives.",
    )
    weight_kin: Share = parameter(
        0.10, low=0, high=1, mechanisms="M09", doc="Weight of kin in the fear one perceives."
    )
    shock_message: Share = parameter(
        0.052,
        low=0,
        high=0.66,
        mechanisms="M01",
        off=0.0,
        prior="uniform(0.02, 0.3)",
        grade="C",
        source="mass messages move margins (radio -7 %)",
        doc="Fear jump of a broadcast message, times 0.5 + credibility, which is 1.5 at most.",
    )
    shock_targeted: Share = parameter(
        0.17,
        low=0,
        high=1,
        mechanisms="M08",
        off=0.0,
        prior="uniform(0.1, 0.5)",
        doc="Fear jump of a message with one's own name and address, times its credibility.",
    )
    shock_combat: Share = parameter(
        0.045,
        low=0,
        high=1,
        mechanisms="M33",
        off=0.0,
        prior="uniform(0.02, 0.12)",
        doc="Fear jump of an hour under fire.",
    )
    fire_rate: Rate = parameter(
        "0.08 / h",
        low="0 / h",
        high="4 / h",
        mechanisms="M33",
        doc="Rate at which a person in a place under full assault comes under fire.",
    )
    shock_harm: Share = parameter(
        0.08,
        low=0,
        high=1,
        mechanisms="M09",
        off=0.0,
        doc="Fear jump when a contact or his family is harmed.",
    )
    relief_by_reinforcement: Share = parameter(
        0.2,
        low=0,
        high=1,
        mechanisms="M13",
        off=0.0,
        grade="C",
        source="model specification E11 (F x 0.8)",
        doc="Share of fear that goes when reinforcement arrives.",
    )
