r"""Who tells whom: the layers of contacts as pools, and squads as households (E8).

Contacts by phone, of kin and in public stand for the pool they are drawn from: the formation, those of
one's home, the garrison, everybody. Squads are too small for that: news goes round within a squad and
then has nowhere to go. As with households in epidemics (Ball, Mollison and Scalia-Tomba 1997), squads
where somebody knows are told apart: a squad of n is touched with chance :math:`1-(1-p)^n` where p is
somebody's chance to hear from outside, and spreaders meet their mates in touched squads only. For a squad
that is the whole formation all is one pool again.
"""

from __future__ import annotations

import math

import numpy as np

from standfast.kernels._jit import inlined, kernel
from standfast.meanfield.loops.codes import AWARE, DUTY, happens

#: most meetings of a spreader in a step
MOST = 4.0
#: chance to hear, and share who spread, that are none
UNHEARD = 1e-5
#: least trust at which the verified channel is believed
TRUSTED = 0.5
#: of a pool: spreaders, those who know, and spreaders as often as they phone or meet in public
TELL, KNOW, CALL, MEET = 0, 1, 2, 3


@inlined
def goes_round(slot, weight, seeds, told, spreads, gone_spreads):
    """Tell whether anybody can hear a piece of news in this step."""
    for f in range(told.size):
        if told[f] > 0.0:
            return True
    for i in range(seeds.shape[1]):
        if spreads[slot, i] > UNHEARD or gone_spreads[slot, i] > UNHEARD:
            return True
        if seeds[slot, i] > 0.0 and weight[slot, i] > 0.0:
            return True
    return False


@inlined
def unbroken(mean, stop):
    """Return the chance that none of a spreader's meetings stops him: whole ones, and perhaps one more."""
    mean = min(mean, MOST)
    whole = math.floor(mean)
    kept = 1.0 - (mean - whole) * stop
    for _ in range(int(whole)):
        kept *= 1.0 - stop
    return kept


@inlined
def fill_pools(
    p, slot, home, post, formation, size, residents, names, n_people, infiltration, public_factor,
    aware, knows, spreads, gone_knows, gone_spreads, of_home, of_unit, of_post, of_all,
):
    """Sum spreaders and those who know a piece of news over the pools that people meet, a head.

    Parameters
    ----------
    of_home, of_post : (4, n_place) float64
        *Overwritten*: TELL, KNOW and CALL among those who live at a place; KNOW and MEET in its garrison.
    of_unit, of_all : (4, n_formation), (4,) float64
        *Overwritten*: KNOW and CALL in a formation, and among everybody.
    """
    of_home[:] = 0.0
    of_unit[:] = 0.0
    of_post[:] = 0.0
    of_all[:] = 0.0
    for i in range(home.size):
        h, k, f = home[i], post[i], formation[i]
        tell = spreads[slot, i] * aware[i] + gone_spreads[slot, i]
        know = knows[slot, i] * aware[i] + gone_knows[slot, i]
        call = tell * phone_meetings(p, infiltration[k])
        of_home[TELL, h] += tell
        of_home[KNOW, h] += know
        of_home[CALL, h] += call
        of_unit[KNOW, f] += know
        of_unit[CALL, f] += call
        of_post[KNOW, k] += know
        of_post[MEET, k] += tell * public_meetings(p, public_factor[k])
        of_all[KNOW] += know
        of_all[CALL] += call
    for what in range(4):
        of_all[what] /= n_people
        for k in range(residents.size):
            of_home[what, k] /= residents[k]
            of_post[what, k] /= max(names[k], 1.0)
        for f in range(size.size):
            of_unit[what, f] /= size[f]


@inlined
def phone_meetings(p, infiltration):
    """Return how many phone contacts a spreader talks to in a step."""
    return p.phone_contact_rate * p.dt * (1.0 - p.monitoring_silence * infiltration)


@inlined
def public_meetings(p, public_factor):
    """Return how many people of the garrison a spreader meets in public in a step."""
    return p.public_contact_rate * p.dt * public_factor


@inlined
def friends(p, what, h, f, of_home, of_unit, of_all):
    """Return the mean of a pool over somebody's phone contacts."""
    elsewhere = 1.0 - p.phone_unit - p.phone_home
    return (
        p.phone_unit * of_unit[what, f]
        + p.phone_home * of_home[what, h]
        + elsewhere * of_all[what]
    )


@inlined
def meet(
    p, slot, home, post, formation, people, size, squad, told, count,
    spreads, of_home, of_unit, of_post, of_all, heard, touched, known, before,
):
    """Let spreaders of a piece meet contacts.

    Parameters
    ----------
    heard, touched : (slot, n_cell), (slot, n_formation) float64
        *Changed*: chance to hear, which holds that of the first to know; squads where somebody knows.
    known, before : (n_formation,) float64
        *Overwritten*: share who know, and `touched` before this step.
    """
    reached = p.phones if p.phone_mean > 0.0 else 0.0
    kin = p.kin_contact_rate * p.dt if p.kin_mean > 0.0 else 0.0
    mates, missed = np.zeros(size.size), np.zeros(size.size)
    by_kin, in_public = np.empty(of_home.shape[1]), np.empty(of_home.shape[1])
    for k in range(by_kin.size):
        by_kin[k], in_public[k] = happens(kin * of_home[TELL, k]), happens(of_post[MEET, k])
    for i in range(home.size):
        h, k, f = home[i], post[i], formation[i]
        by_phone = reached * happens(friends(p, CALL, h, f, of_home, of_unit, of_all))
        miss = (1.0 - heard[slot, i]) * (1.0 - by_phone) * (1.0 - by_kin[h]) * (1.0 - in_public[k])
        heard[slot, i] = 1.0 - miss
        mates[f] += spreads[slot, i] * count[DUTY, AWARE, i]
        missed[f] += people[i] * miss
    for f in range(size.size):
        known[f] = min(1.0, of_unit[KNOW, f])
        before[f] = min(max(touched[slot, f], known[f]), 1.0)
        among = (before[f] - known[f]) / (1.0 - known[f]) if known[f] < 1.0 else 0.0
        unlike = p.squad_contact_rate * p.dt * (1.0 - 1.0 / squad[f])
        by_mates = among * happens(unlike * mates[f] / size[f] / max(before[f], 1e-12))
        nobody_hears = max(missed[f] / size[f], 0.0) ** squad[f]
        touched[slot, f] = 1.0 - (1.0 - before[f]) * nobody_hears * (1.0 - told[f])
        # from here on the chance not to hear from within
        missed[f] = (1.0 - by_mates) * (1.0 - told[f])
    for i in range(home.size):
        heard[slot, i] = 1.0 - (1.0 - heard[slot, i]) * missed[formation[i]]


