"""Who computes: threads here, processes here, or the workers of a Dask cluster."""

from __future__ import annotations

import threading
import time
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from standfast.engine.machine import hold_little, usable_threads
from standfast.errors import RunError
from standfast.experiment.chunks import compute_chunk, compute_chunk_far_away
from standfast.experiment.cluster import dask_executor
from standfast.experiment.interrupts import held_back
from standfast.experiment.shelf import Shelf
from standfast.experiment.tether import tie_to_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.process import BaseProcess

    from standfast.experiment.chunks import Chunk, Finished
    from standfast.experiment.cluster import Cluster

_LOOK_EVERY = 0.2  # seconds between looks at progress and Ctrl-C
_UNNOTICED = 5.0  # seconds in which a pool notices that a worker is dead


@dataclass(frozen=True)
class Means:
    """What a sweep is computed with; one of the three, or threads on all processors.

    Attributes
    ----------
    threads, processes
        How many on this machine.
    cluster
        Of Dask.
    """

    threads: int | None = None
    processes: int | None = None
    cluster: Cluster | None = None

    def __post_init__(self) -> None:
        """Refuse numbers below one, and more than one way."""
        for name, number in (("threads", self.threads), ("processes", self.processes)):
            if number is not None and number < 1:
                says = f"{name} is {number}, but at least one is needed"
                raise RunError(says)
        if self.processes is not None and self.cluster is not None:
            says = "processes and a cluster were both asked for"
            raise RunError(says, "Choose one: a cluster has its own processes.")

    @property
    def side_by_side(self) -> int:
        """Runs at a time on this machine, as far as it is known here."""
        return self.processes or self.threads or usable_threads()


#: what sweeps are computed with inside `computing_with`, where they are not told
_MEANS: ContextVar[Means | None] = ContextVar("means", default=None)


@contextmanager
def computing_with(
    *, processes: int | None = None, cluster: Cluster | None = None
) -> Iterator[None]:
    """Let every sweep inside be computed by processes or a cluster, whatever question asks for it.

    Parameters
    ----------
    processes, cluster
        As for `standfast.experiment.execute.execute`.

    Raises
    ------
    RunError
        When both are given.

    Examples
    --------
    >>> with computing_with(processes=2):
    ...     choose_means().processes
    2
    """
    token = _MEANS.set(Means(None, processes, cluster))
    try:
        yield
    finally:
        _MEANS.reset(token)


def choose_means(
    threads: int | None = None, processes: int | None = None, cluster: Cluster | None = None
) -> Means:
    """Return what was asked for, or what is in force here where nothing was.

    Raises
    ------
    RunError
        When threads are asked for inside `computing_with`.
    """
    around = _MEANS.get()
    if around is None or processes is not None or cluster is not None:
        return Means(threads, processes, cluster)
    if threads is not None:
        says = "threads were asked for, and processes or a cluster besides"
        raise RunError(says, "Choose one of them.")
    return around


@dataclass(frozen=True)
class Crew:
    """Workers that take chunks.

    Attributes
    ----------
    executor
        What chunks are handed to.
    work
        What a worker does with a chunk.
    width
        How many chunks are handed out at a time.
    most_runs
        Runs of a chunk at most.
    look
        Raises when the workers cannot go on and the executor has not noticed.
    """

    executor: Executor
    work: Callable[[Chunk], Finished]
    width: Callable[[], int]
    most_runs: int = 64
    look: Callable[[], None] = lambda: None

    def results(self, chunks: Iterable[Chunk]) -> Iterator[Finished]:
        """Yield what comes back, in the order in which it does; empty when nothing came lately.

        Chunks are taken as workers get free, so that memory does not grow with their number.
        """
        pending: set[Future[Finished]] = set()
        waiting = iter(chunks)
        chunk = next(waiting, None)
        while pending or chunk is not None:
            with held_back():
                while chunk is not None and len(pending) < self.width():
                    pending.add(self.executor.submit(self.work, chunk))
                    chunk = next(waiting, None)
                done, pending = wait(pending, _LOOK_EVERY, FIRST_COMPLETED)
                finished = [result for future in done for result in future.result()]
            self.look()
            yield finished


def choose_crew(means: Means) -> AbstractContextManager[Crew]:
    """Return the crew that was asked for."""
    hold_little()
    if means.cluster is not None:
        return workers_of(means.cluster, means.side_by_side)
    if means.processes is not None:
        return processes_here(means.processes)
    return threads_here(means.side_by_side)


@contextmanager
def threads_here(threads: int) -> Iterator[Crew]:
    """Give a crew of threads; on the way out, runs under way end at their next step."""
    stop = threading.Event()
    work = partial(compute_chunk, shelf=Shelf(threads), should_stop=stop.is_set)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="run")
    try:
        yield Crew(pool, work, lambda: threads + 1, most_runs=1)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def processes_here(processes: int) -> Iterator[Crew]:
    """Give a crew of fresh processes; on the way out, those still at work are ended."""
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=tie_to_parent)
    try:
        yield Crew(
            pool, compute_chunk_far_away, lambda: processes + 1, look=partial(_look_at, pool, [])
        )
    finally:
        with held_back():
            _end(pool)


def _workers_in(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    """Return the processes of a pool, which has none before its first work and after its end."""
    return list((getattr(pool, "_processes", None) or {}).values())


def _look_at(pool: ProcessPoolExecutor, dead_since: list[float]) -> None:
    """Raise when a worker has been dead for long.

    The pool sees that itself, unless the worker was killed within a message: it then waits for the rest.
    """
    if all(worker.is_alive() for worker in _workers_in(pool)):
        dead_since.clear()
        return
    dead_since.append(time.monotonic())
    if dead_since[-1] - dead_since[0] > _UNNOTICED:
        says = "a worker was killed while it told what it had computed"
        raise BrokenProcessPool(says)


def _end(pool: ProcessPoolExecutor) -> None:
    """End the workers; a run that is cut off has not been acknowledged, and is done again."""
    workers = _workers_in(pool)
    calls, results = getattr(pool, "_call_queue", None), getattr(pool, "_result_queue", None)
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()
    # one that was ended within a message leaves the thread that reads it waiting for the rest, and with it the
    # end of this process: as nobody else can write any more, closing our own end tells it that there is no rest
    if results is not None:
        results._writer.close()
    if calls is not None:
        calls.cancel_join_thread()  # nor for one that writes what nobody will read


@contextmanager
def workers_of(cluster: Cluster, workers: int) -> Iterator[Crew]:
    """Give the workers of a Dask cluster as a crew.

    Parameters
    ----------
    cluster
        Address of a scheduler, "local", or a Dask cluster or client.
    workers
        How many a local cluster gets.
    """
    with dask_executor(cluster, workers) as (executor, width):
        yield Crew(executor, compute_chunk_far_away, width)
