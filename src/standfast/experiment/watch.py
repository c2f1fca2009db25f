"""How far a sweep is: what is done, the time left, and what the first runs came to."""

from __future__ import annotations

import json
import sys
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar

from standfast.results.verdict import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from standfast.experiment.ledger import Counts
    from standfast.experiment.outcome import Outcome

_LINE_EVERY = 10.0  # seconds between lines where there is no terminal


class Shown(Protocol):
    """Whatever shows how far a sweep is."""

    def say(self, text: str) -> None:
        """Show a sentence."""

    def update(self, share: float, text: str) -> None:
        """Show the share that is done, and a line about it."""

    def stop(self) -> None:
        """Stop showing anything."""


class Watch:
    """Counts what is acknowledged, and says how far the sweep is.

    Parameters
    ----------
    shown
        Where it is shown.
    counts
        How far the sweep was when it was opened.
    verdicts
        Verdicts of the runs that were done by then.
    clock
        Gives seconds that never go back.
    """

    def __init__(
        self,
        shown: Shown,
        counts: Counts,
        verdicts: Mapping[str, int],
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._shown, self._clock = shown, clock
        self._runs, self._done = counts.runs, counts.done
        self._work, self._work_done = counts.work, counts.work_done
        self._verdicts = Counter(verdicts)
        self._began, self._at_first = clock(), counts.work_done

    def acknowledged(self, outcomes: Iterable[Outcome], work: float) -> None:
        """Count outcomes that are on the disk, and the work that was in them."""
        for outcome in outcomes:
            self._done += 1
            self._verdicts[json.loads(outcome.row)["verdict"]] += 1
        self._work_done += work
        self._shown.update(self._work_done / self._work if self._work else 1.0, self.line())

    def line(self) -> str:
        """Return how far the sweep is, in a line."""
        parts = [f"{self._done:,} of {self._runs:,} runs"]
        left = self.seconds_left()
        if left is not None:
            parts.append(f"about {in_words(left)} left")
        figures = early_figures(self._verdicts)
        return ", ".join(parts) + (f"; {figures}" if figures else "")

    def seconds_left(self) -> float | None:
        """Return the time left [s] at the pace since the sweep was opened; None before the first."""
        done = self._work_done - self._at_first
        if done <= 0 or self._done >= self._runs:
            return None
        return (self._clock() - self._began) * (self._work - self._work_done) / done


def early_figures(verdicts: Mapping[str, int]) -> str:
    """Return the share of each verdict so far, best first; empty without any.

    Examples
    --------
    >>> early_figures({"total collapse": 3, "held": 1})
    'held 25 %, total collapse 75 %'
    """
    total = sum(verdicts.get(name, 0) for name in VERDICTS)
    return ", ".join(
        f"{name} {100 * verdicts[name] / total:.0f} %" for name in VERDICTS if verdicts.get(name)
    )


def in_words(seconds: float) -> str:
    """Return a duration for people.

    Examples
    --------
    >>> in_words(42), in_words(600), in_words(36_000)
    ('42 s', '10 min', '10.0 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def choose_shown(show: bool | Shown | None) -> Shown:  # noqa: FBT001
    """Return what shows how far a sweep is on standard error.

    Parameters
    ----------
    show
        True: a bar on a terminal, lines elsewhere; False: nothing; None: a bar on a terminal or
        in a notebook, nothing elsewhere. Whatever shows it itself is returned.
    """
    if not isinstance(show, bool | None):
        return show
    console = Console(stderr=True)
    if show is not False and (console.is_terminal or console.is_jupyter):
        return _OnTerminal(console)
    return InLines(lambda line: sys.stderr.write(line + "\n")) if show else Nowhere()


class Nowhere:
    """Shows nothing."""

    def say(self, text: str) -> None:
        """Do nothing."""

    def update(self, share: float, text: str) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


class _OnTerminal:
    """A bar, and the line beside it."""

    def __init__(self, console: Console) -> None:
        self._bar = Bar(
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=1.0)

    def say(self, text: str) -> None:
        self._bar.console.print(text, highlight=False)

    def update(self, share: float, text: str) -> None:
        self._bar.start()
        self._bar.update(self._task, completed=share, description=text)

    def stop(self) -> None:
        self._bar.stop()


class InLines:
    """A line every ten seconds, for logs and pipes."""

    def __init__(
        self, write: Callable[[str], object], clock: Callable[[], float] = perf_counter
    ) -> None:
        self._write, self._clock = write, clock
        self._last = clock()

    def say(self, text: str) -> None:
        """Write a sentence."""
        self._write(text)

    def update(self, share: float, text: str) -> None:
        """Write a line when the last one is ten seconds old."""
        del share
        if self._clock() - self._last >= _LINE_EVERY:
            self._last = self._clock()
            self._write(text)

    def stop(self) -> None:
        """Do nothing: the last line stays."""
