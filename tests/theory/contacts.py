"""Ties and people of one's own for textbook cases, and a scenario repeated in many towns at once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.network.layer import Layer, layer_from_edges
from standfast.network.ties import Network
from standfast.population.people import build_people
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.population.people import People

NOWHERE = {"title": "X", "latitude": 1.0, "longitude": 1.0}


def configuration(degrees: np.ndarray, rng: np.random.Generator) -> Layer:
    """Tie people at random, each with the number of ties given, none twice or with himself.

    Ends are paired at random; pairs that may not be are shuffled with as many others until none is
    left, so that the numbers of ties stay as they are (Newman 2002's configuration network).
    """
    ends = np.repeat(np.arange(degrees.size), degrees)
    pairs = rng.permutation(ends)[: 2 * (ends.size // 2)].reshape(-1, 2)
    while (bad := np.flatnonzero(~_may_be(pairs, degrees.size))).size:
        mixed = np.unique(np.concatenate([bad, rng.integers(0, len(pairs), 2 * bad.size)]))
        pairs[mixed] = rng.permutation(pairs[mixed].ravel()).reshape(-1, 2)
    return layer_from_edges(degrees.size, *(pairs.T.astype(np.int32)))


def _may_be(pairs: np.ndarray, people: int) -> np.ndarray:
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    first = np.zeros(len(pairs), dtype=bool)
    first[np.unique(low * people + high, return_index=True)[1]] = True
    return first & (low != high)


def everybody_with_everybody(groups: np.ndarray) -> Layer:
    """Tie the people of each row of `groups` (n_group, size) to all others of the row."""
    i, j = np.triu_indices(groups.shape[1], 1)
    first, second = groups[:, i].ravel(), groups[:, j].ravel()
    return layer_from_edges(groups.size, first.astype(np.int32), second.astype(np.int32))


@cache
def no_ties(people: int) -> Layer:
    """Return a layer in which nobody is tied to anybody."""
    none = np.zeros(0, dtype=np.int32)
    return layer_from_edges(people, none, none)


def by_phone(layer: Layer) -> Network:
    """Return a network of phone contacts only."""
    nobody = no_ties(layer.n_agent)
    return Network(phone=layer, kin=nobody, chain=nobody)


def people_with(scenario: Scenario, **traits: Any) -> People:
    """Return the people of a scenario with some of their traits replaced (arrays, or one value)."""
    people = build_people(scenario, 1)
    arrays = {
        name: np.broadcast_to(value, getattr(people, name).shape).astype(
            getattr(people, name).dtype
        )
        for name, value in traits.items()
    }
    return replace(people, **arrays)


def in_towns(
    scenario: Scenario, towns: int, events: Callable[[str], list[dict[str, Any]]] | None = None
) -> Scenario:
    """Repeat the only force of a crowd in many towns that touch each other by news alone.

    A road leads from an empty place, `hub`, to each town, so that what happens there is told to
    `news_seed_share` of the people of every town. `events` makes the events of each town.
    """
    place, force = scenario.places["here"], scenario.forces["all"]
    names = [f"t{k}" for k in range(towns)]
    changes: dict[str, Any] = {
        "places": dict.fromkeys([*names, "hub"], place),
        "forces": {
            name: force.model_copy(update={"place": name, "homes": {name: 1.0}}) for name in names
        },
        "roads": [{"start": "hub", "end": name, "length": "1 km"} for name in names],
    }
    if events is not None:
        changes["events"] = [event for name in names for event in events(name)]
    return Scenario.model_validate(dict(scenario) | changes, strict=False)
