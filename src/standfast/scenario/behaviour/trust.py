"""Trust in command, and suspicion (E10, E23, E24). M14 M16 M18 M21 M03."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Rate, Share, parameter


class Trust(Part):
    """What breaks trust, what mends it, and suspicion of treachery."""

    trust_start: Share = parameter(
        0.75,
        low=0,
        high=1,
        mechanisms="M16",
        doc="Trust in command of a well-led, uncorrupted force.",
    )
    trust_lost_to_corruption: Share = parameter(
        0.5,
        low=0,
        high=1,
        mechanisms="M16",
        off=0.0,
        source="source article P19",
        grade="C",
        doc="Trust lost at full corruption.",
    )
    trust_decay: Duration = parameter(
        "150 d",
        low="1 d",
        high="5 y",
        mechanisms="M21",
        prior="loguniform(30 d, 180 d)",
        source="source article P20",
        grade="C",
        doc="Time constant of the recovery of trust: months, not days.",
    )
    trust_loss: Share = parameter(
        0.053,
        low=0,
        high=1,
        mechanisms="M14",
        off=0.0,
        prior="uniform(0.05, 0.6)",
        source="trust asymmetry (Slovic 1993)",
        grade="C",
        doc="Share of trust lost to a broken promise of full severity.",
    )
    trust_gain: Share = parameter(
        0.15,
        low=0,
        high=1,
        mechanisms="M13",
        off=0.0,
        source="trust asymmetry (Slovic 1993)",
        grade="C",
        doc="Share of missing trust regained by a promise kept.",
    )
    trust_loss_flight: Share = parameter(
        0.42,
        low=0,
        high=1,
        mechanisms="M15",
        off=0.0,
        doc="Share of trust lost on learning that one's commanders left.",
    )
    trust_loss_fall: Share = parameter(
        0.3,
        low=0,
        high=1,
        mechanisms="M02",
        off=0.0,
        source="source article P7",
        grade="C",
        doc="Share of trust lost on news of a fall at full weight.",
    )
    severity_refusal: Share = parameter(
        1.0,
        low=0,
        high=1,
        mechanisms="M14",
        source="model specification E11",
        doc="Severity of an explicit refusal ('you are on your own').",
    )
    severity_silence: Share = parameter(
        0.6,
        low=0,
        high=1,
        mechanisms="M14",
        source="model specification E11",
        doc="Severity of a call that is never answered.",
    )
    spill_battalion: Share = parameter(
        0.5,
        low=0,
        high=1,
        mechanisms="M14",
        off=0.0,
        source="model specification E10",
        doc="Severity for the rest of the battalion.",
    )
    spill_place: Share = parameter(
        0.15,
        low=0,
        high=1,
        mechanisms="M14",
        off=0.0,
        doc="Severity for the other companies of the place, by word of mouth.",
    )
    suspicion_decay: Duration = parameter(
        "20 d", low="1 h", high="5 y", mechanisms="M03", doc="Time constant of suspicion."
    )
    suspicion_of_moles: Rate = parameter(
        "0.01 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M18",
        off=0.0,
        source="source article P15, P16",
        grade="C",
        doc="Growth of suspicion where men in uniform are seen with the enemy, at full infiltration.",
    )
    suspicion_of_treachery: Share = parameter(
        0.3,
        low=0,
        high=1,
        mechanisms="M03",
        off=0.0,
        doc="Jump of suspicion on a rumour of treachery.",
    )
    suspicion_of_flight: Share = parameter(
        0.2,
        low=0,
        high=1,
        mechanisms="M15",
        off=0.0,
        doc="Jump of suspicion on learning that one's commanders left.",
    )
    suspicion_isolates: Share = parameter(
        0.5,
        low=0,
        high=1,
        mechanisms="M18",
        off=0.0,
        source="model specification E23",
        doc="Cut in the squad's weight, and gain in loss of belief, at full suspicion.",
    )
