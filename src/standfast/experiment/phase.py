"""A sweep over one or two axes as a figure, by matplotlib where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.experiment.figures import figure_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from standfast.experiment.axes import Axis
    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario


def draw_phase(
    path: Path, table: pd.DataFrame, axes: Sequence[Axis], outlook: Outlook, scenario: Scenario
) -> None:
    """Draw the probability of the verdict over one axis, or over two as a map.

    Parameters
    ----------
    path
        Where to; its ending says whether as PNG or SVG.
    table, axes
        Of a sweep on a grid.
    outlook, scenario
        What was asked of what.

    Raises
    ------
    RunError
        Where matplotlib is not installed.
    """
    with figure_at(path) as figure:
        plot = figure.subplots()
        title = f"{scenario.title}\nP({outlook.verdict}) of {outlook.where(scenario)}"
        plot.set_title(title, loc="left", fontsize=10)
        if len(axes) == 1:
            _draw_line(plot, table, axes[0], outlook)
        else:
            _draw_map(figure, plot, table, axes, outlook)


def _draw_line(plot: Any, table: pd.DataFrame, axis: Axis, outlook: Outlook) -> None:  # noqa: ANN401  matplotlib
    x = np.arange(len(table)) if not axis.numeric else table[axis.name].to_numpy(float)
    y = table[f"P({outlook.verdict})"].to_numpy(float)
    plot.fill_between(x, table["low"], table["high"], alpha=0.25, linewidth=0)
    plot.plot(x, y, marker="o", markersize=4)
    plot.set_ylim(-0.02, 1.02)
    plot.set_ylabel("share of runs, with 95 % interval")
    _label(plot.xaxis, axis, x, table[axis.name])


def _draw_map(
    figure: Any,  # noqa: ANN401  matplotlib
    plot: Any,  # noqa: ANN401  matplotlib
    table: pd.DataFrame,
    axes: Sequence[Axis],
    outlook: Outlook,
) -> None:
    across, down = axes
    n_across = table[across.name].nunique()
    n_down = len(table) // n_across
    share = table[f"P({outlook.verdict})"].to_numpy(float).reshape(n_across, n_down).T
    drawn = plot.imshow(share, origin="lower", aspect="auto", vmin=0, vmax=1, cmap="magma_r")
    if min(share.shape) > 1 and share.min() < 0.5 < share.max():
        plot.contour(share, levels=[0.5], colors="#2a9d8f", linewidths=1.6)
    values = table[across.name].to_numpy().reshape(n_across, n_down)[:, 0]
    _label(plot.xaxis, across, np.arange(n_across), values)
    _label(plot.yaxis, down, np.arange(n_down), table[down.name].to_numpy()[:n_down])
    figure.colorbar(drawn, ax=plot, label="share of runs")


def _label(side: Any, axis: Axis, at: Any, values: Any) -> None:  # noqa: ANN401  matplotlib, arrays
    every = max(1, len(at) // 8)
    side.set_ticks(list(at)[::every], [axis.show(_bare(v)) for v in list(values)[::every]])
    side.set_label_text(axis.name)


def _bare(value: Any) -> Any:  # noqa: ANN401  a number or a word
    return value.item() if isinstance(value, np.generic) else value
