"""What the numbers say, in sentences; every number in them comes from the summary or the series."""

from __future__ import annotations

from typing import Any

import numpy as np

from standfast.report.leaving import gone_by_home
from standfast.report.view import View
from standfast.report.words import (
    BRANCH_TITLES,
    EXIT_TITLES,
    HOME_TITLES,
    TERM_TITLES,
    VERDICT_VERBS,
    first_capital,
    hours,
    join,
    largest,
    of_runs,
    percent,
    span,
)


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
    place = view.garrisons[view.focus]
    numbers = view.summary["places"][place]
    sentences = []
    half = numbers["hours_to_half"]
    if half and half["median"] is not None:
        usual = f"{hours(half['median'])} after {view.since}"
        spread = span(half, hours)
        extent = f" (nine runs in ten: {spread})" if spread else ""
        sentences.append(f"Half of its garrison is gone {usual}{extent}.")
    elif half:
        share = of_runs(half.get("happened", 0.0), view.n_replicate)
        sentences.append(f"Half of its garrison goes in {share}.")
    gone, killed = overall["share_gone"], overall["killed_share"]
    if gone and killed:
        spread = span(gone)
        extent = f" ({spread})" if spread else ""
        sentences.append(
            f"Of the whole force {percent(gone['median'])}{extent} no longer serve at the end; "
            f"{percent(killed['median'])} are dead."
        )
    sentences.append(front(view))
    return [sentence for sentence in sentences if sentence]


def front(view: View) -> str:
    """Say how far the front runs."""
    numbers = view.summary["front"]
    lost, last = numbers["places_lost"], numbers["last_place_lost"]
    if not lost or not last or not lost["median"]:
        return "In most runs no place is lost."
    name, share = largest(last)[0]
    word = "place is" if round(lost["median"]) == 1 else "places are"
    tail = f"; the last to fall is most often {view.title(name)} ({of_runs(share, view.n_replicate)})"
    return f"{lost['median']:.0f} {word} lost in the middle run{tail}."


def who(view: View) -> str:
    """Say who left most and who least, by branch and home."""
    rows = [row for row in gone_by_home(view) if row["median"] is not None]
    if not rows:
        return "Nobody left."
    rows.sort(key=lambda row: -row["median"])
    worst, best = rows[0], rows[-1]
    text = f"{_group(worst)}: {percent(worst['median'])} left"
    if best is not worst:
        text += f". {_group(best)}: {percent(best['median'])}"
    return text + "."


def _group(row: dict[str, Any]) -> str:
    return f"{BRANCH_TITLES[row['branch']]}, {HOME_TITLES[row['home']]}"


def how(view: View) -> str:
    """Say which ways out most people took."""
    return _two(view.summary["exits"], EXIT_TITLES, "of those who left")


def why(view: View) -> str:
    """Say which terms weighed most at the moment of leaving."""
    return _two(view.summary["causes"]["proximate"], TERM_TITLES, "of the pressure to leave")


def _two(spreads: dict[str, Any], titles: dict[str, str], tail: str) -> str:
    medians = {
        name: spread["median"]
        for name, spread in spreads.items()
        if spread and spread["median"] is not None
    }
    if not medians:
        return "Nobody left."
    ranked = largest(medians)[:2]
    first = f"{titles.get(ranked[0][0], ranked[0][0])}: {percent(ranked[0][1])} {tail}"
    if len(ranked) == 1:
        return f"{first}."
    return f"{first}, then {titles.get(ranked[1][0], ranked[1][0]).lower()}: {percent(ranked[1][1])}."


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
    end = percent(float(np.median(view.serving[:, -1, i])))
    return f"{place} ends with {end} of its garrison still serving in the middle run."


def readings(view: View) -> str:
    """Say how trust moved at the place of the headline."""
    trust = view.reading("trust")[:, :, view.focus]
    fear = view.reading("fear")[:, :, view.focus]
    if not (np.isfinite(trust[:, 0]).any() and np.isfinite(fear).any()):
        return "Nobody was on duty to be asked."
    place = view.title(view.garrisons[view.focus])
    before = float(np.nanmedian(trust[:, 0]))
    seen = trust[:, np.isfinite(trust).any(axis=0)]
    after = float(np.nanmedian(seen, axis=0).min())
    peak = float(np.nanmedian(fear[:, np.isfinite(fear).any(axis=0)], axis=0).max())
    return first_capital(
        f"trust in command at {place} goes from {percent(before)} to {percent(after)} at its "
        f"lowest; fear peaks at {percent(peak)}."
    )
