"""How far a sweep in a folder is, asked without disturbing whoever computes it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standfast.errors import FileError
from standfast.experiment.finished import InFolder, find_damage
from standfast.experiment.ledger import LEDGER, count, count_verdicts, store_errors
from standfast.experiment.parts import SWEEP
from standfast.experiment.watch import early_figures, in_words
from standfast.experiment.writer import writing_process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Standing:
    """The state of a sweep.

    Attributes
    ----------
    runs, done, requests
        Different runs, those that are done, and rows of the table.
    verdicts
        How many of those done came to each verdict.
    seconds_left
        Of one thread [s], at the pace so far; None where no run is done, or all are.
    process
        Number of the process that computes it; None when nobody does.
    damage
        Files of a finished sweep that are not as they were written, each as a sentence.
    """

    runs: int
    done: int
    requests: int
    verdicts: Mapping[str, int]
    seconds_left: float | None
    process: int | None
    damage: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The state in words."""
        share = 100 * self.done // self.runs if self.runs else 100
        lines = [f"{self.done:,} of {self.runs:,} runs are done ({share} %)."]
        figures = early_figures(self.verdicts)
        if figures:
            lines.append(f"{'So far' if self.done < self.runs else 'Verdicts'}: {figures}.")
        if self.seconds_left is not None:
            lines.append(f"Left: about {in_words(self.seconds_left)} of one thread.")
        if self.process is not None:
            lines.append(f"Process {self.process} is working on it.")
        elif self.done < self.runs:
            lines.append("Nobody is working on it; go on with `standfast resume`.")
        lines += [f"Damaged: {says}." for says in self.damage]
        if self.damage:
            lines.append("`standfast repair` computes again what they held.")
        return tuple(lines)


def find_standing(folder: Path) -> Standing:
    """Return the state of a sweep.

    Parameters
    ----------
    folder
        Of a sweep, finished or not; nothing in it is changed.

    Raises
    ------
    FileError
        When there is no sweep, or it cannot be read.
    """
    if not folder.is_dir():
        raise FileError(folder, "is not a folder", "Name the folder of a sweep.")
    if (folder / LEDGER).exists():
        return _of_ledger(folder)
    if (folder / SWEEP).exists():
        return _of_files(folder)
    raise FileError(folder, "holds no sweep", "Name the folder that a sweep was written to.")


def _of_ledger(folder: Path) -> Standing:
    path = folder / LEDGER
    with (
        store_errors(folder),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db,
    ):
        counts, verdicts = count(db), count_verdicts(db)
    left = None
    if 0 < counts.done < counts.runs:
        left = counts.seconds * (counts.work - counts.work_done) / counts.work_done
    return Standing(
        counts.runs, counts.done, counts.requests, verdicts, left, writing_process(folder)
    )


def _of_files(folder: Path) -> Standing:
    source = InFolder(folder)
    damage = find_damage(folder, source.content)
    verdicts: Counter[str | None] = Counter()
    if not damage:
        seen: set[str] = set()
        for table in source.tables():
            pairs = zip(table["key"].to_pylist(), table["verdict"].to_pylist(), strict=True)
            verdicts.update(verdict for key, verdict in pairs if key not in seen)
            seen.update(table["key"].to_pylist())
    return Standing(
        runs=source.content["runs"],
        done=source.content["runs"],
        requests=source.content["requests"],
        verdicts={name: number for name, number in verdicts.items() if name is not None},
        seconds_left=None,
        process=writing_process(folder),
        damage=tuple(found.sentence for found in damage),
    )
