from __future__ import annotations

import numpy as np
import pytest

from standfast.geography.distance import (
    coordinates,
    great_circle,
    haversine,
    road_distance,
    travel_time,
)
from standfast.geography.roads import build_roads
from standfast.scenario.load import load_scenario


@pytest.fixture(scope="module")
def mosul():
    return load_scenario("mosul-2014")


def test_a_quarter_of_the_equator():
    assert haversine(0, 0, 0, 90) == pytest.approx(np.pi / 2 * 6371.0088)


def test_antipodes_are_half_way_round():
    assert haversine(30, 40, -30, -140) == pytest.approx(np.pi * 6371.0088)


def test_known_distance_between_cities():
    # London to New York by the spherical formula: 5570 km in every published example
    assert haversine(51.5074, -0.1278, 40.7128, -74.0060) == pytest.approx(5570, abs=1)


def test_close_points_keep_their_digits():
    metre = 1 / 111_195.08
    assert haversine(36, 43, 36 + metre, 43) == pytest.approx(0.001, rel=1e-5)
    # the law of cosines, the careless choice, cannot see a metre that well
    a, b = np.radians(36), np.radians(36 + metre)
    cosine = np.arccos(np.sin(a) * np.sin(b) + np.cos(a) * np.cos(b)) * 6371.0088
    assert abs(cosine - 0.001) > 1e-6


def test_great_circle_is_a_distance(mosul):
    distance = great_circle(mosul)
    n_place = len(mosul.places)
    assert distance.shape == (n_place, n_place)
    assert distance.dtype == np.float64
    assert np.array_equal(distance, distance.T)
    assert not distance.diagonal().any()
    off = distance[~np.eye(n_place, dtype=bool)]
    assert off.min() > 1
    detour = distance[:, :, None] + distance[None, :, :]
    assert (distance[:, None, :] <= detour + 1e-9).all()


def test_no_road_is_shorter_than_the_great_circle(mosul):
    index = list(mosul.places)
    distance = great_circle(mosul)
    for road in mosul.roads:
        crow = distance[index.index(road.start), index.index(road.end)]
        # refinery and bases are placed to within 3 km
        assert road.length > crow - 3, (road.start, road.end)
        assert road.length < 1.6 * crow + 3, (road.start, road.end)


def test_roads_are_symmetric_sorted_and_without_loops(mosul):
    roads = build_roads(mosul)
    assert roads.indptr.dtype == np.int32
    assert roads.indices.dtype == np.int32
    assert roads.length.dtype == roads.speed.dtype == np.float64
    assert roads.n_place == len(mosul.places)
    assert roads.n_road == len(mosul.roads)
    ways = {}
    for place in range(roads.n_place):
        near = roads.neighbours(place)
        assert (np.diff(near) > 0).all()
        assert place not in near
        for k in range(roads.indptr[place], roads.indptr[place + 1]):
            ways[place, int(roads.indices[k])] = (roads.length[k], roads.speed[k])
    assert all(ways[b, a] == way for (a, b), way in ways.items())


def test_a_road_without_speed_takes_the_speed_of_advance(mosul):
    faster = mosul.with_({"behaviour.front.advance_speed": "31 km/h"})
    speeds = set(build_roads(faster).speed.tolist())
    assert 31.0 in speeds
    assert 8.0 in speeds


def test_of_two_roads_between_the_same_places_the_quicker_counts():
    garrison = load_scenario("garrison")
    road = garrison.roads[0]
    slow = road.model_copy(
        update={"start": road.end, "end": road.start, "length": 5.0, "speed": 1.0}
    )
    both = garrison.model_copy(update={"roads": (slow, *garrison.roads)})
    assert build_roads(both).n_road == 2
    assert road_distance(both)[0, 1] == road.length


def test_no_road_means_infinitely_far():
    cut = load_scenario("garrison").model_copy(update={"roads": ()})
    distance = road_distance(cut)
    assert not distance.diagonal().any()
    assert np.isinf(distance[~np.eye(3, dtype=bool)]).all()
    assert build_roads(cut).n_road == 0


def test_shortest_ways_against_an_obvious_loop(mosul):
    n_place = len(mosul.places)
    index = {name: i for i, name in enumerate(mosul.places)}
    naive = np.full((n_place, n_place), np.inf)
    np.fill_diagonal(naive, 0)
    for road in mosul.roads:
        a, b = index[road.start], index[road.end]
        naive[a, b] = naive[b, a] = min(naive[a, b], road.length)
    for k in range(n_place):
        naive = np.minimum(naive, naive[:, k, None] + naive[None, k, :])
    assert np.allclose(road_distance(mosul), naive)


def test_travel_time_prefers_quick_roads():
    garrison = load_scenario("garrison")
    speed = garrison.behaviour.front.advance_speed
    assert travel_time(garrison)[0, 2] == pytest.approx(9 / speed + 230 / 25)


def test_coordinates_are_latitude_first(mosul):
    latitude, longitude = coordinates(mosul)[list(mosul.places).index("mosul")]
    assert (latitude, longitude) == (36.335, 43.1189)
