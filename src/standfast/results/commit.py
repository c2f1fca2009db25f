"""Writing so that whoever looks, at any moment and after any death, finds the old or the new, whole.

Everything is written under another name, brought to the disk, and put in its place by one rename, which
is brought to the disk too; only then is it said to be there. `passing` names the points on that way for
whoever audits this process: crash tests die at each of them.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import sys
from contextlib import contextmanager
from glob import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

#: name of the audit event, with point and file as its arguments
EVENT = "standfast.commit"
#: how the name of a file begins while it is written
PARTIAL = ".partial-"
_EXCHANGE, _FROM_HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of Linux


def passing(point: str, path: Path | str) -> None:
    """Tell auditors of this process which point of a commit it passes, and with which file.

    Parameters
    ----------
    point
        `write`, `fsync`, `rename`, `swap`, `swapped`, `remove`, `compact`, `acknowledge` or
        `acknowledged`: what comes next, or has just happened.
    path
        Of the file or folder.

    Examples
    --------
    >>> passing("rename", "summary.json")  # nothing happens where nobody listens
    """
    sys.audit(EVENT, point, str(path))


def flush_entry(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    if path.is_dir() and os.name == "nt":
        return  # folders cannot be opened there
    passing("fsync", path)
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that whoever looks, also after a power cut, finds the old one or the new.

    Parameters
    ----------
    path
        Of the file; its folder is there.
    write
        Writes it to the path it is given. When it fails, nothing of it stays.
    """
    partial = path.with_name(PARTIAL + path.name)
    try:
        passing("write", path)
        write(partial)
        flush_entry(partial)
        passing("rename", path)
        os.replace(partial, path)  # noqa: PTH105 - says that it replaces
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def with_half_written(names: Iterable[str]) -> set[str]:
    """Return names of files, and what a killed `write_whole` may have left of each."""
    whole = set(names)
    return whole | {PARTIAL + name for name in whole}


def remove_half_written(folder: Path, name: str = "") -> None:
    """Remove what killed writers left half written in a folder, of files whose names begin with `name`."""
    for left in folder.glob(f"{PARTIAL}{escape(name)}*"):
        left.unlink()


@contextmanager
def staging_for(target: Path) -> Iterator[Path]:
    """Give a folder to write in, and put it in the place of `target` when all went well.

    What a killed writer left beside the target is put right first. When writing fails or is
    interrupted, the target stays as it was and the half-written folder is removed.

    Parameters
    ----------
    target
        Absolute path of a folder, which need not be there; the one above it is made.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _held(target.parent, wait=True):
        put_right(target)
        staging = target.parent / f"{_part_of(target)}{secrets.token_hex(4)}"
        staging.mkdir()
        own = _hold(staging, wait=False)
    try:
        passing("write", staging)
        yield staging
        for path in sorted(staging.iterdir()):
            flush_entry(path)
        flush_entry(staging)
        passing("swap", target)
        _swap(staging, target)
        passing("swapped", target)
        flush_entry(target.parent)
        put_right(target)
    finally:
        # after an exchange it is the earlier one that lies here
        shutil.rmtree(staging, ignore_errors=True)
        if own is not None:
            os.close(own)


def put_right(target: Path) -> bool:
    """Undo what a killed writer left beside a folder; return whether an earlier one was put back.

    Half-written folders are removed, unless their writer lives. Where the system cannot exchange two
    folders, a kill between two renames leaves only the earlier one, under another name.
    """
    back = False
    for left in sorted(target.parent.glob(f"{escape(_old_of(target))}*")):
        if target.exists():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.rename(target)
            back = True
    for left in target.parent.glob(f"{escape(_part_of(target))}*"):
        handle = _hold(left, wait=False)
        if handle is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(handle)
    return back


def _part_of(target: Path) -> str:
    return f".{target.name}.part-"


def _old_of(target: Path) -> str:
    return f".{target.name}.old-"


def _swap(staging: Path, target: Path) -> None:
    if not target.exists():
        staging.rename(target)
        return
    if _exchange(staging, target):
        return
    old = target.parent / f"{_old_of(target)}{secrets.token_hex(4)}"
    target.rename(old)
    try:
        staging.rename(target)
    except OSError:
        old.rename(target)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system or the disk cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    names = os.fsencode(one), os.fsencode(other)
    done: int = rename(_FROM_HERE, names[0], _FROM_HERE, names[1], _EXCHANGE)
    return done == 0


@contextmanager
def _held(folder: Path, *, wait: bool) -> Iterator[None]:
    handle = _hold(folder, wait=wait)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


if sys.platform == "win32":

    def _hold(folder: Path, *, wait: bool) -> int | None:
        """Folders cannot be locked there; what a killed writer left stays, and harms nobody."""
        del folder, wait
        return None
else:
    import fcntl

    def _hold(folder: Path, *, wait: bool) -> int | None:
        """Lock a folder until the handle is closed or this process dies; None if another has it."""
        try:
            handle = os.open(folder, os.O_RDONLY)
        except OSError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            # another process has it, or this disk knows no locks
            os.close(handle)
            return None
        return handle
