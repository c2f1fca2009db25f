"""The ordered thresholds of one uniform: killed or captured, then leaving, then the rotation of leave."""

from __future__ import annotations

import math

import numpy as np
import pytest

from standfast.engine.behaviour import build_behaviour
from standfast.kernels import leaving, status
from standfast.testing.proving_ground import proving_ground

P = build_behaviour(proving_ground({"behaviour.recovery.return_rate": "0.02 / h"}))[0]
GRID = (np.arange(10_000) + 0.5) / 10_000
MOST = leaving.leaving_probability(50.0, 1.0, P.rate_max, P.dt)


def decided(pressure: float, killed: float = 0.0, routed: bool = False) -> np.ndarray:
    return np.array([leaving.decide(P, u, pressure, killed, MOST, routed) for u in GRID])


@pytest.mark.parametrize("pressure", [-9.0, -6.5, -6.01, -5.99, -2.0, 0.0, 4.0])
def test_as_many_leave_as_the_hazard_says(pressure):
    expected = 1.0 - math.exp(-P.rate_max * P.dt / (1.0 + math.exp(-pressure)))
    assert (decided(pressure) == 0).mean() == pytest.approx(expected, abs=1.0 / GRID.size)


@pytest.mark.parametrize("spread", [0.5, 2.0])
def test_as_many_leave_whatever_the_spread_of_decisions(spread):
    """The bound that spares exponentials lies at seven thousandths, in units of the spread."""
    p = build_behaviour(proving_ground().with_({"behaviour.decision.spread": spread}))[0]
    most = leaving.leaving_probability(50.0, 1.0, p.rate_max, p.dt)
    fine = (np.arange(20_000) + 0.5) / 200_000
    for scaled in (-6.5, -5.5, -4.0):
        leave = [leaving.decide(p, u, scaled * spread, 0.0, most, False) == 0 for u in fine]
        expected = 1.0 - math.exp(-p.rate_max * p.dt / (1.0 + math.exp(-scaled)))
        assert np.sum(leave) / 200_000 == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("pressure", [-8.0, -1.0, 3.0])
def test_the_killed_come_first_and_change_nothing_else(pressure):
    killed = 0.02
    fates = decided(pressure, killed)
    captured, lost = killed * P.captured_share > GRID, killed > GRID
    assert set(fates[captured].tolist()) == {status.CAPTURED}
    assert set(fates[lost & ~captured].tolist()) == {status.DEAD}
    # the rest of the interval is moved along, not thinned
    assert (fates == 0).mean() == pytest.approx(
        (decided(pressure) == 0).mean(), abs=1.0 / GRID.size
    )


def test_more_pressure_never_keeps_somebody_who_would_leave():
    pressures = np.linspace(-12, 6, 60)
    for u in np.concatenate([np.geomspace(1e-8, 0.2, 50), [0.5, 0.999]]):
        left = [leaving.decide(P, u, each, 0.01, MOST, False) >= 0 for each in pressures]
        assert left == sorted(left)


def test_who_is_routed_leaves():
    assert set(decided(-9.0, routed=True).tolist()) == {0}


@pytest.mark.parametrize(("in_contact", "goes"), [(False, True), (True, False)])
def test_nobody_goes_on_leave_from_a_place_in_contact(in_contact, goes):
    above = 0.1
    fates = [leaving.rotate(P, status.DUTY, u, above, in_contact, False, False, 0.01) for u in GRID]
    share = (np.array(fates) == status.LEAVE).mean()
    assert share == pytest.approx(0.01 * P.dt if goes else 0.0, rel=0.01)
    assert fates[int(0.05 * GRID.size)] == status.DUTY


@pytest.mark.parametrize(
    ("dissolved", "wavers", "end"),
    [
        (False, False, status.DUTY),
        (False, True, status.DUTY),
        (True, False, status.BACK),
        (True, True, status.DISPLACED),
    ],
)
def test_where_somebody_back_from_leave_reports(dissolved, wavers, end):
    just_above = 0.1 + 1e-9
    assert leaving.rotate(P, status.LEAVE, just_above, 0.1, False, dissolved, wavers, 0.01) == end
    late = 0.1 + P.back_from_leave
    assert (
        leaving.rotate(P, status.LEAVE, late, 0.1, False, dissolved, wavers, 0.01) == status.LEAVE
    )


