"""`standfast discover`: the conditions under which a verdict comes, as boxes and a short tree."""

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


def discover(
    scenario: ScenarioName,
    vary: Vary = None,
    points: Annotated[int, typer.Option(min=1, help="Points of lhs and sobol.")] = 256,
    replicates: Replicates = 4,
    seed: Seed = 1,
    design: Annotated[str, typer.Option(help="grid, lhs or sobol.")] = "lhs",
    density: Annotated[
        float, typer.Option(help="How often the verdict is to come in a box.")
    ] = 0.8,
    boxes: Annotated[int, typer.Option(help="Boxes to look for at most.")] = 2,
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
    """Find where in the ranges of some fields of SCENARIO a verdict comes, in a few plain conditions."""

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.discover import discover as put  # noqa: PLC0415

        return put(
            found, vary or [], points, replicates, seed, design=design, density=density,
            boxes=boxes, place=place, verdict=verdict, measures=measures or [], figure=figure,
            hours=hours, threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("discover", scenario, changes, horizon, out, question)
