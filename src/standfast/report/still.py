"""Still figures, drawn here, for readers without scripts and for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup, escape

from standfast.report.projection import WIDTH
from standfast.report.view import Shares, View, main_group, quantiles
from standfast.report.words import moment, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.report.sheet import MapSheet

#: a small timeline [units]
ACROSS, DOWN = 240.0, 88.0
#: no line of a still figure has more points
MOST_POINTS = 160


def group_class(end: float, collapse: float, held: float) -> str:
    """Name the colour of a group of replicates by the share of people it ends with.

    Examples
    --------
    >>> group_class(0.9, 0.3, 0.7), group_class(0.5, 0.3, 0.7), group_class(0.1, 0.3, 0.7)
    ('held', 'fragmented', 'collapse')
    """
    if end >= held:
        return "held"
    return "collapse" if end < collapse else "fragmented"


def bar(parts: Sequence[tuple[str, float]]) -> Markup:
    """Draw shares of the replicates side by side; the numbers stand beside it as text.

    Examples
    --------
    >>> "held" in bar([("held", 0.4), ("collapse", 0.6)])
    True
    """
    pieces, left = [], 0.0
    for tone, share in parts:
        if share:
            pieces.append(
                f'<rect class="piece {tone}" x="{left:.2f}" width="{100 * share:.2f}" height="9"/>'
            )
            left += 100 * share
    return Markup(  # noqa: S704 - numbers and our own class names only
        f'<svg class="bar-of-runs" viewBox="0 0 100 9" preserveAspectRatio="none" '
        f'aria-hidden="true">{"".join(pieces)}</svg>'
    )


def small_timeline(view: View, i: int) -> Markup:
    """Draw one garrison's strength: a median and a band for each group of replicates."""
    at = np.unique(np.rint(np.linspace(0, view.hours.size - 1, MOST_POINTS)).astype(int))
    x = ACROSS * view.hours[at] / max(view.hours[-1], 1e-9)
    parts = [f'<path class="axis" d="M0,{DOWN:g}H{ACROSS:g}"/>']
    described = []
    bounds = view.scenario.verdict
    for members in view.groups[i]:
        rows = quantiles(view.serving[members][:, at, i])
        end = float(rows[2, -1])
        name = group_class(end, bounds.collapse, bounds.held)
        described.append(f"{members.size} of {view.n_replicate} runs end with {percent(end)}")
        if members.size > 1:
            parts.append(f'<path class="band {name}" d="{_area(x, rows[0], rows[4])}"/>')
        parts.append(f'<path class="middle {name}" d="M{_line(x, rows[2])}"/>')
    label = escape(f"{view.title(view.garrisons[i])}: still serving, {'; '.join(described)}")
    return Markup(  # noqa: S704 - every text in it is escaped above
        f'<svg class="still" viewBox="0 -4 {ACROSS:g} {DOWN + 8:g}" role="img" aria-label="{label}">'
        + "".join(parts)
        + "</svg>"
    )


def _line(x: Shares, y: Shares) -> str:
    return "L".join(f"{a:.1f},{DOWN * (1 - b):.1f}" for a, b in zip(x, y, strict=True))


def _area(x: Shares, low: Shares, high: Shares) -> str:
    return f"M{_line(x, high)}L{_line(x[::-1], low[::-1])}Z"


def map_hours(view: View, number: int = 6) -> list[int]:
    """Choose moments for still maps: the start, the end, and between them where most happens."""
    gone = (1 - np.median(view.serving[main_group(view)], axis=0)) @ view.people
    # half by the clock, half by what has happened, so that neither lull nor cliff fills the row
    clock = view.hours / max(view.hours[-1], 1e-9)
    progress = clock + (gone - gone[0]) / max(gone[-1] - gone[0], 1e-9)
    wanted = np.linspace(progress[0], progress[-1], number)
    found = np.searchsorted(np.maximum.accumulate(progress), wanted)
    return sorted({int(min(i, view.hours.size - 1)) for i in found})


def still_map(view: View, sheet: MapSheet, hour: int) -> Markup:
    """Draw the map at one recorded hour: the middle of the main group of runs."""
    members = main_group(view)
    serving = np.median(view.serving[members, hour], axis=0)
    taken = (view.reading("control")[members, hour] == 2).mean(axis=0)
    parts = [
        f'<path class="land" d="{sheet.outlines.home}"/>',
        f'<path class="river" d="{sheet.outlines.rivers}"/>',
        f'<path class="border" d="{sheet.outlines.borders}"/>',
        f'<path class="road" d="{_roads(sheet)}"/>',
    ]
    for spot, label in zip(sheet.spots, sheet.labels["narrow"], strict=True):
        if spot.garrison < 0:
            parts.append(f'<circle class="empty" cx="{spot.x}" cy="{spot.y}" r="{spot.radius}"/>')
        else:
            lost = "lost" if taken[spot.garrison] > 0.5 else "kept"
            inner = spot.radius * float(np.sqrt(min(serving[spot.garrison], 1.0)))
            parts.append(
                f'<circle class="ring {lost}" cx="{spot.x}" cy="{spot.y}" r="{spot.radius}"/>'
                f'<circle class="disc {lost}" cx="{spot.x}" cy="{spot.y}" r="{inner:.1f}"/>'
            )
        if label:
            parts.append(
                f'<text x="{label.x}" y="{label.y}" text-anchor="{label.anchor}" font-size="29">'
                f"{escape(spot.title)}</text>"
            )
    when = escape(moment(view.start, view.hours[hour]))
    n_lost = int((taken > 0.5).sum())
    label_text = f"Map, {when}: {n_lost} garrisoned places under the adversary in most runs"
    return Markup(  # noqa: S704 - every text in it is escaped above
        f'<svg class="map{"" if sheet.outlines.home else " nowhere"}" viewBox="0 0 {WIDTH:g} {sheet.sheet.height:g}" role="img" '
        f'aria-label="{label_text}">' + "".join(parts) + "</svg>"
    )


def _roads(sheet: MapSheet) -> str:
    ends: Sequence[tuple[int, int]] = sheet.roads
    return "".join(
        f"M{sheet.spots[a].x},{sheet.spots[a].y}L{sheet.spots[b].x},{sheet.spots[b].y}"
        for a, b in ends
    )
