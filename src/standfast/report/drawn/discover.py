"""Boxes: under which conditions a verdict comes, and how often outside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.experiment.discover_shown import in_words
from standfast.report.drawn.figure import Figure, number, records, short
from standfast.report.words import percent

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from standfast.report.answers import StoredAnswer

    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Shares:
    """How often the verdict came in a box and outside it, among the points the box was found in.

    Attributes
    ----------
    inside, outside
        Shares of runs [1]; None where there is no such point.
    """

    inside: float | None
    outside: float | None


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures: the boxes, and what density costs in coverage."""
    found = [_boxes(answer)] if answer.summary["boxes"] else []
    way = answer.more.get("way")
    return found + ([_way(way)] if way is not None and len(way) > 1 else [])


def shares_of(answer: StoredAnswer) -> list[Shares]:
    """Return the shares of each box; those in an earlier one belong to that."""
    points = answer.more["points"]
    came = points[f"P({answer.summary['verdict']})"].to_numpy(dtype=float)
    left = np.ones(len(points), dtype=bool)
    found = []
    for k in range(1, len(answer.summary["boxes"]) + 1):
        held = _holds(points, answer.table[answer.table["box"] == k])
        found.append(Shares(_mean(came[left & held]), _mean(came[left & ~held])))
        left &= ~held
    return found


def _holds(points: pd.DataFrame, limits: pd.DataFrame) -> Flags:
    held = np.ones(len(points), dtype=bool)
    for row in records(limits):
        values = points[row["field"]]
        if row["without"]:
            held &= ~values.astype(str).isin(str(row["without"]).split(",")).to_numpy(dtype=bool)
        else:
            numbers = values.to_numpy(dtype=float)
            held &= (numbers >= row["low"]) & (numbers <= row["high"])
    return held


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(values.mean()) if values.size else None


def _boxes(answer: StoredAnswer) -> Figure:
    verdict = answer.summary["verdict"]
    boxes, rows = [], []
    for k, (summary, shares) in enumerate(
        zip(answer.summary["boxes"], shares_of(answer), strict=True), start=1
    ):
        limits = [
            _limit(row, answer.more["points"])
            for row in records(answer.table[answer.table["box"] == k])
        ]
        boxes.append(
            {
                "title": f"Box {k}" + ("" if summary["claimed"] else ", perhaps luck"),
                "claimed": summary["claimed"],
                "inside": shares.inside,
                "outside": shares.outside,
                "coverage": summary["coverage"],
                "mass": summary["mass"],
                "limits": limits,
            }
        )
        shown = [shares.inside, shares.outside, summary["coverage"], summary["mass"]]
        rows += [
            [str(k), each["title"], each["says"], *map(percent, shown)]
            for each in limits or [{"title": "no field", "says": ""}]
        ]
    return Figure(
        "boxes",
        f"When {verdict} comes at {answer.place}",
        "Upper bars: the share of runs in which it comes inside a box (its density), and outside. Below: what the "
        "box asks of each field, within the range that was tried; thin: where its edges lie in other samples.",
        {"boxes": boxes},
        ("Box", "Field", "Asks for", "Inside", "Outside", "Coverage", "Of the points"),
        rows,
    )


def _limit(row: dict[str, Any], points: pd.DataFrame) -> dict[str, Any]:
    """Return what a box asks of a field; ends that it leaves open are None."""
    title = f"{row['field']} [{row['unit']}]" if row["unit"] not in ("", "1") else str(row["field"])
    if row["without"]:
        return {"title": title, "says": f"not {row['without']}", "range": None}
    values = points[row["field"]].to_numpy(dtype=float)
    low, high = number(row["low"]), number(row["high"])
    written = ["" if end is None else short(end) for end in (low, high)]
    both = low is not None and high is not None
    says = (
        " to ".join(written)
        if both
        else f"at {'least' if high is None else 'most'} {''.join(written)}"
    )
    return {
        "title": title,
        "says": says,
        "range": [number(values.min()), number(values.max())],
        "ends": [low, high],
        "spread": [
            [number(row[f"{end}_from"]), number(row[f"{end}_to"])] for end in ("low", "high")
        ],
    }


def _way(way: pd.DataFrame) -> Figure:
    ordered = way.iloc[::-1]  # the last is everything, at full coverage
    return Figure(
        "lines",
        "What density costs in coverage",
        "Each dot is a box on the way from everything to the densest. Coverage: of all runs in which it came, the share "
        "that lies inside. Density: how often it comes inside.",
        {
            "axis": "coverage",
            "lines": [
                {
                    "title": "density",
                    "points": [
                        [number(row["coverage"]), number(row["density"])]
                        for row in records(ordered)
                    ],
                }
            ],
        },
        ("Coverage", "Density", "Of the points", "Fields limited"),
        [
            [*(percent(row[key]) for key in ("coverage", "density", "mass")), str(row["fields"])]
            for row in records(ordered)
        ],
    )


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    summary = answer.summary
    what = f"{summary['verdict']} of {answer.place}"
    if not summary["boxes"]:
        return f"{what} came {'always' if summary['share'] == 1 else 'never'}, so no condition decides."
    first, shares = summary["boxes"][0], shares_of(answer)[0]
    if not first["claimed"]:
        return f"No condition on what was varied surely decides {what}."
    outside = f", and in {percent(shares.outside)} elsewhere" if shares.outside is not None else ""
    return f"{what} comes in {percent(shares.inside)} of runs when {in_words(first['conditions'])}{outside}."
