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
    none = np.prod(1 - heard, axis=0)
    first = np.divide(heard, 1 - none, out=np.zeros_like(heard), where=none < 1)
    again = heard * (1 - cells.knows)
    new = _effect(world, UNAWARE, first, weight, np.ones(none.size))
    more = _effect(world, AWARE, again, weight, cells.discount)
    learned = np.where(weight > 0, again, 0.0)
    knows = cells.knows + learned
    _mix(world, 1 - none, new, more)
    share = world.cells.serving
    moved = share[UNAWARE] * (1 - none)
    part = moved / np.maximum(moved + share[AWARE], 1e-12)
    cells.knows = knows + part * (first - knows)
    cells.spreads = cells.spreads + learned
    cells.spreads = cells.spreads + part * (first - cells.spreads)
    _move(world, 1 - none, push)


def _effect(
    world: World, group: int, probability: Floats, weight: Floats, discount: Floats
) -> dict[str, Floats]:
    """Return what is felt after hearing, in the order of slots, each counting less than the last."""
    p, cells, q = world.p, world.cells, world.places
    fear, trust = cells.fear[:, group].copy(), cells.trust[group].copy()
    belief, suspicion = cells.belief[group].copy(), cells.suspicion[group].copy()
    discount = discount.copy()
    for slot in range(N_SLOT):
        news = world.news[slot]
        if news is None or probability[slot].max() < UNHEARD:
            continue
        w = weight[slot] * discount
        if news.kind in (ALARM, TREACHERY):
            w = w * (1 - p.verification * q.verified[world.post] * trust)
        of = _what_it_does(world, news.kind)
        chance_of = probability[slot]
        belief -= chance_of * of["belief"] * w * (1 + p.suspicion_isolates * suspicion)
        fear = fear + (1 - fear) * chance_of * of["fear"] * w
        trust *= 1 - chance_of * of["trust"] * w
        suspicion = suspicion + (1 - suspicion) * chance_of * of["suspicion"] * w
        discount *= 1 - chance_of * (1 - p.copy_discount)
    return {"fear": fear, "belief": belief, "trust": trust, "suspicion": suspicion,
            "discount": discount}  # fmt: skip


def _what_it_does(world: World, kind: str) -> dict[str, float]:
    p = world.p
    return {
        "belief": getattr(p, f"belief_of_{kind}"),
        "fear": getattr(p, f"fear_of_{kind}"),
        "trust": {FALL: p.trust_loss_fall, FLIGHT: p.trust_loss_flight}.get(kind, 0.0),
        "suspicion": {FLIGHT: p.suspicion_of_flight, TREACHERY: p.suspicion_of_treachery}.get(
            kind, 0.0
        ),
    }


def _mix(world: World, leaving: Floats, new: dict[str, Floats], more: dict[str, Floats]) -> None:
    """Let those who become aware join the others of their cell, and average what is felt."""
    cells = world.cells
    by_status = cells.count
    moved = by_status[:, UNAWARE] * leaving
    total = moved + by_status[:, AWARE]
    part = np.divide(moved, total, out=np.ones_like(moved), where=total > 0)
    both = np.divide(moved.sum(0), total.sum(0), out=np.ones_like(leaving), where=total.sum(0) > 0)
    # where nobody is, the feelings of the unaware are kept as those of the first to come
    empty = (cells.serving[AWARE] <= 0) & (leaving <= 0)
    both, part = np.where(empty, 1.0, both), np.where(empty, 1.0, part)
    for name in ("belief", "trust", "suspicion"):
        old = more[name]
        getattr(cells, name)[AWARE] = old + both * (new[name] - old)
    cells.discount = more["discount"] + both * (new["discount"] - more["discount"])
    fear = more["fear"] + part[:, None] * (new["fear"] - more["fear"])
    spread = _mean(world, new["fear"]) - _mean(world, more["fear"])
    noise = cells.noise[:, AWARE] + part * (cells.noise[:, UNAWARE] - cells.noise[:, AWARE])
    cells.noise[:, AWARE] = noise + part * (1 - part) * spread**2
    cells.fear[:, AWARE] = fear
    alike = cells.alike
    alike[:, AWARE] += part * (alike[:, UNAWARE] - alike[:, AWARE])
    base = cells.base[AWARE]
    cells.base[AWARE] = base + both * (cells.base[UNAWARE] - base)


def _mean(world: World, fear: Floats) -> Floats:
    return np.asarray((world.openness[:, None] * fear).sum(axis=-2))


def _move(world: World, leaving: Floats, push: Floats) -> None:
    """Carry over those who became aware, with the push of having no commanders."""
    cells, formations = world.cells, world.formations
    before = cells.by_formation(cells.serving)
    moving = cells.mass[:, UNAWARE] * leaving
    cells.mass[:, UNAWARE] -= moving
    cells.mass[:, AWARE] += moving
    cells.count = cells.mass.sum(axis=2)
    moved = cells.by_formation(moving.sum(axis=(0, 1)))
    total = moved + before[AWARE]
    part = np.divide(moved, total, out=np.ones_like(moved), where=total > 0)
    order = formations.order
    # everybody who is told is aware now, so the whole push falls on these
    among = np.divide(total, before.sum(axis=0), out=np.ones_like(total), where=total > 0)
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
