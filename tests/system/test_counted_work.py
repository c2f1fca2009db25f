"""How much work a run does, counted and not timed, so that no change makes it do more unnoticed.

Counted on a fixed run in which everything happens, interpreted: blocks of draws, people looked at one by
one, edges walked, meetings, agent-steps. They are the same on every machine. Whoever changes one on
purpose writes the new number here and says in the change why it is worth it. Not asserted: seconds.

The wrong twin asks everybody one by one, as a loop without the marks of `asking.ask` would.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.testing.scenarios import tiny_scenario

SCRIPTS = Path(__file__).parent / "scripts"
EXPECTED = {
    "people": 980, "steps": 18, "agent-steps": 12_917, "blocks for everybody": 17_640,
    "blocks for the listed": 22_460, "blocks one by one": 2_709, "asked one by one": 1_804,
    "families thought of": 1_744, "edges": 27_964, "meetings": 4_523,
}  # fmt: skip
#: arrays of a step, however many people: contexts, scratch, flags and lists of the passes, what people felt before,
#: where ties are listed
ALLOCATIONS = 14


def told(script: str, *words: str, **more: str):
    """Return what a script prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPTS / script), *words],
        capture_output=True, text=True, check=False, timeout=300, env=os.environ | more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_a_run_does_as_much_work_as_it_did():
    counts = told("counted_work.py", "", NUMBA_DISABLE_JIT="1")
    assert counts == EXPECTED
    assert counts["blocks for everybody"] == counts["people"] * counts["steps"], "one block each"
    assert counts["asked one by one"] < counts["agent-steps"] / 5, "of most, nothing can come"


def test_asking_everybody_is_noticed():
    counts = told("counted_work.py", "ask everybody", NUMBA_DISABLE_JIT="1")
    assert counts["asked one by one"] > 5 * EXPECTED["asked one by one"]


def test_a_step_allocates_a_few_arrays_however_many_people():
    few, many = told("counted_allocations.py", NUMBA_NRT_STATS="1")
    assert set(few) == set(many)
    assert max(many) <= ALLOCATIONS


def test_records_of_all_runs_are_of_the_same_type_object():
    """Kernels compare every name of another one at every call: 11 us each, for a hundred names."""
    first, second = (Run(compile_plan(tiny_scenario(), seed), 0) for seed in (1, 2))
    for name in ("behaviour", "log_lines"):
        assert first.arrays[name].dtype is second.arrays[name].dtype, name
        assert first.arrays[name].view(np.ndarray).dtype is first.arrays[name].dtype, name
