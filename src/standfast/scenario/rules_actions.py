"""Rules about events and interventions: ids, orders, fields that belong to a kind."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from standfast.scenario.draft import EACH
from standfast.scenario.interventions import OF_FORCES
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standfast.scenario.draft import Draft, Found, Rule

#: fields that only some kinds of intervention take
_ONLY_FOR = {
    "delay": ("answer_calls",),
    "battalions": ("answer_calls", "reserves_ahead"),
    "to": ("ordered_withdrawal", "reserves_ahead"),
    "forces": OF_FORCES,
}


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


def interventions_take_their_fields(draft: Draft) -> Iterator[Found]:
    """Check that a field that a kind of intervention does not take is not silently ignored."""
    taken, offered = draft.entries(("interventions",)), draft.entries(("measures", EACH))
    for path, measure in chain(taken, offered):
        kind = measure.get("kind")
        for field, kinds in _ONLY_FOR.items():
            if measure.get(field) and isinstance(kind, str) and kind not in kinds:
                says = f"is given, but {printable(kind)} takes none"
                yield (*path, field), says, f"Remove it; it belongs to {' and '.join(kinds)}."
        if kind == "reserves_ahead" and measure.get("to") is None:
            yield path, "places reserves ahead but names no `to`", "Add to: and a place."


ACTIONS_RULES: tuple[Rule, ...] = (
    event_ids_are_unique,
    orders_say_where_to,
    interventions_take_their_fields,
)
