"""The pass over people: each reads the snapshot of the others and writes only himself."""

from __future__ import annotations

import math

from twin import draws
from twin.feeling import feel, show
from twin.learning import learn
from twin.leaving import account, causes, decide
from twin.numbers import single
from twin.words import BACK, DEFECTED, DUTY, HIDING, SERVING


def advance_people(world, visit):
    """Advance everybody by a step, in any order, then what squads and companies see of it.

    Parameters
    ----------
    visit
        The people in the order in which they are visited.
    """
    for me in visit:
        if me.is_ghost:
            continue
        words = world.draw(me.number, draws.DECIDE)
        learn(world, me, words)
        feel(world, me, words)
        decide(world, me, words[0])
        show(me)
        if has_left(me) and HIDING <= me.status <= DEFECTED:
            me.terms = causes(world, me)
        me.phone_gone *= world.p.fade_memory
        me.kin_gone *= world.p.fade_memory
    living = [me for me in world.people if not me.is_ghost]
    for me in living:
        if has_left(me) and HIDING <= me.status <= DEFECTED:
            account(world, me)
    for squad in world.squads:
        remember_squad(world, squad)
    for company in world.companies:
        remember_company(world, company)


def has_left(me):
    """Tell whether somebody stopped serving in this step."""
    return me.was in SERVING and me.status not in (*SERVING, BACK)


def left_duty(me):
    """Tell whether somebody was lost from duty in this step, by any way."""
    return not me.is_ghost and has_left(me) and me.was == DUTY


def remember_squad(world, squad):
    """Add who left to the fading memory of a squad (E15), and renew its mean fear."""
    left = sum(left_duty(me) for me in squad.people)
    squad.gone = squad.gone * world.p.fade_memory + left / len(squad.people)
    on_duty = [me for me in squad.people if me.is_on_duty]
    if on_duty:
        squad.fear = fear_shown(on_duty)


def remember_company(world, company):
    """Do the same for a company, and sum over those on duty."""
    p = world.p
    company.left = sum(left_duty(me) for me in company.people)
    company.gone = company.gone * p.fade_memory + company.left / len(company.people)
    on_duty = [me for me in company.people if me.is_on_duty]
    if on_duty:
        company.fear = fear_shown(on_duty)
    company.duty = len(on_duty)
    effort = math.fsum(single(math.sqrt(me.resolve)) * (1 - me.fear) for me in on_duty)
    company.effort = effort * company.skill
    company.trust = math.fsum(me.trust for me in on_duty)
    company.afraid = math.fsum(me.fear for me in on_duty)
    company.hopeful = math.fsum(me.hope for me in on_duty)
    company.wavering = sum(me.pressure > p.wavering_pressure for me in on_duty)


def fear_shown(on_duty):
    """Return mean fear weighted by how much each shows it; the product is stored single."""
    shown = math.fsum(single(me.expressiveness * me.fear) for me in on_duty)
    return shown / math.fsum(me.expressiveness for me in on_duty)


def pass_on(world):
    """Let contacts learn of departures and harm; fear shown is known from the next step on."""
    for me in world.people:
        if me.is_ghost:
            continue
        if has_left(me) and HIDING <= me.status <= DEFECTED:
            for other in me.phone_ties + me.kin_ties:
                other.friends_gone += 1
            for other in me.phone_ties:
                other.phone_gone += single(1 / len(other.phone_ties))
            for other in me.kin_ties:
                other.kin_gone += single(1 / len(other.kin_ties))
        if me.is_harmed and me.was in SERVING:
            for other in me.kin_ties + [x for x in me.squad.people if x is not me]:
                other.harm_near = min(200, other.harm_near + 1)
        me.announced = me.shows
