"""What a run, a worker, a coordinator and the dashboard hold in memory at most, at the size of `garrison`.

The ceilings leave half as much again over what was measured, so that other versions of the libraries fit; a copy
of everything for each replicate, or results that are never let go, would not.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from served import Client, serving

#: MB; measured: 398, 405, 307 and 358, libraries included
RUN, COORDINATOR, WORKER, DASHBOARD = 600, 600, 460, 540
SWEEP = [
    "sweep",
    "garrison",
    "--vary",
    "commitment=8:10:4",
    "--replicates",
    "8",
    "--processes",
    "1",
]


def highest(process: int) -> int:
    """Return the most that a process held so far [MB]; 0 when it is gone."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
        return int(text.partition("VmHWM:")[2].split()[0]) // 1024
    except (FileNotFoundError, IndexError, ProcessLookupError):
        return 0


def children(process: int) -> list[int]:
    """Return the processes that a process started and did not end yet."""
    try:
        return [
            int(x) for x in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return []


def watched(folder: Path, words: list[str]) -> tuple[int, int]:
    """Give a command; return the most that it, and any process that it started, held [MB]."""
    command = [
        sys.executable,
        "-m",
        "standfast.cli",
        *words,
        "--out",
        str(folder / "out"),
        "--no-progress",
    ]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    own_most = most = 0
    while process.poll() is None:
        own_most = max(own_most, highest(process.pid))
        most = max([most, *map(highest, children(process.pid))])
        time.sleep(0.02)
    told = process.communicate()[0].decode()
    assert process.returncode == 0, told
    return own_most, most


def test_a_run_whether_of_two_replicates_or_of_forty(tmp_path):
    few, _ = watched(tmp_path, ["run", "garrison", "--replicates", "2", "--threads", "1"])
    many, _ = watched(tmp_path, ["run", "garrison", "--replicates", "40", "--threads", "1"])
    assert 0 < few <= many <= RUN, (few, many)


def test_a_coordinator_and_its_worker(tmp_path):
    coordinator, worker = watched(tmp_path, SWEEP)
    assert 0 < coordinator <= COORDINATOR
    assert 0 < worker <= WORKER


def test_the_dashboard_with_a_world_that_ran_to_its_end(tmp_path):
    with serving(tmp_path, "--port", "0") as (process, port, token):
        Client(port, token).done("/api/worlds", {"scenario": "garrison"})
        assert 0 < highest(process.pid) <= DASHBOARD
