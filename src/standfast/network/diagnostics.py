"""What a layer is like: degrees, clustering and mixing, measured on the ties themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.kernels._jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.network.layer import Layer


@dataclass(frozen=True)
class DegreeSummary:
    """Numbers of ties per agent.

    Attributes
    ----------
    mean
        Mean number of ties.
    log_sigma
        Standard deviation of the log, of those who have any.
    most
        Largest number.
    count : (most + 1,) int64
        Agents by number of ties.
    """

    mean: float
    log_sigma: float
    most: int
    count: NDArray[np.int64]


def summarise_degree(layer: Layer, who: NDArray[np.bool_] | None = None) -> DegreeSummary:
    """Summarise the numbers of ties.

    Parameters
    ----------
    layer
        The layer.
    who : (n_agent,) bool, optional
        Agents to count, such as those with a phone; default all.

    Examples
    --------
    >>> from standfast.network.layer import layer_from_edges
    >>> path = layer_from_edges(3, np.array([0, 1], np.int32), np.array([1, 2], np.int32))
    >>> summarise_degree(path).count.tolist()
    [0, 2, 1]
    """
    degree = layer.degree if who is None else layer.degree[who]
    if degree.size == 0:
        return DegreeSummary(0.0, 0.0, 0, np.zeros(1, np.int64))
    tied = degree[degree > 0]
    sigma = float(np.log(tied).std()) if tied.size else 0.0
    return DegreeSummary(float(degree.mean()), sigma, int(degree.max()), np.bincount(degree))


def measure_clustering(layer: Layer) -> float:
    """Return the transitivity: the share of connected triples that are closed; 0 without triples.

    Examples
    --------
    >>> from standfast.network.layer import layer_from_edges
    >>> ends = np.array([0, 0, 1, 2], np.int32), np.array([1, 2, 2, 3], np.int32)
    >>> measure_clustering(layer_from_edges(4, *ends))
    0.6
    """
    triples = int((layer.degree * (layer.degree - 1)).sum())
    return int(count_closed(layer.indptr, layer.indices)) / triples if triples else 0.0


def measure_mixing(layer: Layer, label: NDArray[np.integer]) -> float:
    """Return the share of ties whose ends carry the same label; nan without ties.

    Examples
    --------
    >>> from standfast.network.layer import layer_from_edges
    >>> path = layer_from_edges(3, np.array([0, 1], np.int32), np.array([1, 2], np.int32))
    >>> measure_mixing(path, np.array([7, 7, 8]))
    0.5
    """
    if layer.n_edge == 0:
        return float("nan")
    row = np.repeat(np.arange(layer.n_agent), layer.degree)
    return float(np.mean(label[row] == label[layer.indices]))


@kernel
def count_closed(indptr: NDArray[np.int32], indices: NDArray[np.int32]) -> int:
    """Count the ordered connected triples that are closed: six for every triangle.

    Parameters
    ----------
    indptr : (n + 1,) int32
        Offsets of the rows.
    indices : (2 m,) int32
        Neighbours by row, rising.
    """
    closed = 0
    for row in range(indptr.size - 1):
        for edge in range(indptr[row], indptr[row + 1]):
            i, i_end = indptr[row], indptr[row + 1]
            other = indices[edge]
            j, j_end = indptr[other], indptr[other + 1]
            while i < i_end and j < j_end:
                if indices[i] == indices[j]:
                    closed += 1
                    i += 1
                    j += 1
                elif indices[i] < indices[j]:
                    i += 1
                else:
                    j += 1
    return closed
