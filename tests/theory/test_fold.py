r"""V5: the fold of recent departures, where a quiet garrison ceases to exist.

With :math:`U=-a+wS`, hazard :math:`h=h_{\max}\sigma(U)`, memory :math:`\dot S=h-S/\tau` and everybody
replaced, quiet and rout coexist iff :math:`wk>4` for :math:`k=h_{\max}\tau`; with
:math:`p=\tfrac12(1-\sqrt{1-4/(wk)})` the quiet branch ends at :math:`a_c=wkp-\mathrm{logit}(p)`,
:math:`S_c=kp`. For :math:`h_{\max}=1/6` an hour, :math:`\tau=72` h and :math:`w=5`:
:math:`a_c=5.0774`, :math:`S_c=0.2034`.

The engine never replaces those who leave, so the case is put together from its rules: the leaving
probability, the peer pressure of a company and the memory of departures, 200,000 people, drawn.
The wrong twin lets the memory last: departures counted for ever leave no quiet branch at all.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from standfast.kernels.comrades import peer_pressure, remember
from standfast.kernels.decision import leaving_probability

pytestmark = pytest.mark.theory

RATE_MAX, PEOPLE, HOURS = 1.0 / 6.0, 200_000, 3000.0


def fold(weight: float, tau: float) -> tuple[float, float]:
    k = RATE_MAX * tau
    p = 0.5 * (1.0 - math.sqrt(1.0 - 4.0 / (weight * k)))
    return weight * k * p - math.log(p / (1.0 - p)), k * p


def memory_at_the_end(commitment: float, dt: float, weight: float, kept: float) -> float:
    """Memory of departures after 3,000 h in a company of everybody, each departure replaced."""
    rng = np.random.default_rng(1)
    gone = 0.0
    for _ in range(round(HOURS / dt)):
        pressure = -commitment + peer_pressure(0.0, gone, 0.0, 0.0, weight, 0.0)
        left = rng.binomial(PEOPLE, leaving_probability(pressure, RATE_MAX, dt))
        gone = remember(gone, left, PEOPLE, kept)
    return gone


@pytest.mark.parametrize(
    ("weight", "tau", "value"),
    [(5, 72, 5.0774), (5, 168, 5.9344), (6, 72, 5.2626), (4, 48, 4.4335), (3, 72, 4.5549)],
)
def test_the_fold_by_formula(weight, tau, value):
    assert fold(weight, tau)[0] == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize("dt", [1.0, 0.25])
@pytest.mark.parametrize(("weight", "tau"), [(5, 72), (3, 72)])
def test_quiet_above_the_fold_and_rout_below(weight, tau, dt):
    critical, memory = fold(weight, tau)
    kept = math.exp(-dt / tau)
    assert memory_at_the_end(critical + 0.03, dt, weight, kept) < memory
    assert memory_at_the_end(critical - 0.03, dt, weight, kept) > 20 * memory


def test_as_published_to_three_hundredths():
    kept = math.exp(-1 / 72)
    assert memory_at_the_end(5.10, 1.0, 5, kept) == pytest.approx(0.17, abs=0.02)
    assert 11 <= memory_at_the_end(5.05, 1.0, 5, kept) <= 12.1


def test_a_memory_that_lasts_leaves_no_quiet_branch():
    critical, memory = fold(5, 72)
    assert memory_at_the_end(critical + 0.03, 1.0, 5, kept=1.0) > 20 * memory
