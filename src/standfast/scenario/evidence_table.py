"""Every value of a scenario with what stands behind it, and how much of it is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from standfast.scenario.evidence import Evidence, Grade, dotted
from standfast.scenario.fields import FieldView, fields_of, model_for
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from standfast.scenario.tree import Path, Plain

#: choices of whoever runs the scenario; they claim nothing about the world
_CHOICES = frozenset(
    {"standfast", "verdict", "interventions", "measures", "mechanisms", "evidence"}
)
_CHOSEN_TIMES = frozenset({("time", "horizon"), ("time", "step"), ("time", "reference_event")})
_MOMENTS = frozenset({"at", "start"})


@dataclass(frozen=True)
class EvidenceRow:
    """One value and its evidence.

    Attributes
    ----------
    path
        Dotted path of the value.
    value
        The value as a scenario file writes it.
    grade
        A (measured in this case) to D (assumed).
    source
        Where it comes from; ``"assumed"`` when from nowhere.
    spread
        Plausible range or prior as text; may be empty.
    behavioural
        Whether it is a behavioural parameter and not a fact of the case.
    """

    path: str
    value: str
    grade: Grade
    source: str
    spread: str
    behavioural: bool

    @property
    def assumed(self) -> bool:
        """Whether nothing but a guess stands behind the value."""
        return self.grade == "D" or self.source == "assumed"


def evidence_rows(scenario: Scenario) -> tuple[EvidenceRow, ...]:
    """Return a row for every number and moment of a scenario, in the order of the format.

    Evidence for a section stands behind everything in it that has none of its own. A behavioural
    parameter that was not changed keeps the evidence it is shipped with.
    """
    data = scenario.model_dump(mode="json")
    root = FieldView(Scenario, Scenario.model_fields["scenario"])
    return tuple(
        _row(path, value, view, data, scenario.evidence)
        for path, value, view in _leaves(data, (), root)
    )


def assumed_share(rows: Sequence[EvidenceRow]) -> float:
    """Return the share of values that are assumed; 0 when there are no values.

    Examples
    --------
    >>> assumed_share([EvidenceRow("time.start", "2014-06-04", "A", "press", "", False)])
    0.0
    """
    return sum(row.assumed for row in rows) / len(rows) if rows else 0.0


def _leaves(value: Plain, path: Path, view: FieldView) -> Iterator[tuple[Path, Plain, FieldView]]:
    if value is None or (path[:1] and path[0] in _CHOICES) or path in _CHOSEN_TIMES:
        return
    if isinstance(value, dict):
        model = model_for(value, view)
        fields = fields_of(model) if model else {}
        for key, item in value.items():
            below = fields.get(key) if model else view.item
            if below is not None:
                yield from _leaves(item, (*path, key), below)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            if view.item is not None:
                yield from _leaves(item, (*path, i), view.item)
    elif view.dimension or view.type in (int, datetime) or (path[-1] in _MOMENTS and len(path) > 2):
        yield path, value, view


def _row(
    path: Path, value: Plain, view: FieldView, data: Plain, evidence: dict[str, Evidence]
) -> EvidenceRow:
    name, behavioural = dotted(path, data), path[0] == "behaviour"
    found = (
        _stated(path, data, evidence)
        or (_shipped(view, value) if behavioural else None)
        or Evidence()
    )
    return EvidenceRow(name, str(value), found.grade, found.source, _spread(found), behavioural)


def _stated(path: Path, data: Plain, evidence: dict[str, Evidence]) -> Evidence | None:
    """Return the evidence a scenario gives for a value, or for the nearest section around it."""
    for end in range(len(path), 0, -1):
        if (found := evidence.get(dotted(path[:end], data))) is not None:
            return found
    return None


def _shipped(view: FieldView, value: Plain) -> Evidence | None:
    """Return the evidence a behavioural parameter is declared with, when it has its default."""
    declared = view.info.json_schema_extra
    if not isinstance(declared, dict) or value != view.written(view.default):
        return None
    return Evidence.model_validate({key: declared[key] for key in ("source", "grade", "prior")})


def _spread(evidence: Evidence) -> str:
    if evidence.prior or evidence.range is None:
        return evidence.prior
    return f"{evidence.range[0]} to {evidence.range[1]}"
