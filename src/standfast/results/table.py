"""The verdict table for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from standfast.results.words import (
    NOTHING,
    counted,
    garrisons,
    headline,
    in_hours,
    in_percent,
    likeliest,
    percent,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from standfast.results.result import Result

_STYLE = {
    "held": "green",
    "organised withdrawal": "cyan",
    "fragmented": "yellow",
    "total collapse": "red",
}
_TOP = 4
#: with more garrisons than this, those that held in every replicate share one line
_MANY = 12


def verdict_table(result: Result) -> RenderableType:
    """Return what `standfast run` prints: a row for each garrison, the whole, why and how.

    Parameters
    ----------
    result
        Of any number of replicates.
    """
    summary, scenario = result.summary, result.scenario
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("Place")
    # a title may fold where the terminal is narrow, a number never
    table.add_column("Verdict", no_wrap=True)
    for title in ("Gone", "Half gone, h", "Lost, h"):
        table.add_column(title, justify="right", no_wrap=True)
    rows = dict(garrisons(summary))
    calm = [name for name, place in rows.items() if _always_held(place)]
    calm = calm if len(rows) > _MANY else []
    for name, place in rows.items():
        if name in calm:
            continue
        table.add_row(
            Text(scenario.places[name].title),
            _verdict(place["verdict"]),
            in_percent(place["share_gone"]),
            in_hours(place["hours_to_half"], unit=""),
            _middle(place["lost_at_h"]),
        )
    overall = summary["overall"]
    table.add_section()
    table.add_row(
        "The whole",
        _verdict(overall["verdict"]),
        in_percent(overall["share_gone"]),
        NOTHING,
        NOTHING,
        style="bold",
    )
    notes = _notes(summary, result)
    if calm:
        titles = ", ".join(scenario.places[name].title for name in calm)
        notes.insert(0, f"Held in every replicate: {titles}.")
    return Group(Text(headline(summary, scenario), style="bold"), table, Text("\n".join(notes)))


def _middle(hours: Mapping[str, float | None] | None) -> str:
    """Return the median alone; the range is in the summary."""
    if hours is None or hours["median"] is None:
        return in_hours(hours)
    return f"{hours['median']:.0f}"


def _always_held(place: Mapping[str, Any]) -> bool:
    return place["verdict"] is not None and place["verdict"]["held"] == 1


def _verdict(verdict: Mapping[str, float] | None) -> Text:
    outcome = likeliest(verdict)
    if outcome is None:
        return Text(NOTHING)
    name, share = outcome
    text = Text(name, style=_STYLE[name])
    return text.append(f" {percent(share)}", style="dim") if share < 1 else text


def _notes(summary: Mapping[str, Any], result: Result) -> list[str]:
    reference = result.scenario.time.reference_event
    since = f'the event "{reference}"' if reference else "the start"
    replicates = counted(summary["replicates"], "replicate")
    notes = [
        f"Likeliest verdict and its share of {replicates}; median (5 to 95 %).",
        f"Hours since {since}.",
        f"Why they left: {_largest(summary['causes']['proximate'])}.",
        f"How they left: {_largest(summary['exits'])}.",
    ]
    if not summary["people_conserved"]:
        notes.append("PEOPLE ARE NOT CONSERVED: this is a fault of standfast; please report it.")
    return notes


def _largest(shares: Mapping[str, Mapping[str, float] | None]) -> str:
    known = {name: spread["median"] for name, spread in shares.items() if spread is not None}
    if not known:
        return "nobody left"
    ranked = sorted(known, key=lambda name: -known[name])[:_TOP]
    return ", ".join(f"{name.replace('_', ' ')} {percent(known[name])}" for name in ranked)
