"""`standfast experiment`: put the question of an experiment file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from standfast.cli.asking import DEFAULT_FOLDER, Hours, Out, Shows, Store, Threads
from standfast.results.provenance import without_paths
from standfast.results.store import check_target

if TYPE_CHECKING:
    from standfast.experiment.files import Experiment


def experiment(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An experiment file.")],
    out: Out = None,
    hours: Hours = None,
    threads: Threads = None,
    store: Store = None,
    progress: Shows = True,
) -> None:
    """Put the question of FILE, print the answer and write it to a folder, with the question in it.

    The same file gives the same bytes. What another model computed is refused, by name.
    """
    # reading it needs the table of kinds, which `--help` does not
    from standfast.experiment.files import read_experiment, with_question  # noqa: PLC0415

    found = read_experiment(file)
    kind = found.question.kind
    folder = out if out is not None else DEFAULT_FOLDER / file.stem
    check_target(folder)
    command = without_paths(["standfast", *sys.argv[1:]], [str(file), str(folder)])
    if kind == "run":
        found.means(store=store, hours=hours)
        _simulate(found, folder, command, threads, progress=progress)
        return
    answer = with_question(
        found.put(threads=threads, store=store, hours=hours, progress=progress), found
    )
    console = Console()
    console.print(answer.renderable())
    answer.save(folder, command)
    console.print(f"\nWritten to {folder}.", highlight=False, markup=False, soft_wrap=True)


def _simulate(
    found: Experiment, folder: Path, command: list[str], threads: int | None, *, progress: bool
) -> None:
    from standfast.cli.simulate import simulate  # noqa: PLC0415  loads the engine

    asked = found.arguments()
    simulate(
        found.scenario, asked["replicates"], asked["seed"], threads, folder,
        progress=progress, command=command, parameters=asked["parameters"],
    )  # fmt: skip
