"""Invariants of values: shares and chances in [0, 1], nothing infinite, nothing negative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.testing.moment import AFTER_STEP, BEFORE_DRAWS, Invariant, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standfast.testing.moment import Moment

#: chances and shares of agents, units and places
SHARES = (
    "fear", "credibility", "trust", "resolve", "suspicion", "perceived", "company_left",
    "squad_fear", "company_fear", "infiltration", "threatened", "leaving_safety", "verified",
    "leaders_kept", "leave_cancelled", "guard", "company_trust_gain",
)  # fmt: skip
#: chances of a step by place, drawn against in the pass over agents
CHANCES = (
    "chance_message", "chance_targeted", "chance_mole", "chance_neighbour", "chance_harm",
    "chance_killed", "chance_fire", "leak", "hearsay", "answer",
)  # fmt: skip
NOT_NEGATIVE = (
    "squad_gone", "company_gone", "place_gone", "fighters", "defence", "attack", "weak_hours",
    "siege_hours", "wait_hours", "supply_km", "hold", "inmates", "allies", "volunteers",
    "volunteers_called", "refugees", "public_factor", "campaign", "column_men", "company_duty",
    "company_sums", "battalion_hit", "place_hit", "call_delay", "evacuation_gain", "count",
    "departures", "cause", "calls_open", "company_order", "company_stand", "company_call_up",
    "company_trust_hit", "loot", "intensity", "scripted",
)  # fmt: skip
#: what may be undefined or infinitely far: not lost yet, never ready, sent where no road leads
MAY_BE_ENDLESS = ("lost_hour", "ready_hour", "battalion_eta")
BELIEF_MOST = 8.0
FEAR_LEVELS = 16
#: most of those on duty that combat can take in a step, as `standfast.kernels.combat` says
MOST_KILLED = 0.2


def shares(moment: Moment) -> Iterator[str]:
    """Check that shares lie between 0 and 1, log-odds of belief within 8, announced fear within 16 levels."""
    for name in SHARES:
        values = moment.now[name]
        wrong = ~((values >= 0.0) & (values <= 1.0))
        if wrong.any():
            yield f"{name} is {values[wrong][0]}: {where(wrong)}"
    wrong = ~(np.abs(moment.now["belief"]) <= BELIEF_MOST)
    if wrong.any():
        yield f"belief is {moment.now['belief'][wrong][0]}: {where(wrong)}"
    if (moment.now["announced"] > FEAR_LEVELS).any():
        yield f"announced fear is beyond {FEAR_LEVELS}"


def finite(moment: Moment) -> Iterator[str]:
    """Check that every number of the state is finite, and amounts are not negative."""
    for name, values in moment.now.items():
        if values.dtype.kind != "f" or name in MAY_BE_ENDLESS or not values.flags.writeable:
            continue
        if not np.isfinite(values).all():
            yield f"{name} is not finite: {where(~np.isfinite(values))}"
    for name in NOT_NEGATIVE:
        if (moment.now[name] < 0).any():
            yield f"{name} is negative: {where(moment.now[name] < 0)}"


def chances(moment: Moment) -> Iterator[str]:
    """Check that before anybody draws, every chance of the step is a finite number between 0 and 1."""
    now = moment.now
    for name in CHANCES:
        wrong = ~((now[name] >= 0.0) & (now[name] <= 1.0))
        if wrong.any():
            yield f"{name} is {now[name][wrong][0]}: {where(wrong)}"
    if (now["chance_killed"] > MOST_KILLED).any():
        yield f"chance_killed is beyond {MOST_KILLED}: {where(now['chance_killed'] > MOST_KILLED)}"
    for name in ("fear", "trust", "resolve", "belief", "credibility", "commitment", "legitimacy"):
        if not np.isfinite(now[name]).all():
            yield f"{name}, which the chance of leaving rests on, is not finite"
    most = moment.behaviour["rate_max"] * moment.behaviour["dt"]
    if not 0.0 <= most < np.inf:
        yield f"the highest rate of leaving is {most} a step"


#: by name
RANGES: dict[str, Invariant] = {
    "shares": Invariant.of(shares, AFTER_STEP),
    "finite": Invariant.of(finite, AFTER_STEP),
    "chances": Invariant.of(chances, BEFORE_DRAWS),
}
