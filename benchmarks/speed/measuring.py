"""How one program is measured: in a process of its own, told a problem, timed once after a warm-up.

Used by programs in both environments, so that it needs numpy alone.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

#: a problem: its arrays and numbers by name
Problem = dict[str, Any]
#: what a program gives for a problem: a function that runs it once and returns its answer
Program = Callable[[Problem], Callable[[], Any]]


def read(path: str | Path) -> Problem:
    """Return a problem from its file; single numbers come as numbers."""
    with np.load(path) as file:
        return {name: file[name].item() if file[name].ndim == 0 else file[name] for name in file}


def rows_of(problem: Problem) -> list[list[int]]:
    """Return the neighbours of everybody as lists."""
    indptr, indices = problem["indptr"].tolist(), problem["indices"].tolist()
    return [indices[a:b] for a, b in pairwise(indptr)]


def answer_of(what: Any) -> Any:
    """Return an answer as JSON holds it: whole numbers by person as their counts and a checksum."""
    if isinstance(what, np.ndarray):
        steps = np.bincount(np.minimum(what.astype(np.int64), 255), minlength=256)
        weight = (np.arange(what.size, dtype=np.uint64) % 65_521 + 1) * what.astype(np.uint64)
        return {"by_step": steps[steps > 0].tolist(), "check": int(weight.sum() % (2**61 - 1))}
    return what


def processor_seconds() -> float:
    """Return what this process and those it started and saw end took of a processor."""
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + of_children.ru_utime + of_children.ru_stime


def peak_mb() -> float:
    """Return the most memory this process has held; ru_maxrss would count what the starter held as well."""
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x[:5] == "VmHWM")
    return int(line.split()[1]) / 1024


def measure(programs: dict[str, Program]) -> None:
    """Measure the program named in the command's arguments, and print what it took as JSON."""
    name, path = sys.argv[1:3]
    problem = read(path) | {"path": path}
    run = programs[name](problem)  # lays out its own form of the problem, and warms up
    began, worked = perf_counter(), processor_seconds()
    what = run()
    seconds, work = perf_counter() - began, processor_seconds() - worked
    told = {
        "seconds": seconds,
        "cpu_s": work,
        "peak_mb": round(peak_mb()),
        "answer": answer_of(what),
    }
    sys.stdout.write("\n" + json.dumps(told) + "\n")
