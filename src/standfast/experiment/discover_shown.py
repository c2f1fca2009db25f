"""Boxes and trees in words: the conditions under which a verdict comes, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.experiment.box_trust import CHANCE
from standfast.experiment.shown import Shown
from standfast.results.words import NOTHING, percent
from standfast.scenario.interventions import SIZE_MEANS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.experiment.axes import Axis
    from standfast.experiment.box_trust import Trust
    from standfast.experiment.boxes import Box, Points
    from standfast.experiment.decision_tree import Tree
    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario

#: by name of the axis: what an upper limit says, and a lower one
_SAYS: dict[str, tuple[str, str]] = {
    "answer": ("at most {} of calls are answered", "at least {} of calls are answered"),
    "answer-delay": ("calls are answered within {}", "answers take longer than {}"),
    "attackers": ("at most {} attack", "at least {} attack"),
    "ghosts": ("at most {} on paper are ghosts", "at least {} on paper are ghosts"),
    "infiltration": ("informers reach at most {}", "informers reach at least {}"),
    "leave": ("at most {} are on leave", "at least {} are on leave"),
    "population.exposed": ("at most {} are exposed", "at least {} are exposed"),
}


@dataclass(frozen=True)
class Found:
    """A box, how far it may be trusted, and where it was found.

    Attributes
    ----------
    box, trust
        The box and what finding it again says.
    wanted
        Density it was to have.
    left, everything
        Points that it was found in, and all of them.
    """

    box: Box
    trust: Trust
    wanted: float
    left: Points
    everything: Points

    @property
    def claimed(self) -> bool:
        """Whether it is more than luck, and more than everything."""
        return self.trust.claimed and bool(self.box.restricted)

    @property
    def density(self) -> float:
        """How often it came in the box, among the points it was found in."""
        return self.left.density(self.box)

    @property
    def coverage(self) -> float:
        """Share of all that came, over all points, which this box adds."""
        came = float(self.everything.y.sum())
        return float(self.left.y[self.box.holds(self.left.x)].sum()) / came if came else np.nan

    @property
    def mass(self) -> float:
        """Share of all points that are in it."""
        return float(self.box.holds(self.left.x).sum()) / self.everything.y.size

    def conditions(self, axes: Sequence[Axis]) -> list[str]:
        """Return its limits in words."""
        return conditions(axes, self.box)


def conditions(axes: Sequence[Axis], box: Box) -> list[str]:
    """Return what a box asks for, a condition for each field that it limits.

    Examples
    --------
    >>> from standfast.experiment.axes import Axis
    >>> from standfast.experiment.boxes import Box
    >>> axes = [Axis("answer-delay", ("x",), 0, 48, dimension="h"), Axis("y", ("y",), listed=("a", "b"))]
    >>> conditions(axes, Box.around(2).limited(0, high=12.0).lacking(1, frozenset({0})))
    ['calls are answered within 12 h', 'y is b']
    """
    return [_condition(axes[k], box, k) for k in box.restricted]


def _condition(axis: Axis, box: Box, k: int) -> str:
    if box.without[k]:
        left = [str(word) for code, word in enumerate(axis.listed) if code not in box.without[k]]
        return f"{axis.name} is {' or '.join(left)}"
    low, high = (_value(axis, limit) for limit in (box.low[k], box.high[k]))
    subject = _subject(axis)
    if np.isfinite(box.low[k]) and np.isfinite(box.high[k]):
        return f"{subject} is between {low} and {high}"
    at_most, at_least = _SAYS.get(
        axis.name, (f"{subject} is at most {{}}", f"{subject} is at least {{}}")
    )
    return at_most.format(high) if np.isfinite(box.high[k]) else at_least.format(low)


def _subject(axis: Axis) -> str:
    kinds = [each.kind for each in axis.measure.interventions] if axis.measure else []
    return f"the {SIZE_MEANS[kinds[0]].partition(',')[0]}" if len(kinds) == 1 else axis.name


def _value(axis: Axis, value: float) -> str:
    if not np.isfinite(value):
        return "no limit"
    if axis.dimension == "share" and not axis.factor:
        return percent(round(value, 3))
    return axis.show(float(f"{value:.3g}"))


def in_words(parts: Sequence[str]) -> str:
    """Return conditions as one: with commas, and an "and" before the last."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def show_discovery(
    scenario: Scenario,
    axes: Sequence[Axis],
    outlook: Outlook,
    points: Points,
    found: Sequence[Found],
    tree: Tree | None,
    n_run: int,
) -> list[Shown]:
    """Return what is printed of a discovery."""
    head = (
        f"{scenario.title}, {outlook.where(scenario)}: {outlook.verdict} in {percent(points.base)} of "
        f"{n_run:,} runs, at {points.y.size:,} points over "
        f"{len(axes)} {'field' if len(axes) == 1 else 'fields'}."
    )
    said = _first(points, found)
    shown = [Shown(head, (), (), (said,) if said else ())]
    claimed = [each for each in found if each.claimed]
    shown += [_box(k, axes, outlook, each) for k, each in enumerate(claimed, start=1)]
    if tree is not None:
        shown.append(_tree(axes, outlook, tree))
    return shown


