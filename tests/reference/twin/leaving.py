"""Who leaves, how, and who comes back: one uniform decides by ordered thresholds."""

from __future__ import annotations

import math

from twin import draws
from twin.feeling import (
    friends_pressure,
    pressure_on_leave,
    terms_of_pressure,
    threat,
)
from twin.numbers import chance, logistic, single, towards_one
from twin.words import (
    ABROAD,
    ADVERSARY,
    AT_HOME,
    BACK,
    CAPTURED,
    DEAD,
    DEFECTED,
    DISPLACED,
    DUTY,
    EXITS,
    GOVERNMENT,
    HIDING,
    LEAVE,
    MOVED,
    RENOUNCED,
    SERVING,
)


def decide(world, me, u):
    """Let somebody stay, leave, go on leave or return, by his uniform of the step."""
    me.was = me.status
    if me.status in (HIDING, DISPLACED):
        if u < chance_of_return(world.p, me):
            me.status = BACK
    elif me.status == BACK:
        retrained = u < chance(world.p.dt / world.p.retraining)
        if retrained and not me.company.battalion.is_dissolved:
            me.status = DUTY
    elif me.status in SERVING:
        save_family(world, me)
        suffer_harm(world, me)
        if me.status == me.was:
            me.status = next_status(world, me, u)
        if me.status not in (*SERVING, BACK):
            me.departure_step = world.step


def chance_of_return(p, me):
    """Return the probability that somebody who hides or took refuge returns (E22)."""
    willing = logistic(4 * (me.trust - 0.5) + me.origin.amnesty - 3 * me.threat)
    if me.status == HIDING and me.home.control == ADVERSARY:
        willing *= 0.3
    return chance(p.return_rate * willing * p.dt)


def save_family(world, me):
    """Move the family to safety, with means and a threat; the house may be taken (E7, M10)."""
    p = world.p
    if me.threat <= 0.02 or not me.has_means or me.family != AT_HOME:
        return
    moves, taken, _, _ = world.draw(me.number, draws.SHOCK, draws.FAMILY_MOVES)
    ready = p.moving_on_leave if me.status == LEAVE else 0.2
    if moves < chance(p.moving_rate * ready * me.threat * p.dt):
        me.family = MOVED
        if me.home.control != GOVERNMENT and taken < p.house_taken:
            me.is_harmed = True


def suffer_harm(world, me):
    """Let somebody whose family or house was attacked believe and fear; some die of it (E2)."""
    if not me.is_harmed:
        return
    p = world.p
    me.credibility = towards_one(me.credibility, p.credibility_gain)
    me.perceived = towards_one(me.perceived, p.perceived_by_harm)
    me.fear = towards_one(me.fear, p.shock_harm)
    dies = world.draw(me.number, draws.SHOCK, draws.HARM_KILLS)[0] < p.harm_killed_share
    if dies and me.status == LEAVE:
        me.status = DEAD


def next_status(world, me, u):
    """Return the status after the ordered thresholds: killed, then leaving, then leave (E13)."""
    p, battalion = world.p, me.company.battalion
    force = me.pressure if me.is_on_duty else pressure_on_leave(world, me)
    if me.is_on_duty and battalion.is_routed:
        return way_out(world, me, is_routed=True)
    killed = me.post.chance_killed if me.is_on_duty else 0.0
    if u < killed:
        return CAPTURED if u < killed * p.captured_share else DEAD
    if u < killed + chance_of_leaving(p, force):
        return way_out(world, me, is_routed=False)
    # above every chance of leaving, the same uniform decides about leave
    above = u - (killed + chance(p.rate_max * p.dt))
    return rotation(world, me, above, force)


def chance_of_leaving(p, force):
    """Return the probability of leaving within a step."""
    return chance(p.rate_max * logistic(force / p.spread) * p.dt)


def rotation(world, me, above, force):
    """Return the status after the rotation of leave; none leaves a place in contact."""
    p = world.p
    if me.is_on_duty:
        rate = me.company.leave_rate * (1 - me.post.leave_cancelled)
        goes = not me.post.contact and 0 <= above < chance(rate * p.dt)
        return LEAVE if goes else DUTY
    if not 0 <= above < p.back_from_leave:
        return LEAVE
    if me.company.battalion.is_dissolved:
        return DISPLACED if force > p.wavering_pressure else BACK
    return DUTY


def way_out(world, me, *, is_routed):
    """Return what becomes of somebody who leaves: caught, shot, or a way out (E14)."""
    p = world.p
    u_way, u_risk, u_rout, _ = world.draw(me.number, draws.EXIT)
    if is_routed and u_rout < p.fall_captured:
        return CAPTURED
    danger = 0.0
    if me.is_on_duty and me.post.contact:
        cover = p.night_cover if world.night else 0.0
        danger = me.post.known.encirclement * me.post.intensity * (1 - p.blend_in) * (1 - cover)
    if u_risk < p.flight_risk * danger:
        return DEAD
    if u_risk < (p.flight_risk + p.flight_capture) * danger:
        return CAPTURED
    return choose(utilities(p, me), u_way)


def utilities(p, me):
    """Return what each way out is worth."""
    under_government = me.home.control == GOVERNMENT
    believed = single(me.credibility * me.perceived)
    v = threat(p, me, believed)
    family_is_away = me.family != AT_HOME or me.home is not me.post
    of_threat = -4.0 if under_government else p.renounce_threat * believed
    return {
        HIDING: p.hide_base + (p.hide_exposed if me.exposed and not under_government else 0.0),
        DISPLACED: p.refuge_base + (p.refuge_family if family_is_away else 0.0),
        RENOUNCED: p.renounce_base + of_threat,
        ABROAD: p.abroad_base + p.abroad_means * me.has_means + p.abroad_threat * v,
        DEFECTED: p.defect_base
        + p.defect_support * me.home.known.support
        + p.defect_suspicion * me.suspicion
        + p.defect_resolve * me.resolve,
    }


def choose(utility, u):
    """Return the way that a uniform picks from a multinomial logit."""
    best = max(utility.values())
    if best < -25:
        return DISPLACED
    odds = {way: math.exp(worth - best) for way, worth in utility.items()}
    level = u * math.fsum(odds.values())
    reached = 0.0
    for way in EXITS[:-1]:
        reached += odds[way]
        if level < reached:
            return way
    return EXITS[-1]


def account(world, me):
    """Enter somebody who has just left by a way out into the accounts."""
    key = (me.origin.number, me.branch)
    exit_key = (*key, me.home_kind, me.status)
    world.departures[exit_key] = world.departures.get(exit_key, 0) + 1
    if me.resolve_start > world.resolve_median:
        world.resolute += 1
    pushing = {name: x for name, x in me.terms.items() if x > 0}
    total = math.fsum(pushing.values())
    shares = {name: x / total for name, x in pushing.items()} if total > 0 else {"baseline": 1.0}
    for name, share in shares.items():
        world.cause.setdefault((*key, name), []).append(share)


def causes(world, me):
    """Return the terms that pushed somebody who leaves; unit and safety only from duty."""
    terms = terms_of_pressure(world, me)
    if me.was != DUTY:
        terms["comrades"] = friends_pressure(world.p, me)
        terms["safety"] = 0.0
    return terms
