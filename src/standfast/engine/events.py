"""Dated events of the scenario: when each happens in a run, and what it changes (E17, E25)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import singledispatch
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.compile import hour_of
from standfast.engine.news import circulate, first_to_know
from standfast.kernels import draws, status
from standfast.kernels._jit import kernel
from standfast.kernels.orders import goes_in_order
from standfast.scenario import events as kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.engine.compile import Plan

    Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Moment:
    """One event of a run, with the hour it happens at."""

    hour: float
    index: int
    event: kinds.Event


@dataclass
class Scene:
    """What an event may touch: the arrays of a run, its key, and the present step."""

    plan: Plan
    arrays: Arrays
    key: tuple[int, int]
    step: int = 0
    hour: float = 0.0
    #: ids of attacks from outside that are under way
    attacking: set[str] = field(default_factory=set)

    def place(self, slug: str) -> int:
        """Return the index of a place."""
        return list(self.plan.scenario.places).index(slug)

    def is_on(self, mechanism: str) -> bool:
        """Return whether a mechanism acts."""
        return bool(self.arrays["behaviour"][mechanism][0] > 0)

    def log(self, kind: int, place: int, value: float = 0.0, battalion: int = -1) -> None:
        """Write a line of the log."""
        n = int(self.arrays["n_log"][0])
        if n < self.arrays["log_lines"].size:
            self.arrays["log_lines"][n] = (self.hour, kind, place, battalion, value)
        self.arrays["n_log"][0] = n + 1


def number_of(event: kinds.Event) -> int:
    """Return the number under which an event draws: its id's, so that its place in the list is free."""
    return zlib.crc32(event.id.encode())


@kernel
def event_draw(key0: int, key1: int, index: int, word: int) -> float:
    """Return one uniform of an event."""
    words: tuple[float, float, float, float] = draws.block(key0, key1, index, 0, draws.EVENT)
    return words[word]


@kernel
def unit_goes_in_order(
    key0: int, key1: int, battalion: int, step: int, skill: float, trust: float, quality: float
) -> bool:
    """Return whether a battalion carries out an order to move in good order."""
    u = draws.block(key0, key1, battalion, step, draws.COMMAND, 2)[0]
    in_order: bool = goes_in_order(u, skill, trust, quality)
    return in_order


def draw_moments(plan: Plan, key: tuple[int, int]) -> list[Moment]:
    """Return the events that happen in a run, by hour; each draws its chance and its hour."""
    moments = []
    for index, event in enumerate(plan.scenario.events):
        number = number_of(event)
        if event_draw(*key, number, 0) >= event.probability:
            continue
        hour = hour_of(plan.scenario, event.at) + event.spread * event_draw(*key, number, 1)
        moments.append(Moment(hour, index, event))
        if isinstance(event, kinds.Attack) and event.breaks_off_after is not None:
            moments.append(Moment(hour + event.breaks_off_after, -1 - index, event))
    return sorted(moments, key=lambda m: (m.hour, m.index))


def lead_of_attacks(plan: Plan, moments: list[Moment]) -> list[tuple[int, float, float]]:
    """Return (place, hour, lead in hours) of the attacks, for the campaign that precedes them."""
    slugs = list(plan.scenario.places)
    lead = float(plan.arrays["behaviour"]["campaign_lead"][0])
    return [
        (
            slugs.index(m.event.place),
            m.hour,
            lead if m.event.campaign_lead is None else min(lead, m.event.campaign_lead),
        )
        for m in moments
        if isinstance(m.event, kinds.Attack) and m.index >= 0
    ]


def happen(scene: Scene, moment: Moment) -> None:
    """Let an event of a run happen, unless it waits for a place that has not fallen."""
    event = moment.event
    if event.unless_held is not None:
        control = scene.arrays["control"][scene.place(event.unless_held)]
        if control != status.ADVERSARY:
            return
    if moment.index < 0:
        break_off(scene, event)
    else:
        apply(event, scene)


def break_off(scene: Scene, event: Any) -> None:
    """Let the attackers withdraw from a place they could not take."""
    q = scene.place(event.place)
    if event.id not in scene.attacking or scene.arrays["control"][q] == status.ADVERSARY:
        return
    scene.arrays["fighters"][q] = max(0.0, scene.arrays["fighters"][q] - event.fighters)
    scene.arrays["intensity"][q] = 0.0
    scene.arrays["scripted"][q] = 0.0
    scene.arrays["control"][q] = status.GOVERNMENT
    scene.log(status.LOG_BREAKS_OFF, q, event.fighters)


@singledispatch
def apply(event: Any, scene: Scene) -> None:
    """Change the state as one kind of event does."""
    del scene
    raise TypeError(event)


@apply.register
def _(event: kinds.Attack, scene: Scene) -> None:
    q = scene.place(event.place)
    if not scene.is_on("M33") or scene.arrays["control"][q] == status.ADVERSARY:
        return
    scene.arrays["fighters"][q] += event.fighters
    scene.arrays["scripted"][q] = max(scene.arrays["scripted"][q], event.intensity)
    scene.arrays["intensity"][q] = scene.arrays["scripted"][q]
    scene.attacking.add(event.id)
    scene.log(status.LOG_ATTACK, q, event.fighters)


@apply.register
def _(event: kinds.Intensify, scene: Scene) -> None:
    q = scene.place(event.place)
    if scene.arrays["scripted"][q] > 0:
        scene.arrays["scripted"][q] = event.intensity
        scene.log(status.LOG_INTENSIFY, q, event.intensity)


