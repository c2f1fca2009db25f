"""Exposure and its credibility (E1, E2, E5, E6): informers, moles, leaks, threats. M07 M08 M09 M11."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Rate, Share, parameter


class Exposure(Part):
    """How identities become known, and how far threats are believed."""

    infiltration_growth: Rate = parameter(
        "0.01 / d",
        low="0 / h",
        high="1 / h",
        mechanisms="M07",
        off=0.0,
        doc="Logistic growth rate of informers in a place towards the support they find.",
    )
    mole_rate: Rate = parameter(
        "0.0003 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M08",
        off=0.0,
        prior="loguniform(0.00001 / h, 0.001 / h)",
        doc="Rate at which moles and informers expose a person, at full infiltration of the post.",
    )
    neighbour_rate: Rate = parameter(
        "0.01 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M08 M26",
        off=0.0,
        doc="Rate at which neighbours expose somebody who lives where he serves, at full infiltration.",
    )
    breach_rate: Rate = parameter(
        "0.00003 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M08",
        off=0.0,
        prior="loguniform(0.00001 / h, 0.001 / h)",
        doc="Rate of leaks of personnel records in a place, at full infiltration.",
    )
    breach_share: Share = parameter(
        0.5,
        low=0,
        high=1,
        mechanisms="M08",
        prior="uniform(0.3, 0.95)",
        doc="Share of those homed or posted in the place whom a leak exposes.",
    )
    credibility_gain: Share = parameter(
        0.45,
        low=0,
        high=1,
        mechanisms="M09",
        off=0.0,
        prior="beta(2, 4)",
        grade="C",
        source="Rescorla-Wagner form (verification V18)",
        doc="Share of remaining doubt that verified harm to a contact removes.",
    )
    credibility_loss: Share = parameter(
        0.15,
        low=0,
        high=1,
        mechanisms="M09",
        prior="beta(2, 10)",
        grade="C",
        source="Rescorla-Wagner form (verification V18)",
        doc="Share of credibility lost when a deadline passes without harm.",
    )
    perceived_by_message: Share = parameter(
        0.35,
        low=0,
        high=1,
        mechanisms="M08",
        off=0.0,
        doc="Jump in perceived exposure on a message with one's own name.",
    )
    perceived_by_harm: Share = parameter(
        0.17,
        low=0,
        high=1,
        mechanisms="M08",
        off=0.0,
        doc="Jump in perceived exposure when a contact is harmed.",
    )
    perceived_rate: Rate = parameter(
        "0.0005 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M08",
        off=0.0,
        doc="Growth of perceived exposure by hearsay at campaign level 10 ('agents everywhere').",
    )
    harm_rate: Rate = parameter(
        "0.003 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M09",
        off=0.0,
        doc="Rate of verified harm (house burnt, relative attacked) to an exposed person at campaign level 10.",
    )
    harm_killed_share: Share = parameter(
        0.05,
        low=0,
        high=1,
        mechanisms="M09",
        doc="Share of verified harms in which the person himself is killed.",
    )
    ultimatum_period: Duration = parameter(
        "24 h",
        low="1 h",
        high="1 y",
        mechanisms="M11",
        doc="Time between public ultimatums in a contested or lost place.",
    )
    ultimatum_kept: Share = parameter(
        0.7,
        low=0,
        high=1,
        mechanisms="M11",
        doc="Chance that an ultimatum is followed by harm, seen by those concerned.",
    )
    ultimatum_gain: Share = parameter(
        0.25,
        low=0,
        high=1,
        mechanisms="M11",
        off=0.0,
        doc="Share of remaining doubt that an ultimatum carried out removes, in its place.",
    )
