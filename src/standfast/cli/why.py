"""`standfast why`: what weighed on those who left, and what made the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

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
    ask,
)

if TYPE_CHECKING:
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario


def why(
    scenario: ScenarioName,
    replicates: Replicates = 20,
    seed: Seed = 1,
    place: Place = None,
    mechanisms: Annotated[
        list[str] | None,
        typer.Option(
            "--mechanism",
            metavar="M15",
            help="Switch only this off in turn; may be repeated.",
            show_default="all",
        ),
    ] = None,
    groups: Annotated[
        bool, typer.Option("--groups/--no-groups", help="Share the effect out among five groups.")
    ] = True,
    out: Out = None,
    changes: Changes = None,
    horizon: Horizon = None,
    threads: Threads = None,
    store: Store = None,
    progress: Shows = True,
) -> None:
    """Say why people left in SCENARIO: what weighed on them then, and what made the difference."""

    def question(found: Scenario) -> Answer:
        # loading the engine takes seconds; a bad file is told before that
        from standfast.experiment.why import why as put  # noqa: PLC0415

        return put(
            found, replicates, seed, mechanisms=mechanisms or None, groups=None if groups else {},
            place=place, threads=threads, progress=progress, store=store,
        )  # fmt: skip

    ask("why", scenario, changes, horizon, out, question)
