"""Who hears what in a step: the pieces of news that go round, and what each weighs for whom (E8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops import spreading as loops
from standfast.meanfield.loops.codes import N_SLOT

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats

#: least weight at which news concerns somebody
LEAST = 0.05


def weights(world: World) -> Floats:
    """Return the weight of each piece of news for each cell, 0 where it concerns nobody."""
    if world.weight is None:
        post, home = world.post, world.cells.home
        found = np.zeros((N_SLOT, post.size))
        for slot, news in enumerate(world.news):
            if news is not None:
                found[slot] = news.weight[post, home]
        world.weight = np.where(found >= LEAST, found, 0.0)
    return world.weight


def spread_news(world: World, weight: Floats) -> Floats:
    """Return the chance (slot, n_cell) that an ignorant person hears; let spreaders stop."""
    q, c, x = world.places, world.cells, world.formations
    heard = np.zeros_like(weight)
    if any(world.news):
        loops.spread(
            world.numbers, c.home, world.post, c.formation, c.people, world.residents, q.names, x.size, x.squad, world.n_people,
            q.infiltration, q.public_factor, q.verified, weight, world.is_flight, x.told, c.count, c.serving, c.trust,
            c.knows, c.gone_knows, c.seeds, c.belief, c.spreads, c.gone_spreads, x.touched,
            heard,
        )  # fmt: skip
    return heard
