"""The standard problems, side by side: every program in a process of its own, in interleaved rounds.

`python benchmarks/speed/suite.py --only B2` measures one part again; each part writes
`benchmarks/results/<part>.json`, and `page.py` makes the page of all that is there. The other programs are
installed by `make bench` into `.venv-peers`; without them, ours is measured alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tools")]

import numpy as np  # noqa: E402
from problems import problem_file  # noqa: E402

from machine import circumstances_since  # noqa: E402 - found by the lines above

RESULTS = ROOT / "benchmarks" / "results"
SMALL, USUAL, LARGE = 10_000, 250_000, 5_000_000
OURS, HAND, OTHERS, FRAMES = "ours.py", "hand.py", "peers.py", "frames.py"


@dataclass(frozen=True)
class Entry:
    """A program in a table: its name, where it stands, and the largest size it is given."""

    title: str
    module: str
    program: str
    largest: int = SMALL
    note: str = ""


THRESHOLD = (
    Entry("standfast", OURS, "threshold", LARGE),
    Entry("numba, by hand", HAND, "threshold", LARGE),
    Entry("scipy.sparse", OTHERS, "scipy_threshold", LARGE),
    Entry("jax", OTHERS, "jax_threshold", LARGE),
    Entry("CyNetDiff", OTHERS, "cynetdiff_threshold", USUAL),
    Entry("mesa-frames", FRAMES, "threshold", USUAL),
    Entry("NDlib", OTHERS, "ndlib_threshold", USUAL),
    Entry("Mesa", OTHERS, "mesa_threshold", USUAL),
    Entry("AgentPy", OTHERS, "agentpy_threshold", USUAL),
)
SIR = (
    Entry("standfast", OURS, "sir", LARGE),
    Entry("numba, by hand", HAND, "sir", LARGE),
    Entry("scipy.sparse", OTHERS, "scipy_sir", LARGE),
    Entry("jax", OTHERS, "jax_sir", LARGE),
    Entry("Starsim", OTHERS, "starsim_sir", USUAL),
    Entry("mesa-frames", FRAMES, "sir", USUAL),
    Entry(
        "EoN", OTHERS, "eon_sir", USUAL, note="in continuous time, with the same chance along a tie"
    ),
    Entry("Mesa", OTHERS, "mesa_sir", USUAL),
    Entry("NDlib", OTHERS, "ndlib_sir", USUAL),
    Entry("AgentPy", OTHERS, "agentpy_sir", USUAL),
)
ENSEMBLE = (
    Entry("standfast", OURS, "ensemble", note="100 replicates on two threads"),
    Entry("numba, by hand", HAND, "ensemble", note="100 replicates on two threads"),
    Entry("scipy.sparse", OTHERS, "scipy_ensemble", note="100 replicates, one after the other"),
)
BATCHES = (
    Entry(
        "Starsim", OTHERS, "starsim_batch", note="10 replicates by its parallel runs, two processes"
    ),
    Entry("Mesa", OTHERS, "mesa_batch", note="10 replicates by its batch runs, two processes"),
)
CIVIL = (Entry("standfast", OURS, "civil"), Entry("Mesa", OTHERS, "mesa_civil"))
LEFT_OUT = {
    "B1": {
        "EoN": "has no threshold model",
        "Starsim": "a disease there is caught from one contact; none counts how many act",
        "networkit": "has no threshold model",
    },
    "B2": {
        "CyNetDiff": "whoever is infected infects in one step only",
        "networkit": "its epidemic has fixed times to fall ill and to recover: another rule",
    },
}


class Suite:
    """Where programs are, where problems are kept, and how many rounds."""

    def __init__(self, peers: Path, rounds: int, *, large: bool) -> None:
        self.peers, self.rounds, self.large = peers, rounds, large
        self.folder = Path(tempfile.gettempdir()) / "standfast-problems"
        self.sizes = (SMALL, USUAL, LARGE) if large else (SMALL, USUAL)

    def python_of(self, module: str) -> Path:
        """Return the Python of the environment that a program stands in."""
        if module in (OURS, "whole.py", "limit.py"):
            return Path(sys.executable)
        return (
            self.peers.parents[1] / "frames" / "bin" / "python" if module == FRAMES else self.peers
        )

    def once(self, module: str, *arguments: str) -> dict[str, Any]:
        """Run one measurement in a process of its own and return what it told."""
        python = str(self.python_of(module))
        done = subprocess.run(
            [python, str(HERE / module), *arguments], capture_output=True, text=True, check=False,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        if done.returncode != 0:
            sys.exit(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
        told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return told

    def table(
        self, entries: tuple[Entry, ...], problem: Path, n: int, agree: Any
    ) -> list[dict[str, Any]]:
        """Measure every program on a problem, in rounds; answers are compared after the first."""
        with np.load(problem) as file:
            steps = int(file["steps"]) * (int(file["replicates"]) if "replicates" in file else 1)
        taken = [entry for entry in entries if self.python_of(entry.module).exists()]
        told: dict[str, list[dict[str, Any]]] = {entry.title: [] for entry in taken}
        for turn in range(self.rounds):
            for entry in taken:
                told[entry.title].append(self.once(entry.module, entry.program, str(problem)))
                print(
                    f"  {n:>9,} {entry.title:16} {told[entry.title][-1]['seconds']:9.3f} s",
                    flush=True,
                )
            if turn == 0:
                agree({title: rows[0]["answer"] for title, rows in told.items()}, n)
        return [row_of(entry, told[entry.title], n, steps) for entry in taken]


def row_of(entry: Entry, told: list[dict[str, Any]], n: int, steps: int) -> dict[str, Any]:
    """Return the medians of a program's rounds, per agent-step."""
    seconds, work = median(t["seconds"] for t in told), median(t["cpu_s"] for t in told)
    return {
        "program": entry.title, "n": n, "steps": steps, "note": entry.note, "rounds": len(told),
        "seconds": seconds, "ns": seconds / n / steps * 1e9, "cpu_s": work,
        "cpu_ns": work / n / steps * 1e9, "peak_mb": max(t["peak_mb"] for t in told),
        "all_seconds": [round(t["seconds"], 4) for t in told],
    }  # fmt: skip


