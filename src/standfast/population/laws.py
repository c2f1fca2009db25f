"""Laws of traits, drawn by inverse distribution functions on tables.

A table has nodes that are even in the standard normal scale, so that both tails are as fine as
the middle. Its values are rounded at the 13th decimal place: what a processor's maths library
does to the last bits then does not reach the people.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable

Array = NDArray[np.float64]

#: a uniform from a 32-bit word is never beyond 6.34 standard deviations
REACH = 6.6
N_NODE = 2049
DECIMALS = 13


def normal(uniform: Array) -> Array:
    """Return standard normal variates of uniforms.

    Examples
    --------
    >>> normal(np.array([0.5, 0.975])).round(4).tolist()
    [0.0, 1.96]
    """
    return np.interp(uniform, *_table(_identity))


def exponential(uniform: Array) -> Array:
    """Return exponential variates of mean 1 of uniforms."""
    return np.interp(uniform, *_table(_exponential_of_z))


def beta(uniform: Array, a: float, b: float) -> Array:
    """Return Beta(a, b) variates of uniforms; a = 0 gives 0 and b = 0 gives 1.

    Examples
    --------
    >>> beta(np.array([0.5]), 4.0, 4.0).round(6).tolist()
    [0.5]
    """
    if a <= 0:
        return np.zeros_like(uniform)
    if b <= 0:
        return np.ones_like(uniform)
    return np.interp(uniform, *_beta_table(a, b))


def lognormal(uniform: Array, mean: float, sigma: float) -> Array:
    """Return lognormal variates of a mean and a sigma of the log."""
    if mean <= 0:
        return np.zeros_like(uniform)
    nodes, z = _table(_identity)
    values = np.exp(math.log(mean) - sigma * sigma / 2 + sigma * z)
    return np.interp(uniform, nodes, np.round(values, DECIMALS))


def poisson(uniform: Array, mean: float) -> NDArray[np.int64]:
    """Return Poisson counts of uniforms.

    Examples
    --------
    >>> poisson(np.array([0.01, 0.5, 0.99]), 2.0).tolist()
    [0, 2, 6]
    """
    most = int(mean + 12 * math.sqrt(mean) + 20)
    below = np.round(special.pdtr(np.arange(most), mean), DECIMALS)
    return np.searchsorted(below, uniform, side="left").astype(np.int64)


def category(uniform: Array, shares: Array) -> NDArray[np.int64]:
    """Return the index of the category of each uniform; shares are scaled to add up to 1.

    Examples
    --------
    >>> category(np.array([0.2, 0.3, 0.9]), np.array([0.25, 0.0, 0.75])).tolist()
    [0, 2, 2]
    """
    upper = np.cumsum(shares)
    upper = upper / upper[-1]
    last = int(np.flatnonzero(shares)[-1])
    return np.minimum(np.searchsorted(upper, uniform, side="right"), last).astype(np.int64)


def _identity(z: Array) -> Array:
    return z


def _exponential_of_z(z: Array) -> Array:
    return np.asarray(-special.log_ndtr(-z), dtype=np.float64)


@cache
def _table(quantile_of_z: Callable[[Array], Array]) -> tuple[Array, Array]:
    z = np.linspace(-REACH, REACH, N_NODE)
    return np.round(special.ndtr(z), 15), np.round(quantile_of_z(z), DECIMALS)


@lru_cache(maxsize=256)
def _beta_table(a: float, b: float) -> tuple[Array, Array]:
    z = np.linspace(-REACH, REACH, N_NODE)
    # each tail from its own side, where the distribution function keeps its digits
    low = special.betaincinv(a, b, special.ndtr(np.minimum(z, 0.0)))
    high = special.betainccinv(a, b, special.ndtr(-np.maximum(z, 0.0)))
    return np.round(special.ndtr(z), 15), np.round(np.where(z < 0, low, high), DECIMALS)
