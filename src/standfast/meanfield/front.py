"""Local allies, refugees, columns on the roads, volunteers (E19-E21)."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops.codes import ADVERSARY, GOVERNMENT
from standfast.meanfield.loops.combat import attacking_power
from standfast.meanfield.parameters import chance
from standfast.meanfield.state import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.meanfield.build import World
    from standfast.meanfield.places import Way
    from standfast.meanfield.state import Floats

#: columns that can be on the roads at once, and the crowd that no further refugees add to
MOST_COLUMNS, MOST_CROWD = 64, 3.0


def see_neighbours(world: World) -> None:
    """Note which places see a neighbouring place that fell in this run."""
    q = world.places
    fallen = (q.control == ADVERSARY) & ~np.isnan(q.lost_hour)
    if fallen.any():
        q.neighbour_lost = q.beside @ fallen > 0


def join_and_flee(world: World) -> None:
    """Let local allies join where success is visible (M37), and civilians flee (M40)."""
    p, q = world.p, world.places
    success = q.neighbour_lost | (q.control == ADVERSARY)
    missing = np.maximum(0.0, q.support * q.population * p.allies_share - q.allies)
    joining = np.where(success, chance(p.allies_rate * p.dt) * missing, 0.0)
    q.allies, q.fighters = q.allies + joining, q.fighters + joining
    left = np.maximum(0.0, p.refugees_share * q.population - q.refugees)
    fleeing = np.where(q.control != GOVERNMENT, chance(p.refugees_rate * p.dt) * left, 0.0)
    q.refugees = q.refugees + fleeing
    if q.refugees.any():
        passing = q.beside @ (q.refugees / np.maximum(1.0, q.beside.sum(axis=1)))
        crowd = np.minimum(MOST_CROWD, passing / _tenth(q.population))
        q.public_factor = 1 + p.civilian_carry * crowd


def _tenth(population: Floats) -> Floats:
    return np.asarray(0.1 * np.maximum(population, 1000))


def advance_columns(world: World) -> None:
    """Let columns arrive and set out (M38)."""
    p, q = world.p, world.places
    if not p.M38:
        return
    for column in [x for x in world.columns if world.hour >= x.arrives]:
        world.columns.remove(column)
        _arrive(world, column)
    ready = (q.control == ADVERSARY) & (world.hour >= q.ready_hour) & ~q.halted
    ready &= q.fighters - q.hold >= p.strike_least
    if not ready.any():
        return
    steps = cache(partial(steps_to_front, world))
    for k in np.flatnonzero(ready).tolist():
        _set_out(world, k, steps)


def steps_to_front(world: World) -> list[float]:
    """Return for each place taken the number of roads to the nearest place not taken."""
    q = world.places
    taken = (q.control == ADVERSARY).tolist()
    far = float("inf")
    steps = [far if own or q.is_region[k] else 0.0 for k, own in enumerate(taken)]
    changed = True
    while changed:
        changed = False
        for k, own in enumerate(taken):
            best = min((steps[n] + 1 for n in q.neighbours[k]), default=far) if own else far
            if best < steps[k]:
                steps[k], changed = best, True
    return steps


def _arrive(world: World, column: Column) -> None:
    q, k = world.places, column.end
    q.fighters[k] += column.men
    q.supply_km[k] = column.km
    if q.control[k] == ADVERSARY:
        q.ready_hour[k] = max(q.ready_hour[k], world.hour)
    elif q.intensity[k] <= 0:
        q.intensity[k] = 1.0


def _set_out(world: World, k: int, steps: Callable[[], list[float]]) -> None:
    """Send columns to the neighbours that promise most; else wait; else follow the front."""
    p, q, most = world.p, world.places, world.scenario.adversary.columns
    left = float(q.fighters[k] - q.hold[k])
    sent, is_blocked = 0, False
    for turn in range(most):
        men = left / (most - turn)
        men = left if men < p.strike_least else men
        if men < p.strike_least:
            break
        way, blocked = _best_way(world, k, men)
        is_blocked = is_blocked or blocked
        if way is None:
            break
        slowing = 1 + p.road_slowing * q.refugees[k] / _tenth(q.population)[k]
        if not _launch(world, k, way, men, way.km / way.speed * slowing):
            break
        left -= men
        sent += 1
    if sent:
        q.wait_hours[k] = 0.0
    elif is_blocked:
        q.wait_hours[k] += p.dt
        q.halted[k] = q.wait_hours[k] >= p.halt_time
    else:
        ahead = [
            way
            for way in q.ways[k]
            if q.control[way.end] == ADVERSARY and steps()[way.end] < steps()[k]
        ]
        if ahead:
            way = min(ahead, key=lambda x: steps()[x.end])
            _launch(world, k, way, left, way.km / way.speed)


def _best_way(world: World, k: int, men: float) -> tuple[Way | None, bool]:
    """Return the way to the target of most value x weakness, and whether any was too strong."""
    q = world.places
    best, best_score, is_blocked = None, 0.0, False
    for way in q.ways[k]:
        end = way.end
        if q.control[end] == ADVERSARY or q.is_region[end]:
            continue
        if any(column.end == end for column in world.columns):
            continue
        far = q.supply_km[k] + way.km
        power = attacking_power(world.p, world.loot, men, q.support[end], far)
        if q.defence[end] > world.p.assault_ratio * power:
            is_blocked = True
            continue
        score = q.value[end] * power / (power + q.defence[end] + 1e-9)
        if score > best_score:
            best, best_score = way, float(score)
    return best, is_blocked


def _launch(world: World, k: int, way: Way, men: float, hours: float) -> bool:
    if len(world.columns) >= MOST_COLUMNS:
        return False
    q = world.places
    q.fighters[k] -= men
    world.columns.append(Column(way.end, men, world.hour + hours, float(q.supply_km[k] + way.km)))
    return True


def volunteers_arrive(world: World) -> None:
    """Let called volunteers come to places still held, and those on duty take heart (E21)."""
    p, q, formations = world.p, world.places, world.formations
    missing = q.volunteers_called - q.volunteers
    coming = (q.control != ADVERSARY) & (missing > 0)
    if p.volunteer_skill <= 0 or not coming.any():
        return
    new = np.where(coming, chance(p.volunteer_rate * p.dt) * missing, 0.0)
    q.volunteers = q.volunteers + new
    gain = p.belief_of_volunteers * np.minimum(1.0, new / np.maximum(1.0, q.duty))
    formations.shift = formations.shift + gain[formations.place]
