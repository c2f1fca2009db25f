"""The folder of a result: written whole or not at all, and recognised before it is replaced."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.errors import FileError, StoreError
from standfast.results.commit import flush_entry, staging_for, with_half_written, write_whole
from standfast.results.provenance import sha256_of
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

SCENARIO, SUMMARY, RUNS = "scenario.yaml", "summary.json", "runs.parquet"
SERIES, EVENTS, PROVENANCE = "series.nc", "events.parquet", "provenance.json"
#: files that hold the result; their hashes are in provenance.json
DATA_FILES = (SCENARIO, SUMMARY, RUNS, SERIES, EVENTS)
#: pages are made from the data and may be made again, by `standfast report`
PAGE = "report.html"
PAGES = (PAGE,)
#: what the folder of an experiment may hold besides
PARTS = (
    "table.parquet",
    "people.parquet",
    "hysteresis.parquet",
    "points.parquet",
    "phase.png",
    "phase.svg",
    "table.nc",
    "posterior.nc",
    "targets.parquet",
    "generations.parquet",
    "candidates.parquet",
    "rivals.parquet",
    "waves.parquet",
    "ranks.parquet",
    "way.parquet",
    "boxes.png",
    "boxes.svg",
    "cases.parquet",
    "front.png",
    "front.svg",
    "alarms.parquet",
    "curves.parquet",
    "warning.png",
    "warning.svg",
    "experiment.yaml",
    "parameters.nc",
    "parameters.parquet",
    "parameters.csv",
)
#: all of these
ALL_FILES = (*DATA_FILES, *PAGES, *PARTS, PROVENANCE)
#: how the names of further cases begin
CASE = "case-"
REPAIR = "Say all that is wrong: standfast verify DIR. Mend it: standfast repair DIR."
_UNSHOWN = "Make it again; if that cannot be shown either, the fault is one of standfast."
_ROOM = "Mend that, or name another place; what was there before is as it was."
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
    others = sorted(names - with_half_written((*ALL_FILES, *_cases(names))))
    if others:
        says = f"holds more than a result: {', '.join(map(printable, others[:5]))}"
        raise FileError(folder, says, "Move that elsewhere, or name another folder.")


def _cases(names: Iterable[str]) -> set[str]:
    """Return the scenarios of further cases, which an experiment keeps beside its own."""
    return {name for name in names if name.startswith(CASE) and name.endswith(".yaml")}


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
    try:
        with staging_for(target) as staging:
            yield staging
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileError(folder, f"cannot be written: {reason}", _ROOM) from error


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content with its own SHA-256, so that a change in it is noticed."""
    return {**content, "check": check_of(content)}


def is_sealed(content: Mapping[str, Any]) -> bool:
    """Tell whether content is as `sealed` left it."""
    return content.get("check") == check_of(content)


def check_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a JSON object says, without the field that holds it.

    Examples
    --------
    >>> check_of({"a": 1}) == check_of({"a": 1, "check": "x"}) != check_of({"a": 2})
    True
    """
    text = json.dumps({**content, "check": None}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


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


def read_provenance(folder: Path) -> dict[str, Any]:
    """Return what `provenance.json` of a result says.

    Raises
    ------
    FileError
        When there is no such folder.
    StoreError
        When there is none, or it is not as it was written.
    """
    if not folder.is_dir():
        raise FileError(folder, "is not a folder", "Name the folder that a run was written to.")
    if not (folder / PROVENANCE).is_file():
        advice = "A result holds provenance.json, as written by `standfast run ... --out DIR`."
        raise StoreError(folder, "is not a result: it has no provenance.json", advice)
    provenance = read_json(folder / PROVENANCE)
    if not is_sealed(provenance) or not _is_provenance(provenance):
        raise StoreError(folder / PROVENANCE, "is damaged: it is not as it was written", REPAIR)
    return provenance


def _is_provenance(content: Mapping[str, Any]) -> bool:
    """Tell whether a provenance has the form of one, and names nothing outside its folder."""
    named = content.get("sha256"), content.get("pages", {})
    return all(
        isinstance(hashes, dict)
        and all(
            name == Path(name).name and name.isprintable() and isinstance(x, str)
            for name, x in hashes.items()
        )
        for hashes in named
    )


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Say which file of a folder the system did not let us read, and why."""
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else folder
        says = f"cannot be read: {error.strerror or error}"
        raise FileError(where, says, "Mend that, and try again.") from error


@contextmanager
def showing(folder: Path) -> Iterator[None]:
    """Say which folder it was when what is read of it cannot be shown.

    A hash that fits says who wrote the provenance, not that the files hold what a page needs.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        says = f"cannot be shown: {type(error).__name__}: {printable(error)}"
        raise StoreError(folder, says, _UNSHOWN) from error


def check_files(folder: Path) -> dict[str, Any]:
    """Return the provenance of a stored result or answer whose files are all there and unchanged.

    Raises
    ------
    FileError
        When there is no such folder.
    StoreError
        When it is not a result, lacks a file, or a file changed since it was written.
    """
    with reading(folder):
        return _checked(folder)


def _checked(folder: Path) -> dict[str, Any]:
    provenance = read_provenance(folder)
    hashes: dict[str, str] = provenance["sha256"]
    missing = [name for name in hashes if not (folder / name).is_file()]
    if missing:
        raise StoreError(folder, f"is incomplete: it has no {', '.join(missing)}", REPAIR)
    for name, expected in hashes.items():
        if expected != sha256_of(folder / name):
            says = "is not as it was written: its SHA-256 differs from the one in provenance.json"
            raise StoreError(folder / name, says, REPAIR)
    return provenance


def replace_page(folder: Path, name: str, write: Callable[[Path], object]) -> None:
    """Write a page of a result again, and its hash into the provenance.

    Parameters
    ----------
    folder
        Of a sound result.
    name
        Of the page.
    write
        Writes it to the path it is given.

    Raises
    ------
    FileError
        When it cannot be written.
    """
    provenance = read_provenance(folder)
    try:
        write_whole(folder / name, write)
        pages = {**provenance.get("pages", {}), name: sha256_of(folder / name)}
        content = sealed({**provenance, "pages": pages})
        write_whole(folder / PROVENANCE, lambda path: write_json(content, path))
        flush_entry(folder)
    except OSError as error:
        says = f"cannot be written: {error.strerror or type(error).__name__}"
        raise FileError(folder / name, says, _ROOM) from error
