"""What a sweep will need, asked before it starts: memory, disk and hours."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standfast.engine.machine import free_bytes
from standfast.engine.memory import estimate_memory
from standfast.errors import RunError
from standfast.experiment.chunks import WORK_PER_SECOND
from standfast.experiment.memory import size_in_words
from standfast.experiment.watch import in_words

if TYPE_CHECKING:
    from pathlib import Path

    from standfast.experiment.ledger import Counts
    from standfast.experiment.outcome import Keep
    from standfast.scenario.model import Scenario

_MARGIN = 0.9  # share of what is free that a sweep may count on
#: a run's line in the ledger, and its columns: measured 1.4 kB for garrison, 12 kB for Mosul
_ROW_BYTES, _PLACE_BYTES = 1000, 350
_AGENT_BYTES = 5
_SERIES_BYTES = 4
#: the ledger and the finished parts are both there for a moment
_COPIES = 2


@dataclass(frozen=True)
class Forecast:
    """What a sweep will need at most, as if all of its runs were as large as the largest.

    Attributes
    ----------
    memory
        Bytes at a time.
    disk
        Bytes in its folder before it is finished.
    seconds
        With the given number of runs side by side, on a machine like that of the measurements.
    """

    memory: int
    disk: int
    seconds: float

    @property
    def sentence(self) -> str:
        """The forecast in words."""
        return (
            f"about {in_words(self.seconds)}, {size_in_words(self.memory)} of memory and "
            f"at most {size_in_words(self.disk)} of disk"
        )


def forecast(largest: Scenario, counts: Counts, keep: Keep, side_by_side: int) -> Forecast:
    """Estimate what the rest of a sweep needs.

    Parameters
    ----------
    largest
        The scenario whose runs take longest.
    counts
        How far the sweep is.
    keep
        What is kept of every run.
    side_by_side
        Runs at a time, each with a plan of its own in the worst case.
    """
    memory = estimate_memory(largest, side_by_side, side_by_side)
    n_agent = sum(force.paper for force in largest.forces.values())
    n_place = len(largest.places)
    n_hour = int(largest.time.horizon / max(largest.time.step, 1.0)) + 1
    run = _ROW_BYTES + n_place * _PLACE_BYTES
    run += n_agent * _AGENT_BYTES if keep.agents else 0
    run += len(keep.series) * n_hour * n_place * _SERIES_BYTES
    return Forecast(
        memory=memory.bytes + memory.plan * (side_by_side - 1),
        disk=_COPIES * run * (counts.runs - counts.done),
        seconds=(counts.work - counts.work_done) / WORK_PER_SECOND / side_by_side,
    )


def check_forecast(
    need: Forecast,
    folder: Path | None,
    hours: float | None,
    *,
    free: int | None = None,
    free_disk: int | None = None,
) -> None:
    """Refuse a sweep that cannot be done with what there is.

    Parameters
    ----------
    need
        What it needs.
    folder
        Where it is written; None when it stays in memory.
    hours
        That it may take; None for any.
    free, free_disk
        Bytes; by default what the machine says.

    Raises
    ------
    RunError
        With the numbers, and what to ask for instead.
    """
    free = free_bytes() if free is None else free
    if free is not None and need.memory > _MARGIN * free:
        says = (
            f"the sweep needs {size_in_words(need.memory)} of memory, "
            f"and {size_in_words(free)} are free"
        )
        raise RunError(says, "Run fewer side by side (--threads 1), or a smaller scenario.")
    if folder is not None:
        room = shutil.disk_usage(folder).free if free_disk is None else free_disk
        if need.disk > _MARGIN * room:
            says = (
                f"the sweep may need {size_in_words(need.disk)} on the disk of {folder}, "
                f"and {size_in_words(room)} are free"
            )
            raise RunError(
                says, "Keep no agents or series, ask for fewer runs, or use another disk."
            )
    if hours is not None and need.seconds > hours * 3600:
        says = f"the sweep will take about {need.seconds / 3600:.2g} h, and {hours:g} h are allowed"
        raise RunError(says, "Ask for fewer runs, allow more hours, or use a cluster.")
