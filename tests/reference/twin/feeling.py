"""What everybody feels in a step; those who left as well, since they may return."""

from __future__ import annotations

import math

from twin.numbers import chance, hope, single, towards_one, within
from twin.words import ADVERSARY, AT_HOME, FAMILY_ABROAD, GOVERNMENT


def feel(world, me, words):
    """Advance what one person feels by a step, and set his pressure to leave."""
    feel_command(world, me)
    feel_fear(world, me)
    feel_resolve(world, me)
    y = towards_one(me.perceived, me.home.hearsay)
    me.perceived = y
    me.threat = threat(world.p, me, me.credibility * y)
    me.hope = hope(me.belief)
    me.pressure = pressure_on_duty(world, me)
    if me.is_on_duty and me.post.contact and words[3] < me.post.chance_fire:
        me.fear = towards_one(me.fear, world.p.shock_combat)


def feel_command(world, me):
    """Relax trust, belief and suspicion, with the pulses of the step (E9, E10, E23)."""
    p, company = world.p, me.company
    trust = relax(me.trust, company.trust_start, p.fade_trust)
    trust *= 1 - p.trust_loss * company.trust_hit
    me.trust = towards_one(trust, p.trust_gain * company.trust_gain)
    belief = relax(me.belief, company.belief_start, p.fade_belief) + company.belief_shift
    belief -= p.belief_of_departures * company.left / max(1, len(company.people))
    me.belief = within(belief, -8.0, 8.0)
    moles_are_open = me.post.control != GOVERNMENT
    seen = chance(p.suspicion_of_moles * p.dt) * me.post.infiltration if moles_are_open else 0.0
    me.suspicion = towards_one(me.suspicion * p.fade_suspicion, seen)


def relax(value, rest, kept):
    """Return a value on its way to rest."""
    return rest + (value - rest) * kept


def feel_fear(world, me):
    """Take on the fear around, amplified, and calm down (E3, E4)."""
    p = world.p
    around = fear_around(world, me)
    more = 1 - (1 - around) * (1 - me.fear)
    less = around * me.fear
    amplified = p.upward_bias * more + (1 - p.upward_bias) * less
    aim = p.amplification * amplified + (1 - p.amplification) * around
    fear = relax(me.fear + me.uptake * (aim - me.fear), me.fear_baseline, p.fade_fear)
    me.fear = fear * (1 - p.relief_by_reinforcement) if me.company.relief else fear


def fear_around(world, me):
    """Return F*, the mean fear of the layers somebody has, by their weights."""
    p = world.p
    trusted = 1 - p.suspicion_isolates * me.suspicion
    layers = [(p.weight_squad * trusted, me.squad.fear), (p.weight_company, me.company.fear)]
    not_silenced = 1 - p.monitoring_silence * me.post.infiltration
    for ties, weight in (
        (me.phone_ties, p.weight_phone * not_silenced),
        (me.kin_ties, p.weight_kin),
    ):
        if ties:
            layers.append((weight, fear_known_along(ties)))
    total = math.fsum(weight for weight, _ in layers)
    return math.fsum(weight * fear for weight, fear in layers) / total if total > 0 else 0.0


def fear_known_along(ties):
    """Return the fear that contacts let on, weighted by their voices, in steps of 1/16."""
    known = sum(other.voice * other.announced for other in ties)
    return known * single(1 / (16 * sum(other.voice for other in ties)))


def feel_resolve(world, me):
    """Let resolve follow trust lost, and wear down in combat (E12)."""
    p = world.p
    lost = max(0.0, me.company.trust_start - me.trust)
    value = relax(me.resolve, me.resolve_start - p.resolve_of_trust * lost, p.fade_resolve)
    if me.is_on_duty and me.post.contact:
        value -= p.dt / p.combat_exhaustion
    me.resolve = within(value, 0.0, 1.0)


def threat(p, me, believed):
    """Return V, what is believed of the threat times its reach to the family (E7)."""
    reach = p.reach[me.home.control]
    if me.family == FAMILY_ABROAD:
        return 0.0
    return believed * (reach if me.family == AT_HOME else min(reach, p.reach_moved))


def terms_of_pressure(world, me):
    """Return the terms of U by name (E13), but for commitment and punishment."""
    p, company = world.p, me.company
    calm = hope(company.belief_start)
    trusted_order = company.stand * max(0.0, 2 * me.trust - 1)
    return {
        "fear": p.weight_fear * me.fear,
        "family": p.weight_family * me.threat,
        "belief": 2 * p.weight_belief * (calm - me.hope),
        "trust": p.weight_trust * (p.trust_start - me.trust),
        "suspicion": p.weight_suspicion * me.suspicion,
        "resolve": p.weight_resolve * (p.resolve_start - me.resolve),
        "cross_pressure": p.cross_pressure * 4 * me.resolve * (1 - me.trust) * me.threat,
        "order": p.weight_order * (company.order + company.call_up * me.fear - trusted_order),
        "comrades": peer_pressure(p, me) + friends_pressure(p, me),
        "safety": pull_of_safety(world, me),
    }


def peer_pressure(p, me):
    """Return what seeing comrades go does to somebody on duty (E15)."""
    squad = me.squad.cohesion * p.peer_squad * (me.squad.gone - p.peer_norm)
    return squad + p.peer_company * me.company.gone


def friends_pressure(p, me):
    """Return what the departure of phone contacts and of kin does, on duty and on leave."""
    return p.peer_phone * me.phone_gone + p.peer_kin * me.kin_gone


def pull_of_safety(world, me):
    """Return how far leaving the post looks safer than staying."""
    danger = me.post.known.encirclement * (me.post.intensity if me.post.contact else 0.0)
    return world.p.weight_leaving_safety * (2 * me.post.leaving_safety - 1 - danger)


def punishment(world, me):
    """Return the deterrence of punishment, swamped when many leave (M20)."""
    swamped = math.exp(-me.post.gone / world.p.punishment_capacity)
    return world.p.weight_punishment * swamped * me.legitimacy


def pressure_on_duty(world, me):
    """Return U of somebody on duty (E13)."""
    terms = math.fsum(terms_of_pressure(world, me).values())
    return terms - me.commitment - punishment(world, me)


def pressure_on_leave(world, me):
    """Return U of somebody on leave: home is near, comrades are not, and leaving is no flight.

    Where the adversary rules his home, the state cannot punish him.
    """
    force = me.pressure + world.p.leave_pull - peer_pressure(world.p, me)
    force -= pull_of_safety(world, me)
    if me.home.control == ADVERSARY:
        force += punishment(world, me)
    return force


def show(me):
    """Let others far away know of fear that has moved a full step of 1/16 (E3)."""
    exact = me.fear * 16
    me.shows = int(exact + 0.5) if abs(exact - me.announced) >= 1 else me.announced
