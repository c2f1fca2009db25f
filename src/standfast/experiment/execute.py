"""Many runs: each computed once, in any order and anywhere, with the same bytes at the end."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.engine.machine import give_back
from standfast.engine.warm import compile_kernels
from standfast.errors import FileError, RunError, RunInterrupted
from standfast.experiment.chunks import cut
from standfast.experiment.crew import Means, choose_crew, choose_means
from standfast.experiment.finished import InFolder, check_folder, keep_from_json, keep_to_json
from standfast.experiment.forecast import check_forecast, forecast
from standfast.experiment.keys import RunRequest, model_version
from standfast.experiment.ledger import LEDGER, Ledger, store_errors
from standfast.experiment.opening import check_model, open_ledger, remove_ledger
from standfast.experiment.outcome import Keep
from standfast.experiment.parts import REQUESTS, SWEEP, compact
from standfast.experiment.queueing import enqueue
from standfast.experiment.runs import InMemory, Runs
from standfast.experiment.stopping import check_stop
from standfast.experiment.watch import Watch, choose_shown
from standfast.experiment.writer import sole_writer
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from standfast.experiment.cluster import Cluster
    from standfast.experiment.watch import Shown

__all__ = ["RunRequest", "Runs", "execute", "resume"]

_DEATHS = 3  # of worker processes in a row, without a run finished, until it is given up


def execute(
    requests: Iterable[RunRequest],
    *,
    store: str | Path | None = None,
    threads: int | None = None,
    processes: int | None = None,
    cluster: Cluster | None = None,
    hours: float | None = None,
    progress: bool | Shown | None = None,
    keep_agents: bool = False,
    keep_series: Iterable[str] = (),
) -> Runs:
    """Compute runs and return what they came to.

    The outcome of a run depends on its scenario, seed, replicate and model alone: not on who
    computes it, nor in which order, nor on how often the sweep was stopped and resumed.

    Parameters
    ----------
    requests
        The runs wanted. One that is asked for under several labels is computed once. Put the
        replicates of a scenario one after another, so that its people are built once.
    store
        Folder in which every finished run is on the disk before the next begins; runs that are
        there already are not computed again. None keeps all in memory.
    threads
        Runs side by side; by default as many as there are processors.
    processes
        Worker processes instead of threads; worth it for scenarios of few people.
    cluster
        Workers of Dask instead: the address of a scheduler, "local", or a Dask cluster or client.
    hours
        Refuse to begin what will take longer [h]; None for any time.
    progress
        True, False, or None: a bar where somebody watches; or whatever shows it.
    keep_agents
        Whether final status and last step of service of every agent are kept (5 bytes an agent and run,
        less compression).
    keep_series
        Hourly series by place to keep, from `standfast.experiment.outcome.SERIES`.

    Raises
    ------
    RunError
        When it cannot be done with the memory, disk or hours there are.
    StoreError
        When the store is damaged, in use, or was computed by another model.
    RunInterrupted
        After Ctrl-C; what is in the store stays there.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> garrison = load_scenario("garrison", overrides=["time.horizon=1 d"])
    >>> runs = execute([RunRequest(garrison, seed=1, replicate=0, label="as it is")])
    >>> runs.table[["label", "verdict"]].values.tolist()
    [['as it is', 'held']]
    """
    means = choose_means(threads, processes, cluster)
    keep = Keep(agents=keep_agents, series=tuple(keep_series))
    about = {"keep": keep_to_json(keep)}
    shown = choose_shown(progress)
    if store is None:
        with closing(Ledger()) as ledger:
            rows = enqueue(ledger, requests, model_version(), about)
            _compute(ledger, keep, means, shown, None, hours)
            give_back()
            return Runs(InMemory(ledger, keep), rows)
    folder = Path(store)
    with store_errors(folder):
        check_folder(folder)
        _make(folder)
    with _told_how_to_go_on(folder):
        with store_errors(folder), sole_writer(folder):
            with closing(open_ledger(folder, shown.say)) as ledger:
                check_model(folder, ledger.about().get("model"))
                _check_keep(folder, ledger, keep)
                rows = enqueue(ledger, requests, model_version(), about)
                _finish(ledger, folder, means, shown, hours)
            remove_ledger(folder)
        return Runs(InFolder(folder), rows)


def resume(
    store: str | Path,
    *,
    threads: int | None = None,
    processes: int | None = None,
    cluster: Cluster | None = None,
    hours: float | None = None,
    progress: bool | None = None,
) -> Runs:
    """Finish a sweep that was stopped, or compute again what of a finished one is damaged.

    Parameters
    ----------
    store
        Its folder.
    threads, processes, cluster, hours, progress
        As for `execute`; they need not be as before.

    Raises
    ------
    FileError
        When there is no sweep.
    RunError, StoreError, RunInterrupted
        As for `execute`.
    """
    means = choose_means(threads, processes, cluster)
    folder = Path(store)
    with store_errors(folder):
        check_folder(folder)
    if not any((folder / name).exists() for name in (LEDGER, SWEEP, REQUESTS)):
        raise FileError(folder, "holds no sweep", "Name the folder that a sweep was written to.")
    shown = choose_shown(progress)
    with _told_how_to_go_on(folder):
        with store_errors(folder), sole_writer(folder):
            with closing(open_ledger(folder, shown.say)) as ledger:
                model = ledger.about().get("model")
                if model is None:
                    says = "was stopped before its runs were written down"
                    raise FileError(folder, says, "Give the command that began it again.")
                check_model(folder, model)
                _finish(ledger, folder, means, shown, hours)
            remove_ledger(folder)
        return Runs(InFolder(folder))


@contextmanager
def _told_how_to_go_on(folder: Path) -> Iterator[None]:
    """Say so when a sweep is stopped at any moment, from the lock taken to the outcomes returned."""
    try:
        yield
    except KeyboardInterrupt:
        says = f"the sweep in {folder} was stopped"
        raise _stopped(says, folder) from None


def _stopped(says: str, folder: Path) -> RunInterrupted:
    return RunInterrupted(says, f"Go on with: standfast resume {folder}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(folder, f"cannot be made: {error.strerror}") from None


def _check_keep(folder: Path, ledger: Ledger, keep: Keep) -> None:
    text = ledger.about().get("keep")
    if text is not None and keep_from_json(text) != keep:
        says = f"the runs in {folder} were kept with {keep_from_json(text)}, not {keep}"
        raise RunError(says, "Keep the same of every run, or name another folder.")


def _finish(ledger: Ledger, folder: Path, means: Means, shown: Shown, hours: float | None) -> None:
    """Compute what is missing and write the files."""
    keep = keep_from_json(ledger.about()["keep"])
    try:
        _compute(ledger, keep, means, shown, folder, hours)
        compact(ledger, folder)
    except KeyboardInterrupt:
        counts = ledger.counts()
        says = f"the sweep was stopped; {counts.done:,} of {counts.runs:,} runs are in {folder}"
        raise _stopped(says, folder) from None
    give_back()


def _compute(
    ledger: Ledger,
    keep: Keep,
    means: Means,
    shown: Shown,
    folder: Path | None,
    hours: float | None,
) -> None:
    """Compute every run that is not done."""
    counts = ledger.counts()
    largest = ledger.largest_scenario()
    if largest is None or counts.done == counts.runs:
        return
    need = forecast(Scenario.model_validate_json(largest), counts, keep, means.side_by_side)
    check_forecast(need, folder, hours)
    compile_kernels(shown.say)
    try:
        _survive(lambda: _work_through(ledger, keep, means, shown), ledger, shown)
    finally:
        shown.stop()


def _survive(work: Callable[[], None], ledger: Ledger, shown: Shown) -> None:
    """Go on when a worker process was ended, unless that happens without end."""
    deaths = 0
    while True:
        done = ledger.counts().done
        try:
            return work()
        except BrokenExecutor:
            deaths = 1 if ledger.counts().done > done else deaths + 1
        if deaths == _DEATHS:
            says = f"worker processes were ended {_DEATHS} times before any finished a run"
            raise RunError(says, "Memory may be short: run fewer side by side.")
        shown.say("A worker process was ended from outside; its runs are computed again.")


def _work_through(ledger: Ledger, keep: Keep, means: Means, shown: Shown) -> None:
    watch = Watch(shown, ledger.counts(), ledger.verdicts())
    with choose_crew(means) as crew:
        for finished in crew.results(cut(ledger.tasks(), keep, most=crew.most_runs)):
            check_stop()
            if finished:
                work = ledger.acknowledge(finished)
                watch.acknowledged((outcome for _, outcome in finished), work)
