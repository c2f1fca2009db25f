"""Polygons out of a GeoJSON document (RFC 7946), with every problem named by its path."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from standfast.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

#: (longitude, latitude) corners [degrees], the last like the first
Ring = tuple[tuple[float, float], ...]
#: the outer ring, then holes
Polygon = tuple[Ring, ...]

MAX_DEPTH = 8
_LISTS = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
_PASSED_OVER = ("Point", "MultiPoint", "LineString", "MultiLineString")


def read_polygons(
    document: object, problems: list[Problem]
) -> list[tuple[str, tuple[Polygon, ...]]]:
    """Collect the named polygons of a document, and what is wrong with it.

    Parameters
    ----------
    document
        Decoded JSON of any shape.
    problems
        *Extended* by what was found; with problems the result is not to be used.

    Examples
    --------
    >>> ring = [[43, 35], [44, 35], [44, 36], [43, 35]]
    >>> problems = []
    >>> read_polygons({"type": "Polygon", "coordinates": [ring]}, problems)[0][1][0][0][1]
    (44.0, 35.0)
    """
    found = []
    for name, geometry, where in _geometries(document, "", "", problems, MAX_DEPTH):
        if polygons := _polygons(geometry, where, problems):
            found.append((name, polygons))
    if not problems and not found:
        problems.append(
            Problem("", "holds no Polygon or MultiPolygon", "Export areas, not points or lines.")
        )
    return found


def _geometries(
    item: object, name: str, where: str, problems: list[Problem], depth: int
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Walk down to the areas, each with the name of its feature and its path."""
    members = item if isinstance(item, dict) and depth > 0 else {}
    kind = members.get("type")
    kind = kind if isinstance(kind, str) else None
    if kind in _LISTS:
        key = _LISTS[kind]
        children = members.get(key)
        if not isinstance(children, list):
            problems.append(
                Problem(_join(where, key), "is not a list", f"A {kind} lists its {key}.")
            )
            return
        for i, child in enumerate(children):
            yield from _geometries(child, name, _join(where, f"{key}[{i}]"), problems, depth - 1)
    elif kind == "Feature":
        geometry = members.get("geometry")
        if geometry is not None:
            where = _join(where, "geometry")
            yield from _geometries(geometry, _name_of(members), where, problems, depth - 1)
    elif kind in ("Polygon", "MultiPolygon"):
        yield name, members, where
    elif kind not in _PASSED_OVER:
        says = "is missing" if kind is None else "is not a type of GeoJSON"
        advice = "A map is a FeatureCollection of Polygon or MultiPolygon features (RFC 7946)."
        problems.append(Problem(_join(where, "type"), says, advice))


def _name_of(feature: dict[str, Any]) -> str:
    properties = feature.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    return name[:120] if isinstance(name, str) else ""


def _polygons(geometry: dict[str, Any], where: str, problems: list[Problem]) -> tuple[Polygon, ...]:
    where = _join(where, "coordinates")
    parts = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        polygon = _polygon(parts, where, problems)
        return (polygon,) if polygon else ()
    if not isinstance(parts, list):
        problems.append(Problem(where, "is not a list", "A MultiPolygon is a list of polygons."))
        return ()
    made = [_polygon(part, f"{where}[{i}]", problems) for i, part in enumerate(parts)]
    return tuple(polygon for polygon in made if polygon)


def _polygon(rings: object, where: str, problems: list[Problem]) -> Polygon:
    if not isinstance(rings, list):
        problems.append(Problem(where, "is not a list", "A polygon is a list of rings."))
        return ()
    return tuple(_ring(ring, f"{where}[{i}]", problems) for i, ring in enumerate(rings))


def _ring(corners: object, where: str, problems: list[Problem]) -> Ring:
    if not isinstance(corners, list) or len(corners) < 4:
        advice = "A ring has four corners or more, the last like the first."
        problems.append(Problem(where, "is no ring", advice))
        return ()
    points = [_point(corner) for corner in corners]
    if None in points:
        at = f"{where}[{points.index(None)}]"
        says = "is no longitude and latitude in degrees"
        advice = "Write [longitude, latitude], such as [43.12, 36.34]; export as WGS 84."
        problems.append(Problem(at, says, advice))
        return ()
    ring = tuple(point for point in points if point is not None)
    return ring if ring[0] == ring[-1] else (*ring, ring[0])


def _point(corner: object) -> tuple[float, float] | None:
    if not isinstance(corner, list) or len(corner) < 2:
        return None
    longitude, latitude = corner[0], corner[1]
    if not (_within(longitude, 180) and _within(latitude, 90)):
        return None
    return float(longitude), float(latitude)


def _within(number: object, bound: float) -> bool:
    # JSON can write 1e999, which reads as infinity, and true, which counts as 1
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    return math.isfinite(number) and abs(number) <= bound


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