def same(answers: dict[str, Any], n: int) -> None:
    """Refuse to compare times where any answer differs: the problem is deterministic."""
    first = next(iter(answers.values()))
    differing = [title for title, answer in answers.items() if answer != first]
    if differing:
        sys.exit(f"at {n:,}, {', '.join(differing)} differ from {next(iter(answers))}: {answers}")


def alike(answers: dict[str, Any], n: int) -> None:
    """Refuse to compare times where a share ever infected is further from the median than chance."""
    slack = 0.05 if n < 100_000 else 0.02
    shares = {title: np.mean(answer) / n for title, answer in answers.items()}
    middle = median(shares.values())
    differing = [title for title, share in shares.items() if abs(share - middle) > slack]
    if differing:
        sys.exit(f"at {n:,}, {', '.join(differing)} are not alike: {shares}")


def b1(suite: Suite) -> dict[str, Any]:
    """Threshold cascade to its fixpoint."""
    return _graph(suite, "threshold", THRESHOLD, same) | {"left_out": LEFT_OUT["B1"]}


def b2(suite: Suite) -> dict[str, Any]:
    """SIR of 100 steps."""
    return _graph(suite, "sir", SIR, alike) | {"left_out": LEFT_OUT["B2"]}


def _graph(suite: Suite, kind: str, entries: tuple[Entry, ...], agree: Any) -> dict[str, Any]:
    rows = []
    for n in suite.sizes:
        some = tuple(entry for entry in entries if entry.largest >= n)
        rows += suite.table(some, problem_file(kind, n, suite.folder), n, agree)
    return {"rows": rows}


