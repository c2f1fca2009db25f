"""`standfast validate`: which facts of the world a case reproduces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from standfast.cli.asking import (
    Changes,
    Horizon,
    Out,
    Replicates,
    ScenarioName,
    Seed,
    Shows,
    Store,
    Threads,
    ask,
)

if TYPE_CHECKING:
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario


def validate(
    scenario: ScenarioName,
    replicates: Replicates = 20,
    seed: Seed = 1,
    facts: Annotated[
        list[str] | None,
        typer.Option(
            "--fact", metavar="ID", help="A fact such as L10; may be repeated.", show_default="all"
        ),
    ] = None,
    out: Out = None,
    changes: Changes = None,
    horizon: Horizon = None,
    threads: Threads = None,
    store: Store = None,
    progress: Shows = True,
) -> None:
    """Measure the facts S01 to S14 and L01 to L10 on SCENARIO, and tell which hold.

    Counterfactual facts are measured on worlds that share people and draws with it; a fact whose
    events or places SCENARIO does not have cannot be measured, and is listed so.
    """

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.validation.validate import validate as put  # noqa: PLC0415

        return put(
            found, replicates, seed,
            facts=facts or [], threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("validate", scenario, changes, horizon, out, question)
