r"""E8: news and rumours, who tells whom, and what hearing does. M01 M02 M03 M04 M05 M15 M36 M40.

A piece of news occupies one of eight slots, a bit in `heard` and in `spreading`. As in Maki and
Thompson (1973) and Daley and Kendall (1965), somebody who spreads it meets a contact of each layer
at the layer's rate; an ignorant contact hears it and spreads it in turn, an informed one makes
the spreader stop with probability :math:`p_s`. A trusted verified channel also stops spreaders,
at rate :math:`\lambda_{corr}`, and some fall silent of themselves at rate :math:`\lambda_f`: with
:math:`p_s=0` and phone contacts in proportion to ties this is SIR on the phone network. Contacts are drawn, not summed: work is in proportion to those who
spread, and order in memory does not matter because hearing only sets bits.

The weight of news for somebody, at most 1, falls with the distance of his post and of his home from it,
:math:`w=\max(w_0, e^{-d_{post}/s}, w_h e^{-d_{home}/s})`.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.belief import discount
from standfast.kernels.draws import HEAR, SHOCK, block, fill_listed
from standfast.kernels.fear import shock
from standfast.kernels.mathematics import chance, exp

PHONE, SQUAD, KIN, PUBLIC = range(4)
N_KIND = 5
TOGETHER = 64  # spreaders whose draws are made together, as vector instructions
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
    agent_status, phone, key0, key1, step, piece, heard_new,
):
    """Tell a piece of news to a share of the people at each place, and to whole battalions.

    Parameters
    ----------
    share : (n_place,) float64
        Share of those posted at a place who learn it at once [1].
    battalion_told : (n_battalion,) bool
        Battalions all of whom learn it.
    piece : int
        Number of the piece of news, from `piece_number`.

    Returns
    -------
    int
        How many were told.
    """
    bit = np.uint8(1 << slot)
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
            u, _, _, _ = block(key0, key1, i, step, SHOCK, SEEDS + piece)
            if u < chance_here:
                heard_new[i] |= bit
                told += 1
    return told


@rule
def contacts(rate, dt, u):
    """Return a whole number of contacts in a step with mean rate * dt, at most 4."""
    mean = min(rate * dt, 4.0)
    whole = int(mean)
    return whole + (1 if u < mean - whole else 0)


@rule
def tell(neighbour, bit, heard, heard_new):
    """Meet somebody: tell the ignorant; return whether he knew already."""
    if heard[neighbour] & bit:
        return True
    heard_new[neighbour] |= bit
    return False


@kernel
def spread_news(
    behaviour, step, key0, key1, agent_status, squad, squad_start, squad_battalion, battalion_place,
    phone_indptr, phone_indices, phone_activity, kin_indptr, kin_indices, place_start, place_agents,
    infiltration, public_factor, verified, news_kind, news_place, trust, belief, heard, heard_new, spreading,
):
    """Let everybody who spreads news meet contacts in each layer.

    Parameters
    ----------
    phone_activity : (n_agent,) float32
        Factor on the rate of phone contacts, by the number of contacts.
    verified : (n_place,) float64
        Strength of the verified channel at the place [1].
    heard : (n_agent,) uint8
        Snapshot of who knew at the start of the step; read only.
    heard_new, spreading : (n_agent,) uint8
        *Overwritten*: who hears in this step; who still spreads.

    Returns
    -------
    int
        How many meetings took place.
    """
    few = np.empty(TOGETHER, dtype=np.int64)
    lists = np.empty((2, 4 * status.N_SLOT * TOGETHER), dtype=np.int64)
    words = np.empty((4, 4 * status.N_SLOT * TOGETHER))
    met, n_few = 0, 0
    for i in range(index(spreading.size + 1)):
        if i < spreading.size:
            if spreading[i] == 0:
                continue
            few[n_few] = i
            n_few += 1
        if n_few == TOGETHER or i == spreading.size:
            n = list_meetings(few, n_few, agent_status, spreading, news_kind, news_place, lists[0], lists[1])
            fill_listed(words[0], words[1], words[2], words[3], lists[0], lists[1], n, key0, key1, step, HEAR)
            met += meet_contacts(
                behaviour, few, n_few, words, agent_status, squad, squad_start, squad_battalion,
                battalion_place, phone_indptr, phone_indices, phone_activity, kin_indptr, kin_indices,
                place_start, place_agents, infiltration, public_factor, verified, trust, belief, heard,
                heard_new, spreading,
            )
            n_few = 0
    return met


@rule
def list_meetings(few, n_few, agent_status, spreading, news_kind, news_place, who, partners):
    """List the draws that some spreaders need: for each piece of news, one by layer; return how many.

    Whoever is dead or taken spreads no more.
    """
    n = 0
    for m in range(n_few):
        i = few[m]
        if agent_status[i] >= status.DEAD and agent_status[i] != status.BACK:
            spreading[i] = 0
        for slot in range(status.N_SLOT):
            if not spreading[i] & np.uint8(1 << slot):
                continue
            piece = 4 * piece_number(news_kind[slot], news_place[slot])
            for layer in range(4):
                who[n] = i
                partners[n] = piece + layer
                n += 1
    return n


@rule
def meet_contacts(
    behaviour, few, n_few, words, agent_status, squad, squad_start, squad_battalion, battalion_place,
    phone_indptr, phone_indices, phone_activity, kin_indptr, kin_indices, place_start, place_agents,
    infiltration, public_factor, verified, trust, belief, heard, heard_new, spreading,
):
    """Let some spreaders meet contacts, with the draws `list_meetings` listed; return how many they met."""
    p = behaviour[0]
    stop_chance = chance(p.correction_rate * p.dt)
    forget = chance(p.forget_rate * p.dt)
    met, drawn = 0, 0
    for m in range(n_few):
        i = few[m]
        here = battalion_place[squad_battalion[squad[i]]]
        hush = 1.0 - p.monitoring_silence * infiltration[here]
        for slot in range(status.N_SLOT):
            bit = np.uint8(1 << slot)
            if not spreading[i] & bit:
                continue
            stop = False
            for layer in range(4):
                u0, u1, u2, u3 = words[0, drawn], words[1, drawn], words[2, drawn], words[3, drawn]
                drawn += 1
                if layer == PHONE and trust[i] > 0.5 and u3 < stop_chance * verified[here]:
                    stop = True
                    belief[i] += p.reassurance_by_correction
                elif layer == SQUAD and u3 < forget:
                    stop = True
                if layer == PHONE:
                    first, last = phone_indptr[i], phone_indptr[i + 1]
                    rate = p.phone_contact_rate * phone_activity[i] * hush
                elif layer == SQUAD:
                    first, last = squad_start[squad[i]], squad_start[squad[i] + 1]
                    rate = p.squad_contact_rate if agent_status[i] == status.DUTY else 0.0
                elif layer == KIN:
                    first, last = kin_indptr[i], kin_indptr[i + 1]
                    rate = p.kin_contact_rate
                else:
                    first, last = place_start[here], place_start[here + 1]
                    rate = p.public_contact_rate * public_factor[here]
                if last <= first:
                    continue
                for n in range(contacts(rate, p.dt, u0)):
                    # further picks of the same block are shifted by fixed irrational parts
                    pick = u1 + n * 0.6180339887498949
                    pick -= int(pick)
                    at = first + int(pick * (last - first))
                    if layer == PHONE:
                        j = phone_indices[at]
                    elif layer == SQUAD:
                        j = at
                    elif layer == KIN:
                        j = kin_indices[at]
                    else:
                        j = place_agents[at]
                    met += 1
                    knew = tell(j, bit, heard, heard_new) if j != i else False
                    turn = u2 + n * 0.7548776662466927
                    if knew and turn - int(turn) < p.stifle_probability:
                        stop = True
            if stop:
                spreading[i] &= np.uint8(255 ^ (1 << slot))
    return met


@rule
def hear(
    new, pieces, post, home, news_kind, news_weight, verified, p, fear, belief, trust, suspicion,
):
    """Return fear, belief, trust, suspicion, count of pieces, and the bits passed on, after news.

    `new` holds the bits heard in this step; each piece counts by its weight for this post and
    home and by the pieces heard before. What has no weight for somebody he does not pass on.
    A verified channel at the post takes weight from alarms and rumours, as far as it is trusted.
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
