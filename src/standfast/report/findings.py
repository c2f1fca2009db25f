"""What the numbers say, in sentences; every number in them comes from the summary or the series."""

from __future__ import annotations

from typing import Any

import numpy as np

from standfast.report.leaving import gone_by_home
from standfast.report.view import Shares, View, main_group, middle
from standfast.report.words import (
    BRANCH_TITLES,
    EXIT_TITLES,
    HOME_CLAUSES,
    TERM_TITLES,
    VERDICT_VERBS,
    first_capital,
    first_small,
    hours,
    join,
    largest,
    middle_title,
    of_runs,
    percent,
    span,
    whole,
)

#: a garrison that loses this share of its people within a day went over a cliff
CLIFF = 0.4
#: and leaked before that when it had lost no more than this
LEAKAGE = 0.2


def headline(view: View) -> str:
    """Say what becomes of the place that matters most.

    The verdict classes of that place, the most frequent first, as counts of replicates.
    """
    place = view.title(view.garrisons[view.focus])
    shares = view.summary["places"][view.garrisons[view.focus]]["verdict"]
    if not shares:
        return f"What becomes of {place}"
    ranked = largest(shares)
    if len(ranked) == 1:
        where = "the one run made" if view.n_replicate == 1 else f"all {view.n_replicate} runs"
        return f"{place} {VERDICT_VERBS[ranked[0][0]]} in {where}."
    parts = [
        f"{VERDICT_VERBS[name]} in {round(share * view.n_replicate)}" for name, share in ranked
    ]
    parts[0] += f" of {view.n_replicate} runs"
    return f"{place} {join(parts)}."


def lead(view: View) -> list[str]:
    """Say in two or three sentences what the headline leaves open."""
    overall = view.summary["overall"]
    sentences = [_until_half(view)]
    gone, killed = overall["share_gone"], overall["killed_share"]
    if gone and killed:
        sentences.append(
            f"Of the whole force {percent(gone['median'])}{_range(span(gone))} no longer serve at "
            f"the end; {percent(killed['median'])} are dead."
        )
    return [sentence for sentence in (*sentences, front(view)) if sentence]


def _until_half(view: View) -> str:
    half = view.summary["places"][view.garrisons[view.focus]]["hours_to_half"]
    if not half:
        return ""
    if not half.get("happened", 1.0):
        return "It never loses half of its garrison."
    if half["median"] is None:
        share = of_runs(half.get("happened", 0.0), view.n_replicate)
        return f"Half of its garrison goes in {share}."
    if half["median"] < 0:
        return f"Half of its garrison is gone {hours(-half['median'])} before {view.since}."
    usual = hours(half["median"])
    return f"Half of its garrison is gone {usual}{_range(span(half, hours))} after {view.since}."


def _range(text: str) -> str:
    return f" ({text})" if text else ""


def front(view: View) -> str:
    """Say how far the front runs."""
    numbers = view.summary["front"]
    lost, last = numbers["places_lost"], numbers["last_place_lost"]
    if not lost or not last:
        return "No place is lost."
    name, share = largest(last)[0]
    often = of_runs(share, view.n_replicate)
    if lost["median"] < 1:
        some = of_runs(sum(last.values()), view.n_replicate)
        return f"Places are lost in {some}; the last to fall is most often {middle_title(view.title(name))}."
    if view.n_replicate == 1:
        return (
            f"{_places(lost['median'])} lost; the last to fall is {middle_title(view.title(name))}."
        )
    return (
        f"{_places(lost['median'])} lost in the middle run; the last to fall is most often "
        f"{middle_title(view.title(name))} ({often})."
    )


def _places(number: float) -> str:
    return "1 place is" if number == 1 else f"{whole(number)} places are"


def who(view: View) -> str:
    """Say who left most and who least, by branch and home."""
    rows = [row for row in gone_by_home(view) if row["median"] is not None]
    if not any(row["median"] for row in rows):
        return "Nobody left."
    rows.sort(key=lambda row: -row["median"])
    text = f"Of the {_group(rows[0])}, {percent(rows[0]['median'])} left"
    if len(rows) > 1:
        text += f"; of the {_group(rows[-1])}, {percent(rows[-1]['median'])}"
    return text + "."


