"""The ledger of a sweep: what is to be run, and what came of it, in one SQLite database.

It is manifest, queue and log in one. A run is acknowledged when its transaction is on the disk; a
process that dies at any moment loses only what it had not acknowledged.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.errors import FileError, RunError, StoreError
from standfast.experiment.outcome import Outcome
from standfast.results.commit import passing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEDGER = "ledger.sqlite"
#: what SQLite keeps beside it while it is open, or after a kill
_SUFFIXES = ("-wal", "-shm", "-journal")
BESIDE = tuple(LEDGER + suffix for suffix in _SUFFIXES)
_ROOM = 65_536  # bytes free, below which a disk is called full
_PAGE = 512  # rows read at a time, so that memory does not grow with the sweep
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE scenario (
    id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    json BLOB NOT NULL, work REAL NOT NULL);
CREATE TABLE run (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, scenario INTEGER NOT NULL REFERENCES scenario,
    seed TEXT NOT NULL, replicate INTEGER NOT NULL,
    row TEXT, agents BLOB, series BLOB, seconds REAL, digest TEXT);
CREATE INDEX to_do ON run (scenario, seed, id) WHERE row IS NULL;
CREATE TABLE request (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run, label TEXT NOT NULL,
    UNIQUE (run, label));
"""


@dataclass(frozen=True)
class Task:
    """A run that is to be computed, as text and numbers that can be sent anywhere."""

    run: int
    scenario_sha256: str
    scenario_json: str
    seed: int
    replicate: int
    work: float


@dataclass(frozen=True)
class Entry:
    """A request as it stands in the table, with what came of its run."""

    label: str
    scenario: str
    scenario_sha256: str
    seed: int
    replicate: int
    key: str
    row: str


@dataclass(frozen=True)
class Counts:
    """How far a sweep is.

    Attributes
    ----------
    runs, done
        Different runs, and those of them that are done.
    requests
        Rows of the table; the same run may be asked for more than once.
    work, work_done
        Agents times steps, which is what time goes by.
    seconds
        Spent on the runs that are done, summed over threads [s].
    """

    runs: int
    done: int
    requests: int
    work: float
    work_done: float
    seconds: float


