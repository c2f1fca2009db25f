r"""E8: news and rumours: where they begin, what they weigh, and what hearing does.

M01 M02 M03 M05 M15 M36.

A piece of news occupies one of eight slots, a bit in `heard` and in `spreading`; who tells whom is
in `standfast.kernels.meetings`. The weight of news for somebody, at most 1, falls with the distance
of his post and of his home from it, :math:`w=\max(w_0, e^{-d_{post}/s}, w_h e^{-d_{home}/s})`. An alarm weighs :math:`1-d(1-A)`
of that: the same words move those who have seen threats carried out.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import kernel, rule
from standfast.kernels.belief import discount
from standfast.kernels.draws import SHOCK, block
from standfast.kernels.fear import shock
from standfast.kernels.mathematics import exp

N_KIND = 5
SEEDS = 64  # partners of SHOCK from here on belong to pieces of news
LEAST_WEIGHT = 0.05  # news that weighs less for somebody does not concern him
NEARBY = 0.2  # news of a flight concerns the place itself: its scale is a fifth of that of a fall


@kernel
def open_news(slot, kind, place, behaviour, distance, news_kind, news_place, news_weight, heard, spreading):
    """Open a slot for a piece of news, forgetting the oldest that held it.

    Parameters
    ----------
    distance : (n_place, n_place) float64
        Great-circle distance [km].
    news_weight : (8, n_place, n_place) float32
        *Overwritten* for the slot: weight by place of post and place of home, at most 1.
    heard, spreading : (n_agent,) uint8
        *Overwritten*: the slot's bit is cleared.
    """
    p = behaviour[0]
    scale = p.distance_scale * (NEARBY if kind == status.FLIGHT else 1.0)
    floor = 0.0 if kind == status.FLIGHT else p.weight_floor
    keep = np.uint8(255 ^ (1 << slot))
    for i in range(heard.size):
        heard[i] &= keep
        spreading[i] &= keep
    news_kind[slot] = kind
    news_place[slot] = place
    for post in range(distance.shape[0]):
        by_post = exp(-distance[post, place] / scale)
        for home in range(distance.shape[0]):
            by_home = p.home_weight * exp(-distance[home, place] / scale)
            news_weight[slot, post, home] = min(1.0, max(floor, by_post, by_home))
    return slot


@rule
def piece_number(kind, place):
    """Return the number that keys the draws about a piece of news.

    Draws belong to what happened and where, so that another piece elsewhere does not shift them.
    """
    return kind + N_KIND * place


@kernel
def seed_news(
    slot, share, needs_phone, battalion_told, company_start, company_battalion, battalion_place,
    agent_status, phone, key0, key1, step, kind, place, heard_new,
):
    """Tell a piece of news to a share of the people at each place, and to whole battalions.

    Parameters
    ----------
    share : (n_place,) float64
        Share of those posted at a place who learn it at once [1].
    battalion_told : (n_battalion,) bool
        Battalions all of whom learn it.
    kind, place : int
        Kind of the news, and the place that it is about.

    Returns
    -------
    int
        How many were told.
    """
    bit = np.uint8(1 << slot)
    partner = SEEDS + piece_number(kind, place)
    told = 0
    for company in range(company_battalion.size):
        battalion = company_battalion[company]
        chance_here = 1.0 if battalion_told[battalion] else share[battalion_place[battalion]]
        if chance_here <= 0.0:
            continue
        for i in range(company_start[company], company_start[company + 1]):
            if agent_status[i] > status.LEAVE and agent_status[i] != status.BACK:
                continue
            if needs_phone and phone[i] == 0:
                continue
            u, _, _, _ = block(key0, key1, i, step, SHOCK, partner)
            if u < chance_here:
                heard_new[i] |= bit
                told += 1
    return told


@rule
def hear(
    new, pieces, post, home, news_kind, news_weight, verified, p, fear, credibility, belief, trust, suspicion,
):
    """Return fear, belief, trust, suspicion, count of pieces, and the bits passed on, after news.

    `new` holds the bits heard in this step; each piece counts by its weight for this post and
    home and by the pieces heard before. What has no weight for somebody he does not pass on.
    A verified channel at the post takes weight from alarms and rumours, as far as it is trusted. An
    alarm is a threat, and weighs less for those who do not find threats credible.
    """
    passed_on = np.uint8(0)
    for slot in range(status.N_SLOT):
        if not new & np.uint8(1 << slot):
            continue
        kind = news_kind[slot]
        weight = news_weight[slot, post, home]
        if weight < LEAST_WEIGHT:
            continue
        passed_on |= np.uint8(1 << slot)
        if kind in (status.ALARM, status.TREACHERY):
            weight *= 1.0 - p.verification * verified * trust
        if kind == status.ALARM:
            weight *= 1.0 - p.alarm_doubt * (1.0 - credibility)
        weight *= discount(p.copy_discount, pieces)
        isolated = 1.0 + p.suspicion_isolates * suspicion
        if kind == status.FALL:
            fear = shock(fear, p.fear_of_fall * weight)
            belief -= p.belief_of_fall * weight * isolated
            trust *= 1.0 - p.trust_loss_fall * weight
        elif kind == status.ALARM:
            fear = shock(fear, p.fear_of_alarm * weight)
            belief -= p.belief_of_alarm * weight * isolated
        elif kind == status.FLIGHT:
            fear = shock(fear, p.fear_of_flight * weight)
            belief -= p.belief_of_flight * weight * isolated
            trust *= 1.0 - p.trust_loss_flight * weight
            suspicion = shock(suspicion, p.suspicion_of_flight * weight)
        elif kind == status.PRISON:
            fear = shock(fear, p.fear_of_prison * weight)
            belief -= p.belief_of_prison * weight * isolated
        else:
            fear = shock(fear, p.fear_of_treachery * weight)
            belief -= p.belief_of_treachery * weight * isolated
            suspicion = shock(suspicion, p.suspicion_of_treachery * weight)
        if pieces < 200:
            pieces += 1
    return fear, belief, trust, suspicion, pieces, passed_on
