"""Named arrays in one file with a checksum: no pickle, written at once or not at all.

Layout: magic, SHA-256 of all that follows, length of the header, the header (JSON: name, type,
shape, offset of every array), the arrays, each at a multiple of 64 bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MAGIC = b"standfast arrays 1\n"
ALIGNMENT = 64
#: how the name of a file begins while it is written
PARTIAL = ".partial-"
#: types that may be stored; all little-endian
TYPES = frozenset({"|i1", "|u1", "<i2", "<i4", "<i8", "<f4", "<f8"})


class DamagedArchive(ValueError):  # noqa: N818  # a state of a file that is met with a rebuild
    """A file that is not a whole archive; whoever meets it builds the arrays anew."""


def save_arrays(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write arrays to a file; whoever reads it meets the old file or the whole new one.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    entries, blobs, offset = [], [], 0
    for name, array in arrays.items():
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        entries.append([name, little.dtype.str, list(little.shape), offset])
        padding = -little.nbytes % ALIGNMENT
        blobs.append(little.tobytes() + bytes(padding))
        offset += little.nbytes + padding
    header = json.dumps(entries).encode()
    header += b" " * (-(len(MAGIC) + 40 + len(header)) % ALIGNMENT)
    body = [len(header).to_bytes(8, "little"), header, *blobs]
    digest = hashlib.sha256()
    for part in body:
        digest.update(part)
    _write_at_once(path, [MAGIC, digest.digest(), *body])


def load_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """Read arrays from a file; they share one block of memory and are read-only.

    Raises
    ------
    DamagedArchive
        When the file is truncated, altered or something else.
    OSError
        When it cannot be read.
    """
    content = path.read_bytes()
    start = len(MAGIC) + 32
    if not content.startswith(MAGIC) or len(content) < start + 8:
        raise DamagedArchive(path.name)
    if hashlib.sha256(memoryview(content)[start:]).digest() != content[len(MAGIC) : start]:
        raise DamagedArchive(path.name)
    # from here on the content is what we wrote
    length = int.from_bytes(content[start : start + 8], "little")
    data = start + 8 + length
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, kind, shape, offset in json.loads(content[start + 8 : data]):
        if kind not in TYPES:
            raise DamagedArchive(path.name)
        count = int(np.prod(shape, dtype=np.int64))
        flat = np.frombuffer(content, dtype=kind, count=count, offset=data + offset)
        arrays[name] = flat.reshape(shape)
    return arrays


def _write_at_once(path: Path, parts: list[bytes]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PARTIAL)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
