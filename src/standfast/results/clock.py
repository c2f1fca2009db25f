"""Hours since the start, hours since the reference event, and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.scenario.moments import hours_of

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario


def reference_hour(scenario: Scenario) -> float:
    """Return the hour of the reference event since the start; 0 without one.

    It is the hour the scenario states, in every replicate, also where the hour of the event is
    drawn from a spread: one clock for the ensemble.

    Examples
    --------
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> reference_hour(tiny_scenario())
    50.0
    """
    for event in scenario.events:
        if event.id == scenario.time.reference_event:
            return hours_of(event.at, scenario.time.start)
    return 0.0
