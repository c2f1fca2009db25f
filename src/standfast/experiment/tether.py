"""Worker processes that end when the process that started them does, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from multiprocessing import connection, parent_process

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def tie_to_parent() -> None:
    """Make this worker process die with its parent, and leave Ctrl-C to it.

    On Linux the kernel sees to it; elsewhere, and as a second rope, a thread waits for the pipe
    that closes when the parent is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent.pid:
            os._exit(1)  # it died before the kernel was asked
    threading.Thread(target=_wait_for_end, args=(parent.sentinel,), daemon=True).start()


def _wait_for_end(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
