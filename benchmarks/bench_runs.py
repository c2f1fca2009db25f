"""Whole runs of the built-in cases: seconds, agent-steps a second and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from machine import circumstances  # noqa: E402 - found by the line above

CASES = [("garrison", 20, 1), ("garrison", 20, 2), ("quiet", 4, 2), ("mosul-2014", 20, 2)]


def measure(name: str, replicates: int, threads: int) -> dict[str, object]:
    """Run a case in a fresh process, so that memory is its own, and return its timing block."""
    code = (
        "import json, sys, standfast as sf\n"
        f"result = sf.run({name!r}, replicates={replicates}, seed=1, threads={threads}, progress=False)\n"
        "print(json.dumps({**result.summary['timing'], 'n_agent': result.summary['n_agent'],"
        " 'n_step': result.summary['n_step']}))\n"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    return {
        "scenario": name, "replicates": replicates, "threads": threads, **json.loads(output.splitlines()[-1])
    }  # fmt: skip


def main() -> None:
    """Measure every case and write the table."""
    rows = []
    for case in CASES:
        row = measure(*case)
        rows.append(row)
        print(f"{row['scenario']:>12} x{row['replicates']} on {row['threads']}: {row['simulate_s']:.1f} s, "
              f"{row['agent_steps_per_s']:.3g} agent-steps/s, {row['peak_rss_mb']:.0f} MB")  # fmt: skip
    target = ROOT / "benchmarks" / "results" / "runs.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"circumstances": circumstances(), "runs": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
