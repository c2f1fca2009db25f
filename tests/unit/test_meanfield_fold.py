"""The fold in closed form: published values, its limits, and the twin that runs into it."""

from __future__ import annotations

import numpy as np
import pytest

from standfast.meanfield.fold import equilibria, fold, fold_curve
from standfast.meanfield.margin import margin_curve, margins
from standfast.meanfield.run import run_meanfield
from standfast.scenario.load import load_scenario
from standfast.testing.limits import crowd


@pytest.mark.parametrize(
    ("weight", "tau", "commitment"),
    [(5, 72, 5.0774), (5, 168, 5.9344), (6, 72, 5.2626), (4, 48, 4.4335), (3, 72, 4.5549)],
)
def test_where_quiet_ends_as_published(weight, tau, commitment):
    found = fold(1 / 6, tau, weight)
    assert found.quiet_commitment == pytest.approx(commitment, abs=5e-5)
    # the pressure at the fold, taken for the commitment
    k = tau / 6
    p = 0.5 * (1 - np.sqrt(1 - 4 / (weight * k)))
    assert abs(-np.log(p / (1 - p)) - commitment) > 0.3


def test_both_ends_of_the_range_of_two_states():
    found = fold(1 / 6, 72, 5)
    assert found.quiet_memory == pytest.approx(0.20345, abs=5e-6)
    assert found.rout_commitment == pytest.approx(54.92, abs=5e-3)


def test_two_states_need_feedback_and_memory():
    assert fold(1 / 6, 72, 4.01 / 12) is not None
    assert fold(1 / 6, 72, 3.99 / 12) is None
    assert np.isnan(fold_curve(weight=[0.3])).all()


def test_people_who_differ_lose_quiet_sooner():
    spread = np.array([0.0, 0.5, 1.3])
    ends = fold_curve(spread=spread)[:, 0]
    assert ends.tolist() == sorted(ends)
    # a few who are hardly committed weigh exponentially: about spread^2 / 2 each
    assert ends[1] - ends[0] == pytest.approx(0.125, abs=0.02)


@pytest.mark.parametrize("spread", [0.0, 1.3])
def test_equilibria_balance_departures_and_forgetting(spread):
    found = fold(1 / 6, 72, 5, spread)
    inside = 0.5 * (found.quiet_commitment + 10)
    states = equilibria(inside, 1 / 6, 72, 5, spread)
    assert len(states) == 3
    assert len(equilibria(found.quiet_commitment - 0.01, 1 / 6, 72, 5, spread)) == 1
    rng = np.random.default_rng(1)
    own = inside + spread * rng.standard_normal(400_000)
    for memory in states:
        departures = np.mean(1 / 6 / (1 + np.exp(own - 5 * memory)))
        assert departures == pytest.approx(memory / 72, rel=0.01)


def replaced_at_once(commitment):
    """A crowd whose leavers are back and retrained within the hour."""
    decision = {"commitment": commitment, "rate_max": "0.16666666666666666 / h"}
    comrades = {"peer_squad": 0.0, "peer_company": 5.0, "memory": "72 h"}
    recovery = {"return_rate": "100 / h", "amnesty": 40.0, "retraining": "0.01 h"}
    return crowd(
        1000, on=("M22", "M32"), horizon="1200 h",
        behaviour={"decision": decision, "comrades": comrades, "recovery": recovery,
                   "belief": {"belief_of_departures": 0.0}},
    )  # fmt: skip


def test_the_twin_stays_quiet_above_the_fold_and_runs_below_it():
    quiet, rout = (run_meanfield(replaced_at_once(a)) for a in (5.22, 4.93))
    # at rest as many leave in 72 hours as the memory of departures holds
    per_head = [np.ptp(x.departures[-73:, 0]) / 1000 for x in (quiet, rout)]
    assert per_head[0] == pytest.approx(equilibria(5.22)[0], rel=0.02)
    # all leave whenever they can, and are away for two steps
    p = -np.expm1(-1 / 6)
    assert per_head[1] == pytest.approx(72 * p / (1 + 2 * p), rel=0.01)


def test_margins_of_the_forces_of_a_scenario():
    found = {m.force: m for m in margins(load_scenario("garrison"))}
    assert found["police"].margin < found["brigade"].margin < found["reserve"].margin
    curve = margin_curve(
        load_scenario("garrison"), "behaviour.decision.commitment", [8.0, 9.0, 10.0]
    )
    assert np.all(np.diff(curve, axis=0) > 0.9)
    assert np.all(np.diff(curve, axis=0) < 1.4)
