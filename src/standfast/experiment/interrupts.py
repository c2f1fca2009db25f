"""Ctrl-C and its like, held back while a lock of the standard library may be taken.

The exception comes at any instruction: where a pool of workers has just taken a lock and has not yet entered
the block that gives it back, nobody else gets it any more, and the process waits for that at its end.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def held_back() -> Iterator[None]:
    """Let an interruption wait until the block is over; nothing changes outside the main thread.

    Raises
    ------
    KeyboardInterrupt
        At the end, when an interruption came meanwhile.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    raising = [n for n in numbers if signal.getsignal(n) is signal.default_int_handler]
    try:
        for number in raising:
            signal.signal(number, lambda which, _: came.append(which))
        yield
    finally:
        for number in raising:
            signal.signal(number, signal.default_int_handler)
        if came:
            raise KeyboardInterrupt
