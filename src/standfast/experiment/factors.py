"""Which fields a sensitivity analysis varies, between which bounds, and in which groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from standfast.errors import Problem, ScenarioError
from standfast.experiment.indices import Factors
from standfast.experiment.vary import read_axis
from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.model import Behaviour
from standfast.scenario.names import suggest
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.experiment.axes import Axis
    from standfast.scenario.model import Scenario

GROUPINGS: dict[str, str] = {
    "family": "parameters of a family of mechanisms together, such as fear or command",
    "mechanism": "parameters of a mechanism together, by the first it belongs to",
    "field": "every field for itself",
}
#: half and one and a half times the default, where nothing better is known
_AROUND = (0.5, 1.5)


def behavioural_axes(scenario: Scenario) -> list[Axis]:
    """Return an axis for every behavioural parameter that is not zero.

    Each over its prior where one is stated as uniform, else from half to one and a half times its
    value, within its bounds. A parameter that is zero has no such range; vary it by name.
    """
    axes = []
    for family, field in Behaviour.model_fields.items():
        part = getattr(scenario.behaviour, family)
        for name in _model(field).model_fields:
            value = float(getattr(part, name))
            if value != 0:
                axes.append(_axis(scenario, family, name, value))
    return [axis for axis in axes if axis.low < axis.high]


def _axis(scenario: Scenario, family: str, name: str, value: float) -> Axis:
    axis = read_axis(f"behaviour.{family}.{name}", scenario)
    if _declared(family, name)["prior"].startswith(("uniform", "loguniform")):
        return axis
    low, high = sorted(share * value for share in _AROUND)
    return replace(axis, low=max(low, axis.limits[0]), high=min(high, axis.limits[1]))


def group_factors(axes: Sequence[Axis], by: str) -> Factors:
    """Return axes as factors in groups.

    Parameters
    ----------
    axes
        What is varied.
    by
        One of `GROUPINGS`.

    Raises
    ------
    ScenarioError
        When there is no such grouping.
    """
    if by not in GROUPINGS:
        says = f'"{printable(by)}" is no way to group'
        raise ScenarioError(_OPTION, [Problem("", says, suggest(by, GROUPINGS, "groupings"))])
    return Factors(tuple(axis.name for axis in axes), tuple(_group(axis, by) for axis in axes))


def _group(axis: Axis, by: str) -> str:
    steps = axis.paths[0].split(".") if axis.paths else []
    if by != "field" and steps[:1] == ["plugins"]:
        return steps[1]
    if by == "field" or len(steps) != 3 or steps[0] != "behaviour":
        return axis.name
    if by == "family":
        return steps[1]
    first = _declared(steps[1], steps[2])["mechanisms"][0]
    return f"{first} {MECHANISMS[first]}"


_OPTION = "--by"


def _declared(family: str, name: str) -> dict[str, Any]:
    extra: Any = _model(Behaviour.model_fields[family]).model_fields[name].json_schema_extra
    return dict(extra)


def _model(field: Any) -> Any:  # noqa: ANN401  pydantic's field, and the class in it
    return field.annotation
