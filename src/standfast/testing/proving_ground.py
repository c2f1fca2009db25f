"""A small case in which every mechanism has something to do: for tests of switches and directions.

Four places along a coast road, 3,200 names, six days: a city that falls, a town that hears of it and
is next, a fort where the front halts, and a region out of reach. Invented and
assumed throughout; its parameters are its own, so that tuning a default does not move it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standfast.scenario.tree import Plain

_PLACES: dict[str, Any] = {
    "port": {
        "title": "The port",
        "latitude": 1.0,
        "longitude": 3.0,
        "kind": "city",
        "population": 40_000,
        "support": 0.5,
        "infiltration": 0.4,
        "hostility": 0.05,
        "value": 5.0,
        "encirclement": 0.5,
        "prison": {"inmates": 300, "fighters": 0.5},
    },
    "ford": {
        "title": "The ford",
        "latitude": 0.75,
        "longitude": 3.1,
        "population": 20_000,
        "support": 0.4,
        "infiltration": 0.25,
        "value": 2.0,
        "prison": {"inmates": 200, "fighters": 0.5},
    },
    "fort": {
        "title": "The fort",
        "latitude": 0.45,
        "longitude": 3.3,
        "population": 30_000,
        "support": 0.1,
        "infiltration": 0.1,
        "hostility": 0.5,
        "defensibility": 1.5,
    },
    "uplands": {
        "title": "The uplands",
        "latitude": -0.4,
        "longitude": 4.2,
        "kind": "region",
        "population": 500_000,
        "support": 0.05,
        "infiltration": 0.05,
    },
}
_ROADS = (
    {"start": "port", "end": "ford", "length": "30 km"},
    {"start": "ford", "end": "fort", "length": "40 km"},
    {"start": "fort", "end": "uplands", "length": "140 km"},
)
_GROUPS = {
    "coast": {"title": "Coast people", "legitimacy": 0.3},
    "upland": {"title": "Upland people", "legitimacy": 0.8, "home_region": ["fort", "uplands"]},
}
_FORCES: dict[str, Any] = {
    "port-brigade": {
        "title": "Port brigade",
        "branch": "army",
        "place": "port",
        "paper": 1000,
        "homes": {"uplands": 0.6, "ford": 0.2, "port": 0.2},
        "groups": {"upland": 0.6, "coast": 0.4},
        "corruption": 0.6,
    },
    "port-police": {
        "title": "Port police",
        "branch": "local_police",
        "place": "port",
        "paper": 800,
        "homes": {"port": 1.0},
        "groups": {"coast": 1.0},
        "quality": 0.4,
        "unit_scheme": "police",
    },
    "ford-police": {
        "title": "Federal police at the ford",
        "branch": "federal_police",
        "place": "ford",
        "paper": 400,
        "homes": {"ford": 0.3, "port": 0.3, "uplands": 0.4},
        "groups": {"coast": 0.6, "upland": 0.4},
    },
    "fort-brigade": {
        "title": "Fort brigade",
        "branch": "army",
        "place": "fort",
        "paper": 1000,
        "homes": {"uplands": 0.7, "fort": 0.3},
        "groups": {"upland": 1.0},
        "quality": 0.7,
        "corruption": 0.2,
        "reserve": True,
    },
}
_EVENTS: tuple[dict[str, Any], ...] = (
    {"id": "leak", "kind": "breach", "at": "12 h", "place": "port", "share": 0.3},
    {
        "id": "assault",
        "kind": "attack",
        "at": "30 h",
        "place": "port",
        "fighters": 300,
        "intensity": 0.5,
    },
    {"id": "stand", "kind": "order", "at": "32 h", "place": "port", "order": "stand"},
    {"id": "alarm", "kind": "mass_message", "at": "44 h", "places": ["port", "ford"], "reach": 0.3},
    {"id": "storm", "kind": "intensify", "at": "54 h", "place": "port", "intensity": 1.0},
    {"id": "go", "kind": "commanders_leave", "at": "48 h", "place": "port", "share": 0.6},
    {"id": "home", "kind": "order", "at": "51 h", "place": "port", "order": "leave", "share": 0.6},
    {"id": "call-up", "kind": "call_up", "at": "80 h", "places": ["ford", "fort"]},
    {"id": "volunteers", "kind": "mobilisation", "at": "84 h", "place": "fort", "volunteers": 600},
    {"id": "pardon", "kind": "leaving_safety", "at": "90 h", "place": "ford", "change": 0.2},
)
_INTERVENTIONS = (
    {"kind": "verified_channel", "size": 1.0, "places": ["ford", "fort"]},
    {"kind": "answer_calls", "size": 0.15, "delay": "3 h", "places": ["port"]},
)
#: every behavioural parameter, so that tuning a default does not move the case
# fmt: off
_PINNED: dict[str, dict[str, Any]] = {
    "information": {
        "broadcast_rate": "0.0015 / h", "targeted_rate": "0.004 / h", "campaign_rear": 1.0,
        "campaign_contested": 10.0, "campaign_lead": "72 h",
        "phone_contact_rate": "0.25 / h", "squad_contact_rate": "1 / h",
        "kin_contact_rate": "0.1 / h", "public_contact_rate": "0.05 / h",
        "civilian_carry": 4.0, "stifle_probability": 0.6, "news_seed_share": 0.01,
        "monitoring_silence": 0.8, "correction_rate": "0.002 / h",
        "reassurance_by_correction": 0.3, "distance_scale": "250 km", "home_weight": 1.0,
        "weight_floor": 0.15, "copy_discount": 0.7, "fear_of_alarm": 0.25, "alarm_doubt": 0.0,
        "fear_of_fall": 0.4, "fear_of_flight": 0.2, "fear_of_prison": 0.1,
        "fear_of_treachery": 0.08, "treachery_after_fall": 0.7, "forget_rate": "0 / h",
        "contact_growth": 0.0,
    },
    "fear": {
        "fear_decay": "100 h", "contagion_rate": "0.06 / h", "amplification": 0.35,
        "upward_bias": 0.7, "weight_squad": 0.55, "weight_company": 0.2,
        "weight_phone": 0.15, "weight_kin": 0.1, "shock_message": 0.04,
        "shock_targeted": 0.25, "shock_combat": 0.05, "fire_rate": "0.08 / h",
        "shock_harm": 0.15, "relief_by_reinforcement": 0.2,
    },
    "exposure": {
        "infiltration_growth": "0.01 / d", "mole_rate": "0.0003 / h",
        "neighbour_rate": "0.01 / h", "breach_rate": "3e-05 / h", "breach_share": 0.5,
        "credibility_gain": 0.25, "credibility_loss": 0.15, "perceived_by_message": 0.35,
        "perceived_by_harm": 0.3, "perceived_rate": "0.0005 / h", "harm_rate": "0.001 / h",
        "harm_killed_share": 0.05, "ultimatum_period": "24 h", "ultimatum_kept": 0.7,
        "ultimatum_gain": 0.25,
    },
    "family": {
        "reach_government": 0.15, "reach_contested": 0.5, "reach_adversary": 1.0,
        "reach_moved": 0.1, "moving_rate": "0.003 / h", "moving_on_leave": 1.0,
        "house_taken": 0.5,
    },
    "belief": {
        "belief_start": 2.0, "belief_decay": "200 h", "belief_of_fall": 3.0,
        "belief_of_alarm": 0.6, "belief_of_flight": 2.5, "belief_of_prison": 0.3,
        "belief_of_treachery": 0.5, "belief_of_departures": 2.5, "belief_of_friend": 0.4,
        "belief_of_reinforcement": 1.0, "belief_of_call_unanswered": 0.8,
        "belief_of_stand_order": 0.5, "belief_of_volunteers": 0.8,
    },
    "trust": {
        "trust_start": 0.75, "trust_lost_to_corruption": 0.5, "trust_decay": "1440 h",
        "trust_loss": 0.4, "trust_gain": 0.15, "trust_loss_flight": 0.5,
        "trust_loss_fall": 0.2, "severity_refusal": 1.0, "severity_silence": 0.6,
        "spill_battalion": 0.5, "spill_place": 0.15, "suspicion_decay": "480 h",
        "suspicion_of_moles": "0.01 / h", "suspicion_of_treachery": 0.3,
        "suspicion_of_flight": 0.2, "suspicion_isolates": 0.5,
    },
    "command": {
        "call_ratio": 6.0, "call_rate": "0.05 / h", "call_patience": "24 h",
        "dispatch_delay": "8 h", "dispatch_spread": 0.5, "answer_probability": 0.004,
        "refusal_probability": 0.3, "flight_rate": "0.05 / h", "flight_ratio": 1.2,
        "commander_resolve": 0.4, "order_decay": "36 h", "order_by_flight": 1.0,
        "order_by_refusal": 0.5, "order_by_call_up": 0.6, "evacuation_skill": 0.25,
    },
    "resolve": {
        "resolve_start": 0.6, "resolve_spread": 0.15, "resolve_decay": "2880 h",
        "resolve_of_trust": 0.5, "combat_exhaustion": "5280 h",
    },
    "comrades": {
        "peer_squad": 8.0, "peer_company": 4.0, "peer_phone": 0.0, "peer_kin": 0.0, "peer_norm": 0.3,
        "memory": "72 h",
    },
    "decision": {
        "rate_max": "0.16666666666666666 / h", "commitment": 8.0, "spread": 1.0,
        "commitment_federal_police": -0.8, "commitment_local_police": -1.6,
        "commitment_militia": 1.5, "commitment_of_service": 0.05,
        "commitment_of_volunteers": 0.4, "commitment_of_quality": 2.0, "home_defence": 1.5,
        "weight_fear": 4.5, "weight_family": 3.0, "weight_belief": 3.0, "weight_trust": 3.0,
        "weight_resolve": 1.5, "weight_suspicion": 1.0, "weight_order": 4.0,
        "weight_punishment": 1.0, "punishment_capacity": 0.1, "weight_leaving_safety": 1.0,
        "wavering_pressure": -4.0, "cross_pressure": 0.5,
    },
    "exits": {
        "hide_base": 1.0, "hide_exposed": -4.0, "refuge_base": 1.0, "refuge_family": 1.5,
        "renounce_base": -1.0, "renounce_threat": 3.0, "abroad_base": -3.0,
        "abroad_means": 2.0, "abroad_threat": 1.5, "defect_base": -3.5,
        "defect_support": 2.5, "defect_suspicion": 2.0, "defect_resolve": -3.0,
        "flight_risk": 0.02, "flight_capture": 0.02, "night_cover": 0.5, "blend_in": 0.5,
        "leave_length": "168 h", "leave_pull": 0.7,
    },
    "combat": {
        "attacker_power": 5.0, "defender_loss_rate": "0.0008 / h",
        "attacker_loss_rate": "0.0002 / h", "lanchester_exponent": 1.0,
        "captured_share": 0.1, "break_ratio": 0.25, "break_time": "6 h",
        "least_present": 0.15, "fall_captured": 0.03, "skill_range": 0.6,
    },
    "front": {
        "loot_half": 8000.0, "loot_exponent": 0.3, "prisoners_join": 0.4,
        "allies_rate": "0.02 / h", "allies_share": 0.0015, "advance_speed": "18 km/h",
        "regroup": "2 h", "garrison_share": 0.25, "strike_least": 40.0, "support_drag": 0.6,
        "assault_ratio": 1.6, "halt_time": "24 h", "halt_far": "400 km",
        "refugees_share": 0.25, "refugees_rate": "0.05 / h", "road_slowing": 0.08,
    },
    "recovery": {
        "return_rate": "0.002 / h", "amnesty": 0.0, "retraining": "60 d", "volunteer_skill": 0.35,
        "volunteer_rate": "0.02 / h", "residents_defend": 0.01,
    },
}
# fmt: on


def proving_ground(changes: Mapping[str, Plain] | None = None, /, **more: Plain) -> Scenario:
    """Return the proving ground, with values changed by dotted path as `Scenario.with_` does.

    Parameters
    ----------
    changes, **more
        New values by dotted path, written as in a scenario file.

    Examples
    --------
    >>> proving_ground({"time.horizon": "2 d"}).time.horizon
    48.0
    """
    scenario = Scenario.model_validate(
        {
            "standfast": 1,
            "scenario": "proving-ground",
            "title": "Three garrisons on a coast road",
            "time": {
                "start": "2030-03-01T00:00",
                "horizon": "6 d",
                "step": "1 h",
                "reference_event": "assault",
            },
            "places": _PLACES,
            "roads": _ROADS,
            "groups": _GROUPS,
            "forces": _FORCES,
            "behaviour": _PINNED,
            "adversary": {"fighters": {"port": 40}},
            "events": _EVENTS,
            "interventions": _INTERVENTIONS,
        },
        strict=False,
    )
    return scenario.with_(changes, **more) if changes or more else scenario
