"""The card that a notebook shows for a result."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from standfast.results.verdict import VERDICTS
from standfast.results.words import garrisons, headline, in_hours, in_percent, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standfast.scenario.model import Scenario

_COLOUR = dict(zip(VERDICTS, ("#2a9d8f", "#4c86c6", "#e9b44c", "#c8423b"), strict=True))
_CELL = "padding:.15em .8em .15em 0;text-align:left"


def render_card(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """Return an HTML table: each garrison's verdict as a bar over replicates, gone, lost."""
    rows = [
        _row(scenario.places[name].title, place, in_hours(place["lost_at_h"]))
        for name, place in garrisons(summary)
    ]
    rows.append(_row("The whole", summary["overall"], ""))
    head = "".join(
        f'<th style="{_CELL}">{title}</th>' for title in ("Place", "Verdict", "Gone", "Lost")
    )
    key = " ".join(
        f'<span style="white-space:nowrap">{_block(colour)} {name}</span>'
        for name, colour in _COLOUR.items()
    )
    return (
        f"<div><p><b>{escape(headline(summary, scenario))}</b></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f"<p><small>{key}<br>Synthetic people; no forecast.</small></p></div>"
    )


def _row(title: str, part: Mapping[str, Any], lost: str) -> str:
    cells = (escape(title), _bar(part["verdict"]), in_percent(part["share_gone"]), lost)
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _bar(verdict: Mapping[str, float] | None) -> str:
    if verdict is None:
        return ""
    says = ", ".join(f"{name} {percent(share)}" for name, share in verdict.items() if share)
    parts = "".join(
        f'<span style="display:inline-block;height:.8em;width:{8 * share:.3f}em;'
        f'background:{_COLOUR[name]}"></span>'
        for name, share in verdict.items()
        if share
    )
    return f'<span role="img" aria-label="{says}" title="{says}">{parts}</span>'


def _block(colour: str) -> str:
    return f'<span style="display:inline-block;width:.8em;height:.8em;background:{colour}"></span>'
