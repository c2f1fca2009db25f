"""`standfast show`: a scenario at a glance in the terminal: map, order of battle, events."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from standfast.cli.show_events import list_events, list_interventions
from standfast.geography.boundaries import load_boundaries
from standfast.geography.sketch import draw_sketch
from standfast.scenario.forces import BRANCHES
from standfast.scenario.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rich.console import RenderableType

    from standfast.geography.boundaries import Boundary
    from standfast.geography.sketch import Kind
    from standfast.scenario.forces import Force
    from standfast.scenario.model import Scenario

WIDTH = 100
TALLEST = 40
STYLES: dict[Kind, str] = {
    "blank": "",
    "outline": "bright_black",
    "road": "yellow dim",
    "government": "bold cyan",
    "contested": "bold yellow",
    "adversary": "bold red",
    "region": "bold green",
    "name": "bold",
}
BAR = 8


def show(
    scenario: Annotated[str, typer.Argument(help="A built-in scenario, or a scenario file.")],
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be repeated."),
    ] = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(help="Own outlines for the map, GeoJSON.", show_default="Natural Earth"),
    ] = None,
) -> None:
    """Show SCENARIO: a map, the order of battle, and what happens when."""
    console = Console()
    found = load_scenario(scenario, overrides=changes or [])
    outlines = load_boundaries(boundaries)
    console.print(render(found, min(WIDTH, console.width), outlines))


def render(
    scenario: Scenario, width: int = WIDTH, boundaries: Iterable[Boundary] | None = None
) -> Group:
    """Return everything there is to show, for a rich console.

    Parameters
    ----------
    scenario
        What to show.
    width
        Columns to use; 100 looks best.
    boundaries
        Outlines for the map; None for those that ship.
    """
    parts: list[RenderableType] = [
        _heading(scenario, width),
        _map(scenario, width, boundaries),
        _title("Order of battle", "present = on paper, less ghosts, less those on leave"),
        _order_of_battle(scenario, width),
    ]
    if scenario.events:
        parts += [_title("Events"), list_events(scenario, width)]
    if scenario.interventions:
        parts += [_title("Interventions"), list_interventions(scenario, width)]
    return Group(*parts)


def present(force: Force) -> float:
    """Return how many of a force may be expected on duty at the start.

    Examples
    --------
    >>> round(present(load_scenario("garrison").forces["brigade"]))
    1200
    """
    return force.paper * (1 - force.ghosts) * (1 - force.leave)


def _heading(scenario: Scenario, width: int) -> Panel:
    time = scenario.time
    end = time.start + timedelta(hours=time.horizon)
    paper = sum(force.paper for force in scenario.forces.values())
    here = sum(present(force) for force in scenario.forces.values())
    lines = Text(scenario.summary.strip() or scenario.title)
    lines.append("\n\n")
    facts = [
        ("from", _date(time.start)),
        ("to", _date(end)),
        ("step", f"{time.step:g} h"),
        ("places", f"{len(scenario.places)}"),
        ("on paper", f"{paper:,}"),
        ("present", f"about {_round(here):,}"),
    ]
    for i, (name, value) in enumerate(facts):
        lines.append("   " if i else "")
        lines.append(f"{name} ", style="dim")
        lines.append(value, style="bold")
    title = Text.assemble((f" {scenario.title} ", "bold"), (f"({scenario.scenario}) ", "dim"))
    return Panel(lines, title=title, title_align="left", width=width, border_style="cyan")


def _date(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def _round(people: float) -> int:
    return int(round(people, -3 if people >= 100_000 else -2 if people >= 1000 else -1))


def _map(scenario: Scenario, width: int, boundaries: Iterable[Boundary] | None) -> Group:
    strength: defaultdict[str, float] = defaultdict(float)
    for force in scenario.forces.values():
        strength[force.place] += present(force)
    height = min(TALLEST, 16 + len(scenario.places))
    sketch = draw_sketch(scenario, strength, width=width, height=height, boundaries=boundaries)
    drawn = Text(no_wrap=True, overflow="crop")
    for row in sketch.rows:
        for cell in row:
            drawn.append(cell.character, style=STYLES[cell.kind])
        drawn.append("\n")
    legend = Text()
    for symbol, kind, meaning in (
        ("●", "government", "5,000 present"),
        ("•", "government", "1,000"),
        ("∙", "government", "fewer"),
        ("◐", "contested", "contested"),
        ("✕", "adversary", "adversary"),
        ("◇", "region", "home region"),
    ):
        legend.append(f"{symbol} ", style=STYLES[kind])  # type: ignore[index]
        legend.append(f"{meaning}   ", style="dim")
    legend.append(f"{sketch.kilometres:.0f} km a column", style="dim")
    parts = [drawn, legend]
    if sketch.unnamed:
        names = ", ".join(scenario.places[name].title for name in sketch.unnamed)
        parts.append(Text(f"no room for the names of: {names}", style="dim"))
    return Group(*parts)


def _title(text: str, note: str = "") -> Text:
    return Text.assemble(
        f"\n{text}", ("  " + note if note else "", "not bold dim"), style="bold cyan"
    )


def _order_of_battle(scenario: Scenario, width: int) -> Table:
    branches = [b for b in BRANCHES if any(f.branch == b for f in scenario.forces.values())]
    table = Table(
        box=SIMPLE_HEAD, width=width, pad_edge=False, show_footer=True, padding=(0, 0, 0, 1)
    )
    table.add_column("place", footer="all", ratio=1, no_wrap=True, overflow="ellipsis")
    forces = scenario.forces.values()
    for branch in branches:
        share = [f for f in forces if f.branch == branch]
        table.add_column(branch.replace("_", " "), footer=_strength(share), justify="right")
    table.add_column("paper", justify="right", footer=f"{sum(f.paper for f in forces):,}")
    table.add_column("present", justify="right", footer=f"{_round(sum(map(present, forces))):,}")
    table.add_column("of paper", footer=_bar(list(forces)), no_wrap=True)
    for name, place in scenario.places.items():
        here = [force for force in forces if force.place == name]
        if not here:
            continue
        cells = [_strength([f for f in here if f.branch == branch]) for branch in branches]
        paper, there = sum(f.paper for f in here), sum(map(present, here))
        table.add_row(place.title, *cells, f"{paper:,}", f"{_round(there):,}", _bar(here))
    return table


def _strength(forces: list[Force]) -> Text:
    if not forces:
        return Text("·", style="dim")
    here = _round(sum(map(present, forces)))
    return Text.assemble(f"{here:,}", (f"/{sum(f.paper for f in forces):,}", "dim"))


def _bar(forces: list[Force]) -> Text:
    paper = sum(force.paper for force in forces)
    share = sum(map(present, forces)) / paper if paper else 0.0
    full = round(share * BAR)
    style = "red" if share < 0.45 else "yellow" if share < 0.6 else "green"
    return Text.assemble(
        ("█" * full, style), ("░" * (BAR - full), "bright_black"), f" {share:4.0%}"
    )
