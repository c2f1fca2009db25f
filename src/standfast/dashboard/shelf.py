"""Saved results and answers under the folders a server was given: found, listed and read."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.errors import StoreError
from standfast.experiment.finished import open_finished
from standfast.experiment.ledger import LEDGER
from standfast.experiment.parts import SWEEP
from standfast.experiment.standing import find_standing
from standfast.report import findings
from standfast.report.answers import TABLE, read_answer
from standfast.report.drawn.answer import figures, sentence
from standfast.report.payload import build_payload
from standfast.report.sheet import build_sheet
from standfast.report.view import View
from standfast.report.words import first_capital
from standfast.results.provenance import sha256_of
from standfast.results.result import Result
from standfast.results.store import (
    PAGE,
    PROVENANCE,
    SCENARIO,
    SERIES,
    SUMMARY,
    check_files,
    showing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

#: how far below a folder results are looked for, and how many are listed
DEPTH, MOST = 3, 300
#: how many of what was read are kept, those that were asked for last
KEPT = 8
MOST_ROWS = 2000
#: kind of a folder that holds the runs of a sweep
STORE = "runs"


@dataclass(frozen=True)
class Entry:
    """One saved result or answer.

    Attributes
    ----------
    number
        What a page calls it by; a page never names a path.
    kind
        ``"result"``, or which experiment an answer is of.
    has_page
        Whether its report lies beside it, as a file of its own.
    """

    number: int
    path: Path
    kind: str
    title: str
    scenario: str
    seed: int
    replicates: int
    made: str
    has_page: bool

    @property
    def source(self) -> str:
        """The scenario beside it, as a command would name it from here."""
        return from_here(self.path / SCENARIO)

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
            "page": self.has_page,
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
        self._next = count(1)
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

    def scenarios(self) -> dict[int, Path]:
        """Return the scenario files that lie in the folders by themselves, by number."""
        found = [path for folder in self.folders for path in _scenario_files(folder, DEPTH)]
        return {self.number(path): path for path in found[:MOST]}

    def scenario(self, number: int) -> Path | None:
        """Return a scenario file by its number."""
        return self.scenarios().get(number)

    def _entry(self, path: Path) -> Entry | None:
        if _is_store(path):
            return Entry(
                self.number(path), path, STORE, path.name, "", 0, 0, _changed(path), has_page=False
            )
        made, summary = _json(path / PROVENANCE), _json(path / SUMMARY)
        if made is None or summary is None:
            return None
        is_result = (path / SERIES).is_file()
        if not is_result and not (path / TABLE).is_file():
            return None
        return Entry(
            number=self.number(path),
            path=path,
            kind="result" if is_result else str(summary.get("experiment", "answer")),
            title=str(summary.get("title") or summary.get("scenario") or path.name),
            scenario=str(summary.get("scenario", "")),
            seed=_whole(made.get("seed")),
            replicates=_whole(summary.get("replicates")),
            made=str(made.get("made", made.get("created", "")) or _changed(path / SUMMARY)),
            has_page=(path / PAGE).is_file() and not (path / PAGE).is_symlink(),
        )

    def number(self, path: Path) -> int:
        """Return the number by which pages call a path; the same as long as the server runs."""
        with self._lock:
            if path not in self._numbers:
                if len(self._numbers) >= 2 * MOST:
                    self._numbers = {p: n for p, n in self._numbers.items() if p.exists()}
                self._numbers[path] = next(self._next)
            return self._numbers[path]

    def read(self, entry: Entry) -> dict[str, Any]:
        """Return what a page shows of an entry; the last that were read are kept.

        Raises
        ------
        StandfastError
            When it is damaged.
        """
        if entry.kind == STORE:  # may be growing
            return entry.describe() | _read_store(entry)
        key = (entry.number, (entry.path / SUMMARY).stat().st_mtime)
        with self._lock:
            known = self._read.pop(key, None)
        if known is None:
            with showing(entry.path):
                known = _read_result(entry) if entry.kind == "result" else _read_answer(entry)
        with self._lock:
            self._read[key] = known
            for oldest in list(self._read)[:-KEPT]:
                del self._read[oldest]
        # the list knows better than what was read once, as a page may have come since
        return entry.describe() | known


def read_page(entry: Entry) -> str:
    """Return the report beside an entry.

    Raises
    ------
    StoreError
        When there is none, or it is not as it was written.
    """
    written = check_files(entry.path).get("pages", {}).get(PAGE)
    # a link could lead out of the folders that were given
    if not entry.has_page or written != sha256_of(entry.path / PAGE):
        says = "is not as it was written" if entry.has_page else "is not there"
        raise StoreError(entry.path / PAGE, says, "Make it again with standfast report.")
    return (entry.path / PAGE).read_text(encoding="utf-8")


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    if (folder / PROVENANCE).is_file() or _is_store(folder):
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


def _scenario_files(folder: Path, depth: int) -> Iterator[Path]:
    """Yield scenario files; those of results and stores are theirs, and links may lead outside."""
    if (folder / PROVENANCE).is_file() or _is_store(folder) or not folder.is_dir():
        return
    try:
        inside = sorted(x for x in folder.iterdir() if not x.name.startswith("."))
    except OSError:
        return
    for each in inside:
        if each.is_symlink():
            continue
        if each.is_file() and each.suffix in (".yaml", ".yml") and _begins_scenario(each):
            yield each
        elif depth > 0 and each.is_dir():
            yield from _scenario_files(each, depth - 1)


def _begins_scenario(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return re.search(rb"^standfast:", file.read(4096), re.MULTILINE) is not None
    except OSError:
        return False


def from_here(path: Path) -> str:
    """Return a path as a command given here would name it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _is_store(folder: Path) -> bool:
    return (folder / LEDGER).is_file() or (folder / SWEEP).is_file()


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _whole(value: object) -> int:
    """Return a whole number; 0 for whatever else a strange file holds, which reading will refuse."""
    return value if isinstance(value, int) else 0


