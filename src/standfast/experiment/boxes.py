"""PRIM: boxes in the space of what was varied, in which an outcome is frequent.

The patient rule induction method (Friedman and Fisher 1999) begins with everything and peels off,
again and again, the twentieth of the points at one end of one field that leaves the mean of the rest
highest for the points lost; then it pastes back what it peeled too much. The boxes on the way trade
coverage (the share of all that came which lies inside) against density (how often it came inside).

Only numpy is needed. `tests/agreement` compares every box on the way with those of ema-workbench,
which is not imported: it would bring eight further packages and seconds of waiting for these few lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

#: share of a box's points that a peel takes, and that a paste gives back
PEEL, PASTE = 0.05, 0.05
#: no box holds fewer than this share of the points
LEAST_MASS = 0.05


@dataclass(frozen=True)
class Box:
    """A range for each field, or for a field of words those that are left out.

    Attributes
    ----------
    low, high : (n_axis,) tuple of float
        Inclusive limits; infinite where there is none.
    without : (n_axis,) tuple of frozenset
        Codes of the words that are left out; empty for numbers.

    Examples
    --------
    >>> box = Box.around(2).limited(0, low=0.5)
    >>> box.restricted, box.holds(np.array([[0.4, 9.0], [0.6, 9.0]])).tolist()
    ((0,), [False, True])
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    without: tuple[frozenset[int], ...]

    @classmethod
    def around(cls, n_axis: int) -> Box:
        """Return the box that holds everything."""
        return cls((-np.inf,) * n_axis, (np.inf,) * n_axis, (frozenset(),) * n_axis)

    @property
    def restricted(self) -> tuple[int, ...]:
        """Indices of the fields that it limits."""
        return tuple(k for k in range(len(self.low)) if self.limits(k))

    def limits(self, axis: int) -> bool:
        """Tell whether a field is limited."""
        return bool(np.isfinite([self.low[axis], self.high[axis]]).any() or self.without[axis])

    def holds(self, x: Floats) -> Flags:
        """Return which points, (n_point, n_axis), lie inside."""
        inside: Flags = np.all((x >= np.array(self.low)) & (x <= np.array(self.high)), axis=1)
        for k, codes in enumerate(self.without):
            if codes:
                inside &= ~np.isin(x[:, k], list(codes))
        return inside

    def limited(self, axis: int, low: float | None = None, high: float | None = None) -> Box:
        """Return the box with another limit on one field."""
        return Box(
            _put(self.low, axis, self.low[axis] if low is None else low),
            _put(self.high, axis, self.high[axis] if high is None else high),
            self.without,
        )

    def lacking(self, axis: int, codes: frozenset[int]) -> Box:
        """Return the box with other words of one field left out."""
        return Box(self.low, self.high, _put(self.without, axis, codes))

    def freed(self, axis: int) -> Box:
        """Return the box without any limit on one field."""
        return self.limited(axis, -np.inf, np.inf).lacking(axis, frozenset())


def _put(values: tuple[Any, ...], at: int, value: object) -> tuple[Any, ...]:
    return (*values[:at], value, *values[at + 1 :])


@dataclass(frozen=True)
class Points:
    """Where something was tried, and how often it came there.

    Attributes
    ----------
    x : (n_point, n_axis) float64
        Values; codes 0, 1, ... for a field of words.
    y : (n_point,) float64
        Share of runs in which it came, 0 to 1.
    words : (n_axis,) tuple of bool
        Whether a field is one of words.
    """

    x: Floats
    y: Floats
    words: tuple[bool, ...]

    @property
    def base(self) -> float:
        """Share of runs in which it came, over all points."""
        return float(self.y.mean())

    def chosen(self, rows: npt.NDArray[np.intp] | Flags) -> Points:
        """Return some of the points, or the same one several times."""
        return Points(self.x[rows], self.y[rows], self.words)

    def mass(self, box: Box) -> float:
        """Return the share of the points inside."""
        return float(box.holds(self.x).mean())

    def density(self, box: Box) -> float:
        """Return how often it came inside; NaN for an empty box."""
        inside = self.y[box.holds(self.x)]
        return float(inside.mean()) if inside.size else np.nan

    def coverage(self, box: Box) -> float:
        """Return the share of all that came which lies inside; NaN where nothing came."""
        total = float(self.y.sum())
        return float(self.y[box.holds(self.x)].sum()) / total if total else np.nan

    def gain(self, box: Box) -> float:
        """Return by how much more of it lies inside than would by chance, as a share of runs."""
        inside = self.y[box.holds(self.x)]
        return float((inside - self.base).sum()) / self.y.size


