"""Resolve and endurance (E12). M23."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Number, Share, parameter


class Resolve(Part):
    """Personal will to fight, apart from what decides whether somebody stays."""

    resolve_start: Share = parameter(
        0.6, low=0, high=1, mechanisms="M23", doc="Mean resolve of a force in quiet times."
    )
    resolve_spread: Share = parameter(
        0.15, low=0, high=0.5, mechanisms="M23", doc="Standard deviation of resolve between people."
    )
    resolve_decay: Duration = parameter(
        "120 d",
        low="1 d",
        high="5 y",
        mechanisms="M23",
        prior="loguniform(60 d, 365 d)",
        doc="Time constant of resolve.",
    )
    resolve_of_trust: Number = parameter(
        0.5, low=0, high=3, mechanisms="M23", doc="Resolve lost in the long run per trust lost."
    )
    combat_exhaustion: Duration = parameter(
        "220 d",
        low="1 d",
        high="5 y",
        mechanisms="M23",
        source="Appel and Beebe 1946 (200-240 combat days)",
        grade="B",
        doc="Days in combat after which resolve is spent.",
    )
