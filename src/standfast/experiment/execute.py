"""Many runs: each computed once, in any order and anywhere, with the same bytes at the end."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.engine.warm import compile_kernels
from standfast.errors import RunInterrupted
from standfast.experiment.keys import RunRequest, model_version
from standfast.experiment.ledger import Ledger
from standfast.experiment.machine import usable_threads
from standfast.experiment.outcome import Keep, compute
from standfast.experiment.progress import choose_progress
from standfast.experiment.runs import InMemory, Runs
from standfast.experiment.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from standfast.experiment.ledger import Task
    from standfast.experiment.outcome import Outcome

__all__ = ["RunRequest", "Runs", "execute"]


def execute(
    requests: Iterable[RunRequest],
    *,
    store: str | Path | None = None,
    threads: int | None = None,
    progress: bool | None = None,
    keep_agents: bool = False,
    keep_series: Iterable[str] = (),
) -> Runs:
    """Compute runs and return what they came to.

    Parameters
    ----------
    requests
        The runs wanted; one that is asked for twice is computed once. Put the replicates of a
        scenario one after another.
    store
        Folder in which every finished run is kept; None keeps them in memory.
    threads
        Runs side by side; by default as many as there are processors.
    progress
        True, False, or None: a bar where somebody watches.
    keep_agents
        Whether final status and step of leaving of every agent are kept (5 bytes an agent and run,
        less compression).
    keep_series
        Hourly series by place to keep, from `standfast.experiment.outcome.SERIES`.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> garrison = load_scenario("garrison", overrides=["time.horizon=1 d"])
    >>> runs = execute([RunRequest(garrison, seed=1, replicate=0, label="as it is")])
    >>> runs.table[["label", "verdict"]].values.tolist()
    [['as it is', 'held']]
    """
    keep = Keep(agents=keep_agents, series=tuple(keep_series))
    folder = None if store is None else Path(store)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(None if folder is None else folder / "ledger.sqlite")
    ledger.enqueue(requests, model_version())
    shown = choose_progress(progress)
    compile_kernels(shown.say)
    _work(ledger, keep, threads or usable_threads())
    return Runs(InMemory(ledger, keep))


def _work(ledger: Ledger, keep: Keep, threads: int) -> None:
    stop = threading.Event()
    shelf = Shelf(threads)

    def one(task: Task) -> tuple[int, Outcome]:
        plan = shelf.plan(task.scenario_sha256, task.scenario_json, task.seed)
        return task.run, compute(plan, task.replicate, keep, stop.is_set)

    tasks = ledger.tasks()
    with ThreadPoolExecutor(threads, thread_name_prefix="run") as pool:
        pending: set[Future[tuple[int, Outcome]]] = set()
        try:
            for task in tasks:
                pending.add(pool.submit(one, task))
                if len(pending) >= 2 * threads:
                    done, pending = wait(pending, return_when=FIRST_COMPLETED)
                    ledger.acknowledge(future.result() for future in done)
            ledger.acknowledge(future.result() for future in pending)
        except KeyboardInterrupt:
            raise RunInterrupted from None
        finally:
            stop.set()
