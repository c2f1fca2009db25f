"""`standfast compare`: what would have helped, measure by measure, on paired runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.cli.asking import (
    Changes,
    Horizon,
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


def compare(
    scenario: ScenarioName,
    measures: With = None,
    replicates: Replicates = 50,
    seed: Seed = 1,
    place: Place = None,
    out: Out = None,
    changes: Changes = None,
    horizon: Horizon = None,
    threads: Threads = None,
    store: Store = None,
    progress: Shows = True,
) -> None:
    """Compare measures in SCENARIO with doing nothing, on the same people and draws.

    A measure is named as in --with keep-leaders, changed as in --with "answer-calls:size=0.8,delay=6 h",
    and taken together with others as in --with keep-leaders+answer-calls.
    """

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.compare import compare as put  # noqa: PLC0415

        return put(
            found, measures or [], replicates, seed,
            place=place, threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("compare", scenario, changes, horizon, out, question)
