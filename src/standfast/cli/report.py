"""`standfast report`: write the page of a result again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standfast.errors import StoreError
from standfast.results.store import PAGE, replace_page, showing

if TYPE_CHECKING:
    from collections.abc import Callable


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a result or an answer.")],
    beside: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="DIR", help="Answer to show beside it; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write.", show_default=f"DIR/{PAGE}")
    ] = None,
) -> None:
    """Write the report of the result in DIR: one page that opens in any browser, offline.

    `standfast run` writes it already; this is for results of earlier versions, another place, or to
    put answers of experiments about the same scenario beside it. The folder of an answer gets a
    page of its own.
    """
    # labelling takes seconds to import; `--help` should not
    from standfast.report.answer_page import write_answer  # noqa: PLC0415
    from standfast.report.answers import is_answer, read_answer  # noqa: PLC0415
    from standfast.report.beside import check_about  # noqa: PLC0415
    from standfast.report.page import write_report  # noqa: PLC0415
    from standfast.results.result import Result  # noqa: PLC0415

    with showing(folder):
        if is_answer(folder):
            if beside:
                says = "is an answer, and answers are put beside results"
                raise StoreError(folder, says, "Name the folder of the result first.")
            found = read_answer(folder)
            _write(folder, out, lambda path: write_answer(found, path))
            return
        result = Result.load(folder)
        answers = [read_answer(each) for each in beside or ()]
        for each, answer in zip(beside or (), answers, strict=True):
            check_about(result, answer, each)
        _write(folder, out, lambda path: write_report(result, path, answers))


def _write(folder: Path, out: Path | None, write: Callable[[Path], object]) -> None:
    path = out if out is not None else folder / PAGE
    if path.resolve() == (folder / PAGE).resolve():
        replace_page(folder, PAGE, write)
    else:
        write(path)
    typer.echo(f"Wrote {path}.")
