r"""The kin layer: family and home ties among people of the same home place.

Every place is one row of people in random order, cut into families that are cliques; beyond the
family, ties are at random within the village, a longer stretch of the same row. An agent has
c ties in the family and, on average, r beyond it, with c + r the stated mean. Two ties of an
agent close a triangle when both are in the family, and otherwise by chance only, so that the
clustering (transitivity: three times the triangles by the connected triples) is

.. math::

    C(c) = \frac{q + (2 c r \cdot r + r^2 (c + r)) / (v - 1 - c)}{q + 2 c r + r^2},
    \qquad q = E[c_i (c_i - 1)],

with v the size of a village; c is solved for the stated clustering (exact for large places, from
their random numbers of ties, Poisson beyond the family; cliques and random ties: Newman 2003).
Families are of three where c < 2, and else of the two sizes next to c + 1. Sizes: assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.kernels._jit import kernel
from standfast.network.layer import Layer, layer_from_edges
from standfast.network.matching import empty_matching, match_within
from standfast.population import keys, laws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.population.people import People
    from standfast.scenario.model import Scenario

    Counts = NDArray[np.int64]

#: people of the force in a village or quarter, at least; assumed
VILLAGE = 150
#: and at least so many times the mean number of ties, so that chance closes few triangles
VILLAGE_TIES = 30


@dataclass(frozen=True)
class KinLaw:
    """Sizes that give a mean number of ties and a clustering.

    Attributes
    ----------
    family
        Mean ties in the family, c.
    beyond
        Mean ties beyond it, r.
    village
        People of a village; infinite where chance must close no triangles.
    """

    family: float
    beyond: float
    village: float

    @property
    def sizes(self) -> tuple[int, int]:
        """The two sizes of family."""
        low = math.floor(self.family) + 1
        return (low, low + 1) if self.family >= 2 else (1, 3)

    @property
    def share_in_large(self) -> float:
        """Share of people who are in a family of the larger size."""
        low, high = self.sizes
        return (self.family - (low - 1)) / (high - low)

    @property
    def share_large(self) -> float:
        """Share of families that are of the larger size."""
        low, high = self.sizes
        large = self.share_in_large / high
        return large / (large + (1 - self.share_in_large) / low)

    @property
    def clustering(self) -> float:
        """Transitivity of the layer in a large place; 0 where there are no triples."""
        low, high = self.sizes
        small, large = (low - 1) * (low - 2), (high - 1) * (high - 2)
        closed = small + self.share_in_large * (large - small)
        across, outside = 2 * self.family * self.beyond, self.beyond**2
        others = self.village - 1 - self.family
        by_chance = (across * self.beyond + outside * (self.family + self.beyond)) / others
        triples = closed + across + outside
        return (closed + by_chance) / triples if triples > 0 else 0.0


def solve_kin_law(mean: float, clustering: float) -> KinLaw:
    """Find the sizes for a mean number of ties and a clustering, by bisection.

    Examples
    --------
    >>> law = solve_kin_law(5.0, 0.3)
    >>> round(law.family, 1), round(law.beyond, 1), round(law.clustering, 6)
    (3.1, 1.9, 0.3)
    """
    village = max(float(VILLAGE), VILLAGE_TIES * mean)
    if clustering < 2 * mean / village:
        village = math.inf
    low, high = 0.0, mean
    for _ in range(60):
        middle = (low + high) / 2
        if KinLaw(middle, mean - middle, village).clustering < clustering:
            low = middle
        else:
            high = middle
    return KinLaw(high, mean - high, village)


def build_kin(scenario: Scenario, people: People, seed: int) -> Layer:
    """Build the kin layer.

    Parameters
    ----------
    scenario
        Its network settings give mean and clustering.
    people
        Their home places; ghosts have no kin here.
    seed
        Same seed, same ties.
    """
    key = keys.build_key(seed)
    law = solve_kin_law(scenario.network.kin_mean, scenario.network.kin_clustering)
    agent, home, beyond = _row_of_homes(scenario, people, law, key)
    start = np.searchsorted(home, np.arange(len(scenario.places) + 1))
    families = _cut_families(start, law, keys.place_keys(scenario, key))
    village, village_keys = _cut_villages(start, law, keys.place_keys(scenario, key))
    family = np.repeat(np.arange(families.size - 1), np.diff(families))
    apart = np.arange(people.n_agent, dtype=np.int32)
    apart[agent] = family
    size = np.bincount(village)[village] if village.size else village
    beyond = np.maximum(np.minimum(beyond, size - np.diff(families)[family]), 0)
    matching = match_within(
        empty_matching(int(beyond.sum())), agent, village, beyond, apart,
        village_keys, keys.KIN_VILLAGE,
    )  # fmt: skip
    n_edge = int((np.diff(families) * (np.diff(families) - 1) // 2).sum())
    first, second = np.empty(n_edge, np.int32), np.empty(n_edge, np.int32)
    join_families(agent, families, first, second)
    used = slice(matching.n_edge)
    return layer_from_edges(
        people.n_agent,
        np.concatenate([first, matching.first[used]]),
        np.concatenate([second, matching.second[used]]),
    )


def _row_of_homes(
    scenario: Scenario, people: People, law: KinLaw, key: keys.Key
) -> tuple[Counts, Counts, Counts]:
    """Return agents in random order within each place, their places and ties beyond the family."""
    draws = keys.draw_agents(scenario, key, keys.KIN)
    agent = np.flatnonzero(people.ghost == 0)
    order = np.lexsort((draws[agent, 1], draws[agent, 0], people.home[agent]))
    agent = agent[order]
    return agent, people.home[agent].astype(np.int64), laws.poisson(draws[agent, 2], law.beyond)


def _cut_families(start: Counts, law: KinLaw, place_keys: list[keys.Key]) -> Counts:
    """Cut the row of each place into families; return offsets, closed."""
    offsets = [start[:1] * 0]
    low, high = law.sizes
    for place, key in enumerate(place_keys):
        n = int(start[place + 1] - start[place])
        if n == 0:
            continue
        draws = keys.draw_blocks(key, np.arange(n // low // 4 + 1), keys.KIN_FAMILY).ravel()
        sizes = np.where(draws < law.share_large, high, low)
        ends = np.cumsum(sizes)
        offsets.append(start[place] + np.append(ends[ends < n], n))
    return np.concatenate(offsets)


def _cut_villages(
    start: Counts, law: KinLaw, place_keys: list[keys.Key]
) -> tuple[Counts, list[keys.Key]]:
    """Cut the row of each place into villages of equal size; return whose, and their keys."""
    village: list[Counts] = []
    village_keys: list[keys.Key] = []
    for place, key in enumerate(place_keys):
        n = int(start[place + 1] - start[place])
        n_village = max(1, round(n / law.village))
        village.append(len(village_keys) + np.arange(n) * n_village // max(n, 1))
        village_keys += [keys.numbered_key(key, number) for number in range(n_village)]
    return np.concatenate(village), village_keys


@kernel
def join_families(
    agent: NDArray[np.int64],
    start: NDArray[np.int64],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
) -> int:
    """Tie everybody to everybody in each family.

    Parameters
    ----------
    agent : (n,) int64
        Agents, family by family.
    start : (n_family + 1,) int64
        Where the families start.
    first, second : (n_edge,) int32
        *Overwritten* with the ties.

    Returns
    -------
    int
        Number of ties.
    """
    n_edge = 0
    for family in range(start.size - 1):
        for i in range(start[family], start[family + 1]):
            for j in range(i + 1, start[family + 1]):
                first[n_edge], second[n_edge] = agent[i], agent[j]
                n_edge += 1
    return n_edge
