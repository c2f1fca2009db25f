"""The programs that have an object for each person, on the same problems: Mesa and AgentPy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from measuring import Problem

NEVER = 255


def _rows(problem: Problem) -> list[list[int]]:
    indptr, indices = problem["indptr"].tolist(), problem["indices"].tolist()
    return [indices[a:b] for a, b in pairwise(indptr)]


def mesa_threshold(problem: Problem):
    """Mesa: an agent for each person, who looks at his neighbours; all look before any acts."""
    import mesa

    class Person(mesa.Agent):
        def look(self):
            if not self.acts:
                self.will = sum(other.acts for other in self.near) >= self.least

        def act(self):
            if self.will and not self.acts:
                self.acts, self.when = True, self.model.now

    model = mesa.Model(seed=1)
    people = [Person(model) for _ in range(problem["n"])]
    for person, near, least in zip(people, _rows(problem), problem["least"].tolist(), strict=True):
        person.near, person.least = [people[j] for j in near], least
        person.acts, person.will, person.when = False, False, NEVER
    for seed in problem["seeds"].tolist():
        people[seed].acts, people[seed].when = True, 0

    def go() -> np.ndarray:
        for step in range(1, problem["steps"]):
            model.now = step
            model.agents.do("look")
            model.agents.do("act")
        return np.array([person.when for person in people])

    return go


def mesa_sir(problem: Problem):
    """Mesa: an agent for each person, who infects his neighbours and recovers."""
    import mesa

    p, q = problem["p"], problem["q"]

    class Person(mesa.Agent):
        def infect(self):
            if self.ill:
                draw = self.random.random
                for other in self.near:
                    if other.well and draw() < p:
                        other.will = True
                if draw() < q:
                    self.recovers = True

        def change(self):
            if self.recovers:
                self.ill = self.recovers = False
            if self.will:
                self.will, self.well, self.ill = False, False, True

    def new_model(seed: int):
        model = mesa.Model(seed=seed)
        people = [Person(model) for _ in range(problem["n"])]
        for person, near in zip(people, _rows(problem), strict=True):
            person.near = [people[j] for j in near]
            person.well, person.ill, person.will, person.recovers = True, False, False, False
        for who in problem["seeds"].tolist():
            people[who].well, people[who].ill = False, True
        return model, people

    model, people = new_model(1)

    def go() -> int:
        for _ in range(problem["steps"]):
            model.agents.do("infect")
            model.agents.do("change")
        return sum(not person.well for person in people)

    return go


def mesa_civil(problem: Problem):
    """Mesa's own example of Epstein's civil violence, without cops, as it ships."""
    from mesa.examples.advanced.epstein_civil_violence.agents import CitizenState
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

    model = EpsteinCivilViolence(
        width=problem["side"], height=problem["side"], cop_density=0.0,
        legitimacy=problem["legitimacy"], seed=1,
    )  # fmt: skip
    citizens = list(model.agents)

    def go() -> np.ndarray:
        for _ in range(problem["steps"]):
            model.step()
        acting = [citizen.state == CitizenState.ACTIVE for citizen in citizens]
        return np.array(acting, dtype=np.int64)

    return go


def mesa_citizens(problem: Problem) -> None:
    """Write down the hardship of the citizens of Mesa's example, for the others to have the same."""
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

    model = EpsteinCivilViolence(
        width=problem["side"], height=problem["side"], cop_density=0.0,
        legitimacy=problem["legitimacy"], seed=1,
    )  # fmt: skip
    hardship = np.array([citizen.hardship for citizen in model.agents])
    np.savez(problem["where"], **problem, hardship=hardship, n=hardship.size)


def agentpy_threshold(problem: Problem):
    """AgentPy: the same agents in its lists."""
    import agentpy as ap

    class Person(ap.Agent):
        def setup(self):
            self.acts, self.will, self.when = False, False, NEVER

        def look(self):
            if not self.acts:
                self.will = sum(other.acts for other in self.near) >= self.least

        def act(self):
            if self.will and not self.acts:
                self.acts, self.when = True, self.model.now

    model = ap.Model()
    people = ap.AgentList(model, problem["n"], Person)
    all_of = list(people)
    for person, near, least in zip(all_of, _rows(problem), problem["least"].tolist(), strict=True):
        person.near, person.least = [all_of[j] for j in near], least
    for seed in problem["seeds"].tolist():
        all_of[seed].acts, all_of[seed].when = True, 0

    def go() -> np.ndarray:
        for step in range(1, problem["steps"]):
            model.now = step
            people.look()
            people.act()
        return np.array([person.when for person in all_of])

    return go
