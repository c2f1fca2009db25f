"""Putting requests into a ledger: each run once, all requests or none."""

from __future__ import annotations

import zlib
from array import array
from typing import TYPE_CHECKING

from standfast.experiment.keys import run_key
from standfast.scenario.dump import canonical_json, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable

    from standfast.experiment.keys import RunRequest
    from standfast.experiment.ledger import Ledger
    from standfast.scenario.model import Scenario


def enqueue(
    ledger: Ledger, requests: Iterable[RunRequest], model: str, about: dict[str, str] | None = None
) -> array[int]:
    """Put requests into the queue, all of them or none; return which rows of the table they are.

    A run that is there already is not put there again, and one that is asked for under several
    labels is computed once.

    Parameters
    ----------
    ledger
        Where to.
    requests
        In the order of the table.
    model
        The model version, which enters the keys.
    about
        What else is to be remembered, by name.
    """
    rows = array("q")
    with ledger.transaction():
        place = _Placing(ledger, model)
        for request in requests:
            new = (place.run(request), request.label)
            ledger.db.execute("INSERT OR IGNORE INTO request (run, label) VALUES (?, ?)", new)
            found = ledger.db.execute("SELECT id FROM request WHERE run = ? AND label = ?", new)
            rows.append(found.fetchone()[0] - 1)
        pairs = {"model": model, **(about or {})}.items()
        ledger.db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", pairs)
    return rows


class _Placing:
    """Finds the row of a run, and makes it where there is none; scenarios are hashed once."""

    def __init__(self, ledger: Ledger, model: str) -> None:
        self._db = ledger.db
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
