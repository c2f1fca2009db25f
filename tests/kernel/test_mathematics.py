"""Our own exp, log, logistic and normal quantile against Python's, at stated tolerances."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from standfast.kernels import mathematics
from standfast.kernels._jit import kernel


@kernel
def over(points, which):
    out = np.empty(points.size)
    for i in range(points.size):
        x = points[i]
        if which == 0:
            out[i] = mathematics.exp(x)
        elif which == 1:
            out[i] = mathematics.log(x)
        elif which == 2:
            out[i] = mathematics.logistic(x)
        elif which == 3:
            out[i] = mathematics.logistic_by_table(x)
        elif which == 4:
            out[i] = mathematics.normal_quantile(x)
        else:
            out[i] = mathematics.chance(x)
    return out


EXP, LOG, LOGISTIC, TABLE, QUANTILE, CHANCE = range(6)


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > 0 else math.exp(x) / (1.0 + math.exp(x))


def relative(got, wanted):
    wanted = np.asarray(wanted)
    return float(np.max(np.abs(got - wanted) / np.abs(wanted)))


def absolute(got, wanted):
    return float(np.max(np.abs(got - np.asarray(wanted))))


@pytest.mark.parametrize("reach", [1.0, 40.0, 700.0])
def test_exp_to_two_units_in_the_last_place(reach):
    x = np.linspace(-reach, reach, 40_001)
    assert relative(over(x, EXP), [math.exp(v) for v in x]) < 5e-16


def test_exp_at_its_ends():
    low, high, one = over(np.array([-1e9, 1e9, 0.0]), EXP)
    assert (low, one) == (0.0, 1.0)
    assert math.isfinite(high)


@pytest.mark.parametrize("which", [EXP, LOGISTIC, TABLE])
def test_never_falls(which):
    x = np.sort(np.random.default_rng(2).uniform(-30, 30, 200_000))
    assert (np.diff(over(x, which)) >= 0).all()


def test_log():
    x = np.concatenate([np.geomspace(1e-12, 1e12, 20_001), np.linspace(0.5, 2.0, 20_001)])
    assert absolute(over(x, LOG), [math.log(v) for v in x]) < 8e-15
    assert over(np.array([1.0]), LOG)[0] == 0.0


def test_log_undoes_exp():
    x = np.linspace(-20, 20, 1001)
    assert absolute(over(over(x, EXP), LOG), x) < 1e-14


def test_logistic():
    x = np.linspace(-50, 50, 40_001)
    assert relative(over(x, LOGISTIC), [logistic(v) for v in x]) < 1e-15
    assert over(np.array([0.0, -800.0, 800.0]), LOGISTIC).tolist() == [0.5, 0.0, 1.0]


def test_logistic_by_table():
    x = np.linspace(-30, 30, 60_001)
    got = over(x, TABLE)
    assert absolute(got, [logistic(v) for v in x]) < 1.3e-5
    assert ((got >= 0) & (got <= 1)).all()


def test_a_coarser_table_would_fail():
    x = np.linspace(-4, 4, 4001)
    grid = np.arange(-24, 25) / 4.0
    coarse = np.interp(x, grid, [logistic(v) for v in grid])
    assert absolute(coarse, [logistic(v) for v in x]) > 1.3e-5


def test_normal_quantile():
    u = np.concatenate([np.geomspace(1e-10, 0.5, 5001), 1.0 - np.geomspace(1e-9, 0.49, 5000)])
    wanted = np.array([NormalDist().inv_cdf(v) for v in u])
    assert np.max(np.abs(over(u, QUANTILE) - wanted) / np.maximum(np.abs(wanted), 1e-3)) < 2e-9
    assert (np.diff(over(np.sort(u), QUANTILE)) >= 0).all()


def test_chance_keeps_small_rates():
    x = np.geomspace(1e-12, 30.0, 20_001)
    wanted = np.array([-math.expm1(-v) for v in x])
    assert relative(over(x, CHANCE), wanted) < 1e-10
    careless = 1.0 - np.exp(-x)
    assert relative(careless, wanted) > 1e-5
