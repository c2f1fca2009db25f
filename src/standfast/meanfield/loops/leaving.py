"""Who leaves, who goes on leave or comes back from it, and what squads remember (E13, E15, E16)."""

from __future__ import annotations

import math

import numpy as np

from standfast.kernels._jit import inlined, kernel
from standfast.meanfield.loops.codes import (
    AWARE,
    BACK,
    CAPTURED,
    DEAD,
    DISPLACED,
    DUTY,
    FAR,
    LEAVE,
    UNAWARE,
    happens,
    mean_fear,
    recount,
    share,
    towards,
)
from standfast.meanfield.loops.wavering import NOBODY, share_wavering

#: a variance of U that is none
NO_VARIANCE = 1e-10
#: the two points of the pressure, above the mean and below it
HIGH, LOW = 0, 1


@inlined
def odds_to_leave(p, pressure):
    """Return the odds that pressure alone gives to leaving."""
    return math.exp(min(max(pressure / p.spread, -FAR), FAR))


@kernel
def expect(
    numbers, formation, people, count, odds_to_stay, mean, variance, pull, unit_variance, exponent
):
    r"""Fill in what somebody expects to do in a step: minus rate x time, by kind and point of pressure.

    The mean over U ~ N(m, v) is taken at :math:`m\pm\sqrt v`, which has its first three moments.

    Parameters
    ----------
    odds_to_stay : (n_cell, kind) float64
        Odds to stay by commitment alone.
    exponent : (>= n_row, 2, kind) float64
        *Overwritten*. Rows are cells, in each status, in it class, where anybody is.

    Returns
    -------
    int
        The number of rows.
    """
    p = numbers[0]
    n_effect, n_kind = pull.shape[0], odds_to_stay.shape[1]
    n_node, peak = n_kind // n_effect, -p.rate_max * p.dt
    row = 0
    for i in range(formation.size):
        f = formation[i]
        for status in range(2):
            for group in range(2):
                if count[status, group, i] <= NOBODY * people[i]:
                    continue
                high, low = 0.0, 0.0
                for u in range(n_effect):
                    # only those on duty feel the pull of their unit
                    if u == 0 or status == DUTY:
                        m, v = mean[status, group, i], variance[status, group, i]
                        if status == DUTY:
                            m, v = m + pull[u, f], v + unit_variance[u, f]
                        deviation = math.sqrt(v)
                        high = odds_to_leave(p, m + deviation)
                        low = odds_to_leave(p, m - deviation)
                    for kind in range(u * n_node, (u + 1) * n_node):
                        stay = odds_to_stay[i, kind]
                        exponent[row, HIGH, kind] = peak * high / (high + stay)
                        exponent[row, LOW, kind] = peak * low / (low + stay)
                row += 1
    return row


@inlined
def choose_stayers(
    i, selected, variance, with_fear, with_credibility, with_perceived, count, all_serving,
    fear, credibility, perceived,
):
    r"""Lower the means of those who stay: who fears, believes and perceives more leaves first.

    With two points of U, the share that leaves covaries with anything normal by its covariance with U
    over :math:`\sqrt v` times half the difference of the points (Stein's lemma).

    Parameters
    ----------
    selected : (status, class) float64
        People who leave of the upper point, less those of the lower, over two.
    """
    less_credible, less_perceived = 0.0, 0.0
    for status in range(2):
        for group in range(2):
            drop, v = 0.0, variance[status, group, i]
            if v > NO_VARIANCE:
                drop = selected[status, group] / math.sqrt(v + NO_VARIANCE)
            less = with_fear[status, group, i] * drop / max(count[status, group, i], 1e-12)
            for node in range(fear.shape[2]):
                fear[status, group, node, i] = share(fear[status, group, node, i] - less)
            less_credible += with_credibility[status, group, i] * drop
            less_perceived += with_perceived[status, group, i] * drop
    people = max(all_serving[i], 1e-12)
    credibility[i] = share(credibility[i] - less_credible / people)
    perceived[i] = share(perceived[i] - less_perceived / people)


