"""Kill a sweep again and again, at random moments, and see whether anything is lost or done twice.

    python tools/kill_sweep.py --kills 200 --runs 200 --out benchmarks/results/kill_sweep.json

A child process resumes a sweep of `garrison` and is ended by SIGKILL after a random time, then the next
one goes on. Runs that the child reported as acknowledged must be in the ledger, with the bytes and the
time of the first computation (so that none was lost and none computed twice); and the files of the
finished sweep must equal those of a sweep that nobody disturbed. With `--command` the child is the
command `standfast resume` itself, otherwise a fork of this process, which starts at once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from standfast.engine.warm import compile_kernels
from standfast.experiment.execute import RunRequest, execute, resume
from standfast.experiment.finished import keep_to_json
from standfast.experiment.keys import model_version
from standfast.experiment.ledger import LEDGER, Ledger
from standfast.experiment.outcome import Keep
from standfast.experiment.queueing import enqueue
from standfast.scenario.load import load_scenario
from told import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.scenario.model import Scenario

ENDLESS = 3600.0  # seconds
KEEP = Keep(agents=True, series=("serving",))


def fail(says: str) -> NoReturn:
    """End with a sentence and exit code 1."""
    raise SystemExit(says)


def requests(scenario: Scenario, runs: int) -> list[RunRequest]:
    """Return the runs of the sweep: replicates of two scenarios."""
    changed = scenario.with_({"places.city.infiltration": 0.2})
    half = runs // 2
    return [RunRequest(scenario, 1, k, "as it is") for k in range(runs - half)] + [
        RunRequest(changed, 1, k, "fewer informers") for k in range(half)
    ]


def begin(folder: Path, wanted: list[RunRequest]) -> None:
    """Write the queue of a sweep, as a sweep that was killed before its first run."""
    folder.mkdir()
    with closing(Ledger(folder / LEDGER)) as ledger:
        enqueue(ledger, wanted, model_version(), {"keep": keep_to_json(KEEP)})


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file."""
    return {x.name: hashlib.sha256(x.read_bytes()).hexdigest() for x in sorted(folder.iterdir())}


def acknowledged(folder: Path) -> dict[int, tuple[str, float]]:
    """Return digest and seconds of every run that the ledger says is done."""
    with closing(sqlite3.connect(folder / LEDGER)) as db:
        found = db.execute("SELECT id, digest, seconds FROM run WHERE row IS NOT NULL").fetchall()
    return {run: (digest, seconds) for run, digest, seconds in found}


def fork(folder: Path, told: Path) -> int:
    """Start a fork of this process that resumes the sweep, and return its number."""
    child = os.fork()
    if child:
        return child
    write = Ledger.acknowledge

    def acknowledge(self: Ledger, finished: list) -> float:
        work = write(self, finished)
        with told.open("a") as file:
            file.write("".join(f"{run}\n" for run, _ in finished))
        return work

    Ledger.acknowledge = acknowledge  # type: ignore[method-assign, assignment]
    try:
        resume(folder, threads=2, progress=False)
    except BaseException as error:  # noqa: BLE001 - a fork must not go on with this program
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(1)
    os._exit(0)


def command(folder: Path, told: Path) -> int:
    """Start the command itself, and return the number of its process."""
    del told  # what it acknowledged is only known from the ledger
    line = [sys.executable, "-m", "standfast.cli", "resume", str(folder), "--threads", "2"]
    return subprocess.Popen([*line, "--no-progress"], stdout=subprocess.DEVNULL).pid


def kill_after(child: int, seconds: float) -> bool:
    """Kill a child after a time; return whether it was still at work."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        done, state = os.waitpid(child, os.WNOHANG)
        if done:
            if state:
                fail(f"the sweep ended with {os.waitstatus_to_exitcode(state)}")
            return False
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def torture(
    folder: Path,
    start: Callable[[Path, Path], int],
    longest: float,
    draw: np.random.Generator,
    kills: int,
    runs: int,
) -> dict[str, int]:
    """Kill one sweep up to so many times, then let it finish; return what was counted."""
    told = folder.with_suffix(".told")
    told.touch()
    known: dict[int, tuple[str, float]] = {}
    counted = {"kills": 0, "kills_while_writing_files": 0, "lost": 0, "computed_twice": 0}
    while counted["kills"] < kills:
        all_done = len(known) == runs
        # what is left once all runs are done is quick: aim at it
        if not kill_after(start(folder, told), draw.uniform(0, longest * (0.2 if all_done else 1))):
            break
        counted["kills"] += 1
        counted["kills_while_writing_files"] += all_done
        if not (folder / LEDGER).exists():
            break  # killed after the last file was in place
        now = acknowledged(folder)
        said = {int(line) for line in told.read_text().split()}
        counted["lost"] += len((said | known.keys()) - now.keys())
        counted["computed_twice"] += sum(now[run] != known[run] for run in known.keys() & now)
        known = now
    kill_after(fork(folder, told), ENDLESS)
    return counted


def main() -> None:
    """Kill as often as asked, print what was found, and fail when it was anything."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, help="seconds until a kill at most")
    parser.add_argument("--horizon", default="10 d")
    parser.add_argument("--command", action="store_true", help="kill the command, not a fork")
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    longest = wanted.longest or (8.0 if wanted.command else 1.0)
    garrison = load_scenario("garrison", overrides=[f"time.horizon={wanted.horizon}"])
    draw = np.random.default_rng(wanted.seed)
    compile_kernels(print)
    began = time.perf_counter()
    total = {"kills": 0, "kills_while_writing_files": 0, "lost": 0, "computed_twice": 0}
    total |= {"sweeps": 0, "sweeps_with_other_bytes": 0}
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        # before the first fork only what leaves no threads behind: tables are written in children
        asked = requests(garrison, wanted.runs)
        if os.fork() == 0:
            execute(asked, store=base / "undisturbed", threads=2, keep_agents=True,
                    keep_series=KEEP.series, progress=False)  # fmt: skip
            os._exit(0)
        if os.wait()[1]:
            fail("the undisturbed sweep failed")
        expected = hashes(base / "undisturbed")
        while total["kills"] < wanted.kills:
            folder = base / f"sweep-{total['sweeps']}"
            begin(folder, asked)
            start = command if wanted.command else fork
            left = wanted.kills - total["kills"]
            found = torture(folder, start, longest, draw, left, wanted.runs)
            for key, number in found.items():
                total[key] += number
            total["sweeps"] += 1
            total["sweeps_with_other_bytes"] += hashes(folder) != expected
    said = {
        "what": "standfast resume killed" if wanted.command else "forks of a sweep killed",
        "runs_of_a_sweep": wanted.runs,
        "horizon": wanted.horizon,
        "seed": wanted.seed,
        **total,
        "seconds": round(time.perf_counter() - began, 1),
    }
    tell(said, wanted.out)
    if total["lost"] or total["computed_twice"] or total["sweeps_with_other_bytes"]:
        fail("the sweep did not survive")


if __name__ == "__main__":
    main()
