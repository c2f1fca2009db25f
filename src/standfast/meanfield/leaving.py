"""Who leaves, how, and who comes back (E7, E13, E14, E16, E22), as shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops import leaving as loops
from standfast.meanfield.loops import ways

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.feeling import Pressure
    from standfast.meanfield.state import Floats


def decide(world: World, pressure: Pressure) -> None:
    """Let people leave, go on leave, come back from it, and return to service."""
    c, x = world.cells, world.formations
    served = _return_and_suffer(world)
    lost = _leave(world, pressure)
    # whoever comes to serve again decides from the next step on
    loops.enter_duty(served, c.absent, c.mass, c.count, c.serving, c.all_serving)
    loops.remember(world.numbers, x.people, x.squad, lost, x.left, x.gone, x.noise)


def _return_and_suffer(world: World) -> Floats:
    """Let people return, save families and suffer harm; return who is to serve again, shape (n_cell,)."""
    q, c, x = world.places, world.cells, world.formations
    served = np.empty(c.home.size)
    ways.return_and_suffer(
        world.numbers, c.home, world.origin, c.formation, world.openness, q.control, q.amnesty, x.dissolved,
        c.discount, c.trust, c.settled,
        c.mass, c.count, c.serving, c.all_serving, c.out, c.movable,
        c.fear, c.noise, c.base, c.alike, c.credibility, c.credibility_noise, c.perceived, c.perceived_noise, c.harmed,
        served,
    )  # fmt: skip
    return served


def _leave(world: World, pressure: Pressure) -> Floats:
    """Take those who leave from duty and leave; return the losses from duty, (effect, n_formation)."""
    q, c, x, u = world.places, world.cells, world.formations, pressure
    n_row = loops.expect(
        world.numbers, c.formation, c.people, c.count, world.odds_to_stay,
        u.mean, u.variance, u.pull, u.unit_variance, world.unmoved,
    )  # fmt: skip
    # over a whole array numpy takes a fifth of the time of a compiled loop of exponentials
    np.exp(world.unmoved[:n_row], out=world.unmoved[:n_row])
    left, kinds, lost = np.empty_like(c.count), np.empty_like(c.commitment), np.empty_like(x.gone)
    loops.leave(
        world.numbers, world.post, c.formation, c.people, c.commitment, world.openness,
        q.killed, q.contact, q.leave_cancelled, x.leave_rate, x.routed, x.dissolved,
        u.mean, u.variance, u.pull, u.with_fear, u.with_credibility, u.with_perceived, world.unmoved,
        c.mass, c.count, c.serving, c.all_serving, c.out, c.fear, c.noise, c.alike, c.credibility, c.perceived,
        left, kinds, lost,
    )  # fmt: skip
    ways.take_ways_out(
        world.numbers, world.is_night, c.home, world.post, c.formation, left, kinds,
        q.control, q.contact, q.encirclement, q.intensity, q.support, x.routed,
        c.serving, c.exposed, c.suspicion, c.resolve, c.credibility, c.perceived, c.movable, c.settled, c.knows, c.spreads,
        c.out, c.absent, c.gone_knows, c.gone_spreads, c.departed,
    )  # fmt: skip
    return lost
