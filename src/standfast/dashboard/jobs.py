"""Long work in the background: how far it is, how to stop it, and what came of it.

A job belongs to the server and not to the page that asked for it, so that closing the page loses
nothing.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from standfast.engine.machine import give_back
from standfast.errors import RunInterrupted, StandfastError

if TYPE_CHECKING:
    from collections.abc import Callable

WAITING, RUNNING, DONE, CANCELLED, FAILED = "waiting", "running", "done", "cancelled", "failed"
#: jobs that have ended and are still listed
KEPT = 12


@dataclass
class Job:
    """One piece of work.

    Attributes
    ----------
    done, total
        How far it is, in whatever units it counts; `total` 0 while nobody knows.
    result
        What it came to, as plain data; only of a job that is done.
    """

    number: int
    kind: str
    title: str
    world: int | None = None
    state: str = WAITING
    done: float = 0.0
    total: float = 0.0
    says: str = ""
    result: Any = None
    stop: threading.Event = field(default_factory=threading.Event)
    ring: Callable[[], None] = field(default=lambda: None)

    @property
    def ended(self) -> bool:
        """Whether it is over, in whatever way."""
        return self.state in (DONE, CANCELLED, FAILED)

    def progress(self, done: float, total: float, says: str = "") -> None:
        """Say how far it is; raises `RunInterrupted` when it was asked to stop."""
        self.done, self.total, self.says = done, total, says
        self.ring()
        if self.stop.is_set():
            raise RunInterrupted

    def describe(self) -> dict[str, Any]:
        """Return what a page shows of it."""
        return {
            "id": self.number,
            "kind": self.kind,
            "title": self.title,
            "world": self.world,
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "says": self.says,
        }


class Jobs:
    """All work of a server, on a few threads.

    Parameters
    ----------
    threads
        How many jobs run at once.
    ring
        Called whenever anything changed.
    """

    def __init__(self, threads: int, ring: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="standfast-job")
        self._ring = ring
        self._jobs: dict[int, Job] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()

    def start(
        self, kind: str, title: str, work: Callable[[Job], Any], *, world: int | None = None
    ) -> Job:
        """Start a piece of work; what it returns becomes the result of the job."""
        with self._lock:
            job = Job(next(self._numbers), kind, title, world, ring=self._ring)
            self._jobs[job.number] = job
            self._forget()
        self._pool.submit(self._run, job, work)
        self._ring()
        return job

    def _run(self, job: Job, work: Callable[[Job], Any]) -> None:
        if not job.stop.is_set():
            job.state = RUNNING
            self._ring()
        try:
            if job.stop.is_set():
                raise RunInterrupted  # noqa: TRY301 - a job cancelled before its turn
            job.result = work(job)
            job.state = DONE
        except RunInterrupted:
            job.state = CANCELLED
        except StandfastError as error:
            job.state, job.says = FAILED, error.render()
        except Exception as error:  # noqa: BLE001 - told on the page, where a traceback helps nobody
            job.state = FAILED
            job.says = f"This is a fault of standfast: {type(error).__name__}: {error}"
        self._ring()
        give_back()

    def get(self, number: int) -> Job | None:
        """Return a job by its number."""
        return self._jobs.get(number)

    def cancel(self, number: int) -> None:
        """Ask a job to stop; it does so at its next step, or at once where it has not begun."""
        job = self._jobs.get(number)
        if job is not None:
            _stop(job)
            self._ring()

    def cancel_of(self, world: int) -> None:
        """Ask every job of a world to stop."""
        for job in list(self._jobs.values()):
            if job.world == world and not job.ended:
                _stop(job)

    def list(self) -> list[Job]:
        """Return the jobs that are listed, oldest first."""
        with self._lock:
            return list(self._jobs.values())

    def _forget(self) -> None:
        over = [number for number, job in self._jobs.items() if job.ended]
        for number in over[: max(0, len(over) - KEPT)]:
            del self._jobs[number]

    def close(self) -> None:
        """Stop everything."""
        for job in self.list():
            _stop(job)
        self._pool.shutdown(wait=True, cancel_futures=True)


def _stop(job: Job) -> None:
    job.stop.set()
    if job.state == WAITING:
        job.state = CANCELLED
