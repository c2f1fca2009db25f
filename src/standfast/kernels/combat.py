r"""E18: combat and the fall of a place. M33 M34 M35 M36 (and M16 by effort).

Defending power :math:`D=q\left(\sum_{duty}R^{1/2}(1-F)\,\text{skill}+\text{volunteers and residents}\right)`:
those who fight, not those on the list. Attacking power
:math:`P=A\rho_0(1+E/E_{1/2})^\zeta\,((1-d)+d\,s)\,e^{-x/x_0}I`: men, captured arms, local support,
length of supply, intensity. Losses follow Lanchester, :math:`\dot D=-k_DP(D/P)^{1-e}` (e = 1: square
law; 1/2: linear law; 0: logarithmic law), and never decide by themselves: a place falls when D/P stays
under the break ratio for the break time (which runs up to four times faster the more hopeless it is), or when
too few are present (McQuie 1987: casualties are rarely the reason). Attackers who face more than the
assault ratio at full intensity wait at a tenth of it; after the halt time the front halts there.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import kernel, rule
from standfast.kernels.draws import COMMAND, PLACE, block
from standfast.kernels.exposure import append
from standfast.kernels.mathematics import chance, exp, log
from standfast.kernels.orders import goes_in_order, refuge_for_unit

MOST_KILLED = 0.2  # of those on duty in one step
HOPELESS = 4.0
SIEGE = 0.1  # intensity of an attack that waits


@rule
def attacking_power(men, power, loot, loot_half, loot_exponent, support, drag, supply_km, supply_far):
    """Return the power of attackers at full intensity, in soldiers of full effort."""
    arms = exp(loot_exponent * log(1.0 + loot / loot_half))
    return men * power * arms * ((1.0 - drag) + drag * support) * exp(-supply_km / supply_far)


@rule
def losses(own, other, rate, exponent, dt):
    """Return own losses of a step by Lanchester's law: rate * other * (own/other)**(1 - exponent)."""
    if own <= 0.0 or other <= 0.0:
        return 0.0
    return rate * other * exp((1.0 - exponent) * log(own / other)) * dt


@rule
def request_news(queue, n_queue, kind, place):
    """Ask for a piece of news to be put into circulation after this phase."""
    if n_queue[0] < queue.shape[0]:
        queue[n_queue[0], 0] = kind
        queue[n_queue[0], 1] = place
        n_queue[0] += 1


@kernel
def fight(
    behaviour, hour, defensibility, support, hostility, population, supply_km, scripted,
    place_duty, place_sums, volunteers, loot, control, fighters, intensity, contact,
    neighbour_lost, defence, attack, weak_hours, siege_hours, halted, chance_killed, chance_fire,
    log_lines, n_log,
):
    """Set powers, contact and losses at every place; count how long it has been weak.

    Parameters
    ----------
    defence, attack : (n_place,) float64
        *Overwritten*: D and P [soldiers of full effort].
    contact : (n_place,) uint8
        *Overwritten*: whether there is fighting.
    fighters : (n_place,) float64
        *Overwritten*: less the attackers' losses.
    chance_killed, chance_fire : (n_place,) float64
        *Overwritten*: probabilities for each person on duty there in the next step.

    Returns
    -------
    int
        Places in contact.
    """
    p = behaviour[0]
    fighting = 0
    for q in range(control.size):
        residents = 0.0
        if control[q] == status.CONTESTED or neighbour_lost[q]:
            residents = p.residents_defend * population[q] * hostility[q]
        defence[q] = defensibility[q] * (
            place_sums[q, 0] + p.volunteer_skill * (volunteers[q] + residents)
        )
        chance_killed[q] = 0.0
        chance_fire[q] = 0.0
        contact[q] = 0
        full = attacking_power(
            fighters[q], p.attacker_power, loot[0], p.loot_half, p.loot_exponent, support[q],
            p.support_drag, supply_km[q], p.halt_far,
        )
        if control[q] == status.ADVERSARY or p.M33 == 0.0 or fighters[q] < 1.0:
            attack[q] = full if control[q] == status.ADVERSARY else 0.0
            if control[q] == status.CONTESTED and fighters[q] < 1.0:
                control[q] = status.GOVERNMENT
                intensity[q] = 0.0
            continue
        if intensity[q] <= 0.0 and neighbour_lost[q]:
            intensity[q] = SIEGE  # sleepers and allies come into the open
        if intensity[q] > 0.0:
            if defence[q] > p.assault_ratio * full:
                intensity[q] = SIEGE
                siege_hours[q] += p.dt
                if siege_hours[q] >= p.halt_time and not halted[q]:
                    halted[q] = 1
                    append(log_lines, n_log, hour, status.LOG_HALT, q, -1, fighters[q])
            else:
                if control[q] == status.GOVERNMENT:
                    append(log_lines, n_log, hour, status.LOG_ASSAULT, q, -1, fighters[q])
                siege_hours[q] = 0.0
                intensity[q] = scripted[q] if scripted[q] > 0.0 else 1.0
        attack[q] = full * intensity[q]
        if attack[q] <= 0.0:
            continue
        contact[q] = 1
        fighting += 1
        if control[q] == status.GOVERNMENT:
            control[q] = status.CONTESTED
        here = max(1.0, float(place_duty[q]))
        killed = losses(defence[q], attack[q], p.defender_loss_rate, p.lanchester_exponent, p.dt)
        chance_killed[q] = min(MOST_KILLED, killed / here)
        chance_fire[q] = chance(p.fire_rate * intensity[q] * p.dt)
        fallen = intensity[q] * losses(
            full, defence[q], p.attacker_loss_rate, p.lanchester_exponent, p.dt
        )
        fighters[q] = max(0.0, fighters[q] - fallen)
        if defence[q] < p.break_ratio * attack[q]:
            # the more hopeless, the sooner: time runs faster in proportion, up to fourfold
            weak_hours[q] += p.dt * min(HOPELESS, p.break_ratio * attack[q] / (defence[q] + 1e-9))
        else:
            weak_hours[q] = 0.0
    return fighting


