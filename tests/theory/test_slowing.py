r"""V21: a garrison forgives more and more slowly as its quiet comes to an end.

About the fixpoint of :math:`\dot S=h_{\max}\sigma(-a+wS)-S/\tau` a deviation fades at rate
:math:`\lambda=1/\tau-wh_{\max}p(1-p)`, and departures, a Poisson count of hN an hour, keep shaking it:
an Ornstein-Uhlenbeck process with autocorrelation :math:`e^{-\lambda\Delta t}` at lag :math:`\Delta t` and
variance :math:`h/2N\lambda`. Both rise as :math:`a\to a_c`, where near the fold
:math:`\lambda=2\sqrt{\mu A}` as in :math:`\dot x=\mu-x^2` (`test_fold`): a quarter of the distance
halves it.

For the steps of the engine the same by :math:`S\leftarrow f(S)+\varepsilon` (`garrisons.step_map`):
autocorrelation :math:`f'` a step, variance :math:`xp(1-p)/N(1-f'^2)`. Estimated from the series of
many companies of one run about their common mean: of n values in all, the autocorrelation at one
step has standard error :math:`\sqrt{(1-f'^2)/n}`, the variance relatively
:math:`\sqrt{2(1+f'^2)/n(1-f'^2)}`; far enough from the fold that curvature adds less than that. Wrong
twins: no slowing, a deviation fades by memory alone, :math:`e^{-\Delta t/\tau}`; variance without it.

The estimators themselves are held against the process with :math:`\lambda=0.5,0.1,0.02`.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from garrisons import advance, garrisons, memory, step_map
from scipy.optimize import brentq
from targets import folds, quiet_memory

pytestmark = [pytest.mark.theory, pytest.mark.statistical]

RATE_MAX, TAU, WEIGHT, PEOPLE = 1.0 / 6.0, 24.0, 5.0, 3000
COMPANIES, HOURS = 16, 1500
CRITICAL = folds(RATE_MAX, TAU, WEIGHT)[0]


def autocorrelation(series: np.ndarray, lag: int) -> float:
    """Return the autocorrelation of series (time, company) about their common mean."""
    x = series - series.mean()
    return float((x[lag:] * x[:-lag]).sum() / (x[:-lag] ** 2).sum())


@pytest.mark.parametrize(
    ("fading", "expected", "spread"),
    [(0.5, 0.60653, 1.0), (0.1, 0.90484, 5.0), (0.02, 0.98020, 25.0)],
)
def test_estimators(verified, fading, expected, spread):
    """The process drawn exactly, noise 1 and lag 1: e^-lambda and 1 / 2 lambda."""
    rng = np.random.default_rng(21)
    kept, series = math.exp(-fading), 400
    x = np.empty((4000, series))
    x[0] = rng.normal(0.0, math.sqrt(spread), series)
    for t in range(1, len(x)):
        x[t] = kept * x[t - 1] + rng.normal(0.0, math.sqrt(spread * (1.0 - kept**2)), series)
    error = math.sqrt((1.0 - kept**2) / x.size)
    verified("V21", f"autocorrelation at lag 1, lambda = {fading:g}", measured=autocorrelation(x, 1),
             expected=expected, tolerance=4 * error, tolerance_from="4 standard errors",
             wrong=math.exp(-2.0 * fading), wrong_twin="e^-2 lambda")  # fmt: skip
    relative = math.sqrt(2.0 * (1.0 + kept**2) / (x.size * (1.0 - kept**2)))
    verified("V21", f"variance, lambda = {fading:g}", measured=x.var(), expected=spread,
             tolerance=4 * relative * spread, tolerance_from="4 standard errors",
             wrong=spread / 2.0, wrong_twin="1 / 4 lambda")  # fmt: skip


@pytest.fixture(scope="module")
def watched() -> dict[float, np.ndarray]:
    """Memory of companies at two distances from the fold, (hour, company) each."""
    distances = (0.1, 0.4)
    commitments = [CRITICAL + far for far in distances for _ in range(COMPANIES)]
    run = garrisons(commitments, PEOPLE, rate_max=RATE_MAX, tau=TAU, weight=WEIGHT)
    memory(run)[:] = [quiet_memory(RATE_MAX, TAU, WEIGHT, a) for a in commitments]
    advance(run, 200.0)
    series = np.empty((HOURS, len(commitments)))
    for row in series:
        run.advance()
        row[:] = memory(run)
    return dict(zip(distances, np.split(series, len(distances), axis=1), strict=True))


def about_the_fixpoint(far: float) -> tuple[float, float]:
    """Return slope and noise of a step of the engine at its fixpoint."""
    law = (CRITICAL + far, RATE_MAX, TAU, WEIGHT, 1.0)
    top = folds(RATE_MAX, TAU, WEIGHT)[1]
    s = brentq(lambda s: step_map(s, *law) - s, 0.0, top)
    slope = (step_map(s + 1e-5, *law) - step_map(s - 1e-5, *law)) / 2e-5
    p = -math.expm1(-RATE_MAX / (1.0 + math.exp(law[0] - WEIGHT * s)))
    return slope, p * (1.0 - p) / (1.0 + 2.0 * p) / PEOPLE


@pytest.mark.parametrize("far", [0.1, 0.4])
def test_memory_fades_as_linearised(verified, watched, far):
    series = watched[far]
    slope, noise = about_the_fixpoint(far)
    error = math.sqrt((1.0 - slope**2) / series.size)
    measured = -math.log(autocorrelation(series, 1))
    verified("V21", f"rate at which a deviation fades [1/h], {far:g} above the fold", measured=measured,
             expected=-math.log(slope), tolerance=4 * error,
             tolerance_from=f"4 standard errors of {series.size:,} h",
             wrong=1.0 / TAU, wrong_twin="memory alone")  # fmt: skip
    variance = noise / (1.0 - slope**2)
    relative = math.sqrt(2.0 * (1.0 + slope**2) / (series.size * (1.0 - slope**2)))
    verified("V21", f"variance of memory x 10^6, {far:g} above the fold", measured=1e6 * series.var(),
             expected=1e6 * variance, tolerance=4e6 * relative * variance,
             tolerance_from=f"4 standard errors of {series.size:,} h",
             wrong=1e6 * noise / (1.0 - math.exp(-2.0 / TAU)), wrong_twin="memory alone")  # fmt: skip


def test_a_quarter_of_the_distance_halves_the_rate(verified, watched):
    """The square root of a saddle-node, between 0.4 and 0.1 from the fold."""
    near, far = (-math.log(autocorrelation(watched[d], 1)) for d in (0.1, 0.4))
    exact = math.log(about_the_fixpoint(0.4)[0]) / math.log(about_the_fixpoint(0.1)[0])
    errors = [
        math.sqrt(2.0 / r / series.size)
        for r, series in ((near, watched[0.1]), (far, watched[0.4]))
    ]
    verified("V21", "rate at 0.4 from the fold over that at 0.1", measured=far / near, expected=2.0,
             tolerance=abs(exact - 2.0) + 4 * exact * math.hypot(*errors),
             tolerance_from="next order of the fold; 4 standard errors",
             wrong=4.0, wrong_twin="in proportion to the distance")  # fmt: skip
