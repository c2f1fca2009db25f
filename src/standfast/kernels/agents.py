r"""The fused pass over agents: E1-E4, E6, E7, E9, E10, E12-E14, E16, E22 for one step.

Each agent reads the snapshot of the others (squad and company means, counters of what happened to
contacts, pulses from command) and writes only itself, so that the order in memory cannot matter;
what others are to learn goes into lists that `standfast.kernels.ties` passes on afterwards.
M06 M08 M09 M10 M11 M12 M19 M20 M22 M23 M24 M25 M26 M27 M28 M29 M30 M31 M32.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import kernel, rule
from standfast.kernels.belief import bound, relax
from standfast.kernels.comrades import peer_pressure, remember
from standfast.kernels.decision import cross_pressure, leaving_probability, order_push, punishment
from standfast.kernels.draws import DECIDE, EXIT, SHOCK, block
from standfast.kernels.exits import choose, risk_on_the_way
from standfast.kernels.exposure import gain
from standfast.kernels.family import threat
from standfast.kernels.fear import LEVELS, announced_level, contagion, perceived_fear, shock
from standfast.kernels.information import hear
from standfast.kernels.mathematics import logistic, logistic_by_table
from standfast.kernels.resolve import advance_resolve
from standfast.kernels.trust import jump

LEAST_THREAT = 0.02  # under it nobody thinks of moving the family
DUTY_MOVES = 0.2  # how readily somebody on duty can move the family, against somebody on leave


@rule
def learn(u_message, u_exposure, p, chances_post, chances_home, exposed, credibility, perceived, fear):
    """Return (exposed, harmed, credibility, perceived, fear) after messages, leaks and harm (E1-E6).

    `chances_*` are (message, targeted, mole, neighbour, leak, harm) of the post and of the home;
    neighbour is zero at a post that is not the home.
    """
    harmed = False
    if exposed:
        targeted = max(chances_post[1], chances_home[1])
        if u_message < targeted:
            perceived = jump(perceived, p.perceived_by_message)
            fear = shock(fear, p.shock_targeted * credibility)
        harmed = u_exposure < chances_home[5]
    else:
        targeted = 0.0
        safe = (1.0 - chances_post[2]) * (1.0 - chances_post[3])
        safe *= (1.0 - chances_post[4]) * (1.0 - chances_home[4])
        exposed = u_exposure < 1.0 - safe
    if targeted <= u_message < targeted + chances_post[0]:
        fear = shock(fear, p.shock_message * (0.5 + credibility))
    return exposed, harmed, credibility, perceived, fear


@rule
def believe_threats(p, near, contacts, kept_ultimatum, hearsay, credibility, perceived, fear):
    """Return (credibility, perceived, fear) after harm to contacts, ultimatums and hearsay (E2, E6)."""
    if near > 0:
        times = min(near, 8)
        credibility = gain(credibility, p.credibility_gain, times)
        perceived = jump(perceived, min(1.0, p.perceived_by_harm * times / max(1.0, 0.25 * contacts)))
        fear = shock(fear, p.shock_harm)
    if kept_ultimatum == 1:
        credibility = jump(credibility, p.ultimatum_gain)
    elif kept_ultimatum == 2:  # noqa: PLR2004 - code of an empty ultimatum
        credibility *= 1.0 - p.credibility_loss
    return credibility, jump(perceived, hearsay), fear


@rule
def way_out(p, u, exposed, control_home, family, family_threat, credible, support_home, suspicion, resolve, means, elsewhere):
    """Return the status somebody who leaves ends in (E14)."""
    hide = p.hide_base
    if exposed and control_home != status.GOVERNMENT:
        hide += p.hide_exposed
    refuge = p.refuge_base
    if family != status.FAMILY_HOME or elsewhere:
        refuge += p.refuge_family
    renounce = p.renounce_base
    if control_home == status.GOVERNMENT:
        renounce += -4.0  # nobody to renounce to
    else:
        renounce += p.renounce_threat * credible
    abroad = p.abroad_base + p.abroad_means * means + p.abroad_threat * family_threat
    defect = (
        p.defect_base
        + p.defect_support * support_home
        + p.defect_suspicion * suspicion
        + p.defect_resolve * resolve
    )
    return choose(u, hide, refuge, renounce, abroad, defect)


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


@kernel
def advance_agents(
    behaviour, step, key0, key1, night,
    # plan: agents
    commitment, expressiveness, uptake, fear_baseline, resolve_start, home, group, branch, origin,
    home_kind, means, phone_weight, kin_weight, n_contact, resolve_median,
    # plan: units, places, groups
    squad_start, squad_cohesion, company_start, company_squad_start, company_battalion,
    company_trust_start, company_belief_start, company_skill, company_leave_rate, legitimacy, defends,
    encirclement, support,
    # state: places
    control, intensity, contact, chance_killed, chance_fire, chance_message, chance_targeted,
    chance_mole, chance_neighbour, chance_harm, leak, ultimatum, campaign, place_gone,
    leaving_safety, moving_help, infiltration, leave_cancelled,
    # state: units
    battalion_place, battalion_routed, battalion_dissolved, squad_gone, squad_fear, company_gone,
    company_fear, company_order, company_stand, company_call_up, company_trust_hit,
    company_trust_gain, company_belief_shift, company_relief,
    # state: agents
    agent_status, fear, credibility, trust, belief, resolve, suspicion, perceived, exposed, family,
    heard, heard_new, spreading, pieces, announced, phone_fear, kin_fear, friends_gone, harm_near,
    news_kind, news_weight,
    # out
    departed, n_departed, harmed_list, n_harmed, changed, change, n_changed, count, departures, cause,
    departure_step, resolute, company_duty, company_left, company_sums,
):
    """Advance every agent by one step.

    Parameters
    ----------
    agent_status : (n_agent,) uint8
        *Overwritten*, with every array of state of shape (n_agent,).
    count : (n_place, 4, 11) int32
        *Overwritten*: people by garrison of origin, branch and status; the sum stays n_agent.
    departed, harmed_list, changed : (n_agent,) int32
        *Overwritten*: who left, was harmed, or changed the fear that others know of, in this step.
    change : (n_agent,) int8
        *Overwritten*: by how many levels, for those in `changed`.
    company_sums : (n_company, 5) float64
        *Overwritten*: sums over those on duty of effort, trust, fear, belief and wavering.

    Returns
    -------
    int
        How many agents were advanced.
    """
    p = behaviour[0]
    dt = p.dt
    p_most = leaving_probability(50.0, p.rate_max, dt)
    return_most = p.return_rate * dt
    terms = np.zeros(status.N_TERM)
    advanced = 0
    n_departed[0] = 0
    n_harmed[0] = 0
    n_changed[0] = 0
    for company in range(company_battalion.size):
        battalion = company_battalion[company]
        post = battalion_place[battalion]
        routed = battalion_routed[battalion] != 0
        dissolved = battalion_dissolved[battalion] != 0
        in_contact = contact[post] != 0
        trust_start = company_trust_start[company]
        belief_start = company_belief_start[company]
        belief_rest = logistic(belief_start)
        gone_here = company_gone[company]
        company_mean = company_fear[company]
        worn = dt / p.combat_exhaustion if in_contact else 0.0
        sum_effort = 0.0
        sum_trust = 0.0
        sum_fear = 0.0
        sum_belief = 0.0
        n_waver = 0
        n_duty = 0
        n_left = 0
        weighted_all = 0.0
        weight_all = 0.0
        for squad in range(company_squad_start[company], company_squad_start[company + 1]):
            squad_mean = squad_fear[squad]
            gone = squad_gone[squad]
            peers = peer_pressure(
                gone, gone_here, squad_cohesion[squad], p.peer_squad, p.peer_company, p.peer_norm
            )
            weighted = 0.0
            weight = 0.0
            squad_duty = 0
            squad_left = 0
            for i in range(squad_start[squad], squad_start[squad + 1]):
                now = agent_status[i]
                if now == status.GHOST or (status.RENOUNCED <= now <= status.CAPTURED):
                    continue
                at_home = home[i]
                u0, u1, u2, u3 = block(key0, key1, i, step, DECIDE)
                if now > status.LEAVE:
                    # those who hide or took refuge may come back; those back serve in the rear
                    if now != status.BACK and u0 < return_most:
                        t = relax(trust[i], trust_start, p.fade_trust)
                        v = threat(credibility[i], perceived[i], p.reach[control[at_home]], family[i], p.reach_moved)
                        willing = logistic(4.0 * (t - 0.5) + p.amnesty - 3.0 * v)
                        if control[at_home] == status.ADVERSARY and now == status.HIDING:
                            willing *= 0.3
                        if u0 < return_most * willing:
                            agent_status[i] = status.BACK
                            count[origin[i], branch[i], now] -= 1
                            count[origin[i], branch[i], status.BACK] += 1
                    trust[i] = relax(trust[i], trust_start, p.fade_trust)
                    continue
                advanced += 1
                on_duty = now == status.DUTY
                spot = post if on_duty else at_home
                f = fear[i]
                # E1, E5, E6: messages, exposure, harm
                is_neighbour = at_home == post
                exposed_now, harmed, a, y, f = learn(
                    u1, u2, p,
                    (chance_message[spot], chance_targeted[spot], chance_mole[post],
                     chance_neighbour[at_home] if is_neighbour else 0.0, leak[post], 0.0),
                    (0.0, chance_targeted[at_home], 0.0, 0.0, leak[at_home], chance_harm[at_home]),
                    exposed[i] != 0, credibility[i], perceived[i], f,
                )
                exposed[i] = exposed_now
                ultimatum_here = ultimatum[at_home]
                if ultimatum_here == 0:
                    ultimatum_here = ultimatum[spot]
                hearsay = p.perceived_step * min(1.0, 0.1 * max(campaign[at_home], campaign[spot]))
                a, y, f = believe_threats(p, harm_near[i], n_contact[i], ultimatum_here, hearsay, a, y, f)
                harm_near[i] = 0
                # E9: belief, with news, friends and what command did
                q = relax(suspicion[i], 0.0, p.fade_suspicion)
                b = relax(belief[i], belief_start, p.fade_belief) + company_belief_shift[company]
                t = relax(trust[i], trust_start, p.fade_trust)
                t = t * (1.0 - p.trust_loss * company_trust_hit[company])
                t = jump(t, p.trust_gain * company_trust_gain[company])
                new = heard_new[i]
                if new:
                    new &= ~heard[i]
                    f, b, t, q, pieces[i] = hear(
                        new, pieces[i], post, at_home, news_kind, news_weight, p, f, b, t, q
                    )
                    heard[i] |= new
                    spreading[i] |= new
                    heard_new[i] = 0
                if friends_gone[i] > 0:
                    b -= p.belief_of_friend * friends_gone[i] / max(4, n_contact[i])
                    friends_gone[i] = 0
                b = bound(b - p.belief_of_departures * company_left[company])
                if infiltration[spot] > 0.0 and control[spot] != status.GOVERNMENT:
                    q = jump(q, p.mole_step * infiltration[spot])
                # E3, E4: fear
                hush = 1.0 - p.monitoring_silence * infiltration[spot]
                f = contagion(
                    f,
                    perceived_fear(
                        squad_mean, company_mean,
                        phone_fear[i] / (LEVELS * max(1, phone_weight[i])),
                        kin_fear[i] / (LEVELS * max(1, kin_weight[i])),
                        p.weight_squad * (1.0 - p.suspicion_isolates * q), p.weight_company,
                        p.weight_phone * hush if phone_weight[i] > 0 else 0.0,
                        p.weight_kin if kin_weight[i] > 0 else 0.0,
                    ),
                    uptake[i], p.amplification, p.upward_bias,
                )
                f = relax(f, fear_baseline[i], p.fade_fear)
                if on_duty and in_contact and u3 < chance_fire[post]:
                    f = shock(f, p.shock_combat)
                if company_relief[company] != 0:
                    f *= 1.0 - p.relief_by_reinforcement
                # E12: resolve
                r0 = resolve_start[i]
                r = advance_resolve(
                    resolve[i], r0, max(0.0, trust_start - t), p.resolve_of_trust, p.fade_resolve,
                    worn if on_duty else 0.0,
                )
                # E7: family
                v = threat(a, y, p.reach[control[at_home]], family[i], p.reach_moved)
                if v > LEAST_THREAT and means[i] and family[i] == status.FAMILY_HOME:
                    m0, m1, _, _ = block(key0, key1, i, step, SHOCK, 15)
                    ready = p.moving_on_leave if now == status.LEAVE else DUTY_MOVES
                    if m0 < (p.moving_rate * ready + moving_help[at_home]) * v * dt:
                        family[i] = status.FAMILY_MOVED
                        v = threat(a, y, p.reach[control[at_home]], family[i], p.reach_moved)
                        if control[at_home] != status.GOVERNMENT and m1 < p.house_taken:
                            harmed = True
                # E13: pressure
                probability = logistic_by_table(b)
                terms[status.TERM_FEAR] = p.weight_fear * f
                terms[status.TERM_FAMILY] = p.weight_family * v
                terms[status.TERM_BELIEF] = 2.0 * p.weight_belief * (belief_rest - probability)
                terms[status.TERM_TRUST] = p.weight_trust * (p.trust_whole - t)
                terms[status.TERM_COMRADES] = peers
                terms[status.TERM_SUSPICION] = p.weight_suspicion * q
                terms[status.TERM_ORDER] = p.weight_order * order_push(
                    company_order[company], company_stand[company], company_call_up[company], f, t
                )
                terms[status.TERM_RESOLVE] = p.weight_resolve * (p.resolve_start - r)
                terms[status.TERM_SAFETY] = p.weight_leaving_safety * (
                    2.0 * leaving_safety[post] - 1.0 - encirclement[post] * intensity[post]
                )
                terms[status.TERM_CROSS] = cross_pressure(p.cross_pressure, r, t, v)
                leg = legitimacy[group[i]]
                deterrence = punishment(
                    p.weight_punishment, leg, place_gone[post], p.punishment_capacity,
                    1.0 if control[spot] != status.ADVERSARY else 0.0,
                )
                base = -commitment[i] - deterrence - (p.home_defence * defends[group[i], post])
                if not on_duty:
                    terms[status.TERM_COMRADES] = 0.0
                    terms[status.TERM_SAFETY] = 0.0
                    base += p.leave_pull
                pressure = base
                for k in range(status.N_TERM - 1):
                    pressure += terms[k]
                terms[status.TERM_BASE] = 0.0
                waver = pressure > p.wavering_pressure
                # decisions by ordered thresholds on one uniform
                after = now
                killed = chance_killed[post] if on_duty else 0.0
                if harmed:
                    h0, _, _, _ = block(key0, key1, i, step, SHOCK, 14)
                    harmed_list[n_harmed[0]] = i
                    n_harmed[0] += 1
                    a = jump(a, p.credibility_gain)
                    y = jump(y, p.perceived_by_harm)
                    f = shock(f, p.shock_harm)
                    if h0 < p.harm_killed_share and not on_duty:
                        after = status.DEAD
                if after == status.DEAD:
                    pass
                elif on_duty and routed:
                    after = rout_exit(
                        p, key0, key1, i, step, exposed_now, control[at_home], family[i], v, a * y,
                        support[at_home], q, r, means[i], at_home != post, encirclement[post],
                        intensity[post], night,
                    )
                elif u0 < killed:
                    after = status.CAPTURED if u0 < killed * p.captured_share else status.DEAD
                elif u0 < killed + p_most:
                    p_leave = leaving_probability(pressure, p.rate_max, dt)
                    if u0 < killed + p_leave:
                        after = ordinary_exit(
                            p, key0, key1, i, step, exposed_now, control[at_home], family[i], v,
                            a * y, support[at_home], q, r, means[i], at_home != post,
                            encirclement[post], intensity[post] if on_duty and in_contact else 0.0,
                            night,
                        )
                if after == now:
                    after = rotate(p, now, u0, killed + p_most, in_contact, dissolved, waver,
                                   company_leave_rate[company] * (1.0 - leave_cancelled[post]))
                if after != now:
                    agent_status[i] = after
                    o, k = origin[i], branch[i]
                    count[o, k, now] -= 1
                    count[o, k, after] += 1
                    if after > status.LEAVE and after != status.BACK:
                        departure_step[i] = step
                        if after <= status.DEFECTED:
                            departed[n_departed[0]] = i
                            n_departed[0] += 1
                            departures[o, k, home_kind[i], after - status.HIDING] += 1
                            record_cause(cause, o, k, terms)
                            if r0 > resolve_median[0]:
                                resolute[0] += 1
                        if on_duty:
                            squad_left += 1
                # what others far away come to know
                level = announced_level(f, announced[i])
                if level != announced[i]:
                    changed[n_changed[0]] = i
                    change[n_changed[0]] = level - np.int64(announced[i])
                    n_changed[0] += 1
                    announced[i] = level
                fear[i] = f
                credibility[i] = a
                perceived[i] = y
                suspicion[i] = q
                belief[i] = b
                trust[i] = t
                resolve[i] = r
                if after == status.DUTY:
                    squad_duty += 1
                    weighted += expressiveness[i] * f
                    weight += expressiveness[i]
                    sum_effort += np.sqrt(r) * (1.0 - f)
                    sum_trust += t
                    sum_fear += f
                    sum_belief += probability
                    if waver:
                        n_waver += 1
            size = squad_start[squad + 1] - squad_start[squad]
            squad_gone[squad] = remember(gone, squad_left, size, p.fade_memory)
            if weight > 0.0:
                squad_fear[squad] = weighted / weight
            weighted_all += weighted
            weight_all += weight
            n_duty += squad_duty
            n_left += squad_left
        size = company_start[company + 1] - company_start[company]
        company_gone[company] = remember(gone_here, n_left, size, p.fade_memory)
        company_left[company] = n_left / max(1, size)
        if weight_all > 0.0:
            company_fear[company] = weighted_all / weight_all
        company_duty[company] = n_duty
        company_sums[company, 0] = sum_effort * company_skill[company]
        company_sums[company, 1] = sum_trust
        company_sums[company, 2] = sum_fear
        company_sums[company, 3] = sum_belief
        company_sums[company, 4] = n_waver
    return advanced


@rule
def ordinary_exit(
    p, key0, key1, i, step, exposed, control_home, family, family_threat, credible, support_home,
    suspicion, resolve, means, elsewhere, encirclement, intensity, night,
):
    """Return the status of somebody who leaves: a way out, or shot or captured on the way (E14, M28)."""
    e0, e1, _, _ = block(key0, key1, i, step, EXIT)
    shot = risk_on_the_way(p.flight_risk, encirclement, intensity, p.blend_in, night, p.night_cover)
    caught = risk_on_the_way(p.flight_capture, encirclement, intensity, p.blend_in, night, p.night_cover)
    if e1 < shot:
        return status.DEAD
    if e1 < shot + caught:
        return status.CAPTURED
    return way_out(
        p, e0, exposed, control_home, family, family_threat, credible, support_home, suspicion,
        resolve, means, elsewhere,
    )


@rule
def rout_exit(
    p, key0, key1, i, step, exposed, control_home, family, family_threat, credible, support_home,
    suspicion, resolve, means, elsewhere, encirclement, intensity, night,
):
    """Return the status of somebody still on duty when his place falls without an orderly way out."""
    _, _, e2, _ = block(key0, key1, i, step, EXIT)
    if e2 < p.fall_captured:
        return status.CAPTURED
    return ordinary_exit(
        p, key0, key1, i, step, exposed, control_home, family, family_threat, credible,
        support_home, suspicion, resolve, means, elsewhere, encirclement, intensity, night,
    )


@rule
def rotate(p, now, u, above, in_contact, dissolved, waver, leave_rate):
    """Return the status after the rotation of leave; none goes on leave from a place in contact.

    The same uniform decides, in the interval above every chance of leaving. Somebody due back
    whose unit is gone reports in the rear, unless he wavers: then he keeps away.
    """
    if now == status.DUTY:
        if not in_contact and above <= u < above + leave_rate * p.dt:
            return status.LEAVE
        return now
    if above <= u < above + p.back_from_leave:
        if not dissolved:
            return status.DUTY
        return status.DISPLACED if waver else status.BACK
    return now
