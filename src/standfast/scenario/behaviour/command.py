"""Command: calls, reserves, flight of commanders, orders (E11, E17). M13 M14 M15 M17 M19."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Number, Rate, Share, parameter


class Command(Part):
    """How calls for help are answered, when commanders go, and what orders do."""

    call_ratio: Number = parameter(
        6.0,
        low=0,
        high=20,
        mechanisms="M13",
        off=0.0,
        doc="Perceived ratio of own to enemy strength under which a company calls for help.",
    )
    call_rate: Rate = parameter(
        "0.05 / h",
        low="0 / h",
        high="4 / h",
        mechanisms="M13",
        doc="Rate at which a company that feels too weak makes its call.",
    )
    call_patience: Duration = parameter(
        "24 h",
        low="1 h",
        high="30 d",
        mechanisms="M13",
        doc="Mean time a company waits for an answer.",
    )
    dispatch_delay: Duration = parameter(
        "8 h",
        low="0 h",
        high="30 d",
        mechanisms="M13",
        prior="uniform(4 h, 36 h)",
        source="model specification E11",
        doc="Median delay before a reserve battalion sets out.",
    )
    dispatch_spread: Number = parameter(
        0.5, low=0, high=3, mechanisms="M13", doc="Sigma of the log of the dispatch delay."
    )
    answer_probability: Share = parameter(
        0.004,
        low=0,
        high=1,
        mechanisms="M13",
        off=0.0,
        source="source article P5",
        grade="C",
        doc="Chance that headquarters sends a free reserve when called.",
    )
    refusal_probability: Share = parameter(
        0.3,
        low=0,
        high=1,
        mechanisms="M14",
        off=0.0,
        prior="uniform(0, 1)",
        source="source article P5",
        grade="C",
        doc="Chance that a call that is not served is refused outright, not met by silence.",
    )
    flight_rate: Rate = parameter(
        "0.083 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M15",
        off=0.0,
        prior="uniform(0 / h, 0.1 / h)",
        doc="Rate at which a battalion's commanders leave under an assault they expect to lose.",
    )
    flight_ratio: Number = parameter(
        0.91,
        low=0,
        high=20,
        mechanisms="M15",
        prior="uniform(1, 2)",
        doc="Perceived ratio of strength under which commanders may leave.",
    )
    commander_resolve: Share = parameter(
        0.4,
        low=0,
        high=1,
        mechanisms="M15",
        doc="Resolve of commanders; 1 means that they never leave of themselves.",
    )
    order_decay: Duration = parameter(
        "36 h",
        low="1 h",
        high="60 d",
        mechanisms="M17 M19",
        doc="Time constant with which the push of an order fades.",
    )
    order_by_flight: Number = parameter(
        0.57,
        low=0,
        high=3,
        mechanisms="M15",
        off=0.0,
        source="model specification section 6",
        grade="C",
        doc="Push towards leaving when one's commanders have left: no orders work like an order.",
    )
    order_by_refusal: Number = parameter(
        0.5,
        low=0,
        high=3,
        mechanisms="M14",
        off=0.0,
        source="source article P5",
        grade="C",
        doc="Push towards leaving on 'you are on your own'.",
    )
    order_by_call_up: Number = parameter(
        0.6,
        low=0,
        high=3,
        mechanisms="M19",
        off=0.0,
        source="source article P13, P14",
        grade="C",
        doc="Push towards leaving at the moment of being called up to fight, in proportion to fear.",
    )
    evacuation_skill: Share = parameter(
        0.25,
        low=0,
        high=1,
        mechanisms="M17",
        doc="Chance that a battalion of average quality and full trust evacuates in good order.",
    )
