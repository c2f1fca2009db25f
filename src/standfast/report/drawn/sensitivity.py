"""Which fields matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.report.drawn.figure import MOST_RANGES, Figure, ranges, records

if TYPE_CHECKING:
    from standfast.report.answers import StoredAnswer


_INDICES = {
    "mu*": "mean size of an elementary effect (mu*)",
    "sigma": "spread of elementary effects (sigma)",
    "S1": "share of the variance alone (S1)",
    "ST": "share of the variance with all it acts through (ST)",
}


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures."""
    figures = []
    for (outcome, index), frame in answer.table.groupby(["outcome", "index"], sort=False):
        rows = sorted(records(frame), key=lambda row: -row["value"])[:MOST_RANGES]
        name = _INDICES.get(str(index), str(index))
        figures.append(
            ranges(
                f"{outcome}: {name}",
                f"{str(answer.summary['method']).capitalize()}; 95 % intervals.",
                [row | {"title": row["factor"]} for row in rows],
                unit="plain",
                head=name,
            )
        )
    return figures


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    first = answer.table[answer.table["outcome"] == answer.table["outcome"].iloc[0]]
    ranked = records(first.sort_values("value", ascending=False, kind="stable"))
    return f"Of what was varied, {ranked[0]['factor']} matters most for {ranked[0]['outcome']} of {answer.place}."
