r"""Who tells whom: the layers of contacts as pools, and squads as households (E8).

Contacts by phone, of kin and in public stand for the pool they are drawn from: the formation, those of
one's home, the garrison, everybody. Squads are too small for that: news goes round within a squad and
then has nowhere to go. As with households in epidemics (Ball, Mollison and Scalia-Tomba 1997), squads
where somebody knows are told apart: a squad of n is touched with chance :math:`1-(1-p)^n` where p is
somebody's chance to hear from outside, and spreaders meet their mates in touched squads only. For a squad
that is the whole formation all is one pool again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.campaign import chances
from standfast.meanfield.parameters import chance
from standfast.meanfield.state import AWARE, DUTY, N_SLOT

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats, Ints

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
    if world.weight is None:
        post, home = world.post, world.cells.home
        found = np.zeros((N_SLOT, post.size))
        for slot, news in enumerate(world.news):
            if news is not None:
                found[slot] = news.weight[post, home]
        world.weight = np.where(found >= LEAST, found, 0.0)
    return world.weight


def spread_news(world: World, weight: Floats) -> Floats:
    """Return the chance (slot, n_cell) that an ignorant person hears; let spreaders stop."""
    cells = world.cells
    if not any(world.news):
        return np.zeros_like(weight)
    concerns = weight > 0
    heard = cells.seeds * concerns
    cells.seeds = np.zeros_like(heard)
    told = world.formations.told * world.told_of_flight()
    active = (
        (cells.spreads.max(axis=1) > UNHEARD)
        | heard.any(axis=1)
        | told.any(axis=1)
        | (cells.gone_spreads.max(axis=1) > UNHEARD)
    )
    at = np.flatnonzero(active)
    if at.size:
        heard[at] = _meet(world, at, heard[at], told[at]) * concerns[at]
    return heard


def _meet(world: World, at: Ints, seeds: Floats, told: Floats) -> Floats:
    """Let spreaders of the pieces `at` meet contacts; return the chance to hear, (n_piece, n_cell)."""
    p, cells, formations = world.p, world.cells, world.formations
    aware, size = cells.serving[AWARE], formations.size
    spreading = cells.spreads[at]
    tell = spreading * aware + cells.gone_spreads[at]
    know = cells.knows[at] * aware + cells.gone_knows[at]
    layers, known = _pools(world, tell, know)
    missed = 1 - seeds
    for layer in layers:
        missed *= 1 - layer.reached * chances(layer.told)
    known = np.minimum(1.0, known)
    touched = np.minimum(np.maximum(formations.touched[at], known), 1.0)
    mates = cells.by_formation(spreading * cells.count[DUTY, AWARE]) / size
    unlike = p.squad_contact_rate * p.dt * (1 - 1 / formations.squad)
    share_known = 1 / np.maximum(touched, 1e-12)
    among = np.divide(touched - known, 1 - known, out=np.zeros_like(known), where=known < 1)
    by_mates = among * chances(unlike * (mates * share_known))
    mean = 1 - cells.by_formation(cells.people * missed) / size
    new = 1 - (1 - np.minimum(mean, 1.0)) ** formations.squad
    formations.touched[at] = 1 - (1 - touched) * (1 - new) * (1 - told)
    _stop(world, at, layers, known * share_known)
    return np.asarray(1 - missed * cells.of((1 - by_mates) * (1 - told)))


def _stop(world: World, at: Ints, layers: list[Layer], in_squad: Floats) -> None:
    """Let spreaders stop who met informed contacts, were told the truth, or fell silent."""
    p, cells, formations = world.p, world.cells, world.formations
    goes_on = np.full((at.size, 1), 1 - chance(p.forget_rate * p.dt))
    for layer in layers:
        stop = p.stifle_probability * np.minimum(1.0, layer.informed)
        goes_on = goes_on * (1 - layer.reached * (1 - _unbroken(layer.rate, stop)))
    others = np.maximum(0.0, in_squad - 1 / formations.squad)
    stop = p.stifle_probability * others
    by_mates = cells.of(1 - _unbroken(np.array(p.squad_contact_rate * p.dt), stop))
    if world.places.verified.any():
        corrected = chance(p.correction_rate * p.dt) * world.places.verified[world.post]
        corrected = corrected * (cells.trust[AWARE] > TRUSTED)
        told = corrected * cells.spreads[at].sum(axis=0)
        cells.belief[AWARE] += p.reassurance_by_correction * told
        goes_on = goes_on * (1 - corrected)
    share = cells.count[DUTY, AWARE] / np.maximum(cells.serving[AWARE], 1e-12)
    cells.gone_spreads[at] *= goes_on
    cells.spreads[at] *= goes_on * (1 - share * by_mates)


@dataclass(frozen=True)
class Layer:
    """How people meet in one layer of contacts.

    Attributes
    ----------
    rate : float64
        Meetings of a spreader in a step, a number or by cell.
    reached : float
        Share of people who have such contacts.
    told, informed : (n_piece, n_cell) float64
        Spreaders who meet somebody in a step; share of the pool who know.
    """

    rate: Floats
    reached: float
    told: Floats
    informed: Floats


def _pools(world: World, tell: Floats, know: Floats) -> tuple[list[Layer], Floats]:
    """Return what goes round by phone, of kin and in public, and the share of formations who know.

    Parameters
    ----------
    tell, know : (n_piece, n_cell) float64
        Spreaders, and those who know.
    """
    p, q, cells, post = world.p, world.places, world.cells, world.post
    settings, n = world.scenario.network, len(tell)
    by_phone = p.phone_contact_rate * p.dt * (1 - p.monitoring_silence * q.infiltration)[post]
    of_kin = np.array(p.kin_contact_rate * p.dt)
    in_public = p.public_contact_rate * p.dt * q.public_factor[post]
    # spreaders and those who know, by phone; spreaders in the third layer
    called = np.concatenate([tell * by_phone, know])
    home = cells.around_home(np.concatenate([called, tell]))
    in_unit = cells.by_formation(np.concatenate([called, tell * in_public]))
    unit = in_unit[: 2 * n] / world.formations.size
    there = world.by_place(in_unit[n:]) / np.maximum(world.places.names, 1.0)
    know_there, told_there = np.split(there.take(post, axis=-1), 2)
    u, h = settings.phone_unit, settings.phone_home
    anywhere = called.sum(axis=-1, keepdims=True) / world.n_people
    friends = cells.of(u * unit) + h * home[: 2 * n] + (1 - u - h) * anywhere
    phones = world.scenario.population.phones if settings.phone_mean > 0 else 0.0
    return [
        Layer(by_phone, phones, friends[:n], friends[n:]),
        Layer(of_kin, float(settings.kin_mean > 0), of_kin * home[2 * n :], home[n : 2 * n]),
        Layer(in_public, 1.0, told_there, know_there),
    ], unit[n:]


def _unbroken(mean: Floats, stop: Floats) -> Floats:
    """Return the chance that none of a spreader's meetings stops him: whole ones, and perhaps one more."""
    mean = np.minimum(mean, MOST)
    whole = np.floor(mean)
    unbroken = 1 - (mean - whole) * stop
    for meeting in range(int(whole.max())):
        unbroken *= 1 - stop * (whole > meeting)
    return unbroken
