"""Scenario discovery: where in the space of what is varied a verdict comes, in a few plain conditions.

A sweep says what happens at each point; a box says *when calls are answered within 12 h and informers
reach at most 30 %, the city holds*. Boxes are found by PRIM (`boxes`), and claimed only where shuffled
outcomes hardly ever give one as good (`box_trust`); a short decision tree (`decision_tree`) says what
the rest looks like. The method is that of Bryant and Lempert (2010).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.errors import RunError
from standfast.experiment.answer import build_answer
from standfast.experiment.axes import place_at
from standfast.experiment.box_trust import CHANCE, find_box, weigh
from standfast.experiment.boxes import Points, trajectory
from standfast.experiment.decision_tree import grow, has_sklearn
from standfast.experiment.designs import build_points
from standfast.experiment.discover_drawn import draw_boxes
from standfast.experiment.discover_shown import Found, conditions, show_discovery
from standfast.experiment.figures import draws_figure
from standfast.experiment.measures import take_measures
from standfast.experiment.outlook import WHOLE, look_at
from standfast.experiment.sweep import point_table
from standfast.experiment.trials import Means, check_replicates, run_points
from standfast.experiment.vary import read_axes
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.experiment.axes import Axis
    from standfast.experiment.decision_tree import Tree
    from standfast.experiment.designs import Point

DEFAULT_POINTS = 256
DEFAULT_REPLICATES = 4
DEFAULT_DENSITY = 0.8
#: below this a box would be a handful of points
LEAST_POINTS = 40
MOST_BOXES = 5


def discover(
    scenario: Scenario | str | Path,
    vary: Sequence[str],
    points: int = DEFAULT_POINTS,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = 1,
    *,
    design: str = "lhs",
    density: float = DEFAULT_DENSITY,
    boxes: int = 2,
    place: str | None = None,
    verdict: str | None = None,
    measures: Sequence[str] = (),
    figure: str | None = None,
    hours: float | None = None,
    threads: int | None = None,
    progress: bool | None = None,
    store: Path | None = None,
) -> Answer:
    """Find where a verdict comes, in a few plain conditions on what is varied.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    vary
        Axes, as `standfast.experiment.vary.read_axes` reads them.
    points
        At least 40; as many as the axes say for a grid.
    replicates
        At each point, the same at all: what a point tells is the share of them.
    seed
        Of people, ties and everything drawn, of the design, the samples and the shuffles.
    design
        As for `standfast.experiment.designs.build_points`.
    density
        How often the verdict is to come in a box, above 0 and at most 1.
    boxes
        How many to look for at most, one after another in what the earlier ones leave.
    place, verdict
        What is asked about; by default total collapse at the place of the reference event.
    measures
        Taken at every point.
    figure
        ``"png"`` or ``"svg"``; None: a PNG where matplotlib is installed.
    hours
        Refuse to begin what would take longer [h].
    threads, progress, store
        As for `standfast.experiment.execute.execute`.

    Returns
    -------
    Answer
        `table` has a row for each box and field it limits; `tables` hold the points, the boxes on the
        way and the leaves of the tree.

    Raises
    ------
    ScenarioError
        When an axis names no field, or leaves its bounds.
    RunError
        When there are too few points, or no such density.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> short = load_scenario("quiet").with_({"time.horizon": "1 d"})
    >>> answer = discover(short, ["commitment=7:10"], 40, 1, verdict="held", progress=False)
    >>> answer.summary["boxes"], answer.summary["share"]
    ([], 1.0)
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    _check(density, boxes, replicates)
    drawn = draws_figure(figure)
    scenario = take_measures(measures, scenario)
    outlook = look_at(scenario, place, verdict)
    axes = read_axes(vary, scenario, None if outlook.place == WHOLE else outlook.place)
    chosen = build_points(axes, design, points, seed)
    _check_points(len(chosen))
    means = Means(seed, threads, progress, store, hours)
    runs = run_points((place_at(scenario, axes, point) for point in chosen), replicates, means)
    table = point_table(runs, axes, chosen, outlook)
    tried = encode(axes, chosen, table[f"P({outlook.verdict})"].to_numpy(dtype=float))
    found = find_boxes(tried, density, boxes, seed)
    tree = grow(tried, seed) if has_sklearn() else None
    figures: dict[str, Any] = {}
    if drawn:
        figures[f"boxes.{figure or 'png'}"] = lambda path: draw_boxes(
            path, tried, axes, found, outlook, scenario
        )
    return build_answer(
        "discover",
        scenario,
        table=_rows(axes, found),
        runs=runs,
        found={
            "place": outlook.place,
            "verdict": outlook.verdict,
            "design": design,
            "points": len(chosen),
            "share": tried.base,
            "density_wanted": density,
            "boxes": [_summary(axes, each) for each in found],
            "tree": None if tree is None else _of_tree(axes, tree),
        },
        shown=show_discovery(scenario, axes, outlook, tried, found, tree, len(runs)),
        seed=seed,
        replicates=replicates,
        tables={"points": table.assign(box=_membership(tried, found)), "way": _way(axes, tried)},
        figures=figures,
    )


