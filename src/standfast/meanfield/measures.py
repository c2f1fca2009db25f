"""Interventions of the defender: when each begins and ends, and what it changes (E25)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.meanfield.command import send
from standfast.meanfield.events import move_or_release
from standfast.meanfield.loops.codes import GOVERNMENT
from standfast.scenario.moments import hours_of

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Flags
    from standfast.scenario.interventions import Intervention

#: standing arrangements that end: what of the place, and the parameter it goes back to
STANDING = {
    "answer_calls": ("answer", "answer_probability"),
    "keep_leaders": ("leaders_kept", None),
    "verified_channel": ("verified", None),
    "protect_records": ("guard", None),
    "ordered_withdrawal": ("evacuation_gain", None),
    "leave_policy": ("leave_cancelled", None),
}
ARMY = 0


def act(world: World) -> None:
    """Let interventions begin and end, and arrange what stands."""
    interventions = world.scenario.interventions
    if not interventions:
        return
    _arrange(world)
    for measure in interventions:
        start, end = span(world, measure)
        needs, change = MEASURES[measure.kind]
        begins = world.hour <= start < world.hour + world.p.dt
        ends = world.hour <= end < world.hour + world.p.dt
        acts = measure.size > 0 and (needs is None or getattr(world.p, needs))
        if change is not None and ((begins and acts) or (ends and measure.kind in LAWS)):
            change(world, measure, _where(world, measure))


def span(world: World, measure: Intervention) -> tuple[float, float]:
    """Return the hours at which an intervention begins and ends."""
    start = hours_of(measure.start, world.scenario.time.start)
    return start, math.inf if measure.duration is None else start + measure.duration


def _where(world: World, measure: Intervention) -> Flags:
    if not measure.places:
        return np.ones(len(world.places.slugs), dtype=bool)
    return np.array([slug in measure.places for slug in world.places.slugs])


def _whose(world: World, measure: Intervention) -> Flags:
    """Return which formations are of the forces that an intervention is for."""
    known = world.scenario.forces
    meant = np.array([not measure.forces or slug in measure.forces for slug in known])
    return np.asarray(meant[world.formations.force])


def _in_force(world: World, kind: str) -> list[Intervention]:
    now = world.hour + world.p.dt
    return [
        measure
        for measure in world.scenario.interventions
        if measure.kind == kind
        and measure.size > 0
        and span(world, measure)[0] < now <= span(world, measure)[1]
    ]


def _arrange(world: World) -> None:
    q = world.places
    for kind, (name, parameter) in STANDING.items():
        usual = getattr(world.p, parameter) if parameter else 0.0
        value = np.full(len(q.slugs), usual)
        for measure in _in_force(world, kind):
            value = np.where(_where(world, measure), np.maximum(value, measure.size), value)
        setattr(q, name, value)
    q.call_delay = np.full(len(q.slugs), world.p.dispatch_delay)
    for measure in _in_force(world, "answer_calls"):
        if measure.delay is not None:
            q.call_delay = np.where(_where(world, measure), measure.delay, q.call_delay)


def _answer_calls(world: World, measure: Intervention, where: Flags) -> None:
    _free_reserves(world, measure.battalions, where)


def _free_reserves(world: World, wanted: float, away: Flags) -> None:
    """Make army battalions of quiet places reserves, those of the strongest garrisons first."""
    q, formations = world.places, world.formations
    size = np.bincount(formations.place, formations.n_battalion, minlength=len(q.slugs))
    place = formations.place
    able = (q.control[place] == GOVERNMENT) & ~q.contact[place] & ~formations.dissolved
    able &= ~formations.reserve & (formations.branch == ARMY)
    if not away.all():
        able &= ~away[place]
    for f in sorted(np.flatnonzero(able).tolist(), key=lambda f: -size[place[f]]):
        if wanted <= 0:
            break
        formations.reserve[f] = True
        wanted -= float(formations.n_battalion[f])


def _move_families(world: World, measure: Intervention, where: Flags) -> None:
    cells = world.cells
    meant = where[cells.home] & _whose(world, measure)[cells.formation]
    stay = np.where(meant, 1 - measure.size, 1.0)
    cells.movable, cells.settled = cells.movable * stay, cells.settled * stay


def _protect_records(world: World, measure: Intervention, where: Flags) -> None:
    cells, size = world.cells, measure.size
    known = np.where(where[world.origin], 1 - size, 1.0)
    cells.exposed = cells.exposed * known
    kept = np.where(where[world.origin], 1 - size * size, 1.0)
    cells.perceived, cells.perceived_noise = cells.perceived * kept, cells.perceived_noise * kept**2


def _clear_moles(world: World, measure: Intervention, where: Flags) -> None:
    q = world.places
    q.infiltration = np.where(where, q.infiltration * (1 - measure.size), q.infiltration)


def _end_ghosts(world: World, measure: Intervention, where: Flags) -> None:
    q, cells, formations, whole = world.places, world.cells, world.formations, world.p.trust_start
    meant = _whose(world, measure)
    share = 0.5 * measure.size * (where[formations.place] & meant)
    cells.trust = cells.trust + share[cells.formation] * (whole - cells.trust)
    formations.trust_start = formations.trust_start + share * (whole - formations.trust_start)
    living = np.bincount(formations.place, weights=formations.size, minlength=len(q.slugs))
    ghosts = np.maximum(0.0, q.names - living)
    if not meant.all():
        absent = np.where(meant, formations.size / formations.full - formations.size, 0.0)
        ghosts = np.bincount(formations.origin, weights=absent, minlength=len(q.slugs))
    struck = measure.size * ghosts / np.maximum(1.0, q.n_start)
    fewer = np.maximum(1.0, q.paper_factor - struck)
    q.paper_factor = np.where(where, fewer, q.paper_factor)


def _pay_training_supply(world: World, measure: Intervention, where: Flags) -> None:
    p, cells, formations = world.p, world.cells, world.formations
    here = where[formations.place] & _whose(world, measure)
    formations.skill = formations.skill + p.skill_range * measure.size * here
    cells.extra = cells.extra + p.commitment_of_quality * measure.size * here[cells.formation]
    if p.M16:
        formations.quality = np.minimum(1.0, formations.quality + measure.size * here)


def _station_away(world: World, measure: Intervention, where: Flags) -> None:
    cells = world.cells
    local = where[world.post] & (cells.home == world.origin)
    local &= _whose(world, measure)[cells.formation]
    stay = np.where(local, 1 - measure.size, 1.0)
    cells.exposed = cells.exposed * stay
    cells.movable, cells.settled = cells.movable * stay, cells.settled * stay


def _sanction(world: World, measure: Intervention, where: Flags) -> None:
    del measure, where  # worked out anew from all that are in force
    cells = world.cells
    cells.legitimacy = cells.legitimacy_start.copy()
    for law in _in_force(world, "sanction"):
        there = _where(world, law)[world.post] & _whose(world, law)[cells.formation]
        cells.legitimacy = np.where(there, cells.legitimacy * (1 + law.size), cells.legitimacy)


def _amnesty(world: World, measure: Intervention, where: Flags) -> None:
    del measure, where
    q = world.places
    q.amnesty = np.full(len(q.slugs), world.p.amnesty)
    for law in _in_force(world, "amnesty"):
        q.amnesty = q.amnesty + 2 * law.size * _where(world, law)


def _ordered_withdrawal(world: World, measure: Intervention, where: Flags) -> None:
    if measure.to is None or not world.p.M17:
        return
    for f in np.flatnonzero(where[world.formations.place]).tolist():
        move_or_release(world, f, world.places.index[measure.to])


def _mobilise_volunteers(world: World, measure: Intervention, where: Flags) -> None:
    q = world.places
    q.volunteers_called = q.volunteers_called + np.where(where, measure.size * q.n_start, 0.0)


def _reserves_ahead(world: World, measure: Intervention, where: Flags) -> None:
    if measure.to is None:
        return
    target = world.places.index[measure.to]
    away = where & bool(measure.places)
    away[target] = True
    _free_reserves(world, measure.battalions, away)
    formations = world.formations
    ready = formations.reserve & (formations.place != target) & ~formations.dissolved
    ready &= ~np.isfinite(formations.arrives)
    for f in np.flatnonzero(ready).tolist():
        send(world, f, target, measure.size * float(formations.n_battalion[f]), 0.0)


LAWS = ("sanction", "amnesty")
#: kind -> the mechanism it needs, and what it does beyond the standing arrangement
MEASURES: dict[str, tuple[str | None, Any]] = {
    "answer_calls": ("M13", _answer_calls),
    "keep_leaders": (None, None),
    "verified_channel": (None, None),
    "move_families": ("M10", _move_families),
    "protect_records": (None, _protect_records),
    "clear_moles": (None, _clear_moles),
    "end_ghosts": ("M16", _end_ghosts),
    "pay_training_supply": (None, _pay_training_supply),
    "station_away": (None, _station_away),
    "sanction": (None, _sanction),
    "amnesty": (None, _amnesty),
    "ordered_withdrawal": (None, _ordered_withdrawal),
    "mobilise_volunteers": ("M39", _mobilise_volunteers),
    "leave_policy": (None, None),
    "reserves_ahead": ("M13", _reserves_ahead),
}