@inlined
def mix_comers(i, come, count, openness, fear, noise, alike):
    """Average what people feel where some come from duty or from leave.

    Parameters
    ----------
    come : (status, class) float64
        How many by where they come to, counted already.
    """
    for group in range(2):
        on_duty = min(come[DUTY, group] / max(count[DUTY, group, i], 1e-300), 1.0)
        on_leave = min(come[LEAVE, group] / max(count[LEAVE, group, i], 1e-300), 1.0)
        if on_duty <= 0.0 and on_leave <= 0.0:
            continue
        difference = mean_fear(openness, fear, LEAVE, group, i)
        difference -= mean_fear(openness, fear, DUTY, group, i)
        old, other = noise[DUTY, group, i], noise[LEAVE, group, i]
        between = difference * difference
        noise[DUTY, group, i] = towards(old, other, on_duty) + on_duty * (1.0 - on_duty) * between
        noise[LEAVE, group, i] = towards(other, old, on_leave) + on_leave * (1.0 - on_leave) * between
        old, other = alike[DUTY, group, i], alike[LEAVE, group, i]
        alike[DUTY, group, i] = towards(old, other, on_duty)
        alike[LEAVE, group, i] = towards(other, old, on_leave)
        for node in range(openness.size):
            old, other = fear[DUTY, group, node, i], fear[LEAVE, group, node, i]
            fear[DUTY, group, node, i] = towards(old, other, on_duty)
            fear[LEAVE, group, node, i] = towards(other, old, on_leave)


@kernel
def leave(
    numbers, post, formation, people, commitment, openness,
    killed_at, contact, leave_cancelled, leave_rate, routed, dissolved,
    mean, variance, pull, with_fear, with_credibility, with_perceived, unmoved,
    mass, count, serving, all_serving, out, fear, noise, alike, credibility, perceived,
    left, kinds, lost,
):
    """Take those who leave or fall, and let others go on leave or come back from it.

    Parameters
    ----------
    unmoved : (>= n_row, 2, kind) float64
        Chance to stay of each kind, at the two points of pressure; rows as in `expect`.
    mass, count, serving, all_serving, out, fear, ..., perceived : (..., n_cell) float64
        *Changed*.
    left, kinds : (status, class, n_cell), (kind, n_cell) float64
        *Overwritten*: who leaves, by where from and by kind.
    lost : (n_effect, n_formation) float64
        *Overwritten*: who is gone from duty, the fallen with them.
    """
    p = numbers[0]
    n_kind = commitment.shape[0]
    n_effect = lost.shape[0]
    n_node = n_kind // n_effect
    most = happens(p.rate_max * p.dt)
    back = min(happens(p.dt / p.leave_length), 1.0 - most)
    moved, selected, come = np.empty((2, 2, n_kind)), np.empty((2, 2)), np.empty((2, 2))
    left[:] = 0.0
    kinds[:] = 0.0
    lost[:] = 0.0
    row = 0
    for i in range(post.size):
        f, k = formation[i], post[i]
        killed = 0.0 if routed[f] else killed_at[k]
        goes = 0.0
        if not (contact[k] or routed[f]):
            # nobody goes on leave from a place in contact
            goes = happens(leave_rate[f] * (1.0 - leave_cancelled[k]) * p.dt)
            goes = min(goes, 1.0 - min(1.0, killed + most))
        fallen = killed * (count[DUTY, UNAWARE, i] + count[DUTY, AWARE, i])
        moved[:] = 0.0
        selected[:] = 0.0
        come[:] = 0.0
        for status in range(2):
            for group in range(2):
                if status == DUTY and killed > 0.0:
                    for u in range(n_effect):
                        for kind in range(u * n_node, (u + 1) * n_node):
                            lost[u, f] += mass[DUTY, group, kind, i] * killed
                if count[status, group, i] <= NOBODY * people[i]:
                    continue
                rate, stays = back, 1.0 - back
                if status == DUTY:
                    rate, stays = goes, 1.0 - goes - killed
                gone, chosen = 0.0, 0.0
                for u in range(n_effect):
                    of_unit = 0.0
                    for kind in range(u * n_node, (u + 1) * n_node):
                        high, low = unmoved[row, HIGH, kind], unmoved[row, LOW, kind]
                        going = 1.0 - (high + low) / 2.0
                        if status == DUTY:
                            going = 1.0 if routed[f] else min(going, 1.0 - killed)
                        here = mass[status, group, kind, i]
                        of_unit += here * going
                        kinds[kind, i] += here * going
                        chosen += here * (low - high) / 2.0
                        moved[status, group, kind] = here * rate
                        mass[status, group, kind, i] = here * (stays - going)
                    gone += of_unit
                    if status == DUTY:
                        lost[u, f] += of_unit
                left[status, group, i] = gone
                selected[status, group] = chosen
                come[1 - status, group] = count[status, group, i] * rate
                row += 1
        choose_stayers(
            i, selected, variance, with_fear, with_credibility, with_perceived, count, all_serving,
            fear, credibility, perceived,
        )
        for group in range(2):
            if dissolved[f] and come[DUTY, group] > 0.0:
                # whoever finds no unit any more reports back, or takes refuge if he wavers
                unsure = come[DUTY, group] * share_wavering(
                    p, LEAVE, group, i, formation, mass, count, commitment, pull, mean, variance
                )
                out[DISPLACED, i] += unsure
                out[BACK, i] += come[DUTY, group] - unsure
                come[DUTY, group] = 0.0
            for kind in range(n_kind):
                mass[LEAVE, group, kind, i] += moved[DUTY, group, kind]
                if not dissolved[f]:
                    mass[DUTY, group, kind, i] += moved[LEAVE, group, kind]
        recount(i, mass, count, serving, all_serving)
        mix_comers(i, come, count, openness, fear, noise, alike)
        out[CAPTURED, i] += fallen * p.captured_share
        out[DEAD, i] += fallen * (1.0 - p.captured_share)


