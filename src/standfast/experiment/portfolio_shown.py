"""A portfolio in words, as a table and as a figure: cost against risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.experiment.figures import figure_at
from standfast.experiment.paired import Estimate
from standfast.experiment.shown import Shown, chance
from standfast.results.words import NOTHING as NONE
from standfast.results.words import percent

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from standfast.experiment.outlook import Outlook
    from standfast.experiment.portfolio_sets import Worlds
    from standfast.scenario.model import Scenario

_RISK = {"mean": "mean over the cases", "worst": "in the worst of them"}


def show_portfolio(
    scenario: Scenario,
    outlook: Outlook,
    worlds: Worlds,
    fresh: Worlds,
    found: dict[str, Any],
    bound: float,
    *,
    exact: bool,
) -> Shown:
    """Return what is printed of a portfolio."""
    what = f"P({outlook.verdict}) of {outlook.where(scenario)}"
    best, surely = found["cheapest"], found["cheapest_surely"]
    if best is None:
        answer = f"No set that was judged keeps {what} within {percent(bound)}"
    else:
        answer = f"The cheapest set that keeps {what} within {percent(bound)} is {_named(best)}"
    title = f"{scenario.title}. {answer}; with nothing it is {chance(found['nothing'])}."
    several = len(fresh.cases) > 1
    head = ("Set", "Cost", "P, chosen by", "P, fresh runs", *(["Worst case"] if several else []))
    rows = tuple(_row(worlds, fresh, one, several=several) for one in found["front"])
    tried, all_sets = len(worlds.came), 2 ** len(worlds.measures)
    how = (
        f"All {all_sets:,} sets of {len(worlds.measures)} measures were run"
        if exact
        else f"{tried:,} of {all_sets:,} sets were run (NSGA-II); a cheaper one may exist"
    )
    each = next(iter(worlds.came.values())).shape[1]
    again = next(iter(fresh.came.values())).shape[1]
    over = f" in each of {len(fresh.cases)} cases, {_RISK[worlds.robust]}" if several else ""
    notes = [
        f"{how}, {each} replicates{over}.",
        f"{len(fresh.came)} of them were judged on {again} fresh replicates: the best of many looks "
        "better than it is on the runs it was chosen by. 95 % intervals.",
    ]
    if surely is None:
        notes.append(f"No interval lies within {percent(bound)}: more replicates would tell.")
    elif surely != best:
        notes.append(f"The cheapest whose whole interval does: {_named(surely)}.")
    return Shown(title, head, rows, tuple(notes))


def _named(one: dict[str, Any]) -> str:
    return f"{one['set']}, cost {one['cost']:g}"


def _row(worlds: Worlds, fresh: Worlds, one: dict[str, Any], *, several: bool) -> tuple[str, ...]:
    chosen = next(each for each in fresh.came if fresh.name(each) == one["set"])
    risk: Estimate = one["risk"]
    by = percent(round(worlds.risk(chosen).value, 3)) if chosen in worlds.came else NONE
    worst = [percent(round(one["worst_case"], 3))] if several else []
    return (one["set"], f"{one['cost']:g}", by, chance(_rounded(risk)), *worst)


def _rounded(risk: Estimate) -> Estimate:
    return Estimate(round(risk.value, 3), round(risk.low, 3), round(risk.high, 3))


def draw_portfolio(
    path: Path, scenario: Scenario, outlook: Outlook, table: pd.DataFrame, bound: float
) -> None:
    """Draw cost against risk: every set that was tried, those judged, and the front.

    Parameters
    ----------
    path
        Where to; its ending says whether as PNG or SVG.
    scenario, outlook
        What was asked of what.
    table
        Of a portfolio.
    bound
        Drawn as a line.

    Raises
    ------
    RunError
        Where matplotlib is not installed.
    """
    with figure_at(path) as figure:
        plot = figure.subplots()
        title = f"{scenario.title}\nP({outlook.verdict}) of {outlook.where(scenario)}, by cost"
        plot.set_title(title, loc="left", fontsize=10)
        plot.scatter(table["cost"], table["risk_chosen_by"], s=12, color="#bbbbbb", label="tried")
        judged = table[table["judged"]]
        below, above = judged["risk"] - judged["risk_low"], judged["risk_high"] - judged["risk"]
        plot.errorbar(
            judged["cost"], judged["risk"], yerr=[below.clip(lower=0), above.clip(lower=0)],
            fmt="o", markersize=4, linewidth=1, color="#555555", label="judged on fresh runs",
        )  # fmt: skip
        best = table[table["front"]].sort_values("cost")
        plot.step(best["cost"], best["risk"], where="post", color="#2a9d8f", label="front")
        plot.axhline(bound, color="#d62828", linewidth=1, linestyle="--", label="bound")
        plot.set_xlabel("cost")
        plot.set_ylabel("risk")
        plot.set_ylim(-0.02, 1.02)
        plot.legend(fontsize=7)
