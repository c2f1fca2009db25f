"""Distances between the places of a scenario, as the crow flies and by road."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import dijkstra  # type: ignore[import-untyped]

from standfast.geography.roads import build_roads

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.scenario.model import Scenario

#: mean radius of the Earth (IUGG) [km]; the ellipsoid differs from the sphere by 0.5 % at most
EARTH_RADIUS = 6371.0088


def haversine(
    latitude: npt.ArrayLike,
    longitude: npt.ArrayLike,
    latitude2: npt.ArrayLike,
    longitude2: npt.ArrayLike,
) -> npt.NDArray[np.float64]:
    """Return the great-circle distance between points given in degrees.

    Parameters
    ----------
    latitude, longitude, latitude2, longitude2
        Coordinates [degrees]; shapes broadcast.

    Returns
    -------
    numpy.ndarray
        Distances [km], float64.

    Notes
    -----
    The haversine form stays exact for points close together, where the law of cosines loses
    half of its digits (Sinnott 1984).

    Examples
    --------
    >>> round(float(haversine(36.335, 43.1189, 33.3406, 44.4009)))
    353
    """
    phi, lam, phi2, lam2 = (
        np.radians(np.asarray(x, dtype=np.float64))
        for x in (latitude, longitude, latitude2, longitude2)
    )
    half = np.sin((phi2 - phi) / 2) ** 2
    half = half + np.cos(phi) * np.cos(phi2) * np.sin((lam2 - lam) / 2) ** 2
    # rounding can carry antipodes a hair above 1, where arcsin knows no answer
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def coordinates(scenario: Scenario) -> npt.NDArray[np.float64]:
    """Return latitude and longitude of the places.

    Returns
    -------
    numpy.ndarray
        (n_place, 2) float64 [degrees], in the order of ``scenario.places``.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> coordinates(load_scenario("garrison")).shape
    (3, 2)
    """
    points = [(place.latitude, place.longitude) for place in scenario.places.values()]
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def great_circle(scenario: Scenario) -> npt.NDArray[np.float64]:
    """Return the great-circle distances between all places.

    Returns
    -------
    numpy.ndarray
        (n_place, n_place) float64 [km]; symmetric, zero on the diagonal.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> float(great_circle(load_scenario("garrison"))[0, 0])
    0.0
    """
    latitude, longitude = coordinates(scenario).T
    distance = haversine(latitude[:, None], longitude[:, None], latitude, longitude)
    # cos(a) cos(b) and cos(b) cos(a) may round apart
    distance = np.minimum(distance, distance.T)
    np.fill_diagonal(distance, 0.0)
    return distance


def road_distance(scenario: Scenario) -> npt.NDArray[np.float64]:
    """Return the shortest ways by road between all places (Dijkstra 1959).

    Returns
    -------
    numpy.ndarray
        (n_place, n_place) float64 [km]; symmetric, zero on the diagonal, infinite where no
        road leads.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> road_distance(load_scenario("garrison"))[0].tolist()
    [0.0, 9.0, 239.0]
    """
    roads = build_roads(scenario)
    return _shortest(roads.indptr, roads.indices, roads.length)


def travel_time(scenario: Scenario) -> npt.NDArray[np.float64]:
    """Return the quickest ways by road between all places, on open roads.

    Returns
    -------
    numpy.ndarray
        (n_place, n_place) float64 [h]; infinite where no road leads.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> travel_time(load_scenario("garrison"))[0].round(1).tolist()
    [0.0, 0.3, 9.5]
    """
    roads = build_roads(scenario)
    return _shortest(roads.indptr, roads.indices, roads.length / roads.speed)


def _shortest(
    indptr: npt.NDArray[np.int32], indices: npt.NDArray[np.int32], weight: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    n_place = indptr.size - 1
    matrix = csr_array((weight, indices, indptr), shape=(n_place, n_place))
    return np.asarray(dijkstra(matrix, directed=False), dtype=np.float64)
