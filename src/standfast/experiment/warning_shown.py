"""Early warning in words, as tables and as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.experiment.figures import figure_at
from standfast.experiment.paired import share_of
from standfast.experiment.shown import Shown, chance
from standfast.experiment.warning_roc import FALSE_ALARMS, LEAST
from standfast.results.words import NOTHING, percent

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    import pandas as pd

    from standfast.experiment.outlook import Outlook
    from standfast.experiment.warning_series import Watched
    from standfast.scenario.model import Scenario

_TITLES = {
    "all": "Area under the curve, by hours before half are gone: every run that fell",
    "shock": "Only runs with a shock within the day before",
    "endogenous": "Only runs without a shock within the day before",
}


def show_warning(
    scenario: Scenario,
    outlook: Outlook,
    watched: Watched,
    curves: pd.DataFrame,
    alarms: pd.DataFrame,
    luck: dict[str, float] | None,
) -> list[Shown]:
    """Return what is printed of early warnings."""
    where = scenario.places[outlook.clock].title
    n = watched.came.size
    head = (
        f"{scenario.title}, {where}: {outlook.verdict} in {chance(share_of(watched.came))} of {n:,} "
        "runs, which is the base rate."
    )
    if not len(curves):
        fewest = min(int(watched.came.sum()), int((~watched.came).sum()))
        note = (
            f"Only {fewest} runs {'fell' if watched.came.sum() == fewest else 'did not fall'}, and "
            f"{LEAST} of each kind are needed to tell them apart. Vary something, or add runs."
        )
        return [Shown(head, (), (), (note,))]
    kinds = [kind for kind in _TITLES if (curves["kind"] == kind).any()]
    tables = [_areas(kind, curves[curves["kind"] == kind]) for kind in kinds]
    fell, shocked = int(watched.came.sum()), int((watched.came & watched.shocked).sum())
    notes = [f"Of {fell} runs that fell, {shocked} had a shock within the day before."]
    notes += [
        f"Too few runs of the kind {kind} to look at apart."
        for kind in _TITLES
        if kind not in kinds
    ]
    if luck is not None:
        notes.append(
            f"With ends dealt out at random the area is {luck['mean']:.2f} ({luck['low']:.2f} to "
            f"{luck['high']:.2f}), as it must be: no series knows what follows."
        )
    shown = [Shown(head, (), (), tuple(notes)), *tables]
    if len(alarms):
        shown.append(_alarms(alarms))
    return shown


def _areas(kind: str, curves: pd.DataFrame) -> Shown:
    leads = sorted(curves["lead_h"].unique())
    by = {(row["series"], row["lead_h"]): row for row in curves.to_dict("records")}
    order = curves.groupby("series", sort=False)["auc"].mean().sort_values(ascending=False)
    rows = [
        (str(series), *(_area(by.get((series, lead))) for lead in leads)) for series in order.index
    ]
    # the hour that is looked at depends on the run and the lead, not on the series
    looked = [by[order.index[0], lead] for lead in leads]
    rows.append(("gone by then", *(percent(round(each["already_gone"], 3)) for each in looked)))
    cases = sorted({each["cases"] for each in looked})
    fell = f"{cases[0]} to {cases[-1]}" if len(cases) > 1 else f"{cases[0]}"
    note = (
        f"{fell} runs that fell against {looked[0]['controls']} that did not, each at the same hour; "
        "0.5 tells nothing. ±: half of the 95 % interval."
    )
    head = ("Series", *(f"{lead:g} h" for lead in leads))
    return Shown(f"{_TITLES[kind]}.", head, tuple(rows), (note,))


def _area(row: dict[Hashable, Any] | None) -> str:
    return NOTHING if row is None else f"{row['auc']:.2f} ± {(row['high'] - row['low']) / 2:.2f}"


def _alarms(alarms: pd.DataFrame) -> Shown:
    best = alarms.sort_values("caught", ascending=False, kind="stable")
    rows = tuple(
        (
            row["series"],
            f"{row['bound']:.3g}",
            percent(round(row["false_alarms"], 3)),
            percent(round(row["caught"], 3)),
            _ahead(row["ahead_h"], row["ahead_low_h"], row["ahead_high_h"]),
            NOTHING if row["followed"] != row["followed"] else percent(round(row["followed"], 3)),
        )
        for row in best.to_dict("records")
    )
    head = ("Series", "Alarm above", "False alarms", "Caught", "Hours ahead", "A fall followed")
    notes = (
        f"The bound is set on half of the runs, for at most {percent(FALSE_ALARMS)} false alarms; the "
        "rest is of the other half.",
        "Caught: runs that fell in which the alarm came before half were gone. Hours ahead: median and "
        "quartiles. A fall followed: at this base rate.",
    )
    return Shown(
        "An alarm at a fixed bound, watched from the first hour to the last.", head, rows, notes
    )


def _ahead(middle: float, low: float, high: float) -> str:
    return NOTHING if middle != middle else f"{middle:.0f} ({low:.0f} to {high:.0f})"  # noqa: PLR0124  NaN


def draw_warning(
    path: Path, scenario: Scenario, outlook: Outlook, curves: pd.DataFrame, points: pd.DataFrame
) -> None:
    """Draw the curves at one lead, and the area under them by lead.

    Parameters
    ----------
    path
        Where to; its ending says whether as PNG or SVG.
    scenario, outlook
        What was asked of what.
    curves, points
        Of `standfast.experiment.warning.early_warning`.

    Raises
    ------
    RunError
        Where matplotlib is not installed.
    """
    with figure_at(path, inches=(9.6, 4.6)) as figure:
        left, right = figure.subplots(1, 2)
        where = scenario.places[outlook.clock].title
        left.set_title(f"{scenario.title}\n{outlook.verdict} of {where}", loc="left", fontsize=10)
        left.plot([0, 1], [0, 1], color="#999999", linewidth=0.8, linestyle=":")
        for series, each in points.groupby("series", sort=False):
            left.plot(each["false_alarms"], each["recognised"], linewidth=1.4, label=series)
        if len(points):
            lead = points["lead_h"].iloc[0]
            left.set_xlabel(f"share of runs that hold, as bad at the same hour; {lead:g} h ahead")
        left.set_ylabel("share of runs that fall, recognised")
        left.legend(fontsize=7)
        every = curves[curves["kind"] == "all"]
        for series, each in every.groupby("series", sort=False):
            (line,) = right.plot(
                each["lead_h"], each["auc"], marker="o", markersize=3, label=series
            )
            right.fill_between(
                each["lead_h"], each["low"], each["high"], alpha=0.12, color=line.get_color()
            )
        right.axhline(0.5, color="#999999", linewidth=0.8, linestyle=":")
        right.set_xlabel("hours before half are gone")
        right.set_ylabel("area under the curve, with 95 % interval")
        right.set_ylim(0, 1.02)
        right.invert_xaxis()
