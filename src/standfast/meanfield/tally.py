"""What is counted at each place, what contacts learn, and parts of formations that go elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops import tally as loops
from standfast.meanfield.loops.codes import DUTY

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats


def pass_on(world: World) -> None:
    """Let contacts learn of departures and harm, as means over the pools they are drawn from."""
    c, x = world.cells, world.formations
    loops.pass_on(
        world.numbers, c.home, c.formation, world.residents, x.size, world.squad, world.n_people, c.all_serving, c.departed, c.harmed,
        c.phone_gone, c.kin_gone, c.friends_gone, c.harm_near,
    )  # fmt: skip


def tally(world: World) -> None:
    """Sum over those on duty at each place, and renew what those of each formation feel."""
    q, c, x = world.places, world.cells, world.formations
    loops.tally(
        world.numbers, c.formation, x.place, world.openness, c.count, c.fear, c.trust, c.belief, c.resolve,
        x.skill, x.people, x.left, q.n_start,
        x.fear, x.trust, x.hope, q.duty, q.effort, q.felt, q.gone,
    )  # fmt: skip


def on_duty(world: World, values: Floats) -> Floats:
    """Return the mean of (class, n_cell) values over those on duty of each formation."""
    cells = world.cells
    duty = cells.count[DUTY]
    whole = cells.by_formation(duty.sum(axis=0))
    total = cells.by_formation((duty * values).sum(axis=0))
    return np.asarray(np.divide(total, whole, out=np.zeros_like(total), where=whole > 0))


def detach(world: World, formation: int, share: float) -> int:
    """Split a share off a formation, as a formation of its own; return its index."""
    formations, cells = world.formations, world.cells
    chosen = np.flatnonzero(cells.formation == formation)
    first = cells.formation.size
    formations.copy_columns(np.array([formation]))
    new = formations.force.size - 1
    cells.copy_columns(chosen)
    cells.formation[first:] = new
    for name in ("people", "n_company", "n_battalion"):
        array = getattr(formations, name)
        array[..., formation] *= 1 - share
        array[..., new] *= share
    for name in (
        "people",
        "mass",
        "count",
        "out",
        "departed",
        "absent",
        "gone_knows",
        "gone_spreads",
    ):
        array = getattr(cells, name)
        array[..., chosen] *= 1 - share
        array[..., first:] *= share
    world.settle()
    return new
