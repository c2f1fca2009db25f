"""What people feel in a step, and the pressure that follows (E3, E4, E7, E9, E10, E12, E13, E15, E23)."""

from __future__ import annotations

import math

import numpy as np

from standfast.kernels._jit import inlined, kernel
from standfast.meanfield.loops.campaign import frighten, raise_towards_one
from standfast.meanfield.loops.codes import (
    ADVERSARY,
    AWARE,
    COHESION_CONCENTRATION,
    DUTY,
    GOVERNMENT,
    UNAWARE,
    happens,
    logistic,
    mean_fear,
    reach_of_threats,
    share,
)


@kernel
def feel_command(
    numbers, post, formation, kinship, infiltration, control,
    people, left, full, size, trust_start, hit, gain, shift,
    belief, trust, suspicion,
):
    """Relax trust, belief and suspicion, with the pulses of the step (E9, E10, E23).

    Parameters
    ----------
    people, left : (n_effect, n_formation) float64
        Who serves, and the share of squads lost in the last step.
    belief, trust, suspicion : (class, n_cell) float64
        *Changed*.
    """
    p = numbers[0]
    n_effect, n_formation = left.shape
    pushed = np.empty(n_formation)
    for f in range(n_formation):
        # a company sees the departures of all its squads, as a share of the names on its list
        seen = 0.0
        for u in range(n_effect):
            for v in range(n_effect):
                seen += people[u, f] * kinship[u, v] * left[v, f]
        seen *= full[f] / size[f]
        pushed[f] = p.belief_start * (1.0 - p.fade_belief) + shift[f] - p.belief_of_departures * seen
    moles = happens(p.suspicion_of_moles * p.dt)
    for i in range(post.size):
        f, k = formation[i], post[i]
        seen = 0.0 if control[k] == GOVERNMENT else moles * infiltration[k]
        for group in range(2):
            rest = trust_start[f]
            value = rest + (trust[group, i] - rest) * p.fade_trust
            value *= 1.0 - p.trust_loss * hit[f]
            trust[group, i] = value + (1.0 - value) * p.trust_gain * gain[f]
            value = belief[group, i] * p.fade_belief + pushed[f]
            belief[group, i] = min(max(value, -8.0), 8.0)
            faded = suspicion[group, i] * p.fade_suspicion
            suspicion[group, i] = faded + (1.0 - faded) * seen


@kernel
def hear_fear(
    home, formation, people, residents, size, openness,
    fear, count, serving, all_serving, out,
    at_home, of_unit,
):
    """Fill in the mean fear that contacts let on, whether they serve or have left.

    Parameters
    ----------
    residents : (n_place,) float64
        Who live there.
    at_home, of_unit : (n_place,), (n_formation,) float64
        *Overwritten*: the mean over those who live at a place, and over a formation.

    Returns
    -------
    float
        The mean over everybody.
    """
    at_home[:] = 0.0
    of_unit[:] = 0.0
    everywhere, n_people = 0.0, 0.0
    for i in range(home.size):
        total, gone = 0.0, 0.0
        for status in range(2):
            for group in range(2):
                total += count[status, group, i] * mean_fear(openness, fear, status, group, i)
        for way in range(out.shape[0]):
            gone += out[way, i]
        of_gone = mean_fear(openness, fear, DUTY, AWARE if serving[AWARE, i] > 0.0 else UNAWARE, i)
        known = (total + gone * of_gone) / max(all_serving[i] + gone, 1e-12) * people[i]
        at_home[home[i]] += known
        of_unit[formation[i]] += known
        everywhere += known
        n_people += people[i]
    for k in range(at_home.size):
        at_home[k] /= residents[k]
    for f in range(of_unit.size):
        of_unit[f] /= size[f]
    return everywhere / n_people


@inlined
def fear_around(p, suspicion, of_mates, at_home, of_unit, anywhere, infiltration):
    """Return F*, the mean fear of the layers somebody has, by their weights."""
    weight = p.weight_squad * (1.0 - p.suspicion_isolates * suspicion) + p.weight_company
    total = weight * of_mates
    if p.kin_mean > 0.0:
        weight += p.weight_kin
        total += p.weight_kin * at_home
    without_phone = total / max(weight, 1e-12)
    if p.phone_mean <= 0.0:
        return without_phone
    elsewhere = 1.0 - p.phone_unit - p.phone_home
    friends = p.phone_unit * of_unit + p.phone_home * at_home + elsewhere * anywhere
    of_phone = p.weight_phone * (1.0 - p.monitoring_silence * infiltration)
    with_phone = (total + of_phone * friends) / max(weight + of_phone, 1e-12)
    return p.phones * with_phone + (1.0 - p.phones) * without_phone


