"""Dated events, and what each changes (E17, E25)."""

from __future__ import annotations

import zlib

from twin import draws
from twin.build import hour_of
from twin.combat import chance_of_order
from twin.command import lose_commanders, send
from twin.news import circulate, first_to_know
from twin.words import ADVERSARY, ALARM, FLIGHT, GOVERNMENT, PRISON


def draw_moments(world):
    """Return (hour, order among those of an hour, event, whether it ends an attack)."""
    moments = []
    for index, event in enumerate(world.scenario.events):
        number = zlib.crc32(event.id.encode())
        happens, when, _, _ = draws.uniforms(world.key, number, 0, draws.EVENT)
        if happens >= event.probability:
            continue
        hour = hour_of(world.scenario, event.at) + event.spread * when
        moments.append((hour, index, event, False))
        if event.kind == "attack" and event.breaks_off_after is not None:
            moments.append((hour + event.breaks_off_after, -1 - index, event, True))
    return sorted(moments, key=lambda moment: moment[:2])


def threaten(world, moments):
    """Let the campaign rise before the attacks to come (E1)."""
    for place in world.places:
        place.threatened = 0.0
    for hour, _, event, is_end in moments:
        if event.kind != "attack" or is_end:
            continue
        lead = world.p.campaign_lead
        if event.campaign_lead is not None:
            lead = min(lead, event.campaign_lead)
        if world.hour < hour <= world.hour + lead:
            place = world.place(event.place)
            place.threatened = max(place.threatened, 1 - (hour - world.hour) / lead)


def happen(world, event, *, is_end):
    """Let an event happen, unless it waits for a place that has not fallen."""
    waits_for = event.unless_held
    if waits_for is not None and world.place(waits_for).control != ADVERSARY:
        return
    if is_end:
        break_off(world, event)
        return
    needs, act = EVENTS[event.kind]
    if not needs or any(world.is_on(mechanism) for mechanism in needs):
        act(world, event)


def break_off(world, event):
    place = world.place(event.place)
    if event.id not in world.attacks_under_way or place.control == ADVERSARY:
        return
    place.fighters = max(0.0, place.fighters - event.fighters)
    place.intensity = place.scripted = 0.0
    place.control = GOVERNMENT
    world.write("attack_breaks_off", place, event.fighters)


def attack(world, event):
    place = world.place(event.place)
    if place.control == ADVERSARY:
        return
    place.fighters += event.fighters
    place.scripted = max(place.scripted, event.intensity)
    place.intensity = place.scripted
    world.attacks_under_way.add(event.id)
    world.write("attack", place, event.fighters)


def intensify(world, event):
    place = world.place(event.place)
    if place.scripted > 0:
        place.scripted = event.intensity
        world.write("intensify", place, event.intensity)


def reinforce(world, event):
    place = world.place(event.place)
    force = list(world.scenario.forces).index(event.force)
    ready = [
        b
        for b in world.battalions
        if b.force == force and b.arrives is None and not b.is_dissolved and b.place is not place
    ]
    for battalion in ready[: event.battalions]:
        send(world, battalion, place, event.delay)
        world.write("call_answered", place, battalion.arrives - world.hour, battalion)


def commanders_leave(world, event):
    place = world.place(event.place)
    for battalion in world.battalions:
        if battalion.place is not place or not battalion.has_commanders:
            continue
        u = event_draw(world, 1_000_000 + battalion.number)
        if u < event.share * (1 - place.leaders_kept):
            lose_commanders(world, battalion)
            world.write("commanders_leave", place, 1.0, battalion)
    if any(battalion.is_told for battalion in world.battalions):
        circulate(world, FLIGHT, place, first_to_know(world, FLIGHT, place))


def event_draw(world, index):
    """Return the uniform by which an event picks a battalion; the same in every step."""
    return draws.uniforms(world.key, index, 0, draws.EVENT)[2]


def mass_message(world, event):
    for slug in event.places:
        place = world.place(slug)
        circulate(world, ALARM, place, {place: event.reach}, needs_phone=True)
        world.write("mass_message", place, event.reach)


def give_order(world, event):
    place = world.place(event.place)
    for battalion in world.battalions:
        if battalion.place is not place:
            continue
        if event_draw(world, 2_000_000 + battalion.number) >= event.share:
            continue
        if event.order == "stand":
            for company in battalion.companies:
                company.stand = 1.0
                company.belief_shift += 0.5 * world.p.belief_of_stand_order
        elif event.order == "leave" or event.to is None:
            release(battalion)
        else:
            move_out(world, battalion, world.place(event.to))
    number = ("stand", "withdraw", "evacuate", "leave").index(event.order)
    world.write("order", place, number)


def release(battalion):
    """Let an order work as a release: whoever hears it may go."""
    for company in battalion.companies:
        company.order += 1.0


def move_out(world, battalion, end):
    """Carry out an order to move: in good order, or as a release."""
    if battalion.is_dissolved:
        return
    u = world.draw(battalion.number, draws.COMMAND, draws.ORDER_TO_MOVE)[0]
    start = battalion.place
    if u < chance_of_order(world, battalion, start):
        battalion.place = end
        world.write("evacuation", start, battalion.duty, battalion)
    else:
        release(battalion)


def call_up(world, event):
    for slug in event.places:
        place = world.place(slug)
        here = [c for c in world.companies if c.place is place]
        for company in here:
            company.call_up += world.p.order_by_call_up
        world.write("call_up", place, len(here))


def breach(world, event):
    place = world.place(event.place)
    share = event.share * (1 - place.guard)
    place.leak = max(place.leak, share)
    world.write("breach", place, share)


def prison_break(world, event):
    place = world.place(event.place)
    share = place.known.prison.fighters if place.known.prison else 0.0
    place.fighters += world.p.prisoners_join * place.inmates * share
    world.write("prison_break", place, place.inmates)
    place.inmates = 0.0
    circulate(world, PRISON, place, first_to_know(world, PRISON, place))


def mobilise(world, event):
    place = world.place(event.place)
    place.volunteers_called += event.volunteers
    world.write("mobilisation", place, event.volunteers)


def change_safety(world, event):
    place = world.place(event.place)
    place.leaving_safety = min(1.0, max(0.0, place.leaving_safety + event.change))
    world.write("leaving_safety", place, event.change)


#: kind -> the mechanisms one of which it needs, and what it does
EVENTS = {
    "attack": (("M33",), attack),
    "intensify": ((), intensify),
    "reinforce": (("M13",), reinforce),
    "commanders_leave": (("M15",), commanders_leave),
    "mass_message": (("M01",), mass_message),
    "order": (("M17",), give_order),
    "call_up": (("M19",), call_up),
    "breach": (("M08",), breach),
    "prison_break": (("M36",), prison_break),
    "mobilisation": (("M39",), mobilise),
    "leaving_safety": (("M28", "M29"), change_safety),
}
