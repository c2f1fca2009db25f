"""Information (E1, E8): messages, news and rumours, and who hears them. M01 M02 M03 M04 M05 M40."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Length, Number, Rate, Share, parameter


class Information(Part):
    """How word gets round, and what hearing it does to fear and belief."""

    broadcast_rate: Rate = parameter(
        "0.0015 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M01",
        off=0.0,
        prior="loguniform(0.0005 / h, 0.01 / h)",
        doc="Threatening broadcast messages a person receives at campaign level 1.",
    )
    targeted_rate: Rate = parameter(
        "0.004 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M08",
        off=0.0,
        prior="loguniform(0.001 / h, 0.02 / h)",
        doc="Messages with name and address an exposed person receives at campaign level 1.",
    )
    campaign_rear: Number = parameter(
        1.0,
        low=0,
        high=100,
        mechanisms="M01 M09",
        off=0.0,
        source="model specification E1",
        doc="Campaign level in places far from the front.",
    )
    campaign_contested: Number = parameter(
        10.0,
        low=0,
        high=100,
        mechanisms="M01 M09",
        off=0.0,
        source="model specification E1",
        doc="Campaign level in places that are contested or about to be.",
    )
    campaign_lead: Duration = parameter(
        "3 d",
        low="0 h",
        high="60 d",
        mechanisms="M01",
        source="model specification E1",
        doc="How long before an attack the campaign rises in the place.",
    )
    phone_contact_rate: Rate = parameter(
        "0.25 / h",
        low="0 / h",
        high="4 / h",
        mechanisms="M01",
        off=0.0,
        prior="loguniform(0.05 / h, 0.6 / h)",
        doc="How often somebody who spreads news tells a phone contact.",
    )
    squad_contact_rate: Rate = parameter(
        "1 / h",
        low="0 / h",
        high="4 / h",
        mechanisms="M02",
        prior="uniform(0.5 / h, 3 / h)",
        doc="How often somebody who spreads news tells a squad mate.",
    )
    kin_contact_rate: Rate = parameter(
        "0.1 / h",
        low="0 / h",
        high="4 / h",
        mechanisms="M02",
        doc="How often somebody who spreads news tells kin in the force.",
    )
    public_contact_rate: Rate = parameter(
        "0.05 / h",
        low="0 / h",
        high="4 / h",
        mechanisms="M40",
        doc="How often somebody who spreads news tells anybody at the same place (street, media).",
    )
    civilian_carry: Number = parameter(
        4.0,
        low=0,
        high=100,
        mechanisms="M40",
        off=0.0,
        doc="Factor on public contacts per tenth of the place's people who are passing refugees.",
    )
    stifle_probability: Share = parameter(
        0.6,
        low=0,
        high=1,
        mechanisms="M02",
        prior="uniform(0.3, 1)",
        doc="Chance that meeting somebody already informed ends the spreading.",
    )
    forget_rate: Rate = parameter(
        "0 / h",
        low="0 / h",
        high="4 / h",
        mechanisms="M02",
        doc="Rate at which somebody who spreads news falls silent of himself.",
    )
    contact_growth: Share = parameter(
        0.0,
        low=0,
        high=1,
        mechanisms="M01",
        doc="Growth of phone contacts made with phone contacts had: the rate goes with the number "
        "of contacts over its mean, to this power.",
    )
    news_seed_share: Share = parameter(
        0.01,
        low=0,
        high=1,
        mechanisms="M02",
        off=0.0,
        doc="Share of the people at an adjoining place who hear of a fall at once.",
    )
    monitoring_silence: Share = parameter(
        0.8,
        low=0,
        high=1,
        mechanisms="M04",
        off=0.0,
        doc="Cut in phone contacts where informers are everywhere and phones are believed tapped.",
    )
    correction_rate: Rate = parameter(
        "0.002 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M05",
        off=0.0,
        doc="Rate at which a trusted official channel ends somebody's spreading of rumour.",
    )
    verification: Share = parameter(
        0.7,
        low=0,
        high=1,
        mechanisms="M05",
        off=0.0,
        doc="Share of the weight of an alarm or rumour that a full verified channel takes away, at full trust.",
    )
    reassurance_by_correction: Number = parameter(
        0.3,
        low=0,
        high=3,
        mechanisms="M05",
        off=0.0,
        doc="Gain in belief [log-odds] of somebody reached by the verified channel.",
    )
    distance_scale: Length = parameter(
        "250 km",
        low="1 km",
        high="2000 km",
        mechanisms="M02",
        doc="Distance at which news of a place weighs 1/e of its full weight.",
    )
    home_weight: Number = parameter(
        1.0,
        low=0,
        high=3,
        mechanisms="M02",
        doc="Weight of news by distance from the hearer's home and family, beside the post; no news weighs more "
        "than 1.",
    )
    weight_floor: Share = parameter(
        0.15,
        low=0,
        high=1,
        mechanisms="M02",
        doc="Least weight that news from anywhere has.",
    )
    copy_discount: Share = parameter(
        0.7,
        low=0,
        high=1,
        mechanisms="M02",
        prior="uniform(0.3, 0.9)",
        doc="Each further piece of bad news counts this share of the one before.",
    )
    fear_of_alarm: Share = parameter(
        0.25,
        low=0,
        high=1,
        mechanisms="M01",
        off=0.0,
        prior="uniform(0.05, 0.5)",
        doc="Fear jump on an alarm about one's own place.",
    )
    alarm_doubt: Share = parameter(
        0.9,
        low=0,
        high=1,
        mechanisms="M01",
        prior="uniform(0, 1)",
        doc="Share of an alarm's weight that is lost on somebody who finds threats not credible at all.",
    )
    fear_of_fall: Share = parameter(
        0.5,
        low=0,
        high=1,
        mechanisms="M02",
        off=0.0,
        prior="uniform(0.05, 0.5)",
        doc="Fear jump on news that a near place fell.",
    )
    fear_of_flight: Share = parameter(
        0.25,
        low=0,
        high=1,
        mechanisms="M15",
        off=0.0,
        doc="Fear jump on news that one's commanders left.",
    )
    fear_of_prison: Share = parameter(
        0.10,
        low=0,
        high=1,
        mechanisms="M36",
        off=0.0,
        doc="Fear jump on news of a prison break.",
    )
    fear_of_treachery: Share = parameter(
        0.08,
        low=0,
        high=1,
        mechanisms="M03",
        off=0.0,
        doc="Fear jump on a rumour of treachery.",
    )
    treachery_after_fall: Share = parameter(
        0.7,
        low=0,
        high=1,
        mechanisms="M03",
        off=0.0,
        source="source article P6, P8, P19",
        grade="C",
        doc="Chance that a fall without a fight starts a rumour of treachery.",
    )
