"""Reading a finished sweep: every file is checked before a number of it is used."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from standfast.errors import FileError, StoreError
from standfast.experiment.ledger import BESIDE, LEDGER
from standfast.experiment.outcome import Keep
from standfast.experiment.parts import (
    FORMAT,
    KEPT,
    REQUESTS,
    ROWS,
    SCENARIOS,
    SWEEP,
    is_part,
    misfit,
)
from standfast.experiment.rows import WHICH, build_table
from standfast.experiment.writer import LOCK
from standfast.results.commit import PARTIAL
from standfast.results.damage import Damage, compare_files, foreign_files
from standfast.results.store import REPAIR, is_sealed, read_json
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def keep_to_json(keep: Keep) -> str:
    """Return what is kept as JSON of one form."""
    return json.dumps(asdict(keep), sort_keys=True, separators=(",", ":"))


def keep_from_json(text: str) -> Keep:
    """Return what `keep_to_json` wrote.

    Examples
    --------
    >>> keep_from_json(keep_to_json(Keep(agents=True, series=("fear",))))
    Keep(agents=True, series=('fear',))
    """
    found = json.loads(text)
    return Keep(agents=bool(found["agents"]), series=tuple(found["series"]))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what `sweep.json` says.

    Raises
    ------
    StoreError
        When it is damaged, or of a version of the format that is not known here.
    """
    path = folder / SWEEP
    content = read_json(path)
    if not is_sealed(content):
        raise StoreError(path, "is damaged: it is not as it was written", REPAIR)
    if content.get("standfast_sweep") != FORMAT:
        says = f"is of format {printable(content.get('standfast_sweep'))}, and this standfast knows {FORMAT}"
        raise StoreError(path, says, "Read it with the version that wrote it.")
    if not _is_manifest(content):
        raise StoreError(path, "is damaged: it is not what a sweep writes", REPAIR)
    return content


def _is_manifest(content: dict[str, Any]) -> bool:
    """Tell whether a manifest has the form of one, and names nothing outside its folder."""
    files, keep = content.get("files"), content.get("keep")
    return (
        isinstance(files, dict)
        and all(
            is_part(name) and isinstance(known, dict) and isinstance(known.get("sha256"), str)
            for name, known in files.items()
        )
        and {SCENARIOS, REQUESTS} <= files.keys()
        and isinstance(keep, dict)
        and isinstance(keep.get("series"), list)
        and "agents" in keep
        and isinstance(content.get("model"), dict)
        and all(isinstance(content.get(name), int) for name in ("requests", "runs"))
    )


