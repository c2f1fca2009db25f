"""Return to service and volunteers (E21, E22). M32 M39."""

from __future__ import annotations

from standfast.scenario.base import Part
from standfast.scenario.quantities import Duration, Number, Rate, Share, parameter


class Recovery(Part):
    """Who comes back, and who comes forward."""

    return_rate: Rate = parameter(
        "0.0006 / h",
        low="0 / h",
        high="100 / h",
        mechanisms="M32",
        off=0.0,
        grade="B",
        source="11,000 of 30,000 re-registered in about 110 days",
        doc="Rate of return of somebody hidden or displaced, trusting and safe.",
    )
    amnesty: Number = parameter(
        0.0, low=-40, high=40, mechanisms="M32", doc="Effect of amnesty or sanction on returning."
    )
    retraining: Duration = parameter(
        "60 d",
        low="0.01 h",
        high="10 y",
        mechanisms="M32",
        source="model specification E22",
        doc="Mean time in the rear before somebody who came back serves in his unit again, if there "
        "is one.",
    )
    volunteer_skill: Number = parameter(
        0.35,
        low=0,
        high=2,
        mechanisms="M39",
        off=0.0,
        doc="Power of a volunteer in soldiers of full effort.",
    )
    volunteer_rate: Rate = parameter(
        "0.02 / h",
        low="0 / h",
        high="1 / h",
        mechanisms="M39",
        doc="Rate at which called volunteers arrive.",
    )
    residents_defend: Share = parameter(
        0.01,
        low=0,
        high=1,
        mechanisms="M39",
        off=0.0,
        doc="Share of a place's people who take up arms for it at full hostility to the adversary.",
    )
