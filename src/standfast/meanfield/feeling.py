r"""What people feel in a step, and the pressure that follows (E3, E4, E7, E9, E10, E12, E13, E23).

Given the means of others, everything one feels changes by an affine rule, so means are exact, and so
is the variance of fear (from the personal baseline, openness and shocks). With these the pressure of a
cell is normal, U ~ N(m, v), beside commitment, which has nodes of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit  # type: ignore[import-untyped]

from standfast.meanfield.build import COHESION_CONCENTRATION
from standfast.meanfield.campaign import chances, frighten, raise_towards_one
from standfast.meanfield.parameters import chance
from standfast.meanfield.state import ADVERSARY, AWARE, DUTY, GOVERNMENT, LEAVE, UNAWARE

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats


@dataclass(frozen=True)
class Pressure:
    """Pressure U beside commitment and the terms of the unit.

    Attributes
    ----------
    mean, variance : (status, class, n_cell) float64
        m and v.
    pull : (n_effect, n_cell) float64
        Peer pressure by node of the random effect of units; only on duty.
    unit_variance : (n_effect, n_cell) float64
        Its variance between squads.
    with_fear, with_credibility, with_perceived : (status, class, n_cell) float64
        Covariances of U with F, A and Y between people.
    """

    mean: Floats
    variance: Floats
    pull: Floats
    unit_variance: Floats
    with_fear: Floats
    with_credibility: Floats
    with_perceived: Floats


def feel(world: World) -> Pressure:
    """Advance what everybody feels by a step, and return the pressure to leave."""
    _feel_command(world)
    _feel_fear(world)
    _feel_resolve(world)
    raise_towards_one(world, "perceived", world.places.hearsay[world.cells.home])
    pressure = pressure_of(world)
    q = world.places
    if q.fire.any():
        fire = (q.fire * q.contact)[world.post]
        frighten(world, np.stack([fire, np.zeros_like(fire)])[:, None], world.p.shock_combat)
    return pressure


def _feel_command(world: World) -> None:
    """Relax trust, belief and suspicion, with the pulses of the step (E9, E10, E23)."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    rest = cells.of(formations.trust_start)
    trust = rest + (cells.trust - rest) * p.fade_trust
    trust = trust * cells.of(1 - p.trust_loss * formations.hit)
    cells.trust = trust + (1 - trust) * cells.of(p.trust_gain * formations.gain)
    # a company sees the departures of all its squads, as a share of the names on its list
    seen = (world.kinship @ formations.left) * formations.full
    left = (formations.people * seen).sum(axis=0) / formations.size
    shift = p.belief_start * (1 - p.fade_belief) + formations.shift - p.belief_of_departures * left
    belief = cells.belief * p.fade_belief + cells.of(shift)
    cells.belief = np.minimum(np.maximum(belief, -8.0), 8.0)
    moles = chance(p.suspicion_of_moles * p.dt) * q.infiltration * (q.control != GOVERNMENT)
    faded = cells.suspicion * p.fade_suspicion
    cells.suspicion = faded + (1 - faded) * moles[world.post]


def _feel_fear(world: World) -> None:
    """Take on the fear around, amplified, and calm down (E3, E4)."""
    p, cells, formations = world.p, world.cells, world.formations
    a, b = world.scenario.population.baseline_fear
    rest = a / (a + b)
    # all of it is affine: F <- kept F + gained, by openness
    kept, gained = np.array(p.fade_fear), np.array(rest * (1 - p.fade_fear))
    if p.contagion_rate > 0:
        around = _fear_around(world)[:, None]
        uptake = chances(p.contagion_rate * p.dt * world.delta)[:, None]
        eta, beta = p.amplification, p.upward_bias
        slope = eta * (beta * (1 - around) + (1 - beta) * around) - 1
        aim = eta * beta * around + (1 - eta) * around
        # aim - F is affine in F with this slope
        gained = gained + uptake * aim * p.fade_fear
        kept = (1 + uptake * slope) * p.fade_fear
    kept = np.broadcast_to(kept, cells.fear.shape[1:])
    mean, squared = world.openness @ kept, world.openness @ kept**2
    cells.fear = kept * cells.fear + gained
    cells.noise = cells.noise * squared
    cells.base = cells.base * mean + (1 - p.fade_fear)
    cells.alike = cells.alike * mean
    if formations.relief.any():
        kept = cells.of(1 - p.relief_by_reinforcement * formations.relief)
        cells.fear, cells.base = cells.fear * kept, cells.base * kept
        cells.noise = cells.noise * kept**2
        cells.alike = cells.alike * kept


