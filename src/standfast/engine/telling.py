"""The sentences of a story: what each hour of an agent says, and what the end was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.witness import BROADCAST, WITH_ONES_NAME
from standfast.kernels import status as codes
from standfast.scenario.vocabulary import TERMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from standfast.engine.compile import Plan

    Rows = NDArray[np.void]
    Told = tuple[str, str]

_RANKS = (
    "A soldier",
    "A squad leader",
    "A platoon leader",
    "A company commander",
    "A battalion commander",
)
_NEWS = {
    codes.FALL: "Heard that {place} has fallen.",
    codes.ALARM: "Heard the alarm about {place}: they are coming.",
    codes.FLIGHT: "Heard that commanders fled from {place}.",
    codes.PRISON: "Heard that the prison at {place} was opened.",
    codes.TREACHERY: "Heard it said that {place} was betrayed.",
}
_CHANGES = {
    codes.DUTY: "Back on duty.",
    codes.LEAVE: "Went on leave.",
    codes.HIDING: "Left, and hid at home.",
    codes.DISPLACED: "Left, and fled to safety as a displaced person.",
    codes.RENOUNCED: "Left, and publicly renounced the service.",
    codes.ABROAD: "Left, and went abroad.",
    codes.DEFECTED: "Left, and went over to the other side.",
    codes.BACK: "Came back to service.",
}
#: what a term of the pressure is called in a sentence
_TERMS = {
    "fear": "fear",
    "family": "fear for the family",
    "belief": "lost belief that the force will hold",
    "trust": "lost trust in command",
    "comrades": "comrades who left",
    "suspicion": "suspicion of the others",
    "order": "orders and examples to leave",
    "resolve": "worn resolve",
    "safety": "leaving that looks safe",
    "cross_pressure": "being determined, distrustful and afraid at once",
    "baseline": "being at home on leave",
}
_HOLDS = {
    "comrades": "comrades who stayed",
    "order": "an order to stand, trusted",
    "safety": "leaving that looks dangerous",
    "resolve": "resolve",
    "belief": "belief that the force will hold",
    "trust": "trust in command",
}
_MANY = 3
#: a fall of trust that somebody notices
NOTICED = 0.03


def introduce(who: dict[str, Any]) -> str:
    """Return who somebody is, in one sentence."""
    rank = _RANKS[who["rank"]]
    serves = "away from home" if who["home"] != who["post"] else "at home"
    years = "less than a year" if who["years"] < 1 else f"{who['years']:.0f} years"
    return (
        f"{rank} of {who['battalion']} (company {who['company']}, squad {who['squad']}), "
        f"{years} in service, from {who['home']}, posted {serves} at {who['post']}. Synthetic."
    )


def moments(plan: Plan, rows: Rows) -> Iterator[tuple[int, str, str]]:
    """Yield (step, kind, sentence) of everything worth telling, in order of time."""
    titles = [place.title for place in plan.scenario.places.values()]
    before: Any = None
    for row in rows:
        for kind, text in _hour(row, before, titles):
            yield int(row["step"]), kind, text
        before = row
        # the dead, and those on no list but the paper one, live through nothing
        if row["status"] in (codes.DEAD, codes.GHOST):
            return


def _hour(row: Any, before: Any, titles: list[str]) -> Iterator[Told]:
    if row["was"] <= codes.LEAVE:
        yield from _learnt(row, titles)
        yield from _commanded(row, before, titles)
        yield from _saw(row, before)
    if row["family"] != row["was_family"]:
        yield "family", "Moved the family to safety."
    if row["status"] != row["was"]:
        lost = row["status"] in (codes.DEAD, codes.CAPTURED)
        yield "status", _lost(row) if lost else _CHANGES[int(row["status"])]


def _learnt(row: Any, titles: list[str]) -> Iterator[Told]:
    for slot in range(codes.N_SLOT):
        if row["heard"] & (1 << slot):
            place = titles[int(row["news_place"][slot])]
            yield "heard", _NEWS[int(row["news_kind"][slot])].format(place=place)
    if row["message"] == WITH_ONES_NAME:
        yield "message", "Got a threat by phone, with name and address."
    elif row["message"] == BROADCAST:
        yield "message", "Got a threat by phone that everybody gets."
    if row["exposed"] and not row["was_exposed"]:
        yield "known", "Became known to the adversary, without knowing it."
    if row["harmed"]:
        yield "harm", "The house or the family was attacked."
    if row["harmed_near"]:
        near = int(row["harmed_near"])
        yield "harm", f"Learnt that {_people(near)} they know {_was(near)} attacked at home."


def _commanded(row: Any, before: Any, titles: list[str]) -> Iterator[Told]:
    if before is not None and row["place"] != before["place"]:
        yield "moved", f"The unit moved to {titles[int(row['place'])]}."
    if row["call_lost"] > 0 and before is not None and row["trust"] < before["trust"] - NOTICED:
        yield (
            "command",
            f"A call for help was lost or refused; trust in command fell to {row['trust']:.2f}.",
        )
    if row["relief"]:
        yield "command", f"Reinforcement came; trust in command rose to {row['trust']:.2f}."
    old = {name: 0.0 if before is None else before[name] for name in ("order", "stand", "call_up")}
    if row["order"] > old["order"] + 0.3:
        yield "order", "An order, or the flight of commanders, set the company free to leave."
    if row["stand"] > old["stand"] + 0.3:
        yield "order", "Was ordered to stand."
    if row["call_up"] > old["call_up"] + 0.1:
        yield "order", "Was called up to fight."


def _saw(row: Any, before: Any) -> Iterator[Told]:
    if row["friends_left"] > 0:
        friends = int(row["friends_left"])
        yield "comrades", f"Learnt that {_people(friends)} they know {_has(friends)} left."
    gone = int(row["squad_left"]) - int(
        row["status"] != row["was"] and _is_departure(row["status"])
    )
    if gone > 0:
        yield "comrades", f"Saw {gone} of the squad leave."
    if row["under_fire"] and (before is None or not before["under_fire"]):
        yield "fire", "Came under fire."


def ending(plan: Plan, rows: Rows, date: Callable[[int], str]) -> str:
    """Return why somebody went or stayed."""
    del plan
    if rows.size == 0:
        return "Nothing has happened yet."
    last = int(rows["status"][-1])
    if last == codes.GHOST:
        return "A name on the payroll with nobody behind it: never served, and cannot leave."
    served = rows[rows["was"] <= codes.LEAVE]
    went = np.flatnonzero(
        (rows["was"] <= codes.LEAVE)
        & (rows["status"] > codes.LEAVE)
        & (rows["status"] < codes.BACK)
    )
    if went.size and _is_departure(rows["status"][went[-1]]):
        row = rows[went[-1]]
        came_back = " They came back later." if last <= codes.LEAVE or last == codes.BACK else ""
        return (
            f"{_CHANGES[int(row['status'])]} It was {date(int(row['step']))}. {_odds(row)} "
            f"{_pushed(row)}{came_back}"
        )
    if went.size:
        row = rows[went[-1]]
        return f"{_lost(row)} It was {date(int(row['step']))}."
    known = served[np.isfinite(served["chance"])]
    if known.size == 0:
        return "Served to the end."
    row = known[np.argmax(known["chance"])]
    return (
        f"Stayed. They came nearest to leaving on {date(int(row['step']))}, with a chance of "
        f"{_percent(row['chance'])} in that hour. {_pushed(row)} {_held(row)}"
    )


def _lost(row: Any) -> str:
    """Say how somebody was killed or captured: on the way out, at home, or while still there."""
    verb = "captured" if row["status"] == codes.CAPTURED else "killed"
    killed = row["killed"] if row["was"] == codes.DUTY else 0.0
    if row["was"] == codes.LEAVE and row["harmed"]:
        return "Was killed at home, by those who had the address."
    if row["routed"] or killed <= row["draw"] < killed + row["chance"]:
        return f"Decided to leave, and was {verb} on the way out."
    return f"Was {verb} at the post, and had not left."


def _odds(row: Any) -> str:
    if row["routed"] and row["was"] == codes.DUTY:
        return "The whole battalion ran."
    return f"The chance of leaving in that hour was {_percent(row['chance'])}."


def _pushed(row: Any) -> str:
    strongest = [k for k in np.argsort(-row["terms"]) if row["terms"][k] > 0.05][:_MANY]
    if not strongest:
        return "Nothing in particular pressed them."
    named = [f"{_TERMS[TERMS[k]]} ({row['terms'][k]:.1f})" for k in strongest]
    return f"What pressed most: {_list(named)}."


def _held(row: Any) -> str:
    holds = {"commitment": float(row["commitment"]), "punishment": float(row["deterrence"])}
    holds |= {
        _HOLDS.get(name, name): -float(row["terms"][k])
        for k, name in enumerate(TERMS)
        if row["terms"][k] < 0
    }
    strongest = sorted((x for x in holds.items() if x[1] > 0.05), key=lambda x: -x[1])[:_MANY]
    return f"What held: {_list([f'{name} ({size:.1f})' for name, size in strongest])}."


def _is_departure(code: int) -> bool:
    return bool(codes.HIDING <= code <= codes.DEFECTED)


def _percent(share: float) -> str:
    points = 100 * float(share)
    return f"{points:.0f} %" if points >= 10 else f"{points:.2g} %"


def _people(number: int) -> str:
    return "one person" if number == 1 else f"{number} people"


def _has(number: int) -> str:
    return "has" if number == 1 else "have"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _list(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
