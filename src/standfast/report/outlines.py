"""Land and borders behind a map, as paths on its sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from standfast.geography.boundaries import Boundary, load_boundaries
from standfast.report.projection import Point, Sheet


@dataclass(frozen=True)
class Outlines:
    """SVG paths in the units of the sheet; empty where the shipped outlines do not reach.

    Attributes
    ----------
    home
        The country that most places lie in.
    borders
        Every outline that crosses the sheet.
    """

    home: str
    borders: str


def outlines_around(sheet: Sheet, points: Sequence[Point]) -> Outlines:
    """Return the outlines on a sheet whose places lie at these (longitude, latitude)."""
    boundaries = load_boundaries()
    inside: Counter[int] = Counter()
    for longitude, latitude in points:
        for i, boundary in enumerate(boundaries):
            if boundary.contains(latitude, longitude):
                inside[i] += 1
    home = boundaries[inside.most_common(1)[0][0]] if inside else None
    return Outlines(
        home=_path(sheet, (home,) if home else ()), borders=_path(sheet, boundaries)
    )


def _path(sheet: Sheet, boundaries: Sequence[Boundary]) -> str:
    rings = [ring for boundary in boundaries for polygon in boundary.polygons for ring in polygon]
    return sheet.path(rings, closed=True)
