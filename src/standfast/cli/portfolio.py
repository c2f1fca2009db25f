"""`standfast portfolio`: the cheapest set of measures that keeps total collapse unlikely."""

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
    Replicates,
    ScenarioName,
    Seed,
    Shows,
    Store,
    Threads,
    With,
    ask,
)

if TYPE_CHECKING:
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario


def portfolio(
    scenario: ScenarioName,
    measures: With = None,
    bound: Annotated[float, typer.Option(help="P(total collapse) that is borne.")] = 0.05,
    replicates: Replicates = 10,
    seed: Seed = 1,
    method: Annotated[str, typer.Option(help="exact, search or auto.")] = "auto",
    sets: Annotated[int, typer.Option(help="Sets that a search tries.")] = 128,
    parameters: Annotated[
        Path | None,
        typer.Option(
            help="Draws of what is uncertain: netCDF, Parquet, CSV, or posterior for ours."
        ),
    ] = None,
    variants: Annotated[
        list[str] | None,
        typer.Option("--variant", metavar="SCENARIO", help="A case to do in; may be repeated."),
    ] = None,
    cases: Annotated[int, typer.Option(help="Draws that are taken.")] = 8,
    robust: Annotated[str, typer.Option(help="Risk: mean over the cases, or worst of them.")] = (
        "mean"
    ),
    place: Place = None,
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
) -> None:
    """Find the cheapest set of measures that keeps P(total collapse) in SCENARIO within a bound.

    A measure is named as in --with keep-leaders, with its cost as in --with keep-leaders:cost=3.
    """

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.portfolio import portfolio as put  # noqa: PLC0415

        return put(
            found, measures or [], bound, replicates, seed, method=method, sets=sets,
            parameters=parameters, variants=variants or [], cases=cases, robust=robust, place=place,
            figure=figure, hours=hours, threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("portfolio", scenario, changes, horizon, out, question)
