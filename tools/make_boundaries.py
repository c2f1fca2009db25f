"""Make the shipped country outlines from the npm package ``world-atlas``.

    npm pack world-atlas@2.0.2
    python tools/make_boundaries.py world-atlas-2.0.2.tgz

The package redistributes Natural Earth 4.1 (public domain) as TopoJSON. Borders are simplified
arc by arc (Douglas and Peucker 1973), so that neighbours still share every border exactly.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

COUNTRIES = ("Iraq", "Iran", "Jordan", "Kuwait", "Saudi Arabia", "Syria", "Turkey")
#: largest departure from the original border [degrees], about 1 km
TOLERANCE = 0.01
DECIMALS = 3
#: rings of fewer corners than this are islands too small to see
LEAST_RING = 5
OUT = Path(__file__).parent.parent / "src/standfast/geography/data/countries.geojson"

Point = tuple[float, float]


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Undo the quantisation and delta coding of TopoJSON."""
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(points)
    return arcs


def simplify(points: list[Point], tolerance: float) -> list[Point]:
    """Keep the corners that matter; the ends always stay."""
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        gap, at = max(
            (
                (_distance(points[i], points[first], points[last]), i)
                for i in range(first + 1, last)
            ),
            default=(0.0, first),
        )
        if gap > tolerance:
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [points[i] for i in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from a segment [degrees]; a closed arc has a segment of no length."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    dx, dy = x1 - x0, y1 - y0
    length2 = dx * dx + dy * dy
    along = 0.0 if length2 == 0 else ((x - x0) * dx + (y - y0) * dy) / length2
    along = min(1.0, max(0.0, along))
    return float(((x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2) ** 0.5)


def ring(indices: list[int], arcs: list[list[Point]]) -> list[list[float]]:
    """Join arcs to a closed ring; a negative index (~i) means arc i backwards."""
    joined: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        joined += arc if not joined else arc[1:]
    rounded = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in joined]
    return [p for i, p in enumerate(rounded) if i == 0 or p != rounded[i - 1]]


def feature(country: dict[str, Any], arcs: list[list[Point]]) -> dict[str, Any]:
    """Turn a country of the topology into a GeoJSON feature."""
    parts = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    polygons = [[ring(indices, arcs) for indices in part] for part in parts]
    polygons = [p for p in polygons if len(p[0]) >= LEAST_RING]
    single = len(polygons) == 1
    return {
        "type": "Feature",
        "id": country["id"],
        "properties": {"name": country["properties"]["name"]},
        "geometry": {
            "type": "Polygon" if single else "MultiPolygon",
            "coordinates": polygons[0] if single else polygons,
        },
    }


def main(package: str) -> None:
    """Read the package and write the file that ships."""
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/countries-10m.json")
        if member is None:
            sys.exit(f"{package} holds no countries-10m.json")
        topology = json.load(member)
    arcs = [simplify(arc, TOLERANCE) for arc in decode_arcs(topology)]
    countries = {c["properties"]["name"]: c for c in topology["objects"]["countries"]["geometries"]}
    collection = {
        "type": "FeatureCollection",
        "source": "Natural Earth 4.1, 1:10m Admin 0, public domain; simplified to 0.01 degrees",
        "features": [feature(countries[name], arcs) for name in COUNTRIES],
    }
    text = json.dumps(collection, separators=(",", ":"), ensure_ascii=False)
    OUT.write_text(text + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(text) / 1000:.0f} kB, {len(COUNTRIES)} countries")


if __name__ == "__main__":
    main(sys.argv[1])
