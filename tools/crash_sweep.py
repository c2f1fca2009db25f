"""Die before and after every file operation that finishes a sweep, one after another, and go on.

    python tools/crash_sweep.py --out benchmarks/results/crash_sweep.json

A fork of this process resumes a sweep and kills itself at the n-th call of fsync, rename or unlink,
for every n until none is left; then another fork resumes what it left. Done for a ledger whose runs
are all computed, and for finished files of which one is damaged. The bytes at the end must be those
of an undisturbed sweep every time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kill_sweep import KEEP, begin, fail, hashes, requests
from standfast.engine.warm import compile_kernels
from standfast.experiment import execute as module
from standfast.experiment.execute import execute, resume
from standfast.scenario.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATIONS = ("fsync", "replace", "unlink")
QUIET: dict[str, Any] = {"threads": 1, "progress": False}


def in_fork(work: Callable[[], object]) -> int:
    """Do something in a fork of this process, and return how it ended: 0, or less for a signal."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - a fork must not go on with this program
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(point: int) -> None:
    """Make this process kill itself at a point: twice the number of the call, and one more after it."""
    calls = 0

    def doomed(real: Callable[..., object]) -> Callable[..., object]:
        def operation(*arguments: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            if 2 * calls == point:
                os.kill(os.getpid(), signal.SIGKILL)
            number = calls
            try:
                return real(*arguments, **named)
            finally:
                if 2 * number + 1 == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        return operation

    for name in OPERATIONS:
        setattr(os, name, doomed(getattr(os, name)))


def computed(folder: Path, runs: int) -> None:
    """Leave a ledger whose runs are all done, and no files."""

    def stop(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    begin(folder, requests(load_garrison(), runs))

    def work() -> None:
        module.compact = stop  # type: ignore[assignment]
        resume(folder, **QUIET)

    if in_fork(work) != -signal.SIGKILL:
        fail("the runs were not computed")


def load_garrison() -> Any:
    """Return the scenario of the sweep."""
    return load_scenario("garrison", overrides=["time.horizon=2 d"])


def crash_everywhere(start: Path, base: Path, expected: dict[str, str]) -> tuple[int, int]:
    """Return at how many points it died, and after how many of them the bytes were others."""
    died = wrong = 0
    for point in range(2, 10_000):
        folder = base / "crashed"
        shutil.copytree(start, folder)

        def doomed(point: int = point, folder: Path = folder) -> None:
            die_at(point)
            resume(folder, **QUIET)

        ended = in_fork(doomed)
        if ended != -signal.SIGKILL:
            if hashes(folder) != expected:
                fail("the sweep that did not die has other bytes")
            shutil.rmtree(folder)
            return died, wrong
        died += 1
        in_fork(lambda folder=folder: resume(folder, **QUIET))  # type: ignore[misc]
        wrong += hashes(folder) != expected
        shutil.rmtree(folder)
    return died, wrong


def main() -> None:
    """Die everywhere, print what was found, and fail when the bytes were ever others."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    compile_kernels()
    asked = requests(load_garrison(), wanted.runs)
    found: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        kept = {"keep_agents": KEEP.agents, "keep_series": KEEP.series}
        in_fork(lambda: execute(asked, store=base / "undisturbed", **kept, **QUIET))
        expected = hashes(base / "undisturbed")
        computed(base / "computed", wanted.runs)
        shutil.copytree(base / "undisturbed", base / "damaged")
        (base / "damaged" / "kept-00000.parquet").write_bytes(b"damaged")
        for start in ("computed", "damaged"):
            died, wrong = crash_everywhere(base / start, base, expected)
            found[start] = {"deaths": died, "other_bytes": wrong}
    text = json.dumps({"what": "died at every fsync, rename and unlink", **found}, indent=1)
    print(text)
    if wanted.out:
        wanted.out.write_text(text + "\n")
    if any(part["other_bytes"] or not part["deaths"] for part in found.values()):
        fail("the sweep did not survive")


if __name__ == "__main__":
    main()
