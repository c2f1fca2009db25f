"""Whatever the scenario: a recording is sound, and a run repeats itself to the byte.

Not asserted: that anything plausible happens; the scenarios are extreme on purpose.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run, run_replicate
from standfast.kernels import status
from standfast.scenario.vocabulary import PLACE_READINGS
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground
from standfast.testing.strategies import scenarios

SHARES = ("trust", "fear", "belief", "wavering", "infiltration")


@given(scenarios(max_people=200))
def test_a_recording_is_sound(scenario):
    recording = run_replicate(compile_plan(scenario, 1), 0)
    assert recording.check() == ()
    per_garrison = recording.count.sum(axis=3)
    assert (per_garrison == per_garrison[0]).all()
    for name in PLACE_READINGS:
        assert np.isfinite(recording.readings[name]).all(), name
        assert (recording.readings[name] >= 0).all(), name
    for name in SHARES:
        assert (recording.readings[name] <= 1.0 + 1e-6).all(), name
    for name, readings in recording.unit_readings.items():
        assert np.isfinite(readings).all(), name
    assert (np.diff(recording.log["hour"]) >= 0).all()
    assert (recording.log["hour"] <= recording.hours[-1]).all()
    assert recording.resolute_departures <= recording.departures.sum()
    lost = recording.lost_hour[np.isfinite(recording.lost_hour)]
    assert (lost <= recording.hours[-1]).all()
    assert (recording.count[:, :, :, status.GHOST] == recording.count[0, :, :, status.GHOST]).all()


@pytest.mark.parametrize(
    "changes",
    [
        # news of the fall of one's home, three times as heavy as at one's post, made fear of 1.2
        {"information.home_weight": 3.0},
        # as much as is allowed, and everybody believes: with 1.0, fear was 1.5
        {
            "fear.shock_message": 0.66,
            "information.broadcast_rate": "0.5 / h",
            "fear.fear_decay": "2000 h",
        },
    ],
)
def test_shares_stay_shares(changes):
    own = {f"behaviour.{name}": value for name, value in changes.items()}
    scenario = proving_ground(own | {"population.credibility": 1.0})
    run = Run(compile_plan(scenario, 1), 0)
    for _ in range(run.plan.n_step):
        run.advance()
        for name in ("fear", "trust", "suspicion", "perceived", "credibility", "resolve"):
            assert run.arrays[name].min() >= 0.0, name
            assert run.arrays[name].max() <= 1.0, name
    assert run.arrays["place_gone"].max() > 0.0


@given(scenarios(max_people=200))
def test_a_run_repeats_itself(scenario):
    plan = compile_plan(scenario, 1)
    assert differing_arrays(run_replicate(plan, 4), run_replicate(plan, 4)) == ()
