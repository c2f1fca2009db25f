"""The chain of command as ties: everybody with the leader he or she reports to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.network.layer import Layer, layer_from_edges

if TYPE_CHECKING:
    from standfast.population.people import People


def build_chain(people: People) -> Layer:
    """Build the chain of command: soldier, squad, platoon, company, battalion.

    Where a level has no leader (all of a unit are ghosts, or a company is a single platoon), the
    tie goes to the next one up.
    """
    agent = np.flatnonzero(people.superior >= 0)
    return layer_from_edges(people.n_agent, agent.astype(np.int32), people.superior[agent])
