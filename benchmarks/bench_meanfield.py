"""The mean-field twin on the built-in cases: CPU seconds of a whole run, the world included."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import standfast as sf

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from machine import circumstances  # noqa: E402 - found by the line above

CASES = ("garrison", "quiet", "mosul-2014")
REPEATS = 7


def cpu_seconds(scenario: sf.Scenario) -> float:
    """Return the least CPU time of a run over repeats: what others do on the machine only adds."""
    taken = []
    for _ in range(REPEATS):
        begun = time.process_time()
        sf.run_meanfield(scenario)
        taken.append(time.process_time() - begun)
    return min(taken)


def main() -> None:
    """Measure every case and write the table."""
    rows = []
    for name in CASES:
        scenario = sf.load(name)
        seconds = cpu_seconds(scenario)
        n_step = round(scenario.time.horizon / scenario.time.step)
        rows.append({"scenario": name, "n_step": n_step, "cpu_s": round(seconds, 3)})
        print(f"{name:>12}: {seconds:.3f} s of CPU, {n_step} steps")
    target = ROOT / "benchmarks" / "results" / "meanfield.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"circumstances": circumstances(), "runs": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
