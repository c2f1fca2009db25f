"""Where in the space of several axes to run: on a grid, or spread evenly over it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from standfast.errors import Problem, RunError, ScenarioError
from standfast.experiment.vary import OPTION
from standfast.scenario.names import suggest
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from standfast.experiment.axes import Axis
    from standfast.scenario.tree import Plain

    Point = tuple[Plain, ...]

DESIGNS: dict[str, str] = {
    "grid": "every combination of the values",
    "lhs": "a Latin hypercube: every range cut into as many parts as points, each part met once",
    "sobol": "a scrambled Sobol sequence: even in all projections; a power of two of points",
}
_DESIGN = "--design"
DEFAULT_POINTS = 64
MOST_POINTS = 1_000_000


def build_points(
    axes: Sequence[Axis], design: str, points: int | None = None, seed: int = 1
) -> list[Point]:
    """Return the points of a design.

    Parameters
    ----------
    axes
        What is varied.
    design
        One of `DESIGNS`.
    points
        How many, for all but a grid, whose axes say so; a Sobol sequence is rounded up to a power
        of two.
    seed
        Of the hypercube and the scrambling.

    Raises
    ------
    ScenarioError
        When there is no such design, or nothing to vary.
    RunError
        When there are too many points.

    Examples
    --------
    >>> from standfast.experiment.axes import Axis
    >>> axes = [Axis("x", ("x",), 0.0, 1.0, 2), Axis("y", ("y",), listed=("a", "b"))]
    >>> build_points(axes, "grid")
    [(0.0, 'a'), (0.0, 'b'), (1.0, 'a'), (1.0, 'b')]
    >>> len(build_points(axes, "sobol", 5))
    8
    """
    if design not in DESIGNS:
        says = f'"{printable(design)}" is no design'
        raise ScenarioError(_DESIGN, [Problem("", says, suggest(design, DESIGNS, "designs"))])
    if not axes:
        says = "nothing is varied"
        raise ScenarioError(OPTION, [Problem("", says, "Write PATH=LOW:HIGH:COUNT.")])
    n_grid = int(np.prod([float(len(axis.values())) for axis in axes]))
    wanted = n_grid if design == "grid" else points or DEFAULT_POINTS
    if not 1 <= wanted <= MOST_POINTS:
        says = f"{wanted:,} points are asked for"
        raise RunError(says, f"Ask for 1 to {MOST_POINTS:,}, or vary less.")
    if design == "grid":
        return list(product(*(axis.values() for axis in axes)))
    cube = _hypercube if design == "lhs" else _sobol
    return [
        tuple(axis.at(float(share)) for axis, share in zip(axes, row, strict=True))
        for row in cube(wanted, len(axes), seed)
    ]


def _hypercube(n: int, n_axis: int, seed: int) -> npt.NDArray[np.float64]:
    """Return a Latin hypercube (McKay, Beckman and Conover 1979), (n, n_axis)."""
    rng = np.random.default_rng(seed)
    cells = np.stack([rng.permutation(n) for _ in range(n_axis)], axis=1)
    shares: npt.NDArray[np.float64] = (cells + rng.uniform(size=(n, n_axis))) / n
    return shares


def _sobol(n: int, n_axis: int, seed: int) -> npt.NDArray[np.float64]:
    # a second to import
    from scipy.stats import qmc  # type: ignore[import-untyped]  # noqa: PLC0415

    power = int(np.ceil(np.log2(n)))
    sequence = qmc.Sobol(n_axis, scramble=True, rng=np.random.default_rng(seed))
    shares: npt.NDArray[np.float64] = sequence.random_base2(power)
    return shares
