"""Intervals of paired differences cover as often as they say, and ratios of runs are ratios of variances."""

from __future__ import annotations

import numpy as np
import pytest

from standfast.experiment.paired import (
    fewer_runs,
    mean_change,
    share_change,
    share_of,
)

RNG_SEED = 20_140_610


def test_pairs_are_compared_with_their_own():
    base = np.arange(12.0)
    change = mean_change(base, base + 1.0)
    assert change.value == 1.0
    assert change.half < 1e-12


@pytest.mark.statistical
def test_the_interval_of_a_mean_covers():
    """2,000 experiments of 15 pairs: coverage 0.95, standard error 0.005; asked within 4."""
    rng = np.random.default_rng(RNG_SEED)
    base = rng.normal(size=(2000, 15)) * 5
    other = base + rng.normal(0.3, 1.0, size=(2000, 15))
    covered = [
        (e := mean_change(a, b)).low <= 0.3 <= e.high for a, b in zip(base, other, strict=True)
    ]
    assert abs(np.mean(covered) - 0.95) < 4 * 0.005


@pytest.mark.statistical
@pytest.mark.parametrize(("gained", "lost"), [(0.3, 0.02), (0.05, 0.05), (0.9, 0.0), (0.0, 0.0)])
def test_the_interval_of_a_share_covers(gained, lost):
    """3,000 experiments of 20 pairs: at least 0.95 less 4 standard errors (0.004).

    The wrong twin, Wald's interval without the added pairs, fails where nearly all pairs agree.
    """
    rng = np.random.default_rng(RNG_SEED)
    u = rng.uniform(size=(3000, 20))
    base, other = u > 1 - lost, (u < gained)
    truth = gained - lost
    found = [share_change(a, b) for a, b in zip(base, other, strict=True)]
    covered = np.mean([e.low <= truth + 1e-12 and truth - 1e-12 <= e.high for e in found])
    assert covered > 0.95 - 4 * 0.004
    if (gained, lost) == (0.9, 0.0):
        difference = other.astype(float) - base
        mean = difference.mean(axis=1)
        error = difference.std(axis=1) / np.sqrt(20)
        assert np.mean(np.abs(mean - truth) <= 1.96 * error) < 0.9


def test_no_change_in_any_pair_still_has_a_width():
    never = np.zeros(20, bool)
    assert share_change(never, never).half > 0.05
    assert share_of(never).high > 0.1


def test_fewer_runs_is_the_ratio_of_variances():
    rng = np.random.default_rng(RNG_SEED)
    shared = rng.normal(size=40_000) * 3
    base = shared + rng.normal(size=40_000)
    other = shared + rng.normal(size=40_000) + 5
    assert fewer_runs(base, other) == pytest.approx(10.0, rel=0.03)  # (10 + 10) / 2
    assert fewer_runs(base, rng.permutation(other)) == pytest.approx(1.0, rel=0.03)
    assert fewer_runs(base, base + 2) == np.inf
    assert fewer_runs(np.ones(9), np.ones(9)) is None
    assert fewer_runs(base[:2], other[:2]) is None
