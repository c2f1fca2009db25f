"""Hostile scenario files: made by rules from sound ones, and what reading them must never do.

    python tools/hostile.py --files 100000 --values --out benchmarks/results/hostile.json

`--files N` changes sound scenarios by one to six rules of grammar (a field gone, twice, misspelt, of
another type, unit, place or time; a part in the place of another) or of bytes, and writes them as YAML,
JSON or TOML. `--values` puts each of `SPECIAL` into every numeric field. A file is read and is sound, or
is refused with every problem located; sound ones are compiled and run for a few steps every so often.
Counted as failures: any other error, more than 2 seconds of processor time or 300 MB for reading, control
characters or more than 100,000 of any in a message.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import yaml

from standfast.errors import ScenarioError, StandfastError
from standfast.scenario.load import read_document
from told import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.scenario.model import Scenario

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")
SECONDS, MEGABYTES, LONGEST = 2.0, 300, 100_000
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
#: into every numeric field; text as a file would hold it
SPECIAL: tuple[Any, ...] = (
    0, -0.0, -1, 0.5, 1e-320, 1e300, -1e300, math.inf, -math.inf, math.nan, 2**31, -(2**31) - 1, 2**53 + 1,
    2**64, 10**30, True, None, "", "nan", "1e400 d", "1_000", "0x10", "١٢", "1,5", "12 parsecs", [], {},
)  # fmt: skip
WORDS = ("no", "~", "1:30", "010", "1e3", "null", "<<", "east", "EAST", "40 d", "0.5", "-1 km", "a" * 5000,
         "\u202edrow", "\x1b[31m", "نينوى", "{{7*7}}", "../../x", "=cmd()", "2020-02-30", "M99")  # fmt: skip
PIECES = (b"\x00", b"\xff\xfe", b"\t", b"&a ", b"*a", b"!!python/object:os.system ", b"[[", b"{", b": ", b"- ",
          b"\n---\n", b'"', b"|", b"%TAG", b"\xf0\x9f", b"<<: ", b"? ", b"\r", b"\xe2\x80\xa8")  # fmt: skip


def sound() -> list[dict[str, Any]]:
    """Return sound documents as plain data."""
    files = [ROOT / "tests" / "data" / "town.yaml"]
    files += [
        ROOT / "src" / "standfast" / "scenario" / "library" / f"{name}.yaml"
        for name in ("garrison", "quiet")
    ]
    found = []
    for path in files:
        scenario = read_document(path.read_bytes(), ".yaml", path.name).scenario
        found.append(
            json.loads(scenario.model_dump_json(exclude={"evidence"}, exclude_defaults=True))
        )
    return found


def places_of(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value of a document."""
    found = [path] if path else []
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in items:
        found += places_of(value, (*path, key))
    return found


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """Return what stands at a path."""
    for key in path:
        data = data[key]
    return data


def bend(draw: np.random.Generator, data: dict[str, Any]) -> None:
    """Change a document by one rule."""
    paths = places_of(data)
    path = paths[int(draw.integers(len(paths)))]
    above, key = at(data, path[:-1]), path[-1]
    other = copy.deepcopy(at(data, paths[int(draw.integers(len(paths)))]))
    word: Any = WORDS[int(draw.integers(len(WORDS)))]
    value: Any = SPECIAL[int(draw.integers(len(SPECIAL)))]
    match int(draw.integers(9)):
        case 0:
            del above[key]
        case 1 if isinstance(above, dict):
            above[str(key)[::-1] or "x"] = above.pop(key)
        case 2:
            above[key] = other
        case 3:
            above[key] = word
        case 4 | 5:
            above[key] = value
        case 6 if isinstance(above, list):
            above.extend(copy.deepcopy(above) * int(draw.integers(1, 4)))
        case 7 if isinstance(above, dict):
            above[word[:60]] = other
        case _:
            above[key] = {
                "value": above[key],
                "source": word[:40],
                "grade": "A",
                "range": [value, other],
            }


def written(draw: np.random.Generator, data: dict[str, Any]) -> tuple[bytes, str]:
    """Return a document as bytes, and how they are to be read."""
    if draw.random() < 0.5:
        content, suffix = (
            yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode("utf-8", "replace"),
            ".yaml",
        )
    else:
        content, suffix = json.dumps(data).encode(), ".json"
    if draw.random() < 0.05:
        suffix = ".toml"
    for _ in range(int(draw.integers(4)) if draw.random() < 0.3 else 0):
        place, cut = int(draw.integers(len(content) + 1)), int(draw.integers(12))
        content = content[:place] + PIECES[int(draw.integers(len(PIECES)))] + content[place + cut :]
    return content, suffix


