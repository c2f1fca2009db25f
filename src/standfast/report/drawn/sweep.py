"""A verdict over ranges of fields: a curve, or a phase diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.report.drawn.figure import Figure, number, records, short
from standfast.report.words import join, percent

if TYPE_CHECKING:
    from standfast.report.answers import StoredAnswer


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return its figures."""
    summary, table = answer.summary, answer.table
    axes = [str(each["name"]) for each in summary["vary"]]
    verdict = f"P({summary['verdict']})"
    what = f"{verdict} of {answer.place}"
    columns = (*axes, "Runs", what, "Share gone")
    rows = [
        [
            *(short(row[axis]) for axis in axes),
            str(int(row["runs"])),
            percent(row[verdict]),
            percent(row["share_gone"]),
        ]
        for row in records(table)
    ]
    if len(axes) == 2:
        cells = [
            [number(row[axes[0]]), number(row[axes[1]]), number(row[verdict])]
            for row in records(table)
        ]
        grid = summary.get("design") == "grid"
        note = "Blue: it comes in no run; brick: in all."
        return [
            Figure("phase", what, note, {"axes": axes, "cells": cells, "grid": grid}, columns, rows)
        ]
    note = "Dots: the share of the runs at one value, with its 95 % interval."
    return [
        Figure(
            "curve",
            f"{what} by {axis}",
            note,
            {
                "axis": axis,
                "unit": str(summary["vary"][k].get("unit") or ""),
                "what": what,
                "level": None,
                "range": [number(float(table[axis].min())), number(float(table[axis].max()))],
                "dots": [
                    [
                        number(row[axis]),
                        number(row[verdict]),
                        int(row["runs"]),
                        number(row["low"]),
                        number(row["high"]),
                    ]
                    for row in records(table)
                ],
                "line": [],
                "crossing": None,
                "twin": None,
            },
            columns if k == 0 else (),
            rows if k == 0 else [],
        )
        for k, axis in enumerate(axes)
    ]


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what it comes to."""
    verdict = f"P({answer.summary['verdict']})"
    shares = answer.table[verdict]
    axes = join([str(each["name"]) for each in answer.summary["vary"]])
    return (
        f"The chance of {answer.summary['verdict']} of {answer.place} lies between {percent(float(shares.min()))} "
        f"and {percent(float(shares.max()))} over the values of {axes} that were run."
    )
