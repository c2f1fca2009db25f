"""Random ties with given numbers of ties per agent, within groups (configuration model).

Every agent holds as many ends of ties as it shall have contacts in its group, and ends are
matched uniformly at random. A match of somebody with himself, or with somebody he is tied to
already, is drawn again; an end that finds no partner in `N_ATTEMPT` draws is given up. In a group
much larger than the number of ends per agent that is rare, and the numbers come out exactly.

Configuration model: Newman, Strogatz, Watts 2001; simple graphs by rejection: Steger, Wormald 1999.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.kernels._jit import kernel, rule
from standfast.kernels.draws import SCALE, block

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.population.keys import Key

N_ATTEMPT = 64
#: odd 32-bit multipliers of the set's hash, from xxHash; products fit in 64 bits
MIX_LOW, MIX_HIGH = np.uint64(0x9E3779B1), np.uint64(0x85EBCA77)
WORD = np.uint64(32)


@dataclass(frozen=True)
class Matching:
    """Ties found so far in a layer, room for more, and a table that tells which exist.

    Attributes
    ----------
    first, second : (n_end // 2,) int32
        Ends of the ties; those from `n_edge` on are not yet used.
    table : (2**k,) uint64
        Open-addressing set of the ties; 0 is free.
    n_edge
        Number of ties found.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    table: NDArray[np.uint64]
    n_edge: int = 0


def empty_matching(n_end: int) -> Matching:
    """Make room for the ties of a number of ends."""
    n_edge = n_end // 2
    size = 1 << max(4, (2 * n_edge).bit_length())
    return Matching(
        np.empty(n_edge, np.int32), np.empty(n_edge, np.int32), np.zeros(size, np.uint64)
    )


def match_within(
    matching: Matching,
    agent: NDArray[np.int64],
    group: NDArray[np.int64],
    n_end: NDArray[np.int64],
    apart: NDArray[np.int32],
    group_keys: list[Key],
    purpose: int,
) -> Matching:
    """Match ends at random within groups.

    Parameters
    ----------
    matching
        Ties so far; its arrays are extended in place.
    agent : (m,) int64
        Agents, sorted by group.
    group : (m,) int64
        Group of each, rising.
    n_end : (m,) int64
        Ends each holds.
    apart : (n_agent,) int32
        Agents of equal value are never matched; all values different for 'not with oneself'.
    group_keys
        Key of each group's draws.
    purpose
        Purpose of the draws.

    Returns
    -------
    Matching
        With the new ties.
    """
    ends = np.repeat(agent, n_end).astype(np.int32)
    start = np.searchsorted(np.repeat(group, n_end), np.arange(len(group_keys) + 1))
    words = np.array(group_keys, dtype=np.uint32).reshape(-1, 2)
    n_edge = match_ends(
        ends, start, words, purpose, apart,
        matching.table, matching.first, matching.second, matching.n_edge,
    )  # fmt: skip
    return Matching(matching.first, matching.second, matching.table, int(n_edge))


@kernel
def match_ends(
    ends: NDArray[np.int32],
    start: NDArray[np.int64],
    words: NDArray[np.uint32],
    purpose: int,
    apart: NDArray[np.int32],
    table: NDArray[np.uint64],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    n_edge: int,
) -> int:
    """Match ends group by group: the last one left with a random other one.

    Parameters
    ----------
    ends : (n_end,) int32
        Agents by group, each as often as it has ends; *overwritten* with remainders.
    start : (n_group + 1,) int64
        Where the ends of each group start.
    words : (n_group, 2) uint32
        Keys of the groups.
    purpose : int
        Purpose of the draws; their index is the number of the attempt in the group.
    apart : (n_agent,) int32
        Agents of equal value are never matched.
    table : (2**k,) uint64
        Set of existing ties, at most half full; *extended*.
    first, second : (n,) int32
        Ties; *overwritten* from `n_edge` on, first < second.
    n_edge : int
        Ties already found.

    Returns
    -------
    int
        Ties found in all.
    """
    for group in range(words.shape[0]):
        base, left, attempt = start[group], start[group + 1] - start[group], 0
        while left > 1:
            agent = ends[base + left - 1]
            matched = False
            chosen, partner = base, agent
            for _ in range(N_ATTEMPT):
                draw = block(words[group, 0], words[group, 1], attempt, 0, purpose)
                attempt += 1
                # two words, so that millions of ends are chosen among evenly
                even = draw[0] + (draw[1] - 0.5) * SCALE
                chosen = base + min(int(even * (left - 1)), left - 2)
                partner = ends[chosen]
                if apart[agent] != apart[partner] and claim(table, agent, partner):
                    matched = True
                    break
            left -= 1
            if matched:
                first[n_edge] = min(agent, partner)
                second[n_edge] = max(agent, partner)
                n_edge += 1
                left -= 1
                ends[chosen] = ends[base + left]
    return n_edge


@rule
def claim(table: NDArray[np.uint64], a: int, b: int) -> bool:
    """Add a tie to a set; tell whether it was new.

    Parameters
    ----------
    table : (2**k,) uint64
        Open addressing with linear probing; 0 is free, a tie is (low + 1) * 2**32 + high.
    a, b : int
        The two agents, in any order.
    """
    low, high = np.uint64(min(a, b) + 1), np.uint64(max(a, b))
    tie = (low << WORD) | high
    mask = np.uint64(table.size - 1)
    mixed = (low * MIX_LOW) ^ (high * MIX_HIGH)
    slot = (mixed ^ (mixed >> WORD)) & mask
    while table[slot] != np.uint64(0):
        if table[slot] == tie:
            return False
        slot = (slot + np.uint64(1)) & mask
    table[slot] = tie
    return True
