"""Rules about names: whatever is named exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.scenario.draft import EACH, KEYS, Draft, Found, Rule
from standfast.scenario.forces import UNIT_SCHEMES
from standfast.scenario.names import suggest
from standfast.scenario.tree import Path, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    ("measures", EACH, EACH, "places", EACH),
    ("measures", EACH, EACH, "to"),
)
_FORCE_REFERENCES: tuple[Path, ...] = (
    ("events", EACH, "force"),
    ("interventions", EACH, "forces", EACH),
    ("measures", EACH, EACH, "forces", EACH),
)


def places_exist(draft: Draft) -> Iterator[Found]:
    """Check that every place that is named is a place of the scenario."""
    known = draft.names(("places",))
    for pattern in _PLACE_REFERENCES:
        yield from _unknown(draft, pattern, known, "place")


def groups_exist(draft: Draft) -> Iterator[Found]:
    """Check that every group that a force names is a group of the scenario."""
    yield from _unknown(draft, ("forces", EACH, "groups", KEYS), draft.names(("groups",)), "group")


def forces_exist(draft: Draft) -> Iterator[Found]:
    """Check that every force that an event or a measure names is a force of the scenario."""
    for pattern in _FORCE_REFERENCES:
        yield from _unknown(draft, pattern, draft.names(("forces",)), "force")


def unit_schemes_exist(draft: Draft) -> Iterator[Found]:
    """Check that every unit scheme that a force names is known or one of the scenario."""
    known = [*UNIT_SCHEMES, *draft.names(("unit_schemes",))]
    yield from _unknown(draft, ("forces", EACH, "unit_scheme"), known, "unit scheme")


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


REFERENCES_RULES: tuple[Rule, ...] = (
    places_exist,
    groups_exist,
    forces_exist,
    unit_schemes_exist,
    reference_event_exists,
)
