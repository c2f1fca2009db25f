"""How a result was made: versions, seed, hashes, command; never where or by whom."""

from __future__ import annotations

import hashlib
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

#: packages whose version may alter numbers or bytes
PACKAGES = (
    "standfast", "numpy", "numba", "llvmlite", "scipy", "pydantic", "pyyaml",
    "xarray", "h5netcdf", "h5py", "pandas", "pyarrow",
)  # fmt: skip

# "/ h" and "/h" are units: a path that starts with a slash has a second one
_ABSOLUTE = re.compile(
    r"(?<![\w.:/\\])(?:~[\w.-]*[/\\]|[A-Za-z]:[/\\]|\\\\|/(?=[^\s/]+/))[^\s'\"=,]+"
)


def describe_run(
    *,
    seed: int,
    replicates: int,
    replicates_asked: int,
    threads: int,
    scenario_sha256: str,
    code: Mapping[str, str] | None = None,
    command: Sequence[str] = (),
    paths: Iterable[str] = (),
) -> dict[str, Any]:
    """Return what `provenance.json` says before the files are hashed.

    Parameters
    ----------
    replicates, replicates_asked
        Those done and those asked for; they differ when a run was interrupted.
    threads
        Replicates run side by side; the result does not depend on it.
    code
        SHA-256 of the file of every mechanism that the scenario brings along.
    command
        The command as typed, or nothing from Python.
    paths
        Words of the command that name files; only their last part is kept.
    """
    return {
        "versions": _versions(),
        "system": platform.system(),
        "machine": platform.machine(),
        "seed": seed,
        "replicates": replicates,
        "replicates_asked": replicates_asked,
        "interrupted": replicates < replicates_asked,
        "threads": threads,
        "scenario_sha256": scenario_sha256,
        **({"code": dict(code)} if code else {}),
        "command": without_paths(command, paths),
    }


def without_paths(command: Sequence[str], paths: Iterable[str] = ()) -> list[str]:
    """Return the words of a command with every path cut down to its last part.

    Examples
    --------
    >>> without_paths(["run", "cases/a.yaml", "--out=/tmp/b", "--set", "x=0.1 / h"], ["cases/a.yaml"])
    ['run', 'a.yaml', '--out=b', '--set', 'x=0.1 / h']
    """
    named = set(paths)
    return [_last_part(word) if word in named else _cut(word, named) for word in command]


def _cut(word: str, named: set[str]) -> str:
    option, equals, value = word.partition("=")
    if equals and value in named:
        return f"{option}={_last_part(value)}"
    return _ABSOLUTE.sub(lambda match: _last_part(match[0]), word)


def _last_part(path: str) -> str:
    name = PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name
    return name if name not in ("", "..", "~") else "."


def hash_files(files: Mapping[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by the name it has in the result."""
    return {name: sha256_of(path) for name, path in sorted(files.items())}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _versions() -> dict[str, str | None]:
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return versions
