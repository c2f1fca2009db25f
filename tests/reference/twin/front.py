"""Local allies, refugees, columns on the roads, volunteers (E19-E21)."""

from __future__ import annotations

import math

from twin.combat import attacking_power
from twin.numbers import chance
from twin.words import ADVERSARY, GOVERNMENT
from twin.world import Column


def see_neighbours(world):
    """Note which places see a neighbouring place that fell in this run."""
    for place in world.places:
        place.neighbour_lost = any(
            q.control == ADVERSARY and q.lost_hour is not None for q in place.neighbours
        )


def join_and_flee(world):
    """Let local allies join where success is visible (M37), and civilians flee (M40)."""
    p = world.p
    for place in world.places:
        population = place.known.population
        if place.neighbour_lost or place.control == ADVERSARY:
            target = place.known.support * population * p.allies_share
            joining = chance(p.allies_rate * p.dt) * max(0.0, target - place.allies)
            place.allies += joining
            place.fighters += joining
        if place.control != GOVERNMENT:
            left = max(0.0, p.refugees_share * population - place.refugees)
            place.refugees += chance(p.refugees_rate * p.dt) * left
    for place in world.places:
        passing = math.fsum(q.refugees / len(q.roads) for q in place.neighbours)
        crowd = passing / (0.1 * max(place.known.population, 1000))
        place.public_factor = 1 + p.civilian_carry * min(3.0, crowd)


def steps_to_front(world):
    """Return for each place taken the roads to the nearest place not taken, by places taken."""
    steps = {q: math.inf if q.control == ADVERSARY or q.is_region else 0 for q in world.places}
    for _ in world.places:
        for place in world.places:
            if place.control == ADVERSARY:
                ways = [steps[q] + 1 for q in place.neighbours]
                steps[place] = min([steps[place], *ways])
    return steps


def advance_columns(world):
    """Let columns arrive and set out (M38)."""
    if not world.is_on("M38"):
        return
    for k, column in enumerate(world.columns):
        if column is not None and world.hour >= column.arrives:
            world.columns[k] = None
            arrive(world, column)
    steps = steps_to_front(world)
    for place in world.places:
        is_ready = place.control == ADVERSARY and world.hour >= place.ready_hour
        if is_ready and not place.halted and spare(place) >= world.p.strike_least:
            set_out(world, place, steps)


def spare(place):
    """Return the fighters who need not hold a place."""
    return place.fighters - place.hold


def arrive(world, column):
    """Let a column join the fighters of a place, and attack if it is not theirs."""
    place = column.end
    place.fighters += column.men
    place.supply_km = column.km
    world.write("column_arrives", place, column.men)
    if place.control == ADVERSARY:
        place.ready_hour = max(place.ready_hour, world.hour)
    elif place.intensity <= 0:
        place.intensity = 1.0


def set_out(world, place, steps):
    """Send columns to the neighbours that promise most; else wait; else follow the front."""
    p, most = world.p, world.scenario.adversary.columns
    left, sent, is_blocked = spare(place), 0, False
    for turn in range(most):
        men = left / (most - turn)
        if men < p.strike_least:
            men = left
        if men < p.strike_least:
            break
        road, blocked = best_road(world, place, men)
        is_blocked = is_blocked or blocked
        if road is None:
            break
        slowing = place.refugees / (0.1 * max(place.known.population, 1000))
        hours = road.km / road.speed * (1 + p.road_slowing * slowing)
        if not launch(world, place, road, men, hours):
            break
        world.write("column_sets_out", road.end, men)
        place.fighters -= men
        left -= men
        sent += 1
    if sent:
        place.wait_hours = 0.0
    elif is_blocked:
        place.wait_hours += p.dt
        if place.wait_hours >= p.halt_time:
            place.halted = True
            world.write("halt", place, left)
    else:
        follow_front(world, place, left, steps)


def best_road(world, place, men):
    """Return the road to the target of most value x weakness, and whether any was too strong."""
    best, best_score, is_blocked = None, 0.0, False
    for road in place.roads:
        q = road.end
        if q.control == ADVERSARY or q.is_region or is_targeted(world, q):
            continue
        power = attacking_power(world, men, q.known.support, place.supply_km + road.km)
        if q.defence > world.p.assault_ratio * power:
            is_blocked = True
            continue
        score = q.known.value * power / (power + q.defence + 1e-9)
        if score > best_score:
            best, best_score = road, score
    return best, is_blocked


def is_targeted(world, place):
    """Tell whether a column is on its way to a place."""
    return any(column is not None and column.end is place for column in world.columns)


def launch(world, place, road, men, hours):
    """Send a column on its way, unless there are too many; return whether it went."""
    if None not in world.columns:
        return False
    column = Column(road.end, men, world.hour + hours, place.supply_km + road.km)
    world.columns[world.columns.index(None)] = column
    return True


def follow_front(world, place, men, steps):
    """Move up behind the front, to the neighbour taken that is nearest to it."""
    ahead = [
        road
        for road in place.roads
        if road.end.control == ADVERSARY and steps[road.end] < steps[place]
    ]
    if not ahead:
        return
    road = min(ahead, key=lambda road: steps[road.end])
    if launch(world, place, road, men, road.km / road.speed):
        place.fighters -= men


def volunteers_arrive(world):
    """Let called volunteers come to places still held, and those on duty take heart (E21)."""
    p = world.p
    for place in world.places:
        missing = place.volunteers_called - place.volunteers
        if place.control == ADVERSARY or missing <= 0 or p.volunteer_skill <= 0:
            continue
        new = chance(p.volunteer_rate * p.dt) * missing
        place.volunteers += new
        gain = p.belief_of_volunteers * min(1.0, new / max(1, place.duty))
        for company in world.companies:
            if company.place is place:
                company.belief_shift += gain
