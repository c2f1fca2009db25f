"""All ties of the people of a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.network.chain import build_chain
from standfast.network.kin import build_kin, join_families
from standfast.network.layer import Layer, layer_from_edges
from standfast.network.phone import build_phone

if TYPE_CHECKING:
    from standfast.population.people import People
    from standfast.scenario.model import Scenario


@dataclass(frozen=True, eq=False)
class Network:
    """The layers of ties; that of the squads is implied by their blocks (`squad_layer`).

    Attributes
    ----------
    phone
        Who calls and writes to whom.
    kin
        Family and home ties.
    chain
        Who reports to whom.
    """

    phone: Layer
    kin: Layer
    chain: Layer

    @property
    def n_edge(self) -> int:
        """Number of ties, without those within squads."""
        return self.phone.n_edge + self.kin.n_edge + self.chain.n_edge


def build_network(scenario: Scenario, people: People, seed: int) -> Network:
    """Build the ties of people.

    Parameters
    ----------
    scenario
        The one the people were built from.
    people
        What `build_people` returned.
    seed
        All replicates of a seed share the ties.
    """
    return Network(
        phone=build_phone(scenario, people, seed),
        kin=build_kin(scenario, people, seed),
        chain=build_chain(people),
    )


def squad_layer(people: People) -> Layer:
    """Write out the ties within squads: everybody with everybody who is no ghost."""
    serving = np.flatnonzero(people.ghost == 0)
    start = np.searchsorted(serving, people.squad_start)
    size = np.diff(start)
    n_edge = int((size * (size - 1) // 2).sum())
    first, second = np.empty(n_edge, np.int32), np.empty(n_edge, np.int32)
    join_families(serving, start, first, second)
    return layer_from_edges(people.n_agent, first, second)
