"""Boxes as a figure: the two fields that are limited most surely, and what density costs in coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.experiment.boxes import trajectory
from standfast.experiment.figures import figure_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.experiment.axes import Axis
    from standfast.experiment.boxes import Points
    from standfast.experiment.discover_shown import Found
    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario


def draw_boxes(
    path: Path,
    points: Points,
    axes: Sequence[Axis],
    found: Sequence[Found],
    outlook: Outlook,
    scenario: Scenario,
) -> None:
    """Draw points with the boxes that are claimed, and the boxes on the way to the densest.

    Parameters
    ----------
    path
        Where to; its ending says whether as PNG or SVG.
    points, axes, found
        Of a discovery.
    outlook, scenario
        What was asked of what.

    Raises
    ------
    RunError
        Where matplotlib is not installed.
    """
    with figure_at(path, inches=(9.6, 4.6)) as figure:
        left, right = figure.subplots(1, 2)
        title = f"{scenario.title}\n{outlook.verdict} of {outlook.where(scenario)}"
        left.set_title(title, loc="left", fontsize=10)
        across, down = _two(points, found)
        y = points.x[:, down] if down is not None else points.y
        drawn = left.scatter(
            points.x[:, across], y, c=points.y, cmap="magma_r", vmin=0, vmax=1, s=18,
            edgecolors="#555555", linewidths=0.3,
        )  # fmt: skip
        figure.colorbar(drawn, ax=left, label="share of runs")
        for each in found:
            if each.claimed:
                _outline(left, points, each, across, down)
        _label(left.xaxis, axes[across])
        if down is not None:
            _label(left.yaxis, axes[down])
        else:
            left.set_ylabel("share of runs")
        boxes = trajectory(points)
        coverage = [points.coverage(box) for box in boxes]
        density = [points.density(box) for box in boxes]
        right.plot(coverage, density, marker="o", markersize=3, linewidth=1)
        for each in found:
            right.plot(each.coverage, each.density, marker="s", markersize=9, fillstyle="none")
        right.set_xlabel("coverage: share of all that came, inside")
        right.set_ylabel("density: how often it comes, inside")
        right.set_xlim(-0.02, 1.02)
        right.set_ylim(-0.02, 1.02)


def _two(points: Points, found: Sequence[Found]) -> tuple[int, int | None]:
    """Return the fields to draw: those that other samples limit most often."""
    n_axis = points.x.shape[1]
    if not found:
        return 0, 1 if n_axis > 1 else None
    trust = found[0].trust.again + np.array([found[0].box.limits(k) for k in range(n_axis)])
    order = np.argsort(-trust, kind="stable")
    return int(order[0]), int(order[1]) if n_axis > 1 else None


def _outline(plot: Any, points: Points, each: Found, across: int, down: int | None) -> None:  # noqa: ANN401  matplotlib
    from matplotlib.patches import Rectangle  # noqa: PLC0415  as in `figures`

    (left, right), (low, high) = (
        _ends(points, each, axis) if axis is not None else (0.0, 1.0) for axis in (across, down)
    )
    plot.add_patch(
        Rectangle(
            (left, low), right - left, high - low, fill=False, edgecolor="#2a9d8f", linewidth=2
        )
    )


def _ends(points: Points, each: Found, axis: int) -> tuple[float, float]:
    values = points.x[:, axis]
    return max(each.box.low[axis], values.min()), min(each.box.high[axis], values.max())


def _label(side: Any, axis: Axis) -> None:  # noqa: ANN401  matplotlib
    side.set_label_text(f"{axis.name} [{axis.unit}]" if axis.unit else axis.name)
    if not axis.numeric:
        side.set_ticks(range(len(axis.listed)), [str(word) for word in axis.listed])
