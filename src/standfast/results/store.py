"""The folder of a result: written whole or not at all, and recognised before it is replaced."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.errors import FileError, StoreError
from standfast.results.provenance import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SCENARIO, SUMMARY, RUNS = "scenario.yaml", "summary.json", "runs.parquet"
SERIES, EVENTS, PROVENANCE = "series.nc", "events.parquet", "provenance.json"
#: files that hold the result; their hashes are in provenance.json
DATA_FILES = (SCENARIO, SUMMARY, RUNS, SERIES, EVENTS)
#: pages are made from the data and may be made again, so no hash holds them fast
PAGES = ("report.html",)
#: what the folder of an experiment may hold besides
PARTS = (
    "table.parquet",
    "people.parquet",
    "hysteresis.parquet",
    "points.parquet",
    "phase.png",
    "phase.svg",
    "table.nc",
)
_ANOTHER = "Name another folder, one that is new, empty, or holds a result to be replaced."


def check_target(folder: Path) -> Path:
    """Return the folder as an absolute path if a result may be written there.

    Raises
    ------
    FileError
        When it is a file, holds anything that is no part of a result, or cannot be written.
    """
    target = folder.expanduser().resolve()
    if target.exists() and not target.is_dir():
        raise FileError(folder, "is a file, not a folder", _ANOTHER)
    if target == Path.cwd().resolve():
        raise FileError(folder, "is the current folder, which would be replaced", _ANOTHER)
    if target.exists():
        _check_replaceable(folder, target)
    parent = next(above for above in target.parents if above.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise FileError(folder, "cannot be made: the folder above it cannot be written")
    return target


def _check_replaceable(folder: Path, target: Path) -> None:
    names = {entry.name for entry in target.iterdir()}
    if not names:
        return
    if not _describes_result(target / PROVENANCE):
        raise FileError(folder, "is not empty, and what it holds is not a result", _ANOTHER)
    others = sorted(names - {*DATA_FILES, *PAGES, *PARTS, PROVENANCE})
    if others:
        says = f"holds more than a result: {', '.join(others[:5])}"
        raise FileError(folder, says, "Move that elsewhere, or name another folder.")


def _describes_result(path: Path) -> bool:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and "standfast" in found.get("versions", {})


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a folder to write in, and put it in the place of `folder` when all went well.

    A reader sees the old result or the new one. When writing fails or is interrupted, the old
    one stays and the half-written one is removed.
    """
    target = check_target(folder)
    staging = target.parent / f".{target.name}.part-{secrets.token_hex(4)}"
    try:
        staging.mkdir(parents=True)
        yield staging
        _flush(staging)
        _swap(staging, target)
        flush_entry(target.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileError(folder, f"cannot be written: {reason}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _swap(staging: Path, target: Path) -> None:
    if not target.exists():
        staging.rename(target)
        return
    old = target.parent / f".{target.name}.old-{secrets.token_hex(4)}"
    target.rename(old)
    try:
        staging.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _flush(folder: Path) -> None:
    """Bring every file to the disk, so that a power cut leaves no empty ones behind."""
    for path in folder.iterdir():
        flush_entry(path)
    flush_entry(folder)


def flush_entry(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    if path.is_dir() and os.name == "nt":
        return  # folders cannot be opened there
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(content: dict[str, Any], path: Path) -> None:
    """Write JSON the same way every time; NaN and infinity are refused."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read an object from JSON.

    Raises
    ------
    StoreError
        When the file is not there or holds anything else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StoreError(path, f"cannot be read: {error.strerror}") from None
    except ValueError:
        raise StoreError(path, "is damaged: it is not JSON") from None
    if not isinstance(found, dict):
        raise StoreError(path, "is damaged: it does not hold an object")
    return found


def check_files(folder: Path) -> dict[str, Any]:
    """Return the provenance of a stored result whose files are all there and unchanged.

    Raises
    ------
    FileError
        When there is no such folder.
    StoreError
        When it is not a result, lacks a file, or a file changed since it was written.
    """
    if not folder.is_dir():
        raise FileError(folder, "is not a folder", "Name the folder that a run was written to.")
    missing = [name for name in (*DATA_FILES, PROVENANCE) if not (folder / name).is_file()]
    if PROVENANCE in missing:
        advice = "A result holds provenance.json, as written by `standfast run ... --out DIR`."
        raise StoreError(folder, "is not a result: it has no provenance.json", advice)
    provenance = read_json(folder / PROVENANCE)
    hashes = provenance.get("sha256")
    if not isinstance(hashes, dict):
        raise StoreError(folder / PROVENANCE, "is damaged: it holds no hashes of the files")
    if missing:
        raise StoreError(
            folder, f"is incomplete: it has no {', '.join(missing)}", _advice(provenance)
        )
    for name in DATA_FILES:
        if hashes.get(name) != sha256_of(folder / name):
            says = "is not as it was written: its SHA-256 differs from the one in provenance.json"
            raise StoreError(folder / name, says, _advice(provenance))
    return provenance


def _advice(provenance: dict[str, Any]) -> str:
    command = provenance.get("command")
    return f"Make the result again: {' '.join(command)}" if command else "Make the result again."
