"""A short decision tree over what was varied: when it comes and when it does not, all ranges at once.

Grown by scikit-learn (CART: Breiman, Friedman, Olshen and Stone 1984) to three questions at most, and
cut back by the rule of one standard error on points left out, so that noise gives a tree of no
question. Every leaf is a box.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.errors import RunError
from standfast.experiment.boxes import LEAST_MASS, Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from standfast.experiment.boxes import Points

    Floats = npt.NDArray[np.float64]

DEPTH = 3
_PARTS, _SAMPLES = 10, 100


@dataclass(frozen=True)
class Leaf:
    """One end of the tree.

    Attributes
    ----------
    box
        What leads there.
    mass
        Share of the points in it.
    density
        How often it comes there.
    """

    box: Box
    mass: float
    density: float


@dataclass(frozen=True)
class Tree:
    """A tree and how far it may be trusted.

    Attributes
    ----------
    leaves
        The likeliest first; a single one where no question helps.
    explained
        Share of the variance between points that it explains on points left out; 0 for no question.
    again : (n_axis,) float64
        Share of samples, drawn with replacement, whose tree asks about each field.
    """

    leaves: tuple[Leaf, ...]
    explained: float
    again: Floats


def has_sklearn() -> bool:
    """Tell whether trees can be grown."""
    return find_spec("sklearn") is not None


def grow(points: Points, seed: int) -> Tree:
    """Grow a tree, cut back to what holds on points left out.

    Parameters
    ----------
    points
        At least twenty.
    seed
        Of the parts left out and the samples.

    Raises
    ------
    RunError
        Where scikit-learn is not installed.
    """
    if not has_sklearn():
        says = "decision trees need scikit-learn, which is not installed"
        raise RunError(says, "Install it: pip install 'standfast[lab]'.")
    columns = _Columns(points)
    penalty, explained = _penalty(columns, points.y, np.random.default_rng([seed, 2]))
    tree = _fit(columns.x, points.y, penalty)
    rng = np.random.default_rng([seed, 3])
    again = np.zeros(points.x.shape[1])
    for _ in range(_SAMPLES):
        rows = rng.integers(0, points.y.size, points.y.size)
        asked = _fit(columns.x[rows], points.y[rows], penalty).tree_.feature
        again[np.unique(columns.axis[asked[asked >= 0]])] += 1 / _SAMPLES
    leaves = [
        Leaf(box, points.mass(box), points.density(box)) for box in columns.boxes(tree.tree_, 0)
    ]
    leaves.sort(key=lambda leaf: -leaf.density)
    return Tree(tuple(leaves), explained, again)


class _Columns:
    """What the tree sees: a column for each number, and one for each word of a field of words."""

    def __init__(self, points: Points) -> None:
        columns, axis, code = [], [], []
        for k, words in enumerate(points.words):
            for each in range(int(points.x[:, k].max()) + 1) if words else (-1,):
                columns.append(points.x[:, k] == each if words else points.x[:, k])
                axis.append(k)
                code.append(each)
        self.x = np.column_stack(columns).astype(np.float64)
        self.axis, self.code = np.array(axis), code
        self._all = [
            frozenset(range(int(points.x[:, k].max()) + 1)) for k in range(len(points.words))
        ]
        self._start = Box.around(len(points.words))

    def boxes(self, tree: Any, node: int, box: Box | None = None) -> Iterator[Box]:  # noqa: ANN401  of scikit-learn
        """Yield the box of every leaf below a node."""
        box = box or self._start
        column = int(tree.feature[node])
        if column < 0:
            yield box
            return
        axis, code, cut = int(self.axis[column]), self.code[column], float(tree.threshold[node])
        if code < 0:
            halves = (
                box.limited(axis, high=min(cut, box.high[axis])),
                box.limited(axis, low=max(float(np.nextafter(cut, np.inf)), box.low[axis])),
            )
        else:
            others = self._all[axis] - {code}
            halves = (
                box.lacking(axis, box.without[axis] | {code}),
                box.lacking(axis, box.without[axis] | others),
            )
        for child, half in zip((tree.children_left, tree.children_right), halves, strict=True):
            yield from self.boxes(tree, int(child[node]), half)


def _fit(x: Floats, y: Floats, penalty: float) -> Any:  # noqa: ANN401  a tree of scikit-learn
    # seconds to import, and not everybody has it
    from sklearn.tree import DecisionTreeRegressor  # noqa: PLC0415

    # least squares on shares is the Gini criterion on the runs behind them, weighted by point
    tree = DecisionTreeRegressor(
        max_depth=DEPTH, min_samples_leaf=LEAST_MASS, ccp_alpha=penalty, random_state=0
    )
    return tree.fit(x, y)


def _penalty(columns: _Columns, y: Floats, rng: np.random.Generator) -> tuple[float, float]:
    """Return the penalty on leaves by the rule of one standard error, and what is explained with it."""
    tree = _fit(columns.x, y, 0.0)
    path = np.unique(np.maximum(tree.cost_complexity_pruning_path(columns.x, y).ccp_alphas, 0.0))
    # between two of them the tree is the same; their geometric mean stands for the stretch
    penalties = np.append(np.sqrt(path[:-1] * path[1:]), path[-1] * 2 + 1e-12)
    part = rng.permutation(np.arange(y.size) % _PARTS)
    error = np.zeros((penalties.size, y.size))
    none = np.zeros(y.size)
    for k in range(_PARTS):
        out = part == k
        none[out] = (y[out] - y[~out].mean()) ** 2
        for p, penalty in enumerate(penalties):
            fitted = _fit(columns.x[~out], y[~out], float(penalty))
            error[p, out] = (y[out] - fitted.predict(columns.x[out])) ** 2
    mean = error.mean(axis=1)
    best = int(mean.argmin())
    bound = mean[best] + error[best].std(ddof=1) / np.sqrt(y.size)
    chosen = int(np.flatnonzero(mean <= bound)[-1])
    explained = 1 - mean[chosen] / none.mean() if none.any() else 0.0
    return float(penalties[chosen]), float(max(explained, 0.0))
