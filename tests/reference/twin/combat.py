"""Combat and the fall of a place (E18, E19)."""

from __future__ import annotations

import math

from twin import draws
from twin.numbers import chance
from twin.words import ADVERSARY, CONTESTED, FALL, GOVERNMENT, PRISON, TREACHERY

SIEGE = 0.1


def attacking_power(world, men, support, supply_km):
    """Return P at full intensity: men, captured arms, support, length of supply."""
    p = world.p
    arms = (1 + world.loot / p.loot_half) ** p.loot_exponent
    welcome = 1 - p.support_drag * (1 - support)
    return men * p.attacker_power * arms * welcome * math.exp(-supply_km / p.halt_far)


def losses(world, rate, own, other):
    """Return losses of a step by Lanchester's law, between linear (0) and square (1)."""
    if own <= 0 or other <= 0:
        return 0.0
    return rate * other * (own / other) ** (1 - world.p.lanchester_exponent) * world.p.dt


def fight(world):
    """Set powers, contact and losses at every place."""
    for place in world.places:
        place.defence = defending_power(world, place)
        place.contact = False
        place.chance_killed = place.chance_fire = 0.0
        power = attacking_power(world, place.fighters, place.known.support, place.supply_km)
        if place.control == ADVERSARY:
            place.attack = power
        elif not world.is_on("M33") or place.fighters < 1:
            place.attack = 0.0
            if place.control == CONTESTED and place.fighters < 1:
                place.control, place.intensity = GOVERNMENT, 0.0
        else:
            choose_intensity(world, place, power)
            place.attack = power * place.intensity
            if place.attack > 0:
                exchange_losses(world, place, power)


def defending_power(world, place):
    """Return D: those who fight, with volunteers and, in danger, residents."""
    p, known = world.p, place.known
    in_danger = place.control == CONTESTED or place.neighbour_lost
    residents = p.residents_defend * known.population * known.hostility if in_danger else 0.0
    return known.defensibility * (place.effort + p.volunteer_skill * (place.volunteers + residents))


def choose_intensity(world, place, power):
    """Let the attackers wait where it does not promise, and assault where it does (E20)."""
    p = world.p
    if place.intensity <= 0 and place.neighbour_lost:
        place.intensity = SIEGE
    if place.intensity <= 0:
        return
    if place.defence > p.assault_ratio * power:
        place.intensity = SIEGE
        place.siege_hours += p.dt
        if place.siege_hours >= p.halt_time and not place.halted:
            place.halted = True
            world.write("halt", place, place.fighters)
    else:
        if place.control == GOVERNMENT:
            world.write("assault_begins", place, place.fighters)
        place.siege_hours = 0.0
        place.intensity = place.scripted or 1.0


def exchange_losses(world, place, power):
    """Let both sides lose, and count how long the defence has been too weak."""
    p = world.p
    place.contact = True
    if place.control == GOVERNMENT:
        place.control = CONTESTED
    killed = losses(world, p.defender_loss_rate, place.defence, place.attack)
    place.chance_killed = min(0.2, killed / max(1, place.duty))
    place.chance_fire = chance(p.fire_rate * place.intensity * p.dt)
    fallen = place.intensity * losses(world, p.attacker_loss_rate, power, place.defence)
    place.fighters = max(0.0, place.fighters - fallen)
    if place.defence < p.break_ratio * place.attack:
        # the more hopeless, the sooner: time runs faster in proportion, up to fourfold
        hopeless = p.break_ratio * place.attack / (place.defence + 1e-9)
        place.weak_hours += p.dt * min(4.0, hopeless)
    else:
        place.weak_hours = 0.0


def is_lost(world, place):
    """Tell whether resistance ends in this step (M34)."""
    if not world.is_on("M34") or place.control == ADVERSARY:
        return False
    few = place.duty + place.volunteers < world.p.least_present * place.n_start
    if place.contact and (few or place.weak_hours >= world.p.break_time):
        return True
    return few and place.n_start > 0 and place.neighbour_lost and place.fighters > 0


def fall(world):
    """Let the places fall that cannot be held."""
    for place in world.places:
        if is_lost(world, place):
            lose_place(world, place)


def lose_place(world, place):
    """Hand a place over, and say what becomes of its battalions, arms, prison and news."""
    p = world.p
    place.control = ADVERSARY
    place.lost_hour = world.hour
    place.intensity = place.scripted = place.siege_hours = 0.0
    place.contact = False
    world.write("place_lost", place, place.duty)
    safe = [q for q in place.neighbours if q.control == GOVERNMENT and not q.is_region]
    for battalion in world.battalions:
        if battalion.place is place and not battalion.is_routed:
            leave_place(world, battalion, place, safe[0] if safe else None)
    world.loot += place.n_start
    open_prison(world, place)
    place.volunteers = 0.0
    place.hold = p.garrison_share * place.fighters
    place.ready_hour = world.hour + p.regroup
    world.requested.append((FALL, place))
    u = world.draw(place.number, draws.PLACE)[3]
    if u < p.treachery_after_fall and place.duty < 0.5 * place.n_start:
        world.requested.append((TREACHERY, place))
        world.write("treachery_rumour", place)


def leave_place(world, battalion, place, refuge):
    """Move a battalion out in good order, or let it run (E17)."""
    u = world.draw(battalion.number, draws.COMMAND, draws.FALL_OF_PLACE)[0]
    n = battalion.duty
    can_go = refuge is not None and n > 0 and world.is_on("M17")
    if can_go and u < chance_of_order(world, battalion, place):
        battalion.place = refuge
        world.write("evacuation", place, n, battalion)
        return
    battalion.is_routed = battalion.is_dissolved = True
    if n > 0:
        world.write("rout", place, n, battalion)


def chance_of_order(world, battalion, place):
    """Return the chance that a battalion moves in good order: skill, trust and training."""
    skill = min(1.0, world.p.evacuation_skill + place.evacuation_gain)
    trust = battalion.mean("trust") if battalion.duty > 0 else 0.0
    return skill * 2 * trust * (0.5 + battalion.quality)


def open_prison(world, place):
    """Let the inmates out; those who sympathise join the adversary (M36)."""
    if place.inmates <= 0 or world.p.prisoners_join <= 0:
        return
    place.fighters += world.p.prisoners_join * place.inmates * place.known.prison.fighters
    world.write("prison_break", place, place.inmates)
    place.inmates = 0.0
    world.requested.append((PRISON, place))
