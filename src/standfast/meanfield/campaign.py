"""The campaign of intimidation, and what people learn of it (E1, E2, E5, E6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.parameters import chance
from standfast.meanfield.state import GOVERNMENT, LEAVE

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats


def chances(exponent: Floats) -> Floats:
    """Return 1 - exp(-exponent), element by element."""
    return np.asarray(-np.expm1(-exponent))


def advance_campaign(world: World) -> None:
    """Let informers grow, and set the chances of messages, exposure and harm at every place."""
    p, q = world.p, world.places
    reach = q.infiltration
    growth = p.infiltration_growth * reach * (q.support - reach)
    q.infiltration = np.clip(reach + growth * p.dt, 0.0, 1.0)
    rear = p.campaign_rear * np.minimum(1.0, 10 * reach)
    level = rear + (p.campaign_contested - rear) * q.threatened
    level = np.where((q.fighters > 0) | (reach > 0), level, 0.0)
    level = q.level = np.where(q.control == GOVERNMENT, level, p.campaign_contested)
    unguarded = 1 - q.guard
    q.message = chances(p.broadcast_rate * level * p.dt)
    q.targeted = chances(p.targeted_rate * level * p.dt)
    q.mole = chances(p.mole_rate * reach * unguarded * p.dt)
    q.neighbour = chances(p.neighbour_rate * reach * unguarded * p.dt)
    q.harm = np.where(level > p.campaign_rear, chances(p.harm_rate * level / 10 * p.dt), 0.0)
    q.hearsay = chance(p.perceived_rate * p.dt) * np.minimum(1.0, level / 10)
    # leaks are rare and random; here everybody gets the mean share of one
    expected = chances(p.breach_rate * reach * p.dt) * p.breach_share * unguarded
    q.leak = np.maximum(q.leak, expected)
    pressed = (q.control != GOVERNMENT) & (p.ultimatum_gain > 0)
    q.next_ultimatum = np.where(pressed, q.next_ultimatum - p.dt, q.next_ultimatum)
    q.ultimatum = pressed & (q.next_ultimatum <= 0)
    q.next_ultimatum = np.where(q.ultimatum, p.ultimatum_period, q.next_ultimatum)


def learn(world: World) -> None:
    """Let those who serve learn of messages, exposure, harm, ultimatums and friends who left."""
    _receive_messages(world)
    _meet_exposure(world)
    _hear_of_harm(world)
    _learn_of_ultimatum(world)
    p, cells = world.p, world.cells
    loss = p.belief_of_friend * cells.friends_gone / np.maximum(4.0, contacts(world))
    cells.belief = cells.belief - loss


def contacts(world: World) -> Floats:
    """Return the mean number of contacts in the squad, by phone and of kin, shape (n_cell,)."""
    settings = world.scenario.network
    squad = world.formations.squad[world.cells.formation]
    own = settings.phone_mean * world.scenario.population.phones + settings.kin_mean
    return np.asarray(np.maximum(0.0, squad - 1) + own)


def raise_towards_one(world: World, name: str, share: Floats) -> None:
    """Let credibility A or perceived exposure Y gain a share of what is missing to 1."""
    cells = world.cells
    value, noise = getattr(cells, name), getattr(cells, f"{name}_noise")
    setattr(cells, name, value + (1 - value) * share)
    setattr(cells, f"{name}_noise", noise * (1 - share) ** 2)
    if name == "credibility":
        cells.alike = cells.alike * (1 - share)


def frighten(world: World, probability: Floats, size: Floats) -> None:
    r"""Let a shock of fear strike some: F <- F + (1 - F) size with a probability.

    With G = 1 - F, E[G^2] goes with 1 - p (2 s - s^2), so the variance between people is exact.

    Parameters
    ----------
    probability, size : float64
        Shapes that broadcast to (status, class, n_cell).
    """
    cells = world.cells
    calm = 1 - cells.fear
    mean = (world.openness[:, None] * calm).sum(axis=2)
    hit = probability * size
    kept = 1 - probability * (2 * size - size**2)
    cells.noise = kept * cells.noise + (kept - (1 - hit) ** 2) * mean**2
    cells.fear = 1 - calm * np.asarray(1 - hit)[..., None, :]
    cells.base = cells.base * np.asarray(1 - hit)[0]
    cells.alike = cells.alike * (1 - hit)


def _frighten_believers(world: World, probability: Floats, weight: float, credulous: float) -> None:
    """Let a message strike some with a shock of weight x (credulous + A): believers fear more.

    Beside the mean shock, what matters is that fear and credibility come to vary together.
    """
    cells = world.cells
    frighten(world, probability, weight * (credulous + cells.credibility))
    calm = 1 - (world.openness[:, None] * cells.fear).sum(axis=2)
    hit = probability * weight
    cells.fear = cells.fear - (hit * cells.alike)[:, :, None]
    cells.noise = cells.noise + 2 * hit * calm * cells.alike
    cells.alike = cells.alike + hit * calm * cells.credibility_noise


def _receive_messages(world: World) -> None:
    p, q, cells = world.p, world.places, world.cells
    home, post = cells.home, world.post
    spot = np.stack([post, home])
    by_name = np.maximum(q.targeted[spot], q.targeted[home]) * cells.exposed
    to_all = np.minimum(q.message[spot], 1 - by_name)
    if not (by_name.any() or to_all.any()):
        return
    serving = cells.count.sum(axis=1)
    weight = serving / np.maximum(serving.sum(axis=0), 1e-12)
    _frighten_believers(world, by_name[:, None], p.shock_targeted, 0.0)
    _frighten_believers(world, to_all[:, None], p.shock_message, 0.5)
    named = (weight * by_name).sum(axis=0)
    raise_towards_one(world, "perceived", p.perceived_by_message * named)


def _meet_exposure(world: World) -> None:
    q, cells = world.places, world.cells
    home, post = cells.home, world.post
    unseen = (1 - q.mole[post]) * (1 - q.leak[post]) * (1 - q.leak[home])
    unseen = unseen * np.where(home == post, 1 - q.neighbour[home], 1.0)
    cells.harmed = cells.exposed * q.harm[home]
    cells.exposed = 1 - (1 - cells.exposed) * unseen


def _hear_of_harm(world: World) -> None:
    p, cells = world.p, world.cells
    near = cells.harm_near
    if not near.any():
        return
    # the number of contacts harmed is Poisson
    raise_towards_one(world, "credibility", chances(p.credibility_gain * near))
    share = p.perceived_by_harm * near / np.maximum(1.0, 0.25 * contacts(world))
    raise_towards_one(world, "perceived", np.minimum(1.0, share))
    frighten(world, chances(near), np.asarray(p.shock_harm))


def _learn_of_ultimatum(world: World) -> None:
    p, q, cells = world.p, world.places, world.cells
    if not q.ultimatum.any():
        return
    serving = cells.count.sum(axis=1)
    on_leave = serving[LEAVE] / np.maximum(serving.sum(axis=0), 1e-12)
    at_post = np.where(q.ultimatum[world.post], 1 - on_leave, 0.0)
    told = np.where(q.ultimatum[cells.home], 1.0, at_post)
    raise_towards_one(world, "credibility", told * p.ultimatum_kept * p.ultimatum_gain)
    lost = told * (1 - p.ultimatum_kept) * p.credibility_loss
    cells.credibility = cells.credibility * (1 - lost)
    cells.alike = cells.alike * (1 - lost)
    cells.credibility_noise = cells.credibility_noise * (1 - lost) ** 2
