"""What somebody learns in a step: messages, exposure, harm, ultimatums, departures, news."""

from __future__ import annotations

from twin.numbers import towards_one
from twin.words import ALARM, DUTY, FALL, FLIGHT, LEAVE, PRISON, TREACHERY


def learn(world, me, words):
    """Let somebody who serves learn what concerns him (E1, E2, E5, E6, E8, E9).

    Parameters
    ----------
    words
        His four uniforms of the step: decision, messages, exposure, fire.
    """
    me.is_harmed = False
    if me.status not in (DUTY, LEAVE):
        return
    receive_messages(world, me, words[1])
    meet_exposure(me, words[2])
    if me.harm_near:
        hear_of_harm(world, me)
    learn_of_ultimatum(world, me)
    if me.friends_gone:
        me.belief -= world.p.belief_of_friend * me.friends_gone / max(4, me.n_contact)
        me.friends_gone = 0
    hear_news(world, me)


def whereabouts(me):
    """Return the place where somebody is: at his post, or at home on leave."""
    return me.post if me.status == DUTY else me.home


def receive_messages(world, me, u):
    """Take a shock from a message, by name for somebody exposed, or to all (E1, E2)."""
    p, spot = world.p, whereabouts(me)
    by_name = max(spot.chance_targeted, me.home.chance_targeted) if me.exposed else 0.0
    if u < by_name:
        me.perceived = towards_one(me.perceived, p.perceived_by_message)
        me.fear = towards_one(me.fear, p.shock_targeted * me.credibility)
    elif u < by_name + spot.chance_message:
        me.fear = towards_one(me.fear, p.shock_message * (0.5 + me.credibility))


def meet_exposure(me, u):
    """Expose somebody, or harm the family of somebody exposed (E2, E5)."""
    if me.exposed:
        me.is_harmed = u < me.home.chance_harm
        return
    unseen = (1 - me.post.chance_mole) * (1 - me.post.leak) * (1 - me.home.leak)
    if me.home is me.post:
        unseen *= 1 - me.home.chance_neighbour
    if u < 1 - unseen:
        me.exposed = True


def hear_of_harm(world, me):
    """Believe threats more after harm to contacts, and fear for oneself (E2, E6)."""
    p, times = world.p, min(me.harm_near, 8)
    credibility = me.credibility
    for _ in range(times):
        credibility = towards_one(credibility, p.credibility_gain)
    me.credibility = credibility
    share = min(1.0, p.perceived_by_harm * times / max(1.0, 0.25 * me.n_contact))
    me.perceived = towards_one(me.perceived, share)
    me.fear = towards_one(me.fear, p.shock_harm)
    me.harm_near = 0


def learn_of_ultimatum(world, me):
    """Believe threats more after an ultimatum carried out, less after an empty one (E2)."""
    outcome = me.home.ultimatum or whereabouts(me).ultimatum
    if outcome == "kept":
        me.credibility = towards_one(me.credibility, world.p.ultimatum_gain)
    elif outcome == "empty":
        me.credibility = me.credibility * (1 - world.p.credibility_loss)


def hear_news(world, me):
    """Take in the pieces of news told since the last step, in the order of their slots (E8, E9)."""
    new = sorted(me.heard_new - me.heard, key=lambda news: news.slot)
    fear, belief, trust, suspicion = me.fear, me.belief, me.trust, me.suspicion
    for news in new:
        weight = news.weight[me.post, me.home]
        if weight < 0.05:
            continue
        me.spreading.add(news)
        if news.kind in (ALARM, TREACHERY):
            weight *= 1 - world.p.verification * me.post.verified * trust
        if news.kind == ALARM:
            weight *= 1 - world.p.alarm_doubt * (1 - me.credibility)
        weight *= world.p.copy_discount ** min(me.pieces, 12)
        of = EFFECTS[news.kind](world.p)
        loss = of["belief"] * weight * (1 + world.p.suspicion_isolates * suspicion)
        fear = towards_one(fear, of["fear"] * weight)
        belief -= loss
        trust *= 1 - of.get("trust", 0.0) * weight
        suspicion = towards_one(suspicion, of.get("suspicion", 0.0) * weight)
        me.pieces = min(200, me.pieces + 1)
    if me.heard_new:
        me.fear, me.belief, me.trust, me.suspicion = fear, belief, trust, suspicion
    me.heard |= me.heard_new
    me.heard_new.clear()


#: what news of each kind does at full weight
EFFECTS = {
    FALL: lambda p: {
        "fear": p.fear_of_fall,
        "belief": p.belief_of_fall,
        "trust": p.trust_loss_fall,
    },
    ALARM: lambda p: {"fear": p.fear_of_alarm, "belief": p.belief_of_alarm},
    FLIGHT: lambda p: {
        "fear": p.fear_of_flight,
        "belief": p.belief_of_flight,
        "trust": p.trust_loss_flight,
        "suspicion": p.suspicion_of_flight,
    },
    PRISON: lambda p: {"fear": p.fear_of_prison, "belief": p.belief_of_prison},
    TREACHERY: lambda p: {
        "fear": p.fear_of_treachery,
        "belief": p.belief_of_treachery,
        "suspicion": p.suspicion_of_treachery,
    },
}
