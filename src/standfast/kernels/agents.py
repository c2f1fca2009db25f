r"""E1-E7, E9-E16, E22: the pass over agents, company by company: learn, feel, decide.

Each agent reads the snapshot of the others (squad and company means, counters of what happened to
contacts, pulses from command) and writes only himself, so that the order in memory cannot matter;
of what others are to learn he is marked, and `standfast.kernels.ties` passes it on afterwards.
M06 M08 M09 M10 M11 M12 M16 M18 M19 M20 M21 M22 M23 M24 M25 M26 M27 M28 M29 M30 M31 M32.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.asking import ask, ask_few
from standfast.kernels.decision import highest_probability, punishment
from standfast.kernels.draws import DECIDE, fill_blocks
from standfast.kernels.family import move_families
from standfast.kernels.feeling import (
    come_under_fire,
    feel_command,
    feel_fear,
    feel_pressure,
    feel_resolve,
    feel_threat,
    forget_friends,
    hope,
    moved_by_own_terms,
    show,
)
from standfast.kernels.learning import learn_companies
from standfast.kernels.leaving import leave_companies
from standfast.kernels.marks import BLOCK
from standfast.kernels.mathematics import chance, logistic_by_table
from standfast.kernels.resting import (
    N_CONTEXT,
    N_SURROUNDING,
    is_reached,
    keep,
    rouse,
    settle,
    wake_those_moved,
)
from standfast.kernels.sums import parts_of_sums, sum_companies

#: companies whose people are advanced together: their arrays stay in the cache between stages
CHUNK = 32


@kernel
def advance_agents(
    behaviour, step, key0, key1, night,
    # plan: agents
    commitment, expressiveness, uptake, fear_baseline, resolve_start, home, legitimacy, branch, origin,
    home_kind, means, phone_scale, kin_scale, phone_indptr, kin_indptr, resolve_median,
    # plan: units, places, groups
    squad, squad_start, squad_stop, squad_cohesion, company_start, company_stop, company_even, company_squad_start,
    company_squad_stop, company_battalion,
    company_trust_start, company_belief_start, company_skill, company_leave_rate, encirclement, support,
    # state: places
    control, intensity, contact, chance_killed, chance_fire, chance_message, chance_targeted,
    chance_mole, chance_neighbour, chance_harm, leak, ultimatum, hearsay, place_gone,
    leaving_safety, infiltration, leave_cancelled, verified, amnesty,
    # state: units
    battalion_place, battalion_routed, battalion_dissolved, squad_gone, squad_fear, company_gone,
    company_fear, company_order, company_stand, company_call_up, company_trust_hit,
    company_trust_gain, company_belief_shift, company_relief,
    # state: agents
    agent_status, fear, credibility, trust, belief, resolve, suspicion, perceived, exposed, family,
    heard, heard_new, spreading, pieces, announced, phone_fear, kin_fear, phone_gone, kin_gone,
    friends_gone, harm_near, news_kind, news_weight,
    # out
    happened, n_departed, n_harmed, change, n_changed, count, departures, cause,
    departure_step, resolute, company_duty, company_left, company_sums, company_rest, company_serving,
    rest_context, rest_place,
):
    """Advance every agent by one step.

    Parameters
    ----------
    agent_status : (n_agent,) uint8
        *Overwritten*, with every array of state of shape (n_agent,).
    count : (n_place, 4, 11) int32
        *Overwritten*: people by garrison of origin, branch and status; the sum stays n_agent.
    happened : (n_agent,) uint8; change : (n_agent,) int8
        *Overwritten*: whether somebody left or was harmed in this step; by how many levels the fear that others
        know of changed.
    company_sums : (n_company, 5) float64
        *Overwritten*: sums over those on duty of effort, trust, fear, belief and wavering.
    company_rest, company_serving, rest_context, rest_place
        *Overwritten*: which companies may be passed over, see `standfast.kernels.resting`.

    Returns
    -------
    int
        How many agents were advanced.
    """
    # whether anybody may decide to leave, and whether something may reach anybody and move what he feels
    decided = highest_probability(behaviour[0]) > 0.0
    reached = is_reached(
        decided, behaviour, control, hearsay, verified, chance_message, chance_targeted, chance_mole, chance_neighbour,
        chance_harm, leak, ultimatum, n_departed, n_harmed, n_changed, rest_place, company_rest,
    )
    forget_marks(happened, n_departed, n_harmed, change, n_changed)
    n_company = company_battalion.size
    context = np.empty((N_CONTEXT + 3, n_company))
    reach = np.empty(control.size)
    for place in range(control.size):
        reach[place] = behaviour[0].reach[control[place]]
    belief_rest, safety, deterrence, hush = context[0], context[1], context[2], context[3]
    seen_moles, worn, assault, fire = context[4], context[5], context[6], context[7]
    fear_before, gone_before, goes = context[N_CONTEXT], context[N_CONTEXT + 1], context[N_CONTEXT + 2]
    for c in range(n_company):
        fear_before[c], gone_before[c] = company_fear[c], company_gone[c]
    prepare(
        behaviour, company_battalion, company_belief_start, battalion_place, control, contact, intensity,
        encirclement, chance_fire, leaving_safety, place_gone, infiltration, company_leave_rate, leave_cancelled,
        belief_rest, safety, deterrence, hush, seen_moles, worn, assault, fire, goes,
    )
    widest = 0
    for c0 in range(0, n_company, CHUNK):
        c1 = min(c0 + CHUNK, n_company)
        widest = max(widest, company_start[c1] - company_start[c0])
    widest = -(-widest // BLOCK) * BLOCK  # rows of marks are looked at in words
    # bit by bit, what a pass may change of people and squads
    people = (
        fear.view(np.uint32), credibility.view(np.uint32), trust.view(np.uint32), belief.view(np.uint32),
        resolve.view(np.uint32), suspicion.view(np.uint32), perceived.view(np.uint32),
        phone_gone.view(np.uint32), kin_gone.view(np.uint32),
    )
    squads = (squad_fear.view(np.uint64), squad_gone.view(np.uint64))
    scratch = np.empty((16, widest))
    probability, pressure, threatened, u0 = scratch[0], scratch[1], scratch[2], scratch[3]
    threatened[:] = 0.0  # V stays so where it moves nobody
    parts, felt = scratch[4:10], scratch[10:]  # the parts are free again when the sums are taken
    peers, u1, u2, u3, around = parts[0], parts[1], parts[2], parts[3], parts[4]
    flags = np.zeros((2, widest), dtype=np.uint8)
    harmed, asked = flags[0], flags[1]
    lists = np.empty((2, widest + BLOCK), dtype=np.int64)
    listed, partners = lists[0], lists[1]
    counts = np.zeros((2, n_company), dtype=np.int64)
    company_asked, company_pulsed = counts[0], counts[1]
    squad_left = np.zeros(squad_gone.size, dtype=np.int32)
    few = np.empty(status.N_TERM + N_SURROUNDING)
    terms, seen = few[: status.N_TERM], few[status.N_TERM :]
    before = lists.view(np.uint64)  # of the right type; used only where somebody may rest
    if not reached:
        before = np.empty((len(people) + len(squads), widest), dtype=np.uint64)
    own = moved_by_own_terms(behaviour[0])
    advanced, drawn = 0, True
    for c0 in range(0, n_company, CHUNK):
        c1 = min(c0 + CHUNK, n_company)
        first, last = index(company_start[c0]), index(company_start[c1])
        moved = reached  # what people feel
        asked[: last - first] = 0  # also between companies, where nobody is asked
        if reached:
            fill_blocks(u0, u1, u2, u3, first, last - first, key0, key1, step, DECIDE)
        elif drawn:
            u1[:], u2[:] = 1.0, 1.0  # nothing that they decide has a chance
            drawn = False
        learn_companies(
            behaviour, c0, c1, first, company_start, company_even, company_battalion, battalion_place, u1, u2, home,
            squad, squad_start, squad_stop, phone_indptr, kin_indptr, chance_message, chance_targeted, chance_mole,
            chance_neighbour, chance_harm, leak, ultimatum, news_kind, news_weight, verified, agent_status, fear, credibility, trust, belief,
            suspicion, perceived, exposed, heard, heard_new, spreading, pieces, friends_gone,
            harm_near, harmed, asked, listed, felt, company_rest,
        )
        if not reached:
            awake = rouse(
                decided, behaviour, c0, c1, seen, context, company_order, company_stand, company_call_up,
                company_leave_rate,
                company_battalion, battalion_place, battalion_routed, battalion_dissolved, leave_cancelled,
                chance_killed, company_left, company_trust_hit, company_trust_gain, company_belief_shift,
                company_relief, rest_context, company_rest, company_pulsed,
            )
            moved = awake > 0
            if not moved and not decided:
                for c in range(c0, c1):
                    advanced += company_serving[c]
                continue
            drawn = True
        if moved:
            if not reached:
                fill_blocks(u0, u1, u2, u3, first, last - first, key0, key1, step, DECIDE)
                keep(people, squads, first, last, company_squad_start[c0], company_squad_start[c1], before)
            feel_command(
                behaviour, c0, c1, company_start, company_even, company_trust_start, company_trust_hit,
                company_trust_gain, company_belief_start, company_belief_shift, company_left, seen_moles,
                trust, belief, suspicion,
            )
            feel_fear(
                behaviour, c0, c1, first, company_start, company_even, company_squad_start, company_squad_stop, squad_start,
                squad_stop, squad_fear, company_fear, hush, company_relief, phone_fear, kin_fear, phone_scale, kin_scale, uptake,
                fear_baseline, suspicion, around, fear,
            )
            feel_resolve(
                behaviour, c0, c1, company_start, company_even, company_trust_start, worn, agent_status,
                resolve_start, trust, resolve,
            )
        feel_threat(
            behaviour, c0, c1, first, company_start, company_even, home, reach, hearsay, credibility, family, perceived,
            around, threatened,
        )
        believing = moved or own  # whether belief is needed of more than those asked
        if believing:
            hope(believing, c0, c1, first, company_start, company_even, belief, company_asked, probability)
        feel_pressure(
            behaviour, c0, c1, first, company_start, company_even, company_squad_start, company_squad_stop, squad_start,
            squad_stop, squad_gone, squad_cohesion, company_gone, belief_rest, company_order, company_stand, company_call_up,
            safety, deterrence, commitment, legitimacy, fear, trust, suspicion, resolve, phone_gone, kin_gone,
            threatened, probability, peers, pressure,
        )
        come_under_fire(behaviour, c0, c1, first, company_start, company_stop, fire, u3, agent_status, fear)
        move_families(
            behaviour, step, key0, key1, c0, c1, first, company_start, company_even, home, means, control,
            agent_status, threatened, u1, u2, u3, around, asked, listed, partners, family, harmed,
        )
        serving = -1
        if not moved:
            serving = ask_few(
                behaviour, step, key0, key1, c0, c1, first, company_start, company_stop, company_battalion,
                battalion_place, battalion_routed, goes, chance_killed,
                agent_status, pressure, harmed, asked, listed, partners, company_asked, u0, u1, u2, u3, around,
            )
            if serving < 0:
                fill_blocks(u0, u1, u2, u3, first, last - first, key0, key1, step, DECIDE)
        if serving < 0:
            serving = ask(
                behaviour, c0, c1, first, company_start, company_even, company_battalion, battalion_place, battalion_routed,
                battalion_dissolved, safety, deterrence, goes, chance_killed, legitimacy, agent_status, u0, pressure,
                peers, harmed, asked, listed, company_asked,
            )
        advanced += serving
        if not believing:
            hope(believing, c0, c1, first, company_start, company_even, belief, company_asked, probability)
        harmed_before = n_harmed[0]
        leave_companies(
            behaviour, step, key0, key1, night, c0, c1, first, company_start, company_squad_start,
            company_squad_stop, company_battalion, battalion_place, battalion_routed, battalion_dissolved,
            contact, assault, belief_rest, company_gone, company_left, company_order, company_stand,
            company_call_up, safety, deterrence, goes, u0, threatened,
            probability, pressure, peers, listed, company_asked, squad_left, harmed, terms, squad,
            squad_start, squad_gone, home, legitimacy, branch, origin, home_kind, means, resolve_start,
            resolve_median, encirclement, support, control, amnesty, chance_killed, agent_status, fear,
            credibility, trust, resolve, suspicion, perceived, exposed, family, phone_gone, kin_gone,
            happened, n_departed, n_harmed, count, departures, cause, departure_step, resolute,
        )
        forget_friends(behaviour, c0, c1, company_start, company_even, phone_gone, kin_gone)
        of_all = moved or n_harmed[0] > harmed_before  # whether anybody's fear may have changed
        if of_all:
            show(c0, c1, first, company_start, company_even, agent_status, fear, announced, asked, listed, change, n_changed)
        parts_of_sums(
            of_all, c0, c1, first, company_start, company_even, company_asked, agent_status, expressiveness, fear, trust,
            resolve, probability, parts,
        )
        sum_companies(
            of_all, behaviour, c0, c1, first, company_start, company_stop, company_squad_start, company_squad_stop,
            squad_start, squad_stop, company_skill, company_asked, agent_status, pressure, parts, squad_fear,
            company_fear, company_duty, company_sums,
        )
        if not moved:
            wake_those_moved(behaviour, c0, c1, of_all, company_asked, company_rest)
        elif not reached:
            settle(
                decided, behaviour, c0, c1, first, company_squad_start[c0], company_start, company_stop,
                company_squad_start,
                people, squads, before, company_fear, company_gone, fear_before, gone_before,
                company_asked, company_left, company_pulsed, rest_context, agent_status, family, means, threatened,
                company_serving, company_rest,
            )
    return advanced


@rule
def forget_marks(happened, n_departed, n_harmed, change, n_changed):
    """Clear what happened in the last step, where anything did."""
    if n_departed[0] + n_harmed[0] > 0:
        for i in range(index(happened.size)):
            happened[i] = 0
    if n_changed[0] > 0:
        for i in range(index(change.size)):
            change[i] = 0
    n_departed[0], n_harmed[0], n_changed[0] = 0, 0, 0


@kernel
def prepare(
    behaviour, company_battalion, company_belief_start, battalion_place, control, contact, intensity,
    encirclement, chance_fire, leaving_safety, place_gone, infiltration, company_leave_rate, leave_cancelled,
    belief_rest, safety, deterrence, hush, seen_moles, worn, assault, fire, goes,
):
    """Work out once for each company what its place means for all its people in this step.

    The last nine arrays, (n_company,) float64, are *Overwritten*: quiet-time belief, the safety term of
    U, the weight of punishment, share of phone ties not silenced, gain of suspicion by moles seen,
    wear of combat on resolve, intensity of the assault, chance of coming under fire, of going on leave.
    """
    p = behaviour[0]
    post_before, rate_before, goes_before = -1, 0.0, 0.0
    belief_before, rest_before = np.nan, np.nan
    in_contact, attack, safe, deters, heard, moles, wears, fires = False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for company in range(index(company_battalion.size)):
        post = battalion_place[index(company_battalion[company])]
        # all three rarely differ from a company to the next
        if post != post_before:
            post_before = post
            in_contact = contact[post] != 0
            attack = intensity[post] if in_contact else 0.0
            safe = p.weight_leaving_safety * (2.0 * leaving_safety[post] - 1.0 - encirclement[post] * attack)
            deters = punishment(p.weight_punishment, place_gone[post], p.punishment_capacity)
            heard = 1.0 - p.monitoring_silence * infiltration[post]
            moles = p.mole_step * infiltration[post] if control[post] != status.GOVERNMENT else 0.0
            wears = p.dt / p.combat_exhaustion if in_contact else 0.0
            fires = chance_fire[post] if in_contact else 0.0
        assault[company], safety[company], deterrence[company], hush[company] = attack, safe, deters, heard
        seen_moles[company], worn[company], fire[company] = moles, wears, fires
        if company_belief_start[company] != belief_before:
            belief_before = company_belief_start[company]
            rest_before = logistic_by_table(belief_before)
        belief_rest[company] = rest_before
        rate = 0.0 if in_contact else company_leave_rate[company] * (1.0 - leave_cancelled[post])
        if rate != rate_before:
            rate_before, goes_before = rate, chance(rate * p.dt)
        goes[company] = goes_before
    return company_battalion.size
