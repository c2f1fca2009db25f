r"""E3, E4, E7, E9, E10, E12, E13: what everybody feels in a step, and the pressure that follows.

A company is a contiguous block of people, so each quantity is advanced by a short loop over flat
arrays that the compiler turns into vector instructions; people who have left are advanced along
with the rest, which is cheaper than asking: their return reads them, and those tied to them over a
distance still know of their fear. Loops end at `company_even`: a few names on paper only are advanced
as well, whom nobody reads.
M06 M09 M18 M21 M23 M24 M25.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.belief import bound, relax
from standfast.kernels.comrades import friends_pressure, peer_pressure
from standfast.kernels.decision import cross_pressure, order_push
from standfast.kernels.family import threat, threat_matters
from standfast.kernels.fear import announced_level, contagion, perceived_fear, shock
from standfast.kernels.marks import list_all
from standfast.kernels.mathematics import logistic_by_table
from standfast.kernels.resolve import advance_resolve
from standfast.kernels.trust import broken, jump, kept


@kernel
def feel_command(
    behaviour, c0, c1, company_start, company_even, company_trust_start, company_trust_hit, company_trust_gain,
    company_belief_start, company_belief_shift, company_left, seen_moles, trust, belief, suspicion,
):
    """Relax trust, belief and suspicion of companies c0 to c1, with the pulses of the step (E9, E10, E23).

    `seen_moles` (n_company,) float64 is the gain in suspicion where moles are seen in uniform.
    """
    p = behaviour[0]
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        rest, fade = company_trust_start[company], p.fade_trust
        loss, hit = p.trust_loss, company_trust_hit[company]
        gain = p.trust_gain * company_trust_gain[company]
        for i in range(first, last):
            trust[i] = kept(broken(relax(trust[i], rest, fade), loss, hit), gain)
        rest, fade = company_belief_start[company], p.fade_belief
        shift = company_belief_shift[company] - p.belief_of_departures * company_left[company]
        for i in range(first, last):
            belief[i] = bound(relax(belief[i], rest, fade) + shift)
        fade, gain = p.fade_suspicion, seen_moles[company]
        for i in range(first, last):
            suspicion[i] = jump(relax(suspicion[i], 0.0, fade), gain)
    return c1 - c0


@kernel
def feel_fear(
    behaviour, c0, c1, base, company_start, company_even, company_squad_start, company_squad_stop, squad_start, squad_stop, squad_fear, company_fear,
    hush, company_relief, phone_fear, kin_fear, phone_scale, kin_scale, uptake, fear_baseline,
    suspicion, around, fear,
):
    """Advance fear of companies c0 to c1 by contagion over the layers and by decay (E3, E4).

    Parameters
    ----------
    base : int
        First agent of company c0; scratch arrays are indexed from it.
    hush : (n_company,) float64
        Share of phone ties that are not silenced by fear of being overheard (M04).
    around : (>= n,) float64
        *Overwritten*: fear F* that each perceives around him.
    """
    p = behaviour[0]
    squad_weight, isolates, company_weight = p.weight_squad, p.suspicion_isolates, p.weight_company
    kin_weight = p.weight_kin
    amplification, upward, fade = p.amplification, p.upward_bias, p.fade_fear
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        relief = 1.0 - p.relief_by_reinforcement if company_relief[company] != 0 else 1.0
        if p.contagion_rate == 0.0:  # nobody's uptake is above 0
            for i in range(first, last):
                fear[i] = relax(np.float64(fear[i]), fear_baseline[i], fade) * relief
            continue
        company_mean = company_fear[company]
        phone_weight = p.weight_phone * hush[company]
        for squad in range(company_squad_start[company], company_squad_stop[company]):
            mean = squad_fear[squad]
            of_last = squad + 1 == company_squad_stop[company]
            for i in range(index(squad_start[squad]), last if of_last else index(squad_stop[squad])):
                around[i - base] = mean
        for i in range(first, last):
            around[i - base] = perceived_fear(
                around[i - base],
                company_mean,
                phone_fear[i] * phone_scale[i],
                kin_fear[i] * kin_scale[i],
                squad_weight * (1.0 - isolates * suspicion[i]),
                company_weight,
                phone_weight if phone_scale[i] > 0.0 else 0.0,
                kin_weight if kin_scale[i] > 0.0 else 0.0,
            )
        for i in range(first, last):
            value = contagion(fear[i], around[i - base], uptake[i], amplification, upward)
            fear[i] = relax(value, fear_baseline[i], fade) * relief
    return c1 - c0


@kernel
def feel_resolve(
    behaviour, c0, c1, company_start, company_even, company_trust_start, worn, agent_status, resolve_start, trust, resolve
):
    """Advance resolve (E12); those on duty in combat are worn down by `worn` (n_company,)."""
    p = behaviour[0]
    of_trust, fade = p.resolve_of_trust, p.fade_resolve
    for company in range(c0, c1):
        trust_start, tired = company_trust_start[company], worn[company]
        for i in range(index(company_start[company]), index(company_even[company])):
            here = tired if agent_status[i] == status.DUTY else 0.0
            lost = max(0.0, trust_start - trust[i])
            resolve[i] = advance_resolve(resolve[i], resolve_start[i], lost, of_trust, fade, here)
    return c1 - c0


@kernel
def feel_threat(
    behaviour, c0, c1, base, company_start, company_even, home, reach, hearsay, credibility, family, perceived, around, threatened
):
    """Advance perceived exposure by hearsay, and set the threat V to each family (E6, E7).

    What belongs to a home is looked up in a loop of its own: with it, what follows would not become vector
    instructions.

    Parameters
    ----------
    hearsay, reach : (n_place,) float64
        Growth of perceived exposure in this step, and perceived reach.
    around : (>= n,) float64
        *Overwritten*.
    threatened : (>= n,) float64
        *Overwritten*, and left alone where V moves nobody in anything.
    """
    p = behaviour[0]
    grows, matters, reach_moved = False, threat_matters(p), p.reach_moved
    for place in range(hearsay.size):
        grows |= hearsay[place] > 0.0
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        if grows:
            for i in range(first, last):
                around[i - base] = hearsay[index(home[i])]
            for i in range(first, last):
                around[i - base] = jump(perceived[i], around[i - base])
            for i in range(first, last):
                perceived[i] = around[i - base]
        elif matters:
            for i in range(first, last):
                around[i - base] = perceived[i]
        if matters:
            for i in range(first, last):
                threatened[i - base] = reach[index(home[i])]
            for i in range(first, last):
                threatened[i - base] = threat(
                    credibility[i], around[i - base], threatened[i - base], family[i], reach_moved
                )
    return c1 - c0


@kernel
def hope(of_all, c0, c1, base, company_start, company_even, belief, company_asked, probability):
    """Set the probability each gives to the force holding, by table; unless `of_all`, in companies asked."""
    for company in range(c0, c1):
        if not of_all and company_asked[company] == 0:
            continue
        for i in range(index(company_start[company]), index(company_even[company])):
            probability[i - base] = logistic_by_table(belief[i])
    return c1 - c0


@rule
def weights_of(p):
    """Return what `own_terms` takes from the parameters, read once for a whole loop."""
    return (
        p.weight_fear, p.weight_family, 2.0 * p.weight_belief, p.weight_trust, p.trust_whole,
        p.weight_suspicion, p.weight_resolve, p.resolve_start, p.cross_pressure,
    )


@rule
def own_terms(weights, fear, threatened, probability, belief_rest, trust, suspicion, resolve):
    """Return the terms of U that are one's own: fear, family, belief, trust, suspicion, resolve, cross."""
    of_fear, family, belief, of_trust, whole, of_suspicion, of_resolve, start, cross = weights
    return (
        of_fear * fear,
        family * threatened,
        belief * (belief_rest - probability),
        of_trust * (whole - trust),
        of_suspicion * suspicion,
        of_resolve * (start - resolve),
        cross_pressure(cross, resolve, trust, threatened),
    )


