"""Give the commands of the laboratory, and write what they print, and how long they took, into the guide.

    python tools/show_laboratory.py compare-mosul tip-garrison
    python tools/show_laboratory.py            # only the page, from what is there

Every command is started as a user would, in an empty folder; its output goes to `docs/guide/shown/`
as it is, with the seconds and the processors of the machine, and from there to the page.
"""

from __future__ import annotations

import argparse
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from kill_sweep import fail

ROOT = Path(__file__).parents[1]
SHOWN, PAGE = ROOT / "docs" / "guide" / "shown", ROOT / "docs" / "guide" / "laboratory.md"
NOTE = "<!-- Written by tools/show_laboratory.py, which gave these commands. -->\n\n"
WIDTH = "100"


class Asked(NamedTuple):
    """A command, and what it is to show."""

    title: str
    line: str
    says: str


COMMANDS = {
    "compare-mosul": Asked(
        "Five measures, fifty pairs each",
        "standfast compare mosul-2014 --with answer-calls --with keep-leaders --with move-families "
        "--with protect-records --with mobilise-volunteers --replicates 50",
        "300 runs at full size: 250,000 people, 20 days, hour by hour.",
    ),
    "compare-garrison": Asked(
        "How many runs pairs save",
        "standfast compare garrison --with keep-leaders:size=0.5 --with sanction --with "
        "verified-channel --with leave-policy --with keep-leaders+answer-calls --replicates 50",
        "The last column says how many times fewer runs the pairs needed than two independent "
        "ensembles would for the same interval.",
    ),
    "tip-garrison": Asked(
        "A tipping point",
        "standfast tip garrison --vary commitment=5:14 --runs 300 --within 0.05 --hysteresis",
        "Stops when the interval is within 5 % of the value, or after 300 runs.",
    ),
    "tip-mosul": Asked(
        "A field that tips nothing",
        "standfast tip mosul-2014 --vary infiltration=0:1",
        "250,000 people. Mosul collapses whatever the reach of informers there.",
    ),
    "sweep-garrison": Asked(
        "A phase diagram",
        "standfast sweep garrison --vary infiltration=0:0.6:5 --vary commitment=6:14:5 "
        "--replicates 8",
        "Two fields at once; the table and the figure are in the folder.",
    ),
    "sensitivity-garrison": Asked(
        "What matters",
        "standfast sensitivity garrison --size 6 --replicates 2 --by family",
        "Morris' screening of every behavioural parameter that has a prior, in groups.",
    ),
    "why-garrison": Asked(
        "Why they left",
        "standfast why garrison --replicates 10",
        "Each mechanism off in turn, and groups of mechanisms by Shapley values.",
    ),
    "kill-sweep": Asked(
        "Killed two hundred times",
        "python tools/kill_sweep.py --command --kills 200 --longest 12 "
        "--out benchmarks/results/kill_sweep_command.json",
        "`standfast resume` killed with SIGKILL at random moments until its sweep of 200 runs of "
        "`garrison` was killed 200 times, and compared with one that nobody disturbed.",
    ),
    "kill-worker": Asked(
        "A worker lost",
        "python tools/kill_worker.py --runs 60",
        "Two Dask workers, one killed midway: the bytes are those made on threads.",
    ),
}


def processor_seconds() -> float:
    """Return what children of this process took of a processor's time so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def give(line: str, width: str, folder: str) -> tuple[str, float, float]:
    """Give a command in a folder; return what it printed, the seconds, and those of a processor."""
    words = shlex.split(line)
    if words[0] == "standfast":
        command = [sys.executable, "-m", "standfast.cli", *words[1:], "--no-progress"]
    else:
        command = [sys.executable, str(ROOT / words[1]), *words[2:]]
    environment = {**os.environ, "COLUMNS": width, "NO_COLOR": "1"}
    began, before = time.perf_counter(), processor_seconds()
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    seconds, worked = time.perf_counter() - began, processor_seconds() - before
    if done.returncode:
        fail(f"{line} ended with {done.returncode}:\n{done.stderr}")
    lines = [line.rstrip() for line in done.stdout.rstrip().splitlines()]
    return "\n".join(lines), seconds, worked


def ask(name: str) -> None:
    """Give one command and keep what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        printed, seconds, worked = give(COMMANDS[name].line, WIDTH, folder)
    SHOWN.mkdir(exist_ok=True)
    processors = len(os.sched_getaffinity(0))
    took = f"[{seconds:.0f} s on {processors} processors; {worked:.0f} s of processor time]"
    text = f"$ {COMMANDS[name].line}\n{printed}\n\n{took}"
    (SHOWN / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    print(text)


def printed_by(name: str) -> str:
    """Return what a command printed: as it was kept, or in the file that it wrote itself."""
    path = SHOWN / f"{name}.txt"
    if path.exists():
        return path.read_text(encoding="utf-8").partition("\n")[2]
    _, wrote, own = COMMANDS[name].line.partition("--out ")
    return (ROOT / own).read_text(encoding="utf-8") if wrote else ""


def page() -> str:
    """Return the page of what was shown so far."""
    parts = [
        NOTE,
        "# The laboratory at work\n\n",
        "What the commands of the laboratory print, at real size. Each was given by a program as it "
        "stands here, in an empty folder, on a machine of two processors that others used as well; the time is "
        "that from start to end, compiled kernels ready, beside what the command itself took of a processor. `--no-progress` was added.\n\n",
        "What the columns mean is in [what if](what-if.md) and [many runs](many-runs.md). The cases are "
        "models with assumed parameters; nothing here is a forecast.\n",
    ]
    for name, asked in COMMANDS.items():
        printed = printed_by(name)
        if not printed:
            continue
        kind = "console" if asked.line.startswith("standfast") else "sh"
        parts.append(f"\n## {asked.title}\n\n{asked.says}\n\n```{kind}\n{asked.line}\n```\n\n")
        parts.append(f"```text\n{printed.rstrip()}\n```\n")
    return "".join(parts)


def main() -> None:
    """Give the commands that are named, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(COMMANDS))
    parser.add_argument(
        "--check", action="store_true", help="only tell whether the page is current"
    )
    wanted = parser.parse_args()
    if wanted.check:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        raise SystemExit(None if current else f"{PAGE.name} is not what was shown")
    if unknown := set(wanted.names) - set(COMMANDS):
        fail(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(COMMANDS)}")
    for name in wanted.names:
        ask(name)
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
