"""Family threat and moving the family (E7). M09 M10."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Rate, Share, parameter


class Family(Part):
    """How far a threat reaches the family, by who controls the home and where the family is."""

    reach_government: Share = parameter(
        0.15,
        low=0,
        high=1,
        mechanisms="M09",
        off=0.0,
        source="model specification E7",
        doc="Perceived reach of threats to a family at home under government control.",
    )
    reach_contested: Share = parameter(
        0.62,
        low=0,
        high=1,
        mechanisms="M09",
        off=0.0,
        source="model specification E7",
        doc="The same in a contested place.",
    )
    reach_adversary: Share = parameter(
        1.0,
        low=0,
        high=1,
        mechanisms="M09",
        off=0.0,
        source="model specification E7",
        doc="The same where the adversary rules.",
    )
    reach_moved: Share = parameter(
        0.1,
        low=0,
        high=1,
        mechanisms="M09",
        off=0.0,
        source="model specification E7",
        doc="The same for a family that moved to safety ('agents everywhere').",
    )
    moving_rate: Rate = parameter(
        "0.003 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M10",
        off=0.0,
        prior="loguniform(0.0001 / h, 0.01 / h)",
        doc="Rate at which somebody with means, and fully threatened, moves the family away.",
    )
    moving_on_leave: Share = parameter(
        1.0,
        low=0,
        high=1,
        mechanisms="M10",
        doc="Willingness of those on leave relative to full; those on duty move at a fifth of it.",
    )
    house_taken: Share = parameter(
        0.5,
        low=0,
        high=1,
        mechanisms="M10",
        doc="Chance that the house left behind is seen to be taken, where the adversary is present.",
    )
