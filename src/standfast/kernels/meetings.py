r"""E8: who tells whom. M01 M02 M03 M04 M05 M40.

As in Maki and Thompson (1973) and Daley and Kendall (1965), somebody who spreads a piece of news
meets a contact of each layer at the layer's rate; an ignorant contact hears it and spreads it in
turn, an informed one makes the spreader stop with probability :math:`p_s`. A trusted verified
channel also stops spreaders, at rate :math:`\lambda_{corr}`, and some fall silent of themselves at
rate :math:`\lambda_f`: with :math:`p_s=0` and phone contacts in proportion to ties this is SIR on
the phone network. Contacts are drawn, not summed: work is in proportion to those who spread, and
order in memory does not matter because hearing only sets bits.

Spreaders are taken some at a time, and each stage goes over all of them: the places in memory that
meetings lead to do not depend on one another, so that the processor waits for many at once.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.draws import HEAR, fill_listed
from standfast.kernels.information import piece_number
from standfast.kernels.marks import ANY, list_marked
from standfast.kernels.mathematics import chance

PHONE, SQUAD, KIN, PUBLIC = range(4)
OF, SLOT, STOPPED = range(3)  # of a piece: which of the few spreads it, its slot, whether he is silenced
TOGETHER = 256  # spreaders taken at a time at most
MOST = 4  # contacts in a layer and step


@rule
def contacts(rate, dt, u):
    """Return a whole number of contacts in a step with mean rate * dt, at most 4."""
    mean = min(rate * dt, float(MOST))
    whole = int(mean)
    return whole + (1 if u < mean - whole else 0)


@kernel
def spread_news(
    behaviour, step, key0, key1, agent_status, squad, squad_start, squad_battalion, battalion_place,
    phone_indptr, phone_indices, phone_activity, kin_indptr, kin_indices, place_start, run_start, run_shift,
    infiltration, public_factor, verified, news_kind, news_place, trust, belief, heard, heard_new, spreading,
):
    """Let everybody who spreads news meet contacts in each layer.

    Parameters
    ----------
    phone_activity : (most + 1,) float32
        Factor on the rate of phone contacts, by their number.
    place_start : (n_place + 1,) int32; run_start, run_shift : int32
        The people of a place by number, in runs of consecutive agents: see `agent_of`.
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
    # four arrays for all that is known of some spreaders, their pieces, draws and meetings
    spreaders = np.empty((14, TOGETHER), dtype=np.int64)
    few, first, last, posts = spreaders[0], spreaders[1:5], spreaders[5:9], spreaders[9]
    rate = spreaders[10:].view(np.float64)
    pieces = np.empty((3, status.N_SLOT * TOGETHER), dtype=np.int64)
    n_draw, n_meeting = 4 * status.N_SLOT * TOGETHER, 4 * MOST * status.N_SLOT * TOGETHER
    meetings = np.empty((3, n_meeting), dtype=np.int64)
    lists = meetings[:2]  # what names a draw is not needed any more when meetings are listed
    words, turns = np.empty((4, n_draw)), meetings[2].view(np.float64)
    n_layer, n_slot = layers_in_use(behaviour), slots_in_use(news_kind)
    met, at = 0, 0
    while at < spreading.size:
        n_few, at = list_marked(spreading, ANY, at, few, index(0))
        n_piece = list_pieces(
            few, n_few, n_layer, n_slot, agent_status, spreading, news_kind, news_place, pieces, lists
        )
        fill_listed(words[0], words[1], words[2], words[3], lists[0], lists[1], n_layer * n_piece, key0, key1, step, HEAR)
        find_contacts(
            behaviour, few, n_few, n_layer, agent_status, squad, squad_start, squad_battalion, battalion_place,
            phone_indptr, phone_activity, kin_indptr, place_start, infiltration, public_factor, posts, first, last, rate,
        )
        n = list_meetings(
            behaviour, pieces, n_piece, n_layer, words, first, last, rate, phone_indices, kin_indices, run_start, run_shift,
            meetings, turns,
        )
        meet(behaviour, few, pieces, n_piece, meetings, turns, n, heard, heard_new)
        fall_silent(behaviour, few, posts, pieces, n_piece, n_layer, words, verified, trust, belief, spreading)
        met += n
    return met


@rule
def layers_in_use(behaviour):
    """Return in how many layers anybody is met; the first two are always drawn for, to fall silent by."""
    p = behaviour[0]
    if p.public_contact_rate > 0.0:
        return PUBLIC + 1
    return KIN + 1 if p.kin_contact_rate > 0.0 else SQUAD + 1


@rule
def slots_in_use(news_kind):
    """Return up to which slot any holds a piece of news."""
    n_slot = 0
    for slot in range(news_kind.size):
        n_slot = slot + 1 if news_kind[slot] >= 0 else n_slot
    return n_slot


@rule
def list_pieces(few, n_few, n_layer, n_slot, agent_status, spreading, news_kind, news_place, pieces, lists):
    """List each piece that each of some spreads, and its draws, one by layer; return how many.

    `pieces` gets who of the few and which slot; `lists` gets what names a draw. Whoever is dead or
    taken spreads no more.
    """
    n = 0
    for m in range(index(n_few)):
        i = index(few[m])
        if agent_status[i] >= status.DEAD and agent_status[i] != status.BACK:
            spreading[i] = 0
        for slot in range(n_slot):
            if not spreading[i] & np.uint8(1 << slot):
                continue
            piece = 4 * piece_number(news_kind[slot], news_place[slot])
            pieces[OF, n], pieces[SLOT, n] = m, slot
            for layer in range(n_layer):
                lists[0, n_layer * n + layer] = i
                lists[1, n_layer * n + layer] = piece + layer
            n += 1
    return n


