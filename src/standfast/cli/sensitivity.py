"""`standfast sensitivity`: which fields matter, by Morris' screening or Sobol's indices."""

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


def sensitivity(
    scenario: ScenarioName,
    vary: Vary = None,
    method: Annotated[str, typer.Option(help="morris (screening) or sobol (shares).")] = "morris",
    by: Annotated[
        str | None,
        typer.Option(help="family, mechanism or field.", show_default="family; field with --vary"),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            min=2, help="Trajectories or base points.", show_default="10 for morris, 64 for sobol"
        ),
    ] = None,
    replicates: Replicates = 4,
    seed: Seed = 1,
    place: Place = None,
    verdict: Verdict = None,
    measures: With = None,
    hours: Hours = None,
    out: Out = None,
    changes: Changes = None,
    horizon: Horizon = None,
    threads: Threads = None,
    store: Store = None,
    progress: Shows = True,
) -> None:
    """Tell which fields of SCENARIO matter for a verdict and for how soon it comes.

    Without --vary every behavioural parameter is varied, family by family.
    """

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.sensitivity import sensitivity as put  # noqa: PLC0415

        return put(
            found, vary or [], method, size, replicates, seed, by=by, place=place, verdict=verdict,
            measures=measures or [], hours=hours, threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("sensitivity", scenario, changes, horizon, out, question)
