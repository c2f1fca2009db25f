"""Rules that tie one field of a scenario to another; each is a small function with a failing case.

A rule looks at a `Draft` and yields what is wrong as (path, says, advice).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import datetime

from standfast.scenario.draft import EACH, KEYS, Draft
from standfast.scenario.moments import EXPECTED, MomentError, hours_of
from standfast.scenario.names import suggest
from standfast.scenario.tree import Path, Plain, printable

Found = tuple[Path, str, str]
Rule = Callable[[Draft], Iterator[Found]]

MAX_PEOPLE = 50_000_000
_SHARES_TOLERANCE = 1e-3
_WHOLE_TOLERANCE = 1e-9
# stands in for a start that cannot be read while a moment is read for its form alone
_ANY_DAY = datetime(2000, 1, 1)

_PLACE_REFERENCES: tuple[Path, ...] = (
    ("roads", EACH, "start"),
    ("roads", EACH, "end"),
    ("groups", EACH, "home_region", EACH),
    ("forces", EACH, "place"),
    ("forces", EACH, "homes", KEYS),
    ("adversary", "fighters", KEYS),
    ("events", EACH, "place"),
    ("events", EACH, "places", EACH),
    ("events", EACH, "to"),
    ("events", EACH, "unless_held"),
    ("interventions", EACH, "places", EACH),
    ("interventions", EACH, "to"),
)
_EVENTS_ON_THE_GROUND = ("attack", "intensify", "reinforce", "mobilisation", "prison_break")
#: fields that only some kinds of intervention take
_ONLY_FOR = {
    "delay": ("answer_calls",),
    "battalions": ("answer_calls", "reserves_ahead"),
    "to": ("ordered_withdrawal", "reserves_ahead"),
}


def places_exist(draft: Draft) -> Iterator[Found]:
    """Check that every place that is named is a place of the scenario."""
    known = draft.names(("places",))
    for pattern in _PLACE_REFERENCES:
        yield from _unknown(draft, pattern, known, "place")


def groups_exist(draft: Draft) -> Iterator[Found]:
    """Check that every group that a force names is a group of the scenario."""
    yield from _unknown(draft, ("forces", EACH, "groups", KEYS), draft.names(("groups",)), "group")


def forces_exist(draft: Draft) -> Iterator[Found]:
    """Check that every force that an event names is a force of the scenario."""
    yield from _unknown(draft, ("events", EACH, "force"), draft.names(("forces",)), "force")


def reference_event_exists(draft: Draft) -> Iterator[Found]:
    """Check that the reference event is one of the events."""
    ids = [str(value) for _, value in draft.find(("events", EACH, "id"))]
    yield from _unknown(draft, ("time", "reference_event"), ids, "event")


def _unknown(draft: Draft, pattern: Path, known: list[str], what: str) -> Iterator[Found]:
    for path, name in draft.find(pattern):
        if isinstance(name, str) and name not in known:
            says = f'names "{printable(name)}", which is not {_a(what)} of this scenario'
            yield path, says, suggest(name, known, f"{what}s")


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def homes_add_up(draft: Draft) -> Iterator[Found]:
    """Check that the shares of a force's homes add up to 1."""
    yield from _shares(draft, "homes", may_be_empty=False)


def groups_add_up(draft: Draft) -> Iterator[Found]:
    """Check that the shares of a force's groups add up to 1, where it has any."""
    yield from _shares(draft, "groups", may_be_empty=True)


def _shares(draft: Draft, field: str, *, may_be_empty: bool) -> Iterator[Found]:
    for path, force in draft.entries(("forces",)):
        shares = force.get(field)
        here = (*path, field)
        if not isinstance(shares, dict) or (may_be_empty and not shares):
            continue
        numbers = [draft.number((*here, key)) for key in shares]
        if not numbers:
            yield here, "is empty", "Give each home a share; the shares add up to 1."
            continue
        known = [number for number in numbers if number is not None]
        total = math.fsum(known)
        if len(known) == len(numbers) and abs(total - 1) > _SHARES_TOLERANCE:
            yield (
                here,
                f"has shares that add up to {total:g}, not to 1",
                "Change them so that they do.",
            )


def roads_join_two_places(draft: Draft) -> Iterator[Found]:
    """Check that a road joins two different places, and only one road joins the same two."""
    seen: dict[frozenset[str], Path] = {}
    for path, road in draft.entries(("roads",)):
        start, end = road.get("start"), road.get("end")
        if not isinstance(start, str) or not isinstance(end, str):
            continue
        if start == end:
            yield path, f'begins and ends at "{printable(start)}"', "A road joins two places."
            continue
        pair = frozenset((start, end))
        if pair in seen:
            says = f"joins {printable(start)} and {printable(end)}, which roads[{seen[pair][1]}] joins already"
            yield path, says, "Keep one of the two; a road runs both ways."
        seen.setdefault(pair, path)