def _changed(path: Path) -> str:
    from datetime import datetime  # noqa: PLC0415 - only where a result does not say it

    stamp = path.stat().st_mtime
    return datetime.fromtimestamp(stamp).isoformat(timespec="seconds")  # noqa: DTZ006 - local time


def _read_result(entry: Entry) -> dict[str, Any]:
    result = Result.load(entry.path)
    view = View(result)
    sheet = build_sheet(view)
    return {
        "title": result.scenario.title,
        "headline": str(findings.headline(view)),
        "lead": [str(text) for text in findings.lead(view)],
        "payload": build_payload(view, sheet),
        "command": f"standfast run {entry.source} --replicates {view.n_replicate} --seed {entry.seed}",
    }


def _read_answer(entry: Entry) -> dict[str, Any]:
    answer = read_answer(entry.path)
    return {
        "headline": first_capital(sentence(answer)),
        "lead": [
            f"{entry.kind.capitalize()} of {answer.scenario.title}: {answer.summary['runs']} runs."
        ],
        "figures": [figure.plain() for figure in figures(answer)],
        "table": _table(answer.table),
        "command": answer.command,
    }


def _read_store(entry: Entry) -> dict[str, Any]:
    standing = find_standing(entry.path)
    finished = standing.done == standing.runs and not standing.damage
    lines = list(standing.lines)
    data: dict[str, Any] = {
        "headline": f"{entry.path.name}: {lines[0]}",
        "lead": lines[1:],
        "figures": [],
        "command": f"standfast resume {from_here(entry.path)}",
    }
    if finished and (entry.path / SWEEP).is_file():
        table = open_finished(entry.path).table().to_pandas()
        data["table"] = _table(table[[name for name in _SHOWN if name in table]])
    return data


#: columns of the runs of a sweep that a page shows
_SHOWN = ("label", "scenario", "seed", "replicate", "verdict", "share_gone", "killed_share")


def _table(table: pd.DataFrame) -> dict[str, Any]:
    return {
        "columns": [str(name) for name in table.columns],
        "rows": json.loads(table.head(MOST_ROWS).to_json(orient="values", double_precision=6)),
        "more": max(0, len(table) - MOST_ROWS),
    }
