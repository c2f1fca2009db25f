"""What is assumed: which values of the scenario and of behaviour rest on a source, and which do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from standfast.report.words import percent
from standfast.scenario.evidence import GRADES, Evidence

if TYPE_CHECKING:
    from pydantic import BaseModel

    from standfast.scenario.model import Scenario

#: parts of a scenario that describe the case; behaviour is counted apart, switches are choices
CASE = (
    "time", "places", "roads", "groups", "forces", "population", "network", "adversary", "events",
    "interventions",
)  # fmt: skip


def describe_evidence(scenario: Scenario, evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    """Return the share of assumed values, by grade, and the sources by value.

    Parameters
    ----------
    scenario
        What was simulated.
    evidence
        What stands behind its values, by dotted path.
    """
    case = {path for path, _ in case_values(scenario)}
    backed = {path: entry for path, entry in evidence.items() if path in case and not entry.assumed}
    grades = Counter(entry.grade for entry in backed.values())
    behaviour = list(behaviour_values(scenario))
    behind = Counter(grade for _, grade, _ in behaviour)
    return {
        "case": len(case),
        "case_assumed": percent(1 - len(backed) / len(case)) if case else percent(0.0),
        "case_grades": _by_grade(grades, len(case) - len(backed)),
        "behaviour": len(behaviour),
        "behaviour_assumed": percent(behind["D"] / len(behaviour)) if behaviour else percent(0.0),
        "behaviour_grades": _by_grade(behind, behind["D"]),
        "sources": [
            {"path": path, "source": entry.source, "grade": entry.grade, "range": _range(entry)}
            for path, entry in sorted(backed.items())
        ],
        "parameters": [
            {"path": path, "grade": grade, "source": source}
            for path, grade, source in behaviour
            if grade != "D"
        ],
    }


def _by_grade(grades: Mapping[str, int], n_assumed: int) -> list[dict[str, Any]]:
    counts = {grade: n_assumed if grade == "D" else grades.get(grade, 0) for grade in GRADES}
    return [
        {"grade": grade, "says": GRADES[grade], "count": counts[grade], "assumed": grade == "D"}
        for grade in GRADES
    ]


def _range(entry: Evidence) -> str:
    return f"{entry.range[0]} to {entry.range[1]}" if entry.range else ""


def case_values(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Give dotted path and value of every number that the case sets or leaves at its default.

    Examples
    --------
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> dict(case_values(tiny_scenario()))["forces.first-army.paper"]
    3000
    """
    for part in CASE:
        yield from _numbers(part, getattr(scenario, part))


def _numbers(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        # an hour of an event is written as text, and is as much of a claim as any number
        if path.startswith("events.") and path.endswith(".at"):
            yield path, value
    elif isinstance(value, (int, float)):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _numbers(f"{path}.{key}", item)
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            name = getattr(item, "id", i) if path == "events" else i
            yield from _numbers(f"{path}.{name}", item)
    elif hasattr(value, "model_fields_set"):
        for name in type(value).model_fields:
            yield from _numbers(f"{path}.{name}", getattr(value, name))


def behaviour_values(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Give path, grade and source of every behavioural parameter; one that was changed is assumed."""
    for family in type(scenario.behaviour).model_fields:
        part: BaseModel = getattr(scenario.behaviour, family)
        for name, info in type(part).model_fields.items():
            extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
            kept = getattr(part, name) == info.default
            grade = str(extra.get("grade", "D")) if kept else "D"
            source = str(extra.get("source", "assumed")) if kept else "set in the scenario"
            yield f"behaviour.{family}.{name}", grade, source
