"""A mechanism of one's own in the engine equals a plain version of it in the twin.

The plain version is written from the docstring of the example of the guide. That the example is any
use is not asserted; nor are mechanisms that draw, which the draws' own tests cover.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twin.compare import first_difference
from twin.run import TwinRun

from standfast.engine.compile import compile_plan
from standfast.engine.plugins import allow_code
from standfast.testing.proving_ground import proving_ground
from standfast.testing.strategies import scenarios

SMOKE = Path(__file__).parents[2] / "docs" / "guide" / "examples" / "smoke.py"
GATHERS, FEAR = 6.0, 0.2


def smoke(world, haze, *, clears):
    """Gather and clear smoke place by place, and frighten person by person."""
    for place in world.places:
        before = haze.get(place.number, 0.0)
        target = 1.0 if place.contact else 0.0
        if clears or target > before:
            before += (target - before) * min(1.0, world.p.dt / GATHERS)
        haze[place.number] = before
    for me in world.people:
        shock = min(1.0, FEAR * world.p.dt * haze[me.company.place.number])
        me.fear = me.fear + (1.0 - me.fear) * shock


def with_smoke(scenario):
    allow_code(SMOKE)
    plugin = {"file": "smoke.py", "parameters": {"gathers": "6 h", "fear": FEAR}}
    return scenario.with_({"plugins": {"smoke": plugin}})


def twin_with(**options):
    haze = {}
    return partial(TwinRun, own={"smoke": partial(smoke, haze=haze, **options)})


def test_engine_and_twin_agree_on_random_scenarios():
    @hypothesis.seed(5)
    @settings(max_examples=40, derandomize=False, database=None)
    @given(scenarios(), st.integers(0, 2**64 - 1), st.integers(0, 5))
    def compare(scenario, seed, replicate):
        twin = twin_with(clears=True)
        assert first_difference(with_smoke(scenario), seed, replicate, twin_run=twin) is None

    compare()


def test_smoke_that_never_clears_is_told_apart():
    scenario = with_smoke(proving_ground({"time.horizon": "60 h"}))
    assert first_difference(scenario, 1, 0, twin_run=twin_with(clears=True)) is None
    assert "fear" in first_difference(scenario, 1, 0, twin_run=twin_with(clears=False))


def test_the_twin_refuses_by_name_what_it_has_no_plain_version_of():
    plan = compile_plan(with_smoke(proving_ground({"time.horizon": "2 h"})), 1)
    with pytest.raises(LookupError, match="no plain version of smoke"):
        TwinRun(plan, 0)
