r"""V22: a quiet garrison loses what the hazard says, hour by hour or day by day, in the whole engine.

With every pressure switched off, :math:`U=-a` and a share
:math:`1-\exp(-h_{\max}\sigma(-a)\,t)` has left after t, whatever the step. 2 % a month (720 h) is
:math:`h=-\ln(.98)/720=2.806\cdot10^{-5}` an hour, 80 % in 48 h :math:`3.353\cdot10^{-2}`: 1,195 times as
much, 7.09 in logarithm. With :math:`h_{\max}=1/6` an hour these are :math:`U=\ln\frac{h}{h_{\max}-h}`
= -8.69 and -1.38, so that a logit must swing 7.3 between quiet and rout, more than the 7.09 of a
hazard without a ceiling.

The engine's people are 20,000, at steps of 1/4 to 24 h; the count is binomial, so that three standard
errors are allowed. From the share that left, the hazard and U are worked back. Wrong twins: the rate
times the step for the probability of a step; the logarithm of the ratio of hazards for the swing of U.
"""

from __future__ import annotations

import math

import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.testing.limits import crowd

pytestmark = [pytest.mark.theory, pytest.mark.statistical]

RATE_MAX, PEOPLE = 1.0 / 6.0, 20_000
QUIET, ROUT = 2.806e-5, 3.353e-2
SOURCE = "derived here; 2 % a month and 80 % in 48 h from the model specification, section 8"


def pressure(hazard: float) -> float:
    """Return the U at which the hazard is so high."""
    return math.log(hazard / (RATE_MAX - hazard))


def hazard(share: float, hours: float) -> float:
    """Return the hazard at which a share is gone after so many hours."""
    return -math.log1p(-share) / hours


def share_gone(commitment: float, horizon: str, step: str, replicate: int = 0) -> float:
    scenario = crowd(
        PEOPLE,
        behaviour={"decision": {"rate_max": f"{RATE_MAX} / h", "commitment": commitment}},
        horizon=horizon,
        step=step,
    )
    return float(run_replicate(compile_plan(scenario, 1), replicate).departures.sum() / PEOPLE)


def test_arithmetic(verified):
    quiet, rout = hazard(0.02, 720.0), hazard(0.8, 48.0)
    rows = [
        ("hazard of 2 % a month, per million hours", 1e6 * quiet, 28.06, 0.005, 1e6 * 0.02 / 720, "2 % / 720 h"),
        ("hazard of 80 % in 48 h, per thousand hours", 1e3 * rout, 33.53, 0.005, 1e3 * 0.8 / 48, "80 % / 48 h"),
        ("ratio of the two", rout / quiet, 1195.0, 0.5, (0.8 / 48) / (0.02 / 720), "ratio of shares"),
        ("logarithm of the ratio", math.log(rout / quiet), 7.09, 0.005, math.log(600.0), "of shares"),
        ("U in quiet", pressure(quiet), -8.69, 0.005, math.log(quiet), "without the ceiling"),
        ("U in a rout", pressure(rout), -1.38, 0.005, math.log(6 * rout), "without the ceiling"),
    ]  # fmt: skip
    for says, measured, expected, tolerance, wrong, twin in rows:
        verified("V22", says, measured=measured, expected=expected, tolerance=tolerance,
                 tolerance_from="digits given", wrong=wrong, wrong_twin=twin, source=SOURCE)  # fmt: skip


@pytest.mark.parametrize(
    ("commitment", "horizon", "step"),
    [
        (8.69, "30 d", "1 h"),
        (8.69, "30 d", "24 h"),
        (6.01, "10 d", "1 h"),
        (6.01, "10 d", "24 h"),
        (1.38, "2 d", "0.25 h"),
        (1.38, "2 d", "24 h"),
    ],
)
def test_losses_follow_the_hazard(commitment, horizon, step):
    hours = 24.0 * float(horizon.split()[0])
    rate = RATE_MAX / (1.0 + math.exp(commitment))
    expected = 1.0 - math.exp(-rate * hours)
    error = math.sqrt(expected * (1.0 - expected) / PEOPLE)
    assert share_gone(commitment, horizon, step) == pytest.approx(expected, abs=4 * error)


def test_a_rout_by_steps_of_a_day(verified):
    """Where the rate times the step is wrong by far."""
    rate = RATE_MAX / (1.0 + math.exp(1.38))
    expected = 1.0 - math.exp(-rate * 48.0)
    verified(
        "V22", "share gone in 48 h at U = -1.38, steps of 24 h", measured=share_gone(1.38, "2 d", "24 h"),
        expected=expected, tolerance=3 * math.sqrt(expected * (1.0 - expected) / PEOPLE),
        tolerance_from=f"3 s.e., {PEOPLE} people", wrong=1.0 - (1.0 - rate * 24.0) ** 2,
        wrong_twin="rate times step for a probability", source=SOURCE,
    )  # fmt: skip


def test_the_swing_between_quiet_and_rout(verified):
    """Worked back from what the engine's people do in a month of quiet and in two days of rout."""
    quiet = share_gone(8.69, "30 d", "24 h")
    rout = share_gone(1.38, "2 d", "1 h")
    hazards = hazard(quiet, 720.0), hazard(rout, 48.0)
    errors = [math.sqrt(s * (1.0 - s) / PEOPLE) / ((1.0 - s) * hours) / h
              for s, hours, h in ((quiet, 720.0, hazards[0]), (rout, 48.0, hazards[1]))]  # fmt: skip
    error = math.hypot(*errors)
    verified(
        "V22", "logarithm of the ratio of hazards, rout to quiet", expected=math.log(ROUT / QUIET),
        measured=math.log(hazards[1] / hazards[0]), tolerance=3 * error + 0.01, wrong=math.log(600.0),
        tolerance_from=f"3 s.e., {PEOPLE} people, and two digits of U",
        wrong_twin="ratio of shares by hours", source=SOURCE,
    )  # fmt: skip
    slope = RATE_MAX / (RATE_MAX - hazards[1])
    verified(
        "V22", "swing of U between quiet and rout", expected=7.31,
        measured=pressure(hazards[1]) - pressure(hazards[0]),
        tolerance=3 * math.hypot(errors[0], slope * errors[1]), wrong=7.09,
        tolerance_from=f"3 s.e., {PEOPLE} people", wrong_twin="log of the ratio of hazards", source=SOURCE,
    )  # fmt: skip
