"""Whatever the scenario: people are conserved, readings stay in range, only possible things happen.

Not asserted: that anything plausible happens; the scenarios are extreme on purpose.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run, run_replicate
from standfast.kernels import status
from standfast.scenario.vocabulary import PLACE_READINGS
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground
from standfast.testing.strategies import scenarios

SHARES = ("trust", "fear", "belief", "wavering", "infiltration")
#: statuses from which nobody comes back
FOR_GOOD = (status.RENOUNCED, status.ABROAD, status.DEFECTED, status.DEAD, status.CAPTURED,
            status.GHOST)  # fmt: skip
EXITS = (status.HIDING, status.DISPLACED, status.RENOUNCED, status.ABROAD, status.DEFECTED)
LOST = (status.DEAD, status.CAPTURED)
#: to whom each status may change within a step; an exit may be to any way out
ALLOWED = {
    status.DUTY: {status.LEAVE, *EXITS, *LOST},
    status.LEAVE: {status.DUTY, status.BACK, *EXITS, status.DEAD},
    status.BACK: {status.DUTY},
    status.HIDING: {status.BACK},
    status.DISPLACED: {status.BACK},
} | {each: set() for each in FOR_GOOD}


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


@given(scenarios(max_people=200))
def test_only_allowed_changes_of_status(scenario):
    run = Run(compile_plan(scenario, 1), 0)
    a = run.arrays
    for _ in range(min(run.plan.n_step, 24)):
        before = a["agent_status"].copy()
        run.advance()
        changed = np.flatnonzero(before != a["agent_status"])
        for old, new in {(int(before[i]), int(a["agent_status"][i])) for i in changed}:
            assert new in ALLOWED[old], f"{old} -> {new}"
        counted = np.zeros_like(a["count"])
        np.add.at(counted, (a["origin"], a["branch"], a["agent_status"]), 1)
        assert (counted == a["count"]).all()


@given(scenarios(max_people=200))
def test_state_stays_in_its_range(scenario):
    run = Run(compile_plan(scenario, 1), 0)
    a = run.arrays
    for _ in range(min(run.plan.n_step, 24)):
        run.advance()
    for name in ("fear", "credibility", "trust", "resolve", "suspicion", "perceived"):
        assert ((a[name] >= 0) & (a[name] <= 1)).all(), name
    assert (np.abs(a["belief"]) <= 8.0).all()
    assert (a["announced"] <= 16).all()
    for name in (
        "fighters",
        "volunteers",
        "refugees",
        "defence",
        "attack",
        "squad_gone",
        "company_gone",
    ):
        assert (a[name] >= 0).all(), name
    told = a["voice"].astype(np.int64) * a["announced"]
    for layer in ("phone", "kin"):
        indptr, indices = a[f"{layer}_indptr"], a[f"{layer}_indices"]
        sums = [told[indices[start:end]].sum() for start, end in pairwise(indptr)]
        assert (a[f"{layer}_fear"] == sums).all(), "what is known of others' fear adds up"


@given(scenarios(max_people=200))
def test_a_run_repeats_itself(scenario):
    plan = compile_plan(scenario, 1)
    assert differing_arrays(run_replicate(plan, 4), run_replicate(plan, 4)) == ()


def test_a_leak_of_people_would_be_seen():
    run = Run(compile_plan(proving_ground(), 1), 0)
    run.advance()
    run.arrays["count"][0, 0, status.DUTY] -= 1
    counted = np.zeros_like(run.arrays["count"])
    np.add.at(counted, (run.arrays["origin"], run.arrays["branch"], run.arrays["agent_status"]), 1)
    assert (counted != run.arrays["count"]).any()
