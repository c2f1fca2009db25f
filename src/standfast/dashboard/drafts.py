"""Scenarios on the page: as plain data for a form, checked while one types, and written as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.engine.injection import INTERVENTIONS, event_kinds
from standfast.errors import ScenarioError
from standfast.scenario.check import check_tree
from standfast.scenario.dump import dump_yaml
from standfast.scenario.evidence import undotted
from standfast.scenario.interventions import SIZE_MEANS
from standfast.scenario.load import load_scenario
from standfast.scenario.tree import Tree

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario

ORIGIN = "this scenario"
#: what an intervention is called on a card
TITLES = {
    "answer_calls": "Answer calls for help",
    "keep_leaders": "Keep commanders with their troops",
    "verified_channel": "A verified channel of news",
    "move_families": "Move families to safety",
    "protect_records": "Protect personnel records",
    "clear_moles": "Clear out informers",
    "end_ghosts": "End ghost soldiers",
    "pay_training_supply": "Pay, training and supply",
    "station_away": "Station police away from home",
    "sanction": "Punish desertion",
    "amnesty": "Offer amnesty",
    "ordered_withdrawal": "Prepare an ordered withdrawal",
    "mobilise_volunteers": "Mobilise volunteers",
    "leave_policy": "Cancel leave",
    "reserves_ahead": "Place reserves ahead",
}
#: fields beside size, start, places and cost that a kind takes
EXTRA = {
    "answer_calls": ("delay", "battalions"),
    "reserves_ahead": ("to", "battalions"),
    "ordered_withdrawal": ("to",),
}


def cards() -> list[dict[str, Any]]:
    """Return every kind of intervention: its title, what its size means, what else it takes."""
    return [
        {
            "kind": kind,
            "title": TITLES[kind],
            "size": SIZE_MEANS[kind],
            "extra": list(EXTRA.get(kind, ())),
        }
        for kind in INTERVENTIONS
    ]


def kinds() -> dict[str, list[str]]:
    """Return what can be injected: kinds of events and of interventions."""
    return {"events": list(event_kinds()), "interventions": list(INTERVENTIONS)}


def document_of(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain data, without evidence: a form changes values, not their sources."""
    data: dict[str, Any] = scenario.model_dump(mode="json", exclude={"evidence"})
    return data


def read_draft(document: object, base: str | None) -> Scenario:
    """Check what a form holds, and return the scenario; what was not changed keeps its evidence.

    Parameters
    ----------
    document
        Plain data from a page, of whatever kind.
    base
        The built-in scenario it was made from, if any.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    scenario = check_tree(Tree(document), ORIGIN)
    if base is None:
        return scenario
    known = load_scenario(base)
    old, new = document_of(known), document_of(scenario)
    kept = {
        name: entry
        for name, entry in known.evidence.items()
        if _at(old, undotted(name, old)) == _at(new, undotted(name, old))
    }
    return scenario.model_copy(update={"evidence": kept})


def problems_of(error: ScenarioError) -> list[dict[str, str]]:
    """Return what is wrong, as a page is told."""
    return [{"path": p.path, "says": p.says, "advice": p.advice} for p in error.problems]


def check_draft(document: object, base: str | None) -> dict[str, Any]:
    """Return every problem of a draft, or its YAML when it has none."""
    try:
        scenario = read_draft(document, base)
    except ScenarioError as error:
        return {
            "problems": problems_of(error),
            "more": error.more,
            "yaml": "",
        }
    people = sum(force.paper for force in scenario.forces.values())
    return {"problems": [], "more": 0, "yaml": dump_yaml(scenario), "people": people}


def _at(data: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        if isinstance(data, dict):
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data
