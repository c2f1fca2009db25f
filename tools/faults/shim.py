"""The library that counts file operations: built, loaded before the C library, and armed."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
LOADED = "STANDFAST_FAULT_SHIM"
#: what happens at the point
DIE_BEFORE, DIE_AFTER, DIE_TORN, FAIL, FAIL_ON, COUNT = range(1, 7)
#: kinds of operations
OPENS, CREATES, WRITES, SYNCS, NAMES, READS = (1 << bit for bit in range(6))
#: those that change what is on the disk
CHANGES = CREATES | WRITES | SYNCS | NAMES


def load() -> ctypes.CDLL:
    """Return the library; start this program again with it when it is not loaded yet."""
    if LOADED in os.environ:
        return ctypes.CDLL(os.environ[LOADED])
    library = Path(tempfile.mkdtemp(prefix="standfast-shim-")) / "shim.so"
    line = ["gcc", "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(line, check=True)
    environment = os.environ | {"LD_PRELOAD": str(library), LOADED: str(library)}
    os.execve(sys.executable, [sys.executable, *sys.argv], environment)  # noqa: S606 - no shell
    raise AssertionError


def arm(
    library: ctypes.CDLL, folder: Path, at: int, action: int, *, error: int = 0,
    kinds: int = CHANGES, tell: int = -1,
) -> None:  # fmt: skip
    """Let this process do something at its `at`-th operation below a folder.

    Parameters
    ----------
    library
        As `load` returned it.
    folder
        Operations elsewhere are not counted.
    at
        Counted from 1.
    action, error, kinds
        What happens, with which number of the C library, at which kinds.
    tell
        Handle to which the operation and its file are written; -1 for none.
    """
    library.fault_arm(os.fsencode(folder), ctypes.c_long(at), action, error, kinds, tell)
