"""A sweep as a table: along one axis, over two as a phase diagram, over more as what goes with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.experiment.paired import Estimate
from standfast.experiment.shown import Shown, chance
from standfast.results.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from standfast.experiment.axes import Axis
    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario

#: wider diagrams are shaded, since figures would not fit
_MOST_COLUMNS = 11
_SHADES = " ░▒▓█"


def show_sweep(
    scenario: Scenario, axes: Sequence[Axis], outlook: Outlook, table: pd.DataFrame, design: str
) -> Shown:
    """Return what is printed of a sweep."""
    where = outlook.where(scenario)
    runs = int(table["runs"].sum())
    title = (
        f"{scenario.title}: P({outlook.verdict}) of {where}, {len(table)} points, {runs:,} runs."
    )
    if design == "grid" and len(axes) == 1:
        return _line(title, axes[0], outlook, table)
    if design == "grid" and len(axes) == 2:
        return _phase(title, axes, outlook, table)
    return _ranks(title, axes, outlook, table)


def _line(title: str, axis: Axis, outlook: Outlook, table: pd.DataFrame) -> Shown:
    rows = tuple(
        (
            axis.show(row[axis.name]),
            chance(Estimate(row[f"P({outlook.verdict})"], row["low"], row["high"])),
            percent(round(row["share_gone"], 3)),
            f"{row['hours_to_half']:.0f}",
        )
        for row in table.to_dict("records")
    )
    head = (axis.name, f"P({outlook.verdict})", "Gone", "Half gone, h")
    return Shown(title, head, rows, ("Hours that never came count to the end of the run.",))


def _phase(title: str, axes: Sequence[Axis], outlook: Outlook, table: pd.DataFrame) -> Shown:
    across, down = axes
    grid = table.pivot_table(
        index=down.name, columns=across.name, values=f"P({outlook.verdict})", sort=False
    )
    grid = grid.iloc[::-1] if down.numeric else grid
    note = f"Across: {across.name}; down: {down.name}."
    if grid.shape[1] <= _MOST_COLUMNS:
        head = ("", *(across.show(value) for value in grid.columns))
        rows = tuple(
            (down.show(value), *(f"{100 * share:.0f}" for share in row))
            for value, row in zip(grid.index, grid.to_numpy(), strict=True)
        )
        return Shown(title, head, rows, (f"{note} In per cent of the runs.",))
    ends = f"{across.show(grid.columns[0])} to {across.show(grid.columns[-1])}"
    rows = tuple(
        (down.show(value), "".join(_shade(share) for share in row))
        for value, row in zip(grid.index, grid.to_numpy(), strict=True)
    )
    return Shown(title, ("", ends), rows, (f"{note} Blank: 0 %, full: 100 % of the runs.",))


def _shade(share: float) -> str:
    return _SHADES[min(int(share * len(_SHADES)), len(_SHADES) - 1)] * 2


def _ranks(title: str, axes: Sequence[Axis], outlook: Outlook, table: pd.DataFrame) -> Shown:
    outcomes = [f"P({outlook.verdict})", "share_gone", "hours_to_half"]
    rows = []
    for axis in axes:
        if axis.numeric:
            # Spearman's, as Pearson's of the ranks; none where something does not vary
            values = table[axis.name].astype(float).rank()
            cells = [_correlation(values, table[name].rank()) for name in outcomes]
            rows.append((axis.name, *cells))
    heads = ("Field", f"with P({outlook.verdict})", "with the share gone", "with hours to half")
    return Shown(title, heads, tuple(rows), ("Rank correlation over the points (Spearman).",))


def _correlation(a: pd.Series[float], b: pd.Series[float]) -> str:
    if a.nunique() < 2 or b.nunique() < 2:
        return "-"
    return f"{a.corr(b):+.2f}"
