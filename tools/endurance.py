"""Let standfast work for hours while parts of it are killed, and see whether memory or files grow.

    python tools/endurance.py --hours 2 --out benchmarks/results/endurance.json

Three processes live all the time and are watched: one that computes ensembles, saves, loads, verifies and draws
them; one that finishes sweeps whose writers, or whose own workers, are killed by SIGKILL at random moments, and
compares the bytes with those of a sweep that nobody disturbed; and `standfast serve`, whose worlds are opened,
changed, branched, told about and closed, whose questions are asked and cancelled, and whose connections are dropped.
Memory is what a process holds for itself (`RssAnon`). Its slope is fitted after the first sixth of the time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "system"))

from served import Client, serving  # noqa: E402 - found by the line above

from kill_sweep import begin, command, fail, hashes, kill_after, requests  # noqa: E402 - beside this file
from standfast.engine.warm import compile_kernels  # noqa: E402
from standfast.errors import StandfastError  # noqa: E402
from standfast.experiment.ensemble import run_ensemble  # noqa: E402
from standfast.experiment.execute import resume  # noqa: E402
from standfast.experiment.verify import verify  # noqa: E402
from standfast.report.page import write_report  # noqa: E402
from standfast.results.result import Result  # noqa: E402
from standfast.scenario.load import load_scenario  # noqa: E402
from told import tell  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_EVERY = 20.0  # seconds
WARM = 1 / 6  # of the time, in which caches fill
MOST_SLOPE = 1.0  # MB an hour
RUNS = 24


def small() -> Any:
    """Return the scenario that is worked on: two days of a garrison."""
    return load_scenario("garrison", overrides=["time.horizon=2 d"])


def compute(folder: Path, round_: int) -> None:
    """Run, save over what is there, load, verify and draw."""
    found = run_ensemble(small(), 2, round_, 1, progress=False)
    found.save(folder / "out", pages={"report.html": lambda path: write_report(found, path)})
    again = Result.load(folder / "out")
    if verify(folder / "out").damage or not again.runs.equals(found.runs):
        fail("what was saved is not what was computed")


def finish(folder: Path, round_: int) -> None:
    """Finish a sweep in which the command was killed twice; every eighth time a worker of ours is killed as well."""
    sweep = folder / "sweep"
    shutil.rmtree(sweep, ignore_errors=True)
    begin(sweep, requests(small(), RUNS))
    draw = np.random.default_rng(round_)
    for _ in range(2):
        kill_after(command(sweep, folder), float(draw.uniform(0.3, 3.0)))
    if round_ % 8 == 7:
        killer = threading.Timer(float(draw.uniform(2.0, 6.0)), kill_a_worker)
        killer.start()
        with suppress(StandfastError):
            resume(sweep, processes=2, progress=False)
        killer.cancel()
        killer.join()
    resume(sweep, threads=1, progress=False)
    found, kept = hashes(sweep), folder / "first"
    if not kept.exists():
        kept.write_text(json.dumps(found))
    if json.loads(kept.read_text()) != found:
        fail("a sweep that was disturbed ended with other bytes")


def kill_a_worker() -> None:
    """Kill one of the worker processes of this process."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    workers = [
        int(child)
        for child in listed
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    if workers:
        os.kill(workers[-1], signal.SIGKILL)


class Visitor(Client):
    """Somebody who has the page of a dashboard open, and closes it midway."""

    def leave(self) -> None:
        """Follow the changes, and go away without a word."""
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            head = f"GET /api/changes HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}"
            line.sendall(f"{head}\r\n\r\n".encode())
            line.recv(64)


def use(folder: Path, client: Visitor, round_: int) -> None:
    """Play a game, put a question, stop something, close the page midway, and close every world."""
    play(client, round_)
    asked = {"scenario": "garrison", "horizon": "1 d", "replicates": 2, "seed": 1, "question": "compare",
             "measures": ["amnesty"], "place": "city"}  # fmt: skip
    answer = client.done("/api/questions", asked)
    client.call("GET", f"/api/results/{answer['result']}")
    shutil.rmtree(folder / answer["folder"])
    stopped = client.call("POST", "/api/worlds", {"scenario": "garrison"})["job"]
    client.call("POST", f"/api/jobs/{stopped}/cancel", {})
    client.leave()
    for world in client.call("GET", "/api/desk")["worlds"]:
        client.call("POST", f"/api/worlds/{world['id']}/close", {})


def play(client: Visitor, round_: int) -> None:
    """Open a world, let something happen in it, branch it, go on, and hear somebody's story."""
    world = client.done("/api/worlds", {"scenario": "garrison", "seed": round_, "to": 30})["world"]
    own_world = f"/api/worlds/{world}"
    client.call("GET", f"{own_world}/frames?from=0")
    client.call(
        "POST",
        f"{own_world}/inject",
        {"item": {"kind": "order", "place": "city", "order": "stand"}},
    )
    other = client.done(f"{own_world}/branch", {"to": 50, "items": [{"kind": "keep_leaders"}]})[
        "world"
    ]
    client.done(f"{own_world}/advance", {"to": 50})
    client.done(f"{own_world}/story", {"agent": round_ % 1000})
    client.call("GET", f"{own_world}/stayed?with={other}&hour=50")


