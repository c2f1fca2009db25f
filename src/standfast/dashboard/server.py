"""Serving the dashboard on this machine, until somebody ends it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import threading
from typing import TYPE_CHECKING

from standfast.engine.machine import hold_little, share_one_store
from standfast.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

HERE = "127.0.0.1"


def serve(
    folders: Sequence[Path],
    *,
    port: int = 0,
    on_ready: Callable[[str], None],
) -> None:
    """Serve the dashboard until Ctrl-C.

    Parameters
    ----------
    folders
        Where results are looked for; new ones are written to the first.
    port
        To listen on; 0 takes any that is free.
    on_ready
        Called once with the address, which carries the token behind its #.

    Raises
    ------
    RunError
        When the server's packages are not installed, or the port is taken.
    """
    try:
        import starlette  # noqa: F401, PLC0415 - an extra
        import uvicorn  # noqa: PLC0415 - an extra
    except ImportError:
        says = "the dashboard needs packages that are not installed"
        raise RunError(says, "Install them with: pip install 'standfast[dashboard]'") from None
    # these load numba, pandas and xarray
    from standfast.dashboard.app import build_app, describe_library  # noqa: PLC0415
    from standfast.dashboard.desk import Desk  # noqa: PLC0415

    listening = _listen(port)
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(24)
    desk = Desk(folders)
    config = uvicorn.Config(
        build_app(desk, port=port, token=token),
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_no_ending)
    on_ready(f"http://{HERE}:{port}/#token={token}")
    share_one_store()
    hold_little()
    # the first page should not wait for it
    threading.Thread(target=describe_library, daemon=True).start()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        desk.close()
        listening.close()


def _is_no_ending(record: logging.LogRecord) -> bool:
    """Tell whether a record is worth showing: that Ctrl-C ends what open pages listen to is no fault."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError)


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HERE, port))
        # from now on whoever asks waits for the answer, so that the address may be printed
        listening.listen()
    except OSError:
        listening.close()
        says = f"port {port} is taken or may not be used"
        raise RunError(says, "Name another one with --port, or 0 for any that is free.") from None
    return listening
