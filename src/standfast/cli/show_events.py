"""The events and interventions of a scenario as timelines for the terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from standfast.scenario.events import CallUp, MassMessage
from standfast.scenario.interventions import SIZE_MEANS
from standfast.scenario.moments import hours_of

if TYPE_CHECKING:
    from standfast.scenario.events import Event
    from standfast.scenario.interventions import Intervention
    from standfast.scenario.model import Scenario

#: a sign and a colour for each kind of event
SIGNS: dict[str, tuple[str, str]] = {
    "attack": ("▶", "bold red"),
    "intensify": ("▲", "bold red"),
    "reinforce": ("+", "bold green"),
    "commanders_leave": ("◂", "bold yellow"),
    "mass_message": ("≡", "bold magenta"),
    "order": ("!", "bold yellow"),
    "call_up": ("!", "bold blue"),
    "breach": ("#", "bold magenta"),
    "prison_break": ("#", "bold red"),
    "mobilisation": ("+", "bold green"),
    "leaving_safety": ("~", "bold magenta"),
}


def list_events(scenario: Scenario, width: int) -> Table:
    """Return the events by day and hour, in the order in which they happen.

    Parameters
    ----------
    scenario
        Its events are listed, hours counted from its reference event if it has one.
    width
        Columns to use.
    """
    start = scenario.time.start
    timed = sorted(
        ((hours_of(event.at, start), event) for event in scenario.events), key=lambda pair: pair[0]
    )
    origin = next((h for h, e in timed if e.id == scenario.time.reference_event), None)
    table = Table(box=None, width=width, pad_edge=False, padding=(0, 1), show_header=False)
    for justify in ("left", "left", "right", "center"):
        table.add_column(justify=justify, no_wrap=True)
    table.add_column(ratio=1)
    day = ""
    for hour, event in timed:
        moment = start + timedelta(hours=hour)
        today = f"{moment:%a} {moment.day} {moment:%b}"
        sign, style = SIGNS[event.kind]
        since = Text(_since(hour - origin), style="dim") if origin is not None else Text()
        table.add_row(
            Text(today if today != day else "", style="bold"),
            f"{moment:%H:%M}",
            since,
            Text(sign, style=style),
            Text.assemble(_headline(scenario, event), "\n", (_details(scenario, event), "dim")),
        )
        day = today
    return table


def list_interventions(scenario: Scenario, width: int) -> Table:
    """Return the interventions with their size, start and places."""
    table = Table(box=None, width=width, pad_edge=False, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(ratio=1)
    for measure in scenario.interventions:
        table.add_row(
            Text(measure.title or measure.kind.replace("_", " "), style="bold"),
            f"{measure.size:.0%}",
            Text(_terms(scenario, measure), style="dim"),
        )
    return table


def _since(hours: float) -> str:
    return "0 h" if hours == 0 else f"{hours:+.0f} h"


def _headline(scenario: Scenario, event: Event) -> Text:
    return Text(event.title or f"{event.kind.replace('_', ' ')} at {_where(scenario, event)}")


def _details(scenario: Scenario, event: Event) -> str:
    parts = [
        f"{event.kind.replace('_', ' ')} · {_where(scenario, event)}",
        *_numbers(scenario, event),
    ]
    if event.spread:
        parts.append(f"within {event.spread:g} h")
    if event.probability < 1:
        parts.append(f"{event.probability:.0%} of runs")
    if event.unless_held is not None:
        parts.append(f"only if {_title(scenario, event.unless_held)} has fallen")
    return " · ".join(parts)


def _numbers(scenario: Scenario, event: Event) -> list[str]:
    match event.kind:
        case "attack":
            parts = [f"{event.fighters:,} fighters at {event.intensity:.0%}"]
            if event.breaks_off_after is not None:
                parts.append(f"breaks off after {event.breaks_off_after:g} h")
            if event.campaign_lead is not None:
                parts.append(f"announced {event.campaign_lead:g} h ahead")
        case "intensify":
            parts = [f"to {event.intensity:.0%}"]
        case "reinforce":
            force = scenario.forces[event.force].title
            parts = [f"{event.battalions} battalions, {force}, after {event.delay:g} h"]
        case "commanders_leave" | "breach":
            parts = [f"{event.share:.0%}"]
        case "mass_message":
            parts = [f"{event.reach:.0%} of phones"]
        case "order":
            to = f" to {_title(scenario, event.to)}" if event.to else ""
            parts = [f'"{event.order}"{to}, {event.share:.0%} of battalions']
        case "mobilisation":
            parts = [f"{event.volunteers:,} volunteers"]
        case "leaving_safety":
            parts = [
                f"leaving looks {'safer' if event.change > 0 else 'deadlier'}: {event.change:+g}"
            ]
        case _:
            parts = []
    return parts


def _where(scenario: Scenario, event: Event) -> str:
    if isinstance(event, MassMessage | CallUp):
        return ", ".join(_title(scenario, name) for name in event.places)
    return _title(scenario, event.place)


def _title(scenario: Scenario, place: str) -> str:
    return scenario.places[place].title


def _terms(scenario: Scenario, measure: Intervention) -> str:
    parts = [SIZE_MEANS[measure.kind], f"from {measure.start}"]
    if measure.duration is not None:
        parts.append(f"for {measure.duration:g} h")
    if measure.places:
        parts.append("at " + ", ".join(_title(scenario, name) for name in measure.places))
    if measure.battalions:
        parts.append(f"{measure.battalions} battalions")
    if measure.delay is not None:
        parts.append(f"after {measure.delay:g} h")
    return " · ".join(parts)