@kernel
def feel_fear(
    numbers, home, post, formation, delta, openness, infiltration,
    unit_fear, relief, fear_at_home, fear_of_unit, fear_anywhere, suspicion,
    fear, noise, base, alike,
):
    """Take on the fear around, amplified, and calm down (E3, E4).

    Parameters
    ----------
    unit_fear, relief : (n_formation,) float64, bool
        Mean fear on duty; whether it sees a reinforcement.
    fear_at_home, fear_of_unit, fear_anywhere : (n_place,), (n_formation,) float64, float
        What contacts let on.
    fear, noise, base, alike : (..., n_cell) float64
        *Changed*.
    """
    p = numbers[0]
    eta, beta = p.amplification, p.upward_bias
    calmed = 1.0 - p.fade_fear
    uptakes = np.empty(delta.size)
    for node in range(delta.size):
        uptakes[node] = happens(p.contagion_rate * p.dt * delta[node])
    for i in range(home.size):
        f, k = formation[i], post[i]
        relieved = 1.0 - p.relief_by_reinforcement if relief[f] else 1.0
        for group in range(2):
            around = fear_around(
                p, suspicion[group, i], unit_fear[f], fear_at_home[home[i]], fear_of_unit[f],
                fear_anywhere, infiltration[k],
            )
            aim = eta * beta * around + (1.0 - eta) * around
            # aim - F is affine in F with this slope
            slope = eta * (beta * (1.0 - around) + (1.0 - beta) * around) - 1.0
            mean, squared = 0.0, 0.0
            for node in range(delta.size):
                uptake = uptakes[node]
                # all of it is affine: F <- kept F + gained
                kept = (1.0 + uptake * slope) * p.fade_fear
                gained = p.fear_baseline * calmed + uptake * aim * p.fade_fear
                for status in range(2):
                    value = kept * fear[status, group, node, i] + gained
                    fear[status, group, node, i] = value * relieved
                mean += openness[node] * kept
                squared += openness[node] * kept * kept
            for status in range(2):
                noise[status, group, i] *= squared * relieved * relieved
                alike[status, group, i] *= mean * relieved
            base[group, i] = (base[group, i] * mean + calmed) * relieved


@kernel
def feel_resolve(
    numbers, home, post, formation, contact, hearsay, trust_start, trust, serving,
    resolve, perceived, perceived_noise,
):
    """Let resolve follow trust lost and wear down in combat (E12), and hearsay make threats plainer (E6).

    Parameters
    ----------
    resolve, perceived, perceived_noise : (n_cell,) float64
        *Changed*.
    """
    p = numbers[0]
    for i in range(home.size):
        people = serving[UNAWARE, i] + serving[AWARE, i]
        mean = trust[AWARE, i]
        if people > 0.0:
            total = serving[UNAWARE, i] * trust[UNAWARE, i] + serving[AWARE, i] * trust[AWARE, i]
            mean = total / max(people, 1e-12)
        lost = max(0.0, trust_start[formation[i]] - mean)
        rest = p.resolve_start - p.resolve_of_trust * lost
        worn = p.dt / p.combat_exhaustion if contact[post[i]] else 0.0
        resolve[i] = share(rest + (resolve[i] - rest) * p.fade_resolve - worn)
        raise_towards_one(i, hearsay[home[i]], perceived, perceived_noise)


@kernel
def feel_peers(numbers, kinship, cohesion, full, gone, noise, pull, variance):
    """Fill in peer pressure by node of the random effect, and its variance between squads (E15).

    Parameters
    ----------
    gone, noise : (n_effect, n_formation) float64
        Memory of departures S of squads, and its variance.
    pull, variance : (n_effect, n_formation) float64
        *Overwritten*.
    """
    p = numbers[0]
    n_effect, n_formation = gone.shape
    for f in range(n_formation):
        weight = cohesion[f] * p.peer_squad
        uneven = cohesion[f] * (1.0 - cohesion[f]) / (COHESION_CONCENTRATION + 1.0)
        for u in range(n_effect):
            company = 0.0
            for v in range(n_effect):
                company += kinship[u, v] * gone[v, f]
            above = gone[u, f] - p.peer_norm
            pull[u, f] = weight * above + p.peer_company * company * full[f]
            of_bonds = uneven * (p.peer_squad * above) ** 2
            variance[u, f] = of_bonds + weight * weight * noise[u, f]


