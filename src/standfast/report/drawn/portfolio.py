"""The cheapest set of measures that keeps the risk under a bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.report.drawn.figure import Figure, number, records, short
from standfast.report.words import percent

if TYPE_CHECKING:
    from standfast.report.answers import StoredAnswer


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures."""
    judged = [row for row in records(answer.table) if row["judged"]]
    what = f"P({answer.summary['verdict']}) of {answer.place}"
    return [
        Figure(
            "front",
            f"Cost and {what}",
            "Each dot is a set of measures, judged by fresh runs, with its 95 % interval. Filled and joined: no other "
            "set is both cheaper and safer. Dotted: the bound.",
            {
                "bound": number(float(answer.summary["bound"])),
                "what": what,
                "dots": [
                    {
                        "title": str(row["set"]),
                        "front": bool(row["front"]),
                        "cost": number(row["cost"]),
                        "risk": [number(row[key]) for key in ("risk", "risk_low", "risk_high")],
                    }
                    for row in judged
                ],
            },
            ("Set", "Cost", what, "95 %", "On the front"),
            [
                [
                    str(row["set"]),
                    short(row["cost"]),
                    percent(row["risk"]),
                    f"{percent(row['risk_low'])} to {percent(row['risk_high'])}",
                    "yes" if row["front"] else "",
                ]
                for row in sorted(judged, key=lambda row: (row["cost"], row["risk"]))
            ],
        )
    ]


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    summary = answer.summary
    bound, found = percent(summary["bound"]), summary.get("cheapest_surely")
    what = f"the chance of {summary['verdict']} of {answer.place}"
    if found:
        return f"{found['set']}, at a cost of {short(found['cost'])}, surely keeps {what} under {bound}."
    likely = summary.get("cheapest")
    if likely and np.isfinite(likely["cost"]):
        return f"{likely['set']} keeps {what} under {bound} in these runs, but not surely."
    return f"No set of these measures keeps {what} under {bound}."
