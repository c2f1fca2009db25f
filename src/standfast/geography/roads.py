"""The road network as flat arrays, the form in which the engine walks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.scenario.model import Scenario


@dataclass(frozen=True)
class Roads:
    """Roads between places, each entered in both directions (compressed sparse rows).

    The neighbours of place *p* are ``indices[indptr[p]:indptr[p + 1]]``, in rising order;
    `length` and `speed` run beside `indices`.

    Attributes
    ----------
    indptr : (n_place + 1,) int32
        Where the neighbours of each place begin.
    indices : (n_way,) int32
        Index of the neighbour in ``scenario.places``.
    length : (n_way,) float64
        Length of the road [km] > 0.
    speed : (n_way,) float64
        Speed of a column on the open road [km/h] > 0.
    """

    indptr: npt.NDArray[np.int32]
    indices: npt.NDArray[np.int32]
    length: npt.NDArray[np.float64]
    speed: npt.NDArray[np.float64]

    @property
    def n_place(self) -> int:
        """Number of places."""
        return int(self.indptr.size - 1)

    @property
    def n_road(self) -> int:
        """Number of roads, each counted once."""
        return int(self.indices.size // 2)

    def neighbours(self, place: int) -> npt.NDArray[np.int32]:
        """Return the indices of the places that a place has a road to."""
        return self.indices[self.indptr[place] : self.indptr[place + 1]]


def build_roads(scenario: Scenario) -> Roads:
    """Lay out the roads of a scenario as arrays.

    Of several roads between the same two places the quickest counts. A road without a speed of
    its own takes ``behaviour.front.advance_speed``.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> roads = build_roads(load_scenario("garrison"))
    >>> roads.n_road, roads.neighbours(1).tolist()
    (2, [0, 2])
    """
    index = {name: i for i, name in enumerate(scenario.places)}
    usual = scenario.behaviour.front.advance_speed
    best: dict[tuple[int, int], tuple[float, float]] = {}
    for road in scenario.roads:
        start, end = index[road.start], index[road.end]
        speed = usual if road.speed is None else road.speed
        if start == end:
            continue
        for way in ((start, end), (end, start)):
            known = best.get(way)
            if known is None or road.length / speed < known[0] / known[1]:
                best[way] = (road.length, speed)
    ways = sorted(best)
    count = np.bincount([start for start, _ in ways], minlength=len(index))
    indptr = np.zeros(len(index) + 1, dtype=np.int32)
    np.cumsum(count, out=indptr[1:])
    return Roads(
        indptr=indptr,
        indices=np.array([end for _, end in ways], dtype=np.int32),
        length=np.array([best[way][0] for way in ways], dtype=np.float64),
        speed=np.array([best[way][1] for way in ways], dtype=np.float64),
    )
