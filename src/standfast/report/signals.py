"""What was said and what was not answered: calls, alarms, orders and flights, by hour and place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.report.view import main_group
from standfast.report.words import count, middle_title

if TYPE_CHECKING:
    from standfast.report.view import Shares, View

#: hours are put together into at most this many bins; a screen has no more columns to show them in
MOST_BINS = 120


@dataclass(frozen=True)
class Lane:
    """One kind of signal.

    Attributes
    ----------
    name
        What the page calls it by.
    title
        What people read.
    kinds
        Kinds of lines of the log that belong to it.
    tone
        Class of its colour.
    """

    name: str
    title: str
    kinds: tuple[str, ...]
    tone: str = ""


LANES = (
    Lane("call", "Calls for help", ("call",)),
    Lane("answered", "A call is answered", ("call_answered",), "held"),
    Lane("unanswered", "Refused, or no answer", ("call_refused", "call_unanswered"), "collapse"),
    Lane("help", "Help arrives", ("reinforcement_arrives",), "held"),
    Lane("alarm", "The same text on many phones", ("mass_message",)),
    Lane("ultimatum", "Ultimatums to renounce", ("ultimatum",)),
    Lane("treachery", "Talk of treachery", ("treachery_rumour",)),
    Lane("order", "Orders and releases", ("order", "evacuation", "leaving_safety", "call_up")),
    Lane("commanders", "Commanders of a battalion leave", ("commanders_leave",), "collapse"),
    Lane("rout", "A battalion runs", ("rout",), "collapse"),
    Lane("lost", "The place is lost", ("place_lost",), "collapse"),
)


def count_signals(view: View) -> dict[str, Any]:
    """Return signals by garrison and lane: [bin, mean number a run], over the runs that maps show.

    Bins are of `step` hours, from the start.
    """
    members = main_group(view)
    step = max(1, int(np.ceil(float(view.hours[-1]) / MOST_BINS)))
    events = view.events[view.events["replicate"].isin(members)]
    events = events.assign(bin=(events["hour"] // step).astype(int))
    lane_of = {kind: lane.name for lane in LANES for kind in lane.kinds}
    events = events.assign(lane=events["kind"].astype(str).map(lane_of)).dropna(subset="lane")
    counted = events.groupby(["place", "lane", "bin"], as_index=False).size()
    places: list[dict[str, list[list[float]]]] = [{} for _ in view.garrisons]
    columns = (counted[name].tolist() for name in ("place", "lane", "bin", "size"))
    for place, lane, at, number in zip(*columns, strict=True):
        if place in view.garrisons:
            found = places[view.garrisons.index(place)].setdefault(lane, [])
            found.append([at, round(number / members.size, 3)])
    return {
        "step": step,
        "runs": int(members.size),
        "lanes": [{"name": lane.name, "title": lane.title, "tone": lane.tone} for lane in LANES],
        "places": places,
    }


def totals(view: View, place: str) -> dict[str, Shares]:
    """Return how often each signal came in each run that maps show, at one place, by lane."""
    members = main_group(view)
    here = view.events[view.events["place"] == place]
    counted = {}
    for lane in LANES:
        runs = here.loc[here["kind"].isin(lane.kinds), "replicate"].to_numpy()
        counted[lane.name] = np.array([(runs == run).sum() for run in members], dtype=float)
    return counted


def finding(view: View) -> str:
    """Say how many calls for help from the place of the headline were answered."""
    place = view.garrisons[view.focus]
    counted = totals(view, place)
    asked, answered = (round(float(np.median(counted[name]))) for name in ("call", "answered"))
    where = middle_title(view.title(place))
    if asked == 0:
        return f"Nobody at {where} calls for help."
    if asked == 1:
        return f"The one call for help from {where} is {'' if answered else 'not '}answered."
    verb = "are" if answered > 1 else "is"
    return f"Of {count(asked)} calls for help from {where}, {count(answered) if answered else 'none'} {verb} answered."


def signal_rows(view: View) -> list[dict[str, str]]:
    """Return how often each signal came at the place of the headline: the middle run and its range."""
    rows = []
    counted = totals(view, view.garrisons[view.focus])
    for lane in LANES:
        numbers = counted[lane.name]
        low, middle, high = (round(float(q)) for q in np.quantile(numbers, (0.05, 0.5, 0.95)))
        if high:
            span = "" if low == high else f"{low}–{high}"
            rows.append({"title": lane.title, "middle": str(middle), "range": span})
    return rows
