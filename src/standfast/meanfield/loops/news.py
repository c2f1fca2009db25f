"""What hearing a piece of news does, and how the ignorant come to be among those who know (E8, E9)."""

from __future__ import annotations

import numpy as np

from standfast.kernels._jit import inlined, kernel
from standfast.meanfield.loops.codes import (
    AWARE,
    UNAWARE,
    recount,
    towards,
)
from standfast.meanfield.loops.spreading import UNHEARD

#: columns of what a piece of full weight does, and of the weight lost by a verified channel and by doubting threats
BELIEF, FEAR, TRUST, SUSPICION, VERIFIABLE, DOUBT = 0, 1, 2, 3, 4, 5


@inlined
def fill_chances(heard, knows, unheard, learns, is_heard):
    """Fill in the chance to learn each piece: of the unaware who come to hear anything, and of the aware.

    Parameters
    ----------
    learns : (class, slot, n_cell) float64
        *Overwritten*.
    is_heard : (class, slot) bool
        *Overwritten*: pieces that anybody at all learns.
    """
    is_heard[:] = False
    for i in range(heard.shape[1]):
        nothing = 1.0
        for slot in range(heard.shape[0]):
            nothing *= 1.0 - heard[slot, i]
        unheard[i] = nothing
        for slot in range(heard.shape[0]):
            chance = heard[slot, i]
            learns[UNAWARE, slot, i] = chance / (1.0 - nothing) if nothing < 1.0 else 0.0
            learns[AWARE, slot, i] = chance * (1.0 - knows[slot, i])
            for group in range(2):
                is_heard[group, slot] |= learns[group, slot, i] >= UNHEARD


@inlined
def take_in(
    p, i, group, verified, effect, is_heard, learns, weight,
    discount, credibility, belief, trust, suspicion, found,
):
    """Fill in what one feels after hearing; pieces act in turn, each counting less than the last.

    Parameters
    ----------
    effect : (slot, 6) float64
        What a piece of full weight does, and what takes weight from it.
    is_heard, learns : (class, slot) bool, (class, slot, n_cell) float64
        Pieces that anybody at all learns; chance to.
    found : (5,) float64
        *Overwritten*: belief, the calm that is left, trust, suspicion, and the discount of further news.
    """
    left = discount[i] if group == AWARE else 1.0
    calm = 1.0
    believes, trusts, suspects = belief[group, i], trust[group, i], suspicion[group, i]
    for slot in range(weight.shape[0]):
        if not is_heard[group, slot]:
            continue
        chance = learns[group, slot, i]
        hit = chance * weight[slot, i] * left
        hit *= 1.0 - effect[slot, VERIFIABLE] * verified * trusts
        hit *= 1.0 - effect[slot, DOUBT] * (1.0 - credibility[i])
        wary = 1.0 + p.suspicion_isolates * suspects
        believes -= effect[slot, BELIEF] * hit * wary
        calm *= 1.0 - effect[slot, FEAR] * hit
        trusts *= 1.0 - effect[slot, TRUST] * hit
        suspects += (1.0 - suspects) * effect[slot, SUSPICION] * hit
        left *= 1.0 - (1.0 - p.copy_discount) * chance
    found[BELIEF], found[FEAR], found[TRUST], found[SUSPICION] = believes, calm, trusts, suspects
    found[4] = left


