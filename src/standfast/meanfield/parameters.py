"""The scenario's behavioural parameters as they act: switched-off mechanisms applied, and factors of a step."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.scenario.model import Scenario

#: exposure by neighbours needs both of its mechanisms; every other parameter acts with any of its own
NEEDS_ALL = "neighbour_rate"
FADING = {
    "fade_fear": "fear_decay",
    "fade_belief": "belief_decay",
    "fade_trust": "trust_decay",
    "fade_suspicion": "suspicion_decay",
    "fade_resolve": "resolve_decay",
    "fade_memory": "memory",
    "fade_order": "order_decay",
}


def is_on(scenario: Scenario, mechanism: str) -> bool:
    """Tell whether a mechanism acts."""
    return bool(getattr(scenario.mechanisms, mechanism).enabled)


def chance(exponent: float) -> float:
    """Return the probability that something of rate r happens within dt; `exponent` = r dt.

    Examples
    --------
    >>> round(chance(0.1), 4)
    0.0952
    """
    return -math.expm1(-exponent)


def read_parameters(scenario: Scenario) -> SimpleNamespace:
    """Return every behavioural parameter by its name, with what follows from it and the step.

    Beside the parameters it holds `dt` [h], `fade_*` = exp(-dt / tau), the switches by name, such as
    `M33`, and what is the same for all people, such as the mean number of contacts.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> read_parameters(load_scenario("garrison")).rate_max * 6
    1.0
    """
    p = SimpleNamespace(dt=scenario.time.step)
    for family in type(scenario.behaviour).model_fields:
        part = getattr(scenario.behaviour, family)
        for name, field in type(part).model_fields.items():
            extra: Any = field.json_schema_extra
            switches = [is_on(scenario, key) for key in extra["mechanisms"]]
            acts = all(switches) if name == NEEDS_ALL else any(switches)
            off = extra["off"]
            setattr(p, name, float(getattr(part, name) if acts or off is None else off))
    for name, constant in FADING.items():
        setattr(p, name, math.exp(-p.dt / getattr(p, constant)))
    for key in type(scenario.mechanisms).model_fields:
        setattr(p, key, is_on(scenario, key))
    if not p.M21:
        p.fade_trust = 1.0  # confidence does not recover at all
    _read_crowd(scenario, p)
    return p


def _read_crowd(scenario: Scenario, p: SimpleNamespace) -> None:
    """Add what is the same for all people: their contacts, means, phones and baseline of fear."""
    network, population = scenario.network, scenario.population
    p.kin_mean, p.phone_mean = network.kin_mean, network.phone_mean
    p.phone_unit, p.phone_home = network.phone_unit, network.phone_home
    p.phones, p.means = population.phones, population.means
    a, b = population.baseline_fear
    p.fear_baseline = a / (a + b)
    p.fear_variance = a * b / ((a + b) ** 2 * (a + b + 1))


def as_record(p: SimpleNamespace) -> NDArray[np.void]:
    """Return the same numbers for compiled loops, a structured array of one element.

    Examples
    --------
    >>> float(as_record(SimpleNamespace(dt=0.5, M33=True))["dt"][0])
    0.5
    """
    names = [(name, np.float64) for name in vars(p)]
    return np.array([tuple(float(value) for value in vars(p).values())], dtype=names)
