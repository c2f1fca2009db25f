"""Print how many arrays the compiled kernels of a step allocate, for a small and a larger force.

Started by `test_counted_work.py` with NUMBA_NRT_STATS=1.
"""

from __future__ import annotations

import json
import sys

from numba.core.runtime import rtsys

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.testing.limits import crowd

SCHEME = {"squad": 10, "company": 50, "battalion": 500}


def allocated(people: int) -> list[int]:
    """Return how many arrays each of five steps allocates, after two."""
    run = Run(compile_plan(crowd(people, on=["M06", "M22"], scheme=SCHEME), 1), 0)
    found = []
    for _ in range(7):
        before = rtsys.get_allocation_stats().alloc
        run.advance()
        found.append(rtsys.get_allocation_stats().alloc - before)
    return found[2:]


if __name__ == "__main__":
    sys.stdout.write(json.dumps([allocated(500), allocated(20_000)]) + "\n")
