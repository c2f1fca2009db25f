"""A run in one line: `python -m standfast.testing.fingerprint SCENARIO SEED REPLICATE [CHANGES]`.

Prints what a fresh process makes of a scenario, people and run, as a hash by array, so that
processes, threads, compilers and processors can be compared. SCENARIO is a built-in name, a file, or `proving-ground`; CHANGES is a JSON
object of dotted paths and values.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import TYPE_CHECKING

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.scenario.load import load_scenario
from standfast.testing.alike import arrays_of
from standfast.testing.proving_ground import proving_ground

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from standfast.engine.compile import Plan
    from standfast.results.recording import Recording
    from standfast.scenario.model import Scenario


def fingerprint(recording: Recording) -> dict[str, str]:
    """Return a short hash of every array of a recording, by name.

    Examples
    --------
    >>> from standfast.testing.recordings import synthetic_recordings
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> len(fingerprint(synthetic_recordings(tiny_scenario(), replicates=1)[0])["count"])
    16
    """
    return {name: _hash(array) for name, array in arrays_of(recording)}


def fingerprint_of_plan(plan: Plan) -> dict[str, str]:
    """Return a short hash of every array of a plan and of its people, by name."""
    people = {f"people.{name}": array for name, array in plan.people.to_arrays().items()}
    arrays = {f"plan.{name}": array for name, array in plan.arrays.items()}
    return {name: _hash(array) for name, array in (people | arrays).items()}


def _hash(array: NDArray[np.generic]) -> str:
    told = str((array.dtype, array.shape)).encode() + array.tobytes()
    return hashlib.sha256(told).hexdigest()[:16]


def _load(name: str) -> Scenario:
    return proving_ground() if name == "proving-ground" else load_scenario(name)


def main(arguments: Sequence[str]) -> str:
    """Return the fingerprint that the command line asks for, as JSON."""
    name, seed, replicate, *changes = arguments
    scenario = _load(name).with_(*map(json.loads, changes))
    plan = compile_plan(scenario, int(seed))
    recording = run_replicate(plan, int(replicate))
    return json.dumps(fingerprint_of_plan(plan) | fingerprint(recording))


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
