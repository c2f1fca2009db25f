"""A run stops at the step at which it is asked to, and leaves nothing behind that a next run sees."""

from __future__ import annotations

import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.errors import RunInterrupted
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground


@pytest.mark.parametrize("step", [0, 1, 50, 143])
def test_a_stopped_run_leaves_its_plan_as_it_was(step):
    plan = compile_plan(proving_ground(), 1)
    done: list[int] = []
    with pytest.raises(RunInterrupted):
        run_replicate(plan, 0, should_stop=lambda: len(done) == step, on_step=done.append)
    assert done == list(range(1, step + 1))
    again = run_replicate(plan, 0)
    fresh = run_replicate(compile_plan(proving_ground(), 1), 0)
    assert differing_arrays(again, fresh) == ()


def test_a_run_that_is_not_stopped_is_asked_at_every_step():
    asked: list[None] = []

    def go_on() -> bool:
        asked.append(None)
        return False

    recording = run_replicate(compile_plan(proving_ground(), 1), 0, should_stop=go_on)
    assert len(asked) == recording.n_step == 144
