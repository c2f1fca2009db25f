"""Worlds side by side: several scenarios over the same replicates, and their runs by world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.errors import RunError
from standfast.experiment.crew import Means as Crew
from standfast.experiment.ensemble import MAX_REPLICATES, MAX_SEED
from standfast.experiment.execute import execute
from standfast.experiment.forecast import check_forecast, forecast
from standfast.experiment.keys import RunRequest
from standfast.experiment.ledger import Counts
from standfast.experiment.outcome import Keep
from standfast.experiment.queueing import work_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from standfast.experiment.runs import Runs
    from standfast.experiment.watch import Shown
    from standfast.scenario.model import Scenario


@dataclass(frozen=True)
class Means:
    """What an experiment may use, and what it is asked to show.

    Attributes
    ----------
    seed
        Of people, ties and everything drawn.
    threads
        Runs side by side; None: as many as there are processors.
    progress
        True, False, or None: where somebody watches; or whatever shows it.
    store
        Folder in which finished runs are kept and found again; None keeps them in memory.
    hours
        Refuse to begin what would take longer [h]; None for any time.
    """

    seed: int = 1
    threads: int | None = None
    progress: bool | Shown | None = None
    store: Path | None = None
    hours: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not 0 <= self.seed <= MAX_SEED:
            says = f"seed is {self.seed}, but lies between 0 and 2^64 - 1"
            raise RunError(says)
        if self.threads is not None and self.threads < 1:
            says = f"threads is {self.threads}, but at least one is needed"
            raise RunError(says)


def check_replicates(replicates: int, least: int = 1) -> None:
    """Refuse a number of replicates out of its bounds.

    Raises
    ------
    RunError
        With the bounds.
    """
    if not least <= replicates <= MAX_REPLICATES:
        says = f"replicates is {replicates}, but lies between {least} and {MAX_REPLICATES:,}"
        raise RunError(says)


def check_needs(scenarios: Iterable[Scenario], runs: int, means: Means) -> None:
    """Refuse what needs more hours, memory or disk than there are, before anything is run.

    Parameters
    ----------
    scenarios
        What is run; each run is counted as one of the largest.
    runs
        How many in all.
    means
        Threads, store and hours.

    Raises
    ------
    RunError
        With the numbers, and what to ask for instead.
    """
    largest = max(scenarios, key=work_of)
    work = runs * work_of(largest)
    counts = Counts(runs=runs, done=0, requests=runs, work=work, work_done=0.0, seconds=0.0)
    need = forecast(largest, counts, Keep(), Crew(means.threads).side_by_side)
    folder = means.store
    if folder is not None:
        # the folder itself may be new
        folder = next(each for each in (folder, *folder.resolve().parents) if each.is_dir())
    check_forecast(need, folder, means.hours)


def run_worlds(
    worlds: Mapping[str, Scenario],
    replicates: int | Sequence[int],
    means: Means,
    *,
    keep_agents: bool = False,
) -> Runs:
    """Run every world over the same replicates.

    Parameters
    ----------
    worlds
        Scenarios by label.
    replicates
        How many, from 0; or which.
    means
        Seed, threads, progress and store.
    keep_agents
        Whether how every agent ended is kept.
    """
    chosen = range(replicates) if isinstance(replicates, int) else replicates
    return run_requests(
        (
            RunRequest(scenario, means.seed, replicate, label)
            for label, scenario in worlds.items()
            for replicate in chosen
        ),
        means,
        keep_agents=keep_agents,
    )


def run_requests(
    requests: Iterable[RunRequest], means: Means, *, keep_agents: bool = False
) -> Runs:
    """Run what is asked for with the means there are."""
    return execute(
        requests,
        store=means.store,
        threads=means.threads,
        progress=means.progress,
        hours=means.hours,
        keep_agents=keep_agents,
    )


def run_points(scenarios: Iterable[Scenario], replicates: int, means: Means) -> pd.DataFrame:
    """Run every point of a design over the same replicates.

    Parameters
    ----------
    scenarios
        The scenario at each point, made one at a time.
    replicates
        At each point.
    means
        Seed, threads, progress, store and hours.

    Returns
    -------
    pandas.DataFrame
        A row a run, its point first, counted from 0.
    """
    requests = (
        RunRequest(scenario, means.seed, replicate, f"point {k}")
        for k, scenario in enumerate(scenarios)
        for replicate in range(replicates)
    )
    runs = run_requests(requests, means).table
    runs.insert(0, "point", np.repeat(np.arange(len(runs) // replicates), replicates))
    return runs


def world(runs: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return the runs of a world, by replicate."""
    own = runs[runs["label"] == label]
    return own.sort_values("replicate", kind="stable", ignore_index=True)
