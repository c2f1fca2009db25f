"""Rules about places and roads: they lie and lead where they can."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from standfast.scenario.draft import EACH, KEYS, Draft, Found, Rule
from standfast.scenario.tree import Path, Plain, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVENTS_ON_THE_GROUND = ("attack", "intensify", "reinforce", "mobilisation", "prison_break")


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


def nothing_is_posted_to_a_region(draft: Draft) -> Iterator[Found]:
    """Check that forces, fighters and fighting belong to places that a front can reach."""
    regions = [p[-1] for p, place in draft.entries(("places",)) if place.get("kind") == "region"]
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


PLACES_RULES: tuple[Rule, ...] = (
    roads_join_two_places,
    roads_are_long_enough,
    nothing_is_posted_to_a_region,
    nobody_is_posted_with_the_adversary,
    prisons_can_open,
)