@rule
def is_lost(p, control, contact, weak_hours, duty, start, volunteers, fighters, neighbour_lost):
    """Return whether a place falls in this step (M34)."""
    if p.M34 == 0.0 or control == status.ADVERSARY:
        return False
    few = duty + volunteers < p.least_present * start
    if contact and (few or weak_hours >= p.break_time):
        return True
    return few and start > 0.0 and neighbour_lost and fighters > 0.0


@kernel
def fall(
    behaviour, step, key0, key1, hour, start_here, place_duty, volunteers,
    neighbour_lost, inmates, inmate_fighters, is_region, road_indptr, road_indices, battalion_quality,
    battalion_place, battalion_duty, battalion_sums, weak_hours, contact, control, fighters, loot,
    hold, ready_hour, lost_hour, scripted, siege_hours, intensity, evacuation_gain,
    battalion_routed, battalion_dissolved, queue, n_queue, log_lines, n_log,
):
    """Let the places fall that cannot be held, and say what becomes of who is there.

    Battalions go out in good order or run (`standfast.kernels.orders`); arms are taken (M35), the
    prison is opened (M36), news goes out (M02), and a fall with little fighting starts a
    rumour of treachery (M03).

    Returns
    -------
    int
        How many places fell.
    """
    p = behaviour[0]
    fallen = 0
    for q in range(control.size):
        if not is_lost(p, control[q], contact[q], weak_hours[q], place_duty[q], start_here[q],
                       volunteers[q], fighters[q], neighbour_lost[q]):
            continue
        fallen += 1
        control[q] = status.ADVERSARY
        lost_hour[q] = hour
        intensity[q] = 0.0
        contact[q] = 0
        siege_hours[q] = 0.0
        scripted[q] = 0.0
        append(log_lines, n_log, hour, status.LOG_LOST, q, -1, float(place_duty[q]))
        refuge = refuge_for_unit(q, control, road_indptr, road_indices, is_region)
        for b in range(battalion_place.size):
            if battalion_place[b] != q or battalion_routed[b]:
                continue
            u0, _, _, _ = block(key0, key1, b, step, COMMAND, 1)
            n = battalion_duty[b]
            trust = battalion_sums[b, 1] / n if n > 0 else 0.0
            skill = min(1.0, p.evacuation_skill + evacuation_gain[q])
            if refuge >= 0 and n > 0 and p.M17 > 0.0 and goes_in_order(u0, skill, trust, battalion_quality[b]):
                battalion_place[b] = refuge
                append(log_lines, n_log, hour, status.LOG_EVACUATION, q, b, float(n))
            else:
                battalion_routed[b] = 1
                battalion_dissolved[b] = 1
                if n > 0:
                    append(log_lines, n_log, hour, status.LOG_ROUT, q, b, float(n))
        loot[0] += start_here[q]
        if inmates[q] > 0.0 and p.prisoners_join > 0.0:
            fighters[q] += p.prisoners_join * inmates[q] * inmate_fighters[q]
            append(log_lines, n_log, hour, status.LOG_PRISON, q, -1, inmates[q])
            inmates[q] = 0.0
            request_news(queue, n_queue, status.PRISON, q)
        volunteers[q] = 0.0
        hold[q] = p.garrison_share * fighters[q]
        ready_hour[q] = hour + p.regroup
        request_news(queue, n_queue, status.FALL, q)
        _, _, _, u3 = block(key0, key1, q, step, PLACE)
        if u3 < p.treachery_after_fall and place_duty[q] < 0.5 * start_here[q]:
            request_news(queue, n_queue, status.TREACHERY, q)
            append(log_lines, n_log, hour, status.LOG_TREACHERY, q, -1, 0.0)
    return fallen
