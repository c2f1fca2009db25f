"""Combat and the fall of a place (E17, E18, E19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.news import FALL, PRISON, TREACHERY
from standfast.meanfield.parameters import chance
from standfast.meanfield.state import ADVERSARY, CONTESTED, GOVERNMENT
from standfast.meanfield.tally import detach, on_duty

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats

#: intensity at which attackers wait before a place they cannot assault
SIEGE = 0.1
#: most defenders lost in combat in a step, and how much faster the hopeless give up
MOST_KILLED, MOST_HOPELESS = 0.2, 4.0
#: shares of a formation that are not worth a formation of their own
NEGLIGIBLE = 0.02


def attacking_power(
    world: World, men: Floats | float, support: Floats, supply_km: Floats | float
) -> Floats:
    """Return P at full intensity: men, captured arms, support, length of supply."""
    p = world.p
    arms = p.attacker_power * (1 + world.loot / p.loot_half) ** p.loot_exponent
    welcome = 1 - p.support_drag * (1 - support)
    return np.asarray(men * arms * welcome * np.exp(-supply_km / p.halt_far))


def _losses(world: World, rate: float, own: float, other: float) -> float:
    """Return losses of a step by Lanchester's law between linear (1/2) and square (1)."""
    if own <= 0 or other <= 0:
        return 0.0
    p = world.p
    return float(rate * other * (own / other) ** (1 - p.lanchester_exponent) * p.dt)


def fight(world: World) -> None:
    """Set powers, contact and losses at every place."""
    p, q = world.p, world.places
    in_danger = (q.control == CONTESTED) | q.neighbour_lost
    residents = np.where(in_danger, p.residents_defend * q.population * q.hostility, 0.0)
    q.defence = q.defensibility * (q.effort + p.volunteer_skill * (q.volunteers + residents))
    q.contact = np.zeros_like(q.contact)
    q.killed, q.fire = np.zeros_like(q.killed), np.zeros_like(q.fire)
    power = attacking_power(world, q.fighters, q.support, q.supply_km)
    taken = q.control == ADVERSARY
    q.attack = power * taken
    gone = (q.control == CONTESTED) & (q.fighters < 1)
    if gone.any():
        q.control = np.where(gone, GOVERNMENT, q.control)
        q.intensity = np.where(gone, 0.0, q.intensity)
    if not p.M33:
        return
    attacks = ~taken & (q.fighters >= 1) & ((q.intensity > 0) | q.neighbour_lost)
    for k in np.flatnonzero(attacks).tolist():
        _choose_intensity(world, k, power[k])
        q.attack[k] = power[k] * q.intensity[k]
        if q.attack[k] > 0:
            _exchange_losses(world, k, power[k])


def _choose_intensity(world: World, k: int, power: float) -> None:
    """Let attackers wait where an assault does not promise, and press it where it does (E20)."""
    p, q = world.p, world.places
    if q.defence[k] > p.assault_ratio * power:
        q.intensity[k] = SIEGE
        q.siege_hours[k] += p.dt
        if q.siege_hours[k] >= p.halt_time:
            q.halted[k] = True
    else:
        q.siege_hours[k] = 0.0
        q.intensity[k] = q.scripted[k] or 1.0


def _exchange_losses(world: World, k: int, power: float) -> None:
    p, q = world.p, world.places
    q.contact[k] = True
    if q.control[k] == GOVERNMENT:
        q.control[k] = CONTESTED
    killed = _losses(world, p.defender_loss_rate, q.defence[k], q.attack[k])
    q.killed[k] = min(MOST_KILLED, killed / max(1.0, q.duty[k]))
    q.fire[k] = chance(p.fire_rate * q.intensity[k] * p.dt)
    fallen = q.intensity[k] * _losses(world, p.attacker_loss_rate, power, q.defence[k])
    q.fighters[k] = max(0.0, q.fighters[k] - fallen)
    if q.defence[k] < p.break_ratio * q.attack[k]:
        hopeless = p.break_ratio * q.attack[k] / (q.defence[k] + 1e-9)
        q.weak_hours[k] += p.dt * min(MOST_HOPELESS, hopeless)
    else:
        q.weak_hours[k] = 0.0


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