def b3(suite: Suite) -> dict[str, Any]:
    """Epstein's citizens without cops, as many as in the example that Mesa ships, and twice as many."""
    rows = []
    for side in (40, 60):
        path = suite.folder / f"civil-{side}.npz"
        suite.folder.mkdir(parents=True, exist_ok=True)
        np.savez(path, side=side, legitimacy=0.82, threshold=0.1, steps=10, where=str(path))
        suite.once(OTHERS, "mesa_citizens", str(path))
        with np.load(path) as file:
            n = int(file["n"])
        rows += suite.table(CIVIL, path, n, same)
    return {"rows": rows}


def b4(suite: Suite) -> dict[str, Any]:
    """Run a hundred replicates of the epidemic among 25,000."""
    n = 25_000
    one = problem_file("sir", n, suite.folder)
    rows = []
    for entries, replicates in ((ENSEMBLE, 100), (BATCHES, 10)):
        many = suite.folder / f"sir-{n}-{replicates}.npz"
        with np.load(one) as file:
            np.savez(many, **{name: file[name] for name in file}, replicates=replicates)
        if entries is ENSEMBLE or suite.peers.exists():
            rows += suite.table(entries, many, n, alike)
    return {"rows": rows}


def b5(suite: Suite) -> dict[str, Any]:
    """Mosul 2014 at full size: a replicate, an ensemble, starting, the page."""
    told = [suite.once("whole.py", "replicate") for _ in range(suite.rounds)]
    replicate = {name: median(t[name] for t in told) for name in told[0]}
    found = {"replicate": replicate, "start": suite.once("whole.py", "start")}
    found["build"] = suite.once("whole.py", "build")
    many = 100 if suite.large else 8
    found["ensemble"] = [suite.once("whole.py", "ensemble", str(many), str(k)) for k in (1, 2)]
    found["report"] = suite.once("whole.py", "report")
    return found


def b6(suite: Suite) -> dict[str, Any]:
    """From 25 thousand people to 25 million."""
    sizes = (25_000, 250_000, 2_500_000) + ((25_000_000,) if suite.large else ())
    rows = [suite.once("whole.py", "scale", str(n)) for n in sizes]
    logs = np.log([[row["n"], row["cpu_s"]] for row in rows])
    return {"rows": rows, "slope": float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])}


def b7(suite: Suite) -> dict[str, Any]:
    """Measure what the machine can do at most."""
    return {"limit": suite.once("limit.py"), "work": suite.once("whole.py", "work")}


PARTS = {"B1": b1, "B2": b2, "B3": b3, "B4": b4, "B5": b5, "B6": b6, "B7": b7}


def main() -> None:
    """Measure the parts asked for, write each down, and make the page."""
    parser = argparse.ArgumentParser(description="measure the standard problems, side by side")
    parser.add_argument(
        "--only", action="append", choices=sorted(PARTS), help="one part; may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (3)")
    parser.add_argument(
        "--large", action="store_true", help="the largest sizes and whole ensembles too"
    )
    parser.add_argument(
        "--peers", type=Path, default=ROOT / ".venv-peers" / "bin" / "python",
        help="Python of the other programs",
    )  # fmt: skip
    chosen = parser.parse_args()
    suite = Suite(chosen.peers, chosen.rounds, large=chosen.large)
    RESULTS.mkdir(exist_ok=True)
    for name in chosen.only or sorted(PARTS):
        print(f"{name}: {PARTS[name].__doc__}", flush=True)
        load = os.getloadavg()[0]
        found = PARTS[name](suite)
        target = RESULTS / f"{name}.json"
        target.write_text(
            json.dumps({"circumstances": circumstances_since(load), **found}, indent=1) + "\n"
        )
    subprocess.run([sys.executable, str(HERE / "page.py")], check=True)


if __name__ == "__main__":
    main()
