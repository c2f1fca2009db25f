"""The ledger of a sweep: what is to be run, and what came of it, in one SQLite database.

It is manifest, queue and log in one. A run is acknowledged when its transaction is on the disk; a
process that dies at any moment loses only what it had not acknowledged.
"""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standfast.errors import RunError
from standfast.experiment.keys import run_key
from standfast.experiment.outcome import Outcome
from standfast.scenario.dump import canonical_json, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from standfast.experiment.keys import RunRequest
    from standfast.scenario.model import Scenario

#: raised by one whenever a ledger of before cannot be read any more
FORMAT = 1
_PAGE = 512  # rows read at a time, so that memory does not grow with the sweep
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE scenario (
    id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    json BLOB NOT NULL, work REAL NOT NULL);
CREATE TABLE run (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, scenario INTEGER NOT NULL REFERENCES scenario,
    seed TEXT NOT NULL, replicate INTEGER NOT NULL,
    row TEXT, agents BLOB, series BLOB, seconds REAL);
CREATE INDEX to_do ON run (scenario, seed, id) WHERE row IS NULL;
CREATE TABLE request (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run, label TEXT NOT NULL);
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
        Of the database; None keeps it in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._db = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
        if path is not None:
            self._db.execute("PRAGMA journal_mode = WAL")
        # acknowledged means on the disk, also when the power goes
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        if not self._db.execute("SELECT name FROM sqlite_master LIMIT 1").fetchone():
            with self._transaction():
                for statement in _SCHEMA.split(";\n"):
                    self._db.execute(statement)
                self._db.execute("INSERT INTO about VALUES ('format', ?)", (str(FORMAT),))

    def close(self) -> None:
        """Close the database; its log is folded into it."""
        self._db.close()

    def about(self) -> dict[str, str]:
        """Return what is said about the sweep as a whole, by name."""
        return dict(self._db.execute("SELECT name, value FROM about"))

    def enqueue(self, requests: Iterable[RunRequest], model: str, **about: str) -> int:
        """Put requests into the queue, all of them or none, and return how many there are now.

        Requests that are there already must come first and be the same; what follows is added. A
        run that is asked for twice is computed once.

        Parameters
        ----------
        requests
            In the order of the table.
        model
            The model version, which enters the keys.
        about
            What else is to be remembered.

        Raises
        ------
        RunError
            When the ledger holds other requests.
        """
        known = self._db.execute("SELECT count(*) FROM request").fetchone()[0]
        seen = 0
        with self._transaction():
            place = _Placing(self._db, model)
            for request in requests:
                run = place.run(request)
                if seen >= known:
                    self._db.execute(
                        "INSERT INTO request (run, label) VALUES (?, ?)", (run, request.label)
                    )
                elif not self._is_known(seen, run, request.label):
                    raise RunError(_OTHER, _OTHER_ADVICE)
                seen += 1
            if seen < known:
                raise RunError(_OTHER, _OTHER_ADVICE)
            for name, value in {"model": model, **about}.items():
                self._db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))
        return seen

    def _is_known(self, index: int, run: int, label: str) -> bool:
        found = self._db.execute("SELECT run, label FROM request WHERE id = ?", (index + 1,))
        return bool(found.fetchone() == (run, label))

    def tasks(self) -> Iterator[Task]:
        """Yield what is still to be run, the replicates of a scenario and seed one after another."""
        last: tuple[int, str, int] = (0, "", 0)
        while True:
            page = self._db.execute(
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
        digest, packed, work = self._db.execute(query, (index,)).fetchone()
        return digest, zlib.decompress(packed).decode("ascii"), work

    def acknowledge(self, finished: Iterable[tuple[int, Outcome]]) -> None:
        """Write outcomes; when this returns they are on the disk.

        An outcome that is there already, because a lost worker had sent it after all, is compared
        instead of written again.

        Raises
        ------
        RunError
            When a run was computed twice and came out differently.
        """
        with self._transaction():
            for run, outcome in finished:
                done = self._db.execute(
                    "UPDATE run SET row = ?, agents = ?, series = ?, seconds = ?"
                    " WHERE id = ? AND row IS NULL",
                    (outcome.row, outcome.agents, outcome.series, outcome.seconds, run),
                ).rowcount
                if not done and not self._is_same(run, outcome):
                    says = f"run {run} was computed twice and came out differently"
                    raise RunError(
                        says, "Please report this: a run must not depend on where it is done."
                    )

    def _is_same(self, run: int, outcome: Outcome) -> bool:
        query = "SELECT row, agents, series FROM run WHERE id = ?"
        return Outcome(*self._db.execute(query, (run,)).fetchone()).is_same(outcome)

    def entries(self) -> Iterator[Entry]:
        """Yield every request whose run is done, in the order of the requests."""
        last = 0
        while True:
            page = self._db.execute(
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
        """Yield key, agents and series of every run that is done, in the order of the runs."""
        yield from self._db.execute(
            "SELECT key, agents, series FROM run WHERE row IS NOT NULL ORDER BY id"
        )

    def scenarios(self) -> Iterator[tuple[str, str]]:
        """Yield SHA-256 and canonical JSON of every scenario."""
        for digest, packed in self._db.execute("SELECT sha256, json FROM scenario ORDER BY id"):
            yield digest, zlib.decompress(packed).decode("ascii")

    def counts(self) -> Counts:
        """Return how far the sweep is."""
        runs, done, work, work_done, seconds = self._db.execute(
            "SELECT count(*), count(row), coalesce(sum(work), 0),"
            " coalesce(sum(work) FILTER (WHERE row IS NOT NULL), 0), coalesce(sum(seconds), 0)"
            " FROM run JOIN scenario ON scenario.id = run.scenario"
        ).fetchone()
        requests = self._db.execute("SELECT count(*) FROM request").fetchone()[0]
        return Counts(runs, done, requests, work, work_done, seconds)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


_OTHER = "the store holds other runs than those asked for"
_OTHER_ADVICE = (
    "Give the runs that are there first, in the same order, or name another store.\n"
    "To finish what is there: standfast resume DIR"
)


class _Placing:
    """Finds the row of a run, and makes it where there is none; scenarios are hashed once."""

    def __init__(self, db: sqlite3.Connection, model: str) -> None:
        self._db = db
        self._model = model
        self._last: tuple[Scenario, int, str] | None = None

    def run(self, request: RunRequest) -> int:
        scenario, digest = self._scenario(request.scenario)
        key = run_key(digest, request.seed, request.replicate, self._model)
        found = self._db.execute("SELECT id FROM run WHERE key = ?", (key,)).fetchone()
        if found:
            return int(found[0])
        made = self._db.execute(
            "INSERT INTO run (key, scenario, seed, replicate) VALUES (?, ?, ?, ?)",
            (key, scenario, f"{request.seed:016x}", request.replicate),
        )
        return int(made.lastrowid or 0)

    def _scenario(self, scenario: Scenario) -> tuple[int, str]:
        # replicates of a scenario usually come one after another
        if self._last is None or self._last[0] is not scenario:
            digest = sha256(scenario)
            self._last = (scenario, self._index(scenario, digest), digest)
        return self._last[1:]

    def _index(self, scenario: Scenario, digest: str) -> int:
        query = "SELECT id FROM scenario WHERE sha256 = ?"
        found = self._db.execute(query, (digest,)).fetchone()
        if found:
            return int(found[0])
        packed = zlib.compress(canonical_json(scenario).encode("ascii"))
        made = self._db.execute(
            "INSERT INTO scenario (sha256, name, json, work) VALUES (?, ?, ?, ?)",
            (digest, scenario.scenario, packed, work_of(scenario)),
        )
        return int(made.lastrowid or 0)


def work_of(scenario: Scenario) -> float:
    """Return names on paper times steps, to which the time of a run is about proportional."""
    names = sum(force.paper for force in scenario.forces.values())
    return float(names * round(scenario.time.horizon / scenario.time.step))
