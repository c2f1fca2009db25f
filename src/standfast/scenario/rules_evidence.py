"""Rules about evidence: it belongs to a value, says where from, and its range holds the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.scenario.fields import view_at
from standfast.scenario.model import Scenario
from standfast.scenario.names import suggest
from standfast.scenario.quantities import QuantityError, parse_quantity
from standfast.scenario.tree import Path, Plain, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from standfast.scenario.draft import Draft, Found, Rule
from standfast.scenario.evidence import undotted


def evidence_belongs_to_a_value(draft: Draft) -> Iterator[Found]:
    """Check that every path with evidence is a field of the format."""
    for path, name, _ in _entries(draft):
        inner = undotted(name, draft.data)
        if name == "evidence" or not _exists(inner, draft):
            known = draft.names(inner[:-1])
            yield (
                path,
                f'is about "{printable(name)}", which is not a value here',
                suggest(inner[-1], known, "values"),
            )


def graded_evidence_has_a_source(draft: Draft) -> Iterator[Found]:
    """Check that a grade above D rests on a source, and a source has a grade."""
    for path, _, entry in _entries(draft):
        source, grade = entry.get("source"), entry.get("grade")
        if grade in ("A", "B", "C") and source in (None, "", "assumed"):
            yield (
                path,
                f"has grade {grade} but no source",
                "Say where the value comes from, or write grade: D.",
            )
        elif source not in (None, "", "assumed") and grade is None:
            yield path, "has a source but no grade", "Add grade: A, B, C or D."


def range_holds_the_value(draft: Draft) -> Iterator[Found]:
    """Check that the range of a number is written low to high in its unit, and holds the value."""
    for path, name, entry in _entries(draft):
        span = entry.get("range")
        inner = undotted(name, draft.data)
        view = view_at(Scenario, inner, draft.data)
        if not isinstance(span, (list, tuple)) or len(span) != 2 or view is None:
            continue
        if view.dimension is None and view.type is not int:
            continue
        try:
            low, high = (parse_quantity(end, view.dimension or "1") for end in span)
        except QuantityError as error:
            yield (*path, "range"), f"has an end that {error}", "Write both ends like the value."
            continue
        value = draft.number(inner)
        if value is not None and not low <= value <= high:
            says = f"is {view.show(low)} to {view.show(high)}, which does not hold the value {view.show(value)}"
            yield (
                (*path, "range"),
                says,
                "Write the lowest plausible value first, then the highest.",
            )


def _exists(path: Path, draft: Draft) -> bool:
    """Tell whether a path is a field of the format, in sections that the scenario has."""
    for end in range(1, len(path) + 1):
        around = view_at(Scenario, path[: end - 1], draft.data)
        if around is None or (around.item is not None and draft.get(path[:end]) is None):
            return False
    return view_at(Scenario, path, draft.data) is not None


def _entries(draft: Draft) -> Iterator[tuple[Path, str, Mapping[str, Plain]]]:
    for path, entry in draft.entries(("evidence",)):
        yield path, str(path[-1]), entry


EVIDENCE_RULES: tuple[Rule, ...] = (
    evidence_belongs_to_a_value,
    graded_evidence_has_a_source,
    range_holds_the_value,
)
