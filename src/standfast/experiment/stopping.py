"""Stopping what is computed here from another thread: a page has no Ctrl-C."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from standfast.errors import RunInterrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: tells whether somebody asked what is computed inside `stopped_by` to stop
_ASKED: ContextVar[Callable[[], bool] | None] = ContextVar("asked", default=None)


@contextmanager
def stopped_by(asked: Callable[[], bool]) -> Iterator[None]:
    """Let whatever is computed inside end soon after somebody asked for it.

    Parameters
    ----------
    asked
        Tells whether somebody did; called several times a second.

    Examples
    --------
    >>> with stopped_by(lambda: True):
    ...     check_stop()
    Traceback (most recent call last):
    ...
    standfast.errors.RunInterrupted: the run was interrupted
    """
    token = _ASKED.set(asked)
    try:
        yield
    finally:
        _ASKED.reset(token)


def check_stop() -> None:
    """Raise `RunInterrupted` when somebody asked what is computed here to stop."""
    asked = _ASKED.get()
    if asked is not None and asked():
        raise RunInterrupted
