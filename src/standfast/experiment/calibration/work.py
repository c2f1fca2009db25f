"""The work of a calibration: how much it will be, and doing it: waves, generations, rivals, trials."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from standfast.engine.machine import usable_threads
from standfast.experiment.calibration.problems import AS_IT_IS
from standfast.experiment.calibration.proposals import Proposal
from standfast.experiment.calibration.ranks import rank_within_table
from standfast.experiment.calibration.rivals import nearest
from standfast.experiment.calibration.simulators import Engine, Twin
from standfast.experiment.calibration.smc import sample
from standfast.experiment.calibration.twin_runs import TwinRuns
from standfast.experiment.calibration.waves import match_history
from standfast.experiment.chunks import WORK_PER_SECOND
from standfast.experiment.forecast import check_forecast, forecast
from standfast.experiment.ledger import Counts
from standfast.experiment.outcome import Keep
from standfast.experiment.queueing import work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

    from standfast.experiment.calibration.problems import Problem
    from standfast.experiment.calibration.ranks import Ranks
    from standfast.experiment.calibration.smc import Fit, Generation, Settings
    from standfast.experiment.calibration.waves import Wave
    from standfast.experiment.trials import Means
    from standfast.experiment.watch import Shown

    Floats = npt.NDArray[np.float64]

#: candidates of the first wave at which the engine shows the error of the twin
_ERROR_POINTS = 10
#: seconds to check and compile a scenario, and more for each name: measured 0.2 s for garrison
_SET_UP, _SET_UP_EACH = 0.1, 4e-5
#: numbers of generations for runs that belong to none
_FOR_ERROR, _FOR_CHECK = 62, 63
#: share of the table whose members are the posterior of a trial
_NEAREST = 0.1


@dataclass(frozen=True)
class Extent:
    """How much is asked for.

    Attributes
    ----------
    replicates
        Runs of each case for a candidate.
    settings
        Of the generations.
    waves, wave_points
        Of history matching.
    trials
        Of simulation-based calibration.
    """

    replicates: int
    settings: Settings
    waves: int
    wave_points: int
    trials: int


@dataclass(frozen=True, eq=False)
class Found:
    """What was found.

    Attributes
    ----------
    fits
        By model, that as it is first.
    waves
        Of history matching.
    twin_error : (n_target,) float64
        Of the twin, in scales; None without waves.
    ranks
        Of the trials; None without.
    runs
        Tables of runs by model.
    """

    fits: dict[str, Fit]
    waves: list[Wave]
    twin_error: Floats | None
    ranks: Ranks | None
    runs: dict[str, pd.DataFrame] = field(default_factory=dict)


def announce(
    models: Mapping[str, Problem], extent: Extent, means: Means, hours: float | None, shown: Shown
) -> None:
    """Say what it will take at least and at most, and refuse what cannot be done.

    Raises
    ------
    RunError
        When memory, disk or the hours that are allowed are too little.
    """
    problem, settings = models[AS_IT_IS], extent.settings
    each = len(problem.cases) * extent.replicates
    besides = extent.trials + (_ERROR_POINTS if extent.waves else 0)
    least = (len(models) * settings.population * settings.generations + besides) * each
    most = (len(models) * settings.most + besides) * each
    largest = max(problem.cases.values(), key=work_of)
    mean = sum(map(work_of, problem.cases.values())) / len(problem.cases)
    # every candidate is a scenario of its own, which is checked and compiled
    names = sum(f.paper for case in problem.cases.values() for f in case.forces.values())
    set_up = (_SET_UP + _SET_UP_EACH * names / len(problem.cases)) * WORK_PER_SECOND
    side_by_side = means.threads or usable_threads()
    needs = {}
    for bound, number in (("At least", least), ("At most", most)):
        counts = Counts(
            number, 0, number, number * mean + number / extent.replicates * set_up, 0.0, 0.0
        )
        needs[bound] = forecast(largest, counts, Keep(), side_by_side)
        shown.say(f"{bound} {number:,} runs: {needs[bound].sentence}.")
    folder = means.store if means.store is None or means.store.exists() else _above(means.store)
    check_forecast(needs["At most"], folder, hours)


def _above(folder: Path) -> Path:
    """Return the nearest folder above that exists, whose disk it will be."""
    return next(above for above in folder.absolute().parents if above.exists())


def work_through(
    models: Mapping[str, Problem],
    extent: Extent,
    means: Means,
    store: Path | None,
    shown: Shown,
) -> Found:
    """Do all that is asked for, and return what was found.

    Parameters
    ----------
    models
        The model as it is, and its rivals.
    extent
        How much.
    means
        Seed, threads and where runs are kept.
    store
        Where runs of the twin are kept; None for memory.
    shown
        Hears how far it is.
    """
    engines = {name: Engine(each, extent.replicates, means) for name, each in models.items()}
    waves: list[Wave] = []
    error, start = None, None
    if extent.waves:
        twin = TwinRuns(store)
        waves, error, start = _match(engines[AS_IT_IS], twin, extent, means.seed, shown)
    fits: dict[str, Fit] = {}
    settings = extent.settings
    for name, engine in engines.items():
        if name != AS_IT_IS:
            # nearer than the first it need not come: they are compared at that distance
            settings = _until(extent.settings, nearest(fits[AS_IT_IS].last))
        fits[name] = sample(
            engine, engine.problem.distance, len(engine.problem.parameters), settings, means.seed,
            start=start if name == AS_IT_IS else None, tell=_teller(name, shown),
        )  # fmt: skip
    ranks = None
    if extent.trials:
        ranks = _check(engines[AS_IT_IS], extent.trials, means.seed)
    tables = {name: engine.table() for name, engine in engines.items()}
    return Found(fits, waves, error, ranks, tables)


def _until(settings: Settings, tolerance: float) -> Settings:
    return replace(settings, tolerance=max(tolerance, settings.tolerance))


def _teller(name: str, shown: Shown) -> Callable[[Generation], None]:
    def tell(generation: Generation) -> None:
        accepted, n = int(generation.accepted.sum()), len(generation.distance)
        within = nearest(generation)
        shown.say(
            f"{name}, generation {generation.number}: {accepted:,} of {n:,} candidates "
            f"within {within:.3g} scales."
        )

    return tell


def _match(
    engine: Engine, twin: TwinRuns, extent: Extent, seed: int, shown: Shown
) -> tuple[list[Wave], Floats, Proposal]:
    """Return the waves of the twin, its error, and where the engine begins."""
    problem = engine.problem
    scales = np.array([target.scale for target in problem.targets])

    def error_at(latent: Floats, found: Floats) -> Floats:
        chosen = range(min(_ERROR_POINTS, len(latent)))
        runs = engine(_FOR_ERROR, chosen, latent[: len(chosen)])
        apart = (runs - found[: len(chosen)]) / scales
        known = np.isfinite(apart)
        square = np.where(known, apart, 0.0) ** 2
        n = known.sum(axis=0)
        mean: Floats = np.divide(square.sum(axis=0), n, out=np.full(n.size, np.nan), where=n > 0)
        return np.sqrt(mean)

    def tell(wave: Wave) -> None:
        kept, n = int(wave.kept.sum()), len(wave.latent)
        shown.say(f"Wave {wave.number} of the twin: {kept:,} of {n:,} candidates go on.")

    return match_history(
        Twin(problem, twin), problem.targets, len(problem.parameters), extent.wave_points,
        extent.waves, seed, error_at=error_at, tell=tell,
    )  # fmt: skip


def _check(engine: Engine, trials: int, seed: int) -> Ranks:
    """Return the ranks of candidates from the prior, each in turn taken for the truth."""
    prior = Proposal.prior(len(engine.problem.parameters))
    latent = prior.draw(seed, "check", 0, range(trials))
    found = engine(_FOR_CHECK, range(trials), latent)
    near = max(10, math.ceil(_NEAREST * trials))
    return rank_within_table(latent, found, engine.problem.apart, near, seed, trials)
