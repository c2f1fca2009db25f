"""What is counted at each place, and what contacts learn of departures and harm."""

from __future__ import annotations

import math

import numpy as np

from standfast.kernels._jit import kernel
from standfast.meanfield.loops.codes import BACK, DEAD, DUTY, logistic, mean_fear


@kernel
def pass_on(
    numbers, home, formation, residents, size, squad, n_people, all_serving, departed, harmed,
    phone_gone, kin_gone, friends_gone, harm_near,
):
    """Let contacts learn of departures and harm, as means over the pools they are drawn from.

    Parameters
    ----------
    squad : (n_cell,) float64
        People in a squad.
    phone_gone, kin_gone : (n_cell,) float64
        *Changed*: memory of the shares of contacts who left.
    friends_gone, harm_near : (n_cell,) float64
        *Overwritten*: how many contacts left in this step, or had harm.
    """
    p = numbers[0]
    gone_at_home, harmed_at_home = np.zeros(residents.size), np.zeros(residents.size)
    gone_of_unit, harmed_of_unit = np.zeros(size.size), np.zeros(size.size)
    gone = 0.0
    for i in range(home.size):
        h, f = home[i], formation[i]
        gone += departed[i]
        gone_at_home[h] += departed[i] / residents[h]
        gone_of_unit[f] += departed[i] / size[f]
        harmed_at_home[h] += harmed[i] * all_serving[i] / residents[h]
        harmed_of_unit[f] += harmed[i] * all_serving[i] / size[f]
    n_phone = p.phone_mean * p.phones
    elsewhere = (1.0 - p.phone_unit - p.phone_home) * gone / n_people
    for i in range(home.size):
        h, f = home[i], formation[i]
        phone = p.phone_unit * gone_of_unit[f] + p.phone_home * gone_at_home[h] + elsewhere
        friends_gone[i] = n_phone * phone + p.kin_mean * gone_at_home[h]
        phone_gone[i] = phone_gone[i] * p.fade_memory + (phone if n_phone > 0.0 else 0.0)
        kin_gone[i] *= p.fade_memory
        if p.kin_mean > 0.0:
            kin_gone[i] += gone_at_home[h]
        mates = max(0.0, squad[i] - 1.0) * harmed_of_unit[f]
        harm_near[i] = mates + p.kin_mean * harmed_at_home[h]


@kernel
def tally(
    numbers, formation, place, openness, count, fear, trust, belief, resolve, skill, people, left, n_start,
    unit_fear, unit_trust, unit_hope, duty, effort, felt, gone,
):
    """Sum over those on duty at each place, and renew what those of each formation feel.

    Parameters
    ----------
    unit_fear, unit_trust, unit_hope : (n_formation,) float64
        *Overwritten*: means of those on duty; fear stays as it was where nobody is.
    duty, effort, felt : (n_place,), (n_place,), (3, n_place) float64
        *Overwritten*: those on duty, what they do in combat, and their mean fear, trust and hope.
    gone : (n_place,) float64
        *Changed*: memory of losses relative to the start.
    """
    p = numbers[0]
    total, efforts = np.zeros((4, place.size)), np.zeros(place.size)
    for i in range(formation.size):
        f = formation[i]
        here, afraid = 0.0, 0.0
        for group in range(2):
            people_here = count[DUTY, group, i]
            fearful = people_here * mean_fear(openness, fear, DUTY, group, i)
            here += people_here
            afraid += fearful
            total[2, f] += people_here * trust[group, i]
            total[3, f] += people_here * logistic(belief[group, i])
        total[0, f] += here
        total[1, f] += afraid
        efforts[f] += (here - afraid) * math.sqrt(resolve[i]) * skill[f]
    duty[:] = 0.0
    effort[:] = 0.0
    felt[:] = 0.0
    lost = np.zeros(duty.size)
    for f in range(place.size):
        k = place[f]
        duty[k] += total[0, f]
        effort[k] += efforts[f]
        for what in range(3):
            felt[what, k] += total[what + 1, f]
        for u in range(left.shape[0]):
            lost[k] += left[u, f] * people[u, f]
        here = max(total[0, f], 1e-300)
        if total[0, f] > 1e-9:
            unit_fear[f] = total[1, f] / here
        unit_trust[f], unit_hope[f] = total[2, f] / here, total[3, f] / here
    for k in range(duty.size):
        gone[k] = gone[k] * p.fade_memory + lost[k] / max(1.0, n_start[k])
        for what in range(3):
            felt[what, k] /= max(duty[k], 1e-9)


@kernel
def count_origins(origin, all_serving, out, departed, serving, dead, departures):
    """Add up those who serve, are dead and ever left by a way out, by where they were at the start.

    Parameters
    ----------
    serving, dead : (n_place,) float64
        *Overwritten*.
    departures : (n_place,) float64
        *Changed*: those of this step are added.
    """
    serving[:] = 0.0
    dead[:] = 0.0
    for i in range(origin.size):
        k = origin[i]
        serving[k] += all_serving[i] + out[BACK, i]
        dead[k] += out[DEAD, i]
        departures[k] += departed[i]
