"""`standfast warning`: which series tell a garrison that will collapse from one that will not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standfast.cli.asking import (
    Changes,
    Horizon,
    Hours,
    Out,
    Place,
    ScenarioName,
    Seed,
    Shows,
    Store,
    Threads,
    Vary,
    Verdict,
    With,
    ask,
    read_hours,
)

if TYPE_CHECKING:
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario


def warning(
    scenario: ScenarioName,
    vary: Vary = None,
    runs: Annotated[int, typer.Option(min=1, help="Runs, each with other luck.")] = 200,
    seed: Seed = 1,
    leads: Annotated[
        list[str] | None,
        typer.Option(
            "--lead", metavar="DURATION", help="How early; may be repeated.",
            show_default="6, 12, 24, 48 and 72 h",
        ),
    ] = None,
    parameters: Annotated[
        Path | None, typer.Option(help="Draws of what is uncertain: netCDF, Parquet, CSV, or posterior for ours.")
    ] = None,
    place: Place = None,
    verdict: Verdict = None,
    measures: With = None,
    figure: Annotated[
        str | None, typer.Option(help="png or svg.", show_default="png where matplotlib is")
    ] = None,
    hours: Hours = None,
    out: Out = None,
    changes: Changes = None,
    horizon: Horizon = None,
    threads: Threads = None,
    store: Store = None,
    progress: Shows = True,
) -> None:  # fmt: skip
    """Tell which series warn of a collapse in SCENARIO, and how many hours ahead.

    Where all runs end alike there is nothing to tell apart: vary something, as in --vary commitment=7:11.
    """
    early = [read_hours("--lead", each) for each in leads] if leads else None

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.warning import DEFAULT_LEADS, early_warning  # noqa: PLC0415

        return early_warning(
            found, vary or [], runs, seed, leads=early or DEFAULT_LEADS, parameters=parameters,
            place=place, verdict=verdict, measures=measures or [], figure=figure, hours=hours,
            threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("warning", scenario, changes, horizon, out, question)
