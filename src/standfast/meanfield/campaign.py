"""The campaign of intimidation, and what people learn of it (E1, E2, E5, E6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops import campaign as loops

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats


def chances(exponent: Floats) -> Floats:
    """Return 1 - exp(-exponent), element by element."""
    return np.asarray(-np.expm1(-exponent))


def advance_campaign(world: World) -> None:
    """Let informers grow, and set the chances of messages, exposure and harm at every place."""
    q = world.places
    loops.press_places(
        world.numbers, q.control, q.support, q.fighters, q.threatened, q.guard,
        q.infiltration, q.next_ultimatum, q.leak,
        q.level, q.message, q.targeted, q.harm, q.mole, q.neighbour, q.hearsay, q.ultimatum,
    )  # fmt: skip


def learn(world: World) -> None:
    """Let those who serve learn of messages, exposure, harm, ultimatums and friends who left."""
    q, c = world.places, world.cells
    loops.learn(
        world.numbers, c.home, world.post, world.contacts, c.count, c.friends_gone, c.harm_near, world.openness,
        q.message, q.targeted, q.harm, q.mole, q.neighbour, q.leak, q.ultimatum,
        c.fear, c.noise, c.base, c.alike, c.belief, c.credibility, c.credibility_noise, c.perceived, c.perceived_noise,
        c.exposed, c.harmed,
    )  # fmt: skip
