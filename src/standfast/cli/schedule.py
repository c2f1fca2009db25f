"""`standfast schedule`: the order of a step, as the engine holds it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from standfast.engine.schedule import SCHEDULE


def schedule() -> None:
    """Show the order of a step: its phases, their equations, and what they read and write."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for name in ("", "phase", "equations", "mechanisms", "what it does", "reads", "writes"):
        table.add_column(name)
    for number, phase in enumerate(SCHEDULE, start=1):
        parts = (
            phase.name,
            phase.equations,
            phase.mechanisms,
            phase.sentence,
            phase.reads,
            phase.writes,
        )
        table.add_row(str(number), *(Text(_words(part)) for part in parts))
    Console().print(table)


def _words(part: str | tuple[str, ...]) -> str:
    return part if isinstance(part, str) else ", ".join(part)
