"""The unit tree of a force: contiguous blocks of agents, from battalions down to squads.

A force on paper is cut into full units; what is left over forms a unit of its own when it is at
least half of one, and joins the last unit otherwise. A company of 100 thus means 50 to 149.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario

Offsets = NDArray[np.int64]


@dataclass(frozen=True)
class Scheme:
    """Sizes of the units of a force, and what its middle units are called."""

    squad: int
    company: int
    battalion: int
    #: 0 where the scheme does not divide its companies, or group its battalions
    platoon_squads: int
    brigade_battalions: int
    division_brigades: int
    battalion_title: str


SCHEMES = {
    "army": Scheme(10, 100, 500, 3, 4, 5, "battalion"),
    "police": Scheme(10, 40, 400, 0, 0, 0, "district"),
}


@dataclass(frozen=True)
class UnitTree:
    """Offsets of agents at which the units of one force start, each closed by the total.

    Attributes
    ----------
    battalion, company, platoon, squad : (n_unit + 1,) int64
        First agent of each unit; the last element is the number of agents. Where the scheme
        has no platoons, a company is a single one.
    brigade, division : (n_battalion,) int64
        Index of the brigade and division of each battalion, from 0 in each force.
    """

    battalion: Offsets
    company: Offsets
    platoon: Offsets
    squad: Offsets
    brigade: NDArray[np.int64]
    division: NDArray[np.int64]


def split(start: int, end: int, size: int) -> list[int]:
    """Return where the units of a block start: full ones, the last half to one and a half.

    Examples
    --------
    >>> split(0, 249, 100), split(0, 250, 100), split(0, 30, 100)
    ([0, 100], [0, 100, 200], [0])
    """
    n_unit = max(1, (end - start + size // 2) // size)
    return [start + size * unit for unit in range(n_unit)]


def scheme_of(scenario: Scenario, name: str) -> Scheme:
    """Return the unit sizes that a force names: a scheme of the scenario, or a known one."""
    own = scenario.unit_schemes.get(name)
    if own is None:
        return SCHEMES[name]
    return Scheme(
        own.squad,
        own.company,
        own.battalion,
        own.platoon_squads,
        own.brigade_battalions,
        own.division_brigades,
        own.title,
    )


def build_units(paper: int, sizes: Scheme) -> UnitTree:
    """Cut a force of a strength on paper into its units.

    Examples
    --------
    >>> tree = build_units(1000, SCHEMES["army"])
    >>> [len(x) - 1 for x in (tree.battalion, tree.company, tree.platoon, tree.squad)]
    [2, 10, 30, 100]
    """
    battalion = _split_each(np.array([0, paper]), sizes.battalion)
    company = _split_each(battalion, sizes.company)
    squad = _split_each(company, sizes.squad)
    brigade = _group(battalion.size - 1, sizes.brigade_battalions)
    n_brigade = int(brigade[-1]) + 1
    return UnitTree(
        battalion=battalion,
        company=company,
        platoon=_platoons(company, squad, sizes.platoon_squads),
        squad=squad,
        brigade=brigade,
        division=_group(n_brigade, sizes.division_brigades)[brigade],
    )


def block_of(starts: Offsets, inner: Offsets) -> NDArray[np.int64]:
    """Return, for each inner unit, the index of the outer unit that contains it."""
    return np.searchsorted(starts, inner[:-1], side="right") - 1


def _split_each(outer: Offsets, size: int) -> Offsets:
    ends = outer.tolist()
    starts = [x for start, end in pairwise(ends) for x in split(start, end, size)]
    return np.array([*starts, ends[-1]], dtype=np.int64)


def _group(n: int, size: int) -> NDArray[np.int64]:
    """Return the group of each of n things, with the same rule for what is left over."""
    if size == 0:
        return np.zeros(n, dtype=np.int64)
    return np.minimum(np.arange(n) // size, max(1, (n + size // 2) // size) - 1)


def _platoons(company: Offsets, squad: Offsets, size: int) -> Offsets:
    if size == 0:
        return company
    first = _split_each(np.searchsorted(squad, company), size)
    return np.take(squad, first)
