r"""V13: Lanchester's laws as limits of the rule of losses at a small step.

Square law: :math:`\dot A=-\beta B`, :math:`\dot B=-\alpha A` keeps :math:`\alpha A^2-\beta B^2`;
1,000 against 800 at 0.05 an hour leave 600 after
:math:`(\alpha\beta)^{-1/2}\mathrm{artanh}(\sqrt{\beta/\alpha}\,B_0/A_0)=21.97225` h. Linear law: both sides
lose alike, :math:`A_0-A=B_0-B`, and 200 are left. Between, the rule's exponent e gives
:math:`\dot A=-\beta B^eA^{1-e}`: e = 1 is the square law, e = 1/2 the linear one, and e = 0 the
logarithmic law, in which each side melts at its own pace whatever the other's number.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from standfast.kernels._jit import kernel
from standfast.kernels.combat import losses

pytestmark = pytest.mark.theory


@kernel
def fight_on(a, b, rate, exponent, dt, steps):
    """Return both sides at every step, by the midpoint rule; ends when a side is under half a man."""
    path = np.zeros((steps + 1, 2))
    path[0, 0], path[0, 1] = a, b
    for n in range(steps):
        half_a = a - losses(a, b, rate, exponent, 0.5 * dt)
        half_b = b - losses(b, a, rate, exponent, 0.5 * dt)
        a -= losses(half_a, half_b, rate, exponent, dt)
        b -= losses(half_b, half_a, rate, exponent, dt)
        path[n + 1, 0], path[n + 1, 1] = a, b
        if b < 0.5:
            return path[: n + 2]
    return path


def test_square_law():
    dt = 0.001
    path = fight_on(1000.0, 800.0, 0.05, 1.0, dt, 30_000)
    assert path[-1, 0] == pytest.approx(600.0, abs=0.5)
    assert (len(path) - 1) * dt == pytest.approx(21.97225, abs=0.03)
    kept = path[:, 0] ** 2 - path[:, 1] ** 2
    assert kept == pytest.approx(np.full(kept.size, 360_000.0), rel=1e-6)


def test_linear_law():
    path = fight_on(1000.0, 800.0, 0.05, 0.5, 0.01, 60_000)
    assert path[-1, 0] == pytest.approx(200.0, abs=0.5)
    assert np.ptp(path[:, 0] - path[:, 1]) < 1e-6


def test_logarithmic_law():
    path = fight_on(1000.0, 800.0, 0.05, 0.0, 0.01, 2000)
    assert path[-1, 0] / path[-1, 1] == pytest.approx(1.25, rel=1e-9)
    assert path[-1, 0] == pytest.approx(1000.0 * math.exp(-1.0), rel=1e-6)


def test_the_laws_are_told_apart():
    survivors = {e: fight_on(1000.0, 800.0, 0.05, e, 0.01, 60_000)[-1, 0] for e in (1.0, 0.5)}
    assert abs(survivors[1.0] - 200.0) > 300
    assert abs(survivors[0.5] - 600.0) > 300


def test_nobody_fights_an_empty_side():
    assert losses(0.0, 10.0, 0.1, 1.0, 1.0) == 0.0
    assert losses(10.0, 0.0, 0.1, 0.5, 1.0) == 0.0
