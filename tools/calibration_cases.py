"""The cases that the shipped parameters are calibrated on, cut down so that many runs can be had.

Numbers of people shrink by one share, so that odds stay; of Mosul 2014 only the road from the city to
Samarra is kept, with the reserves of the capital.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario

#: numbers of people and fighters among the parameters; they shrink with the forces
_COUNTS = ("front.loot_half", "front.strike_least")
#: what is kept of Mosul 2014; whoever lives elsewhere is counted to the last
CORRIDOR = (
    "mosul", "ghazlani", "kindi", "qayyarah", "sharqat", "hawija", "baiji", "tikrit", "samarra",
    "kirkuk", "erbil", "baghdad",
)  # fmt: skip


def scaled(scenario: Scenario, share: float) -> Scenario:
    """Return a scenario with all numbers of people times a share, at least one each.

    Ratios, shares, roads and hours stay; units keep their sizes and become fewer.
    """

    def count(number: float) -> int:
        return max(1, round(number * share))

    changes: dict[str, Any] = {}
    for name, force in scenario.forces.items():
        changes[f"forces.{name}.paper"] = count(force.paper)
    for name, place in scenario.places.items():
        changes[f"places.{name}.population"] = round(place.population * share)
        if place.prison is not None:
            changes[f"places.{name}.prison.inmates"] = count(place.prison.inmates)
    for name, fighters in scenario.adversary.fighters.items():
        changes[f"adversary.fighters.{name}"] = count(fighters)
    for event in scenario.events:
        for field in ("fighters", "volunteers"):
            if hasattr(event, field):
                changes[f"events.{event.id}.{field}"] = count(getattr(event, field))
    for path in _COUNTS:
        room, field = path.split(".")
        value = getattr(getattr(scenario.behaviour, room), field)
        changes[f"behaviour.{path}"] = max(1.0, value * share)
    return scenario.with_(changes)


def along(scenario: Scenario, kept: tuple[str, ...] = CORRIDOR) -> Scenario:
    """Return a scenario of some of its places; homes elsewhere are moved to the last of them."""
    whole = scenario.model_dump(mode="json")
    forces = {}
    for name, force in whole["forces"].items():
        held_back = force["place"] != kept[-1] or force["reserve"]
        if force["place"] not in kept or not held_back:
            continue
        homes: dict[str, float] = {}
        for place, part in force["homes"].items():
            home = place if place in kept else kept[-1]
            homes[home] = homes.get(home, 0.0) + part
        forces[name] = {**force, "homes": homes}
    groups = {
        name: {**group, "home_region": [p for p in group["home_region"] if p in kept]}
        for name, group in whole["groups"].items()
    }
    fighters = {p: n for p, n in whole["adversary"]["fighters"].items() if p in kept}
    return scenario.with_(
        {
            "places": {name: whole["places"][name] for name in kept},
            "roads": [r for r in whole["roads"] if r["start"] in kept and r["end"] in kept],
            "forces": forces,
            "groups": groups,
            "adversary.fighters": fighters,
            "events": [event for event in whole["events"] if _inside(event, kept)],
        }
    )


def _inside(event: dict[str, Any], kept: tuple[str, ...]) -> bool:
    named = [event.get(key) for key in ("place", "to", "unless_held")]
    return all(place in kept for place in [*named, *event.get("places", ())] if place is not None)
