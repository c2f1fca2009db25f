r"""E7, E13, E14, E16, E22: who leaves, how, and who comes back.

One uniform per agent and step decides by ordered thresholds: killed or captured, then leaving, then
the rotation of leave (or, for those away, the return). Whatever raises U can only make somebody
leave earlier. M10 M11 M12 M19 M20 M25 M26 M27 M28 M29 M30 M31 M32.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.asking import UNLIKELY, least_most
from standfast.kernels.comrades import friends_pressure, remember
from standfast.kernels.decision import highest_probability, leaving_probability, order_push
from standfast.kernels.draws import EXIT, SHOCK, block
from standfast.kernels.exits import choose, risk_on_the_way
from standfast.kernels.family import threat
from standfast.kernels.feeling import own_terms, weights_of
from standfast.kernels.mathematics import chance, logistic
from standfast.kernels.trust import jump

HIDDEN_RETURN = 0.3  # how readily somebody hiding under the adversary comes back
NOBODY_TO_RENOUNCE_TO = -4.0


@rule
def way_out(p, u, exposed, control_home, family, threatened, credible, support_home, suspicion, resolve, means, elsewhere):
    """Return the status that somebody who leaves ends in (E14)."""
    hide = p.hide_base
    if exposed and control_home != status.GOVERNMENT:
        hide += p.hide_exposed
    refuge = p.refuge_base
    if family != status.FAMILY_HOME or elsewhere:
        refuge += p.refuge_family
    renounce = p.renounce_base
    if control_home == status.GOVERNMENT:
        renounce += NOBODY_TO_RENOUNCE_TO
    else:
        renounce += p.renounce_threat * credible
    abroad = p.abroad_base + p.abroad_means * means + p.abroad_threat * threatened
    defect = (
        p.defect_base
        + p.defect_support * support_home
        + p.defect_suspicion * suspicion
        + p.defect_resolve * resolve
    )
    return choose(u, hide, refuge, renounce, abroad, defect)


@rule
def lost_on_the_way(p, u, encirclement, intensity, night):
    """Return DEAD, CAPTURED or -1 for somebody on the way out of a place under assault (M28)."""
    shot = risk_on_the_way(p.flight_risk, encirclement, intensity, p.blend_in, night, p.night_cover)
    caught = risk_on_the_way(p.flight_capture, encirclement, intensity, p.blend_in, night, p.night_cover)
    if u < shot:
        return status.DEAD
    if u < shot + caught:
        return status.CAPTURED
    return -1


@rule
def rotate(p, now, u, above, in_contact, dissolved, waver, goes_on_leave):
    """Return the status after the rotation of leave; none goes on leave from a place in contact.

    The same uniform decides, in the interval above every chance of leaving. Somebody due back
    whose unit is gone reports in the rear, unless he wavers: then he keeps away.
    """
    if now == status.DUTY:
        if not in_contact and above <= u < above + goes_on_leave:
            return status.LEAVE
        return now
    if above <= u < above + p.back_from_leave:
        if not dissolved:
            return status.DUTY
        return status.DISPLACED if waver else status.BACK
    return now


@rule
def comes_back(p, u, amnesty, trust, threatened, under_adversary):
    """Return whether somebody who hides or took refuge returns to service (E22)."""
    willing = logistic(4.0 * (trust - 0.5) + amnesty - 3.0 * threatened)
    if under_adversary:
        willing *= HIDDEN_RETURN
    return u < chance(p.return_rate * willing * p.dt)


@rule
def fill_terms(
    terms, p, fear, threatened, probability, belief_rest, trust, suspicion, resolve, peers, friends,
    order, stand, call_up, safety, on_duty,
):
    """Write the terms of U for the proximate accounting."""
    a, b, c, d, e, f, g = own_terms(
        weights_of(p), fear, threatened, probability, belief_rest, trust, suspicion, resolve
    )
    terms[status.TERM_FEAR] = a
    terms[status.TERM_FAMILY] = b
    terms[status.TERM_BELIEF] = c
    terms[status.TERM_TRUST] = d
    terms[status.TERM_SUSPICION] = e
    terms[status.TERM_RESOLVE] = f
    terms[status.TERM_CROSS] = g
    terms[status.TERM_COMRADES] = friends + (peers if on_duty else 0.0)
    terms[status.TERM_SAFETY] = safety if on_duty else 0.0
    terms[status.TERM_ORDER] = p.weight_order * order_push(order, stand, call_up, fear, trust)
    terms[status.TERM_BASE] = 0.0


@rule
def record_cause(cause, origin, branch, terms):
    """Add to the proximate accounting the share of each term in the positive pressure."""
    total = 0.0
    for k in range(status.N_TERM):
        if terms[k] > 0.0:
            total += terms[k]
    if total <= 0.0:
        cause[origin, branch, status.TERM_BASE] += 1.0
        return
    for k in range(status.N_TERM):
        if terms[k] > 0.0:
            cause[origin, branch, k] += terms[k] / total


@rule
def exit_of(
    p, key0, key1, i, step, exposed, control_home, family, threatened, credible, support_home,
    suspicion, resolve, means, elsewhere, encirclement, intensity, night, routed,
):
    """Return the status of somebody who leaves: lost on the way, or the way out he takes."""
    u0, u1, u2, _ = block(key0, key1, i, step, EXIT)
    if routed and u2 < p.fall_captured:
        return status.CAPTURED
    lost = lost_on_the_way(p, u1, encirclement, intensity, night)
    if lost >= 0:
        return lost
    return way_out(
        p, u0, exposed, control_home, family, threatened, credible, support_home, suspicion,
        resolve, means, elsewhere,
    )


@rule
def decide(p, u, pressure, killed, most, routed):
    """Return -1 to stay, 0 to leave, or the status of somebody killed or captured in combat."""
    if routed:
        return 0
    if u < killed:
        return status.CAPTURED if u < killed * p.captured_share else status.DEAD
    if u >= killed + (least_most(p, most) if pressure * p.sharpness <= UNLIKELY else most):
        return -1
    return 0 if u < killed + leaving_probability(pressure, p.sharpness, p.rate_max, p.dt) else -1


@kernel
def leave_companies(
    behaviour, step, key0, key1, night, c0, c1, base, company_start, company_squad_start,
    company_squad_stop,
    company_battalion, battalion_place, battalion_routed, battalion_dissolved, contact, assault,
    belief_rest, company_gone, company_left, company_order, company_stand, company_call_up, safety,
    deterrence, goes_on_leave, u_decide, threatened, probability, pressure, peers, listed, company_asked, squad_left, harmed, terms, squad, squad_start, squad_gone,
    home, legitimacy, branch, origin, home_kind, means, resolve_start, resolve_median,
    encirclement, support, control, amnesty, chance_killed, agent_status, fear, credibility, trust,
    resolve, suspicion, perceived, exposed, family, phone_gone, kin_gone, happened, n_departed, n_harmed, count, departures, cause, departure_step, resolute,
):
    """Let the people of companies c0 to c1 decide, those who are `asked`.

    Parameters
    ----------
    u_decide, threatened, probability, pressure : (>= n,) float64
        Uniforms of the decision, V, b and U of this step.
    listed, company_asked
        Of whom something may come, from `ask`.
    squad_left : (n_squad,) int32
        Scratch, all 0 before and after.
    count, departures, cause
        *Overwritten*: see `standfast.kernels.agents.advance_agents`.

    Returns
    -------
    int
        How many were asked.
    """
    p = behaviour[0]
    most = highest_probability(p)
    n_asked = 0
    for company in range(c0, c1):
        battalion = company_battalion[company]
        post = battalion_place[battalion]
        routed_here = battalion_routed[battalion] != 0
        dissolved = battalion_dissolved[battalion] != 0
        in_contact = contact[post] != 0
        under_assault, calm, gone_here = assault[company], belief_rest[company], company_gone[company]
        order, stand, call_up = company_order[company], company_stand[company], company_call_up[company]
        risk, punished = safety[company], deterrence[company]
        killed_here, goes = chance_killed[post], goes_on_leave[company]
        left_company = 0
        for at in range(n_asked, n_asked + company_asked[company]):
            i = index(listed[at])
            k = i - base
            now = agent_status[i]
            if now == status.BACK:
                agent_status[i] = status.DUTY
                count[origin[i], branch[i], now] -= 1
                count[origin[i], branch[i], status.DUTY] += 1
                continue
            u = u_decide[k]
            at_home = home[i]
            if now > status.LEAVE:
                hidden = now == status.HIDING and control[at_home] == status.ADVERSARY
                pull = amnesty[origin[i]]
                if comes_back(p, u, pull, trust[i], threatened[k], hidden):
                    agent_status[i] = status.BACK
                    count[origin[i], branch[i], now] -= 1
                    count[origin[i], branch[i], status.BACK] += 1
                continue
            after = now
            if harmed[k]:
                happened[i] |= status.HARMED
                n_harmed[0] += 1
                credibility[i] = jump(credibility[i], p.credibility_gain)
                perceived[i] = jump(perceived[i], p.perceived_by_harm)
                fear[i] = jump(fear[i], p.shock_harm)
                h0, _, _, _ = block(key0, key1, i, step, SHOCK, 14)
                if h0 < p.harm_killed_share and now == status.LEAVE:
                    after = status.DEAD
            on_duty = now == status.DUTY
            force = pressure[k]
            if not on_duty:
                force += p.leave_pull - peers[k] - risk
                if control[at_home] == status.ADVERSARY:
                    force += punished * legitimacy[i]
            killed = killed_here if on_duty else 0.0
            routed = routed_here and on_duty
            if after == now:
                choice = decide(p, u, force, killed, most, routed)
                if choice > 0:
                    after = choice
                elif choice == 0:
                    v = threat(
                        credibility[i], perceived[i], p.reach[control[at_home]], family[i], p.reach_moved
                    )
                    after = exit_of(
                        p, key0, key1, i, step, exposed[i] != 0, control[at_home], family[i], v,
                        credibility[i] * perceived[i], support[at_home], suspicion[i], resolve[i],
                        means[i], at_home != post, encirclement[post],
                        under_assault if on_duty else 0.0, night, routed,
                    )
                else:
                    after = rotate(
                        p, now, u, killed + most, in_contact, dissolved, force > p.wavering_pressure, goes,
                    )
            if after == now:
                continue
            agent_status[i] = after
            o, b = origin[i], branch[i]
            count[o, b, now] -= 1
            count[o, b, after] += 1
            if after <= status.LEAVE or after == status.BACK:
                continue
            departure_step[i] = step
            if on_duty:
                squad_left[squad[i]] += 1
                left_company += 1
            if after <= status.DEFECTED:
                happened[i] |= status.LEFT
                n_departed[0] += 1
                departures[o, b, home_kind[i], after - status.HIDING] += 1
                friends = friends_pressure(phone_gone[i], kin_gone[i], p.peer_phone, p.peer_kin)
                fill_terms(
                    terms, p, fear[i], threatened[k], probability[k], calm, trust[i],
                    suspicion[i], resolve[i], peers[k], friends, order, stand, call_up, risk, on_duty,
                )
                record_cause(cause, o, b, terms)
                if resolve_start[i] > resolve_median[0]:
                    resolute[0] += 1
        n_asked += company_asked[company]
        for s in range(company_squad_start[company], company_squad_stop[company]):
            if left_company == 0:
                squad_gone[s] *= p.fade_memory
                continue
            size = squad_start[s + 1] - squad_start[s]
            squad_gone[s] = remember(squad_gone[s], squad_left[s], size, p.fade_memory)
            squad_left[s] = 0
        size = company_start[company + 1] - company_start[company]
        company_gone[company] = remember(gone_here, left_company, size, p.fade_memory)
        company_left[company] = left_company / max(1, size)
    return n_asked
