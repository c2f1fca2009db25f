"""The order of battle as a tree: place, force, battalion, with the share of each that is no longer on duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.report.view import main_group
from standfast.report.words import count, middle_title, percent

if TYPE_CHECKING:
    from standfast.report.view import Shares, View

#: battalions whose losses differ by less fared alike
ALIKE = 0.1


def list_forces(view: View) -> list[list[dict[str, Any]]]:
    """Return the forces of each garrison, the largest first, with their battalions.

    Shares are of those on duty at the start, so that people on leave count in neither: the middle
    of the runs that maps show, at the end.
    """
    serving = view.series["unit_serving"].transpose("replicate", "unit_hour", "unit").values
    serving = serving[main_group(view)].astype(float)
    start, end = serving[:, 0].mean(axis=0), np.median(serving[:, -1], axis=0)
    of_force = [str(name) for name in view.series["unit_force"].values]
    titles = [str(title) for title in view.series["unit_title"].values]
    found: list[list[dict[str, Any]]] = [[] for _ in view.garrisons]
    for name, force in view.scenario.forces.items():
        units = [unit for unit, own in enumerate(of_force) if own == name and start[unit] > 0]
        if units and force.place in view.garrisons:
            found[view.garrisons.index(force.place)].append(
                {
                    "title": force.title or name,
                    "branch": force.branch,
                    **_share(start, end, units),
                    "units": [
                        {"title": titles[unit], **_share(start, end, [unit])} for unit in units
                    ],
                }
            )
    return [sorted(forces, key=lambda force: -force["people"]) for forces in found]


def _share(start: Shares, end: Shares, units: list[int]) -> dict[str, float]:
    people = float(start[units].sum())
    gone = 1 - float(end[units].sum()) / people
    return {"people": round(people), "gone": round(min(1.0, max(0.0, gone)), 4)}


def finding(view: View) -> str:
    """Say how alike the battalions of the place of the headline fared."""
    gone = [unit["gone"] for force in list_forces(view)[view.focus] for unit in force["units"]]
    where = middle_title(view.title(view.garrisons[view.focus]))
    if not gone:
        return f"Nobody is on duty at {where} at the start."
    few, many = min(gone), max(gone)
    if len(gone) == 1:
        return f"The one battalion at {where} loses {percent(few)} of those on duty."
    if few == 1:
        return f"All {len(gone)} battalions at {where} end with nobody on duty."
    if many - few < ALIKE:
        return (
            f"All {len(gone)} battalions at {where} lose {percent(few)} of those on duty or more."
        )
    return (
        f"Of the {len(gone)} battalions at {where}, the worst hit loses {percent(many)} of those on "
        f"duty, the least hit {percent(few)}."
    )


def force_rows(view: View) -> list[dict[str, Any]]:
    """Return a row for each force, by garrison: on duty at the start, battalions, share gone."""
    rows = []
    for i, forces in enumerate(list_forces(view)):
        for force in forces:
            gone = [unit["gone"] for unit in force["units"]]
            rows.append(
                {
                    "place": view.title(view.garrisons[i]),
                    "title": force["title"],
                    "focus": i == view.focus,
                    "people": count(force["people"]),
                    "units": str(len(gone)),
                    "gone": percent(force["gone"]),
                    "range": f"{percent(min(gone))} to {percent(max(gone))}"
                    if len(gone) > 1
                    else "",
                }
            )
    return rows
