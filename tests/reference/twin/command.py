"""Calls for help and their answers, and commanders who leave (E10, E11, E17)."""

from __future__ import annotations

import math

from twin import draws
from twin.numbers import chance, normal_quantile
from twin.words import ADVERSARY, FLIGHT, GOVERNMENT


def advance_calls(world):
    """Open, answer, refuse and expire calls for help (E11)."""
    p = world.p
    for battalion in world.battalions:
        battalion.calls_lost = 0.0
    for place in world.places:
        place.calls_lost, place.calls_open = 0.0, 0
    if p.call_ratio <= 0:
        return
    for company in world.companies:
        severity = None
        if company.patience_ends is not None:
            if world.hour >= company.patience_ends:
                severity = p.severity_silence
                world.write("call_unanswered", company.place, 1.0, company.battalion)
            else:
                company.place.calls_open += 1
        elif may_call(world, company):
            severity = call(world, company)
        if severity is not None:
            lose_call(world, company, severity)


def may_call(world, company):
    """Tell whether a company is in contact, with commanders, and not just disappointed."""
    in_contact = company.place.contact and company.battalion.has_commanders
    return in_contact and company.duty > 0 and world.hour >= company.calls_not_before


def call(world, company):
    """Make a call, perhaps; return the severity of the disappointment if it is refused."""
    p, place = world.p, company.place
    ratio = perceived_ratio(place, company.hopeful / company.duty)
    u_call, u_answer, u_refusal, u_wait = world.draw(company.number, draws.CALL)
    if ratio >= p.call_ratio or u_call >= chance(p.call_rate * p.dt):
        return None
    world.write("call", place, ratio, company.battalion)
    is_coming = any(b.arrives is not None and b.target is place for b in world.battalions)
    reserve = None
    if not is_coming and u_answer < place.answer * taken_seriously(p, place):
        reserve = find_reserve(world, place)
    if reserve is not None:
        delay = place.call_delay * math.exp(p.dispatch_spread * normal_quantile(u_wait))
        send(world, reserve, place, delay)
        world.write("call_answered", place, reserve.arrives - world.hour, reserve)
    if reserve is not None or is_coming:
        place.calls_answered += 1
        company.calls_not_before = world.hour + p.call_patience
        return None
    if u_refusal < p.refusal_probability:
        company.order += p.order_by_refusal
        world.write("call_refused", place, 1.0, company.battalion)
        return p.severity_refusal
    company.patience_ends = world.hour - p.call_patience * math.log(u_wait)
    place.calls_open += 1
    return None


def taken_seriously(p, place):
    """Return how far headquarters believes a call: names on the list may be no reason for it."""
    listed = place.defence * place.paper_factor / place.attack
    return min(1.0, p.call_ratio / listed) if listed > 0 else 1.0


def perceived_ratio(place, hope):
    """Return the ratio of strength as a unit sees it: hope enlarges it."""
    return place.defence / place.attack * 2 * hope if place.attack > 0 else 1e9


def find_reserve(world, place):
    """Return the first free reserve battalion that is elsewhere, where the government rules."""
    for b in world.battalions:
        is_free = b.is_reserve and b.arrives is None and b.place is not place
        if is_free and b.place.control == GOVERNMENT:
            return b
    return None


def send(world, battalion, place, delay):
    """Set a battalion on its way by road after a delay."""
    way = battalion.place.travel_hours.get(place, math.inf)
    battalion.arrives = world.hour + delay + way
    battalion.target = place


def lose_call(world, company, severity):
    """Let a company feel a call lost, and count it for its battalion and place (E10)."""
    company.patience_ends = None
    company.calls_not_before = world.hour + world.p.call_patience
    company.place.calls_unanswered += 1
    company.trust_hit += severity
    company.belief_shift -= world.p.belief_of_call_unanswered * severity
    company.battalion.calls_lost += severity
    company.place.calls_lost += severity


def spread_disappointment(world):
    """Pass calls lost on to the battalion and, by word of mouth, to the place (E10)."""
    p = world.p
    for company in world.companies:
        if company.place.calls_lost <= 0:
            continue
        battalion = company.battalion
        spill = p.spill_battalion * battalion.calls_lost / max(1, len(battalion.companies))
        spill += p.spill_place * company.place.calls_lost / max(1, company.place.n_company_start)
        company.trust_hit = min(1.0, company.trust_hit + spill)


def advance_reserves(world):
    """Let battalions arrive where they were sent; those who see them take heart (M13)."""
    for battalion in world.battalions:
        if battalion.arrives is None or world.hour < battalion.arrives:
            continue
        battalion.arrives = None
        if battalion.target.control == ADVERSARY:
            continue
        battalion.place = battalion.target
        world.write("reinforcement_arrives", battalion.place, 1.0, battalion)
        for company in world.companies:
            if company.place is battalion.place:
                company.relief = True
                company.trust_gain = 1.0
                company.belief_shift += world.p.belief_of_reinforcement


def commanders_may_leave(world):
    """Let commanders who expect to lose leave their troops (E17, M15)."""
    p = world.p
    if p.flight_rate <= 0:
        return
    for battalion in world.battalions:
        place = battalion.place
        if not battalion.has_commanders or not place.contact or battalion.duty == 0:
            continue
        if perceived_ratio(place, battalion.mean("hopeful")) >= p.flight_ratio:
            continue
        u = world.draw(battalion.number, draws.COMMAND, draws.FLIGHT_OF_COMMANDERS)[0]
        rate = p.flight_rate * (1 - p.commander_resolve) * (1 - place.leaders_kept)
        if u < chance(rate * p.dt):
            lose_commanders(world, battalion)
            world.requested.append((FLIGHT, place))
            world.write("commanders_leave", place, 1.0, battalion)


def lose_commanders(world, battalion):
    """Leave a battalion without commanders: no orders work like an order."""
    battalion.has_commanders = False
    battalion.is_told = True
    for company in battalion.companies:
        company.order += world.p.order_by_flight


def fade_pulses(world):
    """Fade the push of orders, and end the pulses of the step."""
    for company in world.companies:
        company.order *= world.p.fade_order
        company.stand *= world.p.fade_order
        company.call_up *= world.p.fade_order
        company.trust_hit = company.trust_gain = company.belief_shift = 0.0
        company.relief = False
