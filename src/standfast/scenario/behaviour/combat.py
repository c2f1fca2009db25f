"""Combat and the fall of a place (E18). M33 M34."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Number, Rate, Share, parameter


class Combat(Part):
    """Losses by those who fight, and when resistance ends."""

    attacker_power: Number = parameter(
        4.0,
        low=0,
        high=100,
        mechanisms="M33",
        prior="uniform(4, 16)",
        source="Lanchester parity (verification V13: 3.5-44)",
        grade="C",
        doc="Power of an attacker in soldiers of full effort (rho_0).",
    )
    defender_loss_rate: Rate = parameter(
        "0.0008 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M33",
        doc="Defenders lost an hour per unit of attacking power in contact.",
    )
    attacker_loss_rate: Rate = parameter(
        "0.0002 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M33",
        doc="Attackers lost an hour per unit of defending power in contact.",
    )
    lanchester_exponent: Number = parameter(
        1.0,
        low=0,
        high=1,
        mechanisms="M33",
        doc="1: square law (losses follow the other side's power alone); 1/2: linear law (both sides' "
        "losses keep one proportion); 0: logarithmic law (each side's own power alone).",
    )
    captured_share: Share = parameter(
        0.1,
        low=0,
        high=1,
        mechanisms="M33",
        doc="Share of combat losses that are captured, not killed.",
    )
    break_ratio: Number = parameter(
        0.7,
        low=0,
        high=20,
        mechanisms="M34",
        prior="uniform(0.5, 1)",
        doc="Ratio of defending to attacking power under which resistance ends.",
    )
    break_time: Duration = parameter(
        "4 h",
        low="0 h",
        high="30 d",
        mechanisms="M34",
        prior="uniform(3 h, 12 h)",
        doc="How long the ratio must stay under it.",
    )
    least_present: Share = parameter(
        0.12,
        low=0,
        high=1,
        mechanisms="M34",
        doc="Share of the starting garrison under which a contested place is given up.",
    )
    fall_captured: Share = parameter(
        0.03,
        low=0,
        high=1,
        mechanisms="M34",
        doc="Share of those still on duty who are captured when their place falls.",
    )
    skill_range: Number = parameter(
        0.6,
        low=0,
        high=2,
        mechanisms="M16",
        off=0.0,
        doc="How far quality moves skill: skill = 1 + range * (quality - 1/2).",
    )
