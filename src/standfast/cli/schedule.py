"""`standfast schedule`: the order of a step, as the engine holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from standfast.engine.schedule import SCHEDULE

if TYPE_CHECKING:
    from standfast.engine.schedule import Phase

_PRINTED_WIDTH = 120


def schedule(
    *,
    arrays: Annotated[
        bool, typer.Option("--arrays", help="Also list the arrays each kernel is given.")
    ] = False,
) -> None:
    """Show the order of a step: its phases, their equations and mechanisms, and their kernels."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PRINTED_WIDTH)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1 if arrays else 0, 0))
    for name in ("", "phase", "what it does", "equations", "mechanisms", "kernel"):
        table.add_column(name, overflow="fold")
    for number, phase in enumerate(SCHEDULE, start=1):
        parts = (
            phase.name,
            phase.says,
            phase.equations,
            phase.mechanisms,
            _kernel(phase, arrays=arrays),
        )
        table.add_row(str(number), *map(Text, parts))
    console.print(table)


def _kernel(phase: Phase, *, arrays: bool) -> str:
    if phase.kernel is None:
        return "none, plain Python"
    module = phase.kernel.__module__.rpartition(".")[2]
    name = f"{module}.{phase.kernel.__name__}"
    return f"{name}({', '.join(phase.arguments)})" if arrays else name
