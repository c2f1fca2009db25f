r"""V22: a quiet garrison loses what the hazard says, hour by hour or day by day, in the whole engine.

With every pressure switched off, :math:`U=-a` and a share
:math:`1-\exp(-h_{\max}\sigma(-a)\,t)` has left after t, whatever the step. 20,000 people; the count is
binomial, so that four standard errors are allowed. The wrong twin takes the rate times the step for
the probability of a step, and is refused where the two differ enough to be seen.
"""

from __future__ import annotations

import math

import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.scenario.mechanisms import MECHANISMS
from standfast.testing.scenarios import tiny_scenario

pytestmark = [pytest.mark.theory, pytest.mark.statistical]

RATE_MAX, PEOPLE = 1.0 / 6.0, 20_000
SAME = {"commitment_spread": 0.0, "squad_spread": 0.0, "company_spread": 0.0}


def share_gone(commitment: float, horizon: str, step: str) -> float:
    force = {"title": "All", "branch": "army", "place": "here", "paper": PEOPLE, "ghosts": 0.0,
             "leave": 0.0, "homes": {"here": 1.0}, "quality": 0.5, "corruption": 0.0}  # fmt: skip
    off = {key: {"enabled": False} for key in MECHANISMS if key not in {"M12", "M23", "M41"}}
    scenario = tiny_scenario(
        time={"start": "2030-01-01T00:00", "horizon": horizon, "step": step},
        places={"here": {"title": "Here", "latitude": 1.0, "longitude": 1.0}},
        roads=(), events=(), forces={"all": force}, population=SAME, mechanisms=off,
        network={"phone_mean": 0.0, "kin_mean": 0.0},
        behaviour={
            "decision": {"rate_max": f"{RATE_MAX} / h", "commitment": commitment, "commitment_of_service": 0.0,
                         "commitment_of_volunteers": 0.0, "weight_resolve": 0.0},
        },
    )  # fmt: skip
    recording = run_replicate(compile_plan(scenario, 1), 0)
    return float(recording.departures.sum() / PEOPLE)


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


def test_rate_times_step_would_be_seen():
    rate, error = RATE_MAX / (1.0 + math.exp(1.38)), math.sqrt(0.16 / PEOPLE)
    careless = 1.0 - max(0.0, 1.0 - rate * 24.0) ** 2
    assert abs(share_gone(1.38, "2 d", "24 h") - careless) > 10 * error