@rule
def moved_by_own_terms(p):
    """Tell whether any of `own_terms` can be other than 0."""
    of_fear, family, belief, of_trust, _, of_suspicion, of_resolve, _, cross = weights_of(p)
    return (
        of_fear != 0.0 or family != 0.0 or belief != 0.0 or of_trust != 0.0 or of_suspicion != 0.0
        or of_resolve != 0.0 or cross != 0.0
    )


@kernel
def feel_pressure(
    behaviour, c0, c1, base, company_start, company_even, company_squad_start, company_squad_stop, squad_start, squad_stop, squad_gone, squad_cohesion,
    company_gone, belief_rest, company_order, company_stand, company_call_up, safety, deterrence,
    commitment, legitimacy, fear, trust, suspicion, resolve, phone_gone, kin_gone, threatened, probability,
    peers, pressure,
):
    """Set the net pressure U of everybody in companies c0 to c1, as if on duty (E13).

    `pressure` (>= n,) float64 is *Overwritten*, and so is `peers`, its terms of squad and company;
    what differs for those on leave is added by `standfast.kernels.leaving`.
    """
    p = behaviour[0]
    weights, weight_order = weights_of(p), p.weight_order
    own = moved_by_own_terms(p)
    peer_phone, peer_kin = p.peer_phone, p.peer_kin
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        for squad in range(company_squad_start[company], company_squad_stop[company]):
            shared = peer_pressure(
                squad_gone[squad], company_gone[company], squad_cohesion[squad], p.peer_squad,
                p.peer_company, p.peer_norm,
            )
            of_last = squad + 1 == company_squad_stop[company]
            for i in range(index(squad_start[squad]), last if of_last else index(squad_stop[squad])):
                peers[i - base] = shared
        calm, risk, punished = belief_rest[company], safety[company], deterrence[company]
        if own:
            for i in range(first, last):
                a, b, c, d, e, f, g = own_terms(
                    weights, fear[i], threatened[i - base], probability[i - base], calm, trust[i], suspicion[i], resolve[i]
                )
                pressure[i - base] = a + b + c + d + e + f + g + risk - commitment[i]
        else:
            for i in range(first, last):
                pressure[i - base] = risk - commitment[i]
        order, stand, call_up = company_order[company], company_stand[company], company_call_up[company]
        ordered, followed = order != 0.0 or stand != 0.0 or call_up != 0.0, peer_phone != 0.0 or peer_kin != 0.0
        if not ordered and not followed:
            for i in range(first, last):
                pressure[i - base] = pressure[i - base] - punished * legitimacy[i] + peers[i - base]
            continue
        for i in range(first, last):
            pressure[i - base] -= punished * legitimacy[i]
        if ordered:
            for i in range(first, last):
                push = order_push(order, stand, call_up, fear[i], trust[i])
                pressure[i - base] += weight_order * push
        if followed:
            for i in range(first, last):
                pressure[i - base] += friends_pressure(phone_gone[i], kin_gone[i], peer_phone, peer_kin)
        for i in range(first, last):
            pressure[i - base] += peers[i - base]
    return c1 - c0


