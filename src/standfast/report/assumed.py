"""What is assumed: which values of the case and of behaviour rest on a source, and which do not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from standfast.report.words import percent
from standfast.scenario.evidence import GRADES
from standfast.scenario.evidence_table import EvidenceRow, assumed_share, evidence_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.scenario.model import Scenario


def describe_evidence(scenario: Scenario) -> dict[str, Any]:
    """Return the share of assumed values, their number by grade, and the sources of the rest.

    The values of the case (places, forces, events) are told apart from those of behaviour.

    Examples
    --------
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> describe_evidence(tiny_scenario())["parts"][0]["assumed"].split()
    ['100', '%']
    """
    rows = evidence_rows(scenario)
    case = [row for row in rows if not row.behavioural]
    behaviour = [row for row in rows if row.behavioural]
    return {
        "all": percent(assumed_share(rows)),
        "parts": [
            _part("The case: places, forces, events", case),
            _part("Behaviour: how people react", behaviour),
        ],
    }


def _part(title: str, rows: Sequence[EvidenceRow]) -> dict[str, Any]:
    grades: Counter[str] = Counter("D" if row.assumed else row.grade for row in rows)
    return {
        "title": title,
        "number": len(rows),
        "assumed": percent(assumed_share(rows)),
        "grades": [
            {"grade": grade, "says": says, "count": grades[grade], "assumed": grade == "D"}
            for grade, says in GRADES.items()
        ],
        "sources": [row for row in rows if not row.assumed],
    }