def _first(points: Points, found: Sequence[Found]) -> str:
    if not found:
        return f"It came {'always' if points.base == 1 else 'never'}, so no condition decides."
    if not found[0].claimed:
        return (
            "No condition is claimed: shuffled outcomes give a box as good in "
            f"{percent(found[0].trust.chance)} of cases (at most {percent(CHANCE)} is asked for)."
        )
    if found[0].density < found[0].wanted:
        wanted = percent(round(found[0].wanted, 3))
        return f"No box reaches {wanted}; the one with the largest gain is shown."
    return ""


def _box(k: int, axes: Sequence[Axis], outlook: Outlook, each: Found) -> Shown:
    when = in_words(each.conditions(axes))
    title = f"Box {k}: {outlook.verdict} in {percent(round(each.density, 3))} when {when}."
    rows = tuple(
        (
            axes[a].name,
            _limit(axes[a], each.box.low[a], each.trust.low[a]),
            _limit(axes[a], each.box.high[a], each.trust.high[a]),
            percent(each.trust.again[a]),
        )
        for a in each.box.restricted
    )
    others = [
        f"{axes[a].name} ({percent(share)})"
        for a, share in enumerate(each.trust.again)
        if share >= 0.5 and not each.box.limits(a)
    ]
    dense, cover = each.trust.density, each.trust.coverage
    notes = [
        f"Holds {percent(round(each.mass, 3))} of the points and {percent(round(each.coverage, 3))} of "
        "all runs in which it came.",
        f"On points left out of the search: {_spread(dense)} inside, covering {_spread(cover)}.",
        f"As good by luck: {percent(each.trust.chance)} of shuffles.",
    ]
    if others:
        notes.append(f"Other samples often limit {in_words(others)} as well.")
    head = ("Field", "From", "To", "Limited in other samples")
    return Shown(title, head, rows, tuple(notes))


def _limit(axis: Axis, limit: float, spread: np.ndarray) -> str:
    if not np.isfinite(limit):
        return NOTHING
    low, high = (_value(axis, each) for each in spread)
    return f"{_value(axis, limit)} ({low} to {high})"


def _spread(values: np.ndarray) -> str:
    mean, low, high = (percent(round(float(each), 3)) for each in values)
    return f"{mean} ({low.removesuffix(' %')} to {high.removesuffix(' %')})"


def _tree(axes: Sequence[Axis], outlook: Outlook, tree: Tree) -> Shown:
    if len(tree.leaves) == 1:
        return Shown("Decision tree: no question helps on points left out.", (), ())
    rows = tuple(
        (
            in_words(conditions(axes, leaf.box)),
            percent(round(leaf.density, 3)),
            percent(round(leaf.mass, 3)),
        )
        for leaf in tree.leaves
    )
    asked = [
        f"{axis.name} ({percent(round(share, 2))})"
        for axis, share in zip(axes, tree.again, strict=True)
        if share >= 0.2
    ]
    notes = (
        f"On points left out the tree explains {percent(round(tree.explained, 3))} of the variance "
        "between points.",
        f"Asked about in other samples: {in_words(asked)}.",
    )
    title = f"Decision tree: when it is {outlook.verdict}, and when not."
    return Shown(title, ("When", f"P({outlook.verdict})", "Of the points"), rows, notes)
