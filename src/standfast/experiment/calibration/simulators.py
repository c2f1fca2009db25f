"""The models that are calibrated: runs of the engine, or the mean-field twin, as measurements."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.errors import RunError, ScenarioError
from standfast.experiment.calibration.targets import measure_runs
from standfast.experiment.keys import RunRequest
from standfast.experiment.trials import run_requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from standfast.experiment.calibration.problems import Problem
    from standfast.experiment.calibration.targets import Target
    from standfast.experiment.calibration.twin_runs import TwinRuns
    from standfast.experiment.trials import Means
    from standfast.scenario.model import Scenario

    Floats = npt.NDArray[np.float64]

#: a replicate is a number of 32 bits: 6 for the generation, 26 for candidate, case and replicate
_BITS = 26


@dataclass
class Engine:
    """The engine as a model to be calibrated.

    Every candidate has replicates of its own, so that its measurements are an independent draw; all
    share the seed, and so the people where the parameters leave them alone.

    Attributes
    ----------
    problem
        What is fitted to what.
    replicates
        Runs of each case for a candidate.
    means
        Seed, threads, progress and store.
    tables
        Runs so far, with generation, candidate and case.
    """

    problem: Problem
    replicates: int
    means: Means
    tables: list[pd.DataFrame] = field(default_factory=list)

    def __call__(self, generation: int, indices: range, latent: Floats) -> Floats:
        """Return the measurements of candidates."""
        values = self.problem.values(latent)
        worlds = [self._worlds(row) for row in values]
        wanted = list(self._requests(generation, indices, worlds))
        found = np.full((len(indices), len(self.problem.targets)), np.nan)
        if not wanted:
            return found
        table = run_requests(wanted, self.means).table
        sound = [k for k, world in enumerate(worlds) if world]
        each = list(product(sound, self.problem.cases, range(self.replicates)))
        table.insert(0, "generation", generation)
        table.insert(1, "candidate", [indices[k] for k, _, _ in each])
        table.insert(2, "case", [case for _, case, _ in each])
        self.tables.append(table)
        by = dict(iter(table.groupby(["candidate", "case"], sort=False)))
        for k in sound:
            runs = {case: by[indices[k], case] for case in self.problem.cases}
            found[k] = self.problem.measure(runs)
        return found

    def table(self) -> pd.DataFrame:
        """Return all runs so far, in the order in which they were asked for."""
        return pd.concat(self.tables, ignore_index=True)

    def _worlds(self, values: Floats) -> dict[str, Scenario]:
        """Return the cases at some values; none where these do not go together."""
        try:
            return self.problem.at(values.tolist())
        except ScenarioError:
            return {}

    def _requests(
        self, generation: int, indices: range, worlds: Sequence[Mapping[str, Scenario]]
    ) -> Iterator[RunRequest]:
        width = len(self.problem.cases) * self.replicates
        if (indices[-1] + 1) * width > 2**_BITS:
            says = f"candidate {indices[-1]:,} with {width} runs is beyond what can be numbered"
            raise RunError(says, "Ask for fewer candidates or replicates.")
        for index, world in zip(indices, worlds, strict=True):
            for case, (name, scenario) in enumerate(world.items()):
                first = (generation << _BITS) + index * width + case * self.replicates
                for replicate in range(first, first + self.replicates):
                    label = f"{generation}.{index}/{name}"
                    yield RunRequest(scenario, self.means.seed, replicate, label)


@dataclass
class Twin:
    """The mean-field twin as a model: one run of means for each case, the same every time.

    Attributes
    ----------
    problem
        What is fitted to what.
    runs
        Where runs of the twin are kept and computed.
    """

    problem: Problem
    runs: TwinRuns

    def __call__(self, generation: int, indices: range, latent: Floats) -> Floats:
        """Return the measurements of candidates; missing where the twin has no such measure."""
        del generation, indices
        worlds = []
        for row in self.problem.values(latent):
            try:
                worlds.append(self.problem.at(row.tolist()))
            except ScenarioError:
                worlds.append({})
        rows = self.runs([scenario for world in worlds for scenario in world.values()])
        found = np.full((len(worlds), len(self.problem.targets)), np.nan)
        for k, world in enumerate(worlds):
            own = {case: next(rows) for case in world}
            for column, target in enumerate(self.problem.targets):
                if own:
                    found[k, column] = _measured(target, own[target.case], world[target.case])
        return found


def _measured(target: Target, row: dict[str, Any], scenario: Scenario) -> float:
    try:
        return measure_runs(target.measure, pd.DataFrame([row]), scenario)
    except KeyError:
        return float("nan")
