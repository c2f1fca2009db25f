"""Advance agents in chunks of other sizes, and print the fingerprint of the run of each as JSON.

Started by `test_same_bytes.py`: CHANGES SIZE..., interpreted, or with compiled code of its own, as
the size is fixed when the pass over agents is compiled.
"""

from __future__ import annotations

import json
import sys
import warnings

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.kernels import agents
from standfast.testing.fingerprint import fingerprint
from standfast.testing.proving_ground import proving_ground


def main(changes, *sizes):
    # 64-bit words wrap on purpose in the generator; interpreted, numpy warns of it
    warnings.filterwarnings("ignore", message="overflow encountered", category=RuntimeWarning)
    plan = compile_plan(proving_ground(json.loads(changes)), 1)
    found = {}
    for size in sizes:
        agents.CHUNK = int(size)
        found[size] = fingerprint(run_replicate(plan, 0))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
