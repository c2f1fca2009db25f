"""The world at hour 0: people and ties are given, what they start with follows the equations."""

from __future__ import annotations

import math
import statistics

from standfast.scenario.forces import BRANCHES
from standfast.scenario.moments import hours_of
from standfast.scenario.vocabulary import CONTROL
from twin import draws
from twin.numbers import chance, logistic, single, within
from twin.tally import tally
from twin.words import DUTY, GHOST, LEAVE
from twin.world import Battalion, Company, Person, Place, Road, Squad, World

EARTH_RADIUS = 6371.0088
INFLUENCED = 0.3


def build_world(plan, replicate):
    """Return the world of a run at its start.

    Parameters
    ----------
    plan
        Only its scenario, seed, people and network are read.
    replicate
        Number of the run.
    """
    world = World(plan.scenario, plan.seed, replicate)
    build_places(world)
    build_units(world, plan.people)
    build_people(world, plan.people, plan.network)
    start_people(world)
    start_means(world)
    tally(world)
    return world


def build_places(world):
    """Lay out the map."""
    scenario, p = world.scenario, world.p
    world.places = [Place(k, slug, it) for k, (slug, it) in enumerate(scenario.places.items())]
    quickest = {}
    for road in scenario.roads:
        speed = p.advance_speed if road.speed is None else road.speed
        for ends in ((road.start, road.end), (road.end, road.start)):
            known = quickest.get(ends)
            if known is None or road.length / speed < known[0] / known[1]:
                quickest[ends] = (road.length, speed)
    for place in world.places:
        for other in world.places:
            if (place.slug, other.slug) in quickest:
                place.roads.append(Road(other, *quickest[place.slug, other.slug]))
        place.control = CONTROL.index(place.known.control)
        place.fighters = float(scenario.adversary.fighters.get(place.slug, 0))
        place.hold = p.garrison_share * place.fighters
        has_prison = place.known.prison is not None and world.is_on("M36")
        place.inmates = float(place.known.prison.inmates) if has_prison else 0.0
        place.next_ultimatum = p.ultimatum_period
        place.answer = p.answer_probability
        place.call_delay = p.dispatch_delay
        place.amnesty = p.amnesty
    for place in world.places:
        place.distance = {other: great_circle(place.known, other.known) for other in world.places}
        place.travel_hours = shortest_ways(place)


