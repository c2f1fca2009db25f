"""Invariants of who and how many: nobody appears or vanishes, and nothing is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.engine.state import LEFT
from standfast.scenario.vocabulary import EXITS, STATUS
from standfast.testing.moment import AFTER_STEP, CODE, Invariant, where
from standfast.testing.transitions import N_STATUS, allowed_transitions, count_transitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standfast.testing.moment import Moment

#: counts that only grow
CUMULATIVE = (
    "departures", "cause", "resolute", "calls_answered", "calls_unanswered", "n_log", "refugees",
    "allies", "loot", "volunteers_called",
)  # fmt: skip
#: what, once so, stays so: array and the value that is never left again
FOR_GOOD = (
    ("control", 2),
    ("battalion_hq", 0),
    ("battalion_routed", 1),
    ("battalion_dissolved", 1),
    ("halted", 1),
    ("family", 1),
    ("family", 2),
)


def known_statuses(moment: Moment) -> Iterator[str]:
    """Check that codes are those of `STATUS`, and ghosts are the names that were ghosts at the start."""
    status = moment.now["agent_status"]
    if (status >= N_STATUS).any():
        yield f"statuses beyond {N_STATUS - 1}: agents {where(status >= N_STATUS)}"
    wrong = (status == CODE["ghost"]) != (moment.plan.people.ghost == 1)
    if wrong.any():
        yield f"people became ghosts, or ghosts people: agents {where(wrong)}"


def people_by_place(moment: Moment) -> Iterator[str]:
    """Check that counts by garrison, branch and status are those of the agents; no garrison gains or loses any."""
    now, past = moment.now, moment.past
    counted = np.zeros_like(now["count"])
    np.add.at(counted, (now["origin"], now["branch"], now["agent_status"] % N_STATUS), 1)
    if (counted != now["count"]).any():
        yield f"counts are not those of the agents: {where(counted != now['count'])}"
    changed = now["count"].sum(axis=2) != past["count"].sum(axis=2)
    if changed.any():
        yield f"a garrison gained or lost people: {where(changed)}"
    if now["count"].sum() != moment.plan.n_agent:
        yield f"{now['count'].sum()} people in all instead of {moment.plan.n_agent}"


def people_by_unit(moment: Moment) -> Iterator[str]:
    """Check that everybody of a squad, company and battalion has one status, and they add up to its size."""
    people, status = moment.plan.people, moment.now["agent_status"]
    known = status < N_STATUS
    for name, starts in (
        ("squad", people.squad_start),
        ("company", people.company_start),
        ("battalion", people.battalion_start),
    ):
        unit = np.repeat(np.arange(starts.size - 1), np.diff(starts))
        by_status = np.zeros((starts.size - 1, N_STATUS), dtype=np.int64)
        np.add.at(by_status, (unit[known], status[known]), 1)
        wrong = by_status.sum(axis=1) != np.diff(starts)
        if wrong.any():
            yield f"people of a {name} do not add up: {where(wrong)}"


def transitions(moment: Moment) -> Iterator[str]:
    """Check that only the changes of status happen that `TRANSITIONS` allows."""
    before, after = moment.past["agent_status"], moment.now["agent_status"]
    counted = count_transitions(before % N_STATUS, after % N_STATUS)
    for start, end in np.argwhere((counted > 0) & ~allowed_transitions()):
        who = np.flatnonzero((before == start) & (after == end))
        yield f"{STATUS[start]} became {STATUS[end]}: agents {who[:5].tolist()}"


def cumulative(moment: Moment) -> Iterator[str]:
    """Check that what is counted over the whole run never falls, and inmates never grow in number."""
    for name in CUMULATIVE:
        fell = moment.now[name] < moment.past[name]
        if fell.any():
            yield f"{name} fell: {where(fell)}"
    grew = moment.now["inmates"] > moment.past["inmates"]
    if grew.any():
        yield f"inmates grew in number: {where(grew)}"


def for_good(moment: Moment) -> Iterator[str]:
    """Check that what is lost stays lost: places, commanders, units, families that moved."""
    for name, value in FOR_GOOD:
        back = (moment.past[name] == value) & (moment.now[name] != value)
        if back.any():
            yield f"{name} was {value} and is so no longer: {where(back)}"
    before, after = moment.past["lost_hour"], moment.now["lost_hour"]
    changed = ~np.isnan(before) & (before != after)
    if changed.any():
        yield f"the hour of a loss changed: places {where(changed)}"


def departures_add_up(moment: Moment) -> Iterator[str]:
    """Check that departures are the changes of status into a way out; so are the list and the causes."""
    now, past = moment.now, moment.past
    before, after = past["agent_status"], now["agent_status"]
    first, last = CODE[EXITS[0]], CODE[EXITS[-1]]
    left = (before != after) & (after >= first) & (after <= last)
    new = np.zeros_like(now["departures"])
    key = (now["origin"][left], now["branch"][left], now["home_kind"][left], after[left] - first)
    np.add.at(new, key, 1)
    wrong = now["departures"] - past["departures"] != new
    if wrong.any():
        yield f"departures are not the changes of status: {where(wrong)}"
    marked = now["happened"] & LEFT != 0
    if not np.array_equal(marked, left) or now["n_departed"][0] != left.sum():
        yield f"{int(marked.sum())} are marked as departed, but {int(left.sum())} left"
    by_cause = (now["cause"] - past["cause"]).sum(axis=2)
    off = np.abs(by_cause - new.sum(axis=(2, 3))) > 1e-6
    if off.any():
        yield f"shares of causes do not add up to the departures: {where(off)}"


def departure_hours(moment: Moment) -> Iterator[str]:
    """Check that the step of leaving is noted for those who left, died or were captured in it, and for no others."""
    before, after = moment.past["agent_status"], moment.now["agent_status"]
    gone = (before != after) & (after >= CODE["hiding"]) & (after <= CODE["captured"])
    noted = np.where(gone, moment.step, moment.past["departure_step"])
    wrong = noted != moment.now["departure_step"]
    if wrong.any():
        yield f"the step of leaving is wrong: agents {where(wrong)}"


def nothing_ahead_of_time(moment: Moment) -> Iterator[str]:
    """Check that what is written in a step bears its hour; who arrives was due; who spreads news has heard it."""
    now, past = moment.now, moment.past
    first, last = int(past["n_log"][0]), min(int(now["n_log"][0]), now["log_lines"].size)
    hours = now["log_lines"]["hour"][first:last]
    if (hours != moment.hour).any():
        yield f"the log of hour {moment.hour:g} speaks of {hours[hours != moment.hour][0]:g}"
    newly = np.isnan(past["lost_hour"]) & ~np.isnan(now["lost_hour"])
    if (now["lost_hour"][newly] != moment.hour).any():
        yield f"a place was lost at another hour than it fell: {where(newly)}"
    early = (past["battalion_eta"] > moment.hour) & (now["battalion_eta"] < 0)
    if early.any():
        yield f"a battalion arrived before it was due: {where(early)}"
    untold = (now["spreading"] & ~now["heard"]) != 0
    if untold.any():
        yield f"news is spread by those who have not heard it: agents {where(untold)}"
    closed = sum(1 << slot for slot in np.flatnonzero(now["news_kind"] < 0).tolist())
    for name in ("heard", "heard_new", "spreading"):
        unsaid = (now[name] & np.uint8(closed)) != 0
        if unsaid.any():
            yield f"{name} holds news that never happened: agents {where(unsaid)}"


#: by name
CONSERVATION: dict[str, Invariant] = {
    function.__name__: Invariant.of(function, AFTER_STEP)
    for function in (
        known_statuses,
        people_by_place,
        people_by_unit,
        transitions,
        cumulative,
        for_good,
        departures_add_up,
        departure_hours,
        nothing_ahead_of_time,
    )
}