def roads_are_long_enough(draft: Draft) -> Iterator[Found]:
    """Check that no road is much shorter than the straight line between its ends."""
    for path, road in draft.entries(("roads",)):
        length = draft.number((*path, "length"))
        ends = [_coordinates(draft, road.get(end)) for end in ("start", "end")]
        if length is None or ends[0] is None or ends[1] is None:
            continue
        straight = _great_circle(*ends[0], *ends[1])
        # coordinates of places are good to a few kilometres
        if length < 0.8 * straight - 5:
            says = f"is {length:g} km, but its ends lie {straight:.0f} km apart in a straight line"
            yield (
                (*path, "length"),
                says,
                "Check the unit of the length and the coordinates of both places.",
            )


def _coordinates(draft: Draft, place: Plain) -> tuple[float, float] | None:
    if not isinstance(place, str):
        return None
    latitude = draft.number(("places", place, "latitude"))
    longitude = draft.number(("places", place, "longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _great_circle(latitude: float, longitude: float, latitude2: float, longitude2: float) -> float:
    a, b = math.radians(latitude), math.radians(latitude2)
    c = math.radians(longitude2 - longitude)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(c / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(h)))


def start_is_local(draft: Draft) -> Iterator[Found]:
    """Check that the start is a date and time without a zone, and not a number that could be read as one."""
    path = ("time", "start")
    start = draft.get(path)
    if start is None:
        return
    try:
        if not isinstance(start, str) or not start[:5].count("-"):
            raise MomentError("is not a date and time without a zone")  # noqa: EM101, TRY301
        hours_of(start, draft.start() or _ANY_DAY)
    except MomentError as error:
        shown = f'"{printable(start)}"' if isinstance(start, str) else printable(start)
        yield path, f"is {shown}, which {error}", "Write local time, such as 2014-06-04T00:00."


def step_divides_horizon(draft: Draft) -> Iterator[Found]:
    """Check that the horizon is a whole number of steps, and steps and hours fit into each other."""
    step, horizon = draft.number(("time", "step")), draft.number(("time", "horizon"))
    if not step or step < 0:
        return
    if not (_whole(step) or _whole(1 / step)):
        yield (
            ("time", "step"),
            f"is {step:g} h, which is neither a whole number of hours nor a whole part of one",
            "Write 15 min, 30 min, 1 h, 2 h, 6 h or 24 h.",
        )
    elif horizon and not (_whole(horizon / step) and _whole(horizon)):
        steps = max(1, math.floor(horizon / step + _WHOLE_TOLERANCE))
        whole = math.ceil(steps * step)
        says = f"is {horizon:g} h, which is not a whole number of hours and of steps of {step:g} h"
        yield (
            ("time", "horizon"),
            says,
            f"Write {math.ceil(whole / max(step, 1)) * max(step, 1):g} h.",
        )


def _whole(number: float) -> bool:
    return abs(number - round(number)) <= _WHOLE_TOLERANCE * max(1.0, abs(number))


def moments_lie_within_horizon(draft: Draft) -> Iterator[Found]:
    """Check that every event and intervention begins between the start and the horizon."""
    horizon = draft.number(("time", "horizon"))
    for pattern in (("events", EACH, "at"), ("interventions", EACH, "start")):
        for path, when in draft.find(pattern):
            if not isinstance(when, str):
                continue
            try:
                hours = hours_of(when, draft.start() or _ANY_DAY)
            except MomentError as error:
                yield path, f'is "{printable(when)}", which {error}', f"Write {EXPECTED}."
                continue
            if draft.start() is None and when.strip()[4:5] == "-":
                continue
            if hours < 0:
                yield (
                    path,
                    f"is {when}, which is before the start of the scenario",
                    "Move it or the start.",
                )
            elif horizon is not None and hours > horizon:
                says = f"is {when}, {hours:g} h after the start, but the horizon is {horizon:g} h"
                yield path, says, "Move it, or make time.horizon longer."


def event_ids_are_unique(draft: Draft) -> Iterator[Found]:
    """Check that no two events share an id."""
    seen: dict[str, int] = {}
    for path, event in draft.entries(("events",)):
        name = event.get("id")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield (
                (*path, "id"),
                f'is "{printable(name)}", as in events[{seen[name]}]',
                "Give each event its own id.",
            )
        seen.setdefault(name, int(path[-1]))


def orders_say_where_to(draft: Draft) -> Iterator[Found]:
    """Check that an order to withdraw or evacuate names another place to go to; other orders name none."""
    for path, event in draft.entries(("events",)):
        if event.get("kind") != "order":
            continue
        order, to = event.get("order"), event.get("to")
        if order in ("withdraw", "evacuate") and to is None:
            yield path, f"orders to {order} but names no `to`", "Add to: and a place."
        elif order in ("withdraw", "evacuate") and to == event.get("place"):
            yield (*path, "to"), "is the place that is being left", "Name another place."
        elif order in ("stand", "leave") and to is not None:
            yield (*path, "to"), f"is given, but an order to {order} leads nowhere", "Remove it."


def verdict_bounds_are_ordered(draft: Draft) -> Iterator[Found]:
    """Check that a force that held has more people left than one that collapsed."""
    held, collapse = draft.number(("verdict", "held")), draft.number(("verdict", "collapse"))
    if held is not None and collapse is not None and held <= collapse:
        says = f"has held = {held:g}, which is not above collapse = {collapse:g}"
        yield ("verdict",), says, "A force that held keeps more people than one that collapsed."


def nothing_is_posted_to_a_region(draft: Draft) -> Iterator[Found]:
    """Check that forces, fighters and fighting belong to places that a front can reach."""
    regions = {p[-1] for p, place in draft.entries(("places",)) if place.get("kind") == "region"}
    advice = "Name a city, town, base or site, or change the kind of the place."
    for path, name in (
        *draft.find(("forces", EACH, "place")),
        *draft.find(("adversary", "fighters", KEYS)),
    ):
        if name in regions:
            yield path, f'is at "{name}", a region, which no front reaches', advice
    for path, event in draft.entries(("events",)):
        if event.get("kind") in _EVENTS_ON_THE_GROUND and event.get("place") in regions:
            yield (
                (*path, "place"),
                f'is "{event["place"]}", a region, which no front reaches',
                advice,
            )


def nobody_is_posted_with_the_adversary(draft: Draft) -> Iterator[Found]:
    """Check that no force begins at a place that the adversary rules."""
    for path, place in draft.find(("forces", EACH, "place")):
        if isinstance(place, str) and draft.get(("places", place, "control")) == "adversary":
            says = f'is "{printable(place)}", which the adversary rules at the start'
            yield path, says, "Post the force elsewhere, or make the place contested."


def strength_is_within_limits(draft: Draft) -> Iterator[Found]:
    """Check that every force has somebody in it, and all of them together fit into the counters."""
    total = 0.0
    for path, _ in draft.entries(("forces",)):
        paper, ghosts = draft.number((*path, "paper")), draft.number((*path, "ghosts"))
        total += paper or 0.0
        if (
            paper is not None
            and ghosts is not None
            and 0 <= ghosts <= 1
            and paper * (1 - ghosts) < 1
        ):
            says = f"has {paper:g} on paper and a ghost share of {ghosts:g}, so nobody is left"
            yield path, says, "Lower the ghost share, or leave the force out."
    if total > MAX_PEOPLE:
        says = f"add up to {total:,.0f} people, more than the {MAX_PEOPLE:,} that are possible"
        yield ("forces",), says, "Make the strengths on paper smaller."


def contacts_leave_room(draft: Draft) -> Iterator[Found]:
    """Check that the shares of phone contacts within the unit and at home add up to at most 1."""
    unit, home = draft.number(("network", "phone_unit")), draft.number(("network", "phone_home"))
    if (
        unit is not None
        and home is not None
        and unit <= 1
        and home <= 1
        and unit + home > 1 + 1e-12
    ):
        says = f"has phone_unit and phone_home that add up to {unit + home:g}, more than 1"
        yield ("network",), says, "Make one of them smaller; the rest is contacts anywhere."


def beta_parameters_are_positive(draft: Draft) -> Iterator[Found]:
    """Check that the parameters of a beta distribution are above 0 and at most 1000."""
    for field in ("baseline_fear", "openness"):
        for path, _ in draft.find(("population", field, EACH)):
            number = draft.number(path)
            if number is not None and not 0 < number <= 1000:
                says = f"is {number:g}, but parameters of a beta distribution are above 0 and at most 1,000"
                yield path, says, "Write two numbers such as [2, 30]."


def prisons_can_open(draft: Draft) -> Iterator[Found]:
    """Check that a prison break happens at a place that has a prison."""
    for path, event in draft.entries(("events",)):
        place = event.get("place")
        if event.get("kind") != "prison_break" or place not in draft.names(("places",)):
            continue
        if draft.get(("places", place, "prison")) is None:
            says = f'is "{printable(place)}", which has no prison'
            yield (
                (*path, "place"),
                says,
                f"Give places.{printable(place)} a prison with its inmates.",
            )


def interventions_take_their_fields(draft: Draft) -> Iterator[Found]:
    """Check that a field that a kind of intervention does not take is not silently ignored."""
    for path, measure in draft.entries(("interventions",)):
        kind = measure.get("kind")
        for field, kinds in _ONLY_FOR.items():
            if measure.get(field) and isinstance(kind, str) and kind not in kinds:
                says = f"is given, but {printable(kind)} takes none"
                yield (*path, field), says, f"Remove it; it belongs to {' and '.join(kinds)}."
        if kind == "reserves_ahead" and measure.get("to") is None:
            yield path, "places reserves ahead but names no `to`", "Add to: and a place."


RULES: tuple[Rule, ...] = (
    places_exist,
    groups_exist,
    forces_exist,
    reference_event_exists,
    homes_add_up,
    groups_add_up,
    roads_join_two_places,
    roads_are_long_enough,
    start_is_local,
    step_divides_horizon,
    moments_lie_within_horizon,
    event_ids_are_unique,
    orders_say_where_to,
    verdict_bounds_are_ordered,
    nothing_is_posted_to_a_region,
    nobody_is_posted_with_the_adversary,
    strength_is_within_limits,
    contacts_leave_room,
    beta_parameters_are_positive,
    prisons_can_open,
    interventions_take_their_fields,
)
