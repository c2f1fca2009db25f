"""Reading ``--vary``: from text to an axis, or to what is wrong with it and what was meant."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from standfast.errors import Problem, ScenarioError
from standfast.experiment.axes import Axis, field_at
from standfast.experiment.measures import known_measures
from standfast.experiment.outlook import main_place
from standfast.scenario.evidence import undotted
from standfast.scenario.names import suggest
from standfast.scenario.quantities import EXAMPLES, QuantityError, parse_quantity
from standfast.scenario.reading import ReadingError, read_yaml
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from standfast.scenario.fields import FieldView
    from standfast.scenario.model import Scenario
    from standfast.scenario.tree import Plain

OPTION = "--vary"
NOWHERE = ""
_WRITE = "Write PATH=LOW:HIGH:COUNT, such as behaviour.command.answer_probability=0:0.5:6."
_MOST_VALUES = 10_000

#: short names; {place} is the place that is asked about, {reference} the reference event
ALIASES: dict[str, str] = {
    "infiltration": "places.{place}.infiltration",
    "support": "places.{place}.support",
    "hostility": "places.{place}.hostility",
    "defensibility": "places.{place}.defensibility",
    "attackers": "events.{reference}.fighters",
    "answer": "behaviour.command.answer_probability",
    "answer-delay": "behaviour.command.dispatch_delay",
    "flight": "behaviour.command.flight_rate",
    "commitment": "behaviour.decision.commitment",
    "trust": "behaviour.trust.trust_start",
    "belief": "behaviour.belief.belief_start",
    "corruption": "forces.*.corruption",
    "quality": "forces.*.quality",
    "ghosts": "forces.*.ghosts",
    "leave": "forces.*.leave",
}


def read_axes(texts: Sequence[str], scenario: Scenario, place: str | None = None) -> list[Axis]:
    """Return the axes that texts describe, each field varied once.

    Parameters
    ----------
    texts
        Each ``PATH``, ``PATH=LOW:HIGH``, ``PATH=LOW:HIGH:COUNT`` or ``PATH=A,B,C``.
    scenario
        Whose fields they are.
    place
        What the short names that mean a place mean; by default the main place.

    Raises
    ------
    ScenarioError
        With everything that is wrong with any of them.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> axis, = read_axes(["answer=0:50 %:3"], load_scenario("garrison"))
    >>> axis.paths, axis.values()
    (('behaviour.command.answer_probability',), (0.0, 0.25, 0.5))
    """
    axes: list[Axis] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            axes.append(read_axis(text, scenario, place))
        except ScenarioError as error:
            problems += error.problems
    taken: dict[str, str] = {}
    for axis in axes:
        for path in axis.paths or (axis.name,):
            if path in taken:
                says = f"is varied twice, by {taken[path]} and {axis.name}"
                problems.append(Problem(path, says, "Leave one of them out."))
                break
            taken[path] = axis.name
    if problems:
        raise ScenarioError(OPTION, problems)
    return axes


def read_axis(text: str, scenario: Scenario, place: str | None = None) -> Axis:
    """Return the axis that one text describes; see `read_axes`."""
    name, equals, written = text.partition("=")
    name, written = name.strip(), written.strip()
    if not name or (equals and not written):
        says = f'"{printable(text)}" names no field and range'
        raise _wrong(NOWHERE, says, _WRITE)
    axis, view = find_axis(name, scenario, place)
    return _ranged(axis, written or _usual_range(axis, view, scenario))


def find_axis(
    name: str, scenario: Scenario, place: str | None = None
) -> tuple[Axis, FieldView | None]:
    """Return the axis of a name before it has any values, and the field; None for a measure.

    Parameters
    ----------
    name
        A path, a short name, a behavioural parameter or a measure.
    scenario, place
        As for `read_axes`.

    Raises
    ------
    ScenarioError
        When it names no single value.
    """
    measure = known_measures(scenario).get(name) if name not in ALIASES else None
    if measure is not None:
        return Axis(name, limits=(0.0, 1.0), dimension="share", measure=measure), None
    data = scenario.model_dump()
    paths = tuple(_paths(name, scenario, data, place or main_place(scenario)))
    view = field_at(scenario, paths[0], data)
    assert view is not None  # noqa: S101  _paths gives only paths that exist
    if view.models or view.item is not None:
        raise _wrong(name, "is a section, and only single values can be varied", _below(view))
    bounds = view.bounds
    low = bounds.get("ge", bounds.get("gt", -math.inf))
    high = bounds.get("le", bounds.get("lt", math.inf))
    whole = view.type is int
    return Axis(name, paths, dimension=_dimension(view), whole=whole, limits=(low, high)), view


def _dimension(view: FieldView) -> str | None:
    return view.dimension or ("1" if view.type in (int, float) else None)


def _below(view: FieldView) -> str:
    names = [name for model in view.models for name in model.model_fields]
    return f"Name a field of it: {', '.join(names[:12])}." if names else _WRITE


def _paths(name: str, scenario: Scenario, data: Mapping[str, Any], place: str) -> Iterator[str]:
    """Yield the paths that a name stands for; all exist."""
    path = ALIASES.get(name, name)
    if "{reference}" in path and scenario.time.reference_event is None:
        raise _wrong(name, "means the reference event, and the scenario has none", "Name a path.")
    path = path.format(place=place, reference=scenario.time.reference_event)
    if "." not in path and path not in data:
        path = _parameter(path, data) or path
    found = [each for each in _expanded(path, data) if field_at(scenario, each, data) is not None]
    if not found:
        raise _wrong(name, "is no field of this scenario", _advice(path, data, scenario))
    yield from found


def _parameter(name: str, data: Mapping[str, Any]) -> str | None:
    """Return the path of a behavioural parameter given by its bare name."""
    for family, values in data["behaviour"].items():
        if name in values:
            return f"behaviour.{family}.{name}"
    return None


def _expanded(path: str, data: Plain) -> list[str]:
    """Return a path with every ``*`` replaced by each name that stands there."""
    before, star, after = path.partition("*")
    if not star:
        return [path]
    here = _at(before.rstrip("."), data)
    names = _names(here) if isinstance(here, dict | list | tuple) else []
    return [each for name in names for each in _expanded(f"{before}{name}{after}", data)]


def _names(here: Plain) -> list[str]:
    if isinstance(here, dict):
        return [str(name) for name in here]
    if isinstance(here, list | tuple):
        return [str(item.get("id", i)) if isinstance(item, dict) else str(i)
                for i, item in enumerate(here)]  # fmt: skip
    return []


def _at(path: str, data: Plain) -> Plain:
    here = data
    for step in undotted(path, data) if path else ():
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return None
    return here


def _advice(path: str, data: Mapping[str, Any], scenario: Scenario) -> str:
    """Return the nearest name to the first step of a path that does not exist."""
    steps = path.split(".")
    if len(steps) == 1:
        parameters = [name for part in data["behaviour"].values() for name in part]
        known = [*ALIASES, *known_measures(scenario), *parameters, *data]
        return suggest(path, known, "names")
    for end, step in enumerate(steps):
        above = ".".join(steps[:end])
        here = _at(above, data) if above else data
        if step != "*" and step not in _names(here):
            return suggest(step, _names(here), f"names in {above}" if above else "sections")
    return _WRITE


def _ranged(axis: Axis, written: str) -> Axis:
    """Return the axis with the values that were written, within the bounds of its field."""
    parts = written.split(":")
    if axis.dimension is None or len(parts) == 1:
        return _listed(axis, written)
    if len(parts) > 3:
        raise _wrong(axis.name, f'is given "{printable(written)}", which is no range', _WRITE)
    factor = parts[0].strip().startswith("x")
    low, high = (_read(axis, part, factor=factor) for part in parts[:2])
    count = _count(axis, parts[2]) if len(parts) == 3 else None
    if not low < high:
        says = f"runs from {parts[0]} to {parts[1]}, which is no way up"
        raise _wrong(axis.name, says, "Write the lower value first.")
    ranged = Axis(
        axis.name, axis.paths, low, high, count, (), axis.dimension, axis.whole, factor,
        axis.limits, axis.measure,
    )  # fmt: skip
    if not factor:
        _check_within(ranged, (low, high))
    return ranged


def _listed(axis: Axis, written: str) -> Axis:
    values: list[Plain] = []
    for part in written.split(","):
        if axis.dimension is not None:
            values.append(axis.admit(_read(axis, part, factor=False)))
            continue
        try:
            values.append(read_yaml(part.strip()).data)
        except ReadingError as error:
            raise _wrong(axis.name, error.problem.says, error.problem.advice) from None
    if axis.dimension is not None:
        _check_within(axis, values)
    return Axis(
        axis.name, axis.paths, listed=tuple(values), dimension=axis.dimension, whole=axis.whole,
        limits=axis.limits, measure=axis.measure,
    )  # fmt: skip


def _read(axis: Axis, text: str, *, factor: bool) -> float:
    text = text.strip()
    dimension = axis.dimension or "1"
    try:
        if factor:
            return parse_quantity(text.removeprefix("x"), "1")
        return parse_quantity(text, dimension)
    except QuantityError as error:
        wanted = f"Write {EXAMPLES[dimension]}."
        raise _wrong(axis.name, f'is given "{printable(text)}", which {error}', wanted) from None


def _count(axis: Axis, text: str) -> int:
    if not re.fullmatch(r"\s*\d{1,6}\s*", text) or not 2 <= int(text) <= _MOST_VALUES:
        says = f'is to take "{printable(text.strip())}" values'
        raise _wrong(axis.name, says, f"Give 2 to {_MOST_VALUES:,} of them. {_WRITE}")
    return int(text)


def _check_within(axis: Axis, values: Sequence[float]) -> None:
    low, high = axis.limits
    outside = [value for value in values if not low <= value <= high]
    if outside:
        says = f"is given {axis.show(outside[0])}, but lies between {axis.show(low)} and {axis.show(high)}"
        path = axis.paths[0] if axis.paths else axis.name
        raise _wrong(path, says, f"Keep the range within {axis.show(low)}:{axis.show(high)}.")


def _usual_range(axis: Axis, view: FieldView | None, scenario: Scenario) -> str:
    """Return the range that the evidence, the prior or the bounds of a field give it."""
    if view is None:
        return "0:1"
    stated = scenario.evidence.get(axis.paths[0])
    if stated is not None and stated.range is not None:
        return f"{stated.range[0]}:{stated.range[1]}"
    declared = view.info.json_schema_extra
    prior = str(declared.get("prior", "")) if isinstance(declared, dict) else ""
    if match := re.fullmatch(r"(?:log)?uniform\(([^,()]+),([^,()]+)\)", prior):
        return f"{match[1]}:{match[2]}"
    if axis.dimension is not None and all(map(math.isfinite, axis.limits)):
        return ":".join(str(view.written(limit)) for limit in axis.limits)
    raise _wrong(axis.name, "has no range of its own", _WRITE)


def _wrong(path: str, says: str, advice: str = "") -> ScenarioError:
    return ScenarioError(OPTION, [Problem(path, says, advice)])
