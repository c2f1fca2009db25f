"""Where the names on the map go, so that none covers another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: anchor of the text, and its offset in units of the distance from the disc
_SIDES: tuple[tuple[str, float, float], ...] = (
    ("start", 1.0, 0.0),
    ("end", -1.0, 0.0),
    ("middle", 0.0, 1.0),
    ("middle", 0.0, -1.0),
    ("start", 0.75, 0.75),
    ("start", 0.75, -0.75),
    ("end", -0.75, 0.75),
    ("end", -0.75, -0.75),
)


@dataclass(frozen=True)
class Disc:
    """A place on the map that wants its name beside it."""

    x: float
    y: float
    radius: float
    title: str


@dataclass(frozen=True)
class Label:
    """Where a name goes: its baseline point and anchor."""

    x: float
    y: float
    anchor: str


Box = tuple[float, float, float, float]


def place_labels(
    discs: Sequence[Disc], *, size: float, width: float, height: float
) -> list[Label | None]:
    """Give each disc a label in turn, or None where there is no room; the first have precedence.

    Parameters
    ----------
    discs
        In order of importance.
    size
        Type size [units of the map].
    width, height
        Size of the map, which no label leaves.

    Examples
    --------
    >>> place_labels([Disc(50, 50, 5, "Here")], size=10, width=200, height=100)
    [Label(x=60.0, y=53.4, anchor='start')]
    """
    taken: list[Box] = [_around(disc) for disc in discs]
    labels: list[Label | None] = []
    for disc in discs:
        label, box = _first_free(disc, taken, size, (0.0, 0.0, width, height))
        labels.append(label)
        if box:
            taken.append(box)
    return labels


def _around(disc: Disc) -> Box:
    # a little smaller than the disc: text may graze its edge
    reach = disc.radius * 0.85
    return disc.x - reach, disc.y - reach, disc.x + reach, disc.y + reach


def _first_free(
    disc: Disc, taken: Sequence[Box], size: float, sheet: Box
) -> tuple[Label | None, Box | None]:
    length = 0.53 * size * len(disc.title)
    for anchor, right, down in _SIDES:
        gap = disc.radius + size * 0.5
        x = disc.x + right * gap
        y = disc.y + down * (gap + size * 0.3) + size * 0.34
        left = {"start": x, "end": x - length, "middle": x - length / 2}[anchor]
        box = (left, y - 0.8 * size, left + length, y + 0.25 * size)
        inside = (
            box[0] >= sheet[0] and box[1] >= sheet[1] and box[2] <= sheet[2] and box[3] <= sheet[3]
        )
        if inside and not any(_overlap(box, other) for other in taken):
            return Label(round(x, 1), round(y, 1), anchor), box
    return None, None


def _overlap(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