def find_damage(folder: Path, content: dict[str, Any]) -> tuple[Damage, ...]:
    """Return every file of a finished sweep that is missing, changed, or not part of it.

    Parameters
    ----------
    folder
        Of the sweep.
    content
        Of its `sweep.json`.
    """
    hashes = {name: known["sha256"] for name, known in content["files"].items()}
    known = (*hashes, SWEEP, LOCK, LEDGER, *BESIDE)
    return (*compare_files(folder, hashes, SWEEP), *foreign_files(folder, known))


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but a sweep.

    Raises
    ------
    FileError
        With what else it holds.
    """
    if folder.exists() and not folder.is_dir():
        raise FileError(folder, "is a file, not a folder", "Name a folder.")
    names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    others = sorted(name for name in names if not _is_ours(name))
    if others:
        says = f"holds more than a sweep: {', '.join(map(printable, others[:5]))}"
        raise FileError(folder, says, "Name a folder that is new, empty, or holds a sweep.")


def _is_ours(name: str) -> bool:
    # a writer that was killed may have left a file half written
    whole = name.removeprefix(PARTIAL)
    return whole in {LOCK, LEDGER, *BESIDE} or is_part(whole)


def open_finished(folder: Path) -> InFolder:
    """Open a finished sweep for reading.

    Raises
    ------
    FileError
        When there is no such folder.
    StoreError
        When it is not a sweep, not finished, or damaged.
    """
    if not folder.is_dir():
        raise FileError(folder, "is not a folder", "Name the folder of a sweep.")
    if (folder / LEDGER).exists():
        raise StoreError(folder, "is not finished", f"Finish it: standfast resume {folder.name}")
    if not (folder / SWEEP).exists():
        raise StoreError(
            folder, f"is not a sweep: it has no {SWEEP}", "Name the folder of a sweep."
        )
    source = InFolder(folder)
    source.check()
    return source


class InFolder:
    """Outcomes of a finished sweep in its folder; read when asked for, checked when read.

    Parameters
    ----------
    folder
        Of the sweep.

    Raises
    ------
    StoreError
        Here or later, when a file is missing or not as it was written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.content = read_manifest(folder)
        self._sound: set[str] = set()
        self.keep = keep_from_json(json.dumps(self.content["keep"]))

    @property
    def model(self) -> str:
        """The model version that computed the sweep, as canonical JSON."""
        return json.dumps(self.content["model"], sort_keys=True, separators=(",", ":"))

    def check(self) -> None:
        """Check every file now, rather than when it is read."""
        for name in self.content["files"]:
            with self.open(name):
                pass

    @contextmanager
    def open(self, name: str) -> Iterator[parquet.ParquetFile]:
        """Give a file of the sweep once it is checked, and say that it was this one when reading it fails.

        A hash that fits says who wrote the manifest, not that the file is what a sweep writes.
        """
        path = self._folder / name
        if name not in self._sound:
            known = {name: self.content["files"][name]["sha256"]}
            for damage in compare_files(self._folder, known, SWEEP):
                raise StoreError(path, damage.says, REPAIR)
            self._sound.add(name)
        try:
            with parquet.ParquetFile(path, page_checksum_verification=True) as file:
                wrong = misfit(name, file.schema_arrow)
                if wrong:
                    raise StoreError(path, f"is damaged: {printable(wrong)}", REPAIR)
                yield file
        except (OSError, ValueError, LookupError, pa.ArrowException) as error:
            if isinstance(error, OSError) and error.errno:
                # the disk fails, which says nothing of the file
                says = f"cannot be read: {error.strerror or error}"
                raise FileError(path, says, "Mend that, and try again.") from error
            says = f"cannot be read: {printable(error)}"
            raise StoreError(path, says, REPAIR) from error

    def names(self, kind: str) -> list[str]:
        """Return the numbered parts of a kind in their order."""
        pattern = re.compile(rf"{kind}-(\d+)\.parquet")
        return sorted(name for name in self.content["files"] if pattern.fullmatch(name))

    def tables(self) -> Iterator[pa.Table]:
        """Yield the rows part by part, so that memory does not grow with the sweep."""
        told, count = self.content["requests"], 0
        for name in self.names(ROWS):
            with self.open(name) as file:
                table = file.read().replace_schema_metadata(None)
                # text that is none is found by whoever writes it out, if not here
                table.validate(full=True)
                count += len(table)
                yield table
        if count != told:
            says = f"is damaged: it tells of {told:,} rows, and the files it names hold {count:,}"
            raise StoreError(self._folder / SWEEP, says, REPAIR)

    def table(self) -> pa.Table:
        """Return a row for every request."""
        tables = list(self.tables())
        return pa.concat_tables(tables) if tables else build_table([], WHICH)

    def kept(self, key: str) -> tuple[bytes | None, bytes | None]:
        """Return agents and series of a run as bytes."""
        if key not in self._place_of:
            return None, None
        name, group = self._place_of[key]
        with self.open(name) as file:
            rows = file.read_row_group(group)
        row = rows.slice(rows["key"].index(pa.scalar(key)).as_py(), 1).to_pylist()[0]
        return row["agents"], row["series"]

    @cached_property
    def _place_of(self) -> dict[str, tuple[str, int]]:
        place: dict[str, tuple[str, int]] = {}
        for name in self.names(KEPT):
            with self.open(name) as file:
                for group in range(file.num_row_groups):
                    keys = file.read_row_group(group, columns=["key"])["key"].to_pylist()
                    place |= dict.fromkeys(keys, (name, group))
        return place

    def kept_rows(self, name: str) -> Iterator[tuple[str, bytes | None, bytes | None]]:
        """Yield key, agents and series of every run in a part."""
        with self.open(name) as file:
            for group in range(file.num_row_groups):
                for row in file.read_row_group(group).to_pylist():
                    yield row["key"], row["agents"], row["series"]

    def scenario_of(self, key: str) -> str:
        """Return the SHA-256 of the scenario of a run."""
        return self._scenario_of[key]

    @cached_property
    def _scenario_of(self) -> dict[str, str]:
        with self.open(REQUESTS) as file:
            table = file.read(columns=["key", "scenario_sha256"])
        return dict(zip(*(table[name].to_pylist() for name in table.column_names), strict=True))

    def scenario_json(self, sha256: str) -> str:
        """Return the canonical JSON of a scenario."""
        for digest, text in self.scenarios():
            if digest == sha256:
                return text
        raise KeyError(sha256)

    def scenarios(self) -> Iterator[tuple[str, str]]:
        """Yield SHA-256 and canonical JSON of every scenario."""
        with self.open(SCENARIOS) as file:
            for batch in file.iter_batches():
                for row in batch.to_pylist():
                    yield row["sha256"], row["json"]
