"""Evidence: where a value comes from, how good that is, and within what range it may lie.

Any value of a scenario file may be wrapped::

    paper: {value: 30000, source: "press reports of 2014", grade: B, range: [25000, 40000]}

The wrapper is taken off before the scenario is checked, and kept under the path of the value.
A value without one counts as assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from standfast.scenario.base import Part
from standfast.scenario.tree import Mark, Path, Plain, Tree

Grade = Literal["A", "B", "C", "D"]
#: what each grade says about a value
GRADES: dict[str, str] = {
    "A": "measured in this case",
    "B": "measured in a like case, or reported by several independent sources",
    "C": "reported by one source, or inferred from others",
    "D": "assumed",
}
WRAPPER_KEYS = ("value", "source", "grade", "range", "prior")


class Evidence(Part):
    """What stands behind one value.

    Examples
    --------
    >>> Evidence(source="press reports of 2014", grade="B").assumed
    False
    """

    source: Annotated[str, Field(min_length=1, max_length=1000)] = Field(
        default="assumed", description="Where the value comes from, in your own words."
    )
    grade: Grade = Field(default="D", description="A (measured in this case) to D (assumed).")
    range: tuple[str | int | float, str | int | float] | None = Field(
        default=None, description="Lowest and highest plausible value, written like the value."
    )
    prior: Annotated[str, Field(max_length=200)] = Field(
        default="", description="Distribution for calibration, such as uniform(0.2, 0.4)."
    )

    @property
    def assumed(self) -> bool:
        """Whether nothing but a guess stands behind the value."""
        return self.grade == "D" or self.source == "assumed"


def is_wrapper(value: Plain) -> bool:
    """Tell whether a mapping wraps a value with its evidence.

    A place has a field called ``value`` as well, beside fields that no wrapper has.

    Examples
    --------
    >>> is_wrapper({"value": 3, "grade": "A"}), is_wrapper({"value": 3, "title": "Mosul"})
    (True, False)
    """
    if not isinstance(value, dict) or "value" not in value:
        return False
    others = set(value) - {"value"}
    return others <= set(WRAPPER_KEYS) or bool(
        others & {"source", "grade"} and "title" not in others
    )


def take_evidence(tree: Tree) -> Tree:
    """Take all wrappers off and gather what they carried in an ``evidence`` section.

    Examples
    --------
    >>> take_evidence(Tree({"a": {"b": {"value": 3, "grade": "B", "source": "x"}}})).data
    {'a': {'b': 3}, 'evidence': {'a.b': {'grade': 'B', 'source': 'x'}}}
    """
    taker = _Taker(tree)
    data = taker.strip(tree.data, (), ())
    if taker.found and isinstance(data, dict):
        stated = data.get("evidence", {})
        if isinstance(stated, dict):
            data["evidence"] = {**stated, **taker.found}
    return Tree(data, taker.marks, list(tree.problems), set(tree.options))


def dotted(path: Path, data: Plain) -> str:
    """Write a path with dots; events go by their id, because their order may change.

    Examples
    --------
    >>> dotted(("events", 0, "at"), {"events": [{"id": "attack-mosul"}]})
    'events.attack-mosul.at'
    """
    steps = [str(step) for step in path]
    if len(path) > 1 and path[0] == "events" and isinstance(path[1], int):
        events = data.get("events") if isinstance(data, dict) else None
        event = (
            events[path[1]] if isinstance(events, (list, tuple)) and path[1] < len(events) else None
        )
        if isinstance(event, dict) and isinstance(event.get("value"), dict):
            event = event["value"]
        name = event.get("id") if isinstance(event, dict) else None
        name = name.get("value") if isinstance(name, dict) else name
        steps[1] = name if isinstance(name, str) else steps[1]
    return ".".join(steps)


def undotted(name: str, data: Plain) -> Path:
    """Return the path that a dotted name stands for: the reverse of `dotted`.

    Examples
    --------
    >>> undotted("events.attack-mosul.at", {"events": [{"id": "attack-mosul"}]})
    ('events', 0, 'at')
    """
    path: list[str | int] = []
    here = data
    for step in name.split("."):
        found: str | int = step
        if isinstance(here, (list, tuple)):
            found = _position(here, step)
            here = here[found] if isinstance(found, int) else None
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
        path.append(found)
    return tuple(path)


def _position(items: list[Plain] | tuple[Plain, ...], step: str) -> str | int:
    for i, item in enumerate(items):
        if isinstance(item, Mapping) and item.get("id") == step:
            return i
    return int(step) if step.isdecimal() and len(step) < 6 and int(step) < len(items) else step


class _Taker:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.marks: dict[Path, Mark] = {}
        self.found: dict[str, Any] = {}

    def strip(self, value: Plain, old: Path, new: Path) -> Plain:
        """Copy a value from its old path in the file to its new one without wrappers."""
        if old in self.tree.marks:
            self.marks.setdefault(new, self.tree.marks[old])
        if is_wrapper(value) and old and old[0] != "evidence":
            self._keep(value, old, new)
            return self.strip(value["value"], (*old, "value"), new)
        if isinstance(value, dict):
            return {key: self.strip(item, (*old, key), (*new, key)) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.strip(item, (*old, i), (*new, i)) for i, item in enumerate(value)]
        return value

    def _keep(self, wrapper: dict[str, Plain], old: Path, new: Path) -> None:
        name = dotted(new, self.tree.data)
        self.found[name] = {key: item for key, item in wrapper.items() if key != "value"}
        for path, mark in self.tree.marks.items():
            if path[: len(old)] == old and path[len(old) : len(old) + 1] != ("value",):
                self.marks["evidence", name, *path[len(old) :]] = mark