@inlined
def join_the_aware(
    i, leaving, of_unaware, of_aware, openness, count, serving,
    belief, trust, suspicion, discount, fear, noise, base, alike,
):
    """Let those who become aware join the others of their cell, and average what is felt.

    Parameters
    ----------
    of_unaware, of_aware : (5,) float64
        What each feels after hearing.
    """
    moved = serving[UNAWARE, i] * leaving
    total = moved + serving[AWARE, i]
    part = moved / total if total > 0.0 else 1.0
    # where nobody is, the feelings of the unaware are kept as those of the first to come
    nobody = serving[AWARE, i] <= 0.0 and leaving <= 0.0
    if nobody:
        part = 1.0
    belief[AWARE, i] = towards(of_aware[BELIEF], of_unaware[BELIEF], part)
    trust[AWARE, i] = towards(of_aware[TRUST], of_unaware[TRUST], part)
    suspicion[AWARE, i] = towards(of_aware[SUSPICION], of_unaware[SUSPICION], part)
    discount[i] = towards(of_aware[4], of_unaware[4], part)
    base[AWARE, i] = towards(base[AWARE, i], base[UNAWARE, i], part)
    for status in range(2):
        moved = count[status, UNAWARE, i] * leaving
        total = moved + count[status, AWARE, i]
        part = moved / total if total > 0.0 and not nobody else 1.0
        spread = 0.0
        for node in range(openness.size):
            new = 1.0 - (1.0 - fear[status, UNAWARE, node, i]) * of_unaware[FEAR]
            old = 1.0 - (1.0 - fear[status, AWARE, node, i]) * of_aware[FEAR]
            spread += openness[node] * (new - old)
            fear[status, AWARE, node, i] = towards(old, new, part)
        mixed = towards(noise[status, AWARE, i], noise[status, UNAWARE, i], part)
        noise[status, AWARE, i] = mixed + part * (1.0 - part) * spread * spread
        mixed = towards(alike[status, AWARE, i], alike[status, UNAWARE, i], part)
        alike[status, AWARE, i] = mixed


@kernel
def hear(
    numbers, post, formation, openness, verified, effect, heard, weight,
    mass, count, serving, all_serving, knows, spreads, discount,
    fear, noise, base, alike, credibility, belief, trust, suspicion,
    moved,
):
    """Let those who serve take in the news: the unaware become aware, the aware learn more.

    Parameters
    ----------
    heard, weight : (slot, n_cell) float64
        Chance that somebody ignorant of it hears a piece, and what it weighs for him.
    mass, count, ..., suspicion : (..., n_cell) float64
        *Changed*.
    moved : (3, n_formation) float64
        *Overwritten*: who became aware, who was unaware and who was aware.
    """
    p = numbers[0]
    n_slot = heard.shape[0]
    unheard, learns = np.empty(post.size), np.empty((2, n_slot, post.size))
    is_heard = np.empty((2, n_slot), dtype=np.bool_)
    fill_chances(heard, knows, unheard, learns, is_heard)
    of_unaware, of_aware = np.empty(5), np.empty(5)
    moved[:] = 0.0
    for i in range(post.size):
        f, leaving = formation[i], 1.0 - unheard[i]
        take_in(
            p, i, UNAWARE, verified[post[i]], effect, is_heard, learns, weight,
            discount, credibility, belief, trust, suspicion, of_unaware,
        )
        take_in(
            p, i, AWARE, verified[post[i]], effect, is_heard, learns, weight,
            discount, credibility, belief, trust, suspicion, of_aware,
        )
        join_the_aware(
            i, leaving, of_unaware, of_aware, openness, count, serving,
            belief, trust, suspicion, discount, fear, noise, base, alike,
        )
        come = serving[UNAWARE, i] * leaving
        part = come / max(come + serving[AWARE, i], 1e-12)
        for slot in range(n_slot):
            first = learns[UNAWARE, slot, i]
            learned = learns[AWARE, slot, i] if weight[slot, i] > 0.0 else 0.0
            knows[slot, i] = towards(knows[slot, i] + learned, first, part)
            spreads[slot, i] = towards(spreads[slot, i] + learned, first, part)
        moved[0, f] += come
        moved[1, f] += serving[UNAWARE, i]
        moved[2, f] += serving[AWARE, i]
        for status in range(2):
            for kind in range(mass.shape[2]):
                goes = mass[status, UNAWARE, kind, i] * leaving
                mass[status, UNAWARE, kind, i] -= goes
                mass[status, AWARE, kind, i] += goes
        recount(i, mass, count, serving, all_serving)


@kernel
def tell_of_orders(push, moved, order):
    """Let the push of having no commanders act on those who are told, who are aware now.

    Parameters
    ----------
    push : (n_formation,) float64
        Of all battalions of a formation together.
    order : (class, n_formation) float64
        *Changed*.
    """
    for f in range(push.size):
        total, everybody = moved[0, f] + moved[2, f], moved[1, f] + moved[2, f]
        part = moved[0, f] / total if total > 0.0 else 1.0
        among = total / everybody if everybody > 0.0 else 1.0
        order[AWARE, f] += part * (order[UNAWARE, f] - order[AWARE, f])
        order[AWARE, f] += push[f] / max(among, 1e-12)
