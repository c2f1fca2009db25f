"""Sensitivity indices as tables, the largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.experiment.shown import Shown
from standfast.results.words import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from standfast.experiment.indices import Factors
    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario

_ROWS = 20
_NOTES = {
    "morris": (
        "mu*: mean size of what happens to the outcome when the factor moves by two thirds of its "
        "range; sigma: how much that depends on the others. 95 % intervals by bootstrap.",
    ),
    "sobol": (
        "S1: share of the variance that the factor brings alone; ST: all that it takes part in. "
        "95 % intervals by bootstrap.",
    ),
}


def show_sensitivity(
    scenario: Scenario,
    outlook: Outlook,
    factors: Factors,
    method: str,
    table: pd.DataFrame,
    outcomes: Mapping[str, npt.NDArray[np.float64]],
    n_run: int,
) -> list[Shown]:
    """Return a table for each outcome."""
    where = outlook.where(scenario)
    grouped = f" in {len(factors.rows)} groups" if len(factors.rows) < len(factors.names) else ""
    head = (
        f"{scenario.title}: what matters for {where}, {len(factors.names)} fields{grouped}, "
        f"{n_run:,} runs."
    )
    shown = [Shown(head, (), (), _NOTES[method])]
    for outcome, values in outcomes.items():
        shown.append(_one(outcome, values, table[table["outcome"] == outcome], method))
    return shown


def _one(outcome: str, values: npt.NDArray[np.float64], table: pd.DataFrame, method: str) -> Shown:
    low, high = (_number(outcome, x) for x in (values.min(), values.max()))
    if not np.ptp(values) > 0:
        return Shown(f"{outcome}: {low} at every point, so nothing matters for it here.", (), ())
    title = f"{outcome}: {low} to {high} over the points"
    indices = list(dict.fromkeys(table["index"]))
    order = table[table["index"] == ("mu*" if method == "morris" else "ST")]
    names = order.sort_values("value", ascending=False, kind="stable")["factor"].tolist()
    by_name = table.set_index(["factor", "index"])
    rows = tuple(
        (name, *(_cell(by_name.loc[(name, index)]) for index in indices)) for name in names[:_ROWS]
    )
    left = len(names) - len(rows)
    return Shown(title, ("Factor", *indices), rows, (f"And {left} more, smaller.",) if left else ())


def _cell(row: pd.Series[float]) -> str:
    value, low, high = (float(row[key]) for key in ("value", "low", "high"))
    if np.isnan(low):
        return f"{value:.2f}"
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def _number(outcome: str, value: float) -> str:
    return f"{value:.2f}" if outcome == "log hours" else percent(round(float(value), 3))
