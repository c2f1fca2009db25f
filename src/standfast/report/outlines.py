"""Land, borders and rivers behind a map, as paths on its sheet."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from standfast.geography.boundaries import Boundary, load_boundaries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.report.projection import Point, Sheet


@dataclass(frozen=True)
class Outlines:
    """SVG paths in the units of the sheet; empty where nothing that ships reaches.

    Attributes
    ----------
    home
        The country that most places lie in.
    borders
        Every outline that crosses the sheet.
    rivers
        Every shipped river that crosses the sheet.
    """

    home: str
    borders: str
    rivers: str


def outlines_around(sheet: Sheet, points: Sequence[Point]) -> Outlines:
    """Return the outlines on a sheet whose places lie at these (longitude, latitude)."""
    boundaries = load_boundaries()
    inside: Counter[int] = Counter()
    for longitude, latitude in points:
        for i, boundary in enumerate(boundaries):
            if boundary.contains(latitude, longitude):
                inside[i] += 1
    home = [boundaries[inside.most_common(1)[0][0]]] if inside else []
    return Outlines(
        home=sheet.path(_rings(home), closed=True),
        borders=sheet.path(_rings(boundaries), closed=True),
        rivers=sheet.path(load_rivers(), closed=False),
    )


def _rings(boundaries: Sequence[Boundary]) -> list[Sequence[Point]]:
    return [ring for boundary in boundaries for polygon in boundary.polygons for ring in polygon]


@cache
def load_rivers() -> tuple[tuple[Point, ...], ...]:
    """Return the courses of the rivers that ship, as (longitude, latitude).

    Tigris and Euphrates, from Natural Earth (public domain).

    Examples
    --------
    >>> len(load_rivers())
    2
    """
    text = files("standfast.report").joinpath("rivers.geojson").read_text(encoding="utf-8")
    return tuple(
        tuple((float(x), float(y)) for x, y in feature["geometry"]["coordinates"])
        for feature in json.loads(text)["features"]
    )
