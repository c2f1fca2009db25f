"""`standfast serve`: the dashboard in a browser on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_FOLDER = Path("standfast-out")


def serve(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DIR]...", help="Folders of results.", show_default=str(DEFAULT_FOLDER)
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="To listen on; 0 takes any that is free.")
    ] = 8765,
    browser: Annotated[bool, typer.Option(help="Open it in the browser.")] = False,
) -> None:
    """Watch runs, change them, branch them and compare, in the browser.

    It listens on this machine only (127.0.0.1) and asks nothing of any network. Open the address that
    is printed: it carries the token without which nothing is answered. Ctrl-C ends it.
    """
    # starlette and uvicorn are extras; `--help` answers without them
    from standfast.dashboard.server import serve as run  # noqa: PLC0415

    def ready(address: str) -> None:
        typer.echo(f"The dashboard: {address}")
        typer.echo("Ctrl-C ends it.")
        if browser:
            typer.launch(address)

    run(folders or [DEFAULT_FOLDER], port=port, on_ready=ready)
