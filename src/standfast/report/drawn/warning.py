"""What warns of a fall, and how long before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.report.drawn.figure import Figure, number, ranges, records
from standfast.report.words import hours

if TYPE_CHECKING:
    from standfast.report.answers import StoredAnswer

#: curves of one figure; more cannot be told apart
MOST_CURVES = 4


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures."""
    table = answer.table
    if table.empty:
        return []
    first = table[table["kind"] == table["kind"].iloc[0]]
    lead = float(answer.summary["shuffled"]["lead_h"] if answer.summary.get("shuffled") else 24.0)
    lead = float(min(set(first["lead_h"]), key=lambda each: abs(each - lead)))
    at = first[first["lead_h"] == lead].sort_values("auc", ascending=False, kind="stable")
    rows = [row | {"title": row["series"], "value": row["auc"]} for row in records(at)]
    drawn = [
        ranges(
            f"How well each reading tells, {hours(lead)} before",
            f"{str(first['kind'].iloc[0]).capitalize()}: chance that a run that falls looks worse at that hour "
            "than one that never does; one half is a guess.",
            rows,
            unit="share",
            head="Area under the curve",
        )
    ]
    points = answer.more.get("curves")
    if points is not None and len(points):
        drawn.append(_roc(answer, [str(row["series"]) for row in rows[:MOST_CURVES]], lead))
    return drawn


def _roc(answer: StoredAnswer, names: list[str], lead: float) -> Figure:
    """Return the curves of the series that tell most."""
    points = answer.more["curves"]
    lines = [
        {
            "title": name,
            "points": [
                [number(row["false_alarms"]), number(row["recognised"])]
                for row in records(points[points["series"] == name])
            ],
        }
        for name in names
        if (points["series"] == name).any()
    ]
    return Figure(
        "roc",
        f"Falls recognised and false alarms, {hours(lead)} before",
        "Each point is a bound above which the reading raises an alarm; the diagonal is a guess.",
        {"lines": lines},
        (),
        [],
    )


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    if answer.table.empty:
        return f"Too few runs of {answer.place} fell, or too few held, to look for warnings."
    best = records(answer.table.sort_values("auc", ascending=False, kind="stable"))[0]
    return (
        f"{best['series']} tells most: {hours(best['lead_h'])} before a fall of {answer.place} its area under the "
        f"curve is {best['auc']:.2f} ({best['low']:.2f} to {best['high']:.2f})."
    )
