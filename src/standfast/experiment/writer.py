"""One writer at a time: who writes to a folder holds its lock, and the system lets go when it dies."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from time import sleep
from typing import IO, TYPE_CHECKING

from standfast.errors import FileError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = "writer.lock"
#: the byte that Windows locks, beyond the few that say who writes
_BEYOND = 1000


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder.

    The lock is the operating system's, so it never outlives its holder: after a kill or a power cut
    there is nothing to clean up. The file stays, empty, as removing it would race.

    Raises
    ------
    StoreError
        When another process writes there, with its number.
    """
    try:
        file = (folder / LOCK).open("a+", encoding="ascii")
    except OSError as error:
        raise FileError(folder, f"cannot be written: {error.strerror}") from None
    with file:
        if not _lock_soon(file):
            raise StoreError(folder, *_busy(file))
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _lock_soon(file: IO[str]) -> bool:
    """Lock a file, or find after a moment that somebody else means to keep it.

    Whoever asks who is writing holds the lock for an instant.
    """
    for _ in range(5):
        if _lock(file):
            return True
        sleep(0.05)
    return False


def writing_process(folder: Path) -> int | None:
    """Return the number of the process that writes to a folder; None when nobody does."""
    try:
        file = (folder / LOCK).open("r+", encoding="ascii")
    except OSError:
        return None
    with file:
        return None if _lock(file) else _holder(file)


def _busy(file: IO[str]) -> tuple[str, str]:
    says = f"is being written by another standfast (process {_holder(file)})"
    return says, "Wait until it is done, or end that process; nothing it finished is lost."


def _holder(file: IO[str]) -> int:
    file.seek(0)
    return int(file.read().strip() or 0)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> bool:
        file.seek(_BEYOND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
