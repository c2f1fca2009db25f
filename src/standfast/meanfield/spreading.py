r"""Who tells whom: the layers of contacts as pools, and squads as households (E8).

Contacts by phone, of kin and in public stand for the pool they are drawn from: the formation, those of
one's home, the garrison, everybody. Squads are too small for that: news goes round within a squad and
then has nowhere to go. As with households in epidemics (Ball, Mollison and Scalia-Tomba 1997), squads
where somebody knows are told apart: a squad of n is touched with chance :math:`1-(1-p)^n` where p is
somebody's chance to hear from outside, and spreaders meet their mates in touched squads only. For a squad
that is the whole formation all is one pool again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.campaign import chances
from standfast.meanfield.parameters import chance
from standfast.meanfield.state import AWARE, DUTY, N_SLOT

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats

#: least weight at which news concerns somebody
LEAST = 0.05
#: most meetings of a spreader in a step
MOST = 4.0
#: chance to hear, and share who spread, that are none
UNHEARD = 1e-5
#: least trust at which the verified channel is believed
TRUSTED = 0.5


def weights(world: World) -> Floats:
    """Return the weight of each piece of news for each cell, 0 where it concerns nobody."""
    post, home = world.post, world.cells.home
    found = np.zeros((N_SLOT, post.size))
    for slot, news in enumerate(world.news):
        if news is not None:
            found[slot] = news.weight[post, home]
    return np.where(found >= LEAST, found, 0.0)


def spread_news(world: World, weight: Floats) -> Floats:
    """Return the chance (slot, n_cell) that an ignorant person hears; let spreaders stop."""
    cells = world.cells
    heard = np.where(weight > 0, cells.seeds, 0.0)
    cells.seeds = np.zeros_like(heard)
    told = np.where(world.told_of_flight(), world.formations.told, 0.0)
    active = (
        (cells.spreads.max(axis=1) > UNHEARD)
        | (heard.max(axis=1) > 0)
        | (told.max(axis=1) > 0)
        | (cells.gone_spreads.max(axis=1) > UNHEARD)
    )
    at = np.flatnonzero(active)
    if at.size:
        heard[at] = np.where(weight[at] > 0, _meet(world, at, heard[at], told[at]), 0.0)
    return heard


def _meet(world: World, at: np.ndarray, seeds: Floats, told: Floats) -> Floats:
    """Let spreaders of the pieces `at` meet contacts; return the chance to hear, (n_piece, n_cell)."""
    p, cells, formations = world.p, world.cells, world.formations
    aware, duty = cells.serving[AWARE], cells.count[DUTY, AWARE]
    spreading, knowing = cells.spreads[at], cells.knows[at]
    tell = spreading * aware + cells.gone_spreads[at]
    know = knowing * aware + cells.gone_knows[at]
    phone, kin, public = _rates(world)
    reached = _reached(world)
    calls = _pools(world, np.stack([tell * phone, tell * kin, tell * public])) * p.dt
    outside = 1 - (1 - seeds) * np.prod(1 - reached * chances(calls), axis=0)
    of, size = cells.formation, formations.size
    known = np.minimum(1.0, cells.by_formation(know) / size)
    touched = np.clip(formations.touched[at], known, 1.0)
    mates = cells.by_formation(spreading * duty) / size / np.maximum(touched, 1e-12)
    unlike = 1 - 1 / formations.squad
    among = np.divide(touched - known, 1 - known, out=np.zeros_like(known), where=known < 1)
    by_mates = among * chances(p.squad_contact_rate * p.dt * unlike * mates)
    mean = cells.by_formation(cells.people * outside) / size
    new = 1 - (1 - np.minimum(mean, 1.0)) ** formations.squad
    formations.touched[at] = 1 - (1 - touched) * (1 - new) * (1 - told)
    _stop(
        world,
        at,
        np.minimum(1.0, _pools(world, np.stack([know] * 3))),
        known / np.maximum(touched, 1e-12),
    )
    return np.asarray(1 - (1 - outside) * ((1 - by_mates) * (1 - told))[:, of])


def _stop(world: World, at: np.ndarray, informed: Floats, in_squad: Floats) -> None:
    """Let spreaders stop who met informed contacts, were told the truth, or fell silent."""
    p, cells, formations = world.p, world.cells, world.formations
    share = cells.count[DUTY, AWARE] / np.maximum(cells.serving[AWARE], 1e-12)
    rates = np.stack(_rates(world))[:, None] * p.dt
    stops = 1 - _unbroken(rates, p.stifle_probability * informed)
    goes_on = np.prod(1 - _reached(world) * stops, axis=0)
    others = np.maximum(0.0, in_squad - 1 / formations.squad)[:, cells.formation]
    by_mates = 1 - _unbroken(np.asarray(p.squad_contact_rate * p.dt), p.stifle_probability * others)
    corrected = chance(p.correction_rate * p.dt) * world.places.verified[world.post]
    corrected = corrected * (cells.trust[AWARE] > TRUSTED)
    silent = chance(p.forget_rate * p.dt)
    cells.belief[AWARE] += p.reassurance_by_correction * corrected * cells.spreads[at].sum(axis=0)
    goes_on = goes_on * (1 - corrected) * (1 - silent)
    cells.gone_spreads[at] *= goes_on
    cells.spreads[at] *= goes_on * (1 - share * by_mates)


def _pools(world: World, values: Floats) -> Floats:
    """Return sums over the pools relative to their sizes: by phone, of kin, in public.

    Parameters
    ----------
    values : (3, n_piece, n_cell) float64
        What to sum in each layer.
    """
    cells, settings, of = world.cells, world.scenario.network, world.cells.formation
    at_home = np.maximum(world.by_home(cells.people), 1e-9)
    home = (world.by_home(values[:2]) / at_home)[..., cells.home]
    unit = cells.by_formation(values[0]) / world.formations.size
    anywhere = values[0].sum(axis=-1, keepdims=True) / cells.people.sum()
    near, by_unit = settings.phone_home, settings.phone_unit
    phone = by_unit * unit[:, of] + near * home[0] + (1 - by_unit - near) * anywhere
    names = np.maximum(world.places.names, 1.0)
    return np.stack([phone, home[1], (world.by_post(values[2]) / names)[:, world.post]])


def _rates(world: World) -> tuple[Floats, Floats, Floats]:
    """Return how often a spreader meets somebody by phone, of kin and in public [1/h], by cell."""
    p, q, post = world.p, world.places, world.post
    return (
        p.phone_contact_rate * (1 - p.monitoring_silence * q.infiltration[post]),
        np.full(post.size, p.kin_contact_rate),
        p.public_contact_rate * q.public_factor[post],
    )


def _reached(world: World) -> Floats:
    """Return the share of people who have contacts of each layer, shape (3, 1, 1)."""
    settings = world.scenario.network
    phone = world.scenario.population.phones if settings.phone_mean > 0 else 0.0
    return np.array([phone, float(settings.kin_mean > 0), 1.0])[:, None, None]


def _unbroken(mean: Floats, stop: Floats) -> Floats:
    """Return the chance that none of a spreader's meetings stops him: whole ones, and perhaps one more."""
    mean = np.minimum(mean, MOST)
    whole = np.floor(mean)
    return np.asarray((1 - stop) ** whole * (1 - (mean - whole) * stop))
