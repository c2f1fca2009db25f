from __future__ import annotations

import json
from importlib.resources import files

import pytest

from standfast.errors import FileError, ScenarioError
from standfast.geography.boundaries import load_boundaries, parse_boundaries
from standfast.scenario.load import load_scenario

SQUARE = [[43, 35], [44, 35], [44, 36], [43, 36], [43, 35]]


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_shipped_outlines_are_iraq_and_its_neighbours():
    names = [boundary.name for boundary in load_boundaries()]
    assert names[0] == "Iraq"
    assert sorted(names[1:]) == ["Iran", "Jordan", "Kuwait", "Saudi Arabia", "Syria", "Turkey"]


def test_shipped_outlines_are_small_and_say_where_they_are_from():
    data = files("standfast.geography").joinpath("data")
    assert len(data.joinpath("countries.geojson").read_bytes()) < 150_000
    licence = data.joinpath("LICENSE.txt").read_text(encoding="utf-8")
    assert "Natural Earth" in licence
    assert "public domain" in licence


def test_iraq_is_where_it_is():
    iraq = load_boundaries()[0]
    west, south, east, north = iraq.box
    # published extremes of the country, in degrees
    assert (west, south, east, north) == pytest.approx((38.8, 29.06, 48.57, 37.38), abs=0.05)


def test_every_place_of_the_case_lies_in_iraq_and_in_no_neighbour():
    iraq, *others = load_boundaries()
    for name, place in load_scenario("mosul-2014").places.items():
        assert iraq.contains(place.latitude, place.longitude), name
        assert not any(other.contains(place.latitude, place.longitude) for other in others), name


def test_known_cities_lie_in_their_countries():
    found = {boundary.name: boundary for boundary in load_boundaries()}
    for country, latitude, longitude in (
        ("Syria", 36.20, 37.16),  # Aleppo
        ("Turkey", 37.91, 40.24),  # Diyarbakir
        ("Iran", 35.69, 51.39),  # Tehran
        ("Kuwait", 29.34, 47.66),  # Jahra
    ):
        inside = {name for name, b in found.items() if b.contains(latitude, longitude)}
        assert inside == {country}


def test_rings_are_closed():
    for boundary in load_boundaries():
        for polygon in boundary.polygons:
            for ring in polygon:
                assert ring[0] == ring[-1]
                assert len(ring) >= 4


def test_own_file_of_every_shape(tmp_path):
    hole = [[43.4, 35.4], [43.6, 35.4], [43.6, 35.6], [43.4, 35.4]]
    path = tmp_path / "own.geojson"
    collection = {
        "type": "FeatureCollection",
        "features": [
            feature({"type": "Polygon", "coordinates": [SQUARE, hole]}, name="Here", pop=3),
            feature({"type": "Point", "coordinates": [43, 35]}, name="not an area"),
            feature(None),
            feature({"type": "MultiPolygon", "coordinates": [[SQUARE[:-1]], [SQUARE]]}),
        ],
    }
    path.write_text(json.dumps(collection), encoding="utf-8-sig")
    here, there = load_boundaries(path)
    assert here.name == "Here"
    assert here.contains(35.2, 43.2)
    assert not here.contains(35.45, 43.55)  # in the hole
    assert there.name == ""
    assert there.polygons[0][0][-1] == (43.0, 35.0)  # an open ring is closed


@pytest.mark.parametrize(
    ("document", "path", "says"),
    [
        ([], "type", "is missing"),
        ({"type": "Topology"}, "type", "is not a type of GeoJSON"),
        ({"type": ["Polygon"]}, "type", "is missing"),
        ({"type": "FeatureCollection"}, "features", "is not a list"),
        ({"type": "FeatureCollection", "features": []}, "", "holds no Polygon"),
        (feature({"type": "Polygon"}), "geometry.coordinates", "is not a list"),
        (
            {
                "type": "FeatureCollection",
                "features": [feature({"type": "Polygon", "coordinates": [[[1, 2]]]})],
            },
            "features[0].geometry.coordinates[0]",
            "is no ring",
        ),
        (
            {"type": "Polygon", "coordinates": [[*SQUARE[:2], [500000, 3900000], *SQUARE[2:]]]},
            "coordinates[0][2]",
            "is no longitude and latitude",
        ),
        (
            {"type": "Polygon", "coordinates": [[*SQUARE[:2], [43, float("inf")], *SQUARE[2:]]]},
            "coordinates[0][2]",
            "is no longitude and latitude",
        ),
        (
            {"type": "MultiPolygon", "coordinates": [[[*SQUARE[:2], [True, 35], *SQUARE[2:]]]]},
            "coordinates[0][0][2]",
            "is no longitude and latitude",
        ),
    ],
)
def test_what_is_no_map_is_refused_with_its_place(document, path, says):
    with pytest.raises(ScenarioError) as caught:
        parse_boundaries(document, "own.geojson")
    problem = caught.value.problems[0]
    assert problem.path == path
    assert says in problem.says
    assert problem.advice


def test_all_problems_come_at_once_and_are_counted():
    bad = feature({"type": "Polygon", "coordinates": [[[1, 2]]]})
    with pytest.raises(ScenarioError) as caught:
        parse_boundaries({"type": "FeatureCollection", "features": [bad] * 25}, "own.geojson")
    assert len(caught.value.problems) == 20
    assert caught.value.more == 5


def test_a_nest_of_collections_is_refused():
    document = {"type": "Polygon", "coordinates": [SQUARE]}
    for _ in range(500):
        document = {"type": "GeometryCollection", "geometries": [document]}
    with pytest.raises(ScenarioError):
        parse_boundaries(document, "own.geojson")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"type": "Polygon",\n "coordinates": }', "line 2"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"[NaN]", "NaN"),
        (b"[" * 200_000, "nested"),
        (b"1" * 5000, "is not JSON"),
    ],
)
def test_what_is_no_json_is_refused_with_a_reason(tmp_path, content, says):
    path = tmp_path / "own.geojson"
    path.write_bytes(content)
    with pytest.raises(FileError, match=says):
        load_boundaries(path)


def test_a_missing_file_and_a_directory_are_refused(tmp_path):
    for path in (tmp_path / "none.geojson", tmp_path):
        with pytest.raises(FileError, match="cannot be read") as caught:
            load_boundaries(path)
        assert caught.value.exit_code == 4
