"""Where it tips, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from standfast.experiment.hysteresis import BACK, THERE
from standfast.experiment.paired import share_of
from standfast.experiment.search import FLOOR
from standfast.experiment.shown import Shown, chance
from standfast.results.words import percent

if TYPE_CHECKING:
    from standfast.experiment.axes import Axis
    from standfast.experiment.hysteresis import Gap
    from standfast.experiment.outlook import Outlook
    from standfast.experiment.search import Search
    from standfast.experiment.threshold import Crossing
    from standfast.experiment.twin_tipping import TwinTipping
    from standfast.scenario.model import Scenario


def build_table(state: Search) -> pd.DataFrame:
    """Return a row for each value: runs, how often the verdict came, and what is now believed."""
    rows = []
    for value in sorted({value for value, _ in state.told}):
        came = np.array([one for v, one in state.told if v == value])
        share = share_of(came)
        rows.append(
            {
                "value": value,
                "runs": came.size,
                "came": int(came.sum()),
                "share": share.value,
                "low": share.low,
                "high": share.high,
                "fitted": state.posterior.chance(value),
            }
        )
    return pd.DataFrame(rows)


def show_tipping(
    scenario: Scenario,
    axis: Axis,
    outlook: Outlook,
    state: Search,
    crossing: Crossing,
    why: str,
    table: pd.DataFrame,
) -> Shown:
    """Return the crossing, how sharp it is, and the runs behind it."""
    where = outlook.where(scenario)
    what = f"P({outlook.verdict}) of {where}"
    level = percent(state.level)
    n = len(state.told)
    ends = " and ".join(
        f"{percent(state.posterior.chance(end))} at {axis.show(end)}"
        for end in (axis.low, axis.high)
    )
    if why == "outside":
        title = (
            f"{axis.name} tips nothing between {axis.show(axis.low)} and {axis.show(axis.high)}: "
        )
        title += f"{what} does not cross {level} there; it is {ends}, after {n} runs."
        return Shown(title, (), ())
    title = (
        f"{scenario.title}: {what} crosses {level} at {axis.name} = {axis.show(crossing.value)} "
        f"({axis.show(crossing.low)} to {axis.show(crossing.high)}), after {n} runs."
    )
    direction = "rises" if crossing.rising > 0.5 else "falls"
    sharp = crossing.width / (axis.high - axis.low)
    notes = [
        f"It {direction} with {axis.name}: from a tenth to nine tenths of its way within "
        f"{axis.show(crossing.width)} ({axis.show(crossing.width_low)} to "
        f"{axis.show(crossing.width_high)}), {percent(round(sharp, 3))} of the range searched.",
        f"At the ends it is {ends}.",
    ]
    if abs(crossing.value) < FLOOR * (axis.high - axis.low):
        notes.append(
            f"The value is small beside the range, so {percent(state.within)} is of a tenth of the "
            "range; search a narrower range to have it of the value."
        )
    if why == "used up":
        share = crossing.half / abs(crossing.value) if crossing.value else np.inf
        notes.append(
            f"All {n} runs are used up: half the interval is {percent(round(share, 3))} of the value, "
            f"not the {percent(state.within)} that was asked. More runs would narrow it."
        )
    return Shown(
        title, ("Value", "Runs", what, "Fitted"), _binned(axis, state, table), tuple(notes)
    )


def _binned(axis: Axis, state: Search, table: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    """Return a dozen rows: the runs at neighbouring values together."""
    edges = np.unique(np.quantile(np.repeat(table["value"], table["runs"]), np.linspace(0, 1, 11)))
    bins = np.clip(np.searchsorted(edges, table["value"], side="right") - 1, 0, edges.size - 2)
    rows: list[tuple[str, ...]] = []
    for _, group in table.groupby(bins):
        runs, came = int(group["runs"].sum()), int(group["came"].sum())
        share = share_of(np.arange(runs) < came)
        low, high = group["value"].min(), group["value"].max()
        middle = float(np.average(group["value"], weights=group["runs"]))
        value = axis.show(low) if low == high else f"{axis.show(low)} to {axis.show(high)}"
        fitted = percent(round(state.posterior.chance(middle), 2))
        rows.append((value, str(runs), chance(share), fitted))
    return tuple(rows)


def show_twin(axis: Axis, twin: TwinTipping) -> Shown:
    """Return what the mean-field twin says, beside the runs of persons."""
    if twin.value is None:
        says = (
            f"gives the verdict {'over the whole range' if twin.at_low else 'nowhere in the range'}"
        )
    else:
        says = f"turns at {axis.name} = {axis.show(twin.value)}"
    if twin.fold is None:
        margins = f"{twin.margin_at_low:.2g} at {axis.show(axis.low)}"
        margins += f" and {twin.margin_at_high:.2g} at {axis.show(axis.high)}"
        fold = f"No fold in the range: the margin of the nearest force is {margins}."
    else:
        fold = (
            f"The fold is at {axis.show(twin.fold)}: beyond it a force there runs of itself, with "
            "nobody attacking."
        )
    return Shown(
        f"The mean-field twin, which knows no chance and no squads, {says}.", (), (), (fold,)
    )


def show_sweep(axis: Axis, sweep: pd.DataFrame, gap: Gap, hold_h: float) -> Shown:
    """Return the share serving at each value on the way there and back."""
    mean = sweep.groupby(["way", "value"])["serving"].mean()
    values = list(dict.fromkeys(sweep["value"]))
    rows = tuple(
        (axis.show(v), *(percent(round(float(mean.loc[way, v]), 3)) for way in (THERE, BACK)))
        for v in values
    )
    title = (
        f"There and back in one run, in quiet, {hold_h / 24:g} days at each value: at "
        f"{axis.show(gap.at)}, {percent(round(gap.widest, 3))} of the force more serve on the way "
        "there than on the way back."
    )
    notes = ["Share serving at the end of each hold; no dated events, and no place falls."]
    if gap.falls is not None:
        back = (
            "nowhere again on the way back"
            if gap.returns is None
            else f"again at {axis.show(gap.returns)}"
        )
        notes.append(f"Half are gone at {axis.show(gap.falls)}; more than half serve {back}.")
    return Shown(title, (axis.name, "Serving, there", "Serving, back"), rows, tuple(notes))
