"""The campaign of intimidation, and what people learn of it (E1, E2, E5, E6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.parameters import chance
from standfast.meanfield.state import DUTY, GOVERNMENT, LEAVE

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
    growth = p.infiltration_growth * p.dt * reach * (q.support - reach)
    q.infiltration = np.minimum(np.maximum(reach + growth, 0.0), 1.0)
    rear = p.campaign_rear * np.minimum(1.0, 10 * reach)
    level = (rear + (p.campaign_contested - rear) * q.threatened) * ((q.fighters > 0) | (reach > 0))
    level = q.level = np.where(q.control == GOVERNMENT, level, p.campaign_contested)
    unguarded = reach * (1 - q.guard)
    by_level = np.array([[p.broadcast_rate], [p.targeted_rate], [p.harm_rate / 10]])
    q.message, q.targeted, harm = chances(by_level * p.dt * level)
    q.harm = harm * (level > p.campaign_rear)
    q.mole, q.neighbour = chances(np.array([[p.mole_rate], [p.neighbour_rate]]) * p.dt * unguarded)
    q.hearsay = chance(p.perceived_rate * p.dt) * np.minimum(1.0, level / 10)
    # leaks are rare and random; here everybody gets the mean share of one
    expected = chances(p.breach_rate * p.dt * reach) * p.breach_share * (1 - q.guard)
    q.leak = np.maximum(q.leak, expected)
    pressed = (q.control != GOVERNMENT) & (p.ultimatum_gain > 0)
    q.next_ultimatum = q.next_ultimatum - p.dt * pressed
    q.ultimatum = pressed & (q.next_ultimatum <= 0)
    if q.ultimatum.any():
        q.next_ultimatum = np.where(q.ultimatum, p.ultimatum_period, q.next_ultimatum)


def learn(world: World) -> None:
    """Let those who serve learn of messages, exposure, harm, ultimatums and friends who left."""
    _receive_messages(world)
    _meet_exposure(world)
    _hear_of_harm(world)
    _learn_of_ultimatum(world)
    p, cells = world.p, world.cells
    gone = cells.friends_gone / np.maximum(4.0, world.contacts)
    cells.belief = cells.belief - p.belief_of_friend * gone


def raise_towards_one(world: World, name: str, share: Floats) -> None:
    """Let credibility A or perceived exposure Y gain a share of what is missing to 1."""
    cells = world.cells
    value, noise = getattr(cells, name), getattr(cells, f"{name}_noise")
    kept = 1 - share
    setattr(cells, name, value * kept + share)
    setattr(cells, f"{name}_noise", noise * (kept * kept))
    if name == "credibility":
        cells.alike = cells.alike * kept


def frighten(world: World, probability: Floats, size: Floats | float) -> None:
    r"""Let a shock of fear strike some: F <- F + (1 - F) size with a probability.

    With G = 1 - F, E[G^2] goes with 1 - p (2 s - s^2), so the variance between people is exact.

    Parameters
    ----------
    probability, size : float64
        Shapes that broadcast to (status, class, n_cell).
    """
    cells = world.cells
    calm = 1 - cells.fear
    mean = world.openness @ calm
    hit = probability * size
    kept = 1 - hit
    # 1 - p (2 s - s^2), and what it is above (1 - p s)^2
    cells.noise = (1 - hit * (2 - size)) * cells.noise + hit * (size - hit) * mean**2
    calm *= kept[..., None, :]
    cells.fear = 1 - calm
    cells.base = cells.base * (kept if kept.ndim == 1 else kept[DUTY])
    cells.alike = cells.alike * kept


def _frighten_believers(world: World, probability: Floats, weight: float, credulous: float) -> None:
    """Let a message strike some with a shock of weight x (credulous + A): believers fear more.

    Beside the mean shock, what matters is that fear and credibility come to vary together.
    """
    cells = world.cells
    frighten(world, probability, weight * (credulous + cells.credibility))
    hit = probability * weight
    together = hit * cells.alike
    calm = 1 - world.openness @ cells.fear
    cells.fear = cells.fear - together[:, :, None]
    cells.noise = cells.noise + 2 * calm * together
    cells.alike = cells.alike + hit * calm * cells.credibility_noise


def _receive_messages(world: World) -> None:
    """Let messages reach people where they are: on duty at the post, on leave at home."""
    p, q, cells = world.p, world.places, world.cells
    if not q.level.any():
        return
    home, post = cells.home, world.post
    at_home = q.targeted[home]
    by_name = np.stack([np.maximum(q.targeted[post], at_home), at_home]) * cells.exposed
    to_all = np.minimum(np.stack([q.message[post], q.message[home]]), 1 - by_name)
    _frighten_believers(world, by_name[:, None], p.shock_targeted, 0.0)
    _frighten_believers(world, to_all[:, None], p.shock_message, 0.5)
    serving = cells.count.sum(axis=1)
    named = (serving * by_name).sum(axis=0) / np.maximum(serving[DUTY] + serving[LEAVE], 1e-12)
    raise_towards_one(world, "perceived", p.perceived_by_message * named)


def share_on_leave(world: World) -> Floats:
    """Return the share of those serving who are on leave, shape (n_cell,)."""
    duty, leave = world.cells.count.sum(axis=1)
    return np.asarray(leave / np.maximum(duty + leave, 1e-12))


def _meet_exposure(world: World) -> None:
    q, cells = world.places, world.cells
    home, post = cells.home, world.post
    unseen = ((1 - q.mole) * (1 - q.leak))[post] * (1 - q.leak)[home]
    unseen *= 1 - q.neighbour[home] * (home == post)
    cells.harmed = cells.exposed * q.harm[home]
    cells.exposed = 1 - (1 - cells.exposed) * unseen


def _hear_of_harm(world: World) -> None:
    p, cells = world.p, world.cells
    near = cells.harm_near
    if not near.any():
        return
    # the number of contacts harmed is Poisson
    raise_towards_one(world, "credibility", chances(p.credibility_gain * near))
    share = p.perceived_by_harm * near / np.maximum(1.0, 0.25 * world.contacts)
    raise_towards_one(world, "perceived", np.minimum(1.0, share))
    frighten(world, chances(near), p.shock_harm)


def _learn_of_ultimatum(world: World) -> None:
    p, q, cells = world.p, world.places, world.cells
    if not q.ultimatum.any():
        return
    at_post = q.ultimatum[world.post] * (1 - share_on_leave(world))
    told = np.where(q.ultimatum[cells.home], 1.0, at_post)
    raise_towards_one(world, "credibility", told * p.ultimatum_kept * p.ultimatum_gain)
    kept = 1 - told * (1 - p.ultimatum_kept) * p.credibility_loss
    cells.credibility = cells.credibility * kept
    cells.alike = cells.alike * kept
    cells.credibility_noise = cells.credibility_noise * kept**2
