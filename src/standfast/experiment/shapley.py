r"""Shapley values: how much of an effect each of several groups of causes brought, fairly.

The value of group g is its marginal contribution, averaged over all orders in which the groups can
be switched on (Shapley 1953):

.. math:: \phi_g = \sum_{S \not\ni g} \frac{|S|!\,(n-|S|-1)!}{n!}\,\bigl(v(S + g) - v(S)\bigr).

The values add up to v(all) - v(none), so that nothing is counted twice, whatever the groups do to
one another.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def coalitions(groups: Sequence[str]) -> list[frozenset[str]]:
    """Return every subset of the groups, the smallest first.

    Examples
    --------
    >>> [sorted(c) for c in coalitions(["a", "b"])]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    return [
        frozenset(chosen)
        for size in range(len(groups) + 1)
        for chosen in combinations(groups, size)
    ]


def shapley_values(
    groups: Sequence[str], worth: Mapping[frozenset[str], Floats]
) -> dict[str, Floats]:
    """Return the Shapley value of each group, replicate by replicate.

    Parameters
    ----------
    groups
        Names.
    worth
        Value of every subset, each (n_replicate,).

    Examples
    --------
    >>> one = np.array([1.0])
    >>> worth = {frozenset(): 0 * one, frozenset("a"): 0 * one, frozenset("b"): 0 * one,
    ...          frozenset("ab"): one}
    >>> {g: v.tolist() for g, v in shapley_values(["a", "b"], worth).items()}
    {'a': [0.5], 'b': [0.5]}
    """
    n = len(groups)
    values = {}
    for group in groups:
        total = np.zeros_like(worth[frozenset()])
        for without in coalitions([each for each in groups if each != group]):
            weight = factorial(len(without)) * factorial(n - len(without) - 1) / factorial(n)
            total = total + weight * (worth[without | {group}] - worth[without])
        values[group] = total
    return values
