"""`standfast evidence`: every value with what stands behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from standfast.scenario.evidence import GRADES
from standfast.scenario.evidence_table import EvidenceRow, assumed_share, evidence_rows
from standfast.scenario.load import load_scenario

_PRINTED_WIDTH = 150
_STYLES = {"A": "green", "B": "green", "C": "yellow", "D": "red"}


def evidence(
    scenario: Annotated[str, typer.Argument(help="A built-in scenario, or a scenario file.")],
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
    ] = None,
    *,
    summary: Annotated[bool, typer.Option("--summary", help="Only the shares, no table.")] = False,
    stated: Annotated[bool, typer.Option("--stated", help="Leave out what is assumed.")] = False,
) -> None:
    """List every value of SCENARIO with grade and source, and the share that is assumed.

    Values are the facts of the case and the behavioural parameters. Choices are not listed:
    horizon, step, bounds of the verdict, interventions, switches.
    """
    rows = evidence_rows(load_scenario(scenario, overrides=changes or ()))
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PRINTED_WIDTH)
    if not summary:
        console.print(_table([row for row in rows if not (stated and row.assumed)]))
    console.print(_shares(rows))


def _table(rows: Sequence[EvidenceRow]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("value", no_wrap=True, max_width=56)
    table.add_column("is", justify="right", no_wrap=True, max_width=22)
    table.add_column("grade")
    table.add_column("range or prior", max_width=30)
    table.add_column("source", ratio=1)
    for row in rows:
        # texts of a file are shown as they are: what looks like markup stays text
        grade = Text(row.grade, style=_STYLES[row.grade])
        table.add_row(
            *map(Text, (row.path, row.value)), grade, *map(Text, (row.spread, row.source))
        )
    return table


def _shares(rows: Sequence[EvidenceRow]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for name in ("values", *GRADES, "assumed"):
        table.add_column(name, justify="right")
    kinds = {
        "the case": [row for row in rows if not row.behavioural],
        "behavioural parameters": [row for row in rows if row.behavioural],
        "all": list(rows),
    }
    for kind, some in kinds.items():
        count = Counter(row.grade for row in some)
        grades = [str(count[grade]) for grade in ("A", "B", "C", "D")]
        table.add_row(kind, str(len(some)), *grades, f"{assumed_share(some):.0%}")
    table.caption = "; ".join(f"{grade} {meaning}" for grade, meaning in GRADES.items())
    table.caption_justify = "left"
    return table