def great_circle(a, b):
    """Return the distance of two places [km], to a millimetre."""
    lat, lon, lat2, lon2 = map(math.radians, (a.latitude, a.longitude, b.latitude, b.longitude))
    half = math.sin((lat2 - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return round(2 * EARTH_RADIUS * math.asin(math.sqrt(min(half, 1.0))), 6)


def shortest_ways(start):
    """Return the hours by road to every place that can be reached."""
    hours = {start: 0.0}
    changed = True
    while changed:
        changed = False
        for place in list(hours):
            for road in place.roads:
                via = hours[place] + road.km / road.speed
                if via < hours.get(road.end, math.inf):
                    hours[road.end] = via
                    changed = True
    return hours


def build_units(world, people):
    """Lay out battalions, companies and squads as the order of battle has them."""
    p, forces = world.p, list(world.scenario.forces.values())
    trained = world.is_on("M16")
    for b, number in enumerate(people.battalion_force.tolist()):
        force = forces[number]
        world.battalions.append(
            Battalion(
                number=b,
                force=number,
                branch=BRANCHES.index(force.branch),
                quality=force.quality if trained else 0.5,
                place=world.place(force.place),
                is_reserve=force.reserve,
            )
        )
    for c, b in enumerate(people.company_battalion.tolist()):
        battalion = world.battalions[b]
        force = forces[battalion.force]
        on_leave = min(force.leave, 0.95)
        company = Company(
            number=c,
            battalion=battalion,
            trust_start=max(0.0, p.trust_start - p.trust_lost_to_corruption * force.corruption),
            belief_start=p.belief_start,
            skill=max(0.05, 1 + p.skill_range * (force.quality - 0.5)),
            leave_rate=on_leave / (1 - on_leave) / p.leave_length,
        )
        world.companies.append(company)
        battalion.companies.append(company)
        battalion.place.n_company_start += 1
    for s, c in enumerate(people.squad_company.tolist()):
        squad = Squad(world.companies[c], float(people.squad_cohesion[s]))
        world.squads.append(squad)
        squad.company.squads.append(squad)


def build_people(world, people, network):
    """Make a person of every name on paper."""
    for i in range(people.n_agent):
        me = Person(i)
        me.squad = world.squads[int(people.squad[i])]
        me.squad.people.append(me)
        me.company.people.append(me)
        me.origin = me.post
        me.origin.names.append(me)
        me.home = world.places[int(people.home[i])]
        me.branch = int(people.branch[i])
        me.is_ghost = bool(people.ghost[i])
        me.has_phone = bool(people.phone[i])
        me.has_means = bool(people.means[i])
        me.family = int(people.family[i])
        me.expressiveness = float(people.expressiveness[i])
        me.fear_baseline = float(people.fear_baseline[i])
        me.uptake = chance(world.p.contagion_rate * world.p.dt * float(people.openness[i]))
        # a whole number from 1 to 16, by which fear is passed on along ties
        me.voice = 1 + int(single(me.expressiveness * 15))
        me.status = GHOST if me.is_ghost else LEAVE if people.on_leave[i] else DUTY
        set_character(world, me, people)
        me.legitimacy_at_start = me.legitimacy
        world.people.append(me)
        if me.status == DUTY:
            me.origin.n_start += 1
    for place in world.places:
        # headquarters counts the names on the list (E24)
        listed = len(place.names) / max(1, place.n_start)
        place.paper_factor = listed if world.is_on("M16") else 1.0
    for me in world.people:
        me.phone_ties = ties_of(world, network.phone, me.number)
        me.kin_ties = ties_of(world, network.kin, me.number)
        living = [other for other in me.squad.people if not other.is_ghost]
        me.n_contact = max(0, len(living) - 1) + len(me.phone_ties) + len(me.kin_ties)
    ties = [len(me.phone_ties) for me in world.people]
    for me, n in zip(world.people, ties, strict=True):
        relative = n / (sum(ties) / len(ties)) if n else 1.0
        me.phone_activity = single(relative**world.p.contact_growth) if n else 1.0
    known = [me.resolve_start for me in world.people if not me.is_ghost]
    world.resolve_median = single(statistics.median(known)) if known else math.inf


def ties_of(world, layer, i):
    """Return those whom a layer ties to somebody."""
    return [world.people[j] for j in layer.indices[layer.indptr[i] : layer.indptr[i + 1]].tolist()]


def set_character(world, me, people):
    """Set commitment (E13, E21), resolve (E12), standing with the state, and kind of home."""
    p, i = world.p, me.number
    force = list(world.scenario.forces.values())[int(people.force[i])]
    commitment = p.commitment + getattr(p, f"commitment_{BRANCHES[me.branch]}", 0.0)
    commitment += force.commitment
    if world.is_on("M16"):
        commitment += p.commitment_of_quality * (force.quality - 0.5)
    commitment += float(people.deviation[i]) + p.commitment_of_volunteers * int(people.volunteer[i])
    years = within(float(people.service[i]) - 5, 0, 5)
    commitment *= 1 + p.commitment_of_service * years
    me.legitimacy = 0.5
    if people.group[i] >= 0:
        group = list(world.scenario.groups.values())[int(people.group[i])]
        me.legitimacy = group.legitimacy
        if me.origin.slug in group.home_region:
            # whoever sides with the adversary does not defend his home against it
            commitment += p.home_defence * max(0.0, 1 - 2 * me.origin.known.support)
    me.commitment = commitment
    spread = single(single(p.resolve_spread) * float(people.resolve_deviation[i]))
    me.resolve_start = within(single(single(p.resolve_start) + spread), single(0.05), 1.0)
    if me.home is me.origin:
        me.home_kind = 0
    else:
        me.home_kind = 1 if me.home.known.support >= INFLUENCED else 2


def start_people(world):
    """Set what people feel and know at hour 0."""
    p, settings, n = world.p, world.scenario.population, len(world.people)
    for me in world.people:
        reach = max(me.home.infiltration, me.origin.infiltration)
        for_x, for_a, for_y = (
            draws.uniform_of(world.key, me.number + k * n, 0, draws.START) for k in range(3)
        )
        if world.is_on("M08"):
            me.exposed = for_x < settings.exposed * reach
            me.perceived = min(1.0, settings.perceived_exposure * reach * 2 * for_y)
        if world.is_on("M09"):
            me.credibility = min(1.0, settings.credibility * reach * 2 * for_a)
        me.trust = me.company.trust_start
        me.belief = p.belief_start
        me.resolve = me.resolve_start
        me.fear = me.fear_baseline
        me.announced = int(single(single(me.fear_baseline * 16) + 0.5))


def start_means(world):
    """Set the fear of each squad and company, and the sums over those on duty."""
    for squad in world.squads:
        squad.fear = mean_fear(squad.people)
    for company in world.companies:
        company.fear = mean_fear(company.people)
        on_duty = [me for me in company.people if me.is_on_duty]
        company.duty = len(on_duty)
        company.trust = math.fsum(me.trust for me in on_duty)
        company.afraid = math.fsum(me.fear for me in on_duty)
        company.hopeful = math.fsum(logistic(me.belief) for me in on_duty)


def mean_fear(people):
    """Return the fear of those on duty, weighted by how much they show; 0 of nobody."""
    shown = [(me.expressiveness, me.fear) for me in people if me.is_on_duty]
    weight = math.fsum(e for e, _ in shown)
    return math.fsum(e * f for e, f in shown) / weight if weight > 0 else 0.0


def hour_of(scenario, when):
    """Return a moment of the scenario as hours since its start."""
    return hours_of(when, scenario.time.start)
