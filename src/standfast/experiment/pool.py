"""Replicates on threads: in any order outside, always the same inside."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from standfast.errors import RunInterrupted
from standfast.experiment.interrupts import held_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.experiment.progress import Progress
    from standfast.results.recording import Recording

_LOOK_EVERY = 0.1  # seconds between looks at progress and Ctrl-C


class RunOne(Protocol):
    """What runs one replicate on the calling thread."""

    def __call__(
        self,
        replicate: int,
        *,
        should_stop: Callable[[], bool],
        on_step: Callable[[int], None],
    ) -> Recording:
        """Run a replicate; raise `RunInterrupted` soon after `should_stop` says so."""
        ...


@dataclass(frozen=True)
class Finished:
    """The replicates that ran to their horizon, in order, and whether somebody stopped the rest."""

    recordings: tuple[Recording, ...]
    interrupted: bool


def run_replicates(
    run_one: RunOne, replicates: int, threads: int, n_step: int, progress: Progress
) -> Finished:
    """Run replicates 0, 1, ... side by side and return those that finished.

    Ctrl-C (KeyboardInterrupt) stops the running replicates at their next step and starts no
    more; a second one does not wait for them. An error in one replicate stops the others too.

    Parameters
    ----------
    run_one
        Runs one replicate; a pure function of its number.
    replicates, threads
        How many, and how many side by side.
    n_step
        Steps of a replicate, for the progress.
    progress
        Is told how far things are.
    """
    stop = threading.Event()
    steps = [0] * replicates

    def run(replicate: int) -> Recording:
        def on_step(step: int) -> None:
            steps[replicate] = step

        recording = run_one(replicate, should_stop=stop.is_set, on_step=on_step)
        steps[replicate] = n_step
        return recording

    executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="replicate")
    futures = [executor.submit(run, replicate) for replicate in range(replicates)]
    interrupted = False
    progress.start(replicates, n_step)
    try:
        _watch(futures, steps, progress)
    except KeyboardInterrupt:
        interrupted = True
        stop.set()
        progress.say("Stopping: replicates under way end at their next step.")
        executor.shutdown(wait=True, cancel_futures=True)
    finally:
        stop.set()
        progress.stop()
        executor.shutdown(wait=False, cancel_futures=True)
    return Finished(_finished(futures), interrupted)


def _watch(futures: list[Future[Recording]], steps: list[int], progress: Progress) -> None:
    pending = set(futures)
    while pending:
        with held_back():
            done, pending = wait(pending, timeout=_LOOK_EVERY, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()  # raises what the replicate raised
        progress.update(sum(steps), len(futures) - len(pending))


def _finished(futures: list[Future[Recording]]) -> tuple[Recording, ...]:
    recordings = []
    for future in futures:
        if future.cancelled():
            continue
        try:
            recordings.append(future.result())
        except RunInterrupted:
            continue
    return tuple(recordings)
