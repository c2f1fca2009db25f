"""News: what hearing it does, and how a piece goes into circulation (E8, E9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.spreading import UNHEARD
from standfast.meanfield.state import AWARE, N_SLOT, UNAWARE, News

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
    cells, formations = world.cells, world.formations
    push = world.p.order_by_flight * formations.abandoned
    formations.told, formations.abandoned = np.zeros_like(push), np.zeros_like(push)
    if heard.max() < UNHEARD:
        formations.order = formations.order + push
        return
    unheard = np.prod(1 - heard, axis=0)
    leaving = 1 - unheard
    first = np.divide(heard, leaving, out=np.zeros_like(heard), where=unheard < 1)
    again = heard * (1 - cells.knows)
    _mix(world, leaving, *_effect(world, np.stack([first, again]), weight))
    learned = again * (weight > 0)
    unaware, aware = cells.serving
    part = unaware * leaving
    part = part / np.maximum(part + aware, 1e-12)
    cells.knows = _towards(cells.knows + learned, first, part)
    cells.spreads = _towards(cells.spreads + learned, first, part)
    _move(world, leaving, push)


def _towards(old: Floats, new: Floats, part: Floats) -> Floats:
    return np.asarray(old + part * (new - old))


def _effect(world: World, probability: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return what the unaware and the aware feel after hearing.

    Pieces act in the order of slots, each counting less than the last.

    Parameters
    ----------
    probability : (class, slot, n_cell) float64
        Chance to hear each piece.

    Returns
    -------
    fear : (status, class, openness, n_cell) float64
    rest : (4, class, n_cell) float64
        Belief, trust, suspicion and the discount of further news.
    """
    p, cells = world.p, world.cells
    trust, belief, suspicion = cells.trust, cells.belief, cells.suspicion
    discount = np.stack([np.ones_like(cells.discount), cells.discount])
    calm = np.ones_like(discount)
    is_heard = probability.max(axis=2) >= UNHEARD
    probability = probability * is_heard[:, :, None]
    concern, kept = probability * weight, 1 - (1 - p.copy_discount) * probability
    wary = 1 + p.suspicion_isolates * suspicion
    for slot in np.flatnonzero(is_heard.any(axis=0)).tolist():
        news = world.news[slot]
        if news is None:
            continue
        of_belief, of_fear, of_trust, of_suspicion = _what_it_does(world, news.kind)
        hit = concern[:, slot] * discount
        if news.kind in (ALARM, TREACHERY):
            hit *= 1 - p.verification * world.places.verified[world.post] * trust
        belief = belief - of_belief * hit * wary
        calm *= 1 - of_fear * hit
        if of_trust:
            trust = trust * (1 - of_trust * hit)
        if of_suspicion:
            suspicion = suspicion + (1 - suspicion) * (of_suspicion * hit)
            wary = 1 + p.suspicion_isolates * suspicion
        discount *= kept[:, slot]
    fear = 1 - (1 - cells.fear) * calm[:, None]
    return fear, np.stack([belief, trust, suspicion, discount])


def _what_it_does(world: World, kind: str) -> tuple[float, float, float, float]:
    """Return what a piece of full weight does to belief, fear, trust and suspicion."""
    p = world.p
    of_trust = {FALL: p.trust_loss_fall, FLIGHT: p.trust_loss_flight}
    of_suspicion = {FLIGHT: p.suspicion_of_flight, TREACHERY: p.suspicion_of_treachery}
    return (
        getattr(p, f"belief_of_{kind}"),
        getattr(p, f"fear_of_{kind}"),
        of_trust.get(kind, 0.0),
        of_suspicion.get(kind, 0.0),
    )


def _mix(world: World, leaving: Floats, fear: Floats, rest: Floats) -> None:
    """Let those who become aware join the others of their cell, and average what is felt."""
    cells = world.cells
    moved = cells.count[:, UNAWARE] * leaving
    # rows: duty, leave, and both together
    moved = np.concatenate([moved, moved.sum(axis=0)[None]])
    total = moved + np.concatenate([cells.count[:, AWARE], cells.serving[None, AWARE]])
    part = np.divide(moved, total, out=np.ones_like(moved), where=total > 0)
    # where nobody is, the feelings of the unaware are kept as those of the first to come
    part = np.where((cells.serving[AWARE] <= 0) & (leaving <= 0), 1.0, part)
    part, both = part[:2], part[2]
    rest = _towards(rest[:, AWARE], rest[:, UNAWARE], both)
    cells.belief[AWARE], cells.trust[AWARE], cells.suspicion[AWARE], cells.discount = rest
    difference = fear[:, UNAWARE] - fear[:, AWARE]
    spread = world.openness @ difference
    noise = _towards(cells.noise[:, AWARE], cells.noise[:, UNAWARE], part)
    cells.noise[:, AWARE] = noise + part * (1 - part) * spread**2
    cells.fear[:, AWARE] = fear[:, AWARE] + part[:, None] * difference
    cells.alike[:, AWARE] = _towards(cells.alike[:, AWARE], cells.alike[:, UNAWARE], part)
    cells.base[AWARE] = _towards(cells.base[AWARE], cells.base[UNAWARE], both)


def _move(world: World, leaving: Floats, push: Floats) -> None:
    """Carry over those who became aware, with the push of having no commanders."""
    cells, formations = world.cells, world.formations
    moving = cells.mass[:, UNAWARE] * leaving
    cells.mass[:, UNAWARE] -= moving
    cells.mass[:, AWARE] += moving
    unaware, aware = cells.serving
    before = cells.by_formation(np.stack([unaware * leaving, unaware, aware]))
    moved, total = before[0], before[0] + before[2]
    cells.recount()
    part = np.divide(moved, total, out=np.ones_like(moved), where=total > 0)
    order = formations.order
    # everybody who is told is aware now, so the whole push falls on these
    among = np.divide(total, before[1] + before[2], out=np.ones_like(total), where=total > 0)
    order[AWARE] += part * (order[UNAWARE] - order[AWARE])
    order[AWARE] += push / np.maximum(among, 1e-12)


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
    return np.asarray(np.maximum(floor, np.maximum(near[:, None], p.home_weight * near)))


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
