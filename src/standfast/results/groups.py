"""Whether the replicates of a place fall into two groups, so that no mean hides them.

Near a tipping point an ensemble splits into runs that hold and runs that collapse, with few
between; a median or a band through the gap would show an outcome that never happens.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: a split counts when it explains this share of the variance; a uniform spread reaches 0.75
EXPLAINS = 0.85
#: and leaves an empty gap of this width between the groups, in shares of the garrison
GAP = 0.15
#: and no group is a single stray run or under this share of them
LEAST = 0.1


def split_groups(values: npt.ArrayLike) -> list[npt.NDArray[np.intp]]:
    """Return the indices of one or two groups of replicates, the higher values first.

    The best cut of the sorted values into two (natural breaks, Fisher 1958) is taken, and kept
    only when it explains the spread, leaves a gap, and neither side is a stray run or two.

    Parameters
    ----------
    values : (n_replicate,)
        Share still serving at the end; any finite values in [0, 1].

    Examples
    --------
    >>> [list(map(int, group)) for group in split_groups([0.9, 0.1, 0.92, 0.12, 0.11])]
    [[0, 2], [1, 3, 4]]
    >>> [list(map(int, group)) for group in split_groups([0.9, 0.8, 0.85])]
    [[0, 1, 2]]
    """
    array = np.asarray(values, dtype=float)
    whole = [np.arange(array.size)]
    order = np.argsort(-array, kind="stable")
    high_first = array[order]
    total = float(((array - array.mean()) ** 2).sum())
    smallest = max(2, int(np.ceil(LEAST * array.size)))
    best, cut = 0.0, 0
    for n_high in range(smallest, array.size - smallest + 1):
        high, low = high_first[:n_high], high_first[n_high:]
        between = high.size * (high.mean() - array.mean()) ** 2
        between += low.size * (low.mean() - array.mean()) ** 2
        if between > best:
            best, cut = float(between), n_high
    if cut == 0 or best < EXPLAINS * total or high_first[cut - 1] - high_first[cut] < GAP:
        return whole
    return [np.sort(order[:cut]), np.sort(order[cut:])]