@inlined
def variance_of_fear(p, openness, fear, noise, base, status, group, i):
    """Return the variance of fear between people: by openness, of shocks, and of the baseline."""
    mean = mean_fear(openness, fear, status, group, i)
    by_openness = 0.0
    for node in range(openness.size):
        by_openness += openness[node] * (fear[status, group, node, i] - mean) ** 2
    return by_openness + noise[status, group, i] + base[group, i] ** 2 * p.fear_variance


@kernel
def press(
    numbers, home, post, formation, openness,
    control, contact, encirclement, intensity, leaving_safety, gone,
    order, stand, call_up, uneven, legitimacy, extra, phone_gone, kin_gone, movable, settled,
    fear, noise, base, alike, belief, trust, suspicion, resolve,
    credibility, credibility_noise, perceived, perceived_noise,
    mean, variance, with_fear, with_credibility, with_perceived,
):
    """Fill in the pressure that follows from what everybody feels (E13).

    Parameters
    ----------
    mean, variance, with_fear, with_credibility, with_perceived : (status, class, n_cell) float64
        *Overwritten*: U beside commitment and the terms of the unit, and its covariances.
    """
    p = numbers[0]
    punishment = np.empty(control.size)
    for k in range(control.size):
        punishment[k] = p.weight_punishment * math.exp(-gone[k] / p.punishment_capacity)
    hope_at_start = 2.0 * p.weight_belief * logistic(p.belief_start)
    for i in range(home.size):
        f, k, h = formation[i], post[i], home[i]
        alike_for_all = (
            hope_at_start
            + p.weight_trust * p.trust_start
            + p.weight_resolve * (p.resolve_start - resolve[i])
            + p.peer_phone * phone_gone[i]
            + p.peer_kin * kin_gone[i]
            - extra[i]
        )
        danger = encirclement[k] * intensity[k] if contact[k] else 0.0
        deterrence = punishment[k] * legitimacy[i]
        on_duty = p.weight_leaving_safety * (2.0 * leaving_safety[k] - 1.0 - danger) - deterrence
        on_leave = p.leave_pull - (0.0 if control[h] == ADVERSARY else deterrence)
        reached = reach_of_threats(p, movable[i], settled[i], control[h])
        fear_gain = p.weight_fear + p.weight_order * call_up[f]
        a, y = credibility[i], perceived[i]
        va, vy = credibility_noise[i], perceived_noise[i]
        # A and Y are independent of each other
        of_belief = a * a * vy + y * y * va + va * vy
        # a refusal moves orders, belief and trust of a company together
        of_company = (math.sqrt(uneven[0, f]) + math.sqrt(uneven[1, f])) ** 2
        for group in range(2):
            cross = p.cross_pressure * 4.0 * resolve[i] * (1.0 - trust[group, i])
            of_threat = (p.weight_family + cross) * reached
            trusted_order = stand[f] * max(0.0, 2.0 * trust[group, i] - 1.0)
            shared = (
                of_threat * a * y
                - 2.0 * p.weight_belief * logistic(belief[group, i])
                - p.weight_trust * trust[group, i]
                + p.weight_suspicion * suspicion[group, i]
                + p.weight_order * (order[group, f] - trusted_order)
                + alike_for_all
            )
            for status in range(2):
                felt = mean_fear(openness, fear, status, group, i)
                own = on_duty if status == DUTY else on_leave
                mean[status, group, i] = shared + fear_gain * felt + own
                of_fear = variance_of_fear(p, openness, fear, noise, base, status, group, i)
                # fear and credibility vary together, and U with both
                both = alike[status, group, i]
                by_both = of_threat * y * both
                value = fear_gain**2 * of_fear + of_threat**2 * of_belief + 2.0 * fear_gain * by_both
                variance[status, group, i] = max(value, 0.0) + of_company
                with_fear[status, group, i] = fear_gain * of_fear + by_both
                with_credibility[status, group, i] = of_threat * y * va + fear_gain * both
                with_perceived[status, group, i] = of_threat * a * vy


@kernel
def feel_fire(numbers, post, fire, contact, openness, fear, noise, base, alike):
    """Let those on duty under fire be frightened."""
    p = numbers[0]
    for i in range(post.size):
        if contact[post[i]] and fire[post[i]] > 0.0:
            struck = fire[post[i]]
            frighten(i, struck, 0.0, p.shock_combat, openness, fear, noise, base, alike)
