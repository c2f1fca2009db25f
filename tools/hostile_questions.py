"""Hostile experiment files: made by rules from a sound one of every kind, read, and put.

    python tools/hostile_questions.py --files 20000 --values 1 --put-every 20 --out benchmarks/results/hostile_questions.json

As `tools/hostile.py` does it with scenarios: fields are removed, doubled, misspelt, exchanged, given other types,
and every number each of the special values. A file is read, with the scenarios it names; a sound one is
put every so often with hardly any time allowed, so that it is refused once all of it was looked at, or
answered when it is as short as that. Counted as failures: an error that is none of ours, a problem that is
not located, more than 2 seconds or 300 MB for reading, more than 20 seconds for refusing, and any file
written.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
import tempfile
import time
import traceback
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np

from hostile import SPECIAL, Court, at, badly_told, bend, places_of, written
from standfast.errors import StandfastError
from standfast.experiment.files import Experiment, read_experiment
from standfast.experiment.questions import KINDS
from standfast.scenario.dump import dump_yaml
from standfast.testing.limits import crowd
from told import tell

#: seconds of processor time until a question that may take no time is refused, and those it may take [h]
REFUSED, HOURS = 20.0, 1e-9
#: as many runs of a question that is answered whatever it takes; a search for a threshold needs 24
FEW = 24
SOUND: dict[str, dict[str, Any]] = {
    "run": {"replicates": 2},
    "compare": {"measures": ["keep-leaders"], "replicates": 2, "place": "here"},
    "why": {"replicates": 2, "mechanisms": ["M15"], "groups": {"word": ["M14", "M15"]}},
    "sweep": {"vary": ["commitment=0:3:2"], "replicates": 2, "points": 4, "design": "grid"},
    "tip": {"vary": "commitment=0:3", "runs": 24, "level": 0.5, "hold": "12 h", "mean_field": False},
    "sensitivity": {"vary": ["commitment=0:3", "support=0:1"], "method": "morris", "size": 2, "replicates": 1},
    "calibrate": {"fit": ["commitment=0:4"], "targets": ["crowd/share_gone=0.1:0.4"], "population": 10,
                  "cases": {"longer": "longer.yaml"}, "rivals": {"quick": ["behaviour.decision.rate_max=1 / h"]},
                  "generations": 1, "tolerance": 0.1},
    "discover": {"vary": ["commitment=0:3"], "points": 40, "replicates": 1, "density": 0.8, "boxes": 1},
    "portfolio": {"measures": ["keep-leaders"], "bound": 0.5, "replicates": 1, "sets": 4, "variants": ["longer.yaml"]},
    "warning": {"vary": ["commitment=0:3"], "runs": 20, "leads": ["6 h"], "verdict": "total collapse"},
}  # fmt: skip


def base() -> list[dict[str, Any]]:
    """Return a sound experiment of every kind, with its defaults written out."""
    found = []
    for kind, fields in SOUND.items():
        head = {
            "standfast": 1,
            "kind": kind,
            "scenario": "town.yaml",
            "set": ["time.horizon=8 h"],
            "seed": 1,
        }
        question = KINDS[kind].model_validate_json(json.dumps(head | fields))
        found.append(question.model_dump(mode="json", exclude_none=True))
    return found


class Hall(Court):
    """Judges how experiment files are read and put."""

    def __init__(self, folder: Path, put_every: int) -> None:
        super().__init__(run_every=0)
        self.folder, self.put_every = folder, put_every
        town = crowd(
            60, behaviour={"decision": {"commitment": 1.0, "rate_max": "0.2 / h"}}, horizon="6 h"
        )
        (folder / "town.yaml").write_text(dump_yaml(town), encoding="utf-8")
        longer = dump_yaml(town.with_({"time.horizon": "9 h"}))
        (folder / "longer.yaml").write_text(longer, encoding="utf-8")
        (folder / "first.json").write_text(json.dumps(base()[0]), encoding="utf-8")
        read_experiment(folder / "first.json")  # loads what any reading loads
        self.there = sorted(folder.iterdir())

    def hear(self, content: bytes, suffix: str, what: str) -> None:
        """Read an experiment, judge how that went, and put it when it is its turn."""
        file = self.folder / f"question{suffix}"
        file.write_bytes(content)
        found = self.judge(partial(read_experiment, file), content, what)
        if found is not None and self.put_every and self.count["sound"] % self.put_every == 0:
            self._put(found, content, what)
        file.unlink()
        if sorted(self.folder.iterdir()) != self.there:
            self.failures.append(f"{what}: wrote to the folder\n{content[:3000]!r}")

    def put_sound(self) -> None:
        """Put what nothing was changed in: refused for anything but the time it takes, it would hide every change."""
        file = self.folder / "question.json"
        for data in base():
            file.write_text(json.dumps(data), encoding="utf-8")
            try:
                _put(read_experiment(file))
            except StandfastError as error:
                if "are allowed" not in error.says:
                    self.failures.append(f"the sound {data['kind']} is refused: {error.render()}")
        file.unlink()

    def _put(self, experiment: Experiment, content: bytes, what: str) -> None:
        if not _takes_hours(experiment) and _runs_of(experiment) > FEW:
            return
        wrong, began = "", time.process_time()
        try:
            _put(experiment)
            self.count["put"] += 1
        except StandfastError as error:
            self.count["put, and refused"] += 1
            wrong = traceback.format_exc() if error.exit_code == 1 else badly_told(error)
        except Exception:  # noqa: BLE001 - whatever it is, it is a failure
            wrong = traceback.format_exc()
        seconds = time.process_time() - began
        if seconds > REFUSED:
            wrong = wrong or f"took {seconds:.1f} s"
        if wrong:
            self.failures.append(f"put, {what}: {wrong[-1800:]}\n{content[:2000]!r}")


def _takes_hours(experiment: Experiment) -> bool:
    return "hours" in signature(experiment.question.function()).parameters


def _put(experiment: Experiment) -> None:
    """Put a question with hardly any time allowed, where its kind can be told so."""
    hours = {"hours": HOURS} if _takes_hours(experiment) else {}
    experiment.put(threads=1, progress=False, **hours)


def _runs_of(experiment: Experiment) -> int:
    """Return the runs that a question asks for: of each world, or of all of them."""
    asked = experiment.arguments()
    return int(asked.get("replicates", asked.get("runs", 0)))


def try_files(hall: Hall, cases: int, seed: int) -> None:
    """Read files made from sound ones."""
    sound = base()
    for case in range(cases):
        draw = np.random.default_rng([seed, 8, case])
        data = copy.deepcopy(sound[int(draw.integers(len(sound)))])
        for _ in range(int(draw.integers(0, 4))):
            if data:
                bend(draw, data)
        content, suffix = written(draw, data)
        hall.hear(content, suffix, f"case {case}")


def try_values(hall: Hall, every: int) -> int:
    """Put every special value into every numeric field; return how many fields there are."""
    cases = []
    for data in base():
        fields = [path for path in places_of(data) if type(at(data, path)) in (int, float)]
        cases += [(data, field, value) for field in fields for value in SPECIAL]
    for data, field, value in cases[::every]:
        changed = copy.deepcopy(data)
        at(changed, field[:-1])[field[-1]] = value
        name = f"{data['kind']}.{'.'.join(map(str, field))} = {value!r}"
        hall.hear(json.dumps(changed).encode(), ".json", name)
    return len(cases) // len(SPECIAL)


def main() -> int:
    """Try what is asked, print what was found; return 1 when anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--values", type=int, default=0, metavar="K", help="every K-th pair")
    parser.add_argument(
        "--put-every", type=int, default=0, metavar="K", help="put every K-th sound file"
    )
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        hall = Hall(Path(name), wanted.put_every)
        if wanted.put_every:
            hall.put_sound()
        try_files(hall, wanted.files, wanted.seed)
        fields = try_values(hall, wanted.values) if wanted.values else 0
    found = {
        "what": "hostile experiment files", "files": wanted.files, "seed": wanted.seed, "kinds": len(SOUND),
        "numeric_fields": fields, "special_values": len(SPECIAL) if fields else 0,
        **dict(sorted(hall.count.items())), "failures": len(hall.failures),
        "slowest_s": round(hall.slowest, 2), "peak_mb": round(hall.base + hall.most_added),
        "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    tell(found, wanted.out)
    print("\n\n".join(hall.failures[:12]), file=sys.stderr)
    return int(bool(hall.failures))


if __name__ == "__main__":
    sys.exit(main())
