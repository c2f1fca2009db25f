"""`standfast sweep`: a scenario over ranges of its fields, as a table and a phase diagram."""

from __future__ import annotations

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
    Vary,
    Verdict,
    With,
    ask,
)

if TYPE_CHECKING:
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario


def sweep(
    scenario: ScenarioName,
    vary: Vary = None,
    design: Annotated[str, typer.Option(help="grid, lhs or sobol.")] = "grid",
    points: Annotated[
        int | None, typer.Option(min=1, help="Points of lhs and sobol.", show_default="64")
    ] = None,
    replicates: Replicates = 10,
    seed: Seed = 1,
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
) -> None:
    """Run SCENARIO over ranges of some of its fields; with two of them, as a phase diagram."""

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.sweep import sweep as put  # noqa: PLC0415

        return put(
            found, vary or [], replicates, seed, design=design, points=points, place=place,
            verdict=verdict, measures=measures or [], figure=figure, hours=hours,
            threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("sweep", scenario, changes, horizon, out, question)
