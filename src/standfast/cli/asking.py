"""What the commands of the laboratory have in common: their options, and what becomes of an answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from standfast.errors import Problem, ScenarioError
from standfast.results.provenance import without_paths
from standfast.results.store import check_target
from standfast.scenario.load import load_scenario
from standfast.scenario.quantities import EXAMPLES, QuantityError, parse_quantity
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario

DEFAULT_FOLDER = Path("standfast-out")

ScenarioName = Annotated[str, typer.Argument(help="A built-in scenario, or a scenario file.")]
Replicates = Annotated[int, typer.Option(min=1, max=100_000, help="Runs at each point.")]
Seed = Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Same seed, same answer.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Folder for the answer.", show_default="named after the question"),
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
]
Horizon = Annotated[
    str | None,
    typer.Option(help='How long to simulate, such as "20 d".', show_default="as written"),
]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Runs side by side.", show_default="one a processor")
]
Shows = Annotated[bool, typer.Option("--progress/--no-progress", help="Show how far it is.")]
Store = Annotated[
    Path | None,
    typer.Option(
        help="Folder that keeps finished runs, and where they are found again.",
        show_default="memory",
    ),
]
Hours = Annotated[
    float | None,
    typer.Option(help="Refuse to begin what would take longer.", show_default="any time"),
]
Place = Annotated[
    str | None,
    typer.Option(
        help="Garrison that is asked about, or whole.", show_default="of the reference event"
    ),
]
Verdict = Annotated[
    str | None, typer.Option(help="Verdict that is asked about.", show_default="total collapse")
]
Vary = Annotated[
    list[str] | None,
    typer.Option("--vary", metavar="PATH=LOW:HIGH:COUNT", help="What is varied; may be repeated."),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="MEASURE", help="A measure to take, such as keep-leaders."),
]


def ask(
    kind: str,
    scenario: str,
    changes: list[str] | None,
    horizon: str | None,
    out: Path | None,
    question: Callable[[Scenario], Answer],
) -> None:
    """Read the scenario, put the question, print the answer and write it to a folder.

    Parameters
    ----------
    kind
        Which command; the folder is named after it unless one is given.
    scenario, changes, horizon
        As typed.
    out
        Folder for the answer.
    question
        What is asked of the scenario.
    """
    overrides = [*(changes or []), *([f"time.horizon={horizon}"] if horizon is not None else [])]
    found = load_scenario(scenario, overrides=overrides)
    folder = out if out is not None else DEFAULT_FOLDER / f"{found.scenario}-{kind}"
    check_target(folder)
    answer = question(found)
    console = Console()
    console.print(answer.renderable())
    command = without_paths(["standfast", *sys.argv[1:]], [scenario, str(folder)])
    answer.save(folder, command)
    console.print(f"\nWritten to {folder}.", highlight=False, markup=False, soft_wrap=True)


def read_hours(option: str, text: str) -> float:
    """Return a duration that was typed, in hours.

    Raises
    ------
    ScenarioError
        When it is none.

    Examples
    --------
    >>> read_hours("--hold", "10 d")
    240.0
    """
    try:
        hours = parse_quantity(text, "h")
    except QuantityError as error:
        says = f'is "{printable(text)}", which {error}'
        raise ScenarioError(option, [Problem("", says, f"Write {EXAMPLES['h']}.")]) from None
    if hours > 0:
        return hours
    raise ScenarioError(option, [Problem("", f"is {printable(text)}", "Write more than nothing.")])
