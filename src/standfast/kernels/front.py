r"""E19, E20: local allies, refugees, the advance along roads and its halt. M37 M38 M40.

From a fallen place, after regrouping, the fighters who need not hold it set out in columns for
the neighbouring places that promise most: value x weakness, weakness = P / (P + D). Each
column thins (a share stays to hold what was taken), its power falls with supply distance and where
support is lacking, and it assaults only where D/P is under the assault ratio: so the wave halts
in the zone that is defended. Where success is visible, local allies join towards
support x people x share. Civilians flee, fill the roads and carry word.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import kernel, rule
from standfast.kernels.combat import attacking_power
from standfast.kernels.exposure import append
from standfast.kernels.mathematics import chance

FAR = 1_000_000


@kernel
def see_neighbours(control, lost_hour, road_indptr, road_indices, neighbour_lost):
    """Note which places see a neighbouring place that fell during the run.

    `neighbour_lost` (n_place,) uint8 is *Overwritten*.
    """
    seen = 0
    for q in range(control.size):
        neighbour_lost[q] = 0
        for at in range(road_indptr[q], road_indptr[q + 1]):
            other = road_indices[at]
            if control[other] == status.ADVERSARY and lost_hour[other] == lost_hour[other]:
                neighbour_lost[q] = 1
        seen += neighbour_lost[q]
    return seen


@kernel
def join_and_flee(
    behaviour, control, neighbour_lost, population, support, allies, refugees, public_factor, fighters,
    road_indptr, road_indices,
):
    """Let local allies join where success is visible (M37), and civilians flee (M40).

    Parameters
    ----------
    allies, refugees, fighters, public_factor : (n_place,) float64
        *Overwritten*: allies who joined [people], civilians who fled [people], fighters
        [people], factor on public contacts [1].

    Returns
    -------
    int
        How many places had refugees.
    """
    p = behaviour[0]
    join = chance(p.allies_rate * p.dt)
    flee = chance(p.refugees_rate * p.dt)
    places = 0
    for q in range(control.size):
        if neighbour_lost[q] or (control[q] == status.ADVERSARY and allies[q] >= 0.0):
            target = support[q] * population[q] * p.allies_share
            more = join * max(0.0, target - allies[q])
            allies[q] += more
            fighters[q] += more
        if control[q] != status.GOVERNMENT:
            refugees[q] += flee * max(0.0, p.refugees_share * population[q] - refugees[q])
            places += 1
    for q in range(control.size):
        passing = 0.0
        for at in range(road_indptr[q], road_indptr[q + 1]):
            other = road_indices[at]
            passing += refugees[other] / max(1, road_indptr[other + 1] - road_indptr[other])
        crowd = min(3.0, passing / (0.1 * max(population[q], 1000.0)))
        public_factor[q] = 1.0 + p.civilian_carry * crowd
    return places


@kernel
def frontier_distance(control, is_region, road_indptr, road_indices, steps_to_front):
    """Set for each place the number of roads to the nearest place not yet taken (0 if not taken)."""
    n = control.size
    for q in range(n):
        taken = control[q] == status.ADVERSARY
        steps_to_front[q] = FAR if taken or is_region[q] else 0
    for _ in range(n):
        moved = False
        for q in range(n):
            for at in range(road_indptr[q], road_indptr[q + 1]):
                near = steps_to_front[road_indices[at]] + 1
                if steps_to_front[q] > near and control[q] == status.ADVERSARY:
                    steps_to_front[q] = near
                    moved = True
        if not moved:
            break
    return n


@rule
def is_targeted(q, column_to, column_men):
    """Return whether a column is already on its way to a place."""
    for k in range(column_to.size):
        if column_men[k] > 0.0 and column_to[k] == q:
            return True
    return False


@rule
def launch(men, start, end, hour, hours, km, column_from, column_to, column_men, column_eta, column_km):
    """Send a column on its way in a free line; return whether there was one."""
    for k in range(column_to.size):
        if column_men[k] <= 0.0:
            column_from[k] = start
            column_to[k] = end
            column_men[k] = men
            column_eta[k] = hour + hours
            column_km[k] = km
            return True
    return False


@kernel
def advance_columns(
    behaviour, hour, max_columns, value, is_region, population, support, road_indptr, road_indices, road_km, road_speed,
    control, defence, refugees, loot, hold, ready_hour, halted, supply_km, steps_to_front, fighters,
    intensity, wait_hours, column_from, column_to, column_men, column_eta, column_km, log_lines, n_log,
):
    """Let columns arrive and set out (M38).

    Returns
    -------
    int
        How many columns are on the road.
    """
    p = behaviour[0]
    if p.M38 == 0.0:
        return 0
    on_road = 0
    for k in range(column_to.size):
        if column_men[k] <= 0.0:
            continue
        if hour < column_eta[k]:
            on_road += 1
            continue
        q = column_to[k]
        fighters[q] += column_men[k]
        supply_km[q] = column_km[k]
        append(log_lines, n_log, hour, status.LOG_ARRIVES, q, -1, column_men[k])
        column_men[k] = 0.0
        if control[q] == status.ADVERSARY:
            ready_hour[q] = max(ready_hour[q], hour)
        elif intensity[q] <= 0.0:
            intensity[q] = 1.0
    for q in range(control.size):
        if control[q] != status.ADVERSARY or hour < ready_hour[q] or halted[q]:
            continue
        spare = fighters[q] - hold[q]
        if spare < p.strike_least:
            continue
        sent = 0
        blocked = False
        for turn in range(max_columns):
            best = -1
            best_at = -1
            best_score = 0.0
            men = spare / (max_columns - turn) if max_columns - turn > 1 else spare
            if men < p.strike_least:
                men = spare
            if men < p.strike_least:
                break
            for at in range(road_indptr[q], road_indptr[q + 1]):
                other = road_indices[at]
                if control[other] == status.ADVERSARY or is_region[other] or is_targeted(other, column_to, column_men):
                    continue
                power = attacking_power(
                    men, p.attacker_power, loot[0], p.loot_half, p.loot_exponent, support[other],
                    p.support_drag, supply_km[q] + road_km[at], p.halt_far,
                )
                if defence[other] > p.assault_ratio * power:
                    blocked = True
                    continue
                score = value[other] * power / (power + defence[other] + 1e-9)
                if score > best_score:
                    best, best_at, best_score = other, at, score
            if best < 0:
                break
            slow = 1.0 + p.road_slowing * refugees[q] / (0.1 * max(population[q], 1000.0))
            hours = road_km[best_at] / road_speed[best_at] * slow
            if not launch(men, q, best, hour, hours, supply_km[q] + road_km[best_at],
                          column_from, column_to, column_men, column_eta, column_km):
                break
            append(log_lines, n_log, hour, status.LOG_SETS_OUT, best, -1, men)
            fighters[q] -= men
            spare -= men
            sent += 1
        if sent > 0:
            wait_hours[q] = 0.0
            continue
        if blocked:
            wait_hours[q] += p.dt
            if wait_hours[q] >= p.halt_time:
                halted[q] = 1
                append(log_lines, n_log, hour, status.LOG_HALT, q, -1, spare)
            continue
        forward = -1
        forward_at = -1
        for at in range(road_indptr[q], road_indptr[q + 1]):
            other = road_indices[at]
            if control[other] == status.ADVERSARY and steps_to_front[other] < steps_to_front[q] and steps_to_front[other] < FAR:
                if forward < 0 or steps_to_front[other] < steps_to_front[forward]:
                    forward, forward_at = other, at
        if forward >= 0:
            hours = road_km[forward_at] / road_speed[forward_at]
            if launch(spare, q, forward, hour, hours, supply_km[q] + road_km[forward_at],
                      column_from, column_to, column_men, column_eta, column_km):
                fighters[q] -= spare
    return on_road
