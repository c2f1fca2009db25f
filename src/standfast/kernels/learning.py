r"""E1, E2, E5, E6, E8: what somebody learns in a step. M01 M08 M09 M11.

Messages, exposure, harm to contacts, ultimatums, friends who left, and news. A targeted message
makes fear jump by :math:`\alpha_tA`, a broadcast by :math:`\alpha_b(\tfrac12+A)`; friends gone cost
belief in proportion to all contacts. Most people learn nothing in most hours, so this is a
pass of cheap tests over a company, with work only for those concerned.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.exposure import gain
from standfast.kernels.fear import shock
from standfast.kernels.information import hear
from standfast.kernels.marks import list_all
from standfast.kernels.trust import jump


@rule
def exposure_chance(mole, neighbour, leak_post, leak_home):
    """Return the probability of being exposed in a step by any of the ways (E5)."""
    safe = (1.0 - mole) * (1.0 - neighbour) * (1.0 - leak_post) * (1.0 - leak_home)
    return 1.0 - safe


@rule
def contacts_of(i, squad, squad_start, squad_stop, phone_indptr, kin_indptr):
    """Return how many squad mates, phone contacts and kin somebody has."""
    unit = index(squad[i])
    mates = max(0, squad_stop[unit] - squad_start[unit] - 1)
    return mates + phone_indptr[i + index(1)] - phone_indptr[i] + kin_indptr[i + index(1)] - kin_indptr[i]


@rule
def told_of_harm(p, near, contacts, credibility, perceived, fear):
    """Return (credibility, perceived exposure, fear) after harm to contacts (E2, E6)."""
    times = min(near, 8)
    share = min(1.0, p.perceived_by_harm * times / max(1.0, 0.25 * contacts))
    return (
        gain(credibility, p.credibility_gain, times),
        jump(perceived, share),
        shock(fear, p.shock_harm),
    )


@rule
def told_of_ultimatum(p, kind, credibility):
    """Return credibility after an ultimatum that was carried out (1) or was empty (2)."""
    if kind == 1:
        return jump(credibility, p.ultimatum_gain)
    return credibility * (1.0 - p.credibility_loss)


@rule
def list_those_concerned(
    c0, c1, base, company_start, company_even, company_battalion, battalion_place, u_message, u_exposure, home, chance_message, chance_targeted,
    chance_mole, chance_neighbour, chance_harm, leak, ultimatum, agent_status, exposed, heard_new, friends_gone,
    harm_near, harmed, asked, listed,
):
    """List whom something may concern, by bounds that no exact chance exceeds."""
    most_message, most_targeted, most_exposure, most_harm = 0.0, 0.0, 0.0, 0.0
    ultimatums = False
    for place in range(leak.size):
        most_message = max(most_message, chance_message[place])
        most_targeted = max(most_targeted, chance_targeted[place])
        ways = chance_mole[place] + chance_neighbour[place] + 2.0 * leak[place]
        most_exposure = max(most_exposure, ways)
        most_harm = max(most_harm, chance_harm[place])
        ultimatums = ultimatums or ultimatum[place] != 0
    # mole and neighbour may belong to different places, and leaks to two
    most_exposure *= 2.0
    most_targeted += most_message
    campaign = most_targeted + most_exposure + most_harm > 0.0
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        for i in range(first, last):
            harmed[i - base] = 0
        for i in range(first, last):
            told = (heard_new[i] | harm_near[i] | friends_gone[i]) != 0
            asked[i - base] = (agent_status[i] <= status.LEAVE) & told
        if campaign:
            for i in range(first, last):
                k = i - base
                known = exposed[i] != 0
                message = u_message[k] < (most_targeted if known else most_message)
                happens = message | (u_exposure[k] < (most_harm if known else most_exposure))
                asked[k] |= (agent_status[i] <= status.LEAVE) & happens
        if ultimatums:
            here = ultimatum[battalion_place[company_battalion[company]]]
            for i in range(first, last):
                asked[i - base] |= (agent_status[i] <= status.LEAVE) & ((here | ultimatum[home[i]]) != 0)
    return list_all(asked[: index(company_start[c1]) - index(base)], listed, base)


@kernel
def learn_companies(
    behaviour, c0, c1, base, company_start, company_even, company_battalion, battalion_place, u_message, u_exposure, home,
    squad, squad_start, squad_stop, phone_indptr, kin_indptr, chance_message, chance_targeted, chance_mole, chance_neighbour, chance_harm, leak, ultimatum, news_kind,
    news_weight, verified, agent_status, fear, credibility, trust, belief, suspicion, perceived, exposed,
    heard, heard_new, spreading, pieces, friends_gone, harm_near, harmed, asked, listed, felt, company_rest,
):
    """Let the people of companies c0 to c1 learn what concerns them.

    Parameters
    ----------
    u_message, u_exposure : (>= n,) float64
        Uniforms of this step.
    harmed : (>= n,) uint8
        *Overwritten*: whose family or house was attacked in this step.
    asked : (>= n,) uint8; listed : (>= n + BLOCK,) int64
        *Overwritten*: whom something may concern.
    felt : (6, >= n) float64
        *Overwritten*.
    company_rest : (n_company,) uint8
        *Overwritten*: 0 where what somebody learnt changed what he feels.

    Returns
    -------
    int
        How many learnt something.
    """
    p = behaviour[0]
    n = list_those_concerned(
        c0, c1, base, company_start, company_even, company_battalion, battalion_place, u_message, u_exposure, home,
        chance_message, chance_targeted, chance_mole, chance_neighbour, chance_harm, leak, ultimatum, agent_status, exposed, heard_new, friends_gone,
        harm_near, harmed, asked, listed,
    )
    # what they feel, of all before anybody learns: the processor waits for many places in memory at once
    for m in range(index(n)):
        i = index(listed[m])
        felt[0, m], felt[1, m], felt[2, m] = fear[i], credibility[i], trust[i]
        felt[3, m], felt[4, m], felt[5, m] = belief[i], suspicion[i], perceived[i]
    learnt, at = 0, index(0)
    for company in range(c0, c1):
        post, stop = battalion_place[company_battalion[company]], index(company_start[company + 1])
        while at < n and index(listed[at]) < stop:
            m, i = at, index(listed[at])
            k = i - index(base)
            at += index(1)
            now = agent_status[i]
            at_home = home[i]
            spot = post if now == status.DUTY else at_home
            message = u_message[k]
            if exposed[i]:
                targeted = max(chance_targeted[spot], chance_targeted[at_home])
                if message < targeted:
                    perceived[i] = jump(perceived[i], p.perceived_by_message)
                    fear[i] = shock(fear[i], p.shock_targeted * credibility[i])
                    learnt += 1
                elif message < targeted + chance_message[spot]:
                    fear[i] = shock(fear[i], p.shock_message * (0.5 + credibility[i]))
                if u_exposure[k] < chance_harm[at_home]:
                    harmed[k] = 1
            else:
                if message < chance_message[spot]:
                    fear[i] = shock(fear[i], p.shock_message * (0.5 + credibility[i]))
                    learnt += 1
                neighbour = chance_neighbour[at_home] if at_home == post else 0.0
                if u_exposure[k] < exposure_chance(chance_mole[post], neighbour, leak[post], leak[at_home]):
                    exposed[i] = 1
            if harm_near[i] > 0:
                credibility[i], perceived[i], fear[i] = told_of_harm(
                    p, harm_near[i], contacts_of(i, squad, squad_start, squad_stop, phone_indptr, kin_indptr), credibility[i], perceived[i], fear[i]
                )
                harm_near[i] = 0
                learnt += 1
            kind = ultimatum[at_home] if ultimatum[at_home] != 0 else ultimatum[spot]
            if kind != 0:
                credibility[i] = told_of_ultimatum(p, kind, credibility[i])
            if friends_gone[i] > 0:
                contacts = contacts_of(i, squad, squad_start, squad_stop, phone_indptr, kin_indptr)
                belief[i] -= p.belief_of_friend * friends_gone[i] / max(4, contacts)
                friends_gone[i] = 0
            new = heard_new[i]
            if new:
                new &= ~heard[i]
                fear[i], belief[i], trust[i], suspicion[i], pieces[i], passed_on = hear(
                    new, pieces[i], post, at_home, news_kind, news_weight, verified[post], p, fear[i],
                    credibility[i], belief[i], trust[i], suspicion[i],
                )
                heard[i] |= new
                spreading[i] |= passed_on
                heard_new[i] = np.uint8(0)
                learnt += 1
            moved = felt[0, m] != fear[i] or felt[1, m] != credibility[i] or felt[2, m] != trust[i]
            if moved or felt[3, m] != belief[i] or felt[4, m] != suspicion[i] or felt[5, m] != perceived[i]:
                company_rest[company] = 0
    return learnt
