r"""What happened to somebody reaches those tied to him. M01 M02 M09 M22 (layers of E2, E3, E9).

Work goes along edges only where something happened: departures, harm, and changes in announced
fear add whole numbers to counters of the neighbours, so that the order of the additions cannot
matter. :math:`\sum_j\varepsilon_jF_j` of a long layer is such a counter, in units of 1/16 of fear
times a whole expressiveness from 1 to 16. The remembered share of friends who left grows by one
over their number for each, so that here too the order does not matter.
"""

from __future__ import annotations

from standfast.kernels._jit import kernel


@kernel
def remember_friend(i, indptr, indices, share, gone):
    """Add the departure of i to the remembered share of departures of each of his ties."""
    for at in range(indptr[i], indptr[i + 1]):
        friend = indices[at]
        gone[friend] += share[friend]
    return indptr[i + 1] - indptr[i]


@kernel
def pass_on(
    behaviour, departed, n_departed, harmed_list, n_harmed, changed, change, n_changed, phone_indptr,
    phone_indices, kin_indptr, kin_indices, voice, squad, squad_start, phone_fear, kin_fear,
    phone_share, kin_share, phone_gone, kin_gone, friends_gone, harm_near,
):
    """Add what happened in this step to the counters of the neighbours.

    Parameters
    ----------
    voice : (n_agent,) uint8
        Expressiveness as a whole number from 1 to 16.
    phone_fear, kin_fear : (n_agent,) int32
        *Overwritten*: sum over neighbours of voice x announced level.
    phone_share, kin_share : (n_agent,) float32
        1 over the number of phone contacts and of kin; 0 for somebody without.
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
    for n in range(n_departed[0]):
        i = departed[n]
        if believes:
            for at in range(phone_indptr[i], phone_indptr[i + 1]):
                friends_gone[phone_indices[at]] += 1
            for at in range(kin_indptr[i], kin_indptr[i + 1]):
                friends_gone[kin_indices[at]] += 1
        if follow:
            remember_friend(i, phone_indptr, phone_indices, phone_share, phone_gone)
            remember_friend(i, kin_indptr, kin_indices, kin_share, kin_gone)
        used += phone_indptr[i + 1] - phone_indptr[i] + kin_indptr[i + 1] - kin_indptr[i]
    for n in range(n_harmed[0]):
        i = harmed_list[n]
        for at in range(kin_indptr[i], kin_indptr[i + 1]):
            j = kin_indices[at]
            harm_near[j] = min(harm_near[j] + 1, 200)
        for j in range(squad_start[squad[i]], squad_start[squad[i] + 1]):
            if j != i:
                harm_near[j] = min(harm_near[j] + 1, 200)
    for n in range(n_changed[0]):
        i = changed[n]
        add = change[n] * voice[i]
        for at in range(phone_indptr[i], phone_indptr[i + 1]):
            phone_fear[phone_indices[at]] += add
        for at in range(kin_indptr[i], kin_indptr[i + 1]):
            kin_fear[kin_indices[at]] += add
        used += phone_indptr[i + 1] - phone_indptr[i] + kin_indptr[i + 1] - kin_indptr[i]
    return used
