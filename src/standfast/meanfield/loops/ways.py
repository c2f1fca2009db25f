"""By which way people leave, who comes back, and what befalls families (E2, E7, E14, E22)."""

from __future__ import annotations

import math

import numpy as np

from standfast.kernels._jit import inlined, kernel
from standfast.meanfield.loops.campaign import frighten, raise_credibility, raise_towards_one
from standfast.meanfield.loops.codes import (
    ABROAD,
    ADVERSARY,
    AWARE,
    BACK,
    CAPTURED,
    DEAD,
    DEFECTED,
    DISPLACED,
    DUTY,
    GOVERNMENT,
    HIDING,
    LEAVE,
    N_WAY,
    RENOUNCED,
    UNAWARE,
    happens,
    logistic,
    reach_by_control,
    reach_of_threats,
    recount,
    share_on_leave,
)

#: willingness to move the family of those on duty, relative to full
READY_ON_DUTY = 0.2
#: a threat too small for anybody to act on
NO_THREAT = 0.02
#: utility under which a way out is closed
CLOSED = -25.0
#: a difference of worth at which everything is decided
HUGE = 700.0


@inlined
def come_back(
    p, i, control, amnesty, reached, dissolved, serving, discount, trust, credibility, perceived, out
):
    """Let some who hide or took refuge come back; return how many are retrained and serve again (E22)."""
    served = 0.0 if dissolved else out[BACK, i] * happens(p.dt / p.retraining)
    group = AWARE if serving[AWARE, i] > 0.0 or discount[i] < 1.0 else UNAWARE
    believed = credibility[i] * perceived[i] * reached
    willing = logistic(4.0 * (trust[group, i] - 0.5) + amnesty - 3.0 * believed)
    rate = p.return_rate * p.dt * willing
    from_hiding = out[HIDING, i] * happens(rate * 0.3 if control == ADVERSARY else rate)
    from_refuge = out[DISPLACED, i] * happens(rate)
    out[HIDING, i] -= from_hiding
    out[DISPLACED, i] -= from_refuge
    out[BACK, i] += from_hiding + from_refuge - served
    return served


@inlined
def save_families(p, i, control, count, credibility, perceived, movable):
    """Move families to safety, with means and under a threat; return whose house is taken (E7, M10)."""
    threat = credibility[i] * perceived[i] * reach_by_control(p, control)
    if p.moving_rate <= 0.0 or threat <= NO_THREAT:
        return 0.0
    ready = READY_ON_DUTY + (p.moving_on_leave - READY_ON_DUTY) * share_on_leave(count, i)
    moved = movable[i] * happens(p.moving_rate * p.dt * ready * threat)
    movable[i] -= moved
    return 0.0 if control == GOVERNMENT else moved * p.house_taken


@kernel
def return_and_suffer(
    numbers, home, origin, formation, openness, control, amnesty, dissolved,
    discount, trust, settled,
    mass, count, serving, all_serving, out, movable,
    fear, noise, base, alike, credibility, credibility_noise, perceived, perceived_noise, harmed,
    served,
):
    """Let people return and save their families, and suffer harm: some on leave die of it (E2).

    Parameters
    ----------
    mass, count, ..., harmed : (..., n_cell) float64
        *Changed*.
    served : (n_cell,) float64
        *Overwritten*: who is to serve again.
    """
    p = numbers[0]
    for i in range(home.size):
        at_home = control[home[i]]
        reached = reach_of_threats(p, movable[i], settled[i], at_home)
        served[i] = come_back(
            p, i, at_home, amnesty[origin[i]], reached, dissolved[formation[i]],
            serving, discount, trust, credibility, perceived, out,
        )
        taken = save_families(p, i, at_home, count, credibility, perceived, movable)
        harmed[i] = min(1.0, harmed[i] + taken)
        if harmed[i] <= 0.0:
            continue
        # whose family or house was attacked believes and fears
        gain = p.credibility_gain * harmed[i]
        raise_credibility(i, gain, credibility, credibility_noise, alike)
        raise_towards_one(i, p.perceived_by_harm * harmed[i], perceived, perceived_noise)
        frighten(i, harmed[i], harmed[i], p.shock_harm, openness, fear, noise, base, alike)
        dying = harmed[i] * p.harm_killed_share
        for group in range(2):
            out[DEAD, i] += count[LEAVE, group, i] * dying
            for kind in range(mass.shape[2]):
                mass[LEAVE, group, kind, i] *= 1.0 - dying
        recount(i, mass, count, serving, all_serving)


