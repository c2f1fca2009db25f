"""`standfast verify`: whether what was written is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standfast.errors import StoreError


def verify(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="Folders of results or of many runs.")
    ],
) -> None:
    """Name every file in DIR that is damaged, missing, swapped, or no part of it.

    DIR is the folder of a result, of an answer, or a store of many runs. Nothing is changed. The exit
    code is 4 when anything is wrong.
    """
    # tables take a second to import; `--help` should not
    from standfast.experiment.verify import verify as look  # noqa: PLC0415

    sound = True
    for folder in folders:
        found = look(folder)
        sound &= found.is_sound
        for line in found.lines:
            typer.echo(line)
    if not sound:
        raise typer.Exit(StoreError.exit_code)
