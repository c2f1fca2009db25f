"""News: what hearing it does, and how a piece goes into circulation (E8, E9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops import news as loops
from standfast.meanfield.loops.codes import N_SLOT
from standfast.meanfield.loops.spreading import UNHEARD
from standfast.meanfield.state import News

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats

ALARM, FALL, FLIGHT, PRISON, TREACHERY = "alarm", "fall", "flight", "prison", "treachery"
#: share of a place in which a rumour of treachery begins
FEW = 0.05


def hear(world: World, heard: Floats, weight: Floats) -> None:
    """Let those who serve take in the news: the unaware become aware, the aware learn more (E8, E9).

    Parameters
    ----------
    heard, weight : (slot, n_cell) float64
        Chance that somebody ignorant of it hears a piece, and what it weighs for him.
    """
    q, c, x = world.places, world.cells, world.formations
    push = world.p.order_by_flight * x.abandoned
    x.told, x.abandoned = np.zeros_like(push), np.zeros_like(push)
    if heard.max() < UNHEARD:
        x.order = x.order + push
        return
    moved = np.empty((3, push.size))
    loops.hear(
        world.numbers, world.post, c.formation, world.openness, q.verified, world.news_effect, heard, weight,
        c.mass, c.count, c.serving, c.all_serving, c.knows, c.spreads, c.discount,
        c.fear, c.noise, c.base, c.alike, c.credibility, c.belief, c.trust, c.suspicion,
        moved,
    )  # fmt: skip
    loops.tell_of_orders(push, moved, x.order)


def _what_it_does(world: World, kind: str) -> tuple[float, ...]:
    """Return what a piece of full weight does to belief, fear, trust and suspicion, and what takes weight from it."""
    p = world.p
    of_trust = {FALL: p.trust_loss_fall, FLIGHT: p.trust_loss_flight}
    of_suspicion = {FLIGHT: p.suspicion_of_flight, TREACHERY: p.suspicion_of_treachery}
    return (
        getattr(p, f"belief_of_{kind}"),
        getattr(p, f"fear_of_{kind}"),
        of_trust.get(kind, 0.0),
        of_suspicion.get(kind, 0.0),
        p.verification if kind in {ALARM, TREACHERY} else 0.0,
        p.alarm_doubt if kind == ALARM else 0.0,
    )


def circulate(
    world: World, kind: str, place: int, share: Floats, *, by_phone: bool = False
) -> None:
    """Put a piece of news into circulation; more of the same about a place is no new piece.

    Parameters
    ----------
    share : (n_place,) float64
        Chance to learn it at once, by post.
    """
    slot = next(
        (k for k, x in enumerate(world.news) if x and (x.kind, x.place) == (kind, place)), None
    )
    cells = world.cells
    if slot is None:
        slot = world.next_slot % N_SLOT
        world.next_slot += 1
        world.weight = None
        world.news[slot] = News(kind, place, _weight_of(world, kind, place))
        world.news_effect[slot] = _what_it_does(world, kind)
        world.is_flight[slot] = kind == FLIGHT
        world.formations.touched[slot] = 0.0
        for memory in (cells.knows, cells.spreads, cells.gone_knows, cells.gone_spreads):
            memory[slot] = 0.0
        cells.seeds[slot] = 0.0
    reach = share[world.post] * (world.scenario.population.phones if by_phone else 1.0)
    cells.seeds[slot] = 1 - (1 - cells.seeds[slot]) * (1 - reach)


def _weight_of(world: World, kind: str, place: int) -> Floats:
    p, distance = world.p, world.places.distance[place]
    scale = p.distance_scale * (0.2 if kind == FLIGHT else 1.0)
    floor = 0.0 if kind == FLIGHT else p.weight_floor
    near = np.exp(-distance / scale)
    most = np.maximum(near[:, None], p.home_weight * near)
    return np.asarray(np.minimum(1.0, np.maximum(floor, most)))


def first_to_know(world: World, kind: str, place: int) -> Floats:
    """Return the share of those at each place who learn a piece of news at once."""
    share = np.zeros(world.places.population.size)
    if kind == FLIGHT:
        return share
    share[world.places.neighbours[place]] = world.p.news_seed_share
    own = {TREACHERY: FEW, ALARM: 0.0}.get(kind, 1.0)
    share[place] = max(share[place] if place in world.places.neighbours[place] else 0.0, own)
    return share


def circulate_requested(world: World) -> None:
    """Circulate what the phases of this step asked for, each kind and place once."""
    for kind, place in dict.fromkeys(world.requested):
        circulate(world, kind, place, first_to_know(world, kind, place))
    world.requested.clear()
