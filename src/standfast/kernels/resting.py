r"""Companies in which nothing moves and nothing can happen are passed over. No mechanism.

A pass over a company is a function of what its people are and of what surrounds them. Where no campaign
acts and a pass changed no bit of what they feel, the next would change none again: feelings are left out
until news, ties, orders or an event reach the company. Where nobody decides either, all of the pass is left
out; where people decide, the pressure by friends and comrades, and who leaves, are all that remains. In the
textbook limits, where most mechanisms are off, that is nearly everybody.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.family import LEAST_THREAT
from standfast.kernels.mathematics import chance

#: what surrounds a company, in the order of `look_around`: the rows of the context of a step, then
N_CONTEXT = 8
ORDER, STAND, CALL_UP, ROUTED, DISSOLVED, LEAVE_RATE, KILLED = range(N_CONTEXT, N_CONTEXT + 7)
N_SURROUNDING = N_CONTEXT + 7
WORN, FIRE = 5, N_CONTEXT - 1  # rows of the context


@kernel
def wake_all(company_rest):
    """Let no company rest; whoever writes to people or parameters between passes calls it."""
    company_rest[:] = 0
    return company_rest.size


@kernel
def is_reached(
    decided, behaviour, control, hearsay, verified, chance_message, chance_targeted, chance_mole, chance_neighbour,
    chance_harm, leak, ultimatum, n_departed, n_harmed, n_changed, rest_place, company_rest,
):
    """Tell whether something may reach anybody in this step and move what he feels: then none may rest.

    What goes along ties was sent in the last step and is still counted; news, and where people decide
    (`decided`) the departures of friends, are looked at person by person, as they learn. `rest_place`
    (n_place, 2) is *Overwritten*: hearsay and control in the last pass.
    """
    p = behaviour[0]
    corrected = p.reassurance_by_correction != 0.0 and p.correction_rate > 0.0
    reached = n_harmed[0] + n_changed[0] > 0 or (not decided and n_departed[0] > 0)
    for q in range(control.size):
        acts = chance_message[q] + chance_targeted[q] + chance_mole[q] + chance_neighbour[q] + chance_harm[q]
        reached |= acts + leak[q] > 0.0 or ultimatum[q] != 0 or (corrected and verified[q] > 0.0)
        reached |= hearsay[q] != rest_place[q, 0] or control[q] != rest_place[q, 1]
        rest_place[q, 0], rest_place[q, 1] = hearsay[q], control[q]
    if reached:
        wake_all(company_rest)
    return reached


@rule
def look_around(
    seen, company, context, company_order, company_stand, company_call_up, company_leave_rate, company_battalion,
    battalion_place, battalion_routed, battalion_dissolved, leave_cancelled, chance_killed,
):
    """Write down what surrounds a company, as far as a pass reads it and it lasts longer than a step."""
    for k in range(index(N_CONTEXT)):
        seen[k] = context[k, company]
    battalion = company_battalion[company]
    post = battalion_place[battalion]
    seen[ORDER], seen[STAND], seen[CALL_UP] = company_order[company], company_stand[company], company_call_up[company]
    seen[ROUTED], seen[DISSOLVED] = battalion_routed[battalion], battalion_dissolved[battalion]
    seen[LEAVE_RATE] = company_leave_rate[company] * (1.0 - leave_cancelled[post])
    seen[KILLED] = chance_killed[post]


@kernel
def rouse(
    decided, behaviour, c0, c1, seen, context, company_order, company_stand, company_call_up, company_leave_rate, company_battalion,
    battalion_place, battalion_routed, battalion_dissolved, leave_cancelled, chance_killed, company_left,
    company_trust_hit, company_trust_gain, company_belief_shift, company_relief, rest_context, company_rest,
    company_pulsed,
):
    """Wake those of companies c0 to c1 whose surroundings changed, or on whom something acts in this step.

    Where people decide (`decided`), departures in a company concern its feelings by belief alone.
    `company_pulsed` (n_company,) int64 is *Overwritten*: whether something acts that lasts one step.

    Returns
    -------
    int
        How many are awake.
    """
    awake = 0
    concern = not decided or behaviour[0].belief_of_departures != 0.0
    for c in range(c0, c1):
        acts = (concern and company_left[c] != 0.0) or company_trust_hit[c] != 0.0 or company_trust_gain[c] != 0.0
        acts |= company_belief_shift[c] != 0.0 or company_relief[c] != 0
        company_pulsed[c] = acts
        look_around(
            seen, c, context, company_order, company_stand, company_call_up, company_leave_rate,
            company_battalion, battalion_place, battalion_routed, battalion_dissolved, leave_cancelled, chance_killed,
        )
        differs = False
        for k in range(index(N_SURROUNDING)):
            differs |= seen[k] != rest_context[index(c), k]
        if differs:
            for k in range(index(N_SURROUNDING)):
                rest_context[index(c), k] = seen[k]
        if acts or differs:
            company_rest[c] = 0
        awake += company_rest[c] == 0
    return awake


@rule
def something_can_happen(p, surroundings, first, last, base, agent_status, family, means, threatened):
    """Tell whether a draw can concern anybody in a company, where people do not decide to leave."""
    goes, comes = chance(surroundings[LEAVE_RATE] * p.dt) != 0.0, p.back_from_leave != 0.0
    returns = p.return_rate != 0.0
    may = False
    for i in range(first, last):
        now = agent_status[i]
        gone = (now == status.HIDING) | (now == status.DISPLACED)
        may |= (now == status.BACK) | (gone & returns) | ((now == status.LEAVE) & comes) | ((now == status.DUTY) & goes)
    for i in range(first, last):
        serves = agent_status[i] <= status.LEAVE
        may |= serves & (means[i] != 0) & (family[i] == status.FAMILY_HOME) & (threatened[i - base] > LEAST_THREAT)
    return may


@rule
def copy_bits(now, before, first, last):
    """Copy bits of those from first to last."""
    for i in range(first, last):
        before[i - first] = np.uint64(now[i])


@rule
def differ(now, before, first, last, base):
    """Tell whether any bit of those from first to last is another than before."""
    bits = np.uint64(0)
    for i in range(first, last):
        bits |= np.uint64(now[i]) ^ before[i - base]
    return bits != 0


@kernel
def keep(people, squads, first, last, squad_first, squad_last, before):
    """Copy what people and squads are before a pass, bit by bit, to compare in `settle`."""
    for k in range(len(people)):
        copy_bits(people[k], before[k], first, last)
    for k in range(len(squads)):
        copy_bits(squads[k], before[len(people) + k], index(squad_first), index(squad_last))
    return last - first


@kernel
def settle(
    decided, behaviour, c0, c1, base, base_squad, company_start, company_stop, company_squad_start, people, squads, before,
    company_fear, company_gone, fear_before, gone_before, company_asked, company_left, company_pulsed,
    rest_context, agent_status, family, means, threatened, company_serving, company_rest,
):
    """Let those of companies c0 to c1 rest in which the pass changed nothing and nothing can happen.

    Where people decide (`decided`), what they know of departures may change and much may happen: all that reads
    or makes it goes on while feelings rest.

    Parameters
    ----------
    people, squads : tuple of (n_agent,) uint32, tuple of (n_squad,) uint64
        Bits of what a pass reads of people and squads, in the order of `keep`.
    fear_before, gone_before : (n_company,) float64
        Fear and memory of companies before the pass.
    company_serving, company_rest
        *Overwritten*: how many serve in a company that rests; whether it does.

    Returns
    -------
    int
        How many went to rest.
    """
    p = behaviour[0]
    resting = 0
    # how afraid comrades look follows from what they feel, and may differ where that moves nobody
    seen = p.contagion_rate > 0.0
    n_people, squads_from, squads_to = len(people), 0 if seen else 1, len(squads)
    if decided:
        # reckoned anew in every step: the last two of people, and what squads know of departures
        n_people, squads_to = n_people - 2, 1
    for c in range(c0, c1):
        around = rest_context[c]
        # fire or death in combat, a rout, a pulse: what comes next differs
        still = around[FIRE] == 0.0 and around[ROUTED] == 0.0 and around[KILLED] == 0.0
        still &= company_pulsed[c] == 0 and (not seen or company_fear[c] == fear_before[c])
        if decided:
            still &= around[WORN] == 0.0
        else:
            still &= company_asked[c] == 0 and company_left[c] == 0.0 and company_gone[c] == gone_before[c]
        if not still:
            continue
        first, last = index(company_start[c]), index(company_stop[c])
        moved, serving = False, 0
        for k in range(n_people):
            moved |= differ(people[k], before[k], first, last, base)
        squad_first, squad_last = index(company_squad_start[c]), index(company_squad_start[c + 1])
        for k in range(squads_from, squads_to):
            moved |= differ(squads[k], before[len(people) + k], squad_first, squad_last, index(base_squad))
        for i in range(first, last):
            serving += agent_status[i] <= status.LEAVE
        if not decided:
            moved |= something_can_happen(p, around, first, last, base, agent_status, family, means, threatened)
        if not moved:
            company_rest[c], company_serving[c] = 1, serving
            resting += 1
    return resting


@kernel
def wake_those_moved(behaviour, c0, c1, harmed, company_asked, company_rest):
    """Wake companies c0 to c1 if somebody was `harmed`, and those whose fear passes on where somebody was asked.

    Whoever leaves or comes back changes what his comrades see of each other's fear.
    """
    passes_on = behaviour[0].contagion_rate > 0.0
    woken = 0
    for c in range(c0, c1):
        if harmed or (passes_on and company_asked[c] > 0):
            woken += company_rest[c]
            company_rest[c] = 0
    return woken
