r"""E11, E17, E24: calls for help and their answers; commanders who leave. M13 M14 M15 M16.

A company in contact that perceives a ratio of strength :math:`2bD/P<\varphi_{call}` calls for help
at a constant rate. Headquarters answers with a free reserve battalion with some probability,
times :math:`\varphi_{call}/(D_{paper}/P)` where the names on the list alone would be no reason
to call (E24). If it does not, and none is on its way already, the call is refused outright ('you are on your own') or waits until patience, exponentially
distributed, is over. Refusal and silence break trust: in the company in full, in the battalion by
a half, in the place by word of mouth. A reserve sets out after a log-normal delay and travels by
road. Battalion commanders who perceive a ratio under :math:`\varphi_{cmd}` leave at rate
:math:`\lambda_{cmd}(1-R_{cmd})`; a unit without commanders calls no more.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import kernel, rule
from standfast.kernels.combat import request_news
from standfast.kernels.draws import CALL, COMMAND, block
from standfast.kernels.exposure import append
from standfast.kernels.mathematics import chance, exp, log, normal_quantile

NO_CALL = -1.0


@rule
def perceived_ratio(defence, attack, mean_belief):
    """Return the ratio of own to enemy strength as the unit sees it: hope enlarges it."""
    if attack <= 0.0:
        return 1e9
    return defence / attack * 2.0 * mean_belief


@rule
def find_reserve(place, battalion_reserve, battalion_place, battalion_eta, control):
    """Return the first reserve battalion that is free and not already at the place, or -1."""
    for b in range(battalion_reserve.size):
        if battalion_reserve[b] and battalion_eta[b] < 0.0 and battalion_place[b] != place:
            if control[battalion_place[b]] == status.GOVERNMENT:
                return b
    return -1


@rule
def headquarters_believes(call_ratio, listed_ratio):
    """Return how far headquarters takes a call seriously: it counts names on the list (E24).

    Where the listed strength alone would be no reason to call, it is in proportion.
    """
    return min(1.0, call_ratio / listed_ratio) if listed_ratio > 0.0 else 1.0


@rule
def is_coming(place, battalion_eta, battalion_target):
    """Return whether reinforcement is already on its way: it answers every call from the place."""
    for b in range(battalion_eta.size):
        if battalion_eta[b] >= 0.0 and battalion_target[b] == place:
            return True
    return False


@kernel
def advance_calls(
    behaviour, step, key0, key1, hour, company_battalion, battalion_place, battalion_hq, company_duty,
    company_sums, contact, defence, attack, paper_factor, answer, call_delay, travel_hours, battalion_reserve,
    battalion_eta, battalion_target, control, company_call, company_trust_hit, company_belief_shift,
    company_order, battalion_hit, place_hit, calls_open, calls_answered, calls_unanswered, log_lines, n_log,
):
    """Open, answer, refuse and expire calls for help.

    Parameters
    ----------
    paper_factor : (n_place,) float64
        Strength on paper over strength present at the start, 1 with M16 off (E24).
    answer, call_delay : (n_place,) float64
        Chance that a call from the place is answered [1]; median delay of the reserve [h].
    company_call : (n_company,) float64
        *Overwritten*: hour at which patience ends; -1 without a call; below -1 the hour
        (negative) until which it does not call again.
    battalion_hit, place_hit : float64
        *Overwritten*: calls lost in this step, by battalion and place.

    Returns
    -------
    int
        How many calls were made in this step.
    """
    p = behaviour[0]
    made = 0
    battalion_hit[:] = 0.0
    place_hit[:] = 0.0
    calls_open[:] = 0
    if p.call_ratio <= 0.0:
        return 0
    call_chance = chance(p.call_rate * p.dt)
    for c in range(company_battalion.size):
        b = company_battalion[c]
        place = battalion_place[b]
        lost = -1.0
        if company_call[c] >= 0.0:
            if hour >= company_call[c]:
                lost = p.severity_silence
                append(log_lines, n_log, hour, status.LOG_UNANSWERED, place, b, 1.0)
            else:
                calls_open[place] += 1
        elif contact[place] and battalion_hq[b] and company_duty[c] > 0 and hour >= -company_call[c] - 2.0:
            ratio = perceived_ratio(defence[place], attack[place], company_sums[c, 3] / company_duty[c])
            u0, u1, u2, u3 = block(key0, key1, c, step, CALL)
            if ratio < p.call_ratio and u0 < call_chance:
                made += 1
                append(log_lines, n_log, hour, status.LOG_CALL, place, b, ratio)
                reserve = -1
                coming = is_coming(place, battalion_eta, battalion_target)
                listed = defence[place] * paper_factor[place] / attack[place]
                if not coming and u1 < answer[place] * headquarters_believes(p.call_ratio, listed):
                    reserve = find_reserve(place, battalion_reserve, battalion_place, battalion_eta, control)
                if reserve >= 0:
                    delay = call_delay[place] * exp(p.dispatch_spread * normal_quantile(u3))
                    battalion_eta[reserve] = hour + delay + travel_hours[battalion_place[reserve], place]
                    battalion_target[reserve] = place
                    calls_answered[place] += 1
                    company_call[c] = -(hour + p.call_patience) - 2.0
                    append(log_lines, n_log, hour, status.LOG_ANSWERED, place, reserve, battalion_eta[reserve] - hour)
                elif coming:
                    calls_answered[place] += 1
                    company_call[c] = -(hour + p.call_patience) - 2.0
                elif u2 < p.refusal_probability:
                    lost = p.severity_refusal
                    company_order[c] += p.order_by_refusal
                    append(log_lines, n_log, hour, status.LOG_REFUSED, place, b, 1.0)
                else:
                    company_call[c] = hour - p.call_patience * log(u3)
                    calls_open[place] += 1
        if lost >= 0.0:
            company_call[c] = -(hour + p.call_patience) - 2.0
            calls_unanswered[place] += 1
            company_trust_hit[c] += lost
            company_belief_shift[c] -= p.belief_of_call_unanswered * lost
            battalion_hit[b] += lost
            place_hit[place] += lost
    return made


@kernel
def spread_disappointment(
    behaviour, company_battalion, battalion_place, battalion_company_start, place_companies,
    battalion_hit, place_hit, company_trust_hit,
):
    """Pass calls lost on to the battalion and, by word of mouth, to the place (E10)."""
    p = behaviour[0]
    touched = 0
    for c in range(company_battalion.size):
        b = company_battalion[c]
        place = battalion_place[b]
        if place_hit[place] <= 0.0:
            continue
        in_battalion = battalion_company_start[b + 1] - battalion_company_start[b]
        share = battalion_hit[b] / max(1, in_battalion)
        spill = p.spill_battalion * share + p.spill_place * place_hit[place] / max(1.0, place_companies[place])
        company_trust_hit[c] = min(1.0, company_trust_hit[c] + spill)
        touched += 1
    return touched


@kernel
def advance_reserves(
    behaviour, hour, battalion_place, battalion_eta, battalion_target, control,
    company_relief, company_trust_gain, company_belief_shift, company_battalion, log_lines, n_log,
):
    """Let battalions arrive where they were sent; those who see them take heart (M13)."""
    p = behaviour[0]
    arrived = 0
    for b in range(battalion_eta.size):
        if battalion_eta[b] < 0.0 or hour < battalion_eta[b]:
            continue
        place = battalion_target[b]
        battalion_eta[b] = -1.0
        if control[place] == status.ADVERSARY:
            continue
        battalion_place[b] = place
        arrived += 1
        append(log_lines, n_log, hour, status.LOG_REINFORCED, place, b, 1.0)
        for c in range(company_battalion.size):
            if battalion_place[company_battalion[c]] == place:
                company_relief[c] = 1
                company_trust_gain[c] = 1.0
                company_belief_shift[c] += p.belief_of_reinforcement
    return arrived


@kernel
def commanders_may_leave(
    behaviour, step, key0, key1, hour, battalion_place, battalion_hq, battalion_duty, battalion_sums,
    battalion_company_start, contact, defence, attack, leaders_kept, battalion_told, company_order, queue,
    n_queue, log_lines, n_log,
):
    """Let battalion commanders under an assault they expect to lose leave their troops (M15).

    `leaders_kept` is the share of commanders at each place whom the command keeps there.
    """
    p = behaviour[0]
    gone = 0
    if p.flight_rate <= 0.0:
        return 0
    for b in range(battalion_hq.size):
        place = battalion_place[b]
        if not battalion_hq[b] or not contact[place] or battalion_duty[b] == 0:
            continue
        ratio = perceived_ratio(defence[place], attack[place], battalion_sums[b, 3] / battalion_duty[b])
        if ratio >= p.flight_ratio:
            continue
        u0, u1, _, _ = block(key0, key1, b, step, COMMAND)
        rate = p.flight_rate * (1.0 - p.commander_resolve) * (1.0 - leaders_kept[place])
        if u0 < chance(rate * p.dt):
            gone += 1
            leave_without_command(p, b, battalion_hq, battalion_told, battalion_company_start, company_order)
            request_news(queue, n_queue, status.FLIGHT, place)
            append(log_lines, n_log, hour, status.LOG_COMMANDERS, place, b, 1.0)
    return gone


@rule
def leave_without_command(p, b, battalion_hq, battalion_told, battalion_company_start, company_order):
    """Mark a battalion as without commanders: no orders work like an order."""
    battalion_hq[b] = 0
    battalion_told[b] = True
    for c in range(battalion_company_start[b], battalion_company_start[b + 1]):
        company_order[c] += p.order_by_flight


@kernel
def fade_pulses(
    behaviour, company_order, company_stand, company_call_up, company_trust_hit, company_trust_gain,
    company_belief_shift, company_relief,
):
    """Fade the push of orders, and end the pulses of a step once agents have felt them."""
    fade = behaviour[0].fade_order
    for c in range(company_order.size):
        company_order[c] *= fade
        company_stand[c] *= fade
        company_call_up[c] *= fade
        company_trust_hit[c] = 0.0
        company_trust_gain[c] = 0.0
        company_belief_shift[c] = 0.0
        company_relief[c] = 0
    return company_order.size
