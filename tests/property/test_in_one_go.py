"""A step whose kernels are called in one go comes to the same bytes as one in which Python calls each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from standfast.engine import run as engine
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.scenario.load import load_scenario
from standfast.testing.alike import differing_state
from standfast.testing.proving_ground import proving_ground
from standfast.testing.strategies import scenarios


def differing(plan, steps):
    """Return the names of the arrays in which a run in one go differs from one that is called one by one."""
    together, apart = Run(plan, 0), Run(plan, 0)
    assert len(apart.calls) == len(apart.acting)  # asked for its calls, it makes them one by one
    for _ in range(steps):
        together.advance()
        apart.advance()
    assert together._batch is not None
    assert apart._batch is None
    return differing_state(together, apart) | (
        {"agent_steps"} if together.agent_steps != apart.agent_steps else set()
    )


@pytest.mark.parametrize(
    "scenario", [proving_ground(), load_scenario("garrison")], ids=["ground", "garrison"]
)
def test_whole_scenarios(scenario):
    plan = compile_plan(scenario, 1)
    assert differing(plan, min(plan.n_step, 200)) == set()


@settings(max_examples=30, derandomize=True, database=None, deadline=None)
@given(scenarios(max_people=60, max_steps=20))
def test_any_scenario(scenario):
    plan = compile_plan(scenario, 1)
    assert differing(plan, plan.n_step) == set()


def test_a_call_handed_another_array_is_missed(monkeypatch):
    def astray(calls, arrays, scalars):
        return engine_batch(calls, {**arrays, "trust": arrays["belief"]}, scalars)

    engine_batch = engine.Batch
    monkeypatch.setattr(engine, "Batch", astray)
    assert "belief" in differing(compile_plan(load_scenario("garrison"), 1), 20)


def test_the_pass_is_counted_whatever_comes_before_it():
    run = Run(compile_plan(load_scenario("garrison"), 1), 0)
    run.advance()
    serving = int(np.count_nonzero(run.plan.people.ghost == 0))
    assert 0.9 * serving < run.agent_steps <= serving
