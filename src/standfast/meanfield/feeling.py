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
    unit : (n_effect, n_cell) float64
        Peer pressure by node of the random effect of units; only on duty.
    unit_variance : (n_effect, n_cell) float64
        Its variance between squads.
    with_fear, with_credibility, with_perceived : (status, class, n_cell) float64
        Covariances of U with F, A and Y between people.
    """

    mean: Floats
    variance: Floats
    unit: Floats
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
    q, post = world.places, world.post
    if q.fire.any():
        fire = np.where(q.contact, q.fire, 0.0)[post]
        frighten(
            world,
            np.stack([fire, np.zeros_like(fire)])[:, None],
            np.asarray(world.p.shock_combat),
        )
    return pressure


def _feel_command(world: World) -> None:
    """Relax trust, belief and suspicion, with the pulses of the step (E9, E10, E23)."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    of = cells.formation
    rest = formations.trust_start[of]
    trust = rest + (cells.trust - rest) * p.fade_trust
    trust = trust * (1 - p.trust_loss * formations.hit[of])
    cells.trust = trust + (1 - trust) * p.trust_gain * formations.gain[of]
    # a company sees the departures of all its squads, as a share of the names on its list
    seen = (world.kinship @ formations.left) * formations.full
    left = (formations.people * seen).sum(axis=0) / formations.size
    belief = p.belief_start + (cells.belief - p.belief_start) * p.fade_belief
    belief = belief + (formations.shift - p.belief_of_departures * left)[of]
    cells.belief = np.clip(belief, -8.0, 8.0)
    seen_there = chance(p.suspicion_of_moles * p.dt) * q.infiltration
    moles = np.where(q.control != GOVERNMENT, seen_there, 0.0)[world.post]
    faded = cells.suspicion * p.fade_suspicion
    cells.suspicion = faded + (1 - faded) * moles


def _feel_fear(world: World) -> None:
    """Take on the fear around, amplified, and calm down (E3, E4)."""
    p, cells, formations = world.p, world.cells, world.formations
    a, b = world.scenario.population.baseline_fear
    rest = a / (a + b)
    if p.contagion_rate > 0:
        around = _fear_around(world)[None, :, None]
        uptake = chances(p.contagion_rate * p.dt * world.delta)[:, None]
        eta, beta = p.amplification, p.upward_bias
        slope = eta * (beta * (1 - around) + (1 - beta) * around) - 1
        aim = eta * beta * around + (1 - eta) * around
        # aim - F is affine in F with this slope
        cells.fear = cells.fear + uptake * (aim + slope * cells.fear)
        kept = (world.openness[:, None] * (1 + uptake * slope[0])).sum(axis=1)
        squared = (world.openness[:, None] * (1 + uptake * slope[0]) ** 2).sum(axis=1)
        cells.base = cells.base * kept
        cells.alike = cells.alike * kept
        cells.noise = cells.noise * squared
    cells.fear = rest + (cells.fear - rest) * p.fade_fear
    cells.noise = cells.noise * p.fade_fear**2
    cells.base = 1 + (cells.base - 1) * p.fade_fear
    cells.alike = cells.alike * p.fade_fear
    if formations.relief.any():
        kept = np.where(formations.relief, 1 - p.relief_by_reinforcement, 1.0)[cells.formation]
        cells.fear, cells.base = cells.fear * kept, cells.base * kept
        cells.noise = cells.noise * kept**2
        cells.alike = cells.alike * kept


def mean_fear(world: World) -> Floats:
    """Return mean fear by status and class, over openness, shape (2, 2, n_cell)."""
    return np.asarray((world.openness[:, None] * world.cells.fear).sum(axis=2))


def _fear_around(world: World) -> Floats:
    """Return F*, the mean fear of the layers somebody has, by their weights, shape (class, n_cell)."""
    p, cells, formations = world.p, world.cells, world.formations
    settings, of = world.scenario.network, cells.formation
    own = formations.fear[of]
    trusted = p.weight_squad * (1 - p.suspicion_isolates * cells.suspicion)
    weight = trusted + p.weight_company
    total = weight * own
    if settings.kin_mean > 0 or settings.phone_mean > 0:
        known = _fear_known(world)
        count = cells.people
        home, n_home = world.by_home(np.stack([known * count, count]))
        at_home = (home / np.maximum(n_home, 1e-12))[cells.home]
        if settings.kin_mean > 0:
            weight, total = weight + p.weight_kin, total + p.weight_kin * at_home
        if settings.phone_mean > 0:
            unit = (cells.by_formation(known * count) / formations.size)[of]
            anywhere = (known * count).sum() / count.sum()
            u, h = settings.phone_unit, settings.phone_home
            friends = u * unit + h * at_home + (1 - u - h) * anywhere
            heard = 1 - p.monitoring_silence * world.places.infiltration[world.post]
            w = p.weight_phone * heard
            share = world.scenario.population.phones
            with_phone = (total + w * friends) / np.maximum(weight + w, 1e-12)
            return np.asarray(share * with_phone + (1 - share) * total / np.maximum(weight, 1e-12))
    return np.asarray(total / np.maximum(weight, 1e-12))


