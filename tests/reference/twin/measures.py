"""Interventions of the defender: when each begins and ends, and what it changes (E25)."""

from __future__ import annotations

import math

from twin import draws
from twin.build import hour_of
from twin.command import send
from twin.events import move_out
from twin.numbers import single
from twin.words import ARMY, AT_HOME, GOVERNMENT, MOVED


def begin_and_end(world):
    """Begin and end the interventions whose hour falls into this step."""
    arrange(world)
    for measure in world.scenario.interventions:
        start, end = span(world, measure)
        where = places_of(world, measure)
        needs, act = MEASURES[measure.kind]
        if world.hour <= start < world.hour + world.p.dt:
            if measure.size > 0 and (needs is None or world.is_on(needs)):
                act(world, measure, where)
            for place in where if measure.places else [None]:
                world.write("intervention", place, measure.size)
        if world.hour <= end < world.hour + world.p.dt and measure.kind in ("sanction", "amnesty"):
            act(world, measure, where)


def span(world, measure):
    """Return the hours at which an intervention begins and ends."""
    start = hour_of(world.scenario, measure.start)
    return start, math.inf if measure.duration is None else start + measure.duration


def places_of(world, measure):
    """Return where an intervention applies; everywhere if it names no place."""
    return [q for q in world.places if not measure.places or q.slug in measure.places]


def in_force(world, kind):
    """Return the interventions of a kind that have begun and not ended by the end of this step."""
    now = world.hour + world.p.dt
    found = []
    for measure in world.scenario.interventions:
        start, end = span(world, measure)
        if measure.kind == kind and measure.size > 0 and start < now <= end:
            found.append(measure)
    return found


def arrange(world):
    """Set every standing arrangement at every place to the strongest in force there."""
    for kind, (name, parameter) in STANDING.items():
        for place in world.places:
            usual = getattr(world.p, parameter) if parameter else 0.0
            here = [x for x in in_force(world, kind) if place in places_of(world, x)]
            setattr(place, name, max([usual, *(measure.size for measure in here)]))
    for place in world.places:
        place.call_delay = world.p.dispatch_delay
        for measure in in_force(world, "answer_calls"):
            if measure.delay is not None and place in places_of(world, measure):
                place.call_delay = measure.delay


#: standing arrangements that end: what of the place, and the parameter it goes back to
STANDING = {
    "answer_calls": ("answer", "answer_probability"),
    "keep_leaders": ("leaders_kept", None),
    "verified_channel": ("verified", None),
    "protect_records": ("guard", None),
    "ordered_withdrawal": ("evacuation_gain", None),
    "leave_policy": ("leave_cancelled", None),
}


def pick(world, me, number):
    """Return the uniform by which an intervention picks people."""
    return draws.uniform_of(world.key, me.number, world.step, draws.EVENT + 256 * (number + 1))


def is_for(world, measure, battalion):
    """Tell whether a measure is for the force of a battalion; for all when it names none."""
    return not measure.forces or list(world.scenario.forces)[battalion.force] in measure.forces


def posted_at(world, where, measure):
    return [
        me
        for me in world.people
        if me.post in where and is_for(world, measure, me.company.battalion)
    ]


def answer_calls(world, measure, where):
    free_reserves(world, measure.battalions, where)


def free_reserves(world, how_many, away):
    """Make army battalions of quiet places reserves, those of the strongest garrisons first."""
    everywhere = len(away) == len(world.places)
    size = {q: sum(b.place is q for b in world.battalions) for q in world.places}
    able = []
    for battalion in world.battalions:
        place = battalion.place
        is_quiet = place.control == GOVERNMENT and not place.contact
        is_away = everywhere or place not in away
        is_free = not battalion.is_dissolved and not battalion.is_reserve
        if is_quiet and is_away and is_free and battalion.branch == ARMY:
            able.append(battalion)
    able.sort(key=lambda b: (-size[b.place], b.number))
    for battalion in able[:how_many]:
        battalion.is_reserve = True


def arrange_only(*_):
    """Do nothing beyond the standing arrangement."""


