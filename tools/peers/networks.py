"""Ties that the other programs and the engine share: made by counting, so that anybody gets the same.

The uniforms are words of numpy's counter-based Philox, whose raw stream is fixed by its key; none of
numpy's distributions is used, as these may change between releases.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: (n_edge, 2): the two ends of each tie
Edges = NDArray[np.int64]


def uniforms(key: int, n: int) -> NDArray[np.float64]:
    """Return n uniforms in [0, 1) of a key."""
    words = np.random.Philox(key=key).random_raw(n)
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def order(key: int, n: int) -> NDArray[np.int64]:
    """Return a random order of n things."""
    return np.argsort(uniforms(key, n), kind="stable")


def simple(pairs: Edges) -> Edges:
    """Drop loops and repeated ties; the lesser end first, in rising order."""
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    return np.unique(pairs, axis=0)


def poisson(key: int, n: int, mean: float) -> Edges:
    """Return ties drawn evenly among all pairs, n * mean / 2 of them: degrees are Poisson."""
    wanted = round(n * mean / 2)
    ends = (uniforms(key, 4 * wanted) * n).astype(np.int64).reshape(-1, 2)
    drawn = np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
    _, first = np.unique(drawn, axis=0, return_index=True)
    return simple(drawn[np.sort(first)[:wanted]])


def two_kinds(key: int, n: int, few: int, many: int) -> Edges:
    """Return ties of a configuration model: half have `few`, half `many`, loops and repeats erased."""
    degree = np.where(np.arange(n) % 2 == 0, few, many)
    stubs = np.repeat(np.arange(n), degree)
    return simple(stubs[order(key, stubs.size)].reshape(-1, 2))


def off_fractions(wanted: NDArray[np.float64], edges: Edges, gap: float) -> NDArray[np.float64]:
    """Move thresholds up until none is within `gap` of a share m / k that its owner can see.

    "At least" and "more than" a threshold are then the same rule, and rounding cannot decide.
    """
    degree = np.bincount(edges.ravel(), minlength=wanted.size)
    moved = wanted.copy()
    for i, k in enumerate(degree):
        while k and abs(moved[i] * k - round(moved[i] * k)) < gap * k:
            moved[i] += gap / 2
    return moved
