r"""What people feel in a step, and the pressure that follows (E3, E4, E7, E9, E10, E12, E13, E23).

Given the means of others, everything one feels changes by an affine rule, so means are exact, and so
is the variance of fear (from the personal baseline, openness and shocks). With these the pressure of a
cell is normal, U ~ N(m, v), beside commitment, which has nodes of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops import feeling as loops

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats


@dataclass(frozen=True)
class Pressure:
    """Pressure U beside commitment and the terms of the unit.

    Attributes
    ----------
    mean, variance : (status, class, n_cell) float64
        m and v.
    pull : (n_effect, n_formation) float64
        Peer pressure by node of the random effect of units; only on duty.
    unit_variance : (n_effect, n_formation) float64
        Its variance between squads.
    with_fear, with_credibility, with_perceived : (status, class, n_cell) float64
        Covariances of U with F, A and Y between people.
    """

    mean: Floats
    variance: Floats
    pull: Floats
    unit_variance: Floats
    with_fear: Floats
    with_credibility: Floats
    with_perceived: Floats


def feel(world: World) -> Pressure:
    """Advance what everybody feels by a step, and return the pressure to leave."""
    _feel_command(world)
    _feel_fear(world)
    q, c, x = world.places, world.cells, world.formations
    loops.feel_resolve(
        world.numbers, c.home, world.post, c.formation, q.contact, q.hearsay, x.trust_start, c.trust, c.serving,
        c.resolve, c.perceived, c.perceived_noise,
    )  # fmt: skip
    pressure = pressure_of(world)
    if q.fire.any():
        loops.feel_fire(
            world.numbers, world.post, q.fire, q.contact, world.openness,
            c.fear, c.noise, c.base, c.alike,
        )  # fmt: skip
    return pressure


def _feel_command(world: World) -> None:
    """Relax trust, belief and suspicion, with the pulses of the step (E9, E10, E23)."""
    q, c, x = world.places, world.cells, world.formations
    loops.feel_command(
        world.numbers, world.post, c.formation, world.kinship, q.infiltration, q.control,
        x.people, x.left, x.full, x.size, x.trust_start, x.hit, x.gain, x.shift,
        c.belief, c.trust, c.suspicion,
    )  # fmt: skip


def _feel_fear(world: World) -> None:
    """Take on the fear around, amplified, and calm down (E3, E4)."""
    q, c, x = world.places, world.cells, world.formations
    at_home, of_unit = np.empty(q.control.size), np.empty(x.size.size)
    anywhere = loops.hear_fear(
        c.home, c.formation, c.people, world.residents, x.size, world.openness,
        c.fear, c.count, c.serving, c.all_serving, c.out,
        at_home, of_unit,
    )  # fmt: skip
    loops.feel_fear(
        world.numbers, c.home, world.post, c.formation, world.delta, world.openness, q.infiltration,
        x.fear, x.relief, at_home, of_unit, anywhere, c.suspicion,
        c.fear, c.noise, c.base, c.alike,
    )  # fmt: skip


def pressure_of(world: World) -> Pressure:
    """Return the pressure that follows from what everybody feels (E13, E15)."""
    q, c, x = world.places, world.cells, world.formations
    pull, unit_variance = np.empty((2, *x.gone.shape))
    loops.feel_peers(
        world.numbers, world.kinship, x.cohesion, x.full, x.gone, x.noise, pull, unit_variance
    )
    mean, variance, with_fear, with_credibility, with_perceived = np.empty((5, *c.count.shape))
    loops.press(
        world.numbers, c.home, world.post, c.formation, world.openness,
        q.control, q.contact, q.encirclement, q.intensity, q.leaving_safety, q.gone,
        x.order, x.stand, x.call_up, x.uneven, c.legitimacy, c.extra, c.phone_gone, c.kin_gone, c.movable, c.settled,
        c.fear, c.noise, c.base, c.alike, c.belief, c.trust, c.suspicion, c.resolve,
        c.credibility, c.credibility_noise, c.perceived, c.perceived_noise,
        mean, variance, with_fear, with_credibility, with_perceived,
    )  # fmt: skip
    return Pressure(
        mean, variance, pull, unit_variance, with_fear, with_credibility, with_perceived
    )