def _check(density: float, boxes: int, replicates: int) -> None:
    check_replicates(replicates)
    if not 0 < density <= 1:
        says = f"density is {density:g}, but lies above 0 and is at most 1"
        raise RunError(says)
    if not 1 <= boxes <= MOST_BOXES:
        says = f"boxes is {boxes}, but lies between 1 and {MOST_BOXES}"
        raise RunError(says)


def _check_points(n_point: int) -> None:
    if n_point < LEAST_POINTS:
        says = f"{n_point} points are too few to find boxes in"
        raise RunError(says, f"Ask for {LEAST_POINTS} or more; some hundreds are usual.")


def encode(axes: Sequence[Axis], points: Sequence[Point], share: Any) -> Points:  # noqa: ANN401  an array
    """Return points as numbers: words by their place in the list of the axis."""
    columns = [
        [
            float(point[k]) if axis.numeric else float(axis.listed.index(point[k]))
            for point in points
        ]
        for k, axis in enumerate(axes)
    ]
    words = tuple(not axis.numeric for axis in axes)
    return Points(np.array(columns, dtype=np.float64).T, share, words)


def find_boxes(points: Points, density: float, most: int, seed: int) -> list[Found]:
    """Return the boxes that are dense enough and claimed, each found in what the earlier ones leave.

    Where the first is not, it is returned all the same: the best there is, and perhaps luck.
    """
    found: list[Found] = []
    left = points
    while len(found) < most and left.y.size >= LEAST_POINTS and 0 < left.base < 1:
        # where it is frequent everywhere, a box is to bring it half-way to always
        wanted = density if left.base < density else (1 + left.base) / 2
        box = find_box(left, wanted)
        trust = weigh(left, box, wanted, seed + len(found))
        found.append(Found(box, trust, wanted, left, points))
        if not found[-1].claimed or found[-1].density < wanted:
            break
        left = left.chosen(~box.holds(left.x))
    # the first box is told of in any case; a later one only where it is what was asked for
    return [each for k, each in enumerate(found) if k == 0 or _as_asked(each)]


def _as_asked(each: Found) -> bool:
    return each.claimed and each.density >= each.wanted


def _rows(axes: Sequence[Axis], found: Sequence[Found]) -> pd.DataFrame:
    rows = []
    for k, each in enumerate(found, start=1):
        for axis in each.box.restricted:
            without = [str(axes[axis].listed[code]) for code in sorted(each.box.without[axis])]
            low, high = each.trust.low[axis], each.trust.high[axis]
            rows.append(
                {
                    "box": k, "claimed": each.claimed, "field": axes[axis].name,
                    "unit": axes[axis].unit, "low": each.box.low[axis], "high": each.box.high[axis],
                    "without": ",".join(without), "again": each.trust.again[axis],
                    "low_from": low[0], "low_to": low[1], "high_from": high[0], "high_to": high[1],
                }
            )  # fmt: skip
    columns = ["box", "claimed", "field", "unit", "low", "high", "without", "again",
               "low_from", "low_to", "high_from", "high_to"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _summary(axes: Sequence[Axis], each: Found) -> dict[str, Any]:
    trust = each.trust
    return {
        "claimed": each.claimed,
        "chance": trust.chance,
        "chance_bound": CHANCE,
        "density": each.density,
        "coverage": each.coverage,
        "mass": each.mass,
        "points_left_out": {
            "density": dict(zip(("mean", "low", "high"), trust.density, strict=True)),
            "coverage": dict(zip(("mean", "low", "high"), trust.coverage, strict=True)),
        },
        "conditions": each.conditions(axes),
        "again": {axis.name: share for axis, share in zip(axes, trust.again, strict=True)},
    }


def _of_tree(axes: Sequence[Axis], tree: Tree) -> dict[str, Any]:
    return {
        "explained": tree.explained,
        "again": {axis.name: share for axis, share in zip(axes, tree.again, strict=True)},
        "leaves": [
            {"conditions": conditions(axes, leaf.box), "mass": leaf.mass, "density": leaf.density}
            for leaf in tree.leaves
        ],
    }


def _membership(points: Points, found: Sequence[Found]) -> Any:  # noqa: ANN401  an array
    """Return the number of the first claimed box that holds each point; 0 for none."""
    number = np.zeros(points.y.size, dtype=np.int64)
    for k, each in reversed(list(enumerate(found, start=1))):
        if each.claimed:
            number[each.box.holds(points.x)] = k
    return number


def _way(axes: Sequence[Axis], points: Points) -> pd.DataFrame:
    """Return the boxes from everything to the densest: what coverage each density costs."""
    rows = [
        {
            "mass": points.mass(box),
            "coverage": points.coverage(box),
            "density": points.density(box),
            "fields": " ".join(axes[k].name for k in box.restricted),
        }
        for box in trajectory(points)
    ]
    return pd.DataFrame(rows)
