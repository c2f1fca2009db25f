"""Whole numbers of a run that are kept: who serves where, who left how, and what happened.

Only counts of people and of events are among them, which are promised to be equal on every machine;
readings are not. `python tests/golden/numbers_kept.py` writes them anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.scenario.load import load_scenario
from standfast.scenario.vocabulary import EXITS, LOG_KINDS, STATUS
from standfast.testing.proving_ground import proving_ground

FOLDER = Path(__file__).parent
#: name of a case: its scenario, and how many hours lie between the counts that are kept
CASES = {"garrison": 24, "quiet": 168, "proving-ground": 24, "mosul-2014": 48}
SEED, REPLICATE = 1, 2


def numbers(name, **changes):
    """Return the whole numbers of one run of a case, as JSON holds them."""
    scenario = proving_ground() if name == "proving-ground" else load_scenario(name)
    plan = compile_plan(scenario.with_(changes), SEED)
    recording = run_replicate(plan, REPLICATE)
    rows = recording.hours % CASES[name] == 0
    status = recording.count[rows].sum(axis=(1, 2))
    serving = recording.count[rows][..., [STATUS.index(x) for x in ("duty", "leave", "back")]]
    serving = serving.sum(axis=(2, 3))
    kinds = np.bincount(recording.log["kind"], minlength=len(LOG_KINDS))
    exits = recording.departures.sum(axis=(0, 1, 2))
    return {
        "seed": SEED,
        "replicate": REPLICATE,
        "n_agent": recording.n_agent,
        "n_step": recording.n_step,
        "hours": recording.hours[rows].astype(int).tolist(),
        "people": people(plan),
        "status": {x: status[:, k].tolist() for k, x in enumerate(STATUS)},
        "serving": {x: serving[:, k].tolist() for k, x in enumerate(scenario.places)},
        "exits": dict(zip(EXITS, exits.tolist(), strict=True)),
        "log": {x: n for x, n in zip(LOG_KINDS, kinds.tolist(), strict=True) if n},
    }


def people(plan):
    """Return a digest of every array of people that holds whole numbers."""
    whole = hashlib.sha256()
    for name, array in sorted(plan.people.to_arrays().items()):
        if array.dtype.kind in "iub":
            whole.update(name.encode() + array.astype(np.int64).tobytes())
    return whole.hexdigest()[:16]


def path(name):
    return FOLDER / f"{name}.json"


def text(found):
    """Return numbers as the files hold them: a line a series, so that a change is read line by line."""
    return (
        re.sub(r"\[[^]]*\]", lambda x: " ".join(x[0].split()), json.dumps(found, indent=1)) + "\n"
    )


if __name__ == "__main__":
    for case in CASES:
        path(case).write_text(text(numbers(case)), encoding="utf-8")
