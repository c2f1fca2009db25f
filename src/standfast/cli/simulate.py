"""What `standfast run` does once the scenario is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from standfast.experiment.ensemble import EnsembleInterrupted, run_ensemble
from standfast.report.page import write_report
from standfast.results.store import PAGE
from standfast.results.table import verdict_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.results.result import Result
    from standfast.scenario.model import Scenario


def simulate(
    scenario: Scenario,
    replicates: int,
    seed: int,
    threads: int | None,
    folder: Path,
    *,
    progress: bool,
    command: Sequence[str],
    parameters: Path | None = None,
) -> None:
    """Run the ensemble, print the verdict table and write the folder.

    Raises
    ------
    EnsembleInterrupted
        After Ctrl-C, once what had finished is printed and written.
    """
    try:
        result = run_ensemble(
            scenario, replicates, seed, threads, progress=progress, command=command,
            parameters=parameters,
        )  # fmt: skip
    except EnsembleInterrupted as stopped:
        if stopped.result is not None:
            _show_and_save(stopped.result, folder)
        raise
    _show_and_save(result, folder)


def _show_and_save(result: Result, folder: Path) -> None:
    console = Console()
    console.print(verdict_table(result))
    result.save(folder, pages={PAGE: lambda path: write_report(result, path)})
    told = f"Written to {folder}; open {folder / PAGE}."
    console.print(told, highlight=False, markup=False, soft_wrap=True)
