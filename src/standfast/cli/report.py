"""`standfast report`: write the page of a result again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PAGE = "report.html"


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a result.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write.", show_default=f"DIR/{PAGE}")
    ] = None,
) -> None:
    """Write the report of the result in DIR: one page that opens in any browser, offline.

    `standfast run` writes it already; this is for results of earlier versions, or another place.
    """
    # labelling takes seconds to import; `--help` should not
    from standfast.report.page import write_report  # noqa: PLC0415
    from standfast.results.result import Result  # noqa: PLC0415
    from standfast.results.store import replace_page  # noqa: PLC0415

    result = Result.load(folder)
    path = out if out is not None else folder / PAGE
    if path.resolve() == (folder / PAGE).resolve():
        replace_page(folder, PAGE, lambda new: write_report(result, new))
    else:
        write_report(result, path)
    typer.echo(f"Wrote {path}.")
