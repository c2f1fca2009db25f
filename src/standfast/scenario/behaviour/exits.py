"""Ways out (E14) and leave: hiding, refuge, renouncing, abroad, going over. M11 M12 M27-M31."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Number, Share, parameter


class Exits(Part):
    """Which way out somebody takes, and what the way costs."""

    hide_base: Number = parameter(
        1.0, low=-30, high=10, mechanisms="M12", off=-1000.0, doc="Base utility of hiding at home."
    )
    hide_exposed: Number = parameter(
        -4.0,
        low=-30,
        high=10,
        mechanisms="M12",
        source="model specification E14",
        doc="Utility of hiding when exposed and the adversary controls the home.",
    )
    refuge_base: Number = parameter(
        1.0,
        low=-30,
        high=10,
        mechanisms="M29",
        off=-1000.0,
        source="model specification E14",
        doc="Base utility of refuge with family or in a safe place.",
    )
    refuge_family: Number = parameter(
        1.5,
        low=-30,
        high=10,
        mechanisms="M29",
        source="model specification E14",
        doc="Utility of refuge when the family is elsewhere.",
    )
    renounce_base: Number = parameter(
        -1.0,
        low=-30,
        high=10,
        mechanisms="M11",
        off=-1000.0,
        source="model specification E14",
        doc="Base utility of renouncing in public.",
    )
    renounce_threat: Number = parameter(
        3.0,
        low=-30,
        high=10,
        mechanisms="M11",
        source="model specification E14",
        doc="Utility of renouncing under a believed ultimatum.",
    )
    abroad_base: Number = parameter(
        -4.0,
        low=-30,
        high=10,
        mechanisms="M30",
        off=-1000.0,
        source="model specification E14 (-2)",
        doc="Base utility of leaving the country.",
    )
    abroad_means: Number = parameter(
        2.0,
        low=-30,
        high=10,
        mechanisms="M30",
        source="model specification E14",
        doc="Utility of leaving the country for somebody with means.",
    )
    abroad_threat: Number = parameter(
        1.5,
        low=-30,
        high=10,
        mechanisms="M30",
        source="model specification E14",
        doc="Utility of leaving the country under full threat to the family.",
    )
    defect_base: Number = parameter(
        -5.0,
        low=-30,
        high=10,
        mechanisms="M31",
        off=-1000.0,
        source="model specification E14",
        doc="Base utility of going over.",
    )
    defect_support: Number = parameter(
        2.5,
        low=-30,
        high=10,
        mechanisms="M31",
        source="model specification E14",
        doc="Utility of going over where the home supports the adversary.",
    )
    defect_suspicion: Number = parameter(
        2.0,
        low=-30,
        high=10,
        mechanisms="M31",
        source="model specification E14",
        doc="Utility of going over at full suspicion of one's own side.",
    )
    defect_resolve: Number = parameter(
        -3.0,
        low=-30,
        high=10,
        mechanisms="M31",
        source="model specification E14",
        doc="Utility of going over at full resolve.",
    )
    flight_risk: Share = parameter(
        0.02,
        low=0,
        high=1,
        mechanisms="M28",
        off=0.0,
        source="source article P8",
        grade="C",
        doc="Chance of being shot on the way out of a place under full assault, by day.",
    )
    flight_capture: Share = parameter(
        0.02,
        low=0,
        high=1,
        mechanisms="M28",
        off=0.0,
        doc="Chance of being captured on the way out of a place under full assault, by day.",
    )
    night_cover: Share = parameter(
        0.5,
        low=0,
        high=1,
        mechanisms="M28",
        source="source article P8",
        grade="C",
        doc="Share of the risk of flight that darkness takes away.",
    )
    blend_in: Share = parameter(
        0.5,
        low=0,
        high=1,
        mechanisms="M27",
        off=0.0,
        source="source article P5",
        grade="C",
        doc="Share of the risk of flight avoided by dropping uniform and weapon among civilians.",
    )
    leave_length: Duration = parameter(
        "7 d", low="1 h", high="1 y", mechanisms="M19", doc="Mean length of a leave."
    )
    leave_pull: Number = parameter(
        0.7,
        low=-5,
        high=10,
        mechanisms="M19",
        doc="Pressure added when leaving means only not coming back from leave.",
    )
