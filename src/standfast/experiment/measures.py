"""Measures: interventions by name, alone or together, with size, start, place, duration and cost.

A measure is named on the command line as ``answer-calls``, changed as in
``answer-calls:size=0.8,delay=6 h,places=city,barracks``, and joined with others by ``+``. Names are
looked up in the scenario file (`measures`), then among installed plug-ins (entry points of the
group ``standfast.interventions``), then in the library: one for each kind of intervention, at full
size, everywhere, from the start to the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from standfast.errors import Problem, RunError, ScenarioError
from standfast.experiment.outlook import main_place
from standfast.scenario.fields import fields_of
from standfast.scenario.interventions import SIZE_MEANS, Intervention, Kind
from standfast.scenario.names import suggest
from standfast.scenario.reading import ReadingError, read_yaml
from standfast.scenario.translate import translate
from standfast.scenario.tree import Tree, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from standfast.scenario.model import Scenario
    from standfast.scenario.tree import Plain

#: group of entry points under which others offer measures
GROUP = "standfast.interventions"
_ORIGIN = "--with"
#: options that may be several, as in places=city,barracks
_LISTS = ("places", "forces")
#: what a kind needs beside its size to have something to do; assumed
_NEEDS: dict[str, dict[str, Any]] = {
    "answer_calls": {"delay": "6 h", "battalions": 6},
    "reserves_ahead": {"battalions": 6, "to": "{place}"},
}


@dataclass(frozen=True)
class Measure:
    """Interventions that go by one name.

    Attributes
    ----------
    name
        What it is called, on the command line and in tables.
    interventions
        What it does; sizes, places, start, duration and cost are theirs.
    changes
        What else it changes in the scenario, by dotted path.

    Examples
    --------
    >>> Measure("leaders", (Intervention(kind="keep_leaders", size=0.5, cost=3.0),)).cost
    3.0
    """

    name: str
    interventions: tuple[Intervention, ...] = ()
    changes: Mapping[str, Plain] = field(default_factory=dict)

    @property
    def cost(self) -> float:
        """Sum of the costs of its interventions, in whatever unit they are given."""
        return float(sum(each.cost for each in self.interventions))

    def apply(self, scenario: Scenario) -> Scenario:
        """Return a scenario in which it is taken, beside the interventions already there.

        Raises
        ------
        ScenarioError
            When it does not go with the scenario, such as a place that is not there.
        """
        own = scenario.model_dump(mode="json")["interventions"]
        added = [each.model_dump(mode="json") for each in self.interventions]
        try:
            return scenario.with_({"interventions": [*own, *added], **self.changes})
        except ScenarioError as error:
            origin = f"{_ORIGIN} {self.name}"
            raise ScenarioError(origin, error.problems) from None

    def sized(self, size: float) -> Measure:
        """Return the measure with all its interventions at a size; cost is left as it is."""
        return replace(
            self,
            interventions=tuple(
                each.model_copy(update={"size": size}) for each in self.interventions
            ),
        )

    def joined(self, other: Measure) -> Measure:
        """Return both at once, under both names."""
        return Measure(
            f"{self.name} + {other.name}",
            self.interventions + other.interventions,
            {**self.changes, **other.changes},
        )


def read_measure(text: str, scenario: Scenario) -> Measure:
    """Return the measure that a text names.

    Parameters
    ----------
    text
        ``"keep-leaders"``, ``"keep-leaders:size=0.5,start=24 h"``, or several joined by ``+``.
    scenario
        Has measures of its own, and places.

    Raises
    ------
    ScenarioError
        When a name or an option does not exist, with the nearest one.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> both = read_measure("keep-leaders:size=0.5 + move-families:places=city", load_scenario("garrison"))
    >>> [(each.kind, each.size, each.places) for each in both.interventions]
    [('keep_leaders', 0.5, ()), ('move_families', 1.0, ('city',))]
    """
    parts = [_read_part(part.strip(), scenario) for part in text.split("+")]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.joined(part)
    return whole


def take_measures(texts: Sequence[str], scenario: Scenario) -> Scenario:
    """Return a scenario in which every measure that is named is taken, one after the other.

    Raises
    ------
    ScenarioError
        As of `read_measure` and `Measure.apply`.
    """
    for text in texts:
        scenario = read_measure(text, scenario).apply(scenario)
    return scenario


def known_measures(scenario: Scenario) -> dict[str, Measure]:
    """Return every measure that may be named, by name: the library, plug-ins, the scenario's own."""
    found = {name: _from_library(name, scenario) for name in _library()}
    for name, offered in _plugged().items():
        found[name] = _from_plugin(name, offered, scenario)
    for name, interventions in scenario.measures.items():
        found[name] = Measure(name, interventions)
    return found


