"""Where people are from: home place and group of origin, drawn together.

A force states shares of homes and shares of groups. Both are kept exactly; between them, a person
whose home lies in the region that a group calls its own is more likely to be of that group. The
table of joint shares has these odds and the stated margins (iterative proportional fitting,
Deming and Stephan 1940), as is usual for synthetic populations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.population import laws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.scenario.forces import Force
    from standfast.scenario.model import Scenario

    Array = NDArray[np.float64]

#: odds of a group whose home region holds the place, against one whose region does not; assumed
HOME_ODDS = 100.0
N_ROUND = 1000
TOLERANCE = 1e-14
DECIMALS = 13


def draw_origins(
    scenario: Scenario, force: Force, uniform_home: Array, uniform_group: Array
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Draw home and group of every agent of a force.

    Parameters
    ----------
    scenario
        Its places, its groups and their home regions.
    force
        Shares of homes and groups.
    uniform_home, uniform_group : (n,) float64
        Draws.

    Returns
    -------
    home, group : (n,) int16
        Index in the scenario's places and groups; group -1 where the force states none.
    """
    homes = np.array([force.homes.get(place, 0.0) for place in scenario.places])
    groups = np.array([force.groups.get(group, 0.0) for group in scenario.groups])
    home = laws.category(uniform_home, homes)
    group = np.full(home.size, -1, dtype=np.int16)
    if groups.any():
        joint = join_shares(homes, groups, _odds(scenario))
        for place in np.flatnonzero(homes):
            here = home == place
            group[here] = laws.category(uniform_group[here], joint[place])
    return home.astype(np.int16), group


def join_shares(homes: Array, groups: Array, odds: Array) -> Array:
    """Return the table of joint shares with given margins and odds.

    Parameters
    ----------
    homes : (n_place,) float64
        Shares, 0 to 1.
    groups : (n_group,) float64
        Shares, 0 to 1.
    odds : (n_place, n_group) float64
        Positive.

    Examples
    --------
    >>> odds = np.array([[20.0, 1.0], [1.0, 20.0]])
    >>> join_shares(np.array([0.5, 0.5]), np.array([0.5, 0.5]), odds).round(3).tolist()
    [[0.476, 0.024], [0.024, 0.476]]
    """
    homes, groups = homes / homes.sum(), groups / groups.sum()
    table = odds * np.outer(homes, groups)
    for _ in range(N_ROUND):
        found = table.sum(axis=0)
        if np.abs(found - groups).max() < TOLERANCE:
            break
        table *= _ratio(groups, found)
        table *= _ratio(homes, table.sum(axis=1))[:, None]
    return np.round(table, DECIMALS)


def _odds(scenario: Scenario) -> Array:
    own = [
        [place in group.home_region for group in scenario.groups.values()]
        for place in scenario.places
    ]
    return np.where(own, HOME_ODDS, 1.0)


def _ratio(wanted: Array, found: Array) -> Array:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)
