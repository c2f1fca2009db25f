"""Outlines of countries for maps: those that ship, or the user's own GeoJSON.

Only what a map needs is taken from a file: the rings of polygons and a name. Other properties
are neither kept nor repeated.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.errors import FileError, Problem, ScenarioError
from standfast.geography.geojson import read_polygons

if TYPE_CHECKING:
    from standfast.geography.geojson import Polygon

#: a file larger than this is no outline for a small map
MAX_BYTES = 20_000_000
#: as many problems as one wants to read at once
MAX_PROBLEMS = 20


@dataclass(frozen=True)
class Boundary:
    """The outline of one country or area.

    Attributes
    ----------
    name
        What it is called; may be empty.
    polygons
        Each a tuple of rings, the outer one first, then holes; a ring is a closed tuple of
        (longitude, latitude) [degrees].
    """

    name: str
    polygons: tuple[Polygon, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north [degrees]."""
        points = [point for polygon in self.polygons for point in polygon[0]]
        longitudes, latitudes = zip(*points, strict=True)
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)

    def contains(self, latitude: float, longitude: float) -> bool:
        """Tell whether a point lies inside, by counting crossings of a line to the east."""
        crossings = (
            (y0 > latitude) != (y1 > latitude)
            and longitude < x0 + (latitude - y0) / (y1 - y0) * (x1 - x0)
            for polygon in self.polygons
            for ring in polygon
            for (x0, y0), (x1, y1) in pairwise(ring)
        )
        return sum(crossings) % 2 == 1


def load_boundaries(path: str | Path | None = None) -> tuple[Boundary, ...]:
    """Read outlines.

    Parameters
    ----------
    path
        A GeoJSON file with polygons in degrees; None for the outlines that ship (Iraq and its
        neighbours, Natural Earth, public domain).

    Raises
    ------
    FileError
        When the file cannot be read, or is not JSON.
    ScenarioError
        When it is JSON but not a map; names every problem with its place in the file.

    Examples
    --------
    >>> [boundary.name for boundary in load_boundaries()][:2]
    ['Iraq', 'Iran']
    """
    if path is None:
        return _shipped()
    return parse_boundaries(_read(Path(path)), Path(path).name)


def parse_boundaries(document: object, origin: str) -> tuple[Boundary, ...]:
    """Turn a decoded GeoJSON document into outlines.

    Parameters
    ----------
    document
        A FeatureCollection, Feature, Polygon, MultiPolygon or GeometryCollection. Points and
        lines in it are passed over.
    origin
        Name of the file, for messages.

    Raises
    ------
    ScenarioError
        When it holds no outline, or some corner is no place on Earth.

    Examples
    --------
    >>> ring = [[43, 35], [44, 35], [44, 36], [43, 35]]
    >>> parse_boundaries({"type": "Polygon", "coordinates": [ring]}, "own.geojson")[0].box
    (43.0, 35.0, 44.0, 36.0)
    """
    problems: list[Problem] = []
    found = read_polygons(document, problems)
    if problems:
        more = max(0, len(problems) - MAX_PROBLEMS)
        raise ScenarioError(origin, problems[:MAX_PROBLEMS], more)
    return tuple(Boundary(name, polygons) for name, polygons in found)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Boundary, ...]:
    source = files("standfast.geography").joinpath("data/countries.geojson")
    return parse_boundaries(json.loads(source.read_text(encoding="utf-8")), "countries.geojson")


def _read(path: Path) -> object:
    try:
        if path.stat().st_size > MAX_BYTES:
            says = f"has more than {MAX_BYTES:,} bytes"
            raise FileError(path, says, "Simplify the outlines first; a map here is small.")
        text = path.read_bytes().decode("utf-8-sig")
        return json.loads(text, parse_constant=_refuse_constant)
    except OSError as error:
        says = f"cannot be read: {error.strerror or 'no reason given'}"
        raise FileError(path, says, "Give the path of a GeoJSON file.") from None
    except UnicodeDecodeError:
        raise FileError(path, "is not UTF-8 text", "Save the GeoJSON file as UTF-8.") from None
    except json.JSONDecodeError as error:
        says = f"is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        raise FileError(path, says, "Export it again as GeoJSON.") from None
    except RecursionError:
        raise FileError(path, "is nested too deeply", "Export it again as GeoJSON.") from None
    except ValueError as error:
        raise FileError(path, f"is not JSON: {error}", "Export it again as GeoJSON.") from None


def _refuse_constant(name: str) -> float:
    msg = f"it holds {name}, which is no number"
    raise ValueError(msg)
