"""The map of a scenario: land, roads, places and their names, laid out once for every use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standfast.report.labels import Disc, Label, place_labels
from standfast.report.outlines import Outlines, outlines_around
from standfast.report.projection import WIDTH, Sheet, fit_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.report.view import View

#: radius of the largest garrison's disc, and the least of any [units of the sheet]
LARGEST, SMALLEST = 36.0, 3.2
#: type sizes that names are laid out for: the map as wide as the page, and narrow
SIZES = {"wide": 14.5, "narrow": 29.0}


@dataclass(frozen=True)
class Spot:
    """A place on the map; `garrison` is its index in the view, -1 where nobody serves."""

    place: str
    title: str
    x: float
    y: float
    radius: float
    garrison: int
    kind: str


@dataclass(frozen=True)
class MapSheet:
    """Everything on the map that does not change with the hour."""

    sheet: Sheet
    outlines: Outlines
    spots: tuple[Spot, ...]
    roads: tuple[tuple[int, int], ...]
    labels: dict[str, list[Label | None]]


def build_sheet(view: View) -> MapSheet:
    """Lay out the map: which piece of the earth, where the discs and names go."""
    places = view.scenario.places
    shown = [name for name in places if name in view.garrisons or places[name].kind != "region"]
    # home regions far off would shrink the front to a corner
    framed = [name for name in shown if places[name].kind != "region"] or shown
    points = [(places[name].longitude, places[name].latitude) for name in framed]
    sheet = fit_sheet(points)
    most = max(view.people, default=1.0)
    spots = []
    for name in shown:
        garrison = view.garrisons.index(name) if name in view.garrisons else -1
        x, y = sheet.place(places[name].longitude, places[name].latitude)
        if not (0 <= x <= WIDTH and 0 <= y <= sheet.height):
            continue
        people = view.people[garrison] if garrison >= 0 else 0.0
        spots.append(
            Spot(name, places[name].title, round(x, 1), round(y, 1), radius_of(people, most),
                 garrison, places[name].kind)
        )  # fmt: skip
    spots.sort(key=lambda spot: -spot.radius)
    position = {spot.place: i for i, spot in enumerate(spots)}
    roads = tuple(
        (position[road.start], position[road.end])
        for road in view.scenario.roads
        if road.start in position and road.end in position
    )
    labels = {name: _labels(view, spots, size, sheet) for name, size in SIZES.items()}
    return MapSheet(sheet, outlines_around(sheet, points), tuple(spots), roads, labels)


def radius_of(people: float, most: float) -> float:
    """Radius of a disc whose area stands for people, though small garrisons stay visible.

    Examples
    --------
    >>> radius_of(100.0, 100.0), radius_of(25.0, 100.0), radius_of(0.0, 100.0)
    (36.0, 18.0, 3.2)
    """
    return round(max(SMALLEST, LARGEST * math.sqrt(people / most)), 1)


def _labels(view: View, spots: Sequence[Spot], size: float, sheet: Sheet) -> list[Label | None]:
    focus = view.garrisons[view.focus]
    # the place of the headline is named first, then the large ones, sites and bases last
    order = sorted(
        range(len(spots)),
        key=lambda i: (
            spots[i].place != focus,
            spots[i].kind in ("site", "base"),
            -spots[i].radius,
        ),
    )
    discs = [Disc(spots[i].x, spots[i].y, spots[i].radius, spots[i].title) for i in order]
    found = place_labels(discs, size=size, width=WIDTH, height=sheet.height)
    labels: list[Label | None] = [None] * len(spots)
    for i, label in zip(order, found, strict=True):
        labels[i] = label
    return labels