def _read_part(text: str, scenario: Scenario) -> Measure:
    name, _, options = text.partition(":")
    name = name.strip()
    known = known_measures(scenario)
    measure = known.get(name) or known.get(name.replace("_", "-"))
    if measure is None:
        says = f'"{printable(name)}" is not a measure'
        raise ScenarioError(_ORIGIN, [Problem("", says, suggest(name, known, "measures"))])
    return _changed(measure, options) if options.strip() else measure


def _changed(measure: Measure, options: str) -> Measure:
    """Return a measure with options such as ``size=0.5,places=city,barracks`` put in."""
    values = _read_options(measure.name, options)
    changed = tuple(
        _intervention(measure.name, each.model_dump(mode="json") | values)
        for each in measure.interventions
    )
    return replace(measure, name=f"{measure.name}:{options.strip()}", interventions=changed)


def _read_options(name: str, options: str) -> dict[str, Plain]:
    fields = {key: view for key, view in fields_of(Intervention).items() if key != "kind"}
    values: dict[str, Plain] = {}
    key = ""
    for item in options.split(","):
        before, equals, after = item.partition("=")
        if not equals and key in _LISTS:
            values[key].append(item.strip())
            continue
        key = before.strip()
        if not equals or key not in fields:
            says = f'is given "{printable(item.strip())}", which is no option of a measure'
            raise ScenarioError(_ORIGIN, [Problem(name, says, suggest(key, fields, "options"))])
        values[key] = [after.strip()] if key in _LISTS else _value(name, after.strip())
    return values


def _value(name: str, text: str) -> Plain:
    try:
        return read_yaml(text).data
    except ReadingError as error:
        raise ScenarioError(_ORIGIN, [Problem(name, error.problem.says)]) from None


def _intervention(name: str, values: dict[str, Plain]) -> Intervention:
    listed = {key: tuple(values.get(key, ())) for key in _LISTS}
    try:
        return Intervention.model_validate(values | listed)
    except ValidationError as error:
        problems = translate(error, Intervention, Tree(values))
        named = [replace(each, path=f"{name}.{each.path}") for each in problems]
        raise ScenarioError(_ORIGIN, named) from None


def _library() -> tuple[str, ...]:
    return tuple(kind.replace("_", "-") for kind in get_args(Kind))


def _from_library(name: str, scenario: Scenario) -> Measure:
    kind = name.replace("-", "_")
    place = main_place(scenario)
    values: dict[str, Any] = {"kind": kind, "title": SIZE_MEANS[kind]}
    for key, value in _NEEDS.get(kind, {}).items():
        values[key] = place if value == "{place}" else value
    return Measure(name, (_intervention(name, values),))


@cache
def _plugged() -> dict[str, Any]:
    """Return what installed packages offer, by name."""
    return {entry.name: entry.load() for entry in entry_points(group=GROUP)}


def _from_plugin(name: str, offered: object, scenario: Scenario) -> Measure:
    """Return a plug-in's measure: one ready made, or a function of the scenario that makes it."""
    measure = offered(scenario) if callable(offered) else offered
    if isinstance(measure, Measure):
        return replace(measure, name=name)
    items: list[object] = list(measure) if isinstance(measure, list | tuple) else [None]
    interventions = tuple(each for each in items if isinstance(each, Intervention))
    if len(interventions) == len(items):
        return Measure(name, interventions)
    says = f'the plug-in "{printable(name)}" offers neither a Measure nor interventions'
    raise RunError(says, "Tell whoever wrote it, or uninstall it.")
