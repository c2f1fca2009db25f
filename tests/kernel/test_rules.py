"""Rules of one agent against the plain formula, each with the rule a careless author would write.

Equations as in docs/model: E2 learning, E3 contagion, E7 family, E9 belief, E10 trust, E12 resolve,
E13 decision, E14 ways out, E15 memory.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from standfast.kernels import (
    belief,
    comrades,
    decision,
    exits,
    exposure,
    family,
    fear,
    orders,
    resolve,
    status,
    trust,
)

RNG = np.random.default_rng(5)


# E3, fear --------------------------------------------------------------------------------------


def plain_contagion(q, around, uptake, eta, beta):
    """Bosse et al. 2013, with the step's uptake for gamma dt."""
    more, less = 1 - (1 - around) * (1 - q), around * q
    return q + uptake * (eta * (beta * more + (1 - beta) * less) + (1 - eta) * around - q)


def test_contagion_is_the_published_rule():
    for row in RNG.uniform(size=(500, 5)).tolist():
        assert fear.contagion(*row) == pytest.approx(plain_contagion(*row), abs=1e-15)


def spread(q, eta, beta, steps, uptake=0.1):
    """Let everybody feel the mean of all."""
    for _ in range(steps):
        around = q.mean()
        q = np.array([fear.contagion(each, around, uptake, eta, beta) for each in q])
    return q


def test_averaging_keeps_the_mean_and_ends_in_consensus():
    start = RNG.uniform(size=30)
    end = spread(start, eta=0.0, beta=0.9, steps=200)
    assert end.mean() == pytest.approx(start.mean(), abs=1e-12)
    assert np.ptp(end) < 1e-8


@pytest.mark.parametrize(("beta", "limit"), [(1.0, 1.0), (0.0, 0.0)])
def test_amplification_ends_in_panic_or_calm(beta, limit):
    end = spread(np.linspace(0.02, 0.9, 30), eta=1.0, beta=beta, steps=400)
    assert end == pytest.approx(np.full(30, limit), abs=1e-6)


@pytest.mark.parametrize(("eta", "beta"), [(0.5, 0.8), (1.0, 0.6), (0.4, 0.3)])
def test_small_fear_grows_by_eta_times_two_beta_minus_one(eta, beta):
    q = 1e-7
    growth = (fear.contagion(q, q, 0.1, eta, beta) / q - 1.0) / 0.1
    assert growth == pytest.approx(eta * (2 * beta - 1), abs=1e-5)
    without_amplification = fear.contagion(q, q, 0.1, 0.0, beta) / q - 1.0
    assert without_amplification == pytest.approx(0.0, abs=1e-9)


def test_perceived_fear_is_a_weighted_mean():
    assert fear.perceived_fear(0.2, 0.4, 0.8, 0.6, 0.5, 0.25, 0.25, 0.0) == pytest.approx(0.4)
    assert fear.perceived_fear(0.2, 0.4, 0.8, 0.6, 0.0, 0.0, 0.0, 0.0) == 0.0


def test_shocks_add_up_in_calm_and_never_pass_one():
    twice = fear.shock(fear.shock(0.1, 0.3), 0.3)
    assert 1 - twice == pytest.approx(0.9 * 0.7**2)
    assert fear.shock(0.4, 1.0) == 1.0
    assert twice != pytest.approx(0.1 + 0.3 + 0.3)


@pytest.mark.parametrize(
    ("value", "level", "told"),
    [(0.10, 1, 1), (0.12, 1, 1), (0.13, 1, 2), (0.99, 1, 16), (0.0, 1, 0), (0.05, 1, 1)],
)
def test_far_away_fear_is_noticed_in_whole_steps(value, level, told):
    assert fear.announced_level(value, level) == told


# E2, learning (V18) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "value"), [(1, 0.1), (5, 0.40951), (10, 0.651322), (20, 0.878423)]
)
def test_learning_follows_rescorla_and_wagner(times, value):
    """V_n = 1 - (1 - alpha beta)^n; adding alpha beta each time would overshoot."""
    assert exposure.gain(0.0, 0.1, times) == pytest.approx(value, abs=5e-7)
    careless = min(1.0, 0.1 * times)
    assert (careless == pytest.approx(value, abs=0.05)) is (times == 1)


