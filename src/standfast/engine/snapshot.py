"""A run on disk: every byte of its state, checked when it is read; no pickle.

The file is an archive of arrays with one SHA-256 over all of it (`standfast.network.archive`).
Arrays go in as their bytes; a JSON text beside them says their types and shapes, the scenario is
stored as the YAML that anybody can read, and what was injected on the way by hour. People and ties
are built again from scenario and seed, and compared by their hash.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.errors import FileError, StoreError
from standfast.network.archive import DamagedArchive, load_arrays, save_arrays

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from standfast.population.people import People

    Arrays = dict[str, NDArray[Any]]

FORMAT = 1
ABOUT, SCENARIO = "about.json", "scenario.yaml"
_AGAIN = "Make it again with the version of standfast that is installed."


def write(path: Path, about: Mapping[str, Any], scenario: str, arrays: Arrays) -> None:
    """Write a snapshot, whole or not at all; the same content gives the same bytes.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    known = dict(about) | {
        "format": FORMAT,
        "arrays": {name: [_type(x), list(x.shape)] for name, x in arrays.items()},
    }
    text = json.dumps(known, sort_keys=True, allow_nan=False)
    try:
        save_arrays(
            path,
            {
                ABOUT: _bytes(text.encode()),
                SCENARIO: _bytes(scenario.encode()),
                **{name: _bytes(np.ascontiguousarray(x).tobytes()) for name, x in arrays.items()},
            },
        )
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror}") from None


def read(path: Path) -> tuple[dict[str, Any], str, Arrays]:
    """Return what `write` was given: about, scenario, and the arrays as flat bytes.

    Raises
    ------
    FileError
        When it cannot be read.
    StoreError
        When it is no snapshot, is damaged, or of another format.
    """
    try:
        found = load_arrays(path)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from None
    except DamagedArchive:
        says = "is not a snapshot, or is damaged: its SHA-256 does not fit"
        raise StoreError(path, says, "Make it again with Simulation.save.") from None
    if ABOUT not in found or SCENARIO not in found:
        raise StoreError(path, "is an archive of arrays, but not a snapshot of a run")
    about: dict[str, Any] = json.loads(found.pop(ABOUT).tobytes())
    if about.get("format") != FORMAT:
        says = f"has format {about.get('format')}, and this version reads format {FORMAT}"
        raise StoreError(path, says, _AGAIN)
    return about, found.pop(SCENARIO).tobytes().decode(), found


def restore(path: Path, about: Mapping[str, Any], stored: Arrays, wanted: Arrays) -> None:
    """Copy stored bytes into arrays that lie ready, all of the same names, types and shapes.

    Raises
    ------
    StoreError
        When another version of the engine wrote the snapshot.
    """
    types = {name: [_type(x), list(x.shape)] for name, x in wanted.items()}
    written = {name: spec for name, spec in about["arrays"].items() if name in stored}
    if types != {name: written.get(name) for name in types}:
        differ = sorted(name for name in types if types[name] != written.get(name))
        says = f"holds another state than this version has: {', '.join(differ[:5])}"
        raise StoreError(path, says, _AGAIN)
    for name, array in wanted.items():
        np.copyto(array, stored[name].view(array.dtype).reshape(array.shape))


def take(about: Mapping[str, Any], stored: Arrays, name: str) -> NDArray[Any]:
    """Return one stored array in its type and shape."""
    kind, shape = about["arrays"][name]
    array: NDArray[Any] = stored[name].view(np.dtype(kind)).reshape(shape)
    return array


def fingerprint(people: People) -> str:
    """Return a hash of everything known of the people."""
    digest = hashlib.sha256()
    for name, array in people.to_arrays().items():
        digest.update(name.encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _type(array: NDArray[Any]) -> Any:
    # a record's fields, or a plain type; both survive JSON
    described = np.lib.format.dtype_to_descr(
        np.dtype(array.dtype.descr if array.dtype.names else array.dtype)
    )
    return json.loads(json.dumps(described))


def _bytes(content: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(content, dtype=np.uint8)