def _group(row: dict[str, Any]) -> str:
    return f"{BRANCH_TITLES[row['branch']].lower()} {HOME_CLAUSES[row['home']]}"


def how(view: View) -> str:
    """Say which ways out most people took."""
    ranked = _ranked(view.summary["exits"])
    if not ranked:
        return "Nobody left."
    name, share = ranked[0]
    text = f"{percent(share)} of those who left {first_small(EXIT_TITLES[name])}"
    if len(ranked) > 1:
        name, share = ranked[1]
        text += f", {percent(share)} {first_small(EXIT_TITLES[name])}"
    return text + "."


def why(view: View) -> str:
    """Say which terms weighed most at the moment of leaving."""
    ranked = _ranked(view.summary["causes"]["proximate"])
    if not ranked:
        return "Nobody left."
    name, share = ranked[0]
    text = f"{TERM_TITLES[name]} weighed most: {percent(share)} of the pressure to leave"
    if len(ranked) > 1:
        name, share = ranked[1]
        text += f", then {first_small(TERM_TITLES[name])}, {percent(share)}"
    return text + "."


def _ranked(spreads: dict[str, Any]) -> list[tuple[str, float]]:
    medians = {name: spread["median"] for name, spread in spreads.items() if spread}
    return largest(medians)


def happened(view: View) -> str:
    """Say how the garrison of the headline went: at once or slowly, and in how many ways."""
    place, i = view.title(view.garrisons[view.focus]), view.focus
    groups = view.groups[i]
    if len(groups) == 2:
        ends = [percent(float(np.median(view.serving[group, -1, i]))) for group in groups]
        sizes = [group.size for group in groups]
        return (
            f"{place} ends one of two ways: {sizes[0]} runs keep about {ends[0]} of its garrison, "
            f"{sizes[1]} keep about {ends[1]}, and none ends between."
        )
    line = middle(view.serving[:, :, i])
    return _cliff(view, line, place) or _ending(view, line, place)


def _ending(view: View, line: Shares, place: str) -> str:
    tail = " in the middle run" if view.n_replicate > 1 else ""
    return f"{place} ends with {percent(float(line[-1]))} of its garrison still serving{tail}."


def _cliff(view: View, line: Shares, place: str) -> str:
    """Say that a garrison leaked for days and then went within one; empty where it did not."""
    a_day_on = np.interp(view.hours + 24.0, view.hours, line)
    start = int(np.argmax(line - a_day_on))
    before, within = float(line[0] - line[start]), float(line[start] - a_day_on[start])
    if within < CLIFF or before > LEAKAGE or view.hours[start] < 24.0:
        return ""
    days = round(float(view.hours[start]) / 24.0)
    first = "day" if days == 1 else f"{days} days"
    return (
        f"{place} loses {percent(before)} of its garrison in the first {first}, then "
        f"{percent(within)} within one."
    )


def readings(view: View) -> str:
    """Say how trust and fear moved at the place of the headline, in the larger group of runs."""
    members, place = main_group(view), view.title(view.garrisons[view.focus])
    trust = _middle_line(view.mood("trust")[members, :, view.focus])
    fear = _middle_line(view.mood("fear")[members, :, view.focus])
    if not (trust.size and fear.size):
        return "Nobody was on duty to be asked."
    says = (
        f"trust in command at {middle_title(place)} goes from {percent(float(trust[0]))} to "
        f"{percent(float(trust.min()))} at its lowest; fear peaks at {percent(float(fear.max()))}."
    )
    if members.size < view.n_replicate:
        return f"In the {members.size} runs that end alike, {says}"
    return first_capital(says)


def _middle_line(values: Shares) -> Shares:
    """Median over replicates by hour, hours without anybody on duty left out."""
    line = middle(values)
    return line[np.isfinite(line)]