@inlined
def ways_out(
    p, i, governed, at_post, support, reached, serving, exposed, suspicion, resolve,
    credibility, perceived, families_at_home, found,
):
    """Fill in the shares of the ways out, over those exposed or not and with means or without (E14).

    Parameters
    ----------
    found : (N_WAY,) float64
        *Overwritten*.
    """
    threat = credibility[i] * perceived[i]
    wary = suspicion[AWARE if serving[AWARE, i] > 0.0 else UNAWARE, i]
    # what is worth the same to everybody: refuge, renouncing, going over
    refuge = p.refuge_base + p.refuge_family * (1.0 - (families_at_home if at_post else 0.0))
    renounce = p.renounce_base + (-4.0 if governed else p.renounce_threat * threat)
    defect = p.defect_base + p.defect_support * support
    defect += p.defect_suspicion * wary + p.defect_resolve * resolve[i]
    best = max(refuge, renounce, defect)
    of_refuge = math.exp(refuge - best)
    of_renounce = math.exp(renounce - best)
    of_defect = math.exp(defect - best)
    closed = 0.0
    found[:] = 0.0
    for is_exposed in range(2):
        # hiding is worth more to the exposed, going abroad to those with means
        hide = p.hide_base + (p.hide_exposed if is_exposed and not governed else 0.0)
        of_hide = math.exp(min(hide - best, HUGE))
        for has_means in range(2):
            abroad = p.abroad_base + p.abroad_means * has_means
            abroad += p.abroad_threat * threat * reached
            of_abroad = math.exp(min(abroad - best, HUGE))
            part = exposed[i] if is_exposed else 1.0 - exposed[i]
            part *= p.means if has_means else 1.0 - p.means
            weight = part / (of_refuge + of_renounce + of_defect + of_hide + of_abroad)
            found[DISPLACED] += of_refuge * weight
            found[RENOUNCED] += of_renounce * weight
            found[DEFECTED] += of_defect * weight
            found[HIDING] += of_hide * weight
            found[ABROAD] += of_abroad * weight
            if best < CLOSED and hide < CLOSED and abroad < CLOSED:
                closed += part
    if closed > 0.0:
        # where every way is closed, refuge is taken
        for way in range(N_WAY):
            found[way] *= 1.0 - closed
        found[DISPLACED] += closed


@kernel
def take_ways_out(
    numbers, is_night, home, post, formation, left, kinds,
    control, contact, encirclement, intensity, support, routed,
    serving, exposed, suspicion, resolve, credibility, perceived, movable, settled, knows, spreads,
    out, absent, gone_knows, gone_spreads, departed,
):
    """Divide those who leave among the ways out; some are shot or caught on the way (E14).

    Parameters
    ----------
    left, kinds : (status, class, n_cell), (kind, n_cell) float64
        Who leaves, by where from and by kind.
    out, absent, gone_knows, gone_spreads : (..., n_cell) float64
        *Changed*.
    departed : (n_cell,) float64
        *Overwritten*: who left by a way out.
    """
    p = numbers[0]
    cover = p.night_cover if is_night else 0.0
    found = np.empty(N_WAY)
    for i in range(home.size):
        f, k, h = formation[i], post[i], home[i]
        from_duty = left[DUTY, UNAWARE, i] + left[DUTY, AWARE, i]
        from_leave = left[LEAVE, UNAWARE, i] + left[LEAVE, AWARE, i]
        departed[i] = 0.0
        if from_duty + from_leave <= 0.0:
            continue
        danger = encirclement[k] * intensity[k] if contact[k] else 0.0
        danger *= (1.0 - p.blend_in) * (1.0 - cover)
        taken = p.fall_captured if routed[f] else 0.0
        shot = (1.0 - taken) * p.flight_risk * danger
        caught = taken + (1.0 - taken) * p.flight_capture * danger
        out[DEAD, i] += from_duty * shot
        out[CAPTURED, i] += from_duty * caught
        departed[i] = from_duty * (1.0 - shot - caught) + from_leave
        reached = reach_of_threats(p, movable[i], settled[i], control[h])
        ways_out(
            p, i, control[h] == GOVERNMENT, h == k, support[h], reached, serving, exposed,
            suspicion, resolve, credibility, perceived, movable[i] + settled[i], found,
        )
        for way in range(N_WAY):
            out[way, i] += departed[i] * found[way]
        away = departed[i] / max(from_duty + from_leave, 1e-12)
        for kind in range(kinds.shape[0]):
            absent[kind, i] += kinds[kind, i] * away
        aware = (left[DUTY, AWARE, i] + left[LEAVE, AWARE, i]) * away
        for slot in range(knows.shape[0]):
            gone_knows[slot, i] += knows[slot, i] * aware
            gone_spreads[slot, i] += spreads[slot, i] * aware
