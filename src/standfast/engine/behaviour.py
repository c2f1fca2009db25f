"""Behavioural parameters as one flat record for the kernels, with switched-off mechanisms applied."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.kernels.mathematics import chance, exp
from standfast.scenario.mechanisms import MECHANISMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from standfast.scenario.model import Scenario

#: parameters that are off as soon as one of their mechanisms is, not only when all are
OFF_WITH_ANY = frozenset({"neighbour_rate"})


def parameters(scenario: Scenario) -> Iterator[tuple[str, str, float, list[str], float | None]]:
    """Yield (family, name, value, mechanisms, value when off) of every behavioural parameter."""
    behaviour = scenario.behaviour
    for family in type(behaviour).model_fields:
        part = getattr(behaviour, family)
        for name, field in type(part).model_fields.items():
            extra: Any = field.json_schema_extra
            yield family, name, float(getattr(part, name)), extra["mechanisms"], extra["off"]


def enabled(scenario: Scenario) -> dict[str, bool]:
    """Return whether each mechanism acts."""
    return {key: bool(getattr(scenario.mechanisms, key).enabled) for key in MECHANISMS}


def effective(scenario: Scenario) -> dict[str, float]:
    """Return every behavioural parameter by name, with the value it has when switched off.

    A parameter is off when every one of its mechanisms is switched off.
    """
    on = enabled(scenario)
    values = {}
    for _, name, value, mechanisms, off in parameters(scenario):
        switched = [on[key] for key in mechanisms]
        acts = all(switched) if name in OFF_WITH_ANY else any(switched)
        values[name] = value if acts or off is None else off
    return values


def build_behaviour(scenario: Scenario) -> NDArray[np.void]:
    """Return the parameter record, shape (1,), with the factors of a step worked out once.

    Beside the parameters by name it holds `dt` [h], `fade_*` = exp(-dt / tau) of every time
    constant, `reach` (perceived reach by control of the home), and M01 .. M41 as 0.0 or 1.0.
    """
    values = effective(scenario)
    on = enabled(scenario)
    dt = scenario.time.step
    extra: dict[str, float] = {key: float(flag) for key, flag in on.items()}
    extra["dt"] = dt
    for name, constant in {
        "fade_fear": values["fear_decay"],
        "fade_belief": values["belief_decay"],
        "fade_trust": values["trust_decay"],
        "fade_suspicion": values["suspicion_decay"],
        "fade_resolve": values["resolve_decay"],
        "fade_memory": values["memory"],
        "fade_order": values["order_decay"],
    }.items():
        extra[name] = float(exp(-dt / constant))
    if not on["M21"]:
        extra["fade_trust"] = 1.0  # confidence does not recover at all
    extra["back_from_leave"] = float(chance(dt / values["leave_length"]))
    extra["retrained"] = float(chance(dt / values["retraining"]))
    extra["sharpness"] = 1.0 / values["spread"]
    extra["perceived_step"] = float(chance(dt * values["perceived_rate"]))
    extra["mole_step"] = float(chance(dt * values["suspicion_of_moles"]))
    extra["trust_whole"] = values["trust_start"]
    columns = values | extra
    record = np.zeros(
        1, dtype=record_type(*((name, "f8") for name in columns), ("reach", "f8", (3,)))
    )
    for name, number in columns.items():
        record[name] = number
    record["reach"] = (
        values["reach_government"],
        values["reach_contested"],
        values["reach_adversary"],
    )
    # the same for compiled kernels; interpreted ones need it to read p.fear_decay
    return record.view(np.recarray)


@cache
def record_type(*fields: tuple[Any, ...]) -> np.dtype[np.void]:
    """Return the type of a record: one object for all, which kernels know again without comparing every name."""
    return np.dtype((np.record, list(fields)))
