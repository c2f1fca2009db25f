"""Smoke over a place under attack: who cannot see what happens fears more and hopes less.

An invented mechanism, to show how one is written; it has no source and no evidence.
"""

from __future__ import annotations

from standfast import kernel
from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Share, parameter

#: what it remembers from step to step, beside the arrays that every run has
STATE = {"haze": "place"}


class Parameters(Part):
    """How fast smoke gathers and clears, and what it does."""

    gathers: Duration = parameter(
        "6 h", low="1 h", high="30 d", mechanisms="smoke",
        doc="Time in which smoke gathers where there is fighting.",
    )  # fmt: skip
    fear: Share = parameter(
        0.05, low=0, high=1, mechanisms="smoke", off=0.0,
        doc="Fear that thick smoke adds in an hour, as a share of the calm that is left.",
    )  # fmt: skip


@kernel
def advance(parameters, company_start, company_battalion, battalion_place, contact, haze, fear):
    """Let smoke gather or clear at every place, and frighten those who stand in it."""
    p = parameters[0]
    for place in range(haze.size):
        haze[place] += (float(contact[place]) - haze[place]) * min(1.0, p.dt / p.gathers)
    for company in range(company_battalion.size):
        shock = p.fear * p.dt * haze[battalion_place[company_battalion[company]]]
        for i in range(company_start[company], company_start[company + 1]):
            fear[i] += (1.0 - fear[i]) * min(1.0, shock)
