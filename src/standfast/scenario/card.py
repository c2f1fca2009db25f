"""The card that a notebook shows for a scenario."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from standfast.scenario.evidence_table import assumed_share, evidence_rows
from standfast.scenario.moments import hours_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from standfast.scenario.model import Scenario

#: longer lists are cut, and the card says so
MOST_ROWS = 12
_CELL = "padding:.15em .8em .15em 0;text-align:left;vertical-align:top"


def render_scenario(scenario: Scenario) -> str:
    """Return a scenario as HTML: garrisons and their strength on paper, events, share assumed."""
    days = scenario.time.horizon / 24
    assumed = assumed_share(evidence_rows(scenario))
    names = sum(force.paper for force in scenario.forces.values())
    return (
        f"<div><p><b>{escape(scenario.title)}</b> ({escape(scenario.scenario)})<br>"
        f"{escape(scenario.summary)}</p>"
        + _table(("Place", "Control", "Names on the payroll"), _garrisons(scenario))
        + _table(("When", "Where", "What"), _events(scenario))
        + f"<p><small>{names:,} names, from {scenario.time.start:%d %B %Y, %H:%M} for {days:g} days; "
        f"{100 * assumed:.0f} % of the values are assumed.<br>"
        "Synthetic people; no forecast.</small></p></div>"
    )


def _garrisons(scenario: Scenario) -> list[tuple[str, ...]]:
    paper = dict.fromkeys(scenario.places, 0)
    for force in scenario.forces.values():
        paper[force.place] += force.paper
    ranked = sorted((name for name in paper if paper[name]), key=lambda name: -paper[name])
    return [
        (scenario.places[name].title, scenario.places[name].control, f"{paper[name]:,}")
        for name in ranked
    ]


def _events(scenario: Scenario) -> list[tuple[str, ...]]:
    rows = []
    for event in scenario.events:
        hour = hours_of(event.at, scenario.time.start)
        places = getattr(event, "places", None) or [getattr(event, "place", "")]
        where = ", ".join(scenario.places[name].title for name in places if name in scenario.places)
        title = event.title or event.kind.replace("_", " ")
        rows.append((hour, where, title))
    return [
        (f"{scenario.time.start + timedelta(hours=hour):%d %b, %H:%M}", where, title)
        for hour, where, title in sorted(rows, key=lambda row: row[0])
    ]


def _table(heads: Iterable[str], rows: list[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th style="{_CELL}">{escape(text)}</th>' for text in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(text)}</td>' for text in row) + "</tr>"
        for row in rows[:MOST_ROWS]
    )
    more = len(rows) - MOST_ROWS
    note = f"<p><small>and {more} more</small></p>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"
