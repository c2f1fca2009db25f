"""Where the processor is in a replicate of Mosul 2014, function by function: `python benchmarks/speed/by_function.py`.

`perf` (Linux) notes a thousand times a second at which address the processor is. numba keeps the object of every
kernel that it found compiled, with its functions by place: with where each kernel lies, that makes a function of every
address. Writes `benchmarks/results/profile.json`; `page.py` shows it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

REPLICATES, PER_SECOND = 3, 997
LEAST = 0.1  # ns an agent-step, under which a function is not told apart


def run(folder: Path) -> None:
    """Run replicates, then write down each kernel's object and where it lies; in a process of its own."""
    from numba.core.codegen import CPUCodeLibrary

    objects: dict[int, tuple[Any, bytes]] = {}
    load = CPUCodeLibrary._unserialize.__func__

    def keep(cls: type, codegen: Any, state: tuple[str, str, Any]) -> Any:
        library = load(cls, codegen, state)
        if state[1] == "object":
            objects[id(library)] = (library, state[2][0])
        return library

    CPUCodeLibrary._unserialize = classmethod(keep)

    import standfast as sf
    from standfast.engine.compile import compile_plan
    from standfast.engine.run import Run, run_replicate

    plan = compile_plan(sf.load("mosul-2014"), 1)
    for k in range(REPLICATES):
        run_replicate(plan, k)
    names = {}
    for _, kernel, _, _ in Run(plan, 0).calls:
        for found in getattr(kernel, "overloads", {}).values():
            library, code = objects.get(id(found.library), (None, b""))
            if library is not None:
                name = found.fndesc.llvm_func_name
                path = folder / f"{len(names)}.o"
                path.write_bytes(code)
                names[path.name] = (name, library.get_pointer_to_function(name))
    (folder / "kernels.json").write_text(json.dumps(names))
    (folder / "agent_steps").write_text(str(plan.n_agent * plan.n_step * REPLICATES))


def places(folder: Path) -> list[tuple[int, int, str]]:
    """Return where each function begins, how long it is, and its name, in order."""
    found = []
    for file, (kernel, address) in json.loads((folder / "kernels.json").read_text()).items():
        listed = subprocess.run(
            ["nm", "-S", folder / file], capture_output=True, text=True, check=True
        )
        rows = [line.split() for line in listed.stdout.splitlines()]
        code = [
            (int(r[0], 16), int(r[1], 16), r[3]) for r in rows if len(r) == 4 and r[2] in "tTwW"
        ]
        start = next(at for at, _, name in code if name == kernel)
        found += [(address - start + at, size, plain(name)) for at, size, name in code]
    return sorted(found)


def plain(name: str) -> str:
    """Return module and function of a name that numba made.

    >>> plain("_ZN9standfast7kernels5draws11fill_blocksB3v17B66c8tJTIeFIjx")
    'draws.fill_blocks'
    """
    parts = []
    rest = name.removeprefix("_ZN")
    while match := re.match(r"\d+", rest):
        size = int(match[0])
        parts.append(rest[match.end() : match.end() + size])
        rest = rest[match.end() + size :]
    return ".".join(parts[2:]) or name


def sampled(folder: Path) -> dict[str, float]:
    """Return the nanoseconds an agent-step of each function, those of the kernels alone."""
    data = folder / "perf.data"
    own = [sys.executable, __file__, "--run", str(folder)]
    command = ["perf", "record", "-q", "-o", data, "-e", "cpu-clock", "-F", str(PER_SECOND), *own]
    subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    script = ["perf", "script", "-i", data, "-F", "ip"]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    where = places(folder)
    starts = [start for start, _, _ in where]
    seen: Counter[str] = Counter()
    for word in done.stdout.split():
        at = int(word, 16)
        k = bisect_right(starts, at) - 1
        if k >= 0 and at < where[k][0] + where[k][1]:
            seen[where[k][2]] += 1
    steps = int((folder / "agent_steps").read_text())
    return {name: 1e9 * n / PER_SECOND / steps for name, n in seen.most_common()}


def main() -> None:
    """Sample, print, and write down."""
    if sys.argv[1:2] == ["--run"]:
        run(Path(sys.argv[2]))
        return
    missing = [tool for tool in ("perf", "nm") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"{' and '.join(missing)} is not installed; a profile needs it.")
    from machine import circumstances_since

    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        found = sampled(Path(name))
    shown = {name: round(ns, 2) for name, ns in found.items() if ns >= LEAST}
    for name, ns in shown.items():
        print(f"{ns:6.2f}  {name}")
    told = {
        "circumstances": circumstances_since(load), "ns": shown, "ns_of_all": round(sum(found.values()), 2),
    }  # fmt: skip
    target = ROOT / "benchmarks" / "results" / "profile.json"
    target.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
