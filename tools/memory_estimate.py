"""Compare the estimate of memory with what fresh processes take at most that run the whole command.

    python tools/memory_estimate.py --scenarios 200 --out benchmarks/results/memory_estimate.json

Random scenarios: a built-in one with other numbers of people, ties, hours and replicates, on one thread or two,
drawn so that small and large ones are as likely, and none takes more than `--work` steps of people. The
estimate should be no less than the peak and at most 30 % more, both without the pages of files that the
system keeps for a process, of which it keeps more or fewer.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from standfast.engine.memory import estimate_memory
from standfast.engine.warm import compile_kernels
from standfast.scenario.dump import dump_yaml
from standfast.scenario.load import load_scenario
from told import tell

#: prints the largest size of a process that ran a command, less the pages of files in it [bytes]
WHOLE_COMMAND = r"""
import re, sys
from pathlib import Path
from standfast.cli.main import run_command

code = run_command(sys.argv[1:])
assert code == 0, code
status = Path("/proc/self/status").read_text()
peak, files = (int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) for name in ("VmHWM", "RssFile"))
print((peak - files) * 1024)
"""
CASES = ("garrison", "quiet", "mosul-2014")
MOST = 1.3


def drawn(draw: np.random.Generator, work: float) -> tuple[Any, dict[str, Any]]:
    """Return a random scenario, and how it is to be run."""
    name = CASES[int(draw.integers(len(CASES)))]
    scenario = load_scenario(name)
    people = sum(force.paper for force in scenario.forces.values())
    wanted = math.exp(draw.uniform(math.log(1_000), math.log(300_000)))
    hours = math.exp(draw.uniform(math.log(6), math.log(24 * 20)))
    changes: dict[str, Any] = {
        f"forces.{key}.paper": max(10, round(force.paper * wanted / people))
        for key, force in scenario.forces.items()
    }
    changes["time.horizon"] = f"{hours:.0f} h"
    changes["network.phone_mean"] = round(float(draw.uniform(2, 20)), 1)
    scenario = scenario.with_(changes)
    steps = wanted * hours / scenario.time.step
    replicates = min(int(math.exp(draw.uniform(0, math.log(60)))), max(1, int(work / steps)))
    if steps > work:
        scenario = scenario.with_({"time.horizon": f"{max(1.0, hours * work / steps):.0f} h"})
    return scenario, {"of": name, "replicates": replicates, "threads": int(draw.integers(1, 3))}


def measure(scenario: Any, how: dict[str, Any], base: Path) -> int:
    """Return the peak of a fresh process that runs a scenario [bytes]."""
    file = base / "scenario.yaml"
    file.write_text(dump_yaml(scenario), encoding="utf-8")
    words = [
        "run",
        str(file),
        "--replicates",
        str(how["replicates"]),
        "--threads",
        str(how["threads"]),
    ]
    line = [
        sys.executable,
        "-c",
        WHOLE_COMMAND,
        *words,
        "--out",
        str(base / "out"),
        "--no-progress",
    ]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=os.environ)
    return int(done.stdout.splitlines()[-1])


def main() -> int:
    """Measure as many as asked, print what was found; return 1 when an estimate was off."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scenarios", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=float, default=3e7, help="people times steps at most")
    parser.add_argument("--hours", type=float, default=math.inf, help="stop after so long")
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    began, rows = time.perf_counter(), []
    compile_kernels(print)
    for number in range(wanted.scenarios):
        scenario, how = drawn(np.random.default_rng([wanted.seed, number]), wanted.work)
        estimate = estimate_memory(scenario, how["replicates"], how["threads"]).own
        with tempfile.TemporaryDirectory() as base:
            peak = measure(scenario, how, Path(base))
        people = sum(force.paper for force in scenario.forces.values())
        rows.append(how | {"people": people, "hours": scenario.time.horizon, "estimate_mb": round(estimate / 1e6),
                           "peak_mb": round(peak / 1e6), "ratio": round(estimate / peak, 3)})  # fmt: skip
        print(rows[-1], file=sys.stderr)
        if time.perf_counter() - began > 3600 * wanted.hours:
            break
    ratios = [row["ratio"] for row in rows]
    off = [row for row in rows if not 1 <= row["ratio"] <= MOST]
    found = {
        "what": "estimate of memory beside the peak of the whole command, pages of files left out of both", "seed": wanted.seed,
        "scenarios": len(rows), "least": min(ratios), "median": float(np.median(ratios)), "most": max(ratios),
        "below the peak": sum(ratio < 1 for ratio in ratios), "more than 30 % above": sum(ratio > MOST for ratio in ratios),
        "largest_peak_mb": max(row["peak_mb"] for row in rows), "off": off,
        "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    tell(found, wanted.out)
    return int(bool(off))


if __name__ == "__main__":
    sys.exit(main())
