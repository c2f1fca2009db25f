"""An event or an intervention put into a scenario after its start: read, dated and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from standfast.errors import Problem, ScenarioError
from standfast.scenario import events as event_models
from standfast.scenario.check import check_tree
from standfast.scenario.interventions import Kind
from standfast.scenario.moments import MomentError, hours_of
from standfast.scenario.names import suggest
from standfast.scenario.quantities import QuantityError, format_quantity, parse_quantity
from standfast.scenario.tree import Tree, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from standfast.scenario.model import Scenario

ORIGIN = "what was injected"
INTERVENTIONS: tuple[str, ...] = get_args(Kind)


def event_kinds() -> tuple[str, ...]:
    """Return the kinds of events, in the order of the scenario format."""
    members = get_args(get_args(event_models.Event)[0])
    return tuple(get_args(model.model_fields["kind"].annotation)[0] for model in members)


def merge(
    item: Mapping[str, Any] | BaseModel | None, fields: Mapping[str, Any]
) -> Mapping[str, Any] | BaseModel:
    """Return what was given as one object: a model or a mapping, or fields by name, or both."""
    if item is None:
        return fields
    return {**_plain(item), **fields} if fields else item


def add(
    scenario: Scenario, item: Mapping[str, Any] | BaseModel, hour: float
) -> tuple[Scenario, dict[str, Any]]:
    """Return the scenario with one more event or intervention, and that as plain data.

    Parameters
    ----------
    scenario
        Stays as it is.
    item
        Written as in a scenario file, or a model of `standfast.scenario`. Without `at` or `start`
        it happens at once; an event without an `id` gets one.
    hour
        The present hour; nothing may be dated before it.

    Raises
    ------
    ScenarioError
        When it is of no known kind, is dated in the past, or does not fit the scenario.
    """
    given = _plain(item)
    kind = given.get("kind")
    section, when = ("interventions", "start") if kind in INTERVENTIONS else ("events", "at")
    if kind not in INTERVENTIONS and kind not in event_kinds():
        says, advice = _unknown(kind)
        raise _refuse(says, advice, path="kind")
    given.setdefault(when, format_quantity(hour, "h"))
    if section == "events":
        given.setdefault("id", _free_id(scenario, str(kind)))
    _require_future(scenario, given, when, hour)
    if kind == "attack":
        _shorten_lead(scenario, given, hour)
    data = scenario.model_dump(mode="json")
    data[section] = [*data[section], given]
    try:
        changed = check_tree(Tree(data), ORIGIN)
    except ScenarioError as error:
        raise _about_the_item(error, f"{section}[{len(data[section]) - 1}]") from None
    return changed, getattr(changed, section)[-1].model_dump(mode="json", exclude_defaults=True)


def _plain(item: Mapping[str, Any] | BaseModel) -> dict[str, Any]:
    dump = getattr(item, "model_dump", None)
    found: dict[str, Any] = dump(mode="json") if dump is not None else dict(item)
    return {key: value for key, value in found.items() if value is not None}


def _unknown(kind: object) -> tuple[str, str]:
    known = (*event_kinds(), *INTERVENTIONS)
    if kind is None:
        return "is missing", f"Say what happens; the kinds are {', '.join(known)}."
    says = f'is "{printable(kind)}", which is no kind of event or intervention'
    return says, suggest(kind, known, "kinds")


def _free_id(scenario: Scenario, kind: str) -> str:
    taken = {event.id for event in scenario.events}
    stem = kind.replace("_", "-")
    return next(name for n in range(1, len(taken) + 2) if (name := f"{stem}-{n}") not in taken)


def _require_future(scenario: Scenario, given: Mapping[str, Any], when: str, hour: float) -> None:
    try:
        at = hours_of(str(given[when]), scenario.time.start)
    except MomentError:
        return  # the check of the scenario says what is wrong with it
    if at < hour - 1e-9:
        says = f"is hour {at:g}, but the run stands at hour {hour:g}"
        raise _refuse(says, "Leave it out for now, or branch from an earlier hour.", path=when)


def _shorten_lead(scenario: Scenario, given: dict[str, Any], hour: float) -> None:
    """Let the campaign before an attack begin no earlier than somebody thought of the attack.

    Otherwise the saved scenario, run from its start, would know of it before.
    """
    try:
        ahead = hours_of(str(given["at"]), scenario.time.start) - hour
        asked = parse_quantity(given.get("campaign_lead", f"{ahead} h"), "h")
    except (MomentError, QuantityError):
        return
    if min(ahead, asked) < scenario.behaviour.information.campaign_lead:
        given["campaign_lead"] = format_quantity(max(0.0, min(ahead, asked)), "h")


def _refuse(says: str, advice: str, path: str) -> ScenarioError:
    return ScenarioError(ORIGIN, [Problem(path, says, advice)])


def _about_the_item(error: ScenarioError, where: str) -> ScenarioError:
    """Name fields as the one who injected wrote them, without the place in the scenario."""
    problems = [
        Problem(p.path.removeprefix(where).lstrip(".") or "", p.says, p.advice)
        for p in error.problems
    ]
    return ScenarioError(ORIGIN, problems, error.more)
