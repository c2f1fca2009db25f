"""Dated events, and what each changes; what is drawn in the engine happens here to a share (E17, E25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.meanfield.combat import move_in_order, open_prison
from standfast.meanfield.command import lose_commanders, send
from standfast.meanfield.loops.codes import ADVERSARY, GOVERNMENT
from standfast.meanfield.news import ALARM, FLIGHT, PRISON, circulate, first_to_know
from standfast.meanfield.tally import detach
from standfast.scenario.moments import hours_of

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.scenario.events import (
        Attack,
        Breach,
        CallUp,
        CommandersLeave,
        ExitOffer,
        Intensify,
        MassMessage,
        Mobilisation,
        Order,
        PrisonBreak,
        Reinforce,
    )

#: an event less likely than this does not happen here, unless it can happen to a share
LIKELY = 0.5
#: kinds that happen to a share, so that an uncertain event is one of a smaller share
SHARED = ("mass_message", "commanders_leave", "breach", "mobilisation", "leaving_safety")


@dataclass(frozen=True)
class Moment:
    """An event and its hour; the end of an attack is a moment of its own."""

    hour: float
    rank: int
    event: Any
    is_end: bool


def list_moments(world: World) -> list[Moment]:
    """Return the moments of the scenario in order, each at the middle of its uncertainty."""
    moments = []
    for rank, event in enumerate(world.scenario.events):
        if event.probability < LIKELY and event.kind not in SHARED:
            continue
        hour = hours_of(event.at, world.scenario.time.start) + event.spread / 2
        moments.append(Moment(hour, rank, event, is_end=False))
        if event.kind == "attack" and event.breaks_off_after is not None:
            moments.append(Moment(hour + event.breaks_off_after, -1 - rank, event, is_end=True))
    return sorted(moments, key=lambda moment: (moment.hour, moment.rank))


def threaten(world: World, moments: list[Moment]) -> None:
    """Let the campaign rise before the attacks to come (E1)."""
    q, lead = world.places, world.p.campaign_lead
    q.threatened = np.zeros_like(q.threatened)
    for moment in moments:
        if moment.event.kind != "attack" or moment.is_end or lead <= 0:
            continue
        if world.hour < moment.hour <= world.hour + lead:
            k = q.index[moment.event.place]
            near = 1 - (moment.hour - world.hour) / lead
            q.threatened[k] = max(q.threatened[k], near)


def happen(world: World, moment: Moment) -> None:
    """Let an event happen, unless it waits for a place that has not fallen."""
    event, q = moment.event, world.places
    waits_for = event.unless_held
    if waits_for is not None and q.control[q.index[waits_for]] != ADVERSARY:
        return
    needs, act = EVENTS[event.kind]
    if moment.is_end:
        _break_off(world, event)
    elif not needs or any(getattr(world.p, key) for key in needs):
        act(world, event)


def _break_off(world: World, event: Attack) -> None:
    q, k = world.places, world.places.index[event.place]
    if event.id not in world.under_way or q.control[k] == ADVERSARY:
        return
    q.fighters[k] = max(0.0, q.fighters[k] - event.fighters)
    q.intensity[k] = q.scripted[k] = 0.0
    q.control[k] = GOVERNMENT


def _attack(world: World, event: Attack) -> None:
    q, k = world.places, world.places.index[event.place]
    if q.control[k] == ADVERSARY:
        return
    q.fighters[k] += event.fighters
    q.scripted[k] = q.intensity[k] = max(q.scripted[k], event.intensity)
    world.under_way.add(event.id)


def _intensify(world: World, event: Intensify) -> None:
    q, k = world.places, world.places.index[event.place]
    if q.scripted[k] > 0:
        q.scripted[k] = event.intensity


def _reinforce(world: World, event: Reinforce) -> None:
    k, force = world.places.index[event.place], list(world.scenario.forces).index(event.force)
    formations, wanted = world.formations, float(event.battalions)
    ready = (formations.force == force) & ~np.isfinite(formations.arrives)
    ready &= ~formations.dissolved & (formations.place != k)
    for f in np.flatnonzero(ready).tolist():
        # a part smaller than half a battalion is none
        part = min(wanted, float(formations.n_battalion[f]))
        if part < LIKELY:
            continue
        send(world, f, k, part, event.delay)
        wanted -= part


def _commanders_leave(world: World, event: CommandersLeave) -> None:
    q, formations = world.places, world.formations
    k = q.index[event.place]
    share = event.share * event.probability * (1 - q.leaders_kept[k])
    before = len(world.requested)
    lose_commanders(world, np.where(formations.place == k, share, 0.0))
    if len(world.requested) > before:
        del world.requested[before:]
        circulate(world, FLIGHT, k, first_to_know(world, FLIGHT, k))


def _mass_message(world: World, event: MassMessage) -> None:
    for slug in event.places:
        k = world.places.index[slug]
        share = np.zeros(len(world.places.slugs))
        share[k] = event.reach * event.probability
        circulate(world, ALARM, k, share, by_phone=True)


def _order(world: World, event: Order) -> None:
    q, formations = world.places, world.formations
    k = q.index[event.place]
    here = np.flatnonzero(formations.place == k)
    if event.order == "stand":
        kept = formations.stand[here]
        formations.stand[here] = kept + event.share * (1 - kept)
        formations.shift[here] += 0.5 * world.p.belief_of_stand_order * event.share
        return
    for f in here.tolist():
        told = f if event.share >= 1 else detach(world, f, event.share)
        if event.order == "leave" or event.to is None:
            release(world, told)
        else:
            move_or_release(world, told, q.index[event.to])


def release(world: World, formation: int) -> None:
    """Let an order work as a release: whoever hears it may go."""
    world.formations.order[:, formation] += 1.0


def move_or_release(world: World, formation: int, end: int) -> None:
    """Carry out an order to move: in good order, or as a release."""
    if world.formations.dissolved[formation]:
        return
    rest = move_in_order(world, formation, end)
    if rest is not None:
        release(world, rest)


def _call_up(world: World, event: CallUp) -> None:
    formations = world.formations
    for slug in event.places:
        here = formations.place == world.places.index[slug]
        formations.call_up = formations.call_up + world.p.order_by_call_up * here


def _breach(world: World, event: Breach) -> None:
    q, k = world.places, world.places.index[event.place]
    q.leak[k] = max(q.leak[k], event.share * event.probability * (1 - q.guard[k]))


def _prison_break(world: World, event: PrisonBreak) -> None:
    k = world.places.index[event.place]
    open_prison(world, k)
    circulate(world, PRISON, k, first_to_know(world, PRISON, k))


def _mobilise(world: World, event: Mobilisation) -> None:
    k = world.places.index[event.place]
    world.places.volunteers_called[k] += event.volunteers * event.probability


def _change_safety(world: World, event: ExitOffer) -> None:
    q, k = world.places, world.places.index[event.place]
    changed = q.leaving_safety[k] + event.change * event.probability
    q.leaving_safety[k] = min(1.0, max(0.0, changed))


#: kind -> the mechanisms one of which it needs, and what it does
EVENTS: dict[str, tuple[tuple[str, ...], Any]] = {
    "attack": (("M33",), _attack),
    "intensify": ((), _intensify),
    "reinforce": (("M13",), _reinforce),
    "commanders_leave": (("M15",), _commanders_leave),
    "mass_message": (("M01",), _mass_message),
    "order": (("M17",), _order),
    "call_up": (("M19",), _call_up),
    "breach": (("M08",), _breach),
    "prison_break": (("M36",), _prison_break),
    "mobilisation": (("M39",), _mobilise),
    "leaving_safety": (("M28", "M29"), _change_safety),
}
