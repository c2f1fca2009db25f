r"""V1, V2: thresholds, by Granovetter (1978), as crowds that see everybody.

Somebody joins once the share gone reaches his threshold: the share follows :math:`r_{t+1}=F(r_t)`
from 0, F the distribution of thresholds, and stops at its least fixpoint. In the engine U = w S - a,
S the share of the company gone and never forgotten, the spread of U is next to nothing, and
a = w (theta - 1/2) / n lets the theta-th departure be enough without a tie between rounded numbers.
Companies of one force are crowds of their own, so that one run tries many of them.

**V1** thresholds 0, 1, .. 99: all go, one a step; with a 2 for the 1, one goes. **V2** normal
thresholds of mean 25 %: with spread s the curve touches the diagonal where its slope is 1,
:math:`r^*=\mu-s\sqrt{-2\ln(s\sqrt{2\pi})}` and :math:`\Phi((r^*-\mu)/s)=r^*`, at s = 12.2221 % and
r* = 6.2003 %. Of a hundred people the critical spread depends on how the curve becomes a list:
thresholds at the quantiles (k - 1/2)/100, which rounds the counts, 12.55; at k/100, which floors them,
12.88. Drawn at random, more than half go in a share of the crowds that has an exact recursion
(`targets.chance_of_final`); the engine's own draws of commitment are taken there.
"""

from __future__ import annotations

import numpy as np
import pytest
from crowds import WEIGHT, companies, gone, plan_of, run_until_calm, sharp
from scipy.stats import norm
from targets import chance_of_final, final_count, normal_fold, normal_share

from standfast.engine.run import Run

pytestmark = pytest.mark.theory

MEAN = 25.0  # per cent


def go(lists: np.ndarray) -> tuple[np.ndarray, int]:
    """Return how many of each crowd go, and in how many steps; thresholds [people], a row each."""
    number, size = lists.shape
    plan = plan_of(
        lists.size,
        WEIGHT * lists.ravel() / size,
        sharp("peer_company"),
        scheme=companies(size, number),
    )
    run = Run(plan, 0)
    steps = run_until_calm(run)
    return gone(run).reshape(number, size).sum(axis=1), steps


def quantiles(spreads: np.ndarray, size: int, shift: float) -> np.ndarray:
    """Return lists of thresholds [people] at the quantiles (k - shift) / size, a row for each spread."""
    level = (np.arange(1, size + 1) - shift) / size
    finite = np.clip(norm.ppf(level), -40.0, 40.0)
    return (MEAN + spreads[:, None] * finite) * size / 100.0


def test_one_threshold_decides(verified):
    every = np.arange(100.0)
    missing = every.copy()
    missing[1] = 2.0
    (all_go, one_goes), steps = go(np.array([every, missing]) - 0.5)
    source = "Granovetter 1978"
    verified("V1", "thresholds 0, 1, .. 99: how many go", measured=all_go, expected=100, tolerance=0,
             tolerance_from="", wrong=0, wrong_twin="more than the threshold must have gone",
             source=source)  # fmt: skip
    verified("V1", "the same, in how many steps", measured=steps, expected=100, tolerance=0,
             tolerance_from="", wrong=1, wrong_twin="each sees the departures of the same step")  # fmt: skip
    verified("V1", "a 2 in place of the 1: how many go", measured=one_goes, expected=1, tolerance=0,
             tolerance_from="", wrong=100, wrong_twin="the mean threshold decides")  # fmt: skip


def test_share_that_goes_with_normal_thresholds(verified):
    spreads = np.array([12.0, 12.1, 12.2, 12.25, 20.0, 30.0, 50.0, 100.0])
    size = 20_000
    lists = quantiles(spreads, size, 0.5)
    count, _ = go(lists)
    assert count.tolist() == [final_count(row) for row in lists]
    for spread, measured in zip(spreads, 100.0 * count / size, strict=True):
        expected = 100.0 * normal_share(0.25, spread / 100.0)
        mean_field = 100.0 * norm.cdf(-MEAN / spread)
        verified("V2", f"spread {spread:g} %: per cent who go", measured=measured, expected=expected,
                 tolerance=0.05, tolerance_from="lists of 20,000, slope 0.95 at most",
                 wrong=mean_field, wrong_twin="nobody sees the others: Phi(-25 / s)")  # fmt: skip


@pytest.mark.parametrize("size", [50_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_critical_spread_of_the_continuum(verified, size):
    spreads = np.array([12.20, 12.21, 12.215, 12.22, 12.225, 12.23, 12.24])
    held = go(quantiles(spreads, size, 0.5))[0] < size / 2
    assert held.tolist() == sorted(held, reverse=True)
    last = int(held.sum())
    verified("V2", f"critical spread [%], {size:,} people", measured=spreads[last - 1 : last + 1].mean(),
             expected=100.0 * normal_fold(0.25)[0], tolerance=0.02,
             tolerance_from="spreads tried 0.005 to 0.01 apart", wrong=12.55,
             wrong_twin="counts of a hundred people rounded", source="Granovetter 1978")  # fmt: skip


@pytest.mark.parametrize(
    ("shift", "expected", "says"),
    [(0.5, 12.55, "rounded"), (0.0, 12.88, "floored")],
)
def test_critical_spread_of_a_hundred(verified, shift, expected, says):
    spreads = np.arange(1200, 1321) / 100.0
    count, _ = go(quantiles(spreads, 100, shift))
    first = spreads[count > 50].min()
    verified("V2", f"spread [%] from which more than half of 100 go, counts {says}", measured=first,
             expected=expected, tolerance=0.01, tolerance_from="spreads tried 0.01 apart",
             wrong=12.2221, wrong_twin="the continuum")  # fmt: skip


@pytest.mark.statistical
@pytest.mark.parametrize("spread", [11.0, 12.2, 14.0])
def test_random_thresholds_of_a_hundred(verified, spread):
    crowds = 4000
    behaviour = sharp("peer_company")
    behaviour["decision"]["commitment"] = WEIGHT * MEAN / 100.0
    plan = plan_of(
        100 * crowds, None, behaviour, scheme=companies(100, crowds),
        population={"commitment_spread": WEIGHT * spread / 100.0},
    )  # fmt: skip
    run = Run(plan, 0)
    run_until_calm(run)
    measured = (gone(run).reshape(crowds, 100).sum(axis=1) > 50).mean()
    law = chance_of_final(100, [float(norm.cdf((j - MEAN) / spread)) for j in range(101)])
    expected = sum(law[51:])
    verified("V2", f"random thresholds, spread {spread:g} %: share of crowds of 100 over half of which go",
             measured=measured, expected=expected,
             tolerance=4 * (expected * (1 - expected) / crowds) ** 0.5,
             tolerance_from="4 standard errors of 4,000 crowds",
             wrong=float(spread > 12.2221), wrong_twin="the continuum's verdict")  # fmt: skip
