"""Which parameters reproduce what was observed: history matching, then ABC-SMC on the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.errors import Problem, RunInterrupted, ScenarioError
from standfast.experiment.answer import build_answer
from standfast.experiment.calibration.posterior import POSTERIOR, posterior_groups
from standfast.experiment.calibration.problems import AS_IT_IS, read_problem, rival_models
from standfast.experiment.calibration.ranks import LEAST_TRIALS
from standfast.experiment.calibration.rivals import common_distance, compare_rivals, nearest
from standfast.experiment.calibration.shown import (
    show_check,
    show_fit,
    show_rivals,
    show_targets,
    show_waves,
)
from standfast.experiment.calibration.smc import Settings
from standfast.experiment.calibration.tables import (
    candidate_table,
    check_table,
    generation_table,
    parameter_table,
    rival_table,
    target_table,
    wave_table,
)
from standfast.experiment.calibration.work import Extent, announce, work_through
from standfast.experiment.trials import Means, check_replicates
from standfast.experiment.watch import choose_shown
from standfast.results.netcdf import write_netcdf
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.experiment.calibration.problems import Problem as Question
    from standfast.experiment.calibration.work import Found

DEFAULT_POPULATION = 200
#: candidates at most, by default, for each one that a generation accepts
_CANDIDATES_EACH = 20
_MOST_WAVES = 20
#: what messages call what was asked
_NAME = "the calibration"


def calibrate(
    scenario: Scenario | str | Path,
    fit: Sequence[str],
    targets: Sequence[str],
    replicates: int = 1,
    seed: int = 1,
    *,
    cases: Mapping[str, Scenario | str | Path] | None = None,
    rivals: Mapping[str, Sequence[str]] | None = None,
    population: int = DEFAULT_POPULATION,
    generations: int = 6,
    quantile: float = 0.5,
    tolerance: float = 0.0,
    candidates: int | None = None,
    waves: int = 0,
    wave_points: int = 100,
    trials: int = 0,
    hours: float | None = None,
    threads: int | None = None,
    progress: bool | None = None,
    store: Path | None = None,
) -> Answer:
    """Fit parameters to what was observed, and say how sure that is.

    The same for any number of threads, and after any number of interruptions: candidates are known
    by number, and the first that come near enough are accepted.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    fit
        Parameters with their priors, as `standfast.experiment.calibration.priors` reads them; ``CASE/``
        before a name makes it an uncertain fact of that case.
    targets
        What is to be reproduced, as `standfast.experiment.calibration.targets` reads it.
    replicates
        Runs of each case for a candidate.
    seed
        Of people, ties and everything drawn.
    cases
        Further scenarios by name that the same parameters have to serve.
    rivals
        Models to compare with: by name, changes as for ``--set`` that are made in every case.
    population, generations, quantile, tolerance, candidates
        As in `standfast.experiment.calibration.smc.Settings`; by default 20 candidates at most for
        each member of the population.
    waves, wave_points
        Of history matching by the mean-field twin, before the engine; 0 for none.
    trials
        Of simulation-based calibration, afterwards; 0 for none, else at least 20.
    hours
        Refuse to begin what may take longer [h].
    threads, progress
        As for `standfast.experiment.execute.execute`.
    store
        Folder in which finished runs are kept, and found again by the same command.

    Returns
    -------
    Answer
        `table` has a row a parameter; `posterior.nc` is among its files.

    Raises
    ------
    ScenarioError
        When a parameter, target, case or rival is not what it should be.
    RunError
        When it cannot be done with what there is.

    Examples
    --------
    >>> answer = calibrate(
    ...     "quiet", ["amplification"], ["share_gone=0:0.05"], population=10, generations=1, progress=False
    ... )
    >>> answer.table[["parameter", "prior"]].values.tolist()
    [['amplification', 'uniform(0, 0.6)']]
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    check_replicates(replicates)
    most = candidates or _CANDIDATES_EACH * population
    settings = Settings(population, generations, quantile, tolerance, most)
    extent = Extent(replicates, settings, waves, wave_points, trials)
    _check(extent)
    question = read_problem(_all_cases(scenario, cases or {}), fit, targets)
    models = rival_models(question, rivals or {})
    shown = choose_shown(progress)
    means = Means(seed, threads, progress, store / "runs" if store is not None else None)
    announce(models, extent, means, hours, shown)
    try:
        found = work_through(models, extent, means, store, shown)
    except RunInterrupted as stopped:
        advice = "" if store is None else f"The same command goes on from what is in {store}."
        raise RunInterrupted(stopped.says, advice) from None
    finally:
        shown.stop()
    return _answer(scenario, question, extent, seed, found)


