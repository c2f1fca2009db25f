"""The phone layer: whom an agent calls and gets messages from.

Numbers of contacts are lognormal, rounded at random so that the mean is kept. A share of them is
in the own battalion, a share has the same home place, the rest is anywhere; only those with a
phone, never ghosts. Where a battalion or place is too small for somebody's share, the rest of it
is sought in the next wider circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.network.layer import Layer, layer_from_edges
from standfast.network.matching import empty_matching, match_within
from standfast.population import keys, laws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.population.people import People
    from standfast.scenario.forces import Network as NetworkSettings
    from standfast.scenario.model import Scenario

    Array = NDArray[np.float64]
    Counts = NDArray[np.int64]


def build_phone(scenario: Scenario, people: People, seed: int) -> Layer:
    """Build the phone layer.

    Parameters
    ----------
    scenario
        Its network settings give the law.
    people
        Who has a phone, in which battalion, with which home.
    seed
        Same seed, same ties.
    """
    key = keys.build_key(seed)
    agent = np.flatnonzero(people.phone)
    battalion = np.searchsorted(people.battalion_start, agent, side="right") - 1
    home = people.home[agent].astype(np.int64)
    by_home = np.argsort(home, kind="stable")
    near, same_home, anywhere = _share_out(
        scenario.network, keys.draw_agents(scenario, key, keys.PHONE)[agent], battalion, home
    )
    apart = np.arange(people.n_agent, dtype=np.int32)
    matching = empty_matching(int(near.sum() + same_home.sum() + anywhere.sum()))
    matching = match_within(
        matching, agent, battalion, near, apart,
        _battalion_keys(scenario, people, key), keys.PHONE_UNIT,
    )  # fmt: skip
    matching = match_within(
        matching, agent[by_home], home[by_home], same_home[by_home], apart,
        keys.place_keys(scenario, key), keys.PHONE_HOME,
    )  # fmt: skip
    matching = match_within(
        matching, agent, np.zeros_like(agent), anywhere, apart, [key], keys.PHONE_ANY
    )
    used = slice(matching.n_edge)
    return layer_from_edges(people.n_agent, matching.first[used], matching.second[used])


def _share_out(
    settings: NetworkSettings, draws: Array, battalion: Counts, home: Counts
) -> tuple[Counts, Counts, Counts]:
    """Return how many contacts each is to have in the battalion, at home and anywhere."""
    law = laws.lognormal(draws[:, 0], settings.phone_mean, settings.phone_sigma)
    contacts = _round(law, draws[:, 1])
    near = _round(contacts * settings.phone_unit, draws[:, 2])
    beyond = contacts - near
    # of what is not in the battalion, the share that has the same home
    outside = 1.0 - settings.phone_unit
    share = min(1.0, settings.phone_home / outside) if outside > 0 else 0.0
    same_home = _round(beyond * share, draws[:, 3])
    anywhere = beyond - same_home
    near, rest = _cap(near, battalion)
    same_home, more = _cap(same_home + rest, home)
    anywhere, _ = _cap(anywhere + more, np.zeros_like(home))
    return near, same_home, anywhere


def _round(x: NDArray[np.floating], uniform: Array) -> Counts:
    """Round up or down at random, keeping the mean."""
    return np.floor(x + uniform).astype(np.int64)


def _cap(wanted: Counts, group: Counts) -> tuple[Counts, Counts]:
    """Return what a group can give each of its people, and what they want beyond that."""
    others = np.bincount(group)[group] - 1 if group.size else group
    given = np.minimum(wanted, others)
    return given, wanted - given


def _battalion_keys(scenario: Scenario, people: People, key: keys.Key) -> list[keys.Key]:
    forces = [keys.force_key(key, slug) for slug in scenario.forces]
    numbers = zip(people.battalion_force, people.battalion_number, strict=True)
    return [keys.numbered_key(forces[force], int(number)) for force, number in numbers]
