"""Rows of the tables: the numbers of the summary, written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.report.leaving import gone_by_home
from standfast.report.still import bar
from standfast.report.view import middle
from standfast.report.words import (
    BRANCH_TITLES,
    EXIT_TITLES,
    HOME_TITLES,
    NONE,
    TERM_TITLES,
    count,
    hours,
    middle_title,
    moment,
    of_runs,
    percent,
    span,
    whole,
)
from standfast.results.verdict import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from standfast.report.view import View
    from standfast.report.words import Number, Spread

#: outcome class -> class of its colour on the page
TONES = dict(zip(VERDICTS, ("held", "withdrawal", "fragmented", "collapse"), strict=True))


def cell(spread: Spread | None, write: Callable[[Number], str] = percent) -> dict[str, str]:
    """Write a spread as a middle and a range.

    Examples
    --------
    >>> cell({"q05": 0.8, "median": 0.85, "q95": 0.9})["middle"].split()
    ['85', '%']
    >>> cell(None)
    {'middle': '–', 'range': ''}
    """
    if spread is None:
        return {"middle": NONE, "range": ""}
    return {"middle": write(spread["median"]), "range": span(spread, write)}


def verdict_row(
    title: str, note: str, shares: Mapping[str, float] | None, n_replicate: int
) -> dict[str, Any] | None:
    """Return one line of dots, a dot a replicate; None when there is no verdict."""
    if not shares:
        return None
    counts = [(name, round((shares[name] or 0) * n_replicate)) for name in VERDICTS]
    return {
        "title": title,
        "note": note,
        "many": n_replicate > 40,
        "dots": [TONES[name] for name, number in reversed(counts) for _ in range(number)],
        "tally": [
            {"tone": TONES[name], "name": name, "text": of_runs(shares[name], n_replicate)}
            for name, number in reversed(counts)
            if number
        ],
    }


def verdict_rows(view: View) -> list[dict[str, Any]]:
    """Return the dots of the place of the headline and of the whole force."""
    name = view.garrisons[view.focus]
    people = count(view.people[view.focus])
    rows = [
        verdict_row(
            view.title(name),
            f"{people} people",
            view.summary["places"][name]["verdict"],
            view.n_replicate,
        ),
        verdict_row(
            "The whole force",
            f"{count(view.people.sum())} people",
            view.summary["overall"]["verdict"],
            view.n_replicate,
        ),
    ]
    return [row for row in rows if row]


def key_figures(view: View) -> list[dict[str, str]]:
    """Return the five numbers that most people ask for first."""
    overall, front = view.summary["overall"], view.summary["front"]
    name = view.garrisons[view.focus]
    place, title = view.summary["places"][name], middle_title(view.title(name))
    rows = [
        ("Gone from the whole force", cell(overall["share_gone"])),
        (f"Gone from {title}", cell(place["share_gone"])),
        (f"Until half of {title} is gone", cell(place["hours_to_half"], hours)),
        ("Dead, of the whole force", cell(overall["killed_share"])),
        ("Places lost", cell(front["places_lost"], whole)),
    ]
    return [{"name": name, **numbers} for name, numbers in rows]


def place_rows(view: View) -> list[dict[str, Any]]:
    """Return a row for each garrison, the largest first."""
    rows = []
    for i, name in enumerate(view.garrisons):
        numbers = view.summary["places"][name]
        verdict = numbers["verdict"] or {}
        lost = numbers["lost_at_h"]
        rows.append(
            {
                "title": view.title(name),
                "focus": i == view.focus,
                "people": count(view.people[i]),
                "bar": bar(
                    [(TONES[each], verdict.get(each) or 0.0) for each in reversed(VERDICTS)]
                ),
                "verdict": [
                    {"tone": TONES[each], "name": each, "share": percent(verdict[each])}
                    for each in reversed(VERDICTS)
                    if verdict.get(each)
                ],
                "gone": cell(numbers["share_gone"]),
                "half": cell(numbers["hours_to_half"], hours),
                "nine_tenths": cell(numbers["hours_to_nine_tenths"], hours),
                "lost": cell(lost, hours),
                "happened": percent(lost["happened"]) if lost and lost.get("happened") else "",
                "branches": [
                    cell(numbers["by_branch"].get(branch, {}).get("share_gone"))
                    for branch in branches_present(view)
                ],
            }
        )
    return rows


def branches_present(view: View) -> list[str]:
    """Return the branches that serve anywhere, in the order of the format."""
    found = {branch for place in view.summary["places"].values() for branch in place["by_branch"]}
    return [branch for branch in BRANCH_TITLES if branch in found]


def who_rows(view: View) -> list[dict[str, Any]]:
    """Return a row for each branch and kind of home."""
    return [
        {
            "branch": BRANCH_TITLES[row["branch"]],
            "home": HOME_TITLES[row["home"]],
            "people": count(row["people"]),
            "left": cell(row),
        }
        for row in gone_by_home(view)
    ]


def spread_rows(spreads: dict[str, Any], titles: dict[str, str]) -> list[dict[str, Any]]:
    """Return a row for each named share, the largest first; what never happened last."""
    known = sorted(spreads.items(), key=lambda row: -(row[1]["median"] if row[1] else -1.0))
    return [{"title": titles.get(name, name), "share": cell(spread)} for name, spread in known]


def exit_rows(view: View) -> list[dict[str, Any]]:
    """Return a row for each way out."""
    return spread_rows(view.summary["exits"], EXIT_TITLES)


def cause_rows(view: View) -> list[dict[str, Any]]:
    """Return a row for each term of the pressure to leave."""
    return spread_rows(view.summary["causes"]["proximate"], TERM_TITLES)


def reading_rows(view: View) -> list[dict[str, Any]]:
    """Return trust, fear and wavering of each garrison: at the start, and at the worst hour."""
    worst = {"trust": np.min, "fear": np.max, "wavering": np.max}
    middles = {name: middle(view.mood(name)) for name in worst}
    rows = []
    for i, name in enumerate(view.garrisons):
        cells = []
        for reading, pick in worst.items():
            line = middles[reading][:, i]
            known = line[np.isfinite(line)]
            cells += (
                [percent(float(known[0])), percent(float(pick(known)))]
                if known.size
                else [NONE, NONE]
            )
        rows.append({"title": view.title(name), "focus": i == view.focus, "cells": cells})
    return rows


def happening_rows(view: View) -> list[dict[str, Any]]:
    """Return the events of the scenario as people read them."""
    return [
        {
            "n": happening.number,
            "when": moment(view.start, happening.hour),
            "title": happening.title,
            "where": ", ".join(view.title(place) for place in happening.places),
        }
        for happening in view.happenings
    ]
