"""Saved results and answers under the folders a server was given: found, listed and read."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.report import findings
from standfast.report.payload import build_payload
from standfast.report.sheet import build_sheet
from standfast.report.view import View
from standfast.results.frames import read_frame
from standfast.results.result import Result
from standfast.results.store import PROVENANCE, SCENARIO, SERIES, SUMMARY, check_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TABLE = "table.parquet"
#: how far below a folder results are looked for, and how many are listed
DEPTH, MOST = 3, 300
MOST_ROWS = 2000


@dataclass(frozen=True)
class Entry:
    """One saved result or answer.

    Attributes
    ----------
    number
        What a page calls it by; a page never names a path.
    kind
        ``"result"``, or which experiment an answer is of.
    """

    number: int
    path: Path
    kind: str
    title: str
    scenario: str
    seed: int
    replicates: int
    made: str

    @property
    def source(self) -> str:
        """The scenario beside it, as a command would name it from here."""
        path = self.path / SCENARIO
        return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)

    def describe(self) -> dict[str, Any]:
        """Return what the list shows."""
        return {
            "id": self.number,
            "name": self.path.name,
            "kind": self.kind,
            "title": self.title,
            "scenario": self.scenario,
            "seed": self.seed,
            "replicates": self.replicates,
            "made": self.made,
        }


class Shelf:
    """The results below some folders.

    Parameters
    ----------
    folders
        Only what lies in them is ever read.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = [folder.expanduser().resolve() for folder in folders]
        self._numbers: dict[Path, int] = {}
        self._read: dict[tuple[int, float], dict[str, Any]] = {}
        self._lock = threading.Lock()

    def entries(self) -> list[Entry]:
        """Return what is there now, the newest first."""
        found = {}
        for folder in self.folders:
            for path in _walk(folder, DEPTH):
                entry = self._entry(path)
                if entry is not None:
                    found[path] = entry
                if len(found) >= MOST:
                    break
        return sorted(found.values(), key=lambda entry: entry.made, reverse=True)

    def find(self, number: int) -> Entry | None:
        """Return an entry by its number."""
        return next((entry for entry in self.entries() if entry.number == number), None)

    def _entry(self, path: Path) -> Entry | None:
        made, summary = _json(path / PROVENANCE), _json(path / SUMMARY)
        if made is None or summary is None:
            return None
        is_result = (path / SERIES).is_file()
        if not is_result and not (path / TABLE).is_file():
            return None
        with self._lock:
            number = self._numbers.setdefault(path, len(self._numbers) + 1)
        return Entry(
            number=number,
            path=path,
            kind="result" if is_result else str(summary.get("experiment", "answer")),
            title=str(summary.get("title") or summary.get("scenario") or path.name),
            scenario=str(summary.get("scenario", "")),
            seed=int(made.get("seed", summary.get("seed", 0)) or 0),
            replicates=int(summary.get("replicates", 0) or 0),
            made=str(made.get("made", made.get("created", "")) or _changed(path)),
        )

    def read(self, entry: Entry) -> dict[str, Any]:
        """Return what a page shows of an entry; results are kept once read.

        Raises
        ------
        StandfastError
            When it is damaged.
        """
        key = (entry.number, (entry.path / SUMMARY).stat().st_mtime)
        with self._lock:
            known = self._read.get(key)
        if known is None:
            known = _read_result(entry) if entry.kind == "result" else _read_answer(entry)
            with self._lock:
                self._read[key] = known
        return known


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    if (folder / PROVENANCE).is_file():
        yield folder
        return
    if depth == 0 or not folder.is_dir():
        return
    try:
        inside = sorted(x for x in folder.iterdir() if x.is_dir() and not x.name.startswith("."))
    except OSError:
        return
    for each in inside:
        # a link could lead out of the folders that were given
        if not each.is_symlink():
            yield from _walk(each, depth - 1)


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _changed(path: Path) -> str:
    from datetime import datetime  # noqa: PLC0415 - only where a result does not say it

    stamp = (path / SUMMARY).stat().st_mtime
    return datetime.fromtimestamp(stamp).isoformat(timespec="seconds")  # noqa: DTZ006 - local time


def _read_result(entry: Entry) -> dict[str, Any]:
    result = Result.load(entry.path)
    view = View(result)
    sheet = build_sheet(view)
    return {
        **entry.describe(),
        "title": result.scenario.title,
        "headline": str(findings.headline(view)),
        "lead": [str(text) for text in findings.lead(view)],
        "payload": build_payload(view, sheet),
        "command": f"standfast run {entry.source} --replicates {view.n_replicate} --seed {entry.seed}",
    }


def _read_answer(entry: Entry) -> dict[str, Any]:
    made = check_files(entry.path)
    table = read_frame(entry.path / TABLE)
    return {
        **entry.describe(),
        "headline": f"{entry.kind} of {entry.scenario}, {entry.replicates} runs at each point",
        "table": {
            "columns": [str(name) for name in table.columns],
            "rows": json.loads(table.head(MOST_ROWS).to_json(orient="values", double_precision=6)),
            "more": max(0, len(table) - MOST_ROWS),
        },
        "command": _command(made),
    }


def _command(provenance: dict[str, Any]) -> str:
    command = provenance.get("command")
    return " ".join(map(str, command)) if isinstance(command, list) else ""
