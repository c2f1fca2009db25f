"""What an experiment varies: any field of a scenario by its dotted path, within its bounds.

An axis is written ``PATH=LOW:HIGH:COUNT`` or ``PATH=A,B,C``. A step of a path may be ``*``: all
places, all forces. A value that begins with ``x`` is a factor on what the scenario says there, as
in ``forces.*.corruption=x0.5:x1.5:5``. A path may also be a short name (`ALIASES`), the bare name
of a behavioural parameter, or the name of a measure, which stands for its size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.scenario.evidence import undotted
from standfast.scenario.fields import FieldView, view_at
from standfast.scenario.model import Scenario
from standfast.scenario.plugins import parameter_view
from standfast.scenario.quantities import format_quantity, parse_quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from standfast.experiment.measures import Measure
    from standfast.scenario.tree import Plain


@dataclass(frozen=True)
class Axis:
    """One thing that is varied.

    Attributes
    ----------
    name
        As the user wrote it; the column of the table.
    paths
        Dotted paths that take the value; empty for a measure.
    low, high
        Range in the base unit of the field; NaN where values are listed.
    count
        Number of values, when it was given.
    listed
        The values themselves, when they were given one by one.
    dimension
        Of the field: ``"h"``, ``"share"`` and so on; None where it is no number.
    whole
        Whether only whole numbers may stand there.
    factor
        Whether values multiply what the scenario says.
    limits
        Bounds of the field, which a product is kept within.
    measure
        The measure whose size is varied.
    """

    name: str
    paths: tuple[str, ...] = ()
    low: float = np.nan
    high: float = np.nan
    count: int | None = None
    listed: tuple[Plain, ...] = ()
    dimension: str | None = "1"
    whole: bool = False
    factor: bool = False
    limits: tuple[float, float] = (-np.inf, np.inf)
    measure: Measure | None = None

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return not self.listed or all(
            isinstance(value, float | int) and not isinstance(value, bool) for value in self.listed
        )

    @property
    def unit(self) -> str:
        """Unit of its values, as people write it; empty for plain numbers and words."""
        if self.factor or self.dimension in (None, "1", "share"):
            return ""
        return {"1/h": "/ h"}.get(self.dimension or "", self.dimension or "")

    def values(self, count: int | None = None) -> tuple[Plain, ...]:
        """Return its values in order; `count` of them where the range does not say how many."""
        if self.listed:
            return self.listed
        wanted = self.count or count or 5
        return tuple(self.admit(value) for value in np.linspace(self.low, self.high, wanted))

    def at(self, share: float) -> Plain:
        """Return the value at a share of the way, from 0 to 1: for random designs.

        Examples
        --------
        >>> Axis("x", ("x",), 2.0, 4.0).at(0.5), Axis("x", ("x",), listed=("a", "b")).at(0.7)
        (3.0, 'b')
        """
        if self.listed:
            return self.listed[min(int(share * len(self.listed)), len(self.listed) - 1)]
        return self.admit(self.low + share * (self.high - self.low))

    def admit(self, value: float) -> float:
        """Return a value as the field can hold it."""
        return float(round(value)) if self.whole and not self.factor else float(value)

    def show(self, value: Plain) -> str:
        """Return a value for people, with its unit."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        text = f"{value:.4g}"
        return f"{text} {self.unit}" if self.unit else f"x{text}" if self.factor else text

    def changes(self, scenario: Scenario, value: Plain) -> dict[str, Plain]:
        """Return what a value changes in a scenario, by dotted path, as a file would write it."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return dict.fromkeys(self.paths, value)
        if not self.factor:
            return dict.fromkeys(self.paths, self._written(value))
        data = scenario.model_dump()
        return {path: self._written(value * self._number(data, path)) for path in self.paths}

    def number(self, scenario: Scenario) -> float:
        """Return what a scenario says at its first path, in the base unit."""
        return self._number(scenario.model_dump(), self.paths[0])

    def _number(self, data: Plain, path: str) -> float:
        here = data
        for step in undotted(path, data):
            here = here[step]
        # a quantity is written with its unit
        return parse_quantity(here, self.dimension or "1")

    def _written(self, value: float) -> Plain:
        kept = float(np.clip(value, *self.limits))
        if self.whole:
            return round(kept)
        return kept if self.dimension is None else format_quantity(kept, self.dimension)


def place_at(scenario: Scenario, axes: Sequence[Axis], point: Sequence[Plain]) -> Scenario:
    """Return the scenario at a point of the axes, checked as a whole.

    Parameters
    ----------
    scenario
        Stays as it is.
    axes, point
        What is varied, and the value of each.

    Raises
    ------
    ScenarioError
        When the values do not go together.
    """
    changes: dict[str, Plain] = {}
    sizes: list[Measure] = []
    for axis, value in zip(axes, point, strict=True):
        if axis.measure is not None:
            sizes.append(axis.measure.sized(float(value)))
        else:
            changes |= axis.changes(scenario, value)
    changed = scenario.with_(changes) if changes else scenario
    for measure in sizes:
        changed = measure.apply(changed)
    return changed


def with_range(axis: Axis, low: float, high: float) -> Axis:
    """Return an axis over another range."""
    return replace(axis, low=low, high=high, listed=(), count=None)


def field_at(scenario: Scenario, path: str, data: Mapping[str, Any]) -> FieldView | None:
    """Return the field at a dotted path of a scenario; None where there is none."""
    steps = undotted(path, data)
    view = parameter_view(scenario, steps) or view_at(Scenario, steps, data)
    return view if view is not None and _exists(data, steps) else None


def _exists(data: Plain, steps: Sequence[str | int]) -> bool:
    here = data
    for step in steps:
        if isinstance(here, dict):
            if step not in here:
                return False
            here = here[step]
        elif isinstance(here, list | tuple):
            if not isinstance(step, int) or step >= len(here):
                return False
            here = here[step]
        else:
            return False
    return True
