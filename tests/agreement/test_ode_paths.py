r"""Paths through time against scipy's solver: the passage of the fold, and news that is forgotten.

The fold, everybody replaced: :math:`\dot S=hx-S/\tau`, :math:`h=h_{\max}\sigma(-a+wS)`. Who leaves in a step of
the engine is back in the rear in the next and on duty in the one after, so that a share
:math:`x=1/(1+2h\Delta t)` is on duty; the solver is told so. Below the fold at a = 5.0774 a garrison lingers
in quiet and then goes; above, it stays. Eight companies of 2,500 of each commitment.

News in a crowd: :math:`\dot s=-\beta si`, :math:`\dot\imath=\beta si-\gamma i`, with contacts anywhere at the place
and silence at rate gamma; 10,000 people, one in a hundred of whom know at first. Who falls silent in a
step still meets others in it, so that he does so with chance :math:`\gamma\Delta t` (not
:math:`1-e^{-\gamma\Delta t}`): the mean number of meetings is then :math:`\beta/\gamma`, as without steps.

The engine may be off by 4 standard errors, and by a step's worth of the steepest change, since it takes
steps of 1/4 h and the solver none: at every hour; in the register stands the hour that tells the wrong
twin best. Wrong twins: departures are remembered for ever; nobody forgets the news.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from standfast.engine.run import Run
from standfast.kernels import status
from standfast.testing.limits import crowd

pytestmark = pytest.mark.theory

DT = 0.25
RATE_MAX, TAU, WEIGHT = 1 / 6, 72.0, 5.0
COMMITMENTS, COMPANIES, STRENGTH = (4.2, 4.6, 5.6), 8, 2500
FOLD_HOURS = np.arange(0, 241, 4)
TOLD, BETA, GAMMA, PEOPLE = 0.01, 0.2, 0.1, 10_000
NEWS_HOURS = np.arange(0, 161, 4)


def follow(run: Run, hours: np.ndarray, read) -> np.ndarray:
    """Return what is read at some hours of a run."""
    rows = [read(run)]
    for span in np.diff(hours):
        for _ in range(round(span / DT)):
            run.advance()
        rows.append(read(run))
    return np.array(rows)


def fold_by_solver(commitment: float, tau: float = TAU) -> np.ndarray:
    """Return the memory of departures by hour."""

    def slope(_time, memory):
        rate = RATE_MAX / (1.0 + np.exp(commitment - WEIGHT * memory))
        return rate / (1.0 + 2.0 * rate * DT) - memory / tau

    span = (0, FOLD_HOURS[-1])
    return solve_ivp(slope, span, [0.0], t_eval=FOLD_HOURS, rtol=1e-9, atol=1e-12).y[0]


def fold_by_engine(compiled) -> np.ndarray:
    """Return the memory of departures by hour, commitment and company."""
    people = len(COMMITMENTS) * COMPANIES * STRENGTH
    scenario = crowd(
        people, on=["M22", "M32"], step=f"{DT} h", horizon="300 h",
        scheme={"squad": STRENGTH, "company": STRENGTH, "battalion": people},
        behaviour={
            "decision": {"rate_max": f"{RATE_MAX!r} / h", "commitment": 0.0},
            "comrades": {"peer_squad": 0.0, "peer_company": WEIGHT, "memory": f"{TAU} h"},
            "recovery": {"return_rate": "100 / h", "amnesty": 40.0, "retraining": "0.01 h"},
        },
    )  # fmt: skip
    each = np.repeat(np.array(COMMITMENTS, np.float32), COMPANIES * STRENGTH)
    run = Run(compiled(scenario, deviation=each), 0)
    memory = follow(run, FOLD_HOURS, lambda run: run.arrays["company_gone"].copy())
    return memory.reshape(FOLD_HOURS.size, len(COMMITMENTS), COMPANIES)


def test_garrisons_pass_the_fold_as_the_solver_says(compiled, verified):
    engine = fold_by_engine(compiled)
    for k, commitment in enumerate(COMMITMENTS):
        ours, solver = engine[:, k].mean(axis=1), fold_by_solver(commitment)
        twin = fold_by_solver(commitment, tau=1e9)
        error = engine[:, k].std(axis=1, ddof=1) / np.sqrt(COMPANIES)
        slack = 4 * error + DT * np.max(np.abs(np.diff(solver))) / 4
        assert np.all(np.abs(ours - solver) < slack), commitment
        at = np.argmax(np.abs(twin - solver) / slack)
        verified(
            "V5", f"a = {commitment}, on the way at {FOLD_HOURS[at]} h: memory of departures",
            measured=ours[at], expected=solver[at], tolerance=slack[at],
            tolerance_from="4 s.e. of 8 companies, and the steepest change in a step", wrong=twin[at],
            wrong_twin="departures remembered for ever", source="scipy.integrate.solve_ivp",
        )  # fmt: skip


def test_news_in_a_crowd_as_the_solver_says(compiled, verified):
    def solve(forget: float) -> np.ndarray:
        def slope(_time, state):
            new = BETA * state[0] * state[1]
            return [-new, new - forget * state[1]]

        start, span = [1 - TOLD, TOLD], (0, NEWS_HOURS[-1])
        return 1 - solve_ivp(slope, span, start, t_eval=NEWS_HOURS, rtol=1e-9, atol=1e-12).y[0]

    news = {
        "public_contact_rate": f"{BETA} / h", "forget_rate": f"{-np.log1p(-GAMMA * DT) / DT} / h", "stifle_probability": 0.0,
        "phone_contact_rate": "0 / h", "squad_contact_rate": "0 / h", "kin_contact_rate": "0 / h",
        "broadcast_rate": "0 / h",
    }  # fmt: skip
    scenario = crowd(
        PEOPLE, on=["M01", "M02"], step=f"{DT} h", horizon="200 h",
        behaviour={"information": news, "decision": {"rate_max": "0 / h"}},
    )  # fmt: skip
    runs = []
    for replicate in range(6):
        run = Run(compiled(scenario), replicate)
        state = run.arrays
        state["news_kind"][0], state["news_place"][0] = status.ALARM, 0
        state["news_weight"][0] = 1.0
        first = round(TOLD * PEOPLE)
        state["heard"][:first] = state["spreading"][:first] = 1
        runs.append(follow(run, NEWS_HOURS, lambda run: run.arrays["heard"].astype(bool).mean()))
    ours, solver, twin = np.mean(runs, axis=0), solve(GAMMA), solve(0.0)
    slack = 4 * np.std(runs, axis=0, ddof=1) / np.sqrt(6) + DT * np.max(np.diff(solver)) / 4
    assert np.all(np.abs(ours - solver) < slack)
    at = np.argmax(np.abs(twin - solver) / slack)
    verified(
        "V10", f"R0 = 2 in a crowd: share that heard after {NEWS_HOURS[at]} h",
        measured=ours[at], expected=solver[at], tolerance=slack[at],
        tolerance_from="4 s.e. of 6 runs, and the steepest change in a step", wrong=twin[at],
        wrong_twin="nobody forgets", source="scipy.integrate.solve_ivp",
    )  # fmt: skip