def trajectory(points: Points) -> list[Box]:
    """Return the boxes from everything to the densest, by peeling and then pasting.

    Parameters
    ----------
    points
        At least one.

    Examples
    --------
    >>> x = np.random.default_rng(1).uniform(size=(400, 2))
    >>> points = Points(x, (x[:, 0] > 0.7).astype(float), (False, False))
    >>> last = trajectory(points)[-1]
    >>> last.restricted, points.density(last)
    ((0,), 1.0)
    """
    box = Box.around(points.x.shape[1])
    boxes = [box]
    for candidates, grows in ((_peels, False), (_pastes, True)):
        while (better := _best(points, box, candidates(points, box), grows=grows)) is not None:
            box = better
            boxes.append(box)
    return boxes


def choose(points: Points, boxes: Sequence[Box], wanted: float) -> Box:
    """Return the box that covers most where it comes at least as often as wanted, made simpler.

    Where none is dense enough: the box with the largest gain. Limits that can be spared are then
    dropped, one by one.

    Parameters
    ----------
    points, boxes
        As of `trajectory`.
    wanted
        Density.
    """
    dense = [box for box in boxes if points.density(box) >= wanted]
    if dense:
        return _spared(points, max(dense, key=points.coverage), wanted)
    return max(boxes, key=points.gain)


def _spared(points: Points, box: Box, wanted: float) -> Box:
    while box.restricted:
        simpler = max((box.freed(k) for k in box.restricted), key=points.density)
        if points.density(simpler) < wanted:
            return box
        box = simpler
    return box


def _best(points: Points, box: Box, candidates: Iterator[Box], *, grows: bool) -> Box | None:
    """Return the candidate that raises the mean most for the points it moves; None where none does.

    Criterion of Friedman and Fisher (1999, section 14.6): gain in mean by change in mass; of equals
    that with fewer limits, then the first.
    """
    old = points.y[box.holds(points.x)]
    least = LEAST_MASS * points.y.size
    best, best_score = None, (0.0, 0)
    for other in candidates:
        new = points.y[other.holds(points.x)]
        moved = abs(old.size - new.size)
        if not moved or (new.size > old.size) != grows or new.size < least:
            continue
        score = ((new.mean() - old.mean()) / moved, -len(other.restricted))
        if score[0] > 0 and score > best_score:
            best, best_score = other, score
    return best


def _peels(points: Points, box: Box) -> Iterator[Box]:
    inside = points.x[box.holds(points.x)]
    for k in range(inside.shape[1]):
        if points.words[k]:
            codes = {int(code) for code in inside[:, k]}
            if len(codes) > 1:
                for code in sorted(codes):
                    yield box.lacking(k, box.without[k] | {code})
            continue
        values = np.sort(inside[:, k])
        if values[0] < values[-1]:
            yield box.limited(k, high=_below(values, PEEL))
            yield box.limited(k, low=_above(values, PEEL))


def _pastes(points: Points, box: Box) -> Iterator[Box]:
    for k in box.restricted:
        if points.words[k]:
            for code in sorted(box.without[k]):
                yield box.lacking(k, box.without[k] - {code})
            continue
        beyond = points.x[box.freed(k).holds(points.x), k]
        under, over = np.sort(beyond[beyond < box.low[k]]), np.sort(beyond[beyond > box.high[k]])
        if under.size:
            yield box.limited(k, low=_below(under, PASTE) if under.size > 1 else under[0])
        if over.size:
            yield box.limited(k, high=_above(over, PASTE) if over.size > 1 else over[0])


def _above(values: Floats, share: float) -> float:
    """Return a limit that has at least a share of sorted values below it, between two of them."""
    last = values[int((values.size - 1) * share)]
    rest = values[np.searchsorted(values, last, side="right") :]
    return float((last + rest[0]) / 2) if rest.size else float(last)


def _below(values: Floats, share: float) -> float:
    """Return a limit that has at least a share of sorted values above it, between two of them."""
    first = values[values.size - 1 - int((values.size - 1) * share)]
    rest = values[: np.searchsorted(values, first, side="left")]
    return float((rest[-1] + first) / 2) if rest.size else float(first)
