"""The closed lists of words that scenario, engine and results share; order is part of the format.

The integer codes in `standfast.kernels.status` follow the order of these tuples (a test compares
them), so that a result can be labelled without loading the kernels.
"""

from __future__ import annotations

STATUS = (
    "duty",
    "leave",
    "hiding",
    "displaced",
    "renounced",
    "abroad",
    "defected",
    "dead",
    "captured",
    "back",
    "ghost",
)
#: statuses of people who serve
SERVING = ("duty", "leave", "back")
#: statuses of people who left, the ways out
EXITS = ("hiding", "displaced", "renounced", "abroad", "defected")

#: terms of the pressure to leave (E13) that proximate attribution tells apart
TERMS = (
    "fear",
    "family",
    "belief",
    "trust",
    "comrades",
    "suspicion",
    "order",
    "resolve",
    "safety",
    "cross_pressure",
    "baseline",
)
#: where an agent's home is: at the post; elsewhere under adversary influence; elsewhere
HOME_KINDS = ("local", "influenced", "elsewhere")

CONTROL = ("government", "contested", "adversary")

#: what the event log of a run may hold
LOG_KINDS = (
    "attack",
    "assault_begins",
    "place_lost",
    "column_sets_out",
    "column_arrives",
    "halt",
    "call",
    "call_answered",
    "call_refused",
    "call_unanswered",
    "reinforcement_arrives",
    "commanders_leave",
    "mass_message",
    "order",
    "evacuation",
    "rout",
    "call_up",
    "breach",
    "prison_break",
    "mobilisation",
    "ultimatum",
    "leaving_safety",
    "treachery_rumour",
    "intervention",
    "attack_breaks_off",
    "intensify",
)

#: readings per hour and place: name -> (unit, description)
PLACE_READINGS = {
    "present": ("1", "people on duty at the place, whatever their garrison of origin"),
    "trust": ("1", "mean trust in command of those on duty there"),
    "fear": ("1", "mean fear of those on duty there"),
    "belief": ("1", "mean probability they give to the force holding"),
    "wavering": ("1", "share of those on duty there who waver"),
    "defence": ("soldiers of full effort", "defending power"),
    "attack": ("soldiers of full effort", "attacking power in contact"),
    "control": ("code", "0 government, 1 contested, 2 adversary"),
    "fighters": ("people", "adversary fighters at the place"),
    "volunteers": ("people", "volunteers at the place"),
    "refugees": ("people", "civilians who fled the place so far"),
    "infiltration": ("1", "reach of the adversary's informers"),
    "calls_open": ("1", "calls for reinforcement waiting"),
    "calls_answered": ("1", "calls answered so far"),
    "calls_unanswered": ("1", "calls refused or left unanswered so far"),
}
#: readings per battalion
UNIT_READINGS = {
    "unit_serving": ("people", "people of the battalion serving"),
    "unit_trust": ("1", "mean trust in command of those serving"),
    "unit_fear": ("1", "mean fear of those serving"),
}