def test_the_trusting_and_safe_come_back_sooner():
    def share(trust, threat, hidden):
        return np.mean([leaving.comes_back(P, u, P.amnesty, trust, threat, hidden) for u in GRID])

    assert share(0.9, 0.0, False) > share(0.3, 0.0, False) > 0
    assert share(0.9, 0.0, False) > share(0.9, 1.0, False)
    willing = 1.0 / (1.0 + math.exp(-4.0 * (0.9 - 0.5)))
    assert share(0.9, 0.0, False) == pytest.approx(0.02 * willing, abs=4e-4)
    hidden = share(0.9, 0.0, True) / share(0.9, 0.0, False)
    assert hidden == pytest.approx(leaving.HIDDEN_RETURN, abs=0.01)


def test_the_causes_of_a_departure_add_up_to_one():
    cause = np.zeros((1, 1, status.N_TERM))
    terms = np.zeros(status.N_TERM)
    terms[status.TERM_FEAR], terms[status.TERM_TRUST], terms[status.TERM_BELIEF] = 3.0, 1.0, -7.0
    leaving.record_cause(cause, 0, 0, terms)
    assert cause[0, 0, status.TERM_FEAR] == pytest.approx(0.75)
    assert cause[0, 0, status.TERM_TRUST] == pytest.approx(0.25)
    leaving.record_cause(cause, 0, 0, np.full(status.N_TERM, -1.0))
    assert cause[0, 0, status.TERM_BASE] == 1.0
    assert cause.sum() == pytest.approx(2.0)


def test_who_is_shot_and_who_is_caught_on_the_way_out():
    """The danger is that of broad daylight where they are wholly surrounded."""
    shot, caught = P.flight_risk * (1 - P.blend_in), P.flight_capture * (1 - P.blend_in)
    fates = np.array([leaving.lost_on_the_way(P, u, 1.0, 1.0, False) for u in GRID])
    assert set(fates.tolist()) == {status.DEAD, status.CAPTURED, -1}
    assert (fates == status.DEAD).mean() == pytest.approx(shot, abs=1.0 / GRID.size)
    assert (fates == status.CAPTURED).mean() == pytest.approx(caught, abs=1.0 / GRID.size)
    assert leaving.lost_on_the_way(P, 0.0, 0.0, 1.0, False) == -1


def test_whoever_is_lost_on_the_way_takes_no_way_out():
    lost = P.flight_risk * (1 - P.blend_in) + P.flight_capture * (1 - P.blend_in)
    ends = np.array([
        leaving.exit_of(P, 5, 6, i, 3, 0, status.GOVERNMENT, 0, 0.1, 0.1, 0.2, 0.0, 0.5, 1, False,
                        1.0, 1.0, False, False)
        for i in range(20_000)
    ])  # fmt: skip
    share = np.isin(ends, [status.DEAD, status.CAPTURED]).mean()
    assert share == pytest.approx(lost, abs=4 * math.sqrt(lost / ends.size))
    assert share > 4 * math.sqrt(lost / ends.size)


def test_a_sharper_decision_is_sharper():
    """With sharpness 3 a pressure of -4 is one of -12, at which next to nobody leaves."""
    sharp = build_behaviour(proving_ground({"behaviour.decision.spread": 1 / 3}))[0]
    u = 0.5 * leaving.leaving_probability(-4.0, 1.0, sharp.rate_max, sharp.dt)
    assert leaving.decide(sharp, u, -4.0, 0.0, MOST, False) == -1
    assert leaving.decide(P, u, -4.0, 0.0, MOST, False) == 0
    few = leaving.least_most(P, MOST)
    assert few < MOST
    assert few >= leaving.leaving_probability(leaving.UNLIKELY, 1.0, P.rate_max, P.dt)


def test_the_proximate_terms_leave_nothing_over():
    terms = np.full(status.N_TERM, 9.0)
    leaving.fill_terms(
        terms, P, 0.4, 0.2, 0.6, 0.7, 0.5, 0.1, 0.5, 0.3, 0.2, 0.1, 0.0, 0.0, 0.2, True
    )
    assert terms[status.TERM_BASE] == 0.0
    assert terms[status.TERM_COMRADES] == pytest.approx(0.5)
    leaving.fill_terms(
        terms, P, 0.4, 0.2, 0.6, 0.7, 0.5, 0.1, 0.5, 0.3, 0.2, 0.1, 0.0, 0.0, 0.2, False
    )
    assert (terms[status.TERM_COMRADES], terms[status.TERM_SAFETY]) == (0.2, 0.0)
