"""Belief that the force will hold (E9). M24, and the weights of M02 M15 M22 M13."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Number, parameter


class Belief(Part):
    """Log-odds L of the belief that the force will hold, and what moves it."""

    belief_start: Number = parameter(
        2.0,
        low=-5,
        high=8,
        mechanisms="M24",
        doc="Log-odds of the belief to hold in quiet times.",
    )
    belief_decay: Duration = parameter(
        "200 h",
        low="1 h",
        high="1 y",
        mechanisms="M24",
        prior="loguniform(72 h, 480 h)",
        doc="Time constant of the return of belief to its starting point.",
    )
    belief_of_fall: Number = parameter(
        3.0,
        low=0,
        high=8,
        mechanisms="M02",
        off=0.0,
        prior="uniform(0.4, 2)",
        doc="Loss of log-odds on news of a fall at full weight.",
    )
    belief_of_alarm: Number = parameter(
        0.8,
        low=0,
        high=8,
        mechanisms="M01",
        off=0.0,
        doc="Loss on an alarm at full weight.",
    )
    belief_of_flight: Number = parameter(
        0.95,
        low=0,
        high=8,
        mechanisms="M15",
        off=0.0,
        prior="uniform(0.5, 3)",
        doc="Loss on learning that one's own commanders left.",
    )
    belief_of_prison: Number = parameter(
        0.3, low=0, high=8, mechanisms="M36", off=0.0, doc="Loss on news of a prison break."
    )
    belief_of_treachery: Number = parameter(
        0.5, low=0, high=8, mechanisms="M03", off=0.0, doc="Loss on a rumour of treachery."
    )
    belief_of_departures: Number = parameter(
        3.3,
        low=0,
        high=20,
        mechanisms="M22",
        off=0.0,
        doc="Loss per share of the company seen to leave.",
    )
    belief_of_friend: Number = parameter(
        0.4,
        low=0,
        high=8,
        mechanisms="M22",
        off=0.0,
        doc="Loss when all of one's friends elsewhere have left, in proportion.",
    )
    belief_of_reinforcement: Number = parameter(
        1.0,
        low=0,
        high=8,
        mechanisms="M13",
        off=0.0,
        prior="uniform(0.2, 1.5)",
        doc="Gain on seeing reinforcement arrive.",
    )
    belief_of_call_unanswered: Number = parameter(
        0.8,
        low=0,
        high=8,
        mechanisms="M14",
        off=0.0,
        doc="Loss on 'you are on your own', at full severity.",
    )
    belief_of_stand_order: Number = parameter(
        0.5,
        low=0,
        high=8,
        mechanisms="M17",
        off=0.0,
        doc="Gain on an order to stand, times the trust above one half.",
    )
    belief_of_volunteers: Number = parameter(
        0.8,
        low=0,
        high=8,
        mechanisms="M39",
        off=0.0,
        doc="Gain where volunteers arrive, at as many volunteers as soldiers.",
    )
