"""What an answer shows: a small table of texts, for the terminal and for a notebook alike."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from standfast.results.words import NOTHING, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from standfast.experiment.paired import Estimate

_CELL = "padding:.15em .8em .15em 0"


@dataclass(frozen=True)
class Shown:
    """A table of texts with a headline and notes.

    Attributes
    ----------
    title
        The answer in a sentence.
    columns
        Heads; the first column is text, the others are numbers.
    rows
        As many texts each as there are columns.
    notes
        Sentences below it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def renderable(self) -> RenderableType:
        """Return it for a rich console."""
        return Group(*self.parts())

    def parts(self) -> list[RenderableType]:
        """Return its headline, table and notes."""
        parts: list[RenderableType] = [Text(self.title, style="bold")]
        if self.rows:
            table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
            for k, head in enumerate(self.columns):
                # what does not fit goes on in the next line; nothing is cut
                table.add_column(head, justify="left" if k == 0 else "right", overflow="fold")
            for row in self.rows:
                table.add_row(*(Text(cell) for cell in row))
            parts.append(table)
        if self.notes:
            parts.append(Text("\n".join(self.notes)))
        return parts

    def html(self) -> str:
        """Return it for a notebook."""
        head = "".join(f'<th style="{_CELL}">{escape(text)}</th>' for text in self.columns)
        body = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) + "</tr>"
            for row in self.rows
        )
        notes = "<br>".join(escape(note) for note in self.notes)
        return (
            f"<div><p><b>{escape(self.title)}</b></p><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table><p><small>{notes}<br>"
            "Synthetic people; no forecast.</small></p></div>"
        )


def stacked(tables: Sequence[Shown]) -> RenderableType:
    """Return several tables one below the other."""
    return Group(*(part for table in tables for part in table.parts()))


def points(estimate: Estimate) -> str:
    """Return a change of a share in points of a hundred, with its interval.

    Examples
    --------
    >>> from standfast.experiment.paired import Estimate
    >>> points(Estimate(-0.25, -0.31, -0.18))
    '-25.0 (-31.0 to -18.0)'
    """
    return between(100 * estimate.value, 100 * estimate.low, 100 * estimate.high)


def between(value: float, low: float, high: float) -> str:
    """Return a change and its interval, with as many digits as the interval deserves.

    Examples
    --------
    >>> between(12.345, 10.1, 14.2), between(0.0123, 0.011, 0.0135), between(3.0, float("nan"), 1)
    ('+12.3 (10.1 to 14.2)', '+0.0123 (0.0110 to 0.0135)', '+3')
    """
    if value != value:  # noqa: PLR0124  NaN
        return NOTHING
    if low != low or high != high:  # noqa: PLR0124  NaN
        return f"{value:+.3g}"
    digits = _digits(high - low)
    return f"{value:+,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def _digits(width: float) -> int:
    if width >= 20 or width <= 0:
        return 0
    digits = 0
    while width < 20 and digits < 6:
        width *= 10
        digits += 1
    return digits


def times(ratio: float | None) -> str:
    """Return a ratio of runs for people.

    Examples
    --------
    >>> times(None), times(2.34), times(4100.0), times(float("inf"))
    ('-', '2.3', '>1000', '>1000')
    """
    if ratio is None:
        return NOTHING
    return ">1000" if ratio > 1000 else f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"


def chance(estimate: Estimate) -> str:
    """Return a probability with its interval, as per cent."""
    low, high = (percent(each).removesuffix(" %") for each in (estimate.low, estimate.high))
    return f"{percent(estimate.value)} ({low} to {high})"