def move_families(world, measure, where):
    for me in world.people:
        lives_there = me.home in where and me.family == AT_HOME
        lives_there = lives_there and is_for(world, measure, me.company.battalion)
        if lives_there and pick(world, me, 1) < measure.size:
            me.family = MOVED


def protect_records(world, measure, where):
    for me in posted_at(world, where, measure):
        if pick(world, me, 2) < measure.size:
            me.exposed = False
            me.perceived = me.perceived * (1 - measure.size)


def clear_moles(world, measure, where):
    del world
    for place in where:
        place.infiltration *= 1 - measure.size


def end_ghosts(world, measure, where):
    whole = world.p.trust_start
    for me in posted_at(world, where, measure):
        me.trust = me.trust + 0.5 * measure.size * (whole - me.trust)
    for company in world.companies:
        if company.place in where and is_for(world, measure, company.battalion):
            company.trust_start += 0.5 * measure.size * (whole - company.trust_start)
    for place in where:
        listed = [me for me in place.names if is_for(world, measure, me.company.battalion)]
        struck = measure.size * sum(me.is_ghost for me in listed) / max(1, place.n_start)
        place.paper_factor = max(1.0, place.paper_factor - struck)


def pay_training_supply(world, measure, where):
    for company in world.companies:
        if company.place in where and is_for(world, measure, company.battalion):
            company.skill += world.p.skill_range * measure.size
    for me in posted_at(world, where, measure):
        gain = single(world.p.commitment_of_quality * measure.size)
        me.commitment = me.commitment + gain
    if world.is_on("M16"):
        for battalion in [
            b for b in world.battalions if b.place in where and is_for(world, measure, b)
        ]:
            battalion.quality = min(1.0, battalion.quality + measure.size)


def station_away(world, measure, where):
    for me in posted_at(world, where, measure):
        if me.home is me.origin and pick(world, me, 3) < measure.size:
            me.exposed = False
            if me.family == AT_HOME:
                me.family = MOVED


def sanction(world, measure, where):
    del measure, where  # worked out anew from all that are in force
    for me in world.people:
        me.legitimacy = me.legitimacy_at_start
    for law in in_force(world, "sanction"):
        for me in posted_at(world, places_of(world, law), law):
            me.legitimacy = me.legitimacy * single(1 + law.size)


def amnesty(world, measure, where):
    del measure, where
    for place in world.places:
        laws = [x for x in in_force(world, "amnesty") if place in places_of(world, x)]
        place.amnesty = world.p.amnesty + 2 * sum(law.size for law in laws)


def ordered_withdrawal(world, measure, where):
    if measure.to is None or not world.is_on("M17"):
        return
    for battalion in [b for b in world.battalions if b.place in where]:
        move_out(world, battalion, world.place(measure.to))


def mobilise_volunteers(world, measure, where):
    del world
    for place in where:
        place.volunteers_called += measure.size * place.n_start


def reserves_ahead(world, measure, where):
    if measure.to is None:
        return
    target = world.place(measure.to)
    away = [q for q in world.places if q is target or (measure.places and q in where)]
    free_reserves(world, measure.battalions, away)
    ready = [
        b
        for b in world.battalions
        if b.is_reserve and b.place is not target and b.arrives is None and not b.is_dissolved
    ]
    for battalion in ready[: round(measure.size * len(ready))]:
        send(world, battalion, target, 0.0)


#: kind -> the mechanism it needs, and what it does
MEASURES = {
    "answer_calls": ("M13", answer_calls),
    "keep_leaders": (None, arrange_only),
    "verified_channel": (None, arrange_only),
    "move_families": ("M10", move_families),
    "protect_records": (None, protect_records),
    "clear_moles": (None, clear_moles),
    "end_ghosts": ("M16", end_ghosts),
    "pay_training_supply": (None, pay_training_supply),
    "station_away": (None, station_away),
    "sanction": (None, sanction),
    "amnesty": (None, amnesty),
    "ordered_withdrawal": (None, ordered_withdrawal),
    "mobilise_volunteers": ("M39", mobilise_volunteers),
    "leave_policy": (None, arrange_only),
    "reserves_ahead": ("M13", reserves_ahead),
}