@rule
def find_contacts(
    behaviour, few, n_few, n_layer, agent_status, squad, squad_start, squad_battalion, battalion_place, phone_indptr,
    phone_activity, kin_indptr, place_start, infiltration, public_factor, posts, first, last, rate,
):
    """Find where each of some serves, where his contacts are listed, by layer, and how often he meets them."""
    p = behaviour[0]
    for m in range(index(n_few)):
        i = index(few[m])
        unit = index(squad[i])
        here = index(battalion_place[index(squad_battalion[unit])])
        posts[m] = here
        hush = 1.0 - p.monitoring_silence * infiltration[here]
        first[PHONE, m], last[PHONE, m] = phone_indptr[i], phone_indptr[i + index(1)]
        first[SQUAD, m], last[SQUAD, m] = squad_start[unit], squad_start[unit + index(1)]
        rate[PHONE, m] = p.phone_contact_rate * phone_activity[index(last[PHONE, m] - first[PHONE, m])] * hush
        rate[SQUAD, m] = p.squad_contact_rate if agent_status[i] == status.DUTY else 0.0
        if n_layer > KIN:
            first[KIN, m], last[KIN, m] = kin_indptr[i], kin_indptr[i + index(1)]
            rate[KIN, m] = p.kin_contact_rate
        if n_layer > PUBLIC:
            first[PUBLIC, m], last[PUBLIC, m] = place_start[here], place_start[here + 1]
            rate[PUBLIC, m] = p.public_contact_rate * public_factor[here]


@rule
def list_meetings(
    behaviour, pieces, n_piece, n_layer, words, first, last, rate, phone_indices, kin_indices, run_start, run_shift, meetings,
    turns,
):
    """List who is met about which piece, and the draw of whether an informed one silences the teller."""
    dt = behaviour[0].dt
    n = index(0)
    for layer in range(n_layer):
        if layer == SQUAD and behaviour[0].squad_contact_rate == 0.0:
            continue  # drawn for to fall silent by, and nobody is met
        begun = n
        for e in range(index(n_piece)):
            m, draw = index(pieces[OF, e]), index(n_layer) * e + index(layer)
            start, size = first[layer, m], last[layer, m] - first[layer, m]
            many = contacts(rate[layer, m], dt, words[0, draw]) if size > 0 else 0
            # written in any case, and counted where somebody is met: no branch that nothing foretells
            meetings[0, n] = start + int(words[1, draw] * size)
            meetings[1, n], turns[n] = e, words[2, draw]
            n += index(1 if many > 0 else 0)
            for further in range(1, many):
                # further picks of the same block are shifted by fixed irrational parts
                pick = words[1, draw] + further * 0.6180339887498949
                turn = words[2, draw] + further * 0.7548776662466927
                meetings[0, n] = start + int((pick - int(pick)) * size)
                meetings[1, n], turns[n] = e, turn - int(turn)
                n += index(1)
        if layer == PHONE:
            for x in range(begun, n):
                meetings[0, x] = phone_indices[index(meetings[0, x])]
        elif layer == KIN:
            for x in range(begun, n):
                meetings[0, x] = kin_indices[index(meetings[0, x])]
        elif layer == PUBLIC:
            for x in range(begun, n):
                meetings[0, x] = agent_of(meetings[0, x], run_start, run_shift)
    return n


@rule
def agent_of(number, run_start, run_shift):
    """Return the agent of a number among the people by place: that plus the shift of the run that holds it."""
    low, high = 0, run_shift.size
    while high - low > 1:
        middle = (low + high) // 2
        if run_start[middle] <= number:
            low = middle
        else:
            high = middle
    return number + run_shift[low]


@rule
def meet(behaviour, few, pieces, n_piece, meetings, turns, n, heard, heard_new):
    """Tell the ignorant, and mark the pieces whose tellers met somebody informed who silences them."""
    silences = behaviour[0].stifle_probability
    for e in range(index(n_piece)):
        pieces[STOPPED, e] = 0
    for x in range(n):
        j, e = index(meetings[0, x]), index(meetings[1, x])
        bit = np.uint8(1 << pieces[SLOT, e])
        other = meetings[0, x] != few[index(pieces[OF, e])]
        knew = heard[j] & bit != 0
        heard_new[j] |= bit if other and not knew else np.uint8(0)
        pieces[STOPPED, e] |= 1 if other and knew and turns[x] < silences else 0


@rule
def fall_silent(behaviour, few, posts, pieces, n_piece, n_layer, words, verified, trust, belief, spreading):
    """Let those stop who were silenced, were corrected by a channel they trust, or fall silent."""
    p = behaviour[0]
    corrected = chance(p.correction_rate * p.dt)
    forget = chance(p.forget_rate * p.dt)
    for e in range(index(n_piece)):
        m = index(pieces[OF, e])
        i, here = index(few[m]), index(posts[m])
        stop = pieces[STOPPED, e] != 0 or words[3, index(n_layer) * e + index(SQUAD)] < forget
        corrects = corrected * verified[here]
        if corrects > 0.0 and trust[i] > 0.5 and words[3, index(n_layer) * e + index(PHONE)] < corrects:
            stop = True
            belief[i] += p.reassurance_by_correction
        if stop:
            spreading[i] &= np.uint8(255 ^ (1 << pieces[SLOT, e]))