def _check(extent: Extent) -> None:
    problems = []
    if extent.trials and extent.trials < LEAST_TRIALS:
        says = f"is {extent.trials}, and ranks of so few show nothing"
        problems.append(Problem("--trials", says, f"Ask for {LEAST_TRIALS} or more."))
    if not 0 <= extent.waves <= _MOST_WAVES:
        says = f"is {extent.waves}, but lies between 0 and {_MOST_WAVES}"
        problems.append(Problem("--waves", says))
    if extent.wave_points < LEAST_TRIALS:
        says = f"is {extent.wave_points}, but at least {LEAST_TRIALS} are needed"
        problems.append(Problem("--wave-points", says))
    if problems:
        raise ScenarioError(_NAME, problems)


def _all_cases(
    scenario: Scenario, others: Mapping[str, Scenario | str | Path]
) -> dict[str, Scenario]:
    cases = {scenario.scenario: scenario}
    for name, each in others.items():
        if name in cases:
            where, says = f"--case {printable(name)}", "names two cases"
            raise ScenarioError(_NAME, [Problem(where, says, "Give one another name.")])
        cases[name] = each if isinstance(each, Scenario) else load_scenario(each)
    return cases


def _answer(
    scenario: Scenario, question: Question, extent: Extent, seed: int, found: Found
) -> Answer:
    """Return what was found, as tables, files and something to read."""
    fit = found.fits[AS_IT_IS]
    parameters, targets = parameter_table(question, fit), target_table(question, fit)
    runs = pd.concat(found.runs, names=["model"]).reset_index(level=0).reset_index(drop=True)
    shown = [
        show_fit(scenario, question, fit, parameters, len(runs)),
        show_targets(targets),
    ]
    tables = {
        "targets": targets,
        "generations": generation_table(found.fits),
        "candidates": candidate_table(question, found.fits),
    }
    told: dict[str, Any] = {}
    if found.waves:
        tables["waves"] = wave_table(found.waves)
        shown.append(show_waves(tables["waves"]))
        told["twin_error"] = found.twin_error
    if len(found.fits) > 1:
        tables["rivals"] = rival_table(compare_rivals(found.fits))
        shown.append(show_rivals(tables["rivals"]))
        told["compared_within"] = common_distance(found.fits)
    if found.ranks is not None:
        tables["ranks"] = check_table(question, found.ranks)
        shown.append(show_check(tables["ranks"]))
    groups = posterior_groups(question, fit)
    return build_answer(
        "calibrate",
        scenario,
        table=parameters,
        runs=runs,
        found={
            "cases": {name: case.scenario for name, case in question.cases.items()},
            "stopped": fit.stopped,
            "candidates": fit.candidates,
            "within": nearest(fit.last),
            "effective": fit.last.effective,
            "settings": extent.settings,
            "parameters": parameters.to_dict("records"),
            **{
                name: table.to_dict("records")
                for name, table in tables.items()
                if name != "candidates"
            },
            **told,
        },
        shown=shown,
        seed=seed,
        replicates=extent.replicates,
        tables=tables,
        figures={POSTERIOR: lambda path: write_netcdf(groups, path)},
    )
