r"""The engine against scipy's solver of the same model, in the limit of many people well mixed.

Everything off but punishment (M20), which is swamped when many leave: with x the share that serves
and S the place's memory of departures,

.. math:: \dot x=-h(S)\,x,\quad \dot S=h(S)\,x-S/\tau,\quad h=h_{\max}\sigma(-a-\pi e^{-S/K}).

Slow leakage turns into a rout when S passes K. 40,000 people at one place, step 1/4 h. The wrong twin,
punishment that is never swamped, must be far off.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.kernels.combat import losses
from standfast.testing.limits import crowd

pytestmark = pytest.mark.theory

PEOPLE, HOURS = 40_000, 96
RATE_MAX, COMMITMENT, WEIGHT, CAPACITY, TAU = 1 / 6, 1.0, 4.0, 0.1, 72.0


def serving_by_ode(capacity: float) -> np.ndarray:
    def slope(_time, state):
        x, gone = state
        pressure = -COMMITMENT - WEIGHT * np.exp(-gone / capacity)
        left = RATE_MAX / (1.0 + np.exp(-pressure)) * x
        return [-left, left - gone / TAU]

    hours = np.arange(HOURS + 1)
    return solve_ivp(slope, (0, HOURS), [1.0, 0.0], t_eval=hours, rtol=1e-9, atol=1e-12).y[0]


def serving_by_engine() -> np.ndarray:
    scenario = crowd(
        PEOPLE,
        on=["M20"],
        horizon=f"{HOURS} h",
        step="0.25 h",
        behaviour={
            "decision": {
                "rate_max": f"{RATE_MAX} / h",
                "commitment": COMMITMENT,
                "weight_punishment": WEIGHT,
                "punishment_capacity": CAPACITY,
            },
            "comrades": {"memory": f"{TAU} h"},
        },
    )
    recording = run_replicate(compile_plan(scenario, 1), 0)
    return recording.readings["present"][:, 0] / PEOPLE


def test_a_garrison_melts_as_the_solver_says():
    engine, solver = serving_by_engine(), serving_by_ode(CAPACITY)
    assert solver[24] > 0.8, "slow at first"
    assert solver[-1] < 0.2, "and then a rout"
    # 4 standard errors of a binomial share, and the first-order error of a step of 1/4 h
    slack = 4 * 0.5 / np.sqrt(PEOPLE) + 0.25 * np.max(-np.diff(solver))
    assert np.max(np.abs(engine - solver)) < slack
    assert np.max(np.abs(engine - serving_by_ode(1e6))) > 10 * slack


@pytest.mark.parametrize("exponent", [1.0, 0.7, 0.5, 0.2])
def test_losses_in_combat_as_the_solver_says(exponent):
    def slope(_time, state):
        a, b = state
        return [
            -0.02 * b**exponent * a ** (1 - exponent),
            -0.05 * a**exponent * b ** (1 - exponent),
        ]

    solver = solve_ivp(slope, (0, 10), [900.0, 1000.0], rtol=1e-10).y[:, -1]
    a, b, dt = 900.0, 1000.0, 0.001
    for _ in range(10_000):
        fell_a, fell_b = losses(a, b, 0.02, exponent, dt), losses(b, a, 0.05, exponent, dt)
        a, b = a - fell_a, b - fell_b
    assert [a, b] == pytest.approx(solver, rel=1e-3)