@kernel
def forget_friends(behaviour, c0, c1, company_start, company_even, phone_gone, kin_gone):
    """Let the memory of friends who left fade, where it matters to anybody (E15)."""
    p = behaviour[0]
    if p.peer_phone == 0.0 and p.peer_kin == 0.0:
        return 0
    kept = p.fade_memory
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        for i in range(first, last):
            phone_gone[i] *= kept
        for i in range(first, last):
            kin_gone[i] *= kept
    return c1 - c0


@kernel
def come_under_fire(behaviour, c0, c1, base, company_start, company_stop, fire, u_fire, agent_status, fear):
    """Shock those on duty who come under fire in this step (E4, M33); `fire` is by company."""
    size = behaviour[0].shock_combat
    hit = 0
    for company in range(c0, c1):
        if fire[company] <= 0.0:
            continue
        for i in range(index(company_start[company]), index(company_stop[company])):
            if u_fire[i - base] < fire[company] and agent_status[i] == status.DUTY:
                fear[i] = shock(fear[i], size)
                hit += 1
    return hit


@kernel
def show(c0, c1, base, company_start, company_even, agent_status, fear, announced, moved, listed, change, n_changed):
    """Mark whose fear moved a noticeable step from what others far away know (`announced_level`).

    `moved` (>= n,) uint8, 0 between companies, and `listed` (>= n + BLOCK,) int64 are *Overwritten*: whose did.
    """
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        for i in range(first, last):
            differs = announced_level(fear[i], announced[i]) != announced[i]
            moved[i - base] = differs & (agent_status[i] != status.GHOST)
    n = list_all(moved[: index(company_start[c1]) - index(base)], listed, base)
    for m in range(index(n)):
        i = index(listed[m])
        level = announced_level(fear[i], announced[i])
        change[i] = level - np.int64(announced[i])
        announced[i] = level
    n_changed[0] += n
    return n_changed[0]
