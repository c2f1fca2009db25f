"""What measures would have changed, on the same people and draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.report.drawn.figure import Figure, number, ranges, records
from standfast.report.words import percent

if TYPE_CHECKING:
    from standfast.report.answers import StoredAnswer


COLLAPSE = "P(total collapse)"


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures."""
    table = answer.table
    place = str(answer.summary["place"])
    here = table[table["place"] == place]
    figures = []
    for quantity, title in (
        (COLLAPSE, "Chance of a total collapse"),
        ("P(held)", "Chance to hold"),
        ("share_gone", "Share gone at the end"),
    ):
        rows = [
            {
                "title": row["measure"],
                "value": row["change"],
                "low": row["low"],
                "high": row["high"],
            }
            for row in records(here[here["quantity"] == quantity])
        ]
        figures.append(
            ranges(
                title,
                f"Change in points at {answer.place} against doing nothing, on the same people and draws.",
                rows,
                head="Change in points",
            )
        )
    people = answer.more.get("people")
    if people is not None and len(people):  # else the measure changed nobody
        stayed = people.groupby("measure", sort=False)[["stayed", "left"]].sum()
        figures.append(
            Figure(
                "ranges",
                "Who stays because of it",
                "People of all garrisons who serve at the end with the measure and not without it, less those the other way round: the mean of a run.",
                {
                    "unit": "plain",
                    "rows": [
                        {
                            "title": str(name),
                            "value": number(row["stayed"] - row["left"]),
                            "low": None,
                            "high": None,
                        }
                        for name, row in stayed.iterrows()
                    ],
                },
                ("", "Stay", "Leave"),
                [
                    [str(name), f"{row['stayed']:.0f}", f"{row['left']:.0f}"]
                    for name, row in stayed.iterrows()
                ],
            )
        )
    return figures


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    here = answer.table[answer.table["place"] == answer.summary["place"]]
    changes = here.pivot_table(index="measure", columns="quantity", values="change", sort=False)
    if COLLAPSE not in changes:
        return f"Measures at {answer.place}"
    best = str(changes.sort_values([COLLAPSE, "share_gone"], kind="stable").index[0])
    row = records(here[(here["measure"] == best) & (here["quantity"] == COLLAPSE)])[0]
    if row["change"] >= 0:
        return f"None of the measures makes a total collapse of {answer.place} less likely."
    return (
        f"With {best}, the chance of a total collapse of {answer.place} goes from "
        f"{percent(row['without'])} to {percent(row['with'])}."
    )
