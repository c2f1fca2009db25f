"""Combat at every place, and the pulses of command that fade (E17, E18, E20)."""

from __future__ import annotations

import math

from standfast.kernels._jit import inlined, kernel
from standfast.meanfield.loops.codes import (
    ADVERSARY,
    CONTESTED,
    GOVERNMENT,
    happens,
)

#: intensity at which attackers wait before a place they cannot assault
SIEGE = 0.1
#: most defenders lost in combat in a step, and how much faster the hopeless give up
MOST_KILLED, MOST_HOPELESS = 0.2, 4.0


def attacking_power(p, loot, men, support, supply_km):
    """Return P at full intensity: men, captured arms, support, length of supply."""
    arms = p.attacker_power * (1.0 + loot / p.loot_half) ** p.loot_exponent
    welcome = 1.0 - p.support_drag * (1.0 - support)
    return men * arms * welcome * math.exp(-supply_km / p.halt_far)


_power = inlined(attacking_power)


@inlined
def losses(p, rate, own, other):
    """Return losses of a step by Lanchester's law between linear (1/2) and square (1)."""
    if own <= 0.0 or other <= 0.0:
        return 0.0
    return rate * other * (own / other) ** (1.0 - p.lanchester_exponent) * p.dt


@kernel
def fight(
    numbers, loot, population, hostility, defensibility, support, supply_km, scripted, duty, effort, volunteers, neighbour_lost,
    control, intensity, siege_hours, weak_hours, halted, fighters,
    defence, attack, contact, killed, fire,
):
    """Set powers, contact and losses at every place.

    Parameters
    ----------
    control, intensity, siege_hours, weak_hours, halted, fighters : (n_place,)
        *Changed*.
    defence, attack, contact, killed, fire : (n_place,)
        *Overwritten*: powers; whether there is fighting, the share of defenders killed, the chance to be
        frightened by fire.
    """
    p = numbers[0]
    for k in range(control.size):
        in_danger = control[k] == CONTESTED or neighbour_lost[k]
        residents = p.residents_defend * population[k] * hostility[k] if in_danger else 0.0
        armed = p.volunteer_skill * (volunteers[k] + residents)
        defence[k] = defensibility[k] * (effort[k] + armed)
        power = _power(p, loot, fighters[k], support[k], supply_km[k])
        taken = control[k] == ADVERSARY
        attack[k] = power if taken else 0.0
        contact[k], killed[k], fire[k] = False, 0.0, 0.0
        if control[k] == CONTESTED and fighters[k] < 1.0:
            control[k], intensity[k] = GOVERNMENT, 0.0
        is_attacked = intensity[k] > 0.0 or neighbour_lost[k]
        if p.M33 <= 0.0 or taken or fighters[k] < 1.0 or not is_attacked:
            continue
        # attackers wait where an assault does not promise, and press it where it does (E20)
        if defence[k] > p.assault_ratio * power:
            intensity[k] = SIEGE
            siege_hours[k] += p.dt
            if siege_hours[k] >= p.halt_time:
                halted[k] = True
        else:
            siege_hours[k] = 0.0
            intensity[k] = scripted[k] if scripted[k] != 0.0 else 1.0
        attack[k] = power * intensity[k]
        if attack[k] <= 0.0:
            continue
        contact[k] = True
        if control[k] == GOVERNMENT:
            control[k] = CONTESTED
        dead = losses(p, p.defender_loss_rate, defence[k], attack[k])
        killed[k] = min(MOST_KILLED, dead / max(1.0, duty[k]))
        fire[k] = happens(p.fire_rate * intensity[k] * p.dt)
        fallen = intensity[k] * losses(p, p.attacker_loss_rate, power, defence[k])
        fighters[k] = max(0.0, fighters[k] - fallen)
        if defence[k] < p.break_ratio * attack[k]:
            hopeless = p.break_ratio * attack[k] / (defence[k] + 1e-9)
            weak_hours[k] += p.dt * min(MOST_HOPELESS, hopeless)
        else:
            weak_hours[k] = 0.0


@kernel
def fade_pulses(numbers, order, stand, call_up, uneven, hit, gain, shift, relief):
    """Fade the push of orders, and end the pulses of the step; all are (..., n_formation), *changed*."""
    p = numbers[0]
    for f in range(hit.size):
        for group in range(2):
            order[group, f] *= p.fade_order
        stand[f] *= p.fade_order
        call_up[f] *= p.fade_order
        uneven[0, f] *= p.fade_order**2
        uneven[1, f] *= p.fade_belief**2
        hit[f], gain[f], shift[f], relief[f] = 0.0, 0.0, 0.0, False
