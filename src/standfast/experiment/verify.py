"""Whether a folder that standfast wrote is as it was written: a result, an answer, or many runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.errors import FileError, StoreError
from standfast.experiment.finished import find_damage, read_manifest
from standfast.experiment.ledger import BESIDE, LEDGER, store_errors, unpacked_scenario
from standfast.experiment.outcome import Outcome
from standfast.experiment.parts import REQUESTS, SWEEP, is_part
from standfast.experiment.writer import LOCK
from standfast.results.commit import PARTIAL
from standfast.results.damage import Damage, find_result_damage, foreign_files
from standfast.results.store import DATA_FILES, PROVENANCE, reading

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULT, SWEEP_KIND = "result", "store of many runs"
#: one of these makes a folder that of a result, even when provenance.json is gone
_OF_RESULTS = {PROVENANCE, *DATA_FILES}


@dataclass(frozen=True)
class Verified:
    """What was found in a folder.

    Attributes
    ----------
    folder
        Which one.
    kind
        What it holds: `RESULT` (answers too) or `SWEEP_KIND`.
    files
        How many files it has.
    damage
        Everything that is not as it was written.
    """

    folder: Path
    kind: str
    files: int
    damage: tuple[Damage, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every file is as it was written, and no other is there."""
        return not self.damage

    @property
    def lines(self) -> tuple[str, ...]:
        """The finding in words, a line for every damage."""
        if self.is_sound:
            return (f"{self.folder} is sound: a {self.kind}, {self.files} files as written.",)
        count = len(self.damage)
        first = f"{self.folder}, a {self.kind}, has {count} {'fault' if count == 1 else 'faults'}:"
        lines = [first, *(f"  {damage.sentence}" for damage in self.damage)]
        if any(not damage.foreign for damage in self.damage):
            lines.append(f"Mend it: standfast repair {self.folder}")
        if any(damage.foreign for damage in self.damage):
            lines.append("Move elsewhere what is no part of it; nothing of it is ever removed.")
        return tuple(lines)


def verify(folder: str | Path) -> Verified:
    """Compare every file of a result, an answer or a store of many runs with how it was written.

    Nothing is changed, and nothing of a damaged file is read but its bytes.

    Parameters
    ----------
    folder
        As written by `standfast run`, by the commands of the laboratory, or by `execute`.

    Raises
    ------
    FileError
        When there is no such folder, or it holds none of these.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from standfast.testing.recordings import synthetic_result
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> with TemporaryDirectory() as base:
    ...     found = verify(synthetic_result(tiny_scenario(), 1).save(Path(base) / "out"))
    >>> found.kind, found.is_sound
    ('result', True)
    """
    folder = Path(folder)
    kind = kind_of(folder)
    find = find_result_damage if kind == RESULT else _sweep_damage
    with reading(folder):
        return Verified(folder, kind, sum(1 for _ in folder.iterdir()), find(folder))


def kind_of(folder: Path) -> str:
    """Return what a folder holds: `RESULT` or `SWEEP_KIND`.

    Raises
    ------
    FileError
        When there is no such folder, or it holds neither.
    """
    if not folder.is_dir():
        raise FileError(folder, "is not a folder", "Name the folder of a result or of many runs.")
    with reading(folder):
        names = {path.name for path in folder.iterdir()}
    if LEDGER in names or SWEEP in names or REQUESTS in names:
        return SWEEP_KIND
    if names & _OF_RESULTS:
        return RESULT
    advice = "Name a folder that `standfast run`, an experiment or `execute` wrote."
    raise FileError(folder, "holds no result and no store of many runs", advice)


def _sweep_damage(folder: Path) -> tuple[Damage, ...]:
    if (folder / LEDGER).exists():
        return (*_ledger_damage(folder), *_foreign(folder))
    if not (folder / SWEEP).is_file():
        return (Damage(SWEEP, "is missing"), *_foreign(folder))
    try:
        content = read_manifest(folder)
    except StoreError as error:
        return (Damage(SWEEP, error.says.removeprefix(f"{error.path} ")), *_foreign(folder))
    return find_damage(folder, content)


def _foreign(folder: Path) -> list[Damage]:
    """Return what cannot be a part of a sweep that is not finished, or whose manifest is lost."""
    ours = [x.name for x in folder.iterdir() if is_part(x.name.removeprefix(PARTIAL))]
    return foreign_files(folder, (*ours, LOCK, LEDGER, *BESIDE, PARTIAL + LEDGER))


def _ledger_damage(folder: Path) -> Iterator[Damage]:
    path = folder / LEDGER
    try:
        with (
            store_errors(folder),
            closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db,
        ):
            for (says,) in db.execute("PRAGMA integrity_check(3)"):
                if says != "ok":
                    yield Damage(LEDGER, f"is damaged: {says}")
            for digest, packed in db.execute("SELECT sha256, json FROM scenario"):
                unpacked_scenario(digest, packed)
            runs = "SELECT digest, row, agents, series FROM run WHERE row IS NOT NULL"
            wrong = sum(Outcome(*kept).digest != digest for digest, *kept in db.execute(runs))
    except StoreError as error:
        yield Damage(LEDGER, error.says.partition(" ")[2])
        return
    if wrong:
        yield Damage(LEDGER, f"holds {wrong:,} runs that are not as they were written")