def anonymous_mb(process: int) -> float:
    """Return the memory that a process holds for itself [MB]."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(text.partition("RssAnon:")[2].split()[0]) / 1024


class Watched:
    """A process and what it held, look by look."""

    def __init__(self, process: int, folder: Path) -> None:
        self.process, self.folder = process, folder
        self.rows: list[tuple[float, float, int, int, int]] = []

    def look(self, hours: float) -> None:
        """Write down memory, open files, threads, and the files that it has in its folder."""
        threads = sum(1 for _ in Path(f"/proc/{self.process}/task").iterdir())
        opened = sum(1 for _ in Path(f"/proc/{self.process}/fd").iterdir())
        kept = sum(1 for path in self.folder.rglob("*") if path.is_file())
        self.rows.append((hours, anonymous_mb(self.process), opened, threads, kept))

    def summary(self, hours: float) -> dict[str, Any]:
        """Return the slope of memory after the beginning, and the most of everything early and late."""
        every = np.array(self.rows)
        rows = every[every[:, 0] >= WARM * hours]
        slope = np.polyfit(rows[:, 0], rows[:, 1], 1)[0]
        half = len(rows) // 2
        most = {
            name: [int(part[:, column].max()) for part in (rows[:half], rows[half:])]
            for column, name in ((2, "open_files"), (3, "threads"), (4, "files_kept"))
        }
        return {
            "slope_mb_per_hour": round(float(slope), 3),
            "first_mb": round(float(rows[:10, 1].mean()), 1),
            "last_mb": round(float(rows[-10:, 1].mean()), 1),
            "mb_by_tenth": [
                round(float(np.median(part)), 1) for part in np.array_split(every[:, 1], 10)
            ],
            "highest_mb": round(float(rows[:, 1].max()), 1),
            "most_in_each_half": most,
        }


def live(
    work: Callable[[Path, int], None], folder: Path, until: float, rounds: Path, rest: float
) -> int:
    """Start a fork that works and rests again and again until a moment; return its number.

    `rest` is how many times as long as it worked it rests.
    """
    folder.mkdir(exist_ok=True)
    rounds.write_text("0")
    child = os.fork()
    if child:
        return child
    status, round_ = 1, 0
    try:
        while time.monotonic() < until:
            began = time.monotonic()
            work(folder, round_)
            round_ += 1
            rounds.write_text(str(round_))
            time.sleep(rest * (time.monotonic() - began))
        status = 0
    except BaseException as error:  # noqa: BLE001 - a fork must not go on with this program
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    os._exit(status)


def endure(base: Path, hours: float, rest: float) -> dict[str, Any]:
    """Let everything work for some hours, and return what was seen."""
    until = time.monotonic() + 3600 * hours
    os.nice(5)
    counts = {name: base / f"{name}.rounds" for name in ("computes", "finishes sweeps", "serves")}
    forked = {
        "computes": live(compute, base / "computes", until, counts["computes"], rest),
        "finishes sweeps": live(finish, base / "sweeps", until, counts["finishes sweeps"], rest),
    }
    (base / "served").mkdir()
    with serving(base / "served", "--port", "0") as (server, port, token):
        watched = {
            "computes": Watched(forked["computes"], base / "computes"),
            "finishes sweeps": Watched(forked["finishes sweeps"], base / "sweeps"),
            "serves": Watched(server.pid, base / "served"),
        }
        client = live(
            lambda _, k: use(base / "served", Visitor(port, token), k),
            base / "client",
            until,
            counts["serves"],
            rest,
        )
        began, alive = time.monotonic(), {**forked, "serves": client}
        failures: list[str] = []
        while alive and not failures:
            time.sleep(LOOK_EVERY)
            for one in watched.values():
                with suppress(FileNotFoundError, IndexError):  # it has just ended
                    one.look((time.monotonic() - began) / 3600)
            for name, child in list(alive.items()):
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    del alive[name]
                    failures += [name] if status else []
        for child in alive.values():
            os.kill(child, signal.SIGKILL)
    parts = {
        name: one.summary(hours) | {"rounds": int(counts[name].read_text())}
        for name, one in watched.items()
    }
    grown = [name for name, part in parts.items() if part["slope_mb_per_hour"] >= MOST_SLOPE]
    return {"hours": hours, "rest": rest, "processes": parts, "ended_wrong": failures, "memory_grew": grown}  # fmt: skip


def main() -> None:
    """Endure, print what was seen, and fail when anything grew or went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument(
        "--rest",
        type=float,
        default=0.0,
        metavar="TIMES",
        help="rest so many times as long as it worked",
    )
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    compile_kernels()
    with tempfile.TemporaryDirectory() as name:
        found = endure(Path(name).resolve(), wanted.hours, wanted.rest)
    tell(found, wanted.out)
    if found["ended_wrong"] or found["memory_grew"]:
        fail("something grew, or went wrong")


if __name__ == "__main__":
    main()
