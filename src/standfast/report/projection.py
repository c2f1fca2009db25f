"""Longitude and latitude to a sheet of paper: Mercator, fitted to the places of a scenario."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Point = tuple[float, float]

#: width of the sheet [units]; everything on the map is drawn in these
WIDTH = 760.0
#: bounds of height over width, so that a line of towns still makes a map
FLAT, TALL = 0.62, 1.05
#: free room around the places, as a share of their extent
MARGIN = 0.13


def mercator(longitude: float, latitude: float) -> Point:
    """Project one point; in radians, north up.

    Examples
    --------
    >>> mercator(0.0, 45.0)[1] < mercator(0.0, 44.0)[1] < 0
    True
    """
    bounded = math.radians(max(-85.0, min(85.0, latitude)))
    return math.radians(longitude), -math.log(math.tan(math.pi / 4 + bounded / 2))


@dataclass(frozen=True)
class Sheet:
    """The piece of the plane that is shown, and its scale."""

    left: float
    top: float
    scale: float
    height: float

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a point of the earth lies on the sheet [units]."""
        x, y = mercator(longitude, latitude)
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def path(self, rings: Iterable[Sequence[Point]], *, closed: bool) -> str:
        """Write lines of (longitude, latitude) as an SVG path; those off the sheet are left out."""
        parts = []
        for ring in rings:
            points = _thin([self.place(*point) for point in ring])
            if len(points) < 2 or not self._touches(points):
                continue
            text = "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
            parts.append(f"M{text}{'Z' if closed else ''}")
        return "".join(parts)

    def _touches(self, points: Sequence[Point]) -> bool:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return max(xs) > 0 and min(xs) < WIDTH and max(ys) > 0 and min(ys) < self.height


def _thin(points: Sequence[Point], least: float = 0.7) -> list[Point]:
    """Drop points nearer than `least` to the one before: nobody sees them."""
    kept = list(points[:1])
    for point in points[1:]:
        if math.dist(point, kept[-1]) >= least:
            kept.append(point)
    return kept


def fit_sheet(points: Sequence[Point]) -> Sheet:
    """Choose the sheet that shows every (longitude, latitude) with some room around.

    Examples
    --------
    >>> sheet = fit_sheet([(43.1, 36.3), (44.4, 33.3)])
    >>> all(0 < x < WIDTH and 0 < y < sheet.height
    ...     for x, y in (sheet.place(43.1, 36.3), sheet.place(44.4, 33.3)))
    True
    """
    projected = [mercator(*point) for point in points]
    xs, ys = [x for x, _ in projected], [y for _, y in projected]
    # a single place still gets about a degree of country around it
    width = max(max(xs) - min(xs), 0.03) * (1 + 2 * MARGIN)
    height = max(max(ys) - min(ys), 0.03 * FLAT) * (1 + 2 * MARGIN)
    width = max(width, height / TALL)
    height = max(height, width * FLAT)
    scale = WIDTH / width
    return Sheet(
        left=(max(xs) + min(xs) - width) / 2,
        top=(max(ys) + min(ys) - height) / 2,
        scale=scale,
        height=round(height * scale, 1),
    )
