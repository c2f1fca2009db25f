"""A ledger whose database is malformed, made again from the runs that can still be read."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from standfast.errors import StoreError
from standfast.experiment.keys import run_key
from standfast.experiment.ledger import BESIDE, LEDGER, Ledger, unpacked_scenario
from standfast.experiment.outcome import Outcome
from standfast.experiment.parts import SWEEP
from standfast.results.commit import PARTIAL, flush_entry, passing, remove_half_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_AGAIN = "Give the command that began it again, with another folder."
_OUTCOME = "row, agents, series, seconds, digest"
#: table -> its columns; of `run`, those that say which run it is, which stand before what came of it
_TABLES = {
    "scenario": "id, sha256, name, json, work",
    "run": "id, key, scenario, seed, replicate",
    "request": "id, run, label",
}


def mend_ledger(folder: Path, say: Callable[[str], None]) -> None:
    """Replace a malformed ledger: by the finished files where there are any, or by what can be read.

    Runs of which the outcome cannot be read, or is not as it was written, are back in the queue.

    Parameters
    ----------
    folder
        Of the sweep, which this process alone writes.
    say
        Told what was found and done.

    Raises
    ------
    StoreError
        When it cannot be told any more which runs were asked for; nothing is changed then.
    """
    path = folder / LEDGER
    wrong = fault_of(path) if path.exists() else None
    if wrong is None:
        return
    if (folder / SWEEP).exists():
        _remove(folder)
        say(
            f"{LEDGER} was malformed ({wrong}); the finished files stand for it. "
            "What was asked for after they were written is to be asked for again."
        )
        return
    new = folder / (PARTIAL + LEDGER)
    remove_half_written(folder, LEDGER)
    with closing(Ledger(new)) as ledger, closing(sqlite3.connect(path)) as old:
        try:
            with ledger.transaction():
                kept = _copy(old, ledger)
        except (sqlite3.Error, LookupError, TypeError, ValueError, StoreError):
            says = f"is malformed ({wrong}), and which runs were asked for cannot be read from it"
            raise StoreError(path, says, _AGAIN) from None
        counts = ledger.counts()
        ledger.fold()
    flush_entry(new)
    _remove(folder)
    passing("swap", path)
    os.replace(new, path)  # noqa: PTH105 - says that it replaces
    flush_entry(folder)
    say(
        f"{LEDGER} was malformed ({wrong}); it was made again with {kept:,} of {counts.runs:,} runs, "
        "and the others are computed again where they had been done."
    )


def fault_of(path: Path) -> str | None:
    """Return in a few words what is wrong with a database; None when it is whole."""
    try:
        with closing(sqlite3.connect(path)) as db:
            for (says,) in db.execute("PRAGMA integrity_check(1)"):
                return None if says == "ok" else str(says).splitlines()[-1]
    except sqlite3.OperationalError:
        raise  # the disk fails, which says nothing of the database
    except sqlite3.DatabaseError as error:
        return str(error)
    return None


def _remove(folder: Path) -> None:
    """Remove a ledger with its log, which would be taken for that of the next one."""
    for name in (*BESIDE, LEDGER):
        (folder / name).unlink(missing_ok=True)
    flush_entry(folder)


def _copy(old: sqlite3.Connection, new: Ledger) -> int:
    """Copy what was asked for, all of it, and of what came of it what can be read; return how much."""
    about = dict(old.execute("SELECT name, value FROM about"))
    model = about["model"]
    new.db.executemany("INSERT INTO about VALUES (?, ?)", about.items())
    found = {table: list(_rows(old, table, columns)) for table, columns in _TABLES.items()}
    for table, columns in _TABLES.items():
        rows = found[table]
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            raise LookupError(table)
        marks = ", ".join("?" * len(columns.split(", ")))
        new.db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - of this file
    digests = {row[0]: row[1] for row in found["scenario"]}
    for _, digest, _, packed, _ in found["scenario"]:
        unpacked_scenario(digest, packed)
    for _, key, scenario, seed, replicate in found["run"]:
        if run_key(digests[scenario], int(seed, 16), replicate, model) != key:
            raise LookupError(key)
    if not found["request"] or {row[1] for row in found["request"]} != {
        row[0] for row in found["run"]
    }:
        raise LookupError("request")  # noqa: EM101 - never shown
    kept = 0
    for run, *_ in found["run"]:
        with suppress(sqlite3.Error):
            (outcome,) = old.execute(f"SELECT {_OUTCOME} FROM run WHERE id = ?", (run,)).fetchall()  # noqa: S608 - ditto
            if outcome[0] is not None and Outcome(*outcome[:3]).digest == outcome[4]:
                update = "UPDATE run SET row = ?, agents = ?, series = ?, seconds = ?, digest = ? WHERE id = ?"
                new.db.execute(update, (*outcome, run))
                kept += 1
    return kept


def _rows(db: sqlite3.Connection, table: str, columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table in order: up to a page that cannot be read, and from the end to it."""
    last, ended = 0, False
    with suppress(sqlite3.Error):
        for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY id"):  # noqa: S608 - of this file
            last = row[0]
            yield row
        ended = True
    if ended:
        return
    behind = []
    with suppress(sqlite3.Error):
        query = f"SELECT {columns} FROM {table} WHERE id > ? ORDER BY id DESC"  # noqa: S608 - ditto
        for row in db.execute(query, (last,)):
            behind.append(row)  # noqa: PERF402 - what came before an error is kept
    yield from reversed(behind)
