"""Who leads: ranks and the chain of command within each force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOLDIER, SQUAD_LEADER, PLATOON_LEADER, COMPANY_COMMANDER, BATTALION_COMMANDER = range(5)

#: largest unit first: the level, and the rank of who leads it
LEVELS = (
    ("battalion_start", BATTALION_COMMANDER),
    ("company_start", COMPANY_COMMANDER),
    ("platoon_start", PLATOON_LEADER),
    ("squad_start", SQUAD_LEADER),
)


def assign_ranks(columns: dict[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """Give every unit its leader: the first of it who is no ghost and leads no larger unit.

    A platoon that is all of its company has no leader of its own.

    Parameters
    ----------
    columns
        Arrays of `People`: `ghost` and the offsets of the units.

    Returns
    -------
    dict
        `rank`, `superior`, `company_commander` and `battalion_commander`, as in `People`.
    """
    ghost = np.asarray(columns["ghost"], dtype=bool)
    rank = np.zeros(ghost.size, dtype=np.int8)
    superior = np.full(ghost.size, -1, dtype=np.int32)
    leaders: dict[str, NDArray[np.generic]] = {}
    for level, leads in LEVELS:
        start = np.asarray(columns[level], dtype=np.int64)
        leader = _first(start, ~ghost & (rank == SOLDIER))
        if leads == PLATOON_LEADER:
            leader[_is_whole(start, np.asarray(columns["company_start"]))] = -1
        rank[leader[leader >= 0]] = leads
        # the leader keeps the superior of the larger unit; all below now report to the leader
        own = np.repeat(leader, np.diff(start))
        below = (own >= 0) & (rank == SOLDIER) & ~ghost
        superior[below] = own[below]
        leaders[level] = leader.astype(np.int32)
    return {
        "rank": rank,
        "superior": superior,
        "company_commander": leaders["company_start"],
        "battalion_commander": leaders["battalion_start"],
    }


def _first(start: NDArray[np.int64], eligible: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the first eligible agent of each unit, -1 where there is none."""
    candidates = np.append(np.flatnonzero(eligible), start[-1])
    first = candidates[np.searchsorted(candidates, start[:-1])]
    return np.where(first < start[1:], first, -1)


def _is_whole(start: NDArray[np.int64], outer: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Tell which units are all of the unit above them."""
    return np.isin(start[:-1], outer) & np.isin(start[1:], outer)
