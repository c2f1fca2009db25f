"""`standfast repair`: compute again what is damaged, to the same bytes."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standfast.errors import StoreError
from standfast.results.store import PAGE
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Sequence


def repair(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of a result or of many runs.")
    ],
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Runs side by side.", show_default="one a processor"),
    ] = None,
    progress: Annotated[bool, typer.Option(help="Show how far it is.")] = True,
) -> None:
    """Compute again the damaged files of DIR, and only these, to the same bytes.

    What was asked for is kept with every result, so that it can be done again; a file is put in its
    place only when it comes out as it was. Files that are no part of it are left alone, and named.
    """
    # the engine takes seconds to import; `--help` should not
    from standfast.experiment.verify import RESULT, kind_of, verify  # noqa: PLC0415

    if kind_of(folder) == RESULT:
        _repair_result(folder, threads, progress=progress)
    else:
        from standfast.experiment.execute import resume  # noqa: PLC0415

        resume(folder, threads=threads, progress=progress)
    for line in verify(folder).lines:
        typer.echo(line)


def _repair_result(folder: Path, threads: int | None, *, progress: bool) -> None:
    from standfast.experiment.repair import repair_result  # noqa: PLC0415
    from standfast.report.page import write_report  # noqa: PLC0415

    found = repair_result(
        folder, pages={PAGE: write_report}, ask=ask_again, threads=threads, progress=progress
    )
    for damage in found:
        typer.echo(f"{damage.sentence}; made again.")


def ask_again(scenario: Path, words: Sequence[str], out: Path) -> None:
    """Put a question again: the command as it was typed, but of this scenario and to this folder.

    The words come from a file, so that only questions are put, and no folder that they name is used.
    """
    from standfast.cli.main import load_command  # noqa: PLC0415
    from standfast.experiment.files import EXPERIMENT, put_again  # noqa: PLC0415
    from standfast.experiment.questions import KINDS  # noqa: PLC0415

    if (scenario.parent / EXPERIMENT).is_file():
        put_again(scenario.parent, out, progress=False)
        return
    kind, *rest = (str(word) for word in words[1:])
    if kind not in KINDS or kind == "run":
        says = f"was not made by a command that puts a question: {printable(kind)}"
        raise StoreError(scenario.parent, says)
    command = load_command(kind)
    try:
        context = command.make_context(kind, rest)
    except Exception as error:  # noqa: BLE001 - typer keeps the class of its complaints to itself
        says = f"was made by a command that is not understood: {printable(error)}"
        raise StoreError(scenario.parent, says) from None
    context.params |= {"scenario": str(scenario), "out": out, "store": None, "progress": False}
    with redirect_stdout(StringIO()), context:
        command.invoke(context)
