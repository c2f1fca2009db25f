"""What a portfolio may be made of: the defender's measures, and nothing else.

A search for the cheapest way to an outcome is only ever made for those who defend. Interventions are a
closed list of a defender's kinds; whatever else a measure changes must be of the defender's own forces;
and the outcome that is made unlikely is total collapse, which cannot be exchanged for another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.errors import Problem, ScenarioError
from standfast.experiment.measures import known_measures, read_measure
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.experiment.measures import Measure
    from standfast.scenario.model import Scenario

OPTION = "--with"
#: sections of a scenario that are the defender's to change
_OWN = ("forces", "interventions")
_ADVICE = "A portfolio is made of the defender's measures, such as keep-leaders."


def read_candidates(texts: Sequence[str | Measure], scenario: Scenario) -> list[Measure]:
    """Return the measures that may be chosen, each once.

    Parameters
    ----------
    texts
        Measures, or texts as `standfast.experiment.measures.read_measure` reads them; none for those
        of the scenario file, or else one of each kind.
    scenario
        Has measures of its own, and places.

    Raises
    ------
    ScenarioError
        When one is no measure of a defender.
    """
    if not texts:
        own = scenario.measures or known_measures(scenario)
        texts = [measure for name, measure in known_measures(scenario).items() if name in own]
    candidates: dict[str, Measure] = {}
    for each in texts:
        measure = _read(each, scenario) if isinstance(each, str) else each
        check_defender(measure)
        candidates[measure.name] = measure
    return list(candidates.values())


def check_defender(measure: Measure) -> None:
    """Refuse a measure that changes anything but the defender's own.

    Raises
    ------
    ScenarioError
        With what it would change.
    """
    foreign = [path for path in measure.changes if path.split(".")[0] not in _OWN]
    if foreign:
        says = f"is changed by {printable(measure.name)}, and is not the defender's to change"
        raise ScenarioError(OPTION, [Problem(path, says, _ADVICE) for path in foreign])


def _read(text: str, scenario: Scenario) -> Measure:
    section = text.partition("=")[0].partition(".")[0].strip()
    if section in type(scenario).model_fields:
        says = f'"{printable(text)}" is a field of the scenario, and no measure of the defender'
        raise ScenarioError(OPTION, [Problem("", says, _ADVICE)])
    return read_measure(text, scenario)
