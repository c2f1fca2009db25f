"""The scenario's behavioural parameters, with switched-off mechanisms applied."""

from __future__ import annotations

from types import SimpleNamespace

from twin.numbers import chance, fade


def is_on(scenario, mechanism):
    """Tell whether a mechanism acts."""
    return getattr(scenario.mechanisms, mechanism).enabled


def read_parameters(scenario):
    """Return every parameter by its name, and the factors of a step.

    A parameter that belongs to several mechanisms is off when all of them are; exposure by
    neighbours needs both of its mechanisms.
    """
    p = SimpleNamespace(dt=scenario.time.step)
    for family in type(scenario.behaviour).model_fields:
        part = getattr(scenario.behaviour, family)
        for name, field in type(part).model_fields.items():
            of = [is_on(scenario, key) for key in field.json_schema_extra["mechanisms"]]
            acts = all(of) if name == "neighbour_rate" else any(of)
            when_off = field.json_schema_extra["off"]
            known = getattr(part, name) if acts or when_off is None else when_off
            setattr(p, name, float(known))
    for short, name in FADING.items():
        setattr(p, f"fade_{short}", fade(p.dt, getattr(p, name)))
    if not is_on(scenario, "M21"):
        p.fade_trust = 1.0
    p.back_from_leave = chance(p.dt / p.leave_length)
    p.reach = (p.reach_government, p.reach_contested, p.reach_adversary)
    return p


FADING = {
    "fear": "fear_decay",
    "belief": "belief_decay",
    "trust": "trust_decay",
    "suspicion": "suspicion_decay",
    "resolve": "resolve_decay",
    "memory": "memory",
    "order": "order_decay",
}
