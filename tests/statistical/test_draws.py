"""Draws as random numbers: even, and without ties between neighbouring keys.

Null: independent uniforms. Samples of 100,000, seed fixed; a test rejects below P_VALUE, so that a
good generator fails one seed in a thousand, and a planted fault must be rejected by the same bound.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from standfast.kernels import draws
from standfast.kernels._jit import kernel

pytestmark = pytest.mark.statistical

P_VALUE = 0.001
N = 100_000


@kernel
def by_index(n, key0, key1, step, purpose, partner, word):
    out = np.empty(n)
    for i in range(n):
        out[i] = draws.block(key0, key1, i, step, purpose, partner)[word]
    return out


@kernel
def by_step(n, key0, key1, index, purpose):
    out = np.empty(n)
    for step in range(n):
        out[step] = draws.block(key0, key1, index, step, purpose)[0]
    return out


@kernel
def by_replicate(n, seed):
    out = np.empty(n)
    for k in range(n):
        key0, key1 = draws.run_key(seed, k)
        out[k] = draws.block(key0, key1, 0, 0, draws.DECIDE)[0]
    return out


def is_even(u) -> bool:
    return bool(stats.kstest(u, "uniform").pvalue > P_VALUE)


def is_apart(first, second) -> bool:
    return bool(stats.pearsonr(first, second).pvalue > P_VALUE)


def is_free(u) -> bool:
    """Tell whether pairs of successive draws fill the square evenly."""
    cells = np.histogram2d(u[:-1:2], u[1::2], bins=16, range=[[0, 1], [0, 1]])[0]
    return bool(stats.chisquare(cells.ravel()).pvalue > P_VALUE)


SAMPLES = {
    "agents": by_index(N, 1, 2, 3, draws.DECIDE, 0, 0),
    "last word": by_index(N, 1, 2, 3, draws.DECIDE, 0, 3),
    "next step": by_index(N, 1, 2, 4, draws.DECIDE, 0, 0),
    "another purpose": by_index(N, 1, 2, 3, draws.EXIT, 0, 0),
    "another partner": by_index(N, 1, 2, 3, draws.DECIDE, 1, 0),
    "another run": by_index(N, 2, 2, 3, draws.DECIDE, 0, 0),
    "steps of one agent": by_step(N, 1, 2, 77, draws.DECIDE),
    "replicates": by_replicate(N, 9),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_draws_are_even(name):
    assert is_even(SAMPLES[name])
    assert is_free(SAMPLES[name])


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "agents"])
def test_neighbouring_keys_have_nothing_in_common(name):
    assert is_apart(SAMPLES["agents"], SAMPLES[name])


def test_planted_faults_are_caught():
    u = SAMPLES["agents"]
    assert not is_even(u**1.02)
    assert not is_apart(u, 0.98 * SAMPLES["replicates"] + 0.02 * u)
    assert not is_free(np.sort(u.reshape(-1, 2), axis=1).ravel())
