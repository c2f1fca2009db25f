"""What is wrong with the files of a folder, told file by file: damaged, missing, swapped, foreign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from standfast.errors import StoreError
from standfast.results.commit import with_half_written
from standfast.results.provenance import sha256_of
from standfast.results.store import (
    ALL_FILES,
    PROVENANCE,
    SUMMARY,
    read_json,
    read_provenance,
)
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: as long as the name of a file may be
_NAME = 255


@dataclass(frozen=True)
class Damage:
    """A file that is not as it was written.

    Attributes
    ----------
    name
        Of the file in the folder.
    says
        What is wrong with it, as the rest of a sentence.
    foreign
        Whether it is no part of what the folder holds.
    """

    name: str
    says: str
    foreign: bool = False

    @property
    def sentence(self) -> str:
        """Name and what is wrong."""
        return f"{printable(self.name, _NAME)} {self.says}"


def compare_files(folder: Path, hashes: Mapping[str, str], manifest: str) -> list[Damage]:
    """Return every file that is missing, changed, or holds what another one should.

    Parameters
    ----------
    folder
        Where they are.
    hashes
        SHA-256 by name.
    manifest
        Where these stand.
    """
    owner = {digest: name for name, digest in hashes.items()}
    found = []
    for name, expected in hashes.items():
        path = folder / name
        if path.is_symlink() or not path.is_file():
            found.append(Damage(name, "is missing"))
            continue
        digest = sha256_of(path)
        if digest == expected:
            continue
        if digest in owner:
            found.append(Damage(name, f"was swapped: it holds what {owner[digest]} should"))
        else:
            says = f"is not as it was written: its SHA-256 differs from the one in {manifest}"
            found.append(Damage(name, says))
    return found


def foreign_files(folder: Path, known: Iterable[str]) -> list[Damage]:
    """Return every entry of a folder that is no part of what it holds."""
    names = set(known)
    others = sorted(path.name for path in folder.iterdir() if path.name not in names)
    return [Damage(name, "is no part of it", foreign=True) for name in others]


def find_result_damage(folder: Path) -> tuple[Damage, ...]:
    """Return every damage of the folder of a result or an answer.

    Parameters
    ----------
    folder
        Of a result.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from standfast.testing.recordings import synthetic_result
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> with TemporaryDirectory() as base:
    ...     folder = synthetic_result(tiny_scenario(), 1).save(Path(base) / "out")
    ...     (folder / "runs.parquet").unlink()
    ...     [damage.sentence for damage in find_result_damage(folder)]
    ['runs.parquet is missing']
    """
    if not (folder / PROVENANCE).is_file():
        return (Damage(PROVENANCE, "is missing"), *_strangers(folder, ALL_FILES))
    try:
        made = read_provenance(folder)
    except StoreError:
        says = "is not as it was written, so that no other file can be compared"
        return (Damage(PROVENANCE, says), *_strangers(folder, ALL_FILES))
    hashes = {**made["sha256"], **made.get("pages", {})}
    found = compare_files(folder, hashes, PROVENANCE)
    if not any(damage.name == SUMMARY for damage in found):
        found += _other_run(folder, made)
    return (*found, *_strangers(folder, (*hashes, PROVENANCE)))


def _other_run(folder: Path, made: Mapping[str, Any]) -> list[Damage]:
    """Tell when summary and provenance are of different runs, each being sound."""
    try:
        summary = read_json(folder / SUMMARY)
    except StoreError:
        return [Damage(SUMMARY, "is not what a result writes")]
    same = all(summary.get(name) == made.get(name) for name in ("seed", "scenario_sha256"))
    return [] if same else [Damage(PROVENANCE, f"is of another run than {SUMMARY}")]


def _strangers(folder: Path, parts: Iterable[str]) -> list[Damage]:
    """Return what is no part of a result; what a killed `write_whole` left of a part is none of it."""
    return foreign_files(folder, with_half_written(parts))