def _fear_known(world: World) -> Floats:
    """Return the fear that contacts let on, whether they serve or have left, shape (n_cell,)."""
    cells = world.cells
    fear = mean_fear(world)
    mass = cells.count
    aware = cells.serving[AWARE] > 0
    of_gone = np.where(aware, fear[DUTY, AWARE], fear[DUTY, UNAWARE])
    gone = cells.out.sum(axis=0)
    total = (mass * fear).sum(axis=(0, 1)) + gone * of_gone
    return np.asarray(total / np.maximum(mass.sum(axis=(0, 1)) + gone, 1e-12))


def _feel_resolve(world: World) -> None:
    """Let resolve follow trust lost, and wear down in combat (E12)."""
    p, cells = world.p, world.cells
    serving = cells.serving
    trust = (serving * cells.trust).sum(axis=0) / np.maximum(serving.sum(axis=0), 1e-12)
    trust = np.where(serving.sum(axis=0) > 0, trust, cells.trust[AWARE])
    lost = np.maximum(0.0, world.formations.trust_start[cells.formation] - trust)
    rest = p.resolve_start - p.resolve_of_trust * lost
    value = rest + (cells.resolve - rest) * p.fade_resolve
    value = value - np.where(world.places.contact[world.post], p.dt / p.combat_exhaustion, 0.0)
    cells.resolve = np.clip(value, 0.0, 1.0)


def believed(world: World) -> Floats:
    """Return V, credibility times perceived exposure times perceived reach (E7), shape (n_cell,)."""
    cells = world.cells
    return np.asarray(cells.credibility * cells.perceived * reach(world))


def reach(world: World) -> Floats:
    """Return the mean perceived reach of threats to families, shape (n_cell,)."""
    p, cells = world.p, world.cells
    full = np.asarray(p.reach)[world.places.control[cells.home]]
    at_home = cells.movable + cells.settled
    return np.asarray(at_home * full + (1 - at_home) * np.minimum(full, p.reach_moved))


def pressure_of(world: World) -> Pressure:
    """Return the pressure that follows from what everybody feels (E13)."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    of, post = cells.formation, world.post
    threat = believed(world)
    calm, hope = expit(p.belief_start), expit(cells.belief)
    at_home_ruled = q.control[cells.home] == ADVERSARY
    deterrence = (
        p.weight_punishment * np.exp(-q.gone / p.punishment_capacity)[post] * cells.legitimacy
    )
    cross = p.cross_pressure * 4 * cells.resolve * (1 - cells.trust)
    trusted_order = formations.stand[of] * np.maximum(0.0, 2 * cells.trust - 1)
    shared = (
        (p.weight_family + cross) * threat
        + 2 * p.weight_belief * (calm - hope)
        + p.weight_trust * (p.trust_start - cells.trust)
        + p.weight_suspicion * cells.suspicion
        + p.weight_resolve * (p.resolve_start - cells.resolve)
        + p.weight_order * (formations.order[:, of] - trusted_order)
        + p.peer_phone * cells.phone_gone
        + p.peer_kin * cells.kin_gone
        - cells.extra
    )
    danger = q.encirclement * np.where(q.contact, q.intensity, 0.0)
    safety = (p.weight_leaving_safety * (2 * q.leaving_safety - 1 - danger))[post]
    fear_gain = p.weight_fear + p.weight_order * formations.call_up[of] + np.zeros((2, 1))
    fear = mean_fear(world)
    mean = np.empty_like(fear)
    mean[DUTY] = shared + fear_gain * fear[DUTY] + safety - deterrence
    unpunished = np.where(at_home_ruled, 0.0, deterrence)
    mean[LEAVE] = shared + fear_gain * fear[LEAVE] + p.leave_pull - unpunished
    of_fear = _variance_of_fear(world, fear)
    of_threat = (p.weight_family + cross) * reach(world)
    # U moves with A at this rate, and with Y at the other
    by_a, by_y = of_threat * cells.perceived, of_threat * cells.credibility
    variance = fear_gain**2 * of_fear + of_threat**2 * _variance_of_belief(world)
    # a refusal moves orders, belief and trust of a company together
    uneven = (np.sqrt(formations.uneven).sum(axis=0) ** 2)[of]
    variance = np.maximum(variance + 2 * fear_gain * by_a * cells.alike, 0.0) + uneven
    unit, unit_variance = _peers(world)
    return Pressure(
        mean,
        variance,
        unit[:, of],
        unit_variance[:, of],
        with_fear=fear_gain * of_fear + by_a * cells.alike,
        with_credibility=by_a * cells.credibility_noise + fear_gain * cells.alike,
        with_perceived=by_y * cells.perceived_noise + 0 * cells.alike,
    )


def _variance_of_fear(world: World, fear: Floats) -> Floats:
    cells = world.cells
    a, b = world.scenario.population.baseline_fear
    baseline = a * b / ((a + b) ** 2 * (a + b + 1))
    by_openness = (world.openness[:, None] * (cells.fear - fear[:, :, None]) ** 2).sum(axis=2)
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
    pull = weight * (formations.gone - p.peer_norm) + p.peer_company * company
    uneven = formations.cohesion * (1 - formations.cohesion) / (COHESION_CONCENTRATION + 1)
    variance = uneven * (p.peer_squad * (formations.gone - p.peer_norm)) ** 2
    return pull, variance + weight**2 * formations.noise
