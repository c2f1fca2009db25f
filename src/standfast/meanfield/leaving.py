"""Who leaves, how, and who comes back (E7, E13, E14, E16, E22), as shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit  # type: ignore[import-untyped]

from standfast.meanfield.build import FAR
from standfast.meanfield.campaign import (
    chances,
    frighten,
    raise_towards_one,
    share_on_leave,
)
from standfast.meanfield.feeling import believed, mean_fear, reach
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
from standfast.meanfield.wavering import of_cells, peopled, share_wavering

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.feeling import Pressure
    from standfast.meanfield.state import Floats, Ints

#: willingness to move the family of those on duty, relative to full
READY_ON_DUTY = 0.2
#: a threat too small for anybody to act on
NO_THREAT = 0.02
#: utility under which a way out is closed
CLOSED = -25.0
#: a difference of worth at which everything is decided
HUGE = 700.0
#: a variance of U that is none
NO_VARIANCE = 1e-10


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
    served = served * ~world.formations.dissolved[cells.formation]
    aware = (cells.serving[AWARE] > 0) | (cells.discount < 1)
    trust = np.where(aware, cells.trust[AWARE], cells.trust[UNAWARE])
    willing = expit(4 * (trust - 0.5) + world.places.amnesty[world.origin] - 3 * believed(world))
    rate = p.return_rate * p.dt * willing
    ruled = world.places.control[cells.home] == ADVERSARY
    for way, hindered in ((HIDING, 1 - 0.7 * ruled), (DISPLACED, 1.0)):
        back = cells.out[way] * chances(rate * hindered)
        cells.out[way] -= back
        cells.out[BACK] += back
    cells.out[BACK] -= served
    return np.asarray(served)


def _enter_duty(world: World, people: Floats) -> None:
    """Let people of those who left serve again: they are of the kinds that left."""
    cells = world.cells
    unaware, aware = cells.serving
    come = cells.absent * (people / np.maximum(cells.absent.sum(axis=0), 1e-12))
    cells.absent = cells.absent - come
    cells.mass[DUTY, AWARE] += come * (aware > unaware)
    cells.mass[DUTY, UNAWARE] += come * (aware <= unaware)
    cells.recount()


def _save_families(world: World) -> None:
    """Move families to safety, with means and under a threat; the house may be taken (E7, M10)."""
    p, cells = world.p, world.cells
    if p.moving_rate <= 0:
        return
    control = world.places.control[cells.home]
    threat = cells.credibility * cells.perceived * p.reach[control]
    ready = READY_ON_DUTY + (p.moving_on_leave - READY_ON_DUTY) * share_on_leave(world)
    moves = chances(p.moving_rate * p.dt * ready * threat) * (threat > NO_THREAT)
    moved = cells.movable * moves
    cells.movable = cells.movable - moved
    taken = p.house_taken * (control != GOVERNMENT)
    cells.harmed = np.minimum(1.0, cells.harmed + moved * taken)


def _suffer_harm(world: World) -> None:
    """Let those whose family or house was attacked believe and fear; some on leave die of it (E2)."""
    p, cells = world.p, world.cells
    if not cells.harmed.any():
        return
    raise_towards_one(world, "credibility", p.credibility_gain * cells.harmed)
    raise_towards_one(world, "perceived", p.perceived_by_harm * cells.harmed)
    frighten(world, cells.harmed, p.shock_harm)
    dying = cells.harmed * p.harm_killed_share
    cells.out[DEAD] += cells.count[LEAVE].sum(axis=0) * dying
    cells.mass[LEAVE] *= 1 - dying
    cells.recount()


def _leave(world: World, pressure: Pressure) -> Floats:
    """Take those who leave from duty and leave; return the losses from duty, shape (effect, n_cell)."""
    p, cells = world.p, world.cells
    routed = world.formations.routed[cells.formation]
    killed = world.places.killed[world.post] * ~routed
    rates = _rotation(world, killed)
    left, selected, come = (np.zeros_like(cells.count) for _ in range(3))
    fallen = cells.count[DUTY].sum(axis=0) * killed
    lost = _by_effect(world, cells.mass[DUTY].sum(axis=0)) * killed
    kinds, moved = np.zeros_like(cells.commitment), []
    for at in ((s, c) for s in (DUTY, LEAVE) for c in (UNAWARE, AWARE)):
        here = peopled(cells.count[at], cells.people)
        if here is None:
            continue
        mass, rate = of_cells(cells.mass[at], here), rates[at[0], here]
        going, selection = chance_of_leaving(world, pressure, at, here)
        stays = 1 - rate
        if at[0] == DUTY:
            stays = stays - killed[here]
            going = np.maximum(np.minimum(going, 1 - killed[here]), routed[here])
        out = mass * going
        kinds[:, here] += out
        left[at][here] = out.sum(axis=0)
        if at[0] == DUTY:
            lost[:, here] += _by_effect(world, out)
        selected[at][here] = np.einsum("mn,mn->n", mass, selection)
        moved.append((at, here, mass * rate))
        come[1 - at[0], at[1], here] = cells.count[at][here] * rate
        cells.mass[at][:, here] = mass * (stays - going)
    _select(world, pressure, selected)
    _rotate(world, pressure, moved, come)
    cells.out[CAPTURED] += fallen * p.captured_share
    cells.out[DEAD] += fallen * (1 - p.captured_share)
    many = left.sum(axis=1)
    cells.departed = _take_ways_out(world, many[DUTY], many[LEAVE])
    away = cells.departed / np.maximum(many[DUTY] + many[LEAVE], 1e-12)
    cells.absent += kinds * away
    aware = (left[DUTY, AWARE] + left[LEAVE, AWARE]) * away
    if aware.any():
        cells.gone_knows += cells.knows * aware
        cells.gone_spreads += cells.spreads * aware
    return lost


def _by_effect(world: World, values: Floats) -> Floats:
    """Sum (kind, n) over the nodes of commitment within each node of the effect of units."""
    return np.asarray(values.reshape(world.effect.size, -1, values.shape[-1]).sum(axis=1))


def chance_of_leaving(
    world: World, pressure: Pressure, at: tuple[int, int], here: Ints | slice
) -> tuple[Floats, Floats]:
    r"""Return the chance to leave in a step, and how much more likely those above the mean are.

    The mean over U ~ N(m, v) is taken at :math:`m\pm\sqrt v`, which has its first three moments.

    Parameters
    ----------
    at
        Status and class.
    here
        Cells asked for.

    Returns
    -------
    chance, selection : (kind, n_here) float64
        Mean, and half the difference between the two points.
    """
    p = world.p
    mean, variance = pressure.mean[at][here], pressure.variance[at][here]
    if at[0] == DUTY:
        # by node of the random effect of units, for all its nodes of commitment
        mean = (mean + of_cells(pressure.pull, here))[:, None]
        variance = (variance + of_cells(pressure.unit_variance, here))[:, None]
    deviation = np.sqrt(variance)
    stay, peak = of_cells(world.odds_to_stay, here), -p.rate_max * p.dt
    high = _exp_of_share(peak, stay, -(mean + deviation) / p.spread)
    low = _exp_of_share(peak, stay, (deviation - mean) / p.spread)
    selection = low - high
    selection /= 2
    high += low
    high /= -2
    high += 1
    shape = (-1, high.shape[-1])
    return high.reshape(shape), selection.reshape(shape)


def _exp_of_share(peak: float, odds: Floats, pull: Floats) -> Floats:
    """Return exp(peak / (1 + odds e^pull)); plain exponentials are twice as fast as expm1 and expit."""
    value = odds * np.exp(np.minimum(np.maximum(pull, -FAR), FAR))
    value += 1
    np.divide(peak, value, out=value)
    return np.asarray(np.exp(value, out=value))


def _select(world: World, pressure: Pressure, selected: Floats) -> None:
    r"""Lower the means of those who stay: who fears, believes and perceives more leaves first.

    With two points of U, the share that leaves covaries with anything normal by its covariance with U
    over :math:`\sqrt v` times half the difference of the points (Stein's lemma).

    Parameters
    ----------
    selected : (status, class, n_cell) float64
        People who leave of the upper point, less those of the lower, over two.
    """
    cells, variance = world.cells, pressure.variance
    drop = selected * (variance > NO_VARIANCE) / np.sqrt(variance + NO_VARIANCE)
    less = pressure.with_fear * drop / np.maximum(cells.count, 1e-12)
    fear = cells.fear - less[:, :, None]
    cells.fear = np.minimum(np.maximum(fear, 0.0, out=fear), 1.0, out=fear)
    people = np.maximum(cells.all_serving, 1e-12)
    less = (pressure.with_credibility * drop).sum(axis=(0, 1)) / people
    cells.credibility = np.minimum(np.maximum(cells.credibility - less, 0.0), 1.0)
    less = (pressure.with_perceived * drop).sum(axis=(0, 1)) / people
    cells.perceived = np.minimum(np.maximum(cells.perceived - less, 0.0), 1.0)


def _rotation(world: World, killed: Floats) -> Floats:
    """Return the chances to go on leave and to come back, shape (status, n_cell)."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    most = chance(p.rate_max * p.dt)
    rate = cells.of(formations.leave_rate) * (1 - q.leave_cancelled)[world.post]
    goes = np.minimum(chances(rate * p.dt), 1 - np.minimum(1.0, killed + most))
    # nobody leaves a place in contact
    goes = goes * ~(q.contact[world.post] | formations.routed[cells.formation])
    back = min(chance(p.dt / p.leave_length), 1 - most)
    return np.stack([goes, np.full(goes.size, back)])


def _rotate(
    world: World,
    pressure: Pressure,
    moved: list[tuple[tuple[int, int], Ints | slice, Floats]],
    come: Floats,
) -> None:
    """Let people come from duty and from leave, with what they feel.

    Parameters
    ----------
    moved
        Status and class they come from, their cells, and how many by kind.
    come : (status, class, n_cell) float64
        How many by where they come to.
    """
    cells, formations = world.cells, world.formations
    no_unit = formations.dissolved[cells.formation]
    stranded = come[DUTY] * no_unit
    if stranded.any():
        # whoever finds no unit any more reports back, or takes refuge if he wavers
        unsure = (stranded * share_wavering(world, pressure, LEAVE, no_unit)).sum(axis=0)
        cells.out[DISPLACED] += unsure
        cells.out[BACK] += stranded.sum(axis=0) - unsure
        come[DUTY] -= stranded
    for (status, group), here, people in moved:
        have_unit = 1.0 if status == DUTY else ~no_unit[here]
        cells.mass[1 - status, group][:, here] += people * have_unit
    cells.recount()
    if not come.any():
        return
    part = np.minimum(come / np.maximum(cells.count, 1e-300), 1.0)
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
    suspicion = np.where(cells.serving[AWARE] > 0, cells.suspicion[AWARE], cells.suspicion[UNAWARE])
    threat = cells.credibility * cells.perceived
    # what is worth the same to everybody: refuge, renouncing, going over
    refuge = 1 - (cells.movable + cells.settled) * (cells.home == world.post)
    alike = np.empty((3, cells.home.size))
    alike[0] = p.refuge_base + p.refuge_family * refuge
    alike[1] = p.renounce_base + np.where(governed, -4, p.renounce_threat * threat)
    alike[2] = p.defect_base + (p.defect_support * world.places.support)[cells.home]
    alike[2] += p.defect_suspicion * suspicion + p.defect_resolve * cells.resolve
    # hiding, to the exposed and the others; going abroad, to those with means and without
    hiding = p.hide_base + (p.hide_exposed * np.array([[1.0], [0.0]])) * ~governed
    abroad = p.abroad_base + p.abroad_means * np.array([[1.0], [0.0]])
    abroad = abroad + p.abroad_threat * threat * reach(world)
    best = alike.max(axis=0)
    odds = np.exp(alike - best)
    of_hiding = np.exp(np.minimum(hiding - best, HUGE))[:, None]
    of_abroad = np.exp(np.minimum(abroad - best, HUGE))
    exposed = np.stack([cells.exposed, 1 - cells.exposed])[:, None]
    means = world.scenario.population.means
    share = exposed * np.array([[means], [1 - means]])
    weight = share / (odds.sum(axis=0) + of_hiding + of_abroad)
    found = np.empty((N_WAY, cells.home.size))
    found[[DISPLACED, RENOUNCED, DEFECTED]] = odds * weight.sum(axis=(0, 1))
    found[HIDING] = (of_hiding * weight).sum(axis=(0, 1))
    found[ABROAD] = (of_abroad * weight).sum(axis=(0, 1))
    is_closed = (best < CLOSED) & (hiding[:, None] < CLOSED) & (abroad < CLOSED)
    if is_closed.any():
        # where every way is closed, refuge is taken
        closed = np.where(is_closed, share, 0.0).sum(axis=(0, 1))
        found = found * (1 - closed)
        found[DISPLACED] += closed
    return found
