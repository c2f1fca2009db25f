"""One small timeline a garrison, ordered so that what happened can be read off the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.report.still import small_timeline
from standfast.report.words import percent

if TYPE_CHECKING:
    from markupsafe import Markup

    from standfast.report.view import View

#: a longer list of places where nothing happened is folded away
MOST_QUIET = 5


@dataclass(frozen=True)
class Multiple:
    """A garrison: its index, its name, how it ends, and its still figure."""

    i: int
    title: str
    end: str
    svg: Markup


@dataclass(frozen=True)
class Row:
    """Garrisons that went alike."""

    name: str
    multiples: list[Multiple]
    folded: bool = False


def list_multiples(view: View) -> list[Row]:
    """Return the garrisons by how often their place is lost; empty rows are left out."""
    most: list[tuple[float, int]] = []
    some: list[tuple[float, int]] = []
    few: list[int] = []
    for i in range(len(view.garrisons)):
        hours = np.sort(view.lost_hour[np.isfinite(view.lost_hour[:, i]), i])
        if 2 * hours.size > view.n_replicate:
            most.append((float(hours[hours.size // 2]), i))
        elif hours.size or len(view.groups[i]) > 1:
            some.append((-hours.size, i))
        else:
            few.append(i)
    rows = [
        Row(
            "Lost in most runs, in order of falling", [_multiple(view, i) for _, i in sorted(most)]
        ),
        Row("Lost in some runs, or split", [_multiple(view, i) for _, i in sorted(some)]),
        Row("Never lost", [_multiple(view, i) for i in few], folded=len(few) > MOST_QUIET),
    ]
    return [row for row in rows if row.multiples]


def _multiple(view: View, i: int) -> Multiple:
    ends = [float(np.median(view.serving[group, -1, i])) for group in view.groups[i]]
    end = " or ".join(percent(each) for each in ends)
    return Multiple(i, view.title(view.garrisons[i]), end, small_timeline(view, i))