def test_learning_goes_by_what_is_missing():
    assert exposure.gain(0.3, 0.25, 3) == pytest.approx(1 - 0.7 * 0.75**3)
    assert exposure.gain(0.3, 0.25, 0) == 0.3


# E7, family ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "reach", "felt"),
    [
        (status.FAMILY_HOME, 1.0, 0.3),
        (status.FAMILY_HOME, 0.15, 0.045),
        (status.FAMILY_MOVED, 1.0, 0.03),
        (status.FAMILY_MOVED, 0.05, 0.015),
        (status.FAMILY_ABROAD, 1.0, 0.0),
    ],
)
def test_threat_to_the_family(where, reach, felt):
    assert family.threat(0.6, 0.5, reach, where, 0.1) == pytest.approx(felt)


# E9, E10, E12 ----------------------------------------------------------------------------------


def test_belief_relaxes_exactly():
    kept = math.exp(-5 / 200)
    value = -3.0
    for _ in range(8):
        value = belief.relax(value, 2.0, kept)
    assert value == pytest.approx(2.0 - 5.0 * math.exp(-40 / 200), abs=1e-12)


def test_belief_is_bound():
    assert belief.bound(-100.0) == -8.0
    assert belief.bound(100.0) == 8.0
    assert belief.bound(1.5) == 1.5


@pytest.mark.parametrize("pieces", [0, 1, 5, 12])
def test_further_pieces_of_news_count_less(pieces):
    assert belief.discount(0.7, pieces) == pytest.approx(0.7**pieces)


def test_trust_is_lost_faster_than_won():
    assert trust.broken(0.8, 0.4, 0.5) == pytest.approx(0.8 * 0.8)
    assert trust.kept(0.8, 0.4) == pytest.approx(0.88)
    back = trust.kept(trust.broken(0.8, 0.4, 1.0), 0.15)
    assert back < 0.8
    assert trust.broken(0.8, 0.4, 0.0) == 0.8


def test_resolve_is_spent_in_combat():
    """220 days of combat leave nothing, and it never goes under 0 or over 1."""
    value, dt = 1.0, 1.0
    for _ in range(220 * 24):
        value = resolve.advance_resolve(value, 1.0, 0.0, 0.5, 1.0, dt / (220 * 24))
    assert value == pytest.approx(0.0, abs=1e-9)
    assert resolve.advance_resolve(0.001, 0.0, 1.0, 3.0, 0.0, 0.1) == 0.0


def test_resolve_follows_trust():
    value = 0.6
    for _ in range(4000):
        value = resolve.advance_resolve(value, 0.6, 0.2, 0.5, 0.99, 0.0)
    assert value == pytest.approx(0.5)


# E13, E15, decision ----------------------------------------------------------------------------


@pytest.mark.parametrize(("pressure", "hours", "gone"), [(-8.69, 720, 0.02), (-1.38, 48, 0.8)])
def test_seven_logits_lie_between_a_quiet_month_and_a_rout(pressure, hours, gone):
    """V22: with 1/6 an hour at most, U = -8.69 loses 2 % a month, U = -1.38 loses 80 % in 48 h."""
    for dt in (0.25, 1.0, 24.0):
        p = decision.leaving_probability(pressure, 1.0, 1 / 6, dt)
        assert 1 - (1 - p) ** (hours / dt) == pytest.approx(gone, rel=0.01)
    careless = (1 / 6) / (1 + math.exp(-pressure)) * 24.0
    assert (abs(careless / p - 1) < 0.02) == (pressure < -5)


def test_leaving_rises_with_pressure():
    p = [decision.leaving_probability(u, 1.0, 1 / 6, 1.0) for u in np.linspace(-30, 30, 601)]
    assert (np.diff(p) >= 0).all()
    assert p[-1] == pytest.approx(1 - math.exp(-1 / 6))


def test_punishment_is_swamped():
    assert decision.punishment(2.0, 0.0, 0.1) == 2.0
    assert decision.punishment(2.0, 0.1, 0.1) == pytest.approx(2.0 / math.e)


