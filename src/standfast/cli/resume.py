"""`standfast resume`: finish a sweep that was stopped, or mend a damaged one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def resume(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep.")],
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Runs side by side.", show_default="one a processor"),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Worker processes instead of threads.")
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help='Dask workers instead: "local", or a scheduler\'s address.'
        ),
    ] = None,
    hours: Annotated[
        float | None, typer.Option(min=0.0, help="Refuse to begin what takes longer.")
    ] = None,
    progress: Annotated[bool, typer.Option(help="Show how far it is.")] = True,
) -> None:
    """Go on with the sweep in DIR where it stopped; runs that are done are not computed again.

    Of a finished sweep, files that are not as they were written are found, and what they held is
    computed again, to the same bytes. Ctrl-C stops; nothing that was finished is lost.
    """
    # the engine takes seconds to import; `--help` should not
    from standfast.experiment.execute import resume as go_on  # noqa: PLC0415
    from standfast.experiment.standing import find_standing  # noqa: PLC0415

    go_on(
        folder,
        threads=threads,
        processes=processes,
        cluster=cluster,
        hours=hours,
        progress=progress,
    )
    for line in find_standing(folder).lines:
        typer.echo(line)