def mean_fear(world: World) -> Floats:
    """Return mean fear by status and class, over openness, shape (2, 2, n_cell)."""
    return np.asarray(world.openness @ world.cells.fear)


def _fear_around(world: World) -> Floats:
    """Return F*, the mean fear of the layers somebody has, by their weights, shape (class, n_cell)."""
    p, cells, formations = world.p, world.cells, world.formations
    settings = world.scenario.network
    trusted = p.weight_squad * (1 - p.suspicion_isolates * cells.suspicion)
    weight = trusted + p.weight_company
    total = weight * cells.of(formations.fear)
    if settings.kin_mean > 0 or settings.phone_mean > 0:
        known = _fear_known(world) * cells.people
        at_home = cells.around_home(known)
        if settings.kin_mean > 0:
            weight, total = weight + p.weight_kin, total + p.weight_kin * at_home
        if settings.phone_mean > 0:
            unit = cells.of(cells.by_formation(known) / formations.size)
            u, h = settings.phone_unit, settings.phone_home
            friends = u * unit + h * at_home + (1 - u - h) * (known.sum() / world.n_people)
            w = p.weight_phone * (1 - p.monitoring_silence * world.places.infiltration)[world.post]
            share = world.scenario.population.phones
            with_phone = (total + w * friends) / np.maximum(weight + w, 1e-12)
            return np.asarray(share * with_phone + (1 - share) * total / np.maximum(weight, 1e-12))
    return np.asarray(total / np.maximum(weight, 1e-12))


def _fear_known(world: World) -> Floats:
    """Return the fear that contacts let on, whether they serve or have left, shape (n_cell,)."""
    cells = world.cells
    fear = mean_fear(world)
    of_gone = np.where(cells.serving[AWARE] > 0, fear[DUTY, AWARE], fear[DUTY, UNAWARE])
    gone = cells.out.sum(axis=0)
    total = (cells.count * fear).sum(axis=(0, 1)) + gone * of_gone
    return np.asarray(total / np.maximum(cells.all_serving + gone, 1e-12))


def _feel_resolve(world: World) -> None:
    """Let resolve follow trust lost, and wear down in combat (E12)."""
    p, cells = world.p, world.cells
    serving = cells.serving
    people = serving[UNAWARE] + serving[AWARE]
    trust = (serving * cells.trust).sum(axis=0) / np.maximum(people, 1e-12)
    trust = np.where(people > 0, trust, cells.trust[AWARE])
    lost = np.maximum(0.0, cells.of(world.formations.trust_start) - trust)
    rest = p.resolve_start - p.resolve_of_trust * lost
    worn = p.dt / p.combat_exhaustion * world.places.contact[world.post]
    value = rest + (cells.resolve - rest) * p.fade_resolve - worn
    cells.resolve = np.minimum(np.maximum(value, 0.0), 1.0)


def believed(world: World) -> Floats:
    """Return V, credibility times perceived exposure times perceived reach (E7), shape (n_cell,)."""
    cells = world.cells
    return np.asarray(cells.credibility * cells.perceived * reach(world))


def reach(world: World) -> Floats:
    """Return the mean perceived reach of threats to families, shape (n_cell,)."""
    p, cells = world.p, world.cells
    at_home, control = cells.movable + cells.settled, world.places.control[cells.home]
    moved = np.minimum(p.reach, p.reach_moved)
    return np.asarray(at_home * (p.reach - moved)[control] + moved[control])


