"""`standfast tip`: the value at which a verdict tips, by runs placed where they tell most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from standfast.cli.asking import (
    Changes,
    Horizon,
    Out,
    Place,
    ScenarioName,
    Seed,
    Shows,
    Store,
    Threads,
    Verdict,
    With,
    ask,
)

if TYPE_CHECKING:
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario


def tip(
    scenario: ScenarioName,
    vary: Annotated[
        str, typer.Option(metavar="PATH=LOW:HIGH", help="What is varied, such as infiltration=0:1.")
    ],
    place: Place = None,
    verdict: Verdict = None,
    level: Annotated[float, typer.Option(help="Probability whose crossing is wanted.")] = 0.5,
    within: Annotated[float, typer.Option(help="Stop at this half-width, as a share.")] = 0.05,
    runs: Annotated[int, typer.Option(min=24, max=100_000, help="Runs at most.")] = 300,
    seed: Seed = 1,
    measures: With = None,
    out: Out = None,
    changes: Changes = None,
    horizon: Horizon = None,
    threads: Threads = None,
    store: Store = None,
    progress: Shows = True,
) -> None:
    """Find the value of one field of SCENARIO at which the probability of a verdict crosses a level."""

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.tipping import tip as put  # noqa: PLC0415

        return put(
            found, vary, runs, seed, place=place, verdict=verdict, level=level, within=within,
            measures=measures or [], threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("tip", scenario, changes, horizon, out, question)
