"""The epidemic as a model of Mesa, in a module of its own: its batch runs start processes that import it."""

from __future__ import annotations

from pathlib import Path

import mesa
from measuring import Problem, read, rows_of


class Person(mesa.Agent):
    """Somebody who is well, ill or recovered."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.near: list[Person] = []
        self.well, self.ill, self.will, self.recovers = True, False, False, False

    def infect(self) -> None:
        """Infect neighbours, and recover, by chance."""
        if self.ill:
            draw, p = self.random.random, self.model.p
            for other in self.near:
                if other.well and draw() < p:
                    other.will = True
            if draw() < self.model.q:
                self.recovers = True

    def change(self) -> None:
        """Become what was decided."""
        if self.recovers:
            self.ill = self.recovers = False
        if self.will:
            self.will, self.well, self.ill = False, False, True


class Epidemic(mesa.Model):
    """Everybody, tied as the problem says; a problem may be given by the path of its file."""

    def __init__(self, problem: Problem | str, seed: int | None = None) -> None:
        super().__init__(seed=seed)
        if isinstance(problem, str):
            problem = read(Path(problem))
        self.p, self.q, self.last = problem["p"], problem["q"], problem["steps"]
        people = [Person(self) for _ in range(problem["n"])]
        for person, near in zip(people, rows_of(problem), strict=True):
            person.near = [people[j] for j in near]
        for who in problem["seeds"].tolist():
            people[who].well, people[who].ill = False, True
        self.datacollector = mesa.DataCollector(model_reporters={"ever": ever_infected})

    def step(self) -> None:
        """Let everybody infect, then change."""
        self.agents.do("infect")
        self.agents.do("change")
        self.running = self.steps < self.last
        self.datacollector.collect(self)


def ever_infected(model: Epidemic) -> int:
    """Return how many are not well any more, at the end; batch runs ask after every step."""
    return 0 if model.running else sum(not person.well for person in model.agents)
