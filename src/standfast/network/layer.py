"""One kind of tie among agents, as compressed sparse rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.errors import RunError
from standfast.kernels._jit import index, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


MOST_ENDS = np.iinfo(np.int32).max  # of ties, each counted from both of its ends


@dataclass(frozen=True, eq=False)
class Layer:
    """Ties of one kind: symmetric, without loops or duplicates, neighbours in rising order.

    Attributes
    ----------
    indptr : (n_agent + 1,) int32
        The neighbours of agent i are ``indices[indptr[i]:indptr[i + 1]]``.
    indices : (2 * n_edge,) int32
        Agents; every tie appears in the rows of both its ends.
    """

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]

    def __post_init__(self) -> None:
        self.indptr.setflags(write=False)
        self.indices.setflags(write=False)

    @property
    def n_agent(self) -> int:
        """Number of rows."""
        return int(self.indptr.size - 1)

    @property
    def n_edge(self) -> int:
        """Number of ties, each counted once."""
        return int(self.indices.size // 2)

    @property
    def degree(self) -> NDArray[np.int32]:
        """Ties of every agent."""
        return np.diff(self.indptr)

    def neighbours(self, agent: int) -> NDArray[np.int32]:
        """Return those an agent is tied to, in rising order."""
        return self.indices[self.indptr[agent] : self.indptr[agent + 1]]


def layer_from_edges(n_agent: int, first: NDArray[np.int32], second: NDArray[np.int32]) -> Layer:
    """Make a layer of ties that are given once each, in any order.

    Parameters
    ----------
    n_agent
        Number of rows.
    first, second : (n_edge,) int32
        The two ends; no loops, no duplicates in either direction.

    Raises
    ------
    RunError
        When there are more ties than the offsets of rows can count, 1.07 thousand million.

    Examples
    --------
    >>> layer = layer_from_edges(3, np.array([2, 1], np.int32), np.array([0, 2], np.int32))
    >>> layer.neighbours(2).tolist(), layer.degree.tolist()
    ([0, 1], [1, 1, 2])
    """
    degree = np.bincount(first, minlength=n_agent) + np.bincount(second, minlength=n_agent)
    if 2 * first.size > MOST_ENDS:
        much = f"{first.size:,} ties of one kind are more than the {MOST_ENDS // 2:,} that can be counted"
        raise RunError(much, "Fewer people, or fewer ties for each, are needed.")
    indptr = np.zeros(n_agent + 1, dtype=np.int32)
    np.cumsum(degree, out=indptr[1:])
    unsorted = np.empty(int(indptr[-1]), dtype=np.int32)
    indices = np.empty_like(unsorted)
    fill_rows(indptr, first, second, unsorted, indptr[:-1].copy())
    transpose_rows(indptr, unsorted, indices, indptr[:-1].copy())
    return Layer(indptr, indices)


@kernel
def fill_rows(
    indptr: NDArray[np.int32],
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    indices: NDArray[np.int32],
    filled: NDArray[np.int32],
) -> int:
    """Put both directions of every tie into its row, in the order of the ties.

    Parameters
    ----------
    indptr : (n + 1,) int32
        Offsets of the rows.
    first, second : (m,) int32
        Ends of the ties.
    indices : (2 m,) int32
        *Overwritten*: neighbours by row.
    filled : (n,) int32
        Starts of the rows; *overwritten* with their ends.
    """
    for edge in range(first.size):
        a, b = first[edge], second[edge]
        indices[filled[a]] = b
        filled[a] += 1
        indices[filled[b]] = a
        filled[b] += 1
    return int(indptr[-1])


@kernel
def transpose_rows(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    out: NDArray[np.int32],
    filled: NDArray[np.int32],
) -> int:
    """Sort the rows of a symmetric layer by transposing it: rows come out in rising order.

    Parameters
    ----------
    indptr : (n + 1,) int32
        Offsets of the rows; the same before and after, since the layer is symmetric.
    indices : (2 m,) int32
        Neighbours by row, in any order.
    out : (2 m,) int32
        *Overwritten*: neighbours by row, rising.
    filled : (n,) int32
        Starts of the rows; *overwritten* with their ends.
    """
    for row in range(indptr.size - 1):
        for edge in range(indptr[row], indptr[row + 1]):
            neighbour = indices[edge]
            out[filled[neighbour]] = row
            filled[neighbour] += 1
    return int(indptr[-1])


def sum_over_ties(layer: Layer, values: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return for each agent the sum of whole-number values of those a layer ties it to.

    Examples
    --------
    >>> layer = layer_from_edges(3, np.array([2, 1], np.int32), np.array([0, 2], np.int32))
    >>> sum_over_ties(layer, np.array([1, 10, 100], np.int32)).tolist()
    [100, 100, 11]
    """
    sums = np.zeros(layer.n_agent, dtype=np.int32)
    if layer.indices.size:
        sum_rows(layer.indptr, layer.indices, values, sums)
    return sums


@kernel
def sum_rows(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    values: NDArray[np.int32],
    sums: NDArray[np.int32],
) -> int:
    """Sum the values of the neighbours of every row; `sums` (n,) int32 is *Overwritten*."""
    for row in range(index(sums.size)):
        total = 0
        for at in range(index(indptr[row]), index(indptr[row + index(1)])):
            total += values[index(indices[at])]
        sums[row] = total
    return int(sums.size)
