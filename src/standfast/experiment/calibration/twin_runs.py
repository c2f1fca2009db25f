"""Runs of the mean-field twin, kept by what they are of, so that none is computed twice."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing, nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.errors import FileError
from standfast.experiment.keys import model_version
from standfast.meanfield.run import run_meanfield
from standfast.results.clock import reference_hour
from standfast.scenario.dump import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from standfast.scenario.model import Scenario

NAME = "twin.sqlite"
_TENTH = 0.1


class TwinRuns:
    """Computes runs of the twin, and keeps them.

    Parameters
    ----------
    folder
        In which they are kept in `twin.sqlite`; None keeps them in memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path = folder / NAME if folder is not None else None
        self._memory = self._open(":memory:") if folder is None else None

    def __call__(self, scenarios: Sequence[Scenario]) -> Iterator[dict[str, Any]]:
        """Return for every scenario what the twin comes to, by the columns of the table of runs."""
        keys = [_key(scenario) for scenario in scenarios]
        try:
            with self._database() as db:
                known = {key: _read(db, key) for key in dict.fromkeys(keys)}
                for key, scenario in zip(keys, scenarios, strict=True):
                    if known[key] is not None:
                        continue
                    known[key] = twin_row(scenario)
                    with db:
                        db.execute("INSERT INTO twin VALUES (?, ?)", (key, known[key]))
        except sqlite3.Error as error:
            raise FileError(self._path or NAME, f"cannot be read or written: {error}") from None
        return (json.loads(known[key] or "{}") for key in keys)

    def _database(self) -> AbstractContextManager[sqlite3.Connection]:
        if self._memory is not None:
            return nullcontext(self._memory)
        assert self._path is not None  # noqa: S101  one of the two is there
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return closing(self._open(str(self._path)))

    @staticmethod
    def _open(name: str) -> sqlite3.Connection:
        db = sqlite3.connect(name)
        db.execute("CREATE TABLE IF NOT EXISTS twin (key TEXT PRIMARY KEY, row TEXT NOT NULL)")
        return db


def twin_row(scenario: Scenario) -> str:
    """Return what the twin of a scenario comes to, as JSON by the columns of the table of runs.

    Parameters
    ----------
    scenario
        What to simulate.
    """
    run = run_meanfield(scenario)
    judged, reference = run.judgement, reference_hour(scenario)
    dead = float(run.dead[-1].sum() / max(run.serving[0].sum(), 1.0))
    row: dict[str, Any] = {
        "verdict": judged.overall,
        "share_gone": judged.overall_share_gone,
        "killed_share": dead,
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        left = run.serving / run.serving[0]
    for k, name in enumerate(run.places):
        few = left[:, k] <= _TENTH
        row |= {
            f"{name}.verdict": judged.verdict[k],
            f"{name}.share_gone": float(judged.share_gone[k]),
            f"{name}.hours_to_half": float(judged.hours_to_half[k]) - reference,
            f"{name}.hours_to_nine_tenths": float(run.hours[few.argmax()]) - reference
            if few.any()
            else np.inf,
            f"{name}.lost_at_h": float(run.lost_hour[k]) - reference,
        }
    plain = {
        name: None if isinstance(value, float) and not np.isfinite(value) else value
        for name, value in row.items()
    }
    return json.dumps(plain, allow_nan=False)


def _key(scenario: Scenario) -> str:
    words = [sha256(scenario), model_version(), _code()]
    return hashlib.sha256("\n".join(words).encode("ascii")).hexdigest()


@cache
def _code() -> str:
    """Return a hash of the twin's source, which is no part of the engine's model version."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted((Path(__file__).parents[2] / "meanfield").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(db: sqlite3.Connection, key: str) -> str | None:
    found = db.execute("SELECT row FROM twin WHERE key = ?", (key,)).fetchone()
    return None if found is None else str(found[0])
