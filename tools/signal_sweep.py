"""Send signals to `standfast resume` at random moments, and see whether anything is lost or left untold.

    python tools/signal_sweep.py --each 20 --out benchmarks/results/signal_sweep.json

A sweep of `garrison` is resumed by the real command again and again. Each time it is given, after a random time
from its first acknowledged run on: SIGTERM, SIGHUP, SIGINT once, SIGINT twice, or SIGSTOP and later SIGCONT;
while it stands still, and at other times, a second command asks for the same folder, which must be
refused. A signal ends the command within seconds, with exit code 3 and a word on how to go on (130 after
a second SIGINT), never with a traceback. Nothing that was acknowledged is lost or computed again, and the
bytes at the end are those of a sweep that nobody disturbed.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kill_sweep import KEEP, acknowledged, begin, hashes, requests
from standfast.engine.warm import compile_kernels
from standfast.experiment.execute import execute
from standfast.experiment.ledger import LEDGER
from standfast.experiment.writer import writing_process
from standfast.scenario.load import load_scenario
from told import tell

#: way -> signals, and the exit codes that may follow
WAYS: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "SIGTERM": ((signal.SIGTERM,), (3,)),
    "SIGHUP": ((signal.SIGHUP,), (3,)),
    "SIGINT": ((signal.SIGINT,), (3,)),
    "SIGINT twice": ((signal.SIGINT, signal.SIGINT), (3, 130, -signal.SIGINT)),
}
OTHERS = ("SIGSTOP and SIGCONT", "two at once")
#: seconds in which a command must have ended after a signal, and in which its first run must be done
ENDS, STARTS = 60.0, 300.0


@dataclass
class Figures:
    """What was sent, and what came of it that should not have."""

    sent: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def check(self, *, holds: bool, says: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.wrong.append(says)


def command(folder: Path, workers: str) -> subprocess.Popen[str]:
    """Start `standfast resume`."""
    line = [
        sys.executable,
        "-X",
        "faulthandler",
        "-m",
        "standfast.cli",
        "resume",
        str(folder),
        workers,
        "2",
    ]
    return subprocess.Popen(
        [*line, "--no-progress"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def is_under_way(process: subprocess.Popen[str], folder: Path, before: int) -> bool:
    """Wait until a command has acknowledged a run; False when it ended first."""
    until = time.perf_counter() + STARTS
    while process.poll() is None and time.perf_counter() < until:
        if (folder / LEDGER).exists() and len(acknowledged(folder)) > before:
            return True
        time.sleep(0.01)
    return False


def check_refused(second: subprocess.Popen[str], holder: int, way: str, figures: Figures) -> None:
    """Wait for a command that asked for a folder in use."""
    try:
        _, told = second.communicate(timeout=STARTS)
    except subprocess.TimeoutExpired:
        second.send_signal(signal.SIGABRT)  # says where it hangs, and counts as wrong
        _, told = second.communicate()
    code = second.returncode
    figures.check(holds=code == 4, says=f"{way}: the second ended with {code}: {told!r}")
    figures.check(holds=f"process {holder}" in told, says=f"{way}: the second said {told!r}")


def two_at_once(folder: Path, workers: str, figures: Figures) -> subprocess.Popen[str]:
    """Start two commands for one folder; return the one that got it."""
    both = [command(folder, workers) for _ in range(2)]
    until = time.perf_counter() + STARTS
    while all(each.poll() is None for each in both) and time.perf_counter() < until:
        time.sleep(0.05)
    first, second = sorted(both, key=lambda each: each.poll() is not None)
    check_refused(second, first.pid, "two at once", figures)
    return first


def disturb(folder: Path, way: str, wait: float, figures: Figures, workers: str) -> bool:
    """Disturb one command in one way; return False when it was done before."""
    before = acknowledged(folder)
    if way == "two at once":
        process = two_at_once(folder, workers, figures)
    else:
        process = command(folder, workers)
    if is_under_way(process, folder, len(before)):
        time.sleep(wait)
    if process.poll() is not None:
        _, told = process.communicate()
        code = process.returncode
        figures.check(holds=code == 0, says=f"undisturbed, it ended with {code}: {told}")
        return way == "two at once"
    if way == "SIGSTOP and SIGCONT":
        process.send_signal(signal.SIGSTOP)
        if writing_process(folder) is None:  # its work was done, and it was about to end
            process.send_signal(signal.SIGCONT)
            process.communicate()
            return False
        check_refused(command(folder, "--threads"), process.pid, way, figures)
        process.send_signal(signal.SIGCONT)
    # what went on as if nothing had been is seen when it is stopped now
    signals, codes = WAYS.get(way, ((signal.SIGTERM,), (3,)))
    sent = time.perf_counter()
    for number in signals:
        process.send_signal(number)
        time.sleep(0.05)
    try:
        _, told = process.communicate(timeout=ENDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # says where it hangs
        _, told = process.communicate()
    figures.slowest = max(figures.slowest, time.perf_counter() - sent)
    if not (folder / LEDGER).exists():
        # its work was done: only its last words were interrupted, or Python, about to end, no longer looked
        codes += (130, -signals[0])
    judge(process.returncode, codes, told, way, figures)
    compare(folder, before, way, figures)
    return True


def judge(code: int, codes: tuple[int, ...], told: str, way: str, figures: Figures) -> None:
    """Compare how a command ended, and what it said, with what is expected."""
    # 0: the last run was acknowledged between looking and sending
    figures.check(holds=code in (*codes, 0), says=f"{way}: ended with {code}: {told!r}")
    figures.check(holds="Traceback" not in told, says=f"{way}: told a traceback: {told!r}")
    if code == 130:
        figures.check(holds="Interrupted." in told, says=f"{way}: ended without a word: {told!r}")
    if code == 3:
        figures.check(
            holds="standfast resume" in told, says=f"{way}: says not how to go on: {told!r}"
        )


def compare(folder: Path, before: dict[int, tuple[str, float]], way: str, figures: Figures) -> None:
    """See whether what had been acknowledged before is still there, computed once."""
    figures.sent[way] += 1
    if (folder / LEDGER).exists():
        now = acknowledged(folder)
        figures.check(holds=before.keys() <= now.keys(), says=f"{way}: acknowledged runs are lost")
        same = all(now[run] == known for run, known in before.items() if run in now)
        figures.check(holds=same, says=f"{way}: acknowledged runs were computed again")


def main() -> int:
    """Send as often as asked, print what was found; return 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--each", type=int, default=10, help="how often each way")
    parser.add_argument("--ways", default="", metavar="WORD", help="ways with this in their name")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--horizon", default="10 d")
    parser.add_argument("--longest", type=float, default=2.0, help="seconds until a signal at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    began = time.perf_counter()
    # a shell lets what it starts in the background ignore Ctrl-C, nohup a closed terminal, and so would the commands
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    draw = np.random.default_rng(wanted.seed)
    compile_kernels(print)
    garrison = load_scenario("garrison", overrides=[f"time.horizon={wanted.horizon}"])
    asked, figures, sweeps = requests(garrison, wanted.runs), Figures(), 0
    to_do = [way for way in (*WAYS, *OTHERS) if wanted.ways in way] * wanted.each
    draw.shuffle(to_do)
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        execute(asked, store=base / "undisturbed", threads=2, keep_agents=True,
                keep_series=KEEP.series, progress=False)  # fmt: skip
        expected = hashes(base / "undisturbed")
        while to_do:
            folder = base / f"sweep-{sweeps}"
            begin(folder, asked)
            while to_do and (folder / LEDGER).exists():
                workers = "--processes" if draw.random() < 0.3 else "--threads"
                if disturb(folder, to_do[-1], draw.uniform(0, wanted.longest), figures, workers):
                    to_do.pop()
            command(folder, "--threads").communicate()
            figures.check(holds=hashes(folder) == expected, says="other bytes at the end")
            sweeps += 1
    found = {
        "what": "signals to standfast resume", "seed": wanted.seed, "runs_of_a_sweep": wanted.runs,
        "sent": dict(sorted(figures.sent.items())), "sweeps": sweeps, "slowest_end_s": round(figures.slowest, 1),
        "failures": len(figures.wrong), "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    tell(found, wanted.out)
    print("\n".join(figures.wrong[:20]), file=sys.stderr)
    return int(bool(figures.wrong))


if __name__ == "__main__":
    sys.exit(main())