@pytest.mark.parametrize(
    ("order", "stand", "call_up", "afraid", "trusts", "push"),
    [
        (1, 0, 0, 0.2, 0.9, 1.0),
        (0, 1, 0, 0.2, 0.9, -0.8),
        (0, 1, 0, 0.2, 0.4, 0.0),
        (0, 0, 0.5, 0.2, 0, 0.1),
    ],
)
def test_orders_push(order, stand, call_up, afraid, trusts, push):
    assert decision.order_push(order, stand, call_up, afraid, trusts) == pytest.approx(push)


def test_cross_pressure_needs_all_three():
    assert decision.cross_pressure(0.5, 0.8, 0.2, 0.9) == pytest.approx(0.5 * 4 * 0.8 * 0.8 * 0.9)
    for missing in ((0.0, 0.2, 0.9), (0.8, 1.0, 0.9), (0.8, 0.2, 0.0)):
        assert decision.cross_pressure(0.5, *missing) == 0.0


def test_memory_of_departures_decays_and_adds_shares():
    kept = math.exp(-1 / 72)
    assert comrades.remember(0.2, 3, 10, kept) == pytest.approx(0.2 * kept + 0.3)
    assert comrades.remember(0.2, 3, 0, kept) == pytest.approx(0.2 * kept)


def test_a_cohesive_squad_holds_below_the_norm_and_goes_above_it():
    below = [comrades.peer_pressure(0.1, 0.0, c, 8.0, 4.0, 0.3) for c in (0.2, 0.8)]
    above = [comrades.peer_pressure(0.6, 0.0, c, 8.0, 4.0, 0.3) for c in (0.2, 0.8)]
    assert below[1] < below[0] < 0 < above[0] < above[1]
    assert comrades.peer_pressure(0.3, 0.2, 0.5, 8.0, 4.0, 0.3) == pytest.approx(0.8)


# E14, E17 --------------------------------------------------------------------------------------

WAYS = (status.HIDING, status.DISPLACED, status.RENOUNCED, status.ABROAD, status.DEFECTED)


@pytest.mark.parametrize("utilities", [(1.0, 1.0, -1.0, -4.0, -5.0), (0.3, 2.0, 1.0, 0.5, 0.0)])
def test_ways_out_follow_the_softmax(utilities):
    n = 20_000
    u = (np.arange(n) + 0.5) / n
    chosen = np.array([exits.choose(each, *utilities) for each in u])
    weights = np.exp(utilities)
    for way, share in zip(WAYS, weights / weights.sum(), strict=True):
        assert (chosen == way).mean() == pytest.approx(share, abs=1.0 / n)
    assert (np.diff(chosen) >= 0).all()


def test_closed_ways_are_not_taken():
    closed = -30.0
    for u in (1e-9, 0.5, 1 - 1e-9):
        assert exits.choose(u, closed, closed, closed, 0.0, closed) == status.ABROAD
        assert exits.choose(u, *[closed] * 5) == status.DISPLACED


def test_risk_on_the_way():
    assert exits.risk_on_the_way(0.4, 0.5, 1.0, 0.5, False, 0.5) == pytest.approx(0.1)
    assert exits.risk_on_the_way(0.4, 0.5, 1.0, 0.5, True, 0.5) == pytest.approx(0.05)
    assert exits.risk_on_the_way(0.4, 0.5, 0.0, 0.5, False, 0.5) == 0.0


def test_a_unit_goes_in_order_by_skill_trust_and_training():
    assert orders.goes_in_order(0.249, 0.5, 0.5, 0.0)
    assert not orders.goes_in_order(0.251, 0.5, 0.5, 0.0)
    assert orders.goes_in_order(0.999, 1.0, 1.0, 0.5)
    assert not orders.goes_in_order(0.001, 1.0, 0.0, 1.0)


def test_more_than_twelve_pieces_of_news_weigh_as_twelve():
    assert belief.discount(0.9, 12) == pytest.approx(0.9**12)
    assert belief.discount(0.9, 13) == belief.discount(0.9, 12)
    assert belief.discount(0.9, 11) > belief.discount(0.9, 12)


def test_resolve_stays_between_none_and_all():
    assert resolve.advance_resolve(0.95, 1.4, 0.0, 0.0, 0.0, 0.0) == 1.0
    assert resolve.advance_resolve(0.1, 0.1, 0.0, 0.0, 1.0, 0.5) == 0.0
