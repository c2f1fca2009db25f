"""`standfast status`: how far a sweep is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from standfast.errors import StoreError


def status(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep.")],
) -> None:
    """Say how far the sweep in DIR is, what its runs came to so far, and who works on it.

    Every file of a finished sweep is checked; the exit code is 4 when one is damaged. Nothing is
    changed, so that this can be asked at any time.
    """
    # tables take a second to import; `--help` should not
    from standfast.experiment.standing import find_standing  # noqa: PLC0415

    standing = find_standing(folder)
    for line in standing.lines:
        typer.echo(line)
    if standing.damage:
        raise typer.Exit(StoreError.exit_code)
