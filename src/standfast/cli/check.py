"""`standfast check`: everything that is wrong with scenario files, or that nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from standfast.errors import StandfastError
from standfast.scenario.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sized

    from standfast.scenario.model import Scenario


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Scenario files or built-in scenarios.")
    ],
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
    ] = None,
) -> None:
    """Say everything that is wrong with scenario files, each with its line and a way to mend it.

    The exit code is 2 when a scenario has problems, and 4 when a file cannot be read.
    """
    worst = 0
    for file in files:
        try:
            typer.echo(f"{file}: {_size(load_scenario(file, overrides=changes or ()))}")
        except StandfastError as error:
            typer.echo(error.render(), err=True)
            worst = max(worst, error.exit_code)
    if worst:
        raise typer.Exit(worst)


def _size(scenario: Scenario) -> str:
    people = sum(force.paper for force in scenario.forces.values())
    parts = [
        f"{people:,} people on paper in {_count(scenario.forces, 'force')}",
        f"{_count(scenario.places, 'place')} and {_count(scenario.roads, 'road')}",
        _count(scenario.events, "event"),
        f"{scenario.time.horizon:,g} h",
    ]
    return "nothing wrong; " + ", ".join(parts)


def _count(items: Sized, noun: str) -> str:
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"
