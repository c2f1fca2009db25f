"""Places of the twin: what is known of them, and what changes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.geography.distance import great_circle, travel_time
from standfast.geography.roads import build_roads
from standfast.scenario.vocabulary import CONTROL

if TYPE_CHECKING:
    from types import SimpleNamespace

    from standfast.meanfield.state import Floats
    from standfast.scenario.model import Scenario


@dataclass(frozen=True)
class Way:
    """A road as seen from one of its ends."""

    end: int
    km: float
    speed: float


class Places:
    """The map and its state; arrays have shape (n_place,).

    Parameters
    ----------
    scenario
        Its places, roads and adversary.
    p
        Parameters as they act.
    """

    def __init__(self, scenario: Scenario, p: SimpleNamespace) -> None:
        known = list(scenario.places.values())
        n = len(known)
        self.slugs = list(scenario.places)
        self.index = {slug: i for i, slug in enumerate(self.slugs)}
        self.population = np.array([float(x.population) for x in known])
        self.support = np.array([x.support for x in known])
        self.hostility = np.array([x.hostility for x in known])
        self.value = np.array([x.value for x in known])
        self.defensibility = np.array([x.defensibility for x in known])
        self.encirclement = np.array([x.encirclement for x in known])
        self.is_region = np.array([x.kind == "region" for x in known])
        self.distance = great_circle(scenario)
        self.travel = travel_time(scenario)
        roads = build_roads(scenario)
        self.ways = [
            [
                Way(int(roads.indices[k]), float(roads.length[k]), float(roads.speed[k]))
                for k in range(int(roads.indptr[i]), int(roads.indptr[i + 1]))
            ]
            for i in range(n)
        ]
        self.neighbours = [[way.end for way in ways] for ways in self.ways]
        #: 1 where two places are neighbours
        self.beside = np.zeros((n, n))
        for k, near in enumerate(self.neighbours):
            self.beside[k, near] = 1.0
        self.control = np.array([CONTROL.index(x.control) for x in known])
        self.ruled = np.array([x.control == "adversary" for x in known])
        self.infiltration = np.array([x.infiltration for x in known])
        prisons = [x.prison for x in known]
        open_to = 1.0 if p.M36 else 0.0
        self.inmates = np.array([open_to * x.inmates if x else 0.0 for x in prisons])
        self.inmates_join = np.array([x.fighters if x else 0.0 for x in prisons])
        self.fighters = np.array([float(scenario.adversary.fighters.get(x, 0)) for x in self.slugs])
        self.hold = p.garrison_share * self.fighters
        self._start_quiet(n, p)

    def _start_quiet(self, n: int, p: SimpleNamespace) -> None:
        """Set what is the same everywhere before anything happens."""
        self.names: Floats = np.zeros(n)
        self.n_start: Floats = np.zeros(n)
        self.n_company: Floats = np.zeros(n)
        self.paper_factor = np.ones(n)
        self.intensity, self.scripted, self.threatened = np.zeros(n), np.zeros(n), np.zeros(n)
        self.weak_hours, self.siege_hours, self.wait_hours = np.zeros(n), np.zeros(n), np.zeros(n)
        self.defence, self.attack, self.supply_km = np.zeros(n), np.zeros(n), np.zeros(n)
        self.contact = np.zeros(n, dtype=bool)
        self.halted = np.zeros(n, dtype=bool)
        self.neighbour_lost = np.zeros(n, dtype=bool)
        self.ultimatum = np.zeros(n, dtype=bool)
        self.next_ultimatum = np.full(n, p.ultimatum_period)
        self.lost_hour, self.ready_hour = np.full(n, np.nan), np.full(n, np.inf)
        self.allies, self.refugees = np.zeros(n), np.zeros(n)
        self.volunteers, self.volunteers_called = np.zeros(n), np.zeros(n)
        self.public_factor, self.leaving_safety = np.ones(n), np.full(n, 0.5)
        self.level, self.leak, self.hearsay = np.zeros(n), np.zeros(n), np.zeros(n)
        self.message, self.targeted = np.zeros(n), np.zeros(n)
        self.mole, self.neighbour, self.harm = np.zeros(n), np.zeros(n), np.zeros(n)
        self.killed, self.fire = np.zeros(n), np.zeros(n)
        self.gone, self.duty, self.effort = np.zeros(n), np.zeros(n), np.zeros(n)
        #: mean fear, trust and hope of those on duty
        self.felt = np.zeros((3, n))
        self.answer = np.full(n, p.answer_probability)
        self.call_delay = np.full(n, p.dispatch_delay)
        self.amnesty = np.full(n, p.amnesty)
        self.answers_due, self.flights_due = np.zeros(n), np.zeros(n)
        self.verified, self.guard = np.zeros(n), np.zeros(n)
        self.leaders_kept, self.leave_cancelled = np.zeros(n), np.zeros(n)
        self.evacuation_gain = np.zeros(n)
