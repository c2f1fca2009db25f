r"""What happened to somebody reaches those tied to him. M01 M02 M09 M22 (layers of E2, E3, E9).

Work goes along edges only where something happened: departures, harm, and changes in announced
fear add whole numbers to counters of the neighbours, so that the order of the additions cannot
matter. :math:`\sum_j\varepsilon_jF_j` of a long layer is such a counter, in units of 1/16 of fear
times a whole expressiveness from 1 to 16. The remembered share of friends who left grows by one
over their number for each, so that here too the order does not matter.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.marks import list_marked

TOGETHER = 128  # people taken at a time at most: where their ties are listed is looked up for all of them first


@rule
def find_ties(people, n, indptr, indices, first, last, seen):
    """Set where the ties of n people are listed; return how many ties.

    One tie at either end of each list is read as well, and written to `seen` lest the compiler leaves it out:
    the processor then waits for all lists at once, and not for one after the other.
    """
    for k in range(index(n)):
        i = index(people[k])
        first[k], last[k] = indptr[i], indptr[i + 1]
    ties, ends = 0, 0
    for k in range(index(n)):
        if first[k] < last[k]:
            ends += indices[index(first[k])] + indices[index(last[k] - 1)]
        ties += last[k] - first[k]
    seen[0] = ends
    return ties


@rule
def remember_friends(n, first, last, indptr, indices, gone):
    """Add the departures of n people to the remembered shares of those tied to them."""
    for k in range(index(n)):
        for at in range(index(first[k]), index(last[k])):
            friend = index(indices[at])
            gone[friend] += np.float32(1.0) / np.float32(indptr[friend + index(1)] - indptr[friend])


@rule
def count_friends(n, first, last, indices, gone):
    """Count the departures of n people at those tied to them."""
    for k in range(index(n)):
        for at in range(index(first[k]), index(last[k])):
            gone[index(indices[at])] += 1


@rule
def tell_of_fear(people, n, change, voice, first, last, indices, heard_of):
    """Add the changed fear of n people to what those tied to them know of."""
    for k in range(index(n)):
        i = index(people[k])
        add = change[i] * voice[i]
        for at in range(index(first[k]), index(last[k])):
            heard_of[index(indices[at])] += add


@kernel
def pass_on(
    behaviour, happened, n_departed, n_harmed, change, n_changed, phone_indptr, phone_indices, kin_indptr, kin_indices,
    voice, squad, squad_start, phone_fear, kin_fear, phone_gone, kin_gone, friends_gone, harm_near,
):
    """Add what happened in this step to the counters of the neighbours.

    Parameters
    ----------
    happened : (n_agent,) uint8; change : (n_agent,) int8
        Whether somebody left or was harmed in this step; by how many levels the fear that others know of changed.
    voice : (n_agent,) uint8
        Expressiveness as a whole number from 1 to 16.
    phone_fear : (n_agent,) int32; kin_fear : (n_agent,) uint16
        *Overwritten*: sum over neighbours of voice x announced level.
    phone_gone, kin_gone : (n_agent,) float32
        *Overwritten*: remembered share of them who left.
    friends_gone : (n_agent,) uint16
        *Overwritten*: contacts who left in this step, where that matters to anybody.
    harm_near : (n_agent,) uint8
        *Overwritten*: contacts harmed in this step, at most 200.

    Returns
    -------
    int
        How many edges were used.
    """
    used = 0
    p = behaviour[0]
    follow = p.peer_phone != 0.0 or p.peer_kin != 0.0
    believes = p.belief_of_friend != 0.0
    rows = np.empty((4, TOGETHER), dtype=np.int64)
    people, first, last, seen = rows[0], rows[1], rows[2], rows[3]
    size = happened.size
    at = 0 if n_departed[0] > 0 else size
    while at < size:
        n, at = list_marked(happened, status.LEFT, at, people, index(0))
        used += find_ties(people, n, phone_indptr, phone_indices, first, last, seen)
        if believes:
            count_friends(n, first, last, phone_indices, friends_gone)
        if follow:
            remember_friends(n, first, last, phone_indptr, phone_indices, phone_gone)
        used += find_ties(people, n, kin_indptr, kin_indices, first, last, seen)
        if believes:
            count_friends(n, first, last, kin_indices, friends_gone)
        if follow:
            remember_friends(n, first, last, kin_indptr, kin_indices, kin_gone)
    at = 0 if n_harmed[0] > 0 else size
    while at < size:
        n, at = list_marked(happened, status.HARMED, at, people, index(0))
        tell_of_harm(people, n, kin_indptr, kin_indices, squad, squad_start, harm_near)
    at = 0 if n_changed[0] > 0 else size
    while at < size:
        n, at = list_marked(change, -1, at, people, index(0))
        used += find_ties(people, n, phone_indptr, phone_indices, first, last, seen)
        tell_of_fear(people, n, change, voice, first, last, phone_indices, phone_fear)
        used += find_ties(people, n, kin_indptr, kin_indices, first, last, seen)
        tell_of_fear(people, n, change, voice, first, last, kin_indices, kin_fear)
    return used


@rule
def tell_of_harm(people, n, indptr, indices, squad, squad_start, harm_near):
    """Count the harm done to n people at their kin, and in their squads."""
    for k in range(index(n)):
        i = people[k]
        for at in range(indptr[i], indptr[i + 1]):
            j = indices[at]
            harm_near[j] = min(harm_near[j] + 1, 200)
        for j in range(squad_start[squad[i]], squad_start[squad[i] + 1]):
            if j != i:
                harm_near[j] = min(harm_near[j] + 1, 200)
