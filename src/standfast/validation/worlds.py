"""The worlds that facts are measured on: the case as it is, and the same with one thing changed.

Worlds of a case share people and draws with it, so that they are compared run by run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from standfast.experiment.measures import take_measures
from standfast.experiment.outlook import main_place
from standfast.experiment.tipping import tip
from standfast.scenario.load import list_library, load_scenario
from standfast.validation.ensemble import run_ensemble
from standfast.validation.fact import CannotMeasureError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from standfast.experiment.trials import Means
    from standfast.scenario.model import Scenario
    from standfast.validation.ensemble import Ensemble

AS_IT_IS = "as it is"
ANSWERED, UNEXPOSED, DOUBLED = "answered", "unexposed", "doubled"
THREAT, DEFEAT, NEITHER = "threat only", "defeat only", "neither"
TIPPING, QUIET, EROSION, SPARED = "tipping", "quiet", "erosion", "threat ends"
SILENT, MESSAGES, HARM, BOTH = "silence", "messages", "harm", "harm, then messages"

#: calls answered and leaders kept with their troops, from the start and everywhere
_ANSWERED = ("answer-calls:size=1,delay=6 h,battalions=20", "keep-leaders:size=1")
#: records and families out of the adversary's reach
_UNEXPOSED = ("protect-records:size=1", "move-families:size=1")
#: mechanisms by which people are threatened without a shot
_THREATS = ("M01", "M07", "M08", "M09", "M11")
#: events that make a defeat
_DEFEATS = ("attack", "intensify", "commanders_leave", "prison_break")
#: commitment between these certainly holds at one end and certainly melts away at the other
_TIPPING_RANGE = "behaviour.decision.commitment=5:20"
_TIPPING_RUNS, _TIPPING_WITHIN = 24, 0.01
#: the case of slow erosion, when the library has it
_EROSION = "syria-2012"
_RECOVERY = "240 d"


@dataclass(frozen=True)
class World:
    """How a world is made from a case.

    Attributes
    ----------
    make
        Returns the scenario to run, or raises `CannotMeasureError`.
    agents
        Whether it is asked how everybody ended.
    """

    make: Callable[[Scenario, Means], Scenario]
    agents: bool = False


def run_world(name: str, scenario: Scenario, replicates: int, means: Means) -> Ensemble:
    """Make a world of a case and run it.

    Parameters
    ----------
    name
        In `WORLDS`.
    scenario
        The case.
    replicates, means
        How many, and with what; each world has a folder of its own in the store.

    Raises
    ------
    CannotMeasureError
        When the case has no such world.
    """
    world = WORLDS[name]
    own = replace(means, store=means.store / name.replace(" ", "-")) if means.store else means
    return run_ensemble(world.make(scenario, means), replicates, own, keep_agents=world.agents)


def _as_it_is(scenario: Scenario, means: Means) -> Scenario:
    del means
    return scenario


def _answered(scenario: Scenario, means: Means) -> Scenario:
    del means
    return take_measures(_ANSWERED, scenario)


def _unexposed(scenario: Scenario, means: Means) -> Scenario:
    del means
    return take_measures(_UNEXPOSED, scenario)


def _unthreatened(scenario: Scenario) -> dict[str, Any]:
    return {f"places.{name}.infiltration": 0.0 for name in scenario.places} | {
        f"mechanisms.{key}.enabled": False for key in _THREATS
    }


def doubled(scenario: Scenario, means: Means) -> Scenario:
    """Return a case with twice the attackers at the main place, without infiltration and alarm."""
    del means
    place = main_place(scenario)
    attacks = [e for e in scenario.events if e.kind == "attack" and e.place == place]
    _need_attack(scenario)
    more = {f"events.{event.id}.fighters": 2 * event.fighters for event in attacks}
    return scenario.with_(more | _unthreatened(scenario))


def _need_attack(scenario: Scenario) -> None:
    place = main_place(scenario)
    if not any(e.kind == "attack" and e.place == place for e in scenario.events):
        says = f"nobody attacks {place}"
        raise CannotMeasureError(says)


def _undefeated(scenario: Scenario) -> dict[str, Any]:
    _need_attack(scenario)
    kept = [e for e in scenario.model_dump(mode="json")["events"] if e["kind"] not in _DEFEATS]
    return {"events": kept, "time.reference_event": None}


def _threat(scenario: Scenario, means: Means) -> Scenario:
    del means
    return scenario.with_(_undefeated(scenario))


def _defeat(scenario: Scenario, means: Means) -> Scenario:
    del means
    _need_attack(scenario)
    return scenario.with_(_unthreatened(scenario))


def _neither(scenario: Scenario, means: Means) -> Scenario:
    del means
    return scenario.with_(_undefeated(scenario) | _unthreatened(scenario))


def _tipping(scenario: Scenario, means: Means) -> Scenario:
    """Return a case with the commitment at which the main place collapses in half of the runs."""
    _need_attack(scenario)
    found = tip(
        scenario, _TIPPING_RANGE, _TIPPING_RUNS, means.seed, within=_TIPPING_WITHIN, mean_field=False,
        threads=means.threads, progress=False, store=means.store / "tip" if means.store else None,
    )  # fmt: skip
    point = found.summary["tipping_point"]
    if point is None:
        says = "no commitment was found at which it tips"
        raise CannotMeasureError(says)
    return scenario.with_({"behaviour.decision.commitment": point["value"]})


def _library(name: str) -> Callable[[Scenario, Means], Scenario]:
    """Return a world that is a built-in case with the behaviour of the case in hand."""

    def make(scenario: Scenario, means: Means) -> Scenario:
        del means
        if name not in list_library():
            says = f"there is no built-in case {name}"
            raise CannotMeasureError(says)
        return load_scenario(name).with_(
            {"behaviour": scenario.model_dump(mode="json")["behaviour"]}
        )

    return make


def _garrison(changes: Mapping[str, Any]) -> Callable[[Scenario, Means], Scenario]:
    """Return a world that is the garrison with changes and the behaviour of the case in hand."""

    def make(scenario: Scenario, means: Means) -> Scenario:
        return _library("garrison")(scenario, means).with_(changes)

    return make


#: a campaign in which families come to harm, and a raid that ends it
_RAID = {
    "id": "raid", "kind": "attack", "at": "96 h", "place": "city", "fighters": 150,
    "intensity": 0.3, "campaign_lead": "3 d", "breaks_off_after": "24 h",
}  # fmt: skip
_TEXTS = {
    "id": "texts", "kind": "mass_message", "at": "132 h", "places": ["city", "barracks"], "reach": 1.0,
}  # fmt: skip


def _told(*events: dict[str, Any]) -> Callable[[Scenario, Means], Scenario]:
    return _garrison({"events": list(events), "time.reference_event": None})


#: name -> how the world is made
WORLDS: Mapping[str, World] = {
    AS_IT_IS: World(_as_it_is, agents=True),
    ANSWERED: World(_answered),
    UNEXPOSED: World(_unexposed),
    DOUBLED: World(doubled),
    THREAT: World(_threat),
    DEFEAT: World(_defeat),
    NEITHER: World(_neither),
    TIPPING: World(_tipping),
    QUIET: World(_library("quiet")),
    EROSION: World(_library(_EROSION)),
    SPARED: World(
        _garrison(
            {
                "events.assault.breaks_off_after": "4 d",
                "time.horizon": _RECOVERY,
                "mechanisms.M34.enabled": False,
                "mechanisms.M38.enabled": False,
            }
        )
    ),
    SILENT: World(_told()),
    MESSAGES: World(_told(_TEXTS)),
    HARM: World(_told(_RAID)),
    BOTH: World(_told(_RAID, _TEXTS)),
}