@inlined
def fall_silent(
    p, slot, home, post, formation, squad, infiltration, public_factor, verified, count, aware, trust,
    of_home, of_unit, of_post, of_all, known, before, belief, spreads, gone_spreads,
):
    """Let spreaders of a piece stop who met informed contacts, were told the truth, or fell silent.

    Parameters
    ----------
    belief, spreads, gone_spreads : (..., n_cell) float64
        *Changed*.
    """
    stop = p.stifle_probability
    reached = p.phones if p.phone_mean > 0.0 else 0.0
    lasts = 1.0 - happens(p.forget_rate * p.dt)
    corrected = happens(p.correction_rate * p.dt)
    of_squad = np.empty(squad.size)
    of_kin, of_public = np.empty(of_home.shape[1]), np.empty(of_home.shape[1])
    kin = p.kin_contact_rate * p.dt if p.kin_mean > 0.0 else 0.0
    for k in range(of_kin.size):
        of_kin[k] = unbroken(kin, stop * min(1.0, of_home[KNOW, k]))
        met = public_meetings(p, public_factor[k])
        of_public[k] = unbroken(met, stop * min(1.0, of_post[KNOW, k]))
    for f in range(squad.size):
        others = max(0.0, known[f] / max(before[f], 1e-12) - 1.0 / squad[f])
        of_squad[f] = unbroken(p.squad_contact_rate * p.dt, stop * others)
    for i in range(home.size):
        h, k, f = home[i], post[i], formation[i]
        informed = min(1.0, friends(p, KNOW, h, f, of_home, of_unit, of_all))
        kept = unbroken(phone_meetings(p, infiltration[k]), stop * informed)
        goes_on = lasts * (1.0 - reached * (1.0 - kept)) * of_kin[h] * of_public[k]
        if verified[k] > 0.0 and trust[AWARE, i] > TRUSTED:
            told = corrected * verified[k]
            belief[AWARE, i] += p.reassurance_by_correction * told * spreads[slot, i]
            goes_on *= 1.0 - told
        on_duty = count[DUTY, AWARE, i] / max(aware[i], 1e-12)
        gone_spreads[slot, i] *= goes_on
        spreads[slot, i] *= goes_on * (1.0 - on_duty * (1.0 - of_squad[f]))


@kernel
def spread(
    numbers, home, post, formation, people, residents, names, size, squad, n_people,
    infiltration, public_factor, verified, weight, is_flight, without_leaders, count, serving, trust,
    knows, gone_knows, seeds, belief, spreads, gone_spreads, touched,
    heard,
):
    """Let people tell the news, and spreaders stop.

    Parameters
    ----------
    weight : (slot, n_cell) float64
        What a piece weighs, 0 where it concerns nobody.
    is_flight : (slot,) bool
        Pieces that a unit without commanders knows of itself.
    without_leaders : (n_formation,) float64
        Chance that a battalion lost its commanders.
    seeds, belief, spreads, gone_spreads, touched : (..., n_cell), the last (slot, n_formation) float64
        *Changed*.
    heard : (slot, n_cell) float64
        *Overwritten*: chance that an ignorant person hears.
    """
    p = numbers[0]
    n_place, n_formation = residents.size, size.size
    of_home, of_post = np.empty((4, n_place)), np.empty((4, n_place))
    of_unit, of_all = np.empty((4, n_formation)), np.empty(4)
    known, before, told = np.empty(n_formation), np.empty(n_formation), np.empty(n_formation)
    aware = serving[AWARE]
    for slot in range(heard.shape[0]):
        for f in range(n_formation):
            told[f] = without_leaders[f] if is_flight[slot] else 0.0
        active = goes_round(slot, weight, seeds, told, spreads, gone_spreads)
        for i in range(home.size):
            heard[slot, i] = seeds[slot, i] if weight[slot, i] > 0.0 else 0.0
            seeds[slot, i] = 0.0
        if not active:
            continue
        fill_pools(
            p, slot, home, post, formation, size, residents, names, n_people, infiltration,
            public_factor, aware, knows, spreads, gone_knows, gone_spreads,
            of_home, of_unit, of_post, of_all,
        )
        meet(
            p, slot, home, post, formation, people, size, squad, told, count,
            spreads, of_home, of_unit, of_post, of_all, heard, touched, known, before,
        )
        fall_silent(
            p, slot, home, post, formation, squad, infiltration, public_factor, verified, count,
            aware, trust, of_home, of_unit, of_post, of_all, known, before,
            belief, spreads, gone_spreads,
        )
        for i in range(home.size):
            if weight[slot, i] <= 0.0:
                heard[slot, i] = 0.0
