"""Where it tips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.report.drawn.figure import Figure, number, records, short
from standfast.report.words import percent

if TYPE_CHECKING:
    from standfast.report.answers import StoredAnswer


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures."""
    summary, table = answer.summary, answer.table
    crossing = summary.get("tipping_point") or None
    twin = (summary.get("mean_field") or {}).get("value")
    axis, what = str(summary["vary"]), f"P({summary['verdict']}) of {answer.place}"
    figures = [
        Figure(
            "curve",
            f"{what} by {axis}",
            "Dots: runs at one value, as large as they are many. Line: what is believed after all of them. "
            "Band: where it crosses, 95 %."
            + (" Dashed: where the mean-field twin turns." if twin is not None else ""),
            {
                "axis": axis,
                "unit": summary.get("unit", ""),
                "what": what,
                "level": summary["level"],
                "range": summary["range"],
                "dots": [
                    [number(row["value"]), number(row["share"]), int(row["runs"])]
                    for row in records(table)
                ],
                "line": [[number(row["value"]), number(row["fitted"])] for row in records(table)],
                "crossing": crossing and [crossing[key] for key in ("value", "low", "high")],
                "twin": twin,
            },
            (axis, "Runs", what, "Fitted"),
            [
                [
                    short(row["value"]),
                    str(int(row["runs"])),
                    percent(row["share"]),
                    percent(row["fitted"]),
                ]
                for row in records(table)
            ],
        )
    ]
    there = answer.more.get("hysteresis")
    if there is not None:
        mean = there.groupby(["way", "value"], sort=False)["serving"].mean()
        ways = list(dict.fromkeys(there["way"]))
        values = sorted(set(there["value"]))
        figures.append(
            Figure(
                "lines",
                "There and back",
                "Share serving at the end of each hold, in one run without dated events: where the two lines part, what was lost does not come back by itself.",
                {
                    "axis": axis,
                    "lines": [
                        {
                            "title": str(way),
                            "points": [
                                [number(v), number(float(mean.loc[way, v]))] for v in values
                            ],
                        }
                        for way in ways
                    ],
                },
                (axis, *map(str, ways)),
                [[short(v), *(percent(float(mean.loc[way, v])) for way in ways)] for v in values],
            )
        )
    return figures


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    summary = answer.summary
    what = f"The chance of {summary['verdict']} of {answer.place}"
    crossing = summary.get("tipping_point")
    low, high = summary["range"]
    if not crossing:
        return f"{what} does not cross {percent(summary['level'])} for {summary['vary']} between {short(low)} and {short(high)}."
    at = " to ".join(short(crossing[key]) for key in ("low", "high"))
    return f"{what} crosses {percent(summary['level'])} at {summary['vary']} = {short(crossing['value'])} ({at})."
