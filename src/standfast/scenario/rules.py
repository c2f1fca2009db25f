"""Every rule that ties one field of a scenario to another; each has a failing case in the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.scenario.rules_actions import ACTIONS_RULES
from standfast.scenario.rules_evidence import EVIDENCE_RULES
from standfast.scenario.rules_forces import FORCES_RULES
from standfast.scenario.rules_places import PLACES_RULES
from standfast.scenario.rules_references import REFERENCES_RULES
from standfast.scenario.rules_time import TIME_RULES

if TYPE_CHECKING:
    from standfast.scenario.draft import Rule

RULES: tuple[Rule, ...] = (
    *REFERENCES_RULES,
    *PLACES_RULES,
    *TIME_RULES,
    *FORCES_RULES,
    *ACTIONS_RULES,
    *EVIDENCE_RULES,
)