def pressure_of(world: World) -> Pressure:
    """Return the pressure that follows from what everybody feels (E13)."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    reached = reach(world)
    hope = expit(cells.belief)
    punishment = p.weight_punishment * np.exp(-q.gone / p.punishment_capacity)
    deterrence = punishment[world.post] * cells.legitimacy
    cross = p.cross_pressure * 4 * cells.resolve * (1 - cells.trust)
    of_threat = (p.weight_family + cross) * reached
    trusted_order = cells.of(formations.stand) * np.maximum(0.0, 2 * cells.trust - 1)
    alike = (
        2 * p.weight_belief * expit(p.belief_start)
        + p.weight_trust * p.trust_start
        + p.weight_resolve * (p.resolve_start - cells.resolve)
        + p.peer_phone * cells.phone_gone
        + p.peer_kin * cells.kin_gone
        - cells.extra
    )
    shared = (
        of_threat * (cells.credibility * cells.perceived)
        - 2 * p.weight_belief * hope
        - p.weight_trust * cells.trust
        + p.weight_suspicion * cells.suspicion
        + p.weight_order * (cells.of(formations.order) - trusted_order)
        + alike
    )
    danger = q.encirclement * q.intensity * q.contact
    safety = p.weight_leaving_safety * (2 * q.leaving_safety - 1 - danger)
    fear_gain = p.weight_fear + p.weight_order * cells.of(formations.call_up)
    fear = mean_fear(world)
    mean = shared + fear_gain * fear
    mean[DUTY] += safety[world.post] - deterrence
    mean[LEAVE] += p.leave_pull - deterrence * (q.control != ADVERSARY)[cells.home]
    of_fear = _variance_of_fear(world, fear)
    # U moves with A at this rate, and with Y at the other
    by_a, by_y = of_threat * cells.perceived, of_threat * cells.credibility
    # fear and credibility vary together, and U with both
    by_both = by_a * cells.alike
    variance = fear_gain**2 * of_fear + of_threat**2 * _variance_of_belief(world)
    # a refusal moves orders, belief and trust of a company together
    uneven = cells.of(np.sqrt(formations.uneven).sum(axis=0) ** 2)
    variance = np.maximum(variance + 2 * fear_gain * by_both, 0.0) + uneven
    pull, pull_variance = _peers(world)
    return Pressure(
        mean,
        variance,
        pull=cells.of(pull),
        unit_variance=cells.of(pull_variance),
        with_fear=fear_gain * of_fear + by_both,
        with_credibility=by_a * cells.credibility_noise + fear_gain * cells.alike,
        with_perceived=by_y * cells.perceived_noise,
    )


def _variance_of_fear(world: World, fear: Floats) -> Floats:
    cells = world.cells
    a, b = world.scenario.population.baseline_fear
    baseline = a * b / ((a + b) ** 2 * (a + b + 1))
    by_openness = world.openness @ (cells.fear - fear[:, :, None]) ** 2
    return np.asarray(by_openness + cells.noise + cells.base**2 * baseline)


def _variance_of_belief(world: World) -> Floats:
    """Return the variance of A Y, independent of each other."""
    cells = world.cells
    a, y = cells.credibility, cells.perceived
    va, vy = cells.credibility_noise, cells.perceived_noise
    return np.asarray(a**2 * vy + y**2 * va + va * vy)


def _peers(world: World) -> tuple[Floats, Floats]:
    """Return peer pressure by node of the random effect, and its variance between squads (E15)."""
    p, formations = world.p, world.formations
    weight = formations.cohesion * p.peer_squad
    company = world.kinship @ formations.gone * formations.full
    above = formations.gone - p.peer_norm
    pull = weight * above + p.peer_company * company
    uneven = formations.cohesion * (1 - formations.cohesion) / (COHESION_CONCENTRATION + 1)
    variance = uneven * (p.peer_squad * above) ** 2
    return pull, variance + weight**2 * formations.noise
