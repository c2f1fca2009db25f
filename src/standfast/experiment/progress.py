"""How far a run is: a bar on a terminal, a line now and then elsewhere, or nothing."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from collections.abc import Callable

_LINE_EVERY = 10.0  # seconds between lines where there is no terminal


class Progress(Protocol):
    """Whatever shows how far a run is; called from one thread only."""

    def say(self, text: str) -> None:
        """Show a sentence."""

    def start(self, replicates: int, n_step: int) -> None:
        """Begin to show progress."""

    def update(self, steps: int, replicates: int) -> None:
        """Show how many steps are done over all replicates, and how many replicates."""

    def stop(self) -> None:
        """Stop showing progress."""


def choose_progress(show: bool | Progress | None) -> Progress:  # noqa: FBT001
    """Return what shows progress on standard error.

    Parameters
    ----------
    show
        True: a bar on a terminal, lines elsewhere; False: nothing; None: a bar on a terminal or
        in a notebook, nothing elsewhere. Whatever shows it itself is returned.
    """
    if not isinstance(show, bool | None):
        return show
    if show is False:
        return Silent()
    console = Console(stderr=True)
    if console.is_terminal or console.is_jupyter:
        return OnTerminal(console)
    return InLines(lambda line: sys.stderr.write(line + "\n")) if show else Silent()


class Silent:
    """Shows nothing."""

    def say(self, text: str) -> None:
        """Do nothing."""

    def start(self, replicates: int, n_step: int) -> None:
        """Do nothing."""

    def update(self, steps: int, replicates: int) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


class OnTerminal:
    """A bar with steps, replicates and the time left."""

    def __init__(self, console: Console) -> None:
        self._bar = Bar(
            TextColumn("{task.fields[replicates]}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} steps"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._wanted = 0

    def say(self, text: str) -> None:
        """Print a sentence above the bar."""
        self._bar.console.print(text, highlight=False)

    def start(self, replicates: int, n_step: int) -> None:
        """Show an empty bar."""
        self._wanted = replicates
        self._task = self._bar.add_task(
            "run", total=replicates * n_step, replicates=_of(0, replicates)
        )
        self._bar.start()

    def update(self, steps: int, replicates: int) -> None:
        """Move the bar."""
        if self._task is not None:
            done = _of(replicates, self._wanted)
            self._bar.update(self._task, completed=steps, replicates=done)

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()


class InLines:
    """A line every ten seconds, for logs and pipes."""

    def __init__(
        self, write: Callable[[str], object], clock: Callable[[], float] = perf_counter
    ) -> None:
        self._write = write
        self._clock = clock
        self._total = self._wanted = 0
        self._began = self._last = 0.0

    def say(self, text: str) -> None:
        """Write a sentence."""
        self._write(text)

    def start(self, replicates: int, n_step: int) -> None:
        """Remember how much there is to do."""
        self._wanted, self._total = replicates, replicates * n_step
        self._began = self._last = self._clock()

    def update(self, steps: int, replicates: int) -> None:
        """Write a line when the last one is ten seconds old."""
        now = self._clock()
        if now - self._last < _LINE_EVERY:
            return
        self._last = now
        left = (now - self._began) * (self._total - steps) / steps if steps else None
        about = f", about {_in_words(left)} left" if left is not None else ""
        self._write(f"{_of(replicates, self._wanted)}, {steps:,} of {self._total:,} steps{about}")

    def stop(self) -> None:
        """Do nothing: the last line stays."""


def _of(done: int, wanted: int) -> str:
    return f"{done} of {wanted} replicates"


def _in_words(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
