"""`standfast meanfield`: the verdict from means and shares in place of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from standfast.scenario.load import load_scenario
from standfast.scenario.moments import hours_of

if TYPE_CHECKING:
    from standfast.meanfield.run import MeanField
    from standfast.scenario.model import Scenario

_PRINTED_WIDTH = 100
_NONE = "–"


def meanfield(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Built-in name or file.")],
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
    ] = None,
    *,
    fold: Annotated[
        bool, typer.Option("--fold", help="Show how far each force stands from running of itself.")
    ] = False,
) -> None:
    """Show what is expected of a scenario by its mean-field twin, without drawing anybody.

    It has no spread and no squads: `standfast run` says how far to trust it.
    """
    case = load_scenario(scenario, overrides=changes or ())
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PRINTED_WIDTH)
    if fold:
        console.print(_margins(case))
        return
    # loads scipy; `--help` should not
    from standfast.meanfield.run import run_meanfield  # noqa: PLC0415

    run = run_meanfield(case)
    console.print(_verdicts(case, run))
    console.print(f"Mean-field twin, {run.seconds:.1f} s.", highlight=False)


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(columns[0])
    for title in columns[1:]:
        table.add_column(title, justify="left" if title == "Verdict" else "right", no_wrap=True)
    return table


def _verdicts(case: Scenario, run: MeanField) -> Table:
    """Return a row for each garrison, and the whole; hours count from the reference event."""
    judged, start = run.judgement, _reference(case)
    table = _table("Place", "Verdict", "Gone", "Half gone, h", "Lost, h")
    for k, slug in enumerate(run.places):
        if np.isnan(judged.share_gone[k]):
            continue
        table.add_row(
            case.places[slug].title,
            judged.verdict[k] or _NONE,
            f"{judged.share_gone[k]:.0%}",
            _hours(judged.hours_to_half[k] - start),
            _hours(run.lost_hour[k] - start),
        )
    table.add_row("All", judged.overall or _NONE, f"{judged.overall_share_gone:.0%}", "", "")
    return table


def _margins(case: Scenario) -> Table:
    from standfast.meanfield.margin import margins  # noqa: PLC0415  loads scipy

    table = _table("Force", "Commitment", "Pull of departures", "Quiet ends under", "Margin")
    for found in margins(case):
        at = f"{found.fold.quiet_commitment:.2f}" if found.fold else _NONE
        table.add_row(
            case.forces[found.force].title,
            f"{found.commitment:.2f}",
            f"{found.weight:.2f}",
            at,
            f"{found.margin:.2f}" if found.fold else _NONE,
        )
    return table


def _reference(case: Scenario) -> float:
    for event in case.events:
        if event.id == case.time.reference_event:
            return hours_of(event.at, case.time.start)
    return 0.0


def _hours(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else _NONE
