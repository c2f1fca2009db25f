"""What the charts draw, as one compact object: a byte or two a value, thinned to a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from standfast.report.leaving import (
    exits_by_branch,
    flows,
    gone_by_home,
    gone_by_hour,
    serving_by_branch,
)
from standfast.report.pack import ONE, pack
from standfast.report.ranks import list_forces
from standfast.report.signals import count_signals
from standfast.report.view import View, quantiles
from standfast.report.words import BRANCH_TITLES, EXIT_TITLES, HOME_TITLES, TERM_TITLES

if TYPE_CHECKING:
    from standfast.report.sheet import MapSheet
    from standfast.report.view import Happening

#: bytes of hourly series before base 64; the page stays under 5 MB
BUDGET = 2_200_000
#: more hours than any screen has columns are never sent
MOST_HOURS = 1500
READINGS = ("trust", "fear", "wavering")
Indices = npt.NDArray[np.intp]


def build_payload(view: View, sheet: MapSheet) -> dict[str, Any]:
    """Return everything the charts of a page need, ready for `to_json`."""
    kept = thin_hours(view)
    return {
        "one": ONE,
        "start": view.start.isoformat(timespec="minutes"),
        "hours": [round(float(hour), 3) for hour in view.hours[kept]],
        "replicates": view.n_replicate,
        "bounds": [view.scenario.verdict.collapse, view.scenario.verdict.held],
        "focus": view.focus,
        "places": [_place(view, i, kept) for i in range(len(view.garrisons))],
        "events": [_event(view, happening) for happening in view.happenings],
        "map": map_of(sheet),
        "who": gone_by_home(view),
        "homes": gone_by_hour(view, kept),
        "exits": exits_by_branch(view),
        "flows": flows(view),
        "forces": list_forces(view),
        "signals": count_signals(view),
        "why": view.summary["causes"]["proximate"],
        "words": {
            "branch": BRANCH_TITLES,
            "home": HOME_TITLES,
            "exit": EXIT_TITLES,
            "term": TERM_TITLES,
        },
    }


def thin_hours(view: View) -> Indices:
    """Choose which recorded hours are sent; always the first and the last."""
    n_hour = view.hours.size
    # a line a run, two groups with five quantiles of two bytes, three of each reading and branch
    n_branch = view.series.sizes["branch"]
    per_hour = len(view.garrisons) * (view.n_replicate + 20 + 6 * (len(READINGS) + n_branch))
    most = max(2, min(MOST_HOURS, BUDGET // max(per_hour, 1)))
    if n_hour <= most:
        return np.arange(n_hour)
    return np.unique(np.rint(np.linspace(0, n_hour - 1, most)).astype(np.intp))


def _place(view: View, i: int, kept: Indices) -> dict[str, Any]:
    serving = view.serving[:, kept, i]
    control = view.reading("control")[:, :, i]
    name = view.garrisons[i]
    return {
        "id": name,
        "title": view.title(name),
        "people": round(float(view.people[i])),
        "runs": pack(serving),
        "groups": [
            {
                "members": [int(member) for member in members],
                "quantiles": [pack(row, width=2) for row in quantiles(serving[members])],
                "readings": {name: _band(view, name, members, i, kept) for name in READINGS},
            }
            for members in view.groups[i]
        ],
        "branches": serving_by_branch(view, i, kept),
        "lost": [None if np.isnan(hour) else float(hour) for hour in view.lost_hour[:, i]],
        "control": [_changes(view.hours, row) for row in control],
    }


def _band(view: View, name: str, members: Indices, i: int, kept: Indices) -> list[str]:
    rows = quantiles(view.mood(name)[members][:, kept, i])
    return [pack(rows[k]) for k in (0, 2, 4)]


def _changes(hours: np.ndarray[Any, Any], control: np.ndarray[Any, Any]) -> list[list[float]]:
    """Return [hour, code] at the start and wherever the code changes."""
    at = [0, *(np.flatnonzero(np.diff(control)) + 1)]
    return [[round(float(hours[k]), 3), int(control[k])] for k in at]


def _event(view: View, happening: Happening) -> dict[str, Any]:
    return {
        "n": happening.number,
        "hour": round(happening.hour, 3),
        "title": happening.title,
        "places": [view.garrisons.index(p) for p in happening.places if p in view.garrisons],
    }


def map_of(sheet: MapSheet) -> dict[str, Any]:
    """Return what a page draws of the map, once."""
    return {
        "height": sheet.sheet.height,
        "home": sheet.outlines.home,
        "borders": sheet.outlines.borders,
        "rivers": sheet.outlines.rivers,
        "roads": [list(road) for road in sheet.roads],
        "spots": [
            {"title": s.title, "x": s.x, "y": s.y, "r": s.radius, "garrison": s.garrison}
            for s in sheet.spots
        ],
        "labels": {
            name: [[label.x, label.y, label.anchor] if label else None for label in labels]
            for name, labels in sheet.labels.items()
        },
    }
