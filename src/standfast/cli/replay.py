"""`standfast replay`: do a saved result again, and compare every byte."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standfast.cli.repair import ask_again
from standfast.errors import StoreError


def replay(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of a result, an answer or many runs.")
    ],
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Runs side by side.", show_default="one a processor"),
    ] = None,
    progress: Annotated[bool, typer.Option(help="Show how far it is.")] = True,
) -> None:
    """Do what is in DIR again from what it says of itself, and check that every byte is the same.

    DIR is not changed. What another model computed is refused, by name; the exit code is 4 then, and
    when a file comes out differently.
    """
    # the engine takes seconds to import; `--help` should not
    from standfast.experiment.replay import replay as do_again  # noqa: PLC0415

    found = do_again(folder, ask=ask_again, threads=threads, progress=progress)
    typer.echo(found.sentence)
    if found.other:
        raise typer.Exit(StoreError.exit_code)
