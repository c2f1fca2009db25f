"""Flee's locations.csv and routes.csv as places and roads.

Flee (Suleimenova, Bell and Groen 2017) reads the first eight columns of a location and the first
four of a route by position: name, region, country, latitude, longitude, type, day on which conflict
begins, population or capacity; and both ends, distance [km] and whether people are sent that way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.geography.published.places import DraftPlace, Gazetteer, is_no_place, short_name
from standfast.geography.published.table import Findings, Row, read_rows
from standfast.scenario.names import suggest

if TYPE_CHECKING:
    from pathlib import Path

LOCATIONS = ("name", "region", "country", "lat", "lon", "location_type", "conflict_date", "pop/cap")
ROUTES = ("name1", "name2", "distance", "forced_redirection")
#: other headings under which Flee's own examples have the same columns
_ALIASES = {"gps_x": "lat", "gps_y": "lon", "latitude": "lat", "longitude": "lon",
            "population": "pop/cap", "distance [km]": "distance"}  # fmt: skip
_LONGEST_KM = 5000


def read_flee(locations: Path, routes: Path | None = None) -> Gazetteer:
    """Return the places of a locations.csv, and the roads of a routes.csv beside it.

    Parameters
    ----------
    locations, routes
        The files; without routes there are no roads.

    Raises
    ------
    FileError
        When a file cannot be read.
    ScenarioError
        With every cell that is not what Flee's layout has there.
    """
    findings = Findings(str(locations))
    places: dict[str, DraftPlace] = {}
    slugs: dict[str, str] = {}
    home = None
    wanted = ("name", "country", "lat", "lon", "location_type", "conflict_date", "pop/cap")
    for row in read_rows(locations, wanted, LOCATIONS, findings, aliases=_ALIASES):
        if row.values["name"].startswith("#"):
            continue
        home = home if home is not None else row.values["country"]
        place = _place(row, home, findings)
        if place is None:
            continue
        if place.title in slugs:
            findings.add(row.problem("name", "stands twice", "Flee names a location once."))
            continue
        slugs[place.title] = short_name(place.title, places)
        places[slugs[place.title]] = place
    findings.settle()
    roads = _roads(routes, slugs) if routes is not None else []
    return Gazetteer(places, roads)


def _place(row: Row, home: str, findings: Findings) -> DraftPlace | None:
    name = row.values["name"]
    if not name or is_no_place(name):
        findings.add(row.problem("name", "is no name of a place"))
        return None
    latitude = row.number("lat", -90, 90, findings)
    longitude = row.number("lon", -180, 180, findings)
    kind = row.values["location_type"].lower()
    holds = row.number("pop/cap", 0, 1e8, findings) if row.values["pop/cap"] else 0.0
    if latitude is None or longitude is None or holds is None:
        return None
    foreign = row.values["country"] != home
    settled = kind in {"town", "default"} or "conflict" in kind
    more: dict[str, Any] = {"kind": "region" if foreign else "town" if settled else "site"}
    remark = "abroad, where no front comes" if foreign else "" if settled else f"Flee: {kind[:40]}"
    if settled and not foreign:
        if holds > 0:
            more["population"] = round(holds)
        if "conflict" in kind:
            remark = f"Flee: conflict from day {row.values['conflict_date'][:8] or '0'}"
    return DraftPlace(name[:120], latitude, longitude, more, remark)


def _roads(routes: Path, slugs: dict[str, str]) -> list[tuple[str, str, float]]:
    findings = Findings(str(routes))
    roads: dict[frozenset[str], tuple[str, str, float]] = {}
    for row in read_rows(routes, ROUTES[:3], ROUTES, findings, aliases=_ALIASES):
        if row.values["name1"].startswith("#"):
            continue
        ends = []
        for column in ("name1", "name2"):
            name = row.values[column]
            if name in slugs:
                ends.append(slugs[name])
            else:
                says = "is no location of locations.csv"
                findings.add(row.problem(column, says, suggest(name, slugs, "locations")))
        length = row.number("distance", 0.1, _LONGEST_KM, findings)
        if len(ends) < len(ROUTES[:2]) or length is None:
            continue
        if ends[0] == ends[1]:
            findings.add(row.problem("name2", "is where the route begins"))
            continue
        known = roads.setdefault(frozenset(ends), (ends[0], ends[1], length))
        if known[2] != length:
            says = f"is {length:g} km, but the same two are {known[2]:g} km apart further up"
            findings.add(row.problem("distance", says, "A road runs both ways; keep one line."))
    findings.settle()
    return list(roads.values())
