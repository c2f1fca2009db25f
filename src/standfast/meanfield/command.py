"""Calls for help and their answers, commanders who leave, and orders (E10, E11, E17)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.campaign import chances
from standfast.meanfield.loops import combat as loops
from standfast.meanfield.loops.codes import ADVERSARY, GOVERNMENT
from standfast.meanfield.news import FLIGHT
from standfast.meanfield.parameters import chance
from standfast.meanfield.tally import detach

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Flags, Floats

#: so many answers are due when the chance that none came has fallen to one half
HALF_TIME = math.log(2)


def advance_calls(world: World) -> None:
    """Open, answer, refuse and expire calls, as shares of the companies of a formation (E11, E10)."""
    p, q, formations = world.p, world.places, world.formations
    is_open = q.contact.any() or formations.waiting.any() or formations.blocked.any()
    if p.call_ratio <= 0 or not is_open:
        return
    silent = formations.waiting * chance(p.dt / p.call_patience)
    formations.waiting = formations.waiting - silent
    free = np.maximum(0.0, formations.led - formations.waiting - formations.blocked.sum(axis=0))
    place = formations.place
    ratio = perceived_ratio(world)
    calls_now = q.contact[place] & (ratio < p.call_ratio) & ~formations.dissolved
    calling = np.where(calls_now, free * chance(p.call_rate * p.dt), 0.0)
    answered, sent = _answer(world, calling)
    refused = np.where(answered, 0.0, calling * p.refusal_probability)
    waits = np.where(answered, 0.0, calling - refused)
    formations.waiting = formations.waiting + waits
    formations.order = formations.order + p.order_by_refusal * refused
    ends = silent + refused + np.where(answered, calling, 0.0)
    formations.blocked = np.concatenate([ends[None], formations.blocked[:-1]])
    severity = p.severity_silence * silent + p.severity_refusal * refused
    if severity.any():
        _part_companies(world, silent, refused)
        _disappoint(world, severity)
    for k in sent:
        reserve = free_reserve(world, k)
        if reserve is not None:
            send(world, reserve, k, 1.0, float(q.call_delay[k]))


def _part_companies(world: World, silent: Floats, refused: Floats) -> None:
    """Let U come to differ between companies that lost a call and those that did not."""
    p, formations = world.p, world.formations
    b, trust = formations.hope, formations.trust
    per_severity = 2 * p.weight_belief * b * (1 - b) * p.belief_of_call_unanswered
    per_severity = per_severity + p.weight_trust * p.trust_loss * trust
    of_silence, of_refusal = p.severity_silence**2 * silent, p.severity_refusal**2 * refused
    by_order = refused * (p.weight_order * p.order_by_refusal) ** 2
    by_heart = per_severity**2 * (of_silence + of_refusal)
    formations.uneven = formations.uneven + np.stack([by_order, by_heart])


def _disappoint(world: World, severity: Floats) -> None:
    """Let units feel calls lost, in the company, the battalion and the place."""
    p, q, formations = world.p, world.places, world.formations
    formations.shift = formations.shift - p.belief_of_call_unanswered * severity
    n_place = q.population.size
    lost = severity * formations.n_company
    at_place = np.bincount(formations.place, weights=lost, minlength=n_place)
    word = p.spill_place * at_place / np.maximum(1.0, q.n_company)
    hit = severity * (1 + p.spill_battalion) + word[formations.place]
    formations.hit = np.minimum(1.0, formations.hit + hit)


def perceived_ratio(world: World) -> Floats:
    """Return the ratio of strength 2 b D / P as each formation sees it."""
    q, place = world.places, world.formations.place
    ratio = np.where(q.attack > 0, 2 * q.defence / np.maximum(q.attack, 1e-12), np.inf)
    # where nobody is on duty any more, nobody hopes
    return np.asarray(ratio[place] * np.maximum(world.formations.hope, 1e-300))


def _answer(world: World, calling: Floats) -> tuple[Flags, list[int]]:
    """Return whose calls are answered, and where a battalion is sent now."""
    p, q, formations = world.p, world.places, world.formations
    answered = np.zeros(calling.size, dtype=bool)
    sent = []
    for k in sorted(set(formations.place[calling > 0].tolist())):
        here = (formations.place == k) & (calling > 0)
        if not (np.isfinite(formations.arrives) & (formations.target == k)).any():
            listed = q.defence[k] * q.paper_factor[k] / max(q.attack[k], 1e-12)
            serious = min(1.0, p.call_ratio / listed) if listed > 0 else 1.0
            n_call = float((calling * formations.n_company)[here].sum())
            q.answers_due[k] += n_call * q.answer[k] * serious
            if q.answers_due[k] < HALF_TIME or free_reserve(world, k) is None:
                continue
            q.answers_due[k] = 0.0
            sent.append(k)
        answered |= here
    return answered, sent


def free_reserve(world: World, k: int) -> int | None:
    """Return the first formation that has a free reserve battalion elsewhere."""
    formations, q = world.formations, world.places
    free = formations.reserve & ~np.isfinite(formations.arrives) & (formations.place != k)
    free &= (q.control[formations.place] == GOVERNMENT) & (formations.n_battalion > 1e-3)
    found = np.flatnonzero(free)
    return int(found[0]) if found.size else None


def send(world: World, formation: int, place: int, battalions: float, delay: float) -> None:
    """Send battalions of a formation on their way by road after a delay."""
    formations = world.formations
    whole = formations.n_battalion[formation]
    if battalions < whole * 0.99:
        formation = detach(world, formation, battalions / whole)
    way = world.places.travel[world.formations.place[formation], place]
    world.formations.arrives[formation] = world.hour + delay + way
    world.formations.target[formation] = place


def advance_reserves(world: World) -> None:
    """Let battalions arrive where they were sent; those who see them take heart (M13)."""
    formations = world.formations
    for f in np.flatnonzero(formations.arrives <= world.hour).tolist():
        formations.arrives[f] = np.inf
        place = int(formations.target[f])
        if world.places.control[place] == ADVERSARY:
            continue
        world.move(f, place)
        here = formations.place == place
        formations.relief = formations.relief | here
        formations.gain = np.where(here, 1.0, formations.gain)
        # each battalion that arrives is a reason to take heart
        seen = world.p.belief_of_reinforcement * max(1.0, float(formations.n_battalion[f]))
        formations.shift = formations.shift + seen * here


def commanders_may_leave(world: World) -> None:
    """Let commanders who expect to lose leave their troops (M15)."""
    p, q, formations = world.p, world.places, world.formations
    if p.flight_rate <= 0 or not q.contact.any():
        return
    place = formations.place
    fears = q.contact[place] & (perceived_ratio(world) < p.flight_ratio) & (formations.led > 0)
    fears &= ~formations.dissolved
    rate = p.flight_rate * (1 - p.commander_resolve) * (1 - q.leaders_kept[place])
    if fears.any() or (q.flights_due > HALF_TIME).any():
        lose_commanders(world, np.where(fears, chances(rate * p.dt), 0.0))


def lose_commanders(world: World, share: Floats) -> None:
    """Let a share of the battalions still led lose their commanders, and learn it in the next step."""
    formations = world.formations
    lost = formations.led * share
    formations.led = formations.led - lost
    # told are battalions that had commanders, and so did not know
    formations.told = 1 - (1 - formations.told) * (1 - np.where(lost > 0, share, 0.0))
    formations.abandoned = formations.abandoned + lost
    # word goes round when a battalion is without commanders, not a hundredth of one
    q = world.places
    q.flights_due = q.flights_due + world.by_place(lost * formations.n_battalion)
    for k in np.flatnonzero(q.flights_due > HALF_TIME).tolist():
        q.flights_due[k] = max(0.0, q.flights_due[k] - 1)
        world.requested.append((FLIGHT, k))


def fade_pulses(world: World) -> None:
    """Fade the push of orders, and end the pulses of the step."""
    x = world.formations
    loops.fade_pulses(
        world.numbers, x.order, x.stand, x.call_up, x.uneven, x.hit, x.gain, x.shift, x.relief
    )
