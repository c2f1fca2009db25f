"""What is fitted to what: cases that share parameters, their targets, and rival models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr  # type: ignore[import-untyped]

from standfast.errors import Problem as Wrong
from standfast.errors import ScenarioError
from standfast.experiment.axes import place_at
from standfast.experiment.calibration.priors import OPTION, read_parameters
from standfast.experiment.calibration.targets import distance, measure_runs, read_targets
from standfast.experiment.vary import find_axis
from standfast.scenario.check import check_tree
from standfast.scenario.edit import apply_overrides
from standfast.scenario.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from standfast.experiment.calibration.priors import Parameter
    from standfast.experiment.calibration.targets import Target
    from standfast.scenario.model import Scenario

    Floats = npt.NDArray[np.float64]

#: what the model as it is is called beside its rivals
AS_IT_IS = "as it is"
RIVAL = "--rival"


@dataclass(frozen=True)
class Problem:
    """What is fitted to what.

    Attributes
    ----------
    cases
        Scenarios by name; they share the parameters that are facts of none of them.
    parameters
        That are fitted.
    targets
        That are to be reproduced.
    """

    cases: Mapping[str, Scenario]
    parameters: Sequence[Parameter]
    targets: Sequence[Target]

    def values(self, latent: Floats) -> Floats:
        """Return the values of candidates, shape (n, n_parameter), from standard normals."""
        shares = ndtr(latent)
        return np.array(
            [[p.at(float(s)) for p, s in zip(self.parameters, row, strict=True)] for row in shares]
        ).reshape(latent.shape)

    def at(self, values: Sequence[float]) -> dict[str, Scenario]:
        """Return every case with the parameters at some values.

        Raises
        ------
        ScenarioError
            When they do not go together.
        """
        placed = {}
        for name, case in self.cases.items():
            own = [k for k, parameter in enumerate(self.parameters) if parameter.of(name)]
            axes = [self.parameters[k].axis for k in own]
            placed[name] = place_at(case, axes, [float(values[k]) for k in own])
        return placed

    def measure(self, runs: Mapping[str, pd.DataFrame]) -> list[float]:
        """Return the measurements of the runs of a candidate, by case."""
        return [measure_runs(t.measure, runs[t.case], self.cases[t.case]) for t in self.targets]

    def distance(self, found: Floats) -> Floats:
        """Return how far measurements are from the targets, shape (n,)."""
        return distance(self.targets, found)

    def apart(self, found: Floats, observed: Floats) -> Floats:
        """Return how far measurements are from others taken as observed, in scales, shape (n,)."""
        scales = np.array([target.scale for target in self.targets])
        square: Floats = (((found - observed) / scales) ** 2).mean(axis=1)
        return np.sqrt(square)


def read_problem(
    cases: Mapping[str, Scenario], fit: Sequence[str], targets: Sequence[str]
) -> Problem:
    """Return what is to be fitted to what.

    Parameters
    ----------
    cases
        Scenarios by name; the priors are those of the first.
    fit, targets
        As texts.

    Raises
    ------
    ScenarioError
        When a parameter or target is not what it should be, or a case lacks a parameter.
    """
    parameters = read_parameters(fit, cases)
    for name, case in list(cases.items())[1:]:
        missing = []
        shared = [parameter for parameter in parameters if parameter.case is None]
        for path in (path for parameter in shared for path in parameter.axis.paths):
            try:
                find_axis(path, case)
            except ScenarioError:
                says = f"is fitted, and the case {name} has no such field"
                missing.append(
                    Wrong(
                        path, says, f"Fit what all cases have, or write {next(iter(cases))}/{path}."
                    )
                )
        if missing:
            raise ScenarioError(OPTION, missing)
    return Problem(cases, parameters, read_targets(targets, cases))


def rival_models(problem: Problem, rivals: Mapping[str, Sequence[str]]) -> dict[str, Problem]:
    """Return the model as it is and its rivals, by name.

    Parameters
    ----------
    problem
        Of the model as it is.
    rivals
        Changes, as for ``--set``, that each rival makes in every case.

    Raises
    ------
    ScenarioError
        When a change cannot be made, a rival changes nothing, or it sets what is fitted.
    """
    models = {AS_IT_IS: problem}
    fitted = {path: p.name for p in problem.parameters for path in p.axis.paths}
    for name, changes in rivals.items():
        if not changes or name in models:
            says = "changes nothing" if not changes else "is there already"
            raise ScenarioError(RIVAL, [Wrong(name, says, "Write NAME:PATH=VALUE,PATH=VALUE.")])
        for path in (change.partition("=")[0].strip() for change in changes):
            if path in fitted:
                says = f"sets {path}, which is fitted, so that nothing would come of it"
                raise ScenarioError(RIVAL, [Wrong(name, says, f"Leave out --fit {fitted[path]}.")])
        changed = {case: _changed(each, name, changes) for case, each in problem.cases.items()}
        models[name] = replace(problem, cases=changed)
    return models


def _changed(scenario: Scenario, rival: str, changes: Sequence[str]) -> Scenario:
    tree = apply_overrides(Tree(scenario.model_dump(mode="json")), changes)
    return check_tree(tree, f"{RIVAL} {rival}")