class Court:
    """Judges how files are read, and remembers what was wrong."""

    def __init__(self, run_every: int) -> None:
        self.count: Counter[str] = Counter()
        self.failures: list[str] = []
        self.slowest = 0.0
        # what a process takes that has read nothing yet, and the most that any file added to it
        self.base, self.most_added = resident("VmRSS"), 0.0
        self._run_every = run_every

    def read(self, content: bytes, suffix: str, what: str) -> Scenario | None:
        """Read a scenario, judge how that went, and run it when it is its turn."""
        found = self.judge(lambda: read_document(content, suffix, "file").scenario, content, what)
        if found is not None and self._run_every and self.count["sound"] % self._run_every == 0:
            self._run(found, content)
        return found

    def judge(self, read: Callable[[], T], content: bytes, what: str) -> T | None:
        """Read something, and judge how that went; return what was read when it is sound."""
        CLEAR.write_text("5")  # the peak is counted from here on
        before, began = resident("VmRSS"), time.process_time()
        found, wrong = None, ""
        try:
            found = read()
            self.count["sound"] += 1
        except StandfastError as error:
            self.count["refused"] += 1
            wrong = badly_told(error)
        except Exception:  # noqa: BLE001 - whatever it is, it is a failure
            wrong = traceback.format_exc()
        seconds = time.process_time() - began
        self.slowest = max(self.slowest, seconds)
        added = resident("VmHWM") - before
        self.most_added = max(self.most_added, added)
        if seconds > SECONDS:
            wrong = wrong or f"took {seconds:.1f} s"
        if self.base + added > MEGABYTES:
            wrong = wrong or f"took {self.base:.0f} + {added:.0f} MB"
        if wrong:
            self.failures.append(f"{what}: {wrong[-1200:]}\n{content[:3000]!r}")
        return found

    def _run(self, scenario: Scenario, content: bytes) -> None:
        from standfast.experiment.ensemble import run_ensemble  # noqa: PLC0415 - only where it is run

        people = sum(force.paper for force in scenario.forces.values())
        if people > 50_000:
            self.count["sound, too large to run here"] += 1
            return
        short = scenario.time.model_copy(
            update={"horizon": min(scenario.time.horizon, 3 * scenario.time.step)}
        )
        try:
            run_ensemble(scenario.model_copy(update={"time": short}), 1, 1, 1, progress=False)
            self.count["run"] += 1
        except StandfastError as error:
            self.count["sound, but refused to run"] += 1
            if error.exit_code == 1:
                self.failures.append(f"run: {error.render()}\n{content[:3000]!r}")
        except Exception:  # noqa: BLE001 - ditto
            self.failures.append(f"run: {traceback.format_exc()[-1500:]}\n{content[:3000]!r}")


def resident(which: str) -> float:
    """Return the memory this process holds (VmRSS), or held at most (VmHWM) [MB]."""
    line = next(x for x in STATUS.read_text().splitlines() if x.startswith(which))
    return int(line.split()[1]) / 1024


def badly_told(error: StandfastError) -> str:
    """Return what is wrong with how an error tells of itself; nothing when it is fine."""
    told = error.render()
    if len(told) > LONGEST:
        return f"the message has {len(told)} characters"
    if not told.replace("\n", "").isprintable():
        return f"the message has characters that a terminal obeys: {told[:200]!r}"
    if error.exit_code == 1:
        return f"a fault of ours: {told}"
    if not isinstance(error, ScenarioError):
        return ""  # about a file that is named, or about the run
    if not error.problems or not all(problem.says for problem in error.problems):
        return "no problem is told"
    located = all(p.line is not None or p.path for p in error.problems)
    return "" if located else f"a problem is not located: {told[:400]}"


def try_files(court: Court, cases: int, seed: int) -> None:
    """Read files made from sound ones."""
    base = sound()
    for case in range(cases):
        draw = np.random.default_rng([seed, case])
        data = copy.deepcopy(base[int(draw.integers(len(base)))])
        for _ in range(int(draw.integers(1, 7))):
            if data:
                bend(draw, data)
        content, suffix = written(draw, data)
        court.read(content, suffix, f"case {case}")


def try_values(court: Court, every: int) -> int:
    """Put every special value into every numeric field; return how many fields there are."""
    path = ROOT / "tests" / "data" / "town.yaml"
    scenario = read_document(path.read_bytes(), ".yaml", "town").scenario
    whole = json.loads(scenario.model_dump_json(exclude={"evidence"}))
    fields = [p for p in places_of(whole) if type(at(whole, p)) in (int, float)]
    cases = [(field, value) for field in fields for value in SPECIAL]
    for field, value in cases[::every]:
        data = copy.deepcopy(whole)
        at(data, field[:-1])[field[-1]] = value
        name = ".".join(map(str, field))
        found = court.read(json.dumps(data).encode(), ".json", f"{name} = {value!r}")
        if found is not None and not math.isfinite(_number(found, field)):
            court.failures.append(f"{name} = {value!r} was let in")
    return len(fields)


def _number(scenario: Scenario, field: tuple[Any, ...]) -> float:
    value: Any = scenario
    for key in field:
        value = getattr(value, key) if isinstance(key, str) and hasattr(value, key) else value[key]
    return 0.0 if value is None else float(value)


def main() -> int:
    """Try what is asked, print what was found; return 1 when anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--values", type=int, default=0, metavar="K", help="every K-th pair of field and value"
    )
    parser.add_argument(
        "--run-every", type=int, default=0, metavar="K", help="run every K-th sound file"
    )
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    began = time.perf_counter()
    court = Court(wanted.run_every)
    try_files(court, wanted.files, wanted.seed)
    fields = try_values(court, wanted.values) if wanted.values else 0
    found = {
        "what": "hostile scenario files", "files": wanted.files, "seed": wanted.seed,
        "numeric_fields": fields, "special_values": len(SPECIAL) if fields else 0,
        **dict(sorted(court.count.items())), "failures": len(court.failures),
        "slowest_s": round(court.slowest, 2), "peak_mb": round(court.base + court.most_added),
        "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    tell(found, wanted.out)
    print("\n\n".join(court.failures[:8]), file=sys.stderr)
    return int(bool(court.failures))


if __name__ == "__main__":
    sys.exit(main())
