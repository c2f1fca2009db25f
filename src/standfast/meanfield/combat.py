"""Combat and the fall of a place (E17, E18, E19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops import combat as loops
from standfast.meanfield.loops.codes import ADVERSARY, GOVERNMENT
from standfast.meanfield.news import FALL, PRISON, TREACHERY
from standfast.meanfield.tally import detach, on_duty

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats

#: shares of a formation that are not worth a formation of their own
NEGLIGIBLE = 0.02


def fight(world: World) -> None:
    """Set powers, contact and losses at every place."""
    q = world.places
    loops.fight(
        world.numbers, world.loot, q.population, q.hostility, q.defensibility, q.support, q.supply_km, q.scripted,
        q.duty, q.effort, q.volunteers, q.neighbour_lost,
        q.control, q.intensity, q.siege_hours, q.weak_hours, q.halted, q.fighters,
        q.defence, q.attack, q.contact, q.killed, q.fire,
    )  # fmt: skip


def fall(world: World) -> None:
    """Let the places fall that cannot be held (M34)."""
    p, q = world.p, world.places
    if not p.M34:
        return
    few = q.duty + q.volunteers < p.least_present * q.n_start
    ends = q.contact & (few | (q.weak_hours >= p.break_time))
    given_up = few & (q.n_start > 0) & q.neighbour_lost & (q.fighters > 0)
    for k in np.flatnonzero((q.control != ADVERSARY) & (ends | given_up)).tolist():
        _lose_place(world, k)


def _lose_place(world: World, k: int) -> None:
    p, q = world.p, world.places
    q.control[k], q.lost_hour[k] = ADVERSARY, world.hour
    q.intensity[k] = q.scripted[k] = q.siege_hours[k] = 0.0
    q.contact[k] = False
    safe = [n for n in q.neighbours[k] if q.control[n] == GOVERNMENT and not q.is_region[n]]
    for f in np.flatnonzero((world.formations.place == k) & ~world.formations.routed).tolist():
        rest = move_in_order(world, f, safe[0]) if safe and p.M17 else f
        if rest is not None:
            world.formations.routed[rest] = world.formations.dissolved[rest] = True
    world.loot += q.n_start[k]
    if q.inmates[k] > 0 and p.prisoners_join > 0:
        open_prison(world, k)
        world.requested.append((PRISON, k))
    q.volunteers[k] = 0.0
    q.hold[k] = p.garrison_share * q.fighters[k]
    q.ready_hour[k] = world.hour + p.regroup
    world.requested.append((FALL, k))
    if q.duty[k] < 0.5 * q.n_start[k]:
        # rumours of treachery are a matter of chance; here so many falls in ten start one
        world.rumours_due += p.treachery_after_fall
        if world.rumours_due >= 0.5:
            world.rumours_due -= 1
            world.requested.append((TREACHERY, k))


def open_prison(world: World, k: int) -> None:
    """Let the inmates out; those who sympathise join the adversary (M36)."""
    q = world.places
    q.fighters[k] += world.p.prisoners_join * q.inmates[k] * q.inmates_join[k]
    q.inmates[k] = 0.0


def chance_of_order(world: World) -> Floats:
    """Return the share of each formation that would move in good order (E17)."""
    formations, q = world.formations, world.places
    skill = np.minimum(1.0, world.p.evacuation_skill + q.evacuation_gain[formations.place])
    order = skill * 2 * on_duty(world, world.cells.trust) * (0.5 + formations.quality)
    return np.asarray(np.clip(order, 0.0, 1.0))


def move_in_order(world: World, formation: int, end: int) -> int | None:
    """Move the share of a formation that keeps its order; return what stays, if anything does."""
    share = float(chance_of_order(world)[formation])
    if share < NEGLIGIBLE:
        return formation
    if share > 1 - NEGLIGIBLE:
        world.move(formation, end)
        return None
    moved = detach(world, formation, share)
    world.move(moved, end)
    return formation
