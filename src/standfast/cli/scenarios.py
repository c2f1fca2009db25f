"""`standfast scenarios`: what is built in."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from standfast.scenario.load import list_library, load_scenario


def scenarios() -> None:
    """List the built-in scenarios."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("scenario", style="bold", no_wrap=True)
    table.add_column("people", justify="right")
    table.add_column("days", justify="right")
    table.add_column("what it is")
    for name in list_library():
        scenario = load_scenario(name)
        people = sum(force.paper for force in scenario.forces.values())
        days = f"{scenario.time.horizon / 24:g}"
        table.add_row(name, f"{people:,}", days, f"{scenario.title}. {scenario.summary}".strip())
    Console().print(table)
