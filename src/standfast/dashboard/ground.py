"""What of a world does not change with the hour: its map, garrisons, units, and what is to happen."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from standfast.report.payload import map_of
from standfast.report.sheet import build_sheet
from standfast.report.words import BRANCH_TITLES, EXIT_TITLES, HOME_TITLES, TERM_TITLES
from standfast.scenario.forces import BRANCHES
from standfast.scenario.moments import hours_of
from standfast.scenario.vocabulary import HOME_KINDS, STATUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.engine.compile import Plan
    from standfast.report.view import View
    from standfast.scenario.model import Scenario


class Ground:
    """The places of a plan seen by garrison, largest first, as the report orders them.

    Parameters
    ----------
    plan
        The compiled scenario.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.scenario: Scenario = plan.scenario
        people = plan.people
        start = np.bincount(plan.arrays["origin"][people.ghost == 0], minlength=plan.n_place)
        order = sorted(range(plan.n_place), key=lambda i: (-start[i], i))
        self.index: list[int] = [i for i in order if start[i] > 0]
        names = list(plan.scenario.places)
        self.garrisons = tuple(names[i] for i in self.index)
        self.people: NDArray[np.float64] = start[self.index].astype(float)

    @cached_property
    def focus(self) -> int:
        """The garrison a page opens at: that of the reference event, or the largest."""
        wanted = self.scenario.time.reference_event
        for event in self.scenario.events:
            place = getattr(event, "place", None)
            if event.id == wanted and place in self.garrisons:
                return self.garrisons.index(place)
        return 0

    def title(self, place: str) -> str:
        """Name of a place as people write it."""
        return self.scenario.places[place].title

    def describe(self) -> dict[str, Any]:
        """Return everything a page draws once."""
        scenario = self.scenario
        # the sheet asks for what a view of a result and the ground have in common
        sheet = build_sheet(cast("View", self))
        return {
            "scenario": scenario.scenario,
            "title": scenario.title,
            "summary": scenario.summary,
            "start": scenario.time.start.isoformat(timespec="minutes"),
            "horizon": scenario.time.horizon,
            "step": scenario.time.step,
            "bounds": [scenario.verdict.collapse, scenario.verdict.held],
            "focus": self.focus,
            "places": [
                {"id": name, "title": self.title(name), "people": int(self.people[k])}
                for k, name in enumerate(self.garrisons)
            ],
            "all_places": [
                {"id": name, "title": place.title} for name, place in scenario.places.items()
            ],
            "forces": [{"id": name, "title": f.title} for name, f in scenario.forces.items()],
            "map": map_of(sheet),
            "units": self._units(),
            "words": {
                "status": list(STATUS),
                "branch": [BRANCH_TITLES[name] for name in BRANCHES],
                "home": [HOME_TITLES[name] for name in HOME_KINDS],
                "exit": EXIT_TITLES,
                "term": TERM_TITLES,
            },
        }

    def happenings(self) -> list[dict[str, Any]]:
        """Return the events and interventions to come, by hour."""
        start = self.scenario.time.start
        rows: list[dict[str, Any]] = [
            {
                "hour": hours_of(event.at, start),
                "title": event.title or event.id.replace("-", " "),
                "kind": event.kind,
                "places": self._places(event),
            }
            for event in self.scenario.events
        ]
        rows += [
            {
                "hour": hours_of(measure.start, start),
                "title": measure.title or measure.kind.replace("_", " "),
                "kind": measure.kind,
                "places": [self.garrisons.index(p) for p in measure.places if p in self.garrisons],
            }
            for measure in self.scenario.interventions
        ]
        rows = [row for row in rows if 0 <= row["hour"] <= self.scenario.time.horizon]
        rows.sort(key=lambda row: row["hour"])
        return [{"n": n, **row} for n, row in enumerate(rows, start=1)]

    def _places(self, event: object) -> list[int]:
        named = getattr(event, "places", None) or (getattr(event, "place", None),)
        return [self.garrisons.index(place) for place in named if place in self.garrisons]

    def _units(self) -> dict[str, Any]:
        """Return forces, battalions and companies; every one a block of those below it."""
        people = self.plan.people
        living = np.concatenate([[0], np.cumsum(people.ghost == 0)])
        in_company = living[people.company_start[1:]] - living[people.company_start[:-1]]
        garrison = {place: k for k, place in enumerate(self.index)}
        home = self.plan.arrays["battalion_home"]
        return {
            "battalions": [
                {
                    "title": people.battalion_title(b),
                    "force": int(people.battalion_force[b]),
                    "garrison": garrison.get(int(home[b]), -1),
                    "companies": people.battalion_company_start[b : b + 2].tolist(),
                }
                for b in range(people.n_battalion)
            ],
            "people": in_company.tolist(),
        }
