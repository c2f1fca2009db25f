"""What to draw of an answer: figures as plain data, one for each question that was put.

The page draws them; the numbers in a figure are those of the answer's table, and nothing is
computed here but their order.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.report.words import percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

#: longer lists of ranges are cut, the largest first
MOST_RANGES = 16


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes
    ----------
    kind
        How it is drawn: ``"ranges"``, ``"curve"``, ``"boxes"`` and so on, as `web/src/figures.js` names it.
    title
        What it shows, in a few words.
    note
        What one must know to read it.
    data
        What is drawn.
    columns, rows
        The same as a table, for readers without scripts.
    """

    kind: str
    title: str
    note: str
    data: dict[str, Any]
    columns: tuple[str, ...]
    rows: list[list[str]]

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        return asdict(self)


def number(value: float) -> float | None:
    """Return a number as JSON holds it: six digits, None for what is not finite.

    Examples
    --------
    >>> number(1 / 3), number(float("nan"))
    (0.333333, None)
    """
    return float(f"{value:.6g}") if np.isfinite(value) else None


def short(value: float) -> str:
    """Write a value of an axis.

    Examples
    --------
    >>> short(0.07142857), short(1600.0)
    ('0.0714', '1600')
    """
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def points(value: float) -> str:
    """Write a change of a share in points of a hundred.

    Examples
    --------
    >>> points(-0.25), points(0.004)
    ('−25', '+0.4')
    >>> points(0.0)
    '0'
    """
    scaled = 100 * value
    if abs(scaled) < 0.05:
        return "0"
    text = f"{scaled:+.1f}" if abs(scaled) < 9.95 else f"{scaled:+.0f}"
    return text.replace("-", "−")


def ranges(
    title: str, note: str, rows: Iterable[dict[str, Any]], *, unit: str = "points", head: str = ""
) -> Figure:
    """Return a figure of values with their intervals, one below the other.

    Parameters
    ----------
    title, note
        As in `Figure`.
    rows
        Each with `title`, `value`, `low` and `high`.
    unit
        ``"points"``: a change of a share; ``"share"``; ``"plain"``.
    head
        What the values are, for the table.
    """
    write = {"points": points, "share": percent, "plain": short}[unit]
    known = [row for row in rows if np.isfinite(row["value"])]
    return Figure(
        "ranges",
        title,
        note,
        {
            "unit": unit,
            "rows": [
                {"title": row["title"]}
                | {key: number(row[key]) for key in ("value", "low", "high")}
                for row in known
            ],
        },
        ("", head or title, "95 %"),
        [
            [
                row["title"],
                write(row["value"]),
                f"{write(row['low'])} to {write(row['high'])}" if np.isfinite(row["low"]) else "",
            ]
            for row in known
        ],
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
