"""Why they left: what weighed on people, beside what made the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.experiment.why_shown import ONE_OFF, PROXIMATE, SHAPLEY
from standfast.report.drawn.figure import MOST_RANGES, Figure, points, ranges, records
from standfast.report.words import TERM_TITLES

if TYPE_CHECKING:
    from standfast.report.answers import StoredAnswer


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures."""
    rows = records(answer.table)
    near = [
        row | {"title": TERM_TITLES.get(row["name"], row["title"])}
        for row in rows
        if row["kind"] == PROXIMATE
    ]
    groups = [row for row in rows if row["kind"] == SHAPLEY]
    singles = sorted(
        (row for row in rows if row["kind"] == ONE_OFF), key=lambda row: -abs(row["value"])
    )
    figures = [
        ranges(
            "What weighed at the moment of leaving",
            "Proximate: the share of the pressure to leave.",
            [row for row in near if row["value"] >= 0.0005],
            unit="share",
            head="Share of the pressure",
        )
    ]
    if groups:
        figures.append(
            ranges(
                "What made the difference",
                f"Causal: points of the share gone at {answer.place} that each group of mechanisms brings "
                "(Shapley values; they add up to the whole).",
                groups,
                head="Points of the share gone",
            )
        )
    if singles:
        figures.append(
            ranges(
                "Each mechanism alone",
                f"Points of the share gone at {answer.place} that are not lost with this mechanism switched off, "
                f"same people and draws; the {min(MOST_RANGES, len(singles))} largest of {len(singles)}.",
                [
                    row | {"title": f"{row['title']} ({row['name']})"}
                    for row in singles[:MOST_RANGES]
                ],
                head="Points of the share gone",
            )
        )
    return figures


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    rows = records(answer.table)
    groups = sorted((row for row in rows if row["kind"] == SHAPLEY), key=lambda row: -row["value"])
    singles = sorted((row for row in rows if row["kind"] == ONE_OFF), key=lambda row: -row["value"])
    best = groups or singles
    if not best:
        return "What weighed on those who left"
    return (
        f"{best[0]['title'].capitalize()} made the largest difference: {points(best[0]['value'])} "
        f"points of the share gone at {answer.place}."
    )
