"""The programs that have an object for each person, on the same problems: Mesa and AgentPy."""

from __future__ import annotations

import numpy as np
from measuring import Problem, rows_of

NEVER = 255
PROCESSES = 2


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
    for person, near, least in zip(
        people, rows_of(problem), problem["least"].tolist(), strict=True
    ):
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
    from mesa_epidemic import Epidemic, ever_infected

    model = Epidemic(problem, seed=1)

    def go() -> int:
        for _ in range(problem["steps"]):
            model.step()
        return ever_infected(model)

    return go


def mesa_batch(problem: Problem):
    """Mesa's own batch runs, on two processes; each builds its people inside, as it is made to."""
    from mesa.batchrunner import batch_run
    from mesa_epidemic import Epidemic

    def go() -> list[int]:
        rows = batch_run(
            Epidemic, {"problem": problem["path"], "seed": list(range(problem["replicates"]))},
            number_processes=PROCESSES, max_steps=problem["steps"] + 1, display_progress=False,
        )  # fmt: skip
        return [int(row["ever"]) for row in rows]

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
    for person, near, least in zip(
        all_of, rows_of(problem), problem["least"].tolist(), strict=True
    ):
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


def agentpy_sir(problem: Problem):
    """AgentPy: the agents of the epidemic as in Mesa, in its lists."""
    import agentpy as ap

    class Person(ap.Agent):
        def setup(self):
            self.well, self.ill, self.will, self.recovers = True, False, False, False

        def infect(self):
            if self.ill:
                draw, p = self.model.random.random, self.model.p.p
                for other in self.near:
                    if other.well and draw() < p:
                        other.will = True
                if draw() < self.model.p.q:
                    self.recovers = True

        def change(self):
            if self.recovers:
                self.ill = self.recovers = False
            if self.will:
                self.will, self.well, self.ill = False, False, True

    model = ap.Model({"p": problem["p"], "q": problem["q"], "seed": 1})
    model.sim_setup()
    people = ap.AgentList(model, problem["n"], Person)
    all_of = list(people)
    for person, near in zip(all_of, rows_of(problem), strict=True):
        person.near = [all_of[j] for j in near]
    for seed in problem["seeds"].tolist():
        all_of[seed].well, all_of[seed].ill = False, True

    def go() -> int:
        for _ in range(problem["steps"]):
            people.infect()
            people.change()
        return sum(not person.well for person in all_of)

    return go