@kernel
def enter_duty(served, absent, mass, count, serving, all_serving):
    """Let people of those who left serve again: they are of the kinds that left.

    Parameters
    ----------
    served : (n_cell,) float64
        How many.
    absent, mass, count, serving, all_serving : (..., n_cell) float64
        *Changed*.
    """
    for i in range(served.size):
        if served[i] <= 0.0:
            continue
        group = AWARE if serving[AWARE, i] > serving[UNAWARE, i] else UNAWARE
        total = 0.0
        for kind in range(absent.shape[0]):
            total += absent[kind, i]
        part = served[i] / max(total, 1e-12)
        for kind in range(absent.shape[0]):
            mass[DUTY, group, kind, i] += absent[kind, i] * part
            absent[kind, i] -= absent[kind, i] * part
        recount(i, mass, count, serving, all_serving)


@kernel
def remember(numbers, people, squad, lost, left, gone, noise):
    """Add who left to the fading memory of squads, and its variance from their size (E15).

    Parameters
    ----------
    people, lost : (n_effect, n_formation) float64
        Who served at the start, and who is gone from duty in this step.
    left, gone, noise : (n_effect, n_formation) float64
        *Overwritten*, and *changed*.
    """
    p = numbers[0]
    for u in range(lost.shape[0]):
        for f in range(lost.shape[1]):
            left[u, f] = lost[u, f] / max(people[u, f], 1e-12)
            gone[u, f] = gone[u, f] * p.fade_memory + left[u, f]
            value = noise[u, f] * p.fade_memory**2 + left[u, f] / max(squad[f], 1.0)
            noise[u, f] = min(value, gone[u, f] * max(0.0, 1.0 - gone[u, f]))
