"""How far something is, told to a job instead of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standfast.dashboard.jobs import Job


class _ToJob:
    """What is told to a job whatever is counted."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def say(self, text: str) -> None:
        """Show a sentence."""
        self._job.progress(self._job.done, self._job.total, text)

    def stop(self) -> None:
        """Do nothing: the job says when it has ended."""


class Told(_ToJob):
    """Progress of an ensemble or a search, told to a job."""

    _total = 0

    def start(self, replicates: int, n_step: int) -> None:
        """Begin to show progress."""
        self._total = replicates * n_step

    def update(self, steps: int, replicates: int) -> None:
        """Show how far it is; raises `RunInterrupted` when it was asked to stop."""
        self._job.progress(steps, self._total, f"{replicates} finished")


class ToldShare(_ToJob):
    """Progress of many runs, told to a job."""

    def update(self, share: float, text: str) -> None:
        """Show the share that is done, 0 to 1; raises `RunInterrupted` when asked to stop."""
        self._job.progress(share, 1.0, text)
