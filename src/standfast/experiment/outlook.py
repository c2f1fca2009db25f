"""Where an experiment looks: the place and the verdict it asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.errors import Problem, ScenarioError
from standfast.results.clock import reference_hour
from standfast.results.verdict import VERDICTS
from standfast.scenario.names import suggest
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from standfast.scenario.model import Scenario

#: stands for all places together
WHOLE = "whole"
COLLAPSE = VERDICTS[-1]


@dataclass(frozen=True)
class Outlook:
    """A place, or the whole, and the verdict whose probability is asked.

    Attributes
    ----------
    place
        Name of a garrisoned place, or `WHOLE`.
    verdict
        One of `VERDICTS`.
    clock
        Place whose hours to half count: the same, or the main one where the whole is asked about.
    horizon_h
        Hours from the reference event to the end: no time that is waited for is longer.
    """

    place: str
    verdict: str
    clock: str
    horizon_h: float

    @property
    def title(self) -> str:
        """What is asked, for people."""
        return f"P({self.verdict}) of {self.place}"

    def where(self, scenario: Scenario) -> str:
        """Return the place as people call it."""
        return "the whole" if self.place == WHOLE else scenario.places[self.place].title

    def came(self, runs: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Return in which runs the verdict was reached."""
        return np.asarray(runs[self.column("verdict")] == self.verdict, dtype=bool)

    def gone(self, runs: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return the share gone at the end of each run."""
        return runs[self.column("share_gone")].to_numpy(dtype=float)

    def hours(self, runs: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return hours until half were gone, the horizon where that never came.

        The mean of such hours is the restricted mean time (Royston and Parmar 2013): it exists
        also where some runs hold to the end.
        """
        half = runs[f"{self.clock}.hours_to_half"].to_numpy(dtype=float)
        return np.where(np.isnan(half), self.horizon_h, half)

    def column(self, name: str) -> str:
        """Return the column of the table of runs that holds a quantity of the place."""
        return name if self.place == WHOLE else f"{self.place}.{name}"


def list_garrisons(scenario: Scenario) -> list[str]:
    """Return the places where anybody serves, in the order of the forces."""
    return list(dict.fromkeys(force.place for force in scenario.forces.values()))


def main_place(scenario: Scenario) -> str:
    """Return the garrisoned place of the reference event, else that with the most on paper.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> main_place(load_scenario("garrison"))
    'city'
    """
    on_paper = {force.place: 0 for force in scenario.forces.values()}
    for force in scenario.forces.values():
        on_paper[force.place] += force.paper
    for event in scenario.events:
        place = getattr(event, "place", None)
        if event.id == scenario.time.reference_event and place in on_paper:
            return str(place)
    return max(on_paper, key=lambda name: on_paper[name])


def look_at(scenario: Scenario, place: str | None = None, verdict: str | None = None) -> Outlook:
    """Return what an experiment asks about; by default the main place and its total collapse.

    Raises
    ------
    ScenarioError
        When nobody serves at the place, or there is no such verdict.
    """
    known = [WHOLE, *list_garrisons(scenario)]
    problems = []
    if place is not None and place not in known:
        says = f'is "{printable(place)}", where nobody serves'
        problems.append(Problem("--place", says, suggest(place, known, "garrisons")))
    if verdict is not None and verdict not in VERDICTS:
        says = f'is "{printable(verdict)}", which is no verdict'
        problems.append(Problem("--verdict", says, suggest(verdict, VERDICTS, "verdicts")))
    if not scenario.mechanisms.M41.enabled:  # type: ignore[attr-defined]  # made by a loop
        says = "is switched off, and without it there are no verdicts to ask about"
        problems.append(Problem("mechanisms.M41.enabled", says, "Switch it on."))
    if problems:
        raise ScenarioError(scenario.scenario, problems)
    asked = place or main_place(scenario)
    clock = main_place(scenario) if asked == WHOLE else asked
    horizon = scenario.time.horizon - reference_hour(scenario)
    return Outlook(asked, verdict or COLLAPSE, clock, horizon)