class Ledger:
    """A ledger that is open for writing, on disk or in memory.

    Parameters
    ----------
    path
        Of the database, which is made where there is none; None keeps it in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is not None and not path.exists():
            # the log of another database of that name would be taken for this one's
            for suffix in _SUFFIXES:
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        self.db = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
        if path is not None:
            self.db.execute("PRAGMA journal_mode = WAL")
        # acknowledged means on the disk, also when the power goes
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA foreign_keys = ON")
        if not self.db.execute("SELECT name FROM sqlite_master LIMIT 1").fetchone():
            with self.transaction():
                for statement in _SCHEMA.strip().split(";\n"):
                    self.db.execute(statement)

    def close(self) -> None:
        """Close the database; its log is folded into it."""
        self.db.close()

    def fold(self) -> None:
        """Fold the log into the database, so that its one file is all of it.

        Closing does so too, but says nothing when it cannot.
        """
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def about(self) -> dict[str, str]:
        """Return what is said about the sweep as a whole, by name."""
        return dict(self.db.execute("SELECT name, value FROM about"))

    def tasks(self) -> Iterator[Task]:
        """Yield what is still to be run, the replicates of a scenario and seed one after another."""
        last: tuple[int, str, int] = (0, "", 0)
        while True:
            page = self.db.execute(
                "SELECT scenario, seed, id, replicate FROM run WHERE row IS NULL"
                " AND (scenario, seed, id) > (?, ?, ?) ORDER BY scenario, seed, id LIMIT ?",
                (*last, _PAGE),
            ).fetchall()
            texts: dict[int, tuple[str, str, float]] = {}
            for scenario, seed, run, replicate in page:
                if scenario not in texts:
                    texts = {scenario: self._scenario(scenario)}
                digest, text, work = texts[scenario]
                yield Task(run, digest, text, int(seed, 16), replicate, work)
            if not page:
                return
            last = page[-1][:3]

    def _scenario(self, index: int) -> tuple[str, str, float]:
        query = "SELECT sha256, json, work FROM scenario WHERE id = ?"
        digest, packed, work = self.db.execute(query, (index,)).fetchone()
        return digest, unpacked_scenario(digest, packed), work

    def largest_scenario(self) -> str | None:
        """Return the canonical JSON of the scenario whose runs take longest; None without any."""
        query = "SELECT sha256, json FROM scenario ORDER BY work DESC, id LIMIT 1"
        found = self.db.execute(query).fetchone()
        return None if found is None else unpacked_scenario(*found)

    def acknowledge(self, finished: Iterable[tuple[int, Outcome]]) -> float:
        """Write outcomes, and return the work that was in them; they are then on the disk.

        An outcome that is there already, because a lost worker had sent it after all, is compared
        instead of written again.

        Raises
        ------
        RunError
            When a run was computed twice and came out differently.
        """
        work = 0.0
        with self.transaction():
            for run, outcome in finished:
                work += self.db.execute(_WORK, (run,)).fetchone()[0]
                new = (outcome.row, outcome.agents, outcome.series, outcome.seconds, outcome.digest)
                done = self.db.execute(
                    "UPDATE run SET row = ?, agents = ?, series = ?, seconds = ?, digest = ?"
                    " WHERE id = ? AND row IS NULL",
                    (*new, run),
                ).rowcount
                if not done and not self._is_same(run, outcome):
                    says = f"run {run} was computed twice and came out differently"
                    raise RunError(says, _TWICE)
            passing("acknowledge", LEDGER)
        passing("acknowledged", LEDGER)
        return work

    def _is_same(self, run: int, outcome: Outcome) -> bool:
        query = "SELECT row, agents, series FROM run WHERE id = ?"
        return Outcome(*self.db.execute(query, (run,)).fetchone()).is_same(outcome)

    def entries(self) -> Iterator[Entry]:
        """Yield every request whose run is done, in the order of the requests."""
        last = 0
        while True:
            page = self.db.execute(
                "SELECT request.id, label, name, sha256, seed, replicate, key, row FROM request"
                " JOIN run ON run.id = request.run JOIN scenario ON scenario.id = run.scenario"
                " WHERE request.id > ? AND row IS NOT NULL ORDER BY request.id LIMIT ?",
                (last, _PAGE),
            ).fetchall()
            for _, label, name, digest, seed, replicate, key, row in page:
                yield Entry(label, name, digest, int(seed, 16), replicate, key, row)
            if not page:
                return
            last = page[-1][0]

    def kept(self) -> Iterator[tuple[str, bytes | None, bytes | None]]:
        """Yield key, agents and series, as packed, of every run that is done, in their order."""
        query = "SELECT key, agents, series FROM run WHERE row IS NOT NULL ORDER BY id"
        # "yield from" would want to close the cursor even after the database
        for kept in self.db.execute(query):  # noqa: UP028
            yield kept

    def scenarios(self) -> Iterator[tuple[str, str]]:
        """Yield SHA-256 and canonical JSON of every scenario."""
        for digest, packed in self.db.execute("SELECT sha256, json FROM scenario ORDER BY id"):
            yield digest, unpacked_scenario(digest, packed)

    def forget_damaged(self) -> int:
        """Put runs back into the queue whose outcome is not as it was written; return how many."""
        damaged = [
            run
            for run, digest, *outcome in self.db.execute(
                "SELECT id, digest, row, agents, series FROM run WHERE row IS NOT NULL"
            )
            if Outcome(*outcome).digest != digest
        ]
        with self.transaction():
            self.db.executemany(
                "UPDATE run SET row = NULL, agents = NULL, series = NULL WHERE id = ?",
                [(run,) for run in damaged],
            )
        return len(damaged)

    def verdicts(self) -> dict[str, int]:
        """Return how many runs came to each verdict so far."""
        return count_verdicts(self.db)

    def counts(self) -> Counts:
        """Return how far the sweep is."""
        return count(self.db)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all that is inside, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            # what failed is told, not that it cannot be undone: closing undoes it
            with suppress(sqlite3.Error):
                self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")


_WORK = "SELECT work FROM run JOIN scenario ON scenario.id = run.scenario WHERE run.id = ?"
_TWICE = "Please report this: what comes of a run must not depend on who computes it."


def count(db: sqlite3.Connection) -> Counts:
    """Return how far the sweep in a database is."""
    runs, done, work, work_done, seconds = db.execute(
        "SELECT count(*), count(row), coalesce(sum(work), 0),"
        " coalesce(sum(work) FILTER (WHERE row IS NOT NULL), 0), coalesce(sum(seconds), 0)"
        " FROM run JOIN scenario ON scenario.id = run.scenario"
    ).fetchone()
    requests = db.execute("SELECT count(*) FROM request").fetchone()[0]
    return Counts(runs, done, requests, work, work_done, seconds)


def count_verdicts(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many runs in a database came to each verdict."""
    found = db.execute(
        "SELECT json_extract(row, '$.verdict'), count(*) FROM run WHERE row IS NOT NULL GROUP BY 1"
    )
    return {verdict: number for verdict, number in found if verdict is not None}


def unpacked_scenario(digest: str, packed: bytes) -> str:
    """Return the canonical JSON of a scenario, checked against its SHA-256."""
    try:
        text = zlib.decompress(packed)
    except zlib.error:
        text = b""
    if hashlib.sha256(text).hexdigest() != digest:
        says = "is damaged: a scenario is not as it was written"
        raise StoreError(LEDGER, says, "Start the sweep again in another folder.")
    return text.decode("ascii")


@contextmanager
def store_errors(folder: Path) -> Iterator[None]:
    """Say which file it was when something of a store cannot be read or written, and why.

    Parameters
    ----------
    folder
        Of the store.

    Raises
    ------
    FileError
        For whatever the system refuses: no room, no right, a disk that fails.
    StoreError
        When the database is not one.
    """
    advice = "Nothing that was finished is lost; run it again once that is mended."
    try:
        yield
    except sqlite3.OperationalError as error:
        says = f"cannot be read or written: {error}{_without_room(folder)}"
        raise FileError(folder / LEDGER, says, advice) from None
    except sqlite3.DatabaseError as error:
        advice = f"Mend it: standfast repair {folder}"
        raise StoreError(folder / LEDGER, f"is damaged: {error}", advice) from None
    except OSError as error:
        # Arrow names the file in its text alone
        where = Path(error.filename) if isinstance(error.filename, str) else folder
        says = f"cannot be read or written: {error.strerror or error}"
        raise FileError(where if where.is_absolute() else folder, says, advice) from None


def _without_room(folder: Path) -> str:
    """Return that the disk is full, which SQLite may call an error of the disk."""
    with suppress(OSError):
        if shutil.disk_usage(folder).free < _ROOM:
            return " (no space is left on the disk)"
    return ""
