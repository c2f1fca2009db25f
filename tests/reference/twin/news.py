"""News: who tells whom, and how a new piece goes into circulation (E8)."""

from __future__ import annotations

import math

from twin import draws
from twin.numbers import chance, single
from twin.words import ALARM, BACK, DEAD, DUTY, FLIGHT, LEAVE, TREACHERY
from twin.world import News

FEW = 0.05


def spread_news(world, visit):
    """Let everybody who spreads a piece of news meet contacts of each layer."""
    for me in visit:
        if me.status >= DEAD and me.status != BACK:
            me.spreading.clear()
        for news in sorted(me.spreading, key=lambda news: news.slot):
            if meet_contacts(world, me, news):
                me.spreading.discard(news)


def meet_contacts(world, me, news):
    """Tell the ignorant; return whether the spreader stops."""
    stops = False
    if told_the_truth(world, me, news):
        stops = True
        me.belief += world.p.reassurance_by_correction
    falls_silent = world.draw(me.number, draws.HEAR, 4 * news.piece + 1)[3]
    if falls_silent < chance(world.p.forget_rate * world.p.dt):
        stops = True
    for number, (contacts, rate) in enumerate(layers(world, me)):
        if not contacts:
            continue
        partner = 4 * news.piece + number
        u_many, u_whom, u_stifled, _ = world.draw(me.number, draws.HEAR, partner)
        for n in range(whole_number(rate * world.p.dt, u_many)):
            other = contacts[int((u_whom + n * 0.6180339887498949) % 1 * len(contacts))]
            if other is me:
                continue
            if news not in other.heard:
                other.heard_new.add(news)
            elif (u_stifled + n * 0.7548776662466927) % 1 < world.p.stifle_probability:
                stops = True
    return stops


def told_the_truth(world, me, news):
    """Tell whether the verified channel reaches somebody who spreads news and trusts it (M05)."""
    p, u = world.p, world.draw(me.number, draws.HEAR, 4 * news.piece)[3]
    return me.trust > 0.5 and u < chance(p.correction_rate * p.dt) * me.post.verified


def layers(world, me):
    """Return contacts and rate of meeting by phone, in the squad, among kin and in public."""
    p = world.p
    not_silenced = 1 - p.monitoring_silence * me.post.infiltration
    return (
        (me.phone_ties, p.phone_contact_rate * me.phone_activity * not_silenced),
        (me.squad.people, p.squad_contact_rate if me.is_on_duty else 0.0),
        (me.kin_ties, p.kin_contact_rate),
        (me.post.names, p.public_contact_rate * me.post.public_factor),
    )


def whole_number(mean, u):
    """Return a whole number with a mean of at most 4: the one below or the one above."""
    mean = min(mean, 4.0)
    return int(mean) + (u < mean - int(mean))


def circulate(world, kind, place, share, *, needs_phone=False):
    """Put a piece of news into circulation; more of the same about a place is no new piece.

    Parameters
    ----------
    share
        By place, the share of those posted there who learn it at once.
    """
    known = [x for x in world.news if x is not None and (x.kind, x.place) == (kind, place)]
    news = known[0] if known else open_news(world, kind, place)
    for me in world.people:
        if me.status not in (DUTY, LEAVE, BACK) or (needs_phone and not me.has_phone):
            continue
        reach = 1.0 if me.company.battalion.is_told else share.get(me.post, 0.0)
        if world.draw(me.number, draws.SHOCK, draws.SEEDS + news.piece)[0] < reach:
            me.heard_new.add(news)
    for battalion in world.battalions:
        battalion.is_told = False


def open_news(world, kind, place):
    """Give a new piece of news a slot; the piece that held it is forgotten by all."""
    slot = world.next_slot % 8
    world.next_slot += 1
    forgotten = world.news[slot]
    for me in world.people:
        for memory in (me.heard, me.heard_new, me.spreading):
            memory.discard(forgotten)
    weight = {
        (post, home): single(weight_of_news(world.p, kind, place, post, home))
        for post in world.places
        for home in world.places
    }
    world.news[slot] = News(slot, kind, place, weight)
    return world.news[slot]


def weight_of_news(p, kind, place, post, home):
    """Return how much news concerns somebody by the distance of his post and his home, at most 1."""
    nearby = kind == FLIGHT
    scale = p.distance_scale * (0.2 if nearby else 1.0)
    floor = 0.0 if nearby else p.weight_floor
    by_home = p.home_weight * math.exp(-place.distance[home] / scale)
    return min(1.0, max(floor, math.exp(-place.distance[post] / scale), by_home))


def first_to_know(world, kind, place):
    """Return the share of those at each place who learn a piece of news at once."""
    if kind == FLIGHT:
        return {}
    share = {place: {TREACHERY: FEW, ALARM: 0.0}.get(kind, 1.0)}
    for other in place.neighbours:
        share[other] = max(share.get(other, 0.0), world.p.news_seed_share)
    return share


def circulate_requested(world):
    """Circulate what the phases of this step asked for, each kind and place once."""
    for kind, place in dict.fromkeys(world.requested):
        circulate(world, kind, place, first_to_know(world, kind, place))
    world.requested.clear()
    for battalion in world.battalions:
        battalion.is_told = False
