r"""Garrisons in which everybody who leaves is replaced at once, run by the production engine.

Hazard :math:`h=h_{\max}\sigma(-a+wS)`, memory of the company's departures :math:`\dot S=h-S/\tau`. In
the engine who leaves in a step is back in the rear in the next (return rate 100 an hour, amnesty)
and on duty in the one after (no retraining), so that he misses two decisions:
:math:`S\leftarrow Se^{-\Delta t/\tau}+xp`, :math:`p=1-e^{-h\Delta t}`, with a share
:math:`x=1/(1+2p)` on duty. Against the equation, S is larger by about
:math:`\Delta t/2\tau-\tfrac52h\Delta t`, which goes to 0 with the step.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from crowds import companies, plan_of

from standfast.engine.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence


def garrisons(
    commitments: Sequence[float],
    people: int,
    *,
    rate_max: float,
    tau: float,
    weight: float,
    dt: float = 1.0,
) -> Run:
    """Return a run of companies of so many people, each with its own commitment."""
    behaviour = {
        "decision": {"rate_max": f"{rate_max!r} / h", "commitment": 0.0},
        "comrades": {"peer_squad": 0.0, "peer_company": weight, "memory": f"{tau!r} h"},
        "recovery": {"return_rate": "100 / h", "amnesty": 40.0, "retraining": "0.01 h"},
    }
    number = people * len(commitments)
    return Run(
        plan_of(
            number, np.repeat(commitments, people), behaviour, on=("M22", "M32"),
            scheme=companies(people, len(commitments)), step=f"{dt!r} h", horizon="1 y",
        ),
        0,
    )  # fmt: skip


def memory(run: Run) -> np.ndarray:
    """Return the memory of departures of every company."""
    gone: np.ndarray = run.arrays["company_gone"]
    return gone


def advance(run: Run, hours: float) -> None:
    """Advance by so many hours."""
    for _ in range(round(hours / run.plan.scenario.time.step)):
        run.advance()


def step_map(
    s: float, commitment: float, rate_max: float, tau: float, weight: float, dt: float
) -> float:
    """Return the memory after a step, without chance."""
    p = -math.expm1(-rate_max * dt / (1.0 + math.exp(commitment - weight * s)))
    return s * math.exp(-dt / tau) + p / (1.0 + 2.0 * p)
