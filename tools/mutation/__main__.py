"""Test the tests: plant small faults in the kernels, and see whether any test notices.

    python tools/mutation [kernels|population|network] [--share 1.0] [--only leaving,fear] [--processes 2]

A fault is put in place by exchanging the code of a function. Kernels run interpreted for that. A fault in
them is first held against small runs that the slow twin has confirmed, those that run the line;
what survives is held against the tests of the kernels. A fault in the code of population or network is
held against the tests of those, with kernels compiled. Writes docs/validation/mutation.json, and
mutation.md with the survivors and the reasons given in tools/mutation/survivors.yaml.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from types import FunctionType
from typing import Any

ROOM = next((x for x in sys.argv[1:] if x in {"population", "network"}), "kernels")
if ROOM == "kernels":
    os.environ["NUMBA_DISABLE_JIT"] = "1"
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
warnings.simplefilter("ignore")

import numpy as np  # noqa: E402  after the switch that turns the compiler off
import pytest  # noqa: E402
from judged import Outcome, renew_report, unexplained, write_report  # noqa: E402
from mutants import Mutant, mutants_of  # noqa: E402
from witnesses import ROOT, Witness, gather  # noqa: E402

PACKAGE = ROOT / "src" / "standfast"
#: no rules of the model: where compiled code, people and ties are kept, codes, and what only describes
NOT_MUTATED = {"__init__", "_cache", "_jit", "status", "archive", "cache", "diagnostics"}
#: which tests know a room, the quickest first
TESTS = {
    "kernels": ("tests/kernel",),
    "population": ("tests/unit/test_population.py", "tests/statistical/test_population.py"),
    "network": ("tests/unit/test_network.py", "tests/statistical/test_network.py"),
}
#: of processor time, after which a mutant is taken not to end
SECONDS = 90
#: runs that a mutant is held against at most; nearly all that are noticed are so by the first
MOST_WITNESSES = 40
#: what the judging processes inherit
SHARED: dict[str, Any] = {}
QUIET = ("-q", "-x", "--no-header", "--tb=no", "-p", "no:randomly", "-p", "no:cacheprovider",
         "-p", "no:xdist", "-W", "ignore", "-m", "not slow")  # fmt: skip


def main() -> int:
    """Judge the mutants and write the report."""
    parser = argparse.ArgumentParser(description="plant faults and see what notices")
    parser.add_argument("room", nargs="?", choices=TESTS, default="kernels")
    parser.add_argument("--share", type=float, default=1.0, help="share of the mutants to judge")
    parser.add_argument("--only", default="", help="modules, separated by commas")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--witnesses", type=int, default=1500, help="scenarios to draw")
    parser.add_argument(
        "--again", action="store_true", help="only the survivors of before that nothing explains"
    )
    options = parser.parse_args()
    np.seterr(all="ignore")
    began = time.perf_counter()
    chosen = choose(options.share, {x for x in options.only.split(",") if x})
    if options.again:
        chosen = survivors(choose(1.0, set()))
    kernels = options.room == "kernels"
    witnesses = gather(options.witnesses, 11, PACKAGE / "kernels") if kernels else []
    failing = tests_that_fail_anyway()
    print(f"{len(chosen)} mutants, {len(witnesses)} runs confirmed by the twin, "
          f"{len(failing)} tests left out, {time.perf_counter() - began:.0f} s", flush=True)  # fmt: skip
    SHARED.update(chosen=chosen, witnesses=witnesses, failing=failing, tests_first=options.again)
    outcomes: list[Outcome] = []
    # forked, so that every process has the witnesses; code objects do not travel, numbers do
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        for n, outcome in enumerate(pool.imap_unordered(judge, range(len(chosen))), 1):
            outcomes.append(outcome)
            if n % 100 == 0:
                found = Counter(x.found_by for x in outcomes)
                print(n, dict(found), f"{time.perf_counter() - began:.0f} s", flush=True)
    seconds = time.perf_counter() - began
    if options.again:
        renew_report(options.room, outcomes)
    else:
        write_report(options.room, outcomes, share=options.share, seconds=seconds)
    return 0


def choose(share: float, only: set[str]) -> list[Mutant]:
    """Return the mutants to judge: all, or a random share that is the same every time."""
    files = [x for x in sorted((PACKAGE / ROOM).glob("*.py")) if x.stem not in NOT_MUTATED]
    every = [m for x in files if not only or x.stem in only for m in mutants_of(x, x.stem)]
    every = [m for m in every if isinstance(function_of(m), FunctionType)]
    order = np.random.default_rng(7).permutation(len(every))[: round(share * len(every))]
    return [every[k] for k in order]


def survivors(every: list[Mutant]) -> list[Mutant]:
    """Return those that nothing noticed when they were judged, and that nothing explains."""
    names = unexplained(ROOM)
    return [m for m in every if (m.module, m.line, m.says) in names]


def judge(number: int) -> Outcome:
    """Put a fault in place in a process of its own, and say what noticed it."""
    mutant: Mutant = SHARED["chosen"][number]
    witnesses: list[Witness] = SHARED["witnesses"]
    there = [w for w in witnesses if (mutant.module, mutant.line) in w.lines][:MOST_WITNESSES]
    others = [w for w in witnesses if w not in there][:3]
    child = os.fork()
    if child == 0:
        code = 0
        try:
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            silence()
            install(mutant)
            code = noticed_by(
                (*there, *others), SHARED["failing"], tests_first=SHARED["tests_first"]
            )
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    found = {10: "twin", 11: "tests"}.get(os.waitstatus_to_exitcode(status))
    if os.WIFSIGNALED(status):
        found = "time"
    return Outcome(mutant.module, mutant.function, mutant.line, mutant.says, found)


def noticed_by(witnesses: tuple[Witness, ...], failing: list[str], *, tests_first: bool) -> int:
    """Return 10 when a run shows the fault, 11 when a test does, 0 when neither."""
    if tests_first and run_tests(failing):
        return 11
    if any(w.contradicts() for w in witnesses):
        return 10
    return 11 if not tests_first and run_tests(failing) else 0


def install(mutant: Mutant) -> None:
    """Exchange the code of the function, wherever it is used."""
    function_of(mutant).__code__ = mutant.code


def function_of(mutant: Mutant) -> Any:
    """Return the function that has the fault; a compiled one has no code to exchange."""
    module = importlib.import_module(f"standfast.{ROOM}.{mutant.module}")
    return getattr(module, mutant.function)


def run_tests(failing: list[str]) -> bool:
    """Tell whether any test of the room fails now."""
    left_out = [f"--deselect={name}" for name in failing]
    return pytest.main([*TESTS[ROOM], *QUIET, *left_out]) != 0


def tests_that_fail_anyway() -> list[str]:
    """Return the tests that fail with nothing mutated: those that need compiled kernels."""

    class Failures:
        def __init__(self) -> None:
            self.names: list[str] = []

        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.failed:
                self.names.append(report.nodeid)

    failures = Failures()
    os.chdir(ROOT)
    pytest.main([*TESTS[ROOM], *(x for x in QUIET if x != "-x")], plugins=[failures])
    return sorted(set(failures.names))


def silence() -> None:
    """Let nothing that a mutant prints disturb the report."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


if __name__ == "__main__":
    sys.exit(main())
