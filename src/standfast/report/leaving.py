"""Who left, and how: shares by branch and home, and ways out by branch, over replicates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from standfast.report.pack import pack
from standfast.report.view import main_group, quantiles
from standfast.scenario.vocabulary import SERVING

if TYPE_CHECKING:
    from standfast.report.view import Shares, View
    from standfast.report.words import Spread

#: groups smaller than this at the start say nothing
LEAST_PEOPLE = 20
#: streams of fewer people are not drawn
LEAST_FLOW = 0.5
Indices = npt.NDArray[np.intp]


def spread_of(values: Shares) -> Spread:
    """Return the 5 %, 50 % and 95 % quantiles of known values, None where there are none.

    Examples
    --------
    >>> spread_of(np.array([0.1, 0.1, np.nan]))
    {'q05': 0.1, 'median': 0.1, 'q95': 0.1}
    """
    known = values[np.isfinite(values)]
    if known.size == 0:
        return {"q05": None, "median": None, "q95": None}
    low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
    return {"q05": float(low), "median": float(middle), "q95": float(high)}


def gone_by_home(view: View) -> list[dict[str, Any]]:
    """Departures as a share of those who started, by branch and kind of home.

    Gross departures: someone who leaves, returns and leaves again counts twice, so that a share
    can pass one where many return. Groups under `LEAST_PEOPLE` are left out.
    """
    start = view.series["start_count"].sum("place").transpose("replicate", "branch", "home")
    left = view.series["departures"].sum(["place", "exit"]).transpose("replicate", "branch", "home")
    rows = []
    for b, branch in enumerate(start["branch"].values):
        for h, home in enumerate(start["home"].values):
            people = start.values[:, b, h].astype(float)
            if people.mean() < LEAST_PEOPLE:
                continue
            share = left.values[:, b, h] / np.where(people > 0, people, np.nan)
            rows.append(
                {
                    "branch": str(branch),
                    "home": str(home),
                    "people": round(float(people.mean())),
                    **spread_of(share),
                }
            )
    return rows


def gone_by_hour(view: View, kept: Indices) -> list[dict[str, Any]]:
    """Departures as in `gone_by_home`, hour by hour, for each group of runs at the place of the headline.

    Empty where a result was written before departures were kept by hour.
    """
    if "departed" not in view.series:
        return []
    start = view.series["start_count"].sum("place").transpose("branch", "home", "replicate")
    left = view.series["departed"].transpose("branch", "home", "replicate", "hour")
    rows = []
    for b, h in np.ndindex(start.shape[:2]):
        people = start.values[b, h].astype(float)
        if people.mean() < LEAST_PEOPLE:
            continue
        share = left.values[b, h][:, kept] / np.where(people > 0, people, np.nan)[:, None]
        middles = [quantiles(share[members]) for members in view.groups[view.focus]]
        rows.append(
            {
                "branch": str(start["branch"].values[b]),
                "home": str(start["home"].values[h]),
                # of two bytes, which hold more than one: who leaves twice counts twice
                "groups": [[pack(row[k], width=2) for k in (0, 2, 4)] for row in middles],
            }
        )
    return rows


def exits_by_branch(view: View) -> list[dict[str, Any]]:
    """Ways out as shares of all departures, and of each branch's; medians over replicates."""
    left = view.series["departures"].sum(["place", "home"])
    left = left.transpose("replicate", "branch", "exit")
    counts = left.values.astype(float)
    rows = []
    for e, name in enumerate(left["exit"].values):
        row: dict[str, Any] = {"exit": str(name), "branches": {}}
        row.update(view.summary["exits"].get(str(name)) or spread_of(np.array([np.nan])))
        for b, branch in enumerate(left["branch"].values):
            total = counts[:, b].sum(axis=1)
            if total.mean() >= LEAST_PEOPLE:
                share = counts[:, b, e] / np.where(total > 0, total, np.nan)
                row["branches"][str(branch)] = spread_of(share)["median"]
        rows.append(row)
    return rows


def flows(view: View) -> list[dict[str, Any]]:
    """Who left, from where, and how: people by branch, home and way out, the mean of a run.

    Over the runs that maps show. Means add up where medians would not, so that the streams of a
    figure can be stacked. Gross departures, as in `gone_by_home`.
    """
    left = view.series["departures"].sum("place").transpose("replicate", "branch", "home", "exit")
    mean = left.values[main_group(view)].mean(axis=0)
    names = [[str(name) for name in left[dim].values] for dim in ("branch", "home", "exit")]
    return [
        {
            "branch": names[0][b],
            "home": names[1][h],
            "exit": names[2][e],
            "people": round(float(mean[b, h, e]), 1),
        }
        for b, h, e in np.argwhere(mean >= LEAST_FLOW)
    ]


def serving_by_branch(view: View, i: int, kept: Indices) -> list[dict[str, Any]]:
    """Return the share still serving by branch and hour at one garrison, for each group of runs."""
    place = view.garrisons[i]
    chosen = view.series["count"].sel(place=place, status=list(SERVING)).sum("status")
    counts = chosen.transpose("branch", "replicate", "hour").values.astype(float)
    rows = []
    for name, people in zip(view.series["branch"].values, counts, strict=True):
        if people[:, 0].mean() < LEAST_PEOPLE:
            continue
        shares = people[:, kept] / np.maximum(people[:, :1], 1.0)
        middles = [quantiles(shares[members]) for members in view.groups[i]]
        rows.append(
            {
                "branch": str(name),
                "people": round(float(people[:, 0].mean())),
                "groups": [[pack(row[k]) for k in (0, 2, 4)] for row in middles],
            }
        )
    return rows