@apply.register
def _(event: kinds.Reinforce, scene: Scene) -> None:
    if not scene.is_on("M13"):
        return
    q = scene.place(event.place)
    force = list(scene.plan.scenario.forces).index(event.force)
    a = scene.arrays
    ready = (
        (scene.plan.people.battalion_force == force)
        & (a["battalion_eta"] < 0)
        & (a["battalion_dissolved"] == 0)
        & (a["battalion_place"] != q)
    )
    sent = np.flatnonzero(ready)[: event.battalions]
    for b in sent.tolist():
        road = a["travel_hours"][a["battalion_place"][b], q]
        a["battalion_eta"][b] = scene.hour + event.delay + road
        a["battalion_target"][b] = q
        scene.log(status.LOG_ANSWERED, q, float(event.delay + road), b)


@apply.register
def _(event: kinds.CommandersLeave, scene: Scene) -> None:
    if not scene.is_on("M15"):
        return
    a, q = scene.arrays, scene.place(event.place)
    here = np.flatnonzero((a["battalion_place"] == q) & (a["battalion_hq"] == 1))
    for b in here.tolist():
        u = event_draw(*scene.key, 1_000_000 + b, 2)
        if u < event.share * (1.0 - a["leaders_kept"][q]):
            a["battalion_hq"][b] = 0
            a["battalion_told"][b] = True
            first, last = a["battalion_company_start"][b : b + 2]
            a["company_order"][first:last] += a["behaviour"]["order_by_flight"][0]
            scene.log(status.LOG_COMMANDERS, q, 1.0, b)
    if a["battalion_told"].any():
        circulate(a, status.FLIGHT, q, scene.step, scene.key, first_to_know(a, status.FLIGHT, q))
        a["battalion_told"][:] = False


@apply.register
def _(event: kinds.MassMessage, scene: Scene) -> None:
    if not scene.is_on("M01"):
        return
    for slug in event.places:
        q = scene.place(slug)
        share = np.zeros(scene.plan.n_place)
        share[q] = event.reach
        circulate(scene.arrays, status.ALARM, q, scene.step, scene.key, share, needs_phone=True)
        scene.log(status.LOG_MESSAGE, q, event.reach)


@apply.register
def _(event: kinds.Order, scene: Scene) -> None:
    if not scene.is_on("M17"):
        return
    a, q = scene.arrays, scene.place(event.place)
    for b in np.flatnonzero(a["battalion_place"] == q).tolist():
        if event_draw(*scene.key, 2_000_000 + b, 2) >= event.share:
            continue
        first, last = a["battalion_company_start"][b : b + 2]
        if event.order == "stand":
            a["company_stand"][first:last] = 1.0
            a["company_belief_shift"][first:last] += (
                a["behaviour"]["belief_of_stand_order"][0] * 0.5
            )
        elif event.order == "leave" or event.to is None:
            a["company_order"][first:last] += 1.0
        else:
            move_out(scene, b, q, scene.place(event.to))
    scene.log(status.LOG_ORDER, q, ("stand", "withdraw", "evacuate", "leave").index(event.order))


def move_out(scene: Scene, battalion: int, start: int, end: int) -> None:
    """Carry out an order to withdraw or evacuate: in good order, or as a release."""
    a = scene.arrays
    if a["battalion_dissolved"][battalion]:
        return
    n = a["battalion_duty"][battalion]
    trust = a["battalion_sums"][battalion, 1] / n if n > 0 else 0.0
    skill = min(1.0, float(a["behaviour"]["evacuation_skill"][0] + a["evacuation_gain"][start]))
    quality = a["battalion_quality"][battalion]
    first, last = a["battalion_company_start"][battalion : battalion + 2]
    if unit_goes_in_order(*scene.key, battalion, scene.step, skill, trust, quality):
        a["battalion_place"][battalion] = end
        scene.log(status.LOG_EVACUATION, start, float(n), battalion)
    else:
        a["company_order"][first:last] += 1.0


@apply.register
def _(event: kinds.CallUp, scene: Scene) -> None:
    if not scene.is_on("M19"):
        return
    push = scene.arrays["behaviour"]["order_by_call_up"][0]
    for slug in event.places:
        q = scene.place(slug)
        here = scene.arrays["battalion_place"][scene.arrays["company_battalion"]] == q
        scene.arrays["company_call_up"][here] += push
        scene.log(status.LOG_CALL_UP, q, float(here.sum()))


@apply.register
def _(event: kinds.Breach, scene: Scene) -> None:
    if not scene.is_on("M08"):
        return
    q = scene.place(event.place)
    share = event.share * (1.0 - scene.arrays["guard"][q])
    scene.arrays["leak"][q] = max(scene.arrays["leak"][q], share)
    scene.log(status.LOG_BREACH, q, share)


@apply.register
def _(event: kinds.PrisonBreak, scene: Scene) -> None:
    if not scene.is_on("M36"):
        return
    a, q = scene.arrays, scene.place(event.place)
    freed = a["inmates"][q]
    a["fighters"][q] += a["behaviour"]["prisoners_join"][0] * freed * a["inmate_fighters"][q]
    a["inmates"][q] = 0.0
    scene.log(status.LOG_PRISON, q, float(freed))
    circulate(a, status.PRISON, q, scene.step, scene.key, first_to_know(a, status.PRISON, q))


@apply.register
def _(event: kinds.Mobilisation, scene: Scene) -> None:
    if not scene.is_on("M39"):
        return
    q = scene.place(event.place)
    scene.arrays["volunteers_called"][q] += event.volunteers
    scene.log(status.LOG_MOBILISATION, q, event.volunteers)


@apply.register
def _(event: kinds.ExitOffer, scene: Scene) -> None:
    if not (scene.is_on("M28") or scene.is_on("M29")):
        return
    q = scene.place(event.place)
    safety = scene.arrays["leaving_safety"]
    safety[q] = min(1.0, max(0.0, safety[q] + event.change))
    scene.log(status.LOG_SAFETY, q, event.change)
