r"""What theory says beforehand, worked out from formulas and never from the engine.

Thresholds (V1-V3): the share gone follows :math:`r_{t+1}=F(r_t)` from 0, F the distribution of
thresholds. Logit with peers (V4, V5, V21): :math:`\dot S=h_{\max}\sigma(-a+wS)-S/\tau`. Cascades on
random ties (V6, V7, V9): generating functions of the Poisson law.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom, norm, poisson

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TIES = 60


def final_count(thresholds: np.ndarray) -> int:
    """Return how many act in the end, when each acts once at least his threshold [people] act."""
    acting = 0
    while (more := int((thresholds <= acting).sum())) > acting:
        acting = more
    return acting


def normal_share(mean: float, sd: float) -> float:
    """Return the least fixpoint of r = Phi((r - mean) / sd), as a share (V2, the continuum)."""
    grid = np.linspace(0.0, 1.0, 200_001)
    gap = norm.cdf((grid - mean) / sd) - grid
    k = int(np.argmax(gap <= 0.0))
    return float(brentq(lambda r: norm.cdf((r - mean) / sd) - r, grid[k - 1], grid[k]))


def normal_fold(mean: float) -> tuple[float, float]:
    """Return the spread at which the least fixpoint vanishes, and that fixpoint (V2)."""

    def touching(sd: float) -> float:
        return mean - sd * math.sqrt(-2.0 * math.log(sd * math.sqrt(2.0 * math.pi)))

    def gap(sd: float) -> float:
        return float(norm.cdf((touching(sd) - mean) / sd)) - touching(sd)

    # the spreads at which the slope reaches 1 and the point of contact is above 0
    sds = [s for s in np.linspace(0.02, 0.398, 400) if touching(s) > 0.0]
    signs = np.sign([gap(s) for s in sds])
    k = int(np.flatnonzero(np.diff(signs))[0])
    sd = float(brentq(gap, sds[k], sds[k + 1]))
    return sd, touching(sd)


def chance_of_final(n: int, below: list[float]) -> list[float]:
    r"""Return P(j act in the end), j = 0..n, for n independent thresholds (V2, random draws).

    `below[j]` is the chance that a threshold is at most j people. Exactly the people of a set K of
    k act iff the process confined to K takes all of it and every other threshold is above k:
    :math:`P_n(k)=\binom nk P_k(k)(1-F_k)^{n-k}`, and :math:`\sum_kP_n(k)=1` gives the
    :math:`P_k(k)` one after the other. Differences of large numbers: 200 digits.
    """
    with localcontext() as context:
        context.prec = 200
        above = [1 - Decimal(f) for f in below]
        takes_all = [Decimal(1)]
        for size in range(1, n + 1):
            stops = sum(
                math.comb(size, k) * takes_all[k] * above[k] ** (size - k) for k in range(size)
            )
            takes_all.append(1 - stops)
        return [float(math.comb(n, k) * takes_all[k] * above[k] ** (n - k)) for k in range(n + 1)]


def magnetisation(coupling: float) -> float:
    """Return the positive solution of m = tanh(coupling m), coupling > 1 (V4)."""
    return float(brentq(lambda m: math.tanh(coupling * m) - m, 1e-6, 1.0))


def coercive_field(coupling: float) -> float:
    """Return H_c: two stable solutions of m = tanh(H + coupling m) iff abs(H) < H_c (V4)."""
    m = math.sqrt(1.0 - 1.0 / coupling)
    return coupling * m - math.atanh(m)


def folds(rate_max: float, tau: float, weight: float) -> tuple[float, float, float]:
    """Return commitment and memory where quiet ends, and commitment where rout ends (V5)."""
    wk = weight * rate_max * tau
    low, high = (0.5 * (1.0 + sign * math.sqrt(1.0 - 4.0 / wk)) for sign in (-1, 1))
    quiet, rout = (wk * p - math.log(p / (1.0 - p)) for p in (low, high))
    return quiet, rate_max * tau * low, rout


def quiet_memory(rate_max: float, tau: float, weight: float, commitment: float) -> float:
    """Return the least fixpoint of S = k sigma(-a + w S): memory of departures in quiet (V5)."""
    k = rate_max * tau
    _, fold, _ = folds(rate_max, tau, weight)

    def gap(s: float) -> float:
        return k / (1.0 + math.exp(commitment - weight * s)) - s

    return float(brentq(gap, 0.0, fold))


def window_edge(limit: int, side: str) -> float:
    """Return the mean number of ties where global cascades begin or end (V6).

    Somebody with at most `limit` ties leaves after a single one of them has left.
    """

    def spread(z: float) -> float:
        return z * float(poisson.cdf(limit - 2, z)) - 1.0

    top = max(np.linspace(0.01, 3.0 * limit, 3000), key=spread)
    if spread(top) < 0.0:
        return math.nan
    return float(
        brentq(spread, 1e-9, top) if side == "lower" else brentq(spread, top, 10.0 * limit)
    )


def trigger_chance(z: float, limit: int) -> float:
    """Return the chance that one departure at random starts a global cascade (V6).

    It has a tie into the giant cluster of those who leave after a single tie has.
    """
    k = np.arange(MOST_TIES)
    along = k * poisson.pmf(k, z) / z
    v = 1.0
    for _ in range(100_000):
        new = float((along * (1.0 - (1.0 - v) ** np.maximum(k - 1, 0)))[: limit + 1].sum())
        if abs(new - v) < 1e-13:
            break
        v = new
    return 1.0 - math.exp(-z * v)


def cascade_share(z: float, seeds: float, at_most: Callable[..., np.ndarray]) -> float:
    """Return the share gone in the end among people with Poisson numbers of ties (V7).

    Parameters
    ----------
    z, seeds
        Mean number of ties; share who leave by themselves.
    at_most
        Function of an array of shares: chance that a threshold is at most that.
    """
    return _cascade(z, seeds, at_most)[0]


def cascade_error(z: float, at_most: Callable[..., np.ndarray], number: int) -> float:
    """Return the standard deviation of that share among so many people, without seeds (V7).

    Chance moves the share as it does a count of so many, and the slope G of one round to the next
    raises it by 1 / (1 - G).
    """
    share, slope = _cascade(z, 0.0, at_most)
    return math.sqrt(share * (1.0 - share) / number) / (1.0 - slope)


def _cascade(z: float, seeds: float, at_most: Callable[..., np.ndarray]) -> tuple[float, float]:
    k, m = np.meshgrid(np.arange(MOST_TIES), np.arange(MOST_TIES), indexing="ij")
    law = poisson.pmf(k[:, 0], z)
    passes = np.where(m <= k, at_most(m / np.maximum(k, 1)), 0.0)

    def told(q: float) -> float:
        along = (binom.pmf(m[1:], k[1:] - 1, q) * passes[1:]).sum(axis=1)
        return seeds + (1.0 - seeds) * float((k[1:, 0] / z * law[1:]) @ along)

    q = seeds
    for _ in range(100_000):
        new = told(q)
        if abs(new - q) < 1e-12:
            break
        q = new
    gone = float(law @ (binom.pmf(m, k, q) * passes).sum(axis=1))
    slope = (told(min(q + 1e-6, 1.0)) - told(q - 1e-6)) / 2e-6 if seeds == 0.0 else math.nan
    return seeds + (1.0 - seeds) * gone, slope


def two_layer_share(z: float, seeds: float, limit: float) -> float:
    """Return the share gone in the end with two like layers whose shares gone add up (V9).

    Everybody has Poisson numbers of ties of mean z in each, and leaves once the share of the one
    gone and that of the other add up to `limit`.
    """
    pairs = [(k, m) for k in range(30) for m in range(k + 1)]
    k, m = np.array(pairs).T
    share = m / np.maximum(k, 1)
    passes = (share[:, None] + share[None, :] >= limit).astype(float)
    law = poisson.pmf(k, z)
    q = seeds
    for _ in range(100_000):
        whole = law * binom.pmf(m, k, q)
        along = np.where(
            (k > 0) & (m < k), k / z * law * binom.pmf(m, np.maximum(k - 1, 0), q), 0.0
        )
        new = seeds + (1.0 - seeds) * float(along @ passes @ whole)
        if abs(new - q) < 1e-12:
            break
        q = new
    whole = law * binom.pmf(m, k, q)
    return seeds + (1.0 - seeds) * float(whole @ passes @ whole)


def outbreak_share(r0: float, seeds: float = 0.0) -> float:
    """Return the positive solution of r = 1 - (1 - seeds) exp(-r0 r) (V9, V10)."""
    return float(brentq(lambda r: 1.0 - (1.0 - seeds) * math.exp(-r0 * r) - r, 1e-9, 1.0))


def shared_by_all(limit: float) -> Callable[..., np.ndarray]:
    """Return the distribution of a threshold that everybody shares."""
    return lambda share: share >= limit
