"""Who leaves, how, and who comes back (E7, E13, E14, E16, E22), as shares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, ndtr  # type: ignore[import-untyped]

from standfast.meanfield.campaign import chances, frighten, raise_towards_one
from standfast.meanfield.feeling import believed, mean_fear
from standfast.meanfield.parameters import chance
from standfast.meanfield.state import (
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
)

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.feeling import Pressure
    from standfast.meanfield.state import Flags, Floats, Ints

#: willingness to move the family of those on duty, relative to full
READY_ON_DUTY = 0.2
#: a threat too small for anybody to act on
NO_THREAT = 0.02
#: utility under which a way out is closed
CLOSED = -25.0
#: a pressure at which everything is decided
FAR = 500.0
#: shares of a cell, and variances of U, that are none
NOBODY, NO_VARIANCE = 1e-9, 1e-10


def decide(world: World, pressure: Pressure) -> None:
    """Let people leave, go on leave, come back from it, and return to service."""
    served = _return(world)
    _save_families(world)
    _suffer_harm(world)
    left = _leave(world, pressure)
    if served.any():
        # whoever comes to serve again decides from the next step on
        _enter_duty(world, served)
    remember(world, world.cells.by_formation(left) / np.maximum(world.formations.people, 1e-12))


def remember(world: World, lost: Floats) -> None:
    """Add who left to the fading memory of squads, and its variance from their size (E15)."""
    p, formations = world.p, world.formations
    formations.left = lost
    formations.gone = formations.gone * p.fade_memory + lost
    noise = formations.noise * p.fade_memory**2 + lost / np.maximum(formations.squad, 1)
    formations.noise = np.minimum(noise, formations.gone * np.maximum(0.0, 1 - formations.gone))


def _return(world: World) -> Floats:
    """Let some who hide or took refuge come back; return who is retrained (E22)."""
    p, cells = world.p, world.cells
    served = cells.out[BACK] * chance(p.dt / p.retraining)
    served = np.where(world.formations.dissolved[cells.formation], 0.0, served)
    aware = (cells.serving[AWARE] > 0) | (cells.discount < 1)
    trust = np.where(aware, cells.trust[1], cells.trust[0])
    willing = expit(4 * (trust - 0.5) + world.places.amnesty[world.origin] - 3 * believed(world))
    for way in (HIDING, DISPLACED):
        ruled = (way == HIDING) & (world.places.control[cells.home] == ADVERSARY)
        rate = p.return_rate * willing * np.where(ruled, 0.3, 1.0)
        back = cells.out[way] * chances(rate * p.dt)
        cells.out[way] -= back
        cells.out[BACK] += back
    cells.out[BACK] -= served
    return served


def _enter_duty(world: World, people: Floats) -> None:
    """Let people of those who left serve again: they are of the kinds that left."""
    cells = world.cells
    group = np.where(cells.serving[AWARE] > cells.serving[UNAWARE], 1, 0)
    share = cells.absent / np.maximum(cells.absent.sum(axis=0), 1e-12)
    cells.absent = cells.absent - share * people
    for g in (0, 1):
        cells.mass[DUTY, g] += share * np.where(group == g, people, 0.0)
    cells.count = cells.mass.sum(axis=2)


def _save_families(world: World) -> None:
    """Move families to safety, with means and under a threat; the house may be taken (E7, M10)."""
    p, cells = world.p, world.cells
    if p.moving_rate <= 0:
        return
    full = np.asarray(p.reach)[world.places.control[cells.home]]
    threat = cells.credibility * cells.perceived * full
    serving = cells.count.sum(axis=1)
    on_leave = serving[LEAVE] / np.maximum(serving.sum(axis=0), 1e-12)
    ready = READY_ON_DUTY + (p.moving_on_leave - READY_ON_DUTY) * on_leave
    moves = np.where(threat > NO_THREAT, chances(p.moving_rate * ready * threat * p.dt), 0.0)
    moved = cells.movable * moves
    cells.movable = cells.movable - moved
    taken = np.where(world.places.control[cells.home] != GOVERNMENT, p.house_taken, 0.0)
    cells.harmed = np.minimum(1.0, cells.harmed + moved * taken)


def _suffer_harm(world: World) -> None:
    """Let those whose family or house was attacked believe and fear; some on leave die of it (E2)."""
    p, cells = world.p, world.cells
    if not cells.harmed.any():
        return
    raise_towards_one(world, "credibility", p.credibility_gain * cells.harmed)
    raise_towards_one(world, "perceived", p.perceived_by_harm * cells.harmed)
    frighten(world, cells.harmed, np.asarray(p.shock_harm))
    dying = cells.mass[LEAVE] * cells.harmed * p.harm_killed_share
    cells.mass[LEAVE] -= dying
    cells.count = cells.mass.sum(axis=2)
    cells.out[DEAD] += dying.sum(axis=(0, 1))


def _leave(world: World, pressure: Pressure) -> Floats:
    """Take those who leave from duty and leave; return the losses from duty, shape (effect, n_cell)."""
    p, cells, formations = world.p, world.cells, world.formations
    of = cells.formation
    routed = formations.routed[of]
    killed = np.where(routed, 0.0, world.places.killed[world.post])
    rates = _rotation(world, killed)
    left, dropped = np.zeros((2, of.size)), np.zeros((2, of.size))
    fallen, aware = np.zeros(of.size), np.zeros(of.size)
    lost, kinds = np.zeros((world.effect.size, of.size)), np.zeros_like(cells.commitment)
    moved, come = np.zeros_like(cells.mass), np.zeros_like(cells.count)
    for status, group in ((s, c) for s in (DUTY, LEAVE) for c in (UNAWARE, AWARE)):
        here = _peopled(cells.count[status, group], cells.people)
        if here is None:
            continue
        mass = cells.mass[status, group][:, here]
        going, selection = chance_of_leaving(world, pressure, status, group, here)
        if status == DUTY:
            going = np.minimum(going, 1 - killed[here])
            going[:, routed[here]] = 1.0
        out = mass * going
        stays = mass - out - mass * rates[status, here]
        if status == DUTY:
            lost[:, here] += _by_effect(world, out)
            if killed.any():
                dead = mass * killed[here]
                stays -= dead
                lost[:, here] += _by_effect(world, dead)
                fallen[here] += dead.sum(axis=0)
        sorted_out = np.einsum("mn,mn->n", mass, selection)
        dropped[:, here] += _select(world, pressure, status, group, here, sorted_out)
        many = out.sum(axis=0)
        left[status, here] += many
        kinds[:, here] += out
        if group == AWARE:
            aware[here] += many
        moved[1 - status, group][:, here] = mass * rates[status, here]
        come[1 - status, group][here] = cells.count[status, group, here] * rates[status, here]
        cells.mass[status, group][:, here] = stays
    _believe_less(world, dropped)
    _rotate(world, pressure, moved, come)
    cells.out[CAPTURED] += fallen * p.captured_share
    cells.out[DEAD] += fallen * (1 - p.captured_share)
    cells.departed = _take_ways_out(world, left[DUTY], left[LEAVE])
    away = cells.departed / np.maximum(left.sum(axis=0), 1e-12)
    cells.absent += kinds * away
    cells.gone_knows += cells.knows * (aware * away)
    cells.gone_spreads += cells.spreads * (aware * away)
    return lost


def _peopled(count: Floats, people: Floats) -> Ints | slice | None:
    """Return the cells with people: their indices, all if they are most, None if there are none."""
    here = np.flatnonzero(count > NOBODY * people)
    if not here.size:
        return None
    return slice(None) if 2 * here.size > count.size else here


def _by_effect(world: World, values: Floats) -> Floats:
    """Sum (kind, n) over the nodes of commitment within each node of the effect of units."""
    return np.asarray(values.reshape(world.effect.size, -1, values.shape[-1]).sum(axis=1))


def chance_of_leaving(
    world: World, pressure: Pressure, status: int, group: int, here: Ints | slice
) -> tuple[Floats, Floats]:
    r"""Return the chance to leave in a step, and how much more likely those above the mean are.

    The mean over U ~ N(m, v) is taken at :math:`m\pm\sqrt v`, which has its first three moments.

    Returns
    -------
    chance, selection : (kind, n_here) float64
        Mean, and half the difference between the two points.
    """
    p, cells = world.p, world.cells
    below = cells.commitment[:, here] - pressure.mean[status, group, here]
    variance = pressure.variance[status, group, here]
    if status == DUTY:
        n_node = below.shape[0] // world.effect.size
        below = below - np.repeat(pressure.unit[:, here], n_node, axis=0)
        deviation = np.sqrt(variance + pressure.unit_variance[:, here])
        deviation = np.repeat(deviation, n_node, axis=0)
    else:
        deviation = np.sqrt(variance)
    if p.spread != 1:
        below, deviation = below / p.spread, deviation / p.spread
    peak = p.rate_max * p.dt
    # plain exponentials are twice as fast as expit and expm1, and ten digits are enough
    below = np.clip(below, -FAR, FAR)
    high = 1 - np.exp(-peak / (1 + np.exp(below - deviation)))
    low = 1 - np.exp(-peak / (1 + np.exp(below + deviation)))
    going = (high + low) / 2
    return going, high - going


def _select(
    world: World, pressure: Pressure, status: int, group: int, here: Ints | slice, selection: Floats
) -> tuple[Floats, Floats]:
    r"""Lower the mean fear of those who stay: the more afraid leave first (Stein's lemma).

    With two points of U, the share that leaves covaries with anything normal by its covariance with U
    over :math:`\sqrt v` times half the difference of the points.

    Parameters
    ----------
    selection : (n_here,) float64
        People who leave of the upper point, less those of the lower, over two.

    Returns
    -------
    credibility, perceived : (n_here,) float64
        How much less those who stay believe and perceive, summed over them.
    """
    at = (status, group, here)
    deviation = np.sqrt(pressure.variance[at] + NO_VARIANCE)
    drop = np.where(pressure.variance[at] > NO_VARIANCE, selection / deviation, 0.0)
    fear = world.cells.fear[status, group]
    less = pressure.with_fear[at] * drop / np.maximum(world.cells.count[at], 1e-12)
    fear[:, here] = np.clip(fear[:, here] - less, 0.0, 1.0)
    return pressure.with_credibility[at] * drop, pressure.with_perceived[at] * drop


def _believe_less(world: World, dropped: Floats) -> None:
    """Lower A and Y by what those who left believed more; `dropped` is (2, n_cell), summed over people."""
    cells = world.cells
    people = np.maximum(cells.count.sum(axis=(0, 1)), 1e-12)
    cells.credibility = np.clip(cells.credibility - dropped[0] / people, 0.0, 1.0)
    cells.perceived = np.clip(cells.perceived - dropped[1] / people, 0.0, 1.0)


def _rotation(world: World, killed: Floats) -> Floats:
    """Return the chances to go on leave and to come back, shape (status, n_cell)."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    of, post = cells.formation, world.post
    most = chance(p.rate_max * p.dt)
    rate = formations.leave_rate[of] * (1 - q.leave_cancelled[post])
    goes = np.minimum(chances(rate * p.dt), 1 - np.minimum(1.0, killed + most))
    # nobody leaves a place in contact
    goes = np.where(q.contact[post] | formations.routed[of], 0.0, goes)
    back = min(chance(p.dt / p.leave_length), 1 - most)
    return np.stack([goes, np.full(goes.size, back)])


def _rotate(world: World, pressure: Pressure, moved: Floats, come: Floats) -> None:
    """Let people come from duty and from leave, with what they feel; `moved`, `come` by where to."""
    cells, formations = world.cells, world.formations
    no_unit = formations.dissolved[cells.formation]
    if no_unit.any():
        # whoever finds no unit any more reports back, or takes refuge if he wavers
        stranded = np.where(no_unit, come[DUTY], 0.0)
        unsure = (stranded * share_wavering(world, pressure, LEAVE, no_unit)).sum(axis=0)
        cells.out[DISPLACED] += unsure
        cells.out[BACK] += stranded.sum(axis=0) - unsure
        moved[DUTY][:, :, no_unit] = 0.0
        come[DUTY] -= stranded
    cells.mass += moved
    cells.count = cells.mass.sum(axis=2)
    part = np.divide(come, cells.count, out=np.zeros_like(come), where=cells.count > 0)
    part = np.minimum(part, 1.0)
    fear = mean_fear(world)
    difference = fear[::-1] - fear
    noise = cells.noise + part * (cells.noise[::-1] - cells.noise)
    cells.noise = noise + part * (1 - part) * difference**2
    cells.alike = cells.alike + part * (cells.alike[::-1] - cells.alike)
    cells.fear = cells.fear + part[:, :, None] * (cells.fear[::-1] - cells.fear)


def _take_ways_out(world: World, from_duty: Floats, from_leave: Floats) -> Floats:
    """Divide those who leave among the ways out, and return how many took one (E14, M28)."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    of, post = cells.formation, world.post
    if not (from_duty.any() or from_leave.any()):
        return np.zeros_like(from_duty)
    cover = p.night_cover if world.is_night else 0.0
    danger = np.where(q.contact, q.encirclement * q.intensity, 0.0)[post]
    danger = danger * (1 - p.blend_in) * (1 - cover)
    taken = np.where(formations.routed[of], p.fall_captured, 0.0)
    shot = (1 - taken) * p.flight_risk * danger
    caught = taken + (1 - taken) * p.flight_capture * danger
    cells.out[DEAD] += from_duty * shot
    cells.out[CAPTURED] += from_duty * caught
    away = from_duty * (1 - shot - caught) + from_leave
    cells.out[:N_WAY] += away * ways_out(world)
    return np.asarray(away)


def ways_out(world: World) -> Floats:
    """Return the shares of the ways out, over those exposed or not and with means or without."""
    p, cells = world.p, world.cells
    governed = world.places.control[cells.home] == GOVERNMENT
    at_home = cells.movable + cells.settled
    threat = cells.credibility * cells.perceived
    suspicion = np.where(cells.serving[AWARE] > 0, cells.suspicion[AWARE], cells.suspicion[0])
    support = world.places.support[cells.home]
    away = np.where(cells.home != world.post, 1.0, 1 - at_home)
    means = world.scenario.population.means
    of_threat = p.abroad_threat * believed(world)
    worth = np.empty((4, N_WAY, cells.home.size))
    share = np.empty((4, 1, cells.home.size))
    for kind, (exposed, rich) in enumerate(((1, 1), (1, 0), (0, 1), (0, 0))):
        share[kind] = cells.exposed if exposed else 1 - cells.exposed
        share[kind] *= means if rich else 1 - means
        worth[kind, HIDING] = p.hide_base + np.where(governed, 0.0, p.hide_exposed * exposed)
        worth[kind, ABROAD] = p.abroad_base + p.abroad_means * rich + of_threat
    worth[:, DISPLACED] = p.refuge_base + p.refuge_family * away
    worth[:, RENOUNCED] = p.renounce_base + np.where(governed, -4, p.renounce_threat * threat)
    worth[:, DEFECTED] = p.defect_base + p.defect_support * support
    worth[:, DEFECTED] += p.defect_suspicion * suspicion + p.defect_resolve * cells.resolve
    best = worth.max(axis=1, keepdims=True)
    odds = np.exp(worth - best)
    chosen = odds / odds.sum(axis=1, keepdims=True)
    # where every way is closed, refuge is taken
    chosen = np.where(best < CLOSED, np.eye(N_WAY)[DISPLACED][:, None], chosen)
    return np.asarray((chosen * share).sum(axis=0))


def share_wavering(world: World, pressure: Pressure, status: int, cells_asked: Flags) -> Floats:
    """Return the share who waver (E16), shape (class, n_cell); 0 in cells not asked for.

    The law of U in a cell is taken from its first four cumulants (Edgeworth): those left are skewed,
    because the least committed leave first.
    """
    cells = world.cells
    share = np.zeros_like(cells.count[status])
    for group in (UNAWARE, AWARE):
        at = (status, group)
        here = _peopled(np.where(cells_asked, cells.count[at], 0.0), cells.people)
        if here is None:
            continue
        weight = cells.mass[at][:, here] / np.maximum(cells.count[at][here], 1e-12)
        a = cells.commitment[:, here]
        if status == DUTY:
            a = a - np.repeat(pressure.unit[:, here], a.shape[0] // world.effect.size, axis=0)
        first = (weight * a).sum(axis=0)
        off = a - first
        second, third, fourth = _moments(weight, off)
        deviation = np.sqrt(second + pressure.variance[at][here] + 1e-12)
        x = (world.p.wavering_pressure - pressure.mean[at][here] + first) / deviation
        # U falls with commitment, so its third cumulant has the other sign
        skewness, excess = -third / deviation**3, (fourth - 3 * second**2) / deviation**4
        bent = skewness / 6 * (x**2 - 1) + excess / 24 * (x**3 - 3 * x)
        bent += skewness**2 / 72 * (x**5 - 10 * x**3 + 15 * x)
        density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        share[group, here] = np.clip(ndtr(-x) + density * bent, 0.0, 1.0)
    return np.asarray(share)


def _moments(weight: Floats, off: Floats) -> tuple[Floats, Floats, Floats]:
    square = off * off
    second = weight * square
    return _sum(second), _sum(second * off), _sum(second * square)


def _sum(values: Floats) -> Floats:
    return np.asarray(values.sum(axis=0))
