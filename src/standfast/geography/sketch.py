"""A map for terminals: outlines, roads, and places with their names, as characters.

Nothing here knows of colours: each cell says what it shows, and who prints it chooses how.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from standfast.geography.boundaries import load_boundaries
from standfast.geography.canvas import DOTS_ACROSS, DOTS_DOWN, Canvas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from standfast.geography.boundaries import Boundary
    from standfast.scenario.model import Scenario
    from standfast.scenario.places import Place

Kind = Literal["blank", "outline", "road", "government", "contested", "adversary", "region", "name"]

#: least present for each symbol of a place that the government holds
STRONG, MIDDLING = 5000, 1000
#: margin around the places, as a share of the larger side
MARGIN = 0.08


class Cell(NamedTuple):
    """A character and what it shows."""

    character: str
    kind: Kind


BLANK = Cell(" ", "blank")
#: what a name may be written over
_GROUND = ("blank", "outline", "road")


@dataclass(frozen=True)
class Sketch:
    """A map in characters.

    Attributes
    ----------
    rows
        Rows of cells, all of the same length.
    unnamed
        Places whose name found no room.
    kilometres
        What the width of a character stands for [km].
    """

    rows: tuple[tuple[Cell, ...], ...]
    unnamed: tuple[str, ...]
    kilometres: float

    def text(self) -> str:
        """Return the map without colours."""
        return "\n".join("".join(cell.character for cell in row).rstrip() for row in self.rows)


@dataclass(frozen=True)
class _Frame:
    """Degrees to dots, the same scale both ways (equirectangular at the middle latitude)."""

    west: float
    north: float
    squeeze: float
    scale: float

    def dot(self, latitude: float, longitude: float) -> tuple[float, float]:
        x = (longitude - self.west) * self.squeeze * self.scale
        return x, (self.north - latitude) * self.scale


def draw_sketch(
    scenario: Scenario,
    strength: Mapping[str, float],
    *,
    width: int = 100,
    height: int = 40,
    boundaries: Iterable[Boundary] | None = None,
) -> Sketch:
    """Draw the places of a scenario on a map.

    Parameters
    ----------
    scenario
        Its places and roads are drawn.
    strength
        Present at each place [people]; chooses symbols, and who is named first.
    width, height
        Size in characters; the map keeps its proportions and may need less height.
    boundaries
        Outlines to draw; None for those that ship.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> sketch = draw_sketch(load_scenario("garrison"), {"city": 2500}, width=40, height=12)
    >>> "• The city" in sketch.text()
    True
    """
    frame, height = _fit(scenario, width, height)
    outlines, roads = Canvas(width, height), Canvas(width, height)
    for boundary in load_boundaries() if boundaries is None else boundaries:
        for polygon in boundary.polygons:
            for ring in polygon:
                _draw_path([frame.dot(y, x) for x, y in ring], outlines)
    places = scenario.places
    for road in scenario.roads:
        ends = [places[name] for name in (road.start, road.end)]
        _draw_path([frame.dot(end.latitude, end.longitude) for end in ends], roads)
    grid = [[_ground(outlines, roads, row, col) for col in range(width)] for row in range(height)]
    unnamed = _set_places(grid, frame, places, strength)
    kilometres = DOTS_ACROSS / frame.scale * math.radians(6371.0088)
    return Sketch(tuple(tuple(row) for row in grid), unnamed, kilometres)


def symbol_of(place: Place, present: float) -> Cell:
    """Return how a place is shown: by who holds it, and by how many are there.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> places = load_scenario("mosul-2014").places
    >>> symbol_of(places["mosul"], 10_000).character, symbol_of(places["fallujah"], 0).character
    ('●', '✕')
    """
    if place.kind == "region":
        return Cell("◇", "region")
    if place.control != "government":
        return Cell("✕" if place.control == "adversary" else "◐", place.control)
    symbol = "●" if present >= STRONG else "•" if present >= MIDDLING else "∙"
    return Cell(symbol, "government")


def _fit(scenario: Scenario, width: int, height: int) -> tuple[_Frame, int]:
    latitudes = [place.latitude for place in scenario.places.values()]
    longitudes = [place.longitude for place in scenario.places.values()]
    south, north = min(latitudes), max(latitudes)
    west, east = min(longitudes), max(longitudes)
    squeeze = max(0.05, math.cos(math.radians((south + north) / 2)))
    margin = MARGIN * max(north - south, (east - west) * squeeze, 0.2)
    wide, tall = (east - west) * squeeze + 2 * margin, north - south + 2 * margin
    scale = min(width * DOTS_ACROSS / wide, height * DOTS_DOWN / tall)
    height = min(height, math.ceil(tall * scale / DOTS_DOWN))
    # what is left of the width goes to both sides
    spare = width * DOTS_ACROSS / scale - wide
    frame = _Frame(west - (margin + spare / 2) / squeeze, north + margin, squeeze, scale)
    return frame, height


def _draw_path(dots: list[tuple[float, float]], canvas: Canvas) -> None:
    for (x0, y0), (x1, y1) in pairwise(dots):
        canvas.line(x0, y0, x1, y1)


def _ground(outlines: Canvas, roads: Canvas, row: int, column: int) -> Cell:
    if roads.is_drawn(row, column):
        return Cell(roads.character(row, column), "road")
    if outlines.is_drawn(row, column):
        return Cell(outlines.character(row, column), "outline")
    return BLANK


def _set_places(
    grid: list[list[Cell]],
    frame: _Frame,
    places: Mapping[str, Place],
    strength: Mapping[str, float],
) -> tuple[str, ...]:
    """Set symbols, then names where there is room: the strong places choose first."""
    spots = {}
    weight = {name: (strength.get(name, 0.0), place.value) for name, place in places.items()}
    # the strongest is drawn last, so that it stays on top where symbols fall together
    for name in sorted(places, key=lambda name: weight[name]):
        place = places[name]
        x, y = frame.dot(place.latitude, place.longitude)
        spots[name] = int(y) // DOTS_DOWN, int(x) // DOTS_ACROSS
        row, column = spots[name]
        grid[row][column] = symbol_of(place, strength.get(name, 0.0))
    ranked = sorted(places, key=lambda name: weight[name], reverse=True)
    named: set[str] = set()
    # beside its symbol a name is plain to read, so every place tries that before any goes elsewhere
    for candidates in (_beside, _above_or_below):
        for name in ranked:
            title = places[name].title
            if name not in named and _set_name(grid, candidates(*spots[name], len(title)), title):
                named.add(name)
    return tuple(name for name in places if name not in named)


def _set_name(grid: list[list[Cell]], candidates: Iterable[_Spot], title: str) -> bool:
    for spot in candidates:
        start, end = spot.column, spot.column + len(title)
        if not 0 <= spot.row < len(grid) or start < 0 or end > len(grid[spot.row]):
            continue
        cells = grid[spot.row]
        # a blank on each side, so that no road runs into the letters
        before, after = max(0, start - 1), min(len(cells), end + 1)
        around = cells[max(0, start - spot.gap) : end + spot.gap]
        if all(cell.kind in _GROUND for cell in around):
            cells[before:after] = [BLANK] * (after - before)
            cells[start:end] = [Cell(letter, "name") for letter in title]
            return True
    return False


class _Spot(NamedTuple):
    """Where a name may begin, and how far it must stay from anything else."""

    row: int
    column: int
    gap: int


def _beside(row: int, column: int, length: int) -> Iterator[_Spot]:
    yield _Spot(row, column + 2, 1)
    yield _Spot(row, column - 1 - length, 1)


def _above_or_below(row: int, column: int, length: int) -> Iterator[_Spot]:
    for at_row in (row - 1, row + 1):
        # nearer to another symbol it would be read as the name of that one
        for start in (column + 1, column - length // 2, column - length):
            yield _Spot(at_row, start, 3)
