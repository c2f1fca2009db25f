"""The estimate of memory, against what fresh processes take that run the whole command."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numba
import pytest

from standfast.engine import memory
from standfast.engine.memory import COMPILER_BYTES, estimate_memory
from standfast.engine.warm import compile_kernels
from standfast.scenario.load import load_scenario

#: prints what a process that runs a command has of its own at most: estimated, and measured [bytes]
WHOLE_COMMAND = r"""
import json, re, sys
from pathlib import Path
from standfast.cli.main import run_command
from standfast.engine.memory import estimate_memory
from standfast.scenario.load import load_scenario

name, horizon, replicates, threads, folder = sys.argv[1:]
scenario = load_scenario(name, overrides=[f"time.horizon={horizon}"])
estimate = estimate_memory(scenario, int(replicates), int(threads)).own
code = run_command(["run", name, "--horizon", horizon, "--replicates", replicates,
                    "--threads", threads, "--out", folder, "--no-progress"])
assert code == 0
status = Path("/proc/self/status").read_text()
peak, files = (int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) for name in ("VmHWM", "RssFile"))
print(json.dumps([estimate, (peak - files) * 1024]))
"""


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    compile_kernels()


@pytest.mark.parametrize(
    ("name", "horizon", "replicates", "threads"),
    [
        ("garrison", "10 d", 1, 1),
        ("quiet", "3 d", 1, 1),
        ("mosul-2014", "5 d", 1, 1),
        ("mosul-2014", "5 d", 4, 2),
    ],
)
def test_the_estimate_lies_little_above_the_peak(tmp_path, name, horizon, replicates, threads):
    words = (name, horizon, str(replicates), str(threads), str(tmp_path / "out"))
    # with kernels that are compiled, and people that are still to be built: that takes more
    env = os.environ | {
        "STANDFAST_CACHE": str(tmp_path / "cache"),
        "NUMBA_CACHE_DIR": str(numba.config.CACHE_DIR),
    }
    done = subprocess.run(  # noqa: S603 - our own command with fixed arguments
        [sys.executable, "-c", WHOLE_COMMAND, *words],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )
    assert done.returncode == 0, done.stderr
    # without the pages of libraries, of which the system keeps more or fewer
    own, peak = json.loads(done.stdout.splitlines()[-1])
    assert peak <= own <= 1.3 * peak, f"{own / 1e6:.0f} MB for {peak / 1e6:.0f} MB"


def test_a_million_people_fit_the_estimate():
    """Measured once, as it takes long: 496 MB for three days of a million people, built anew, on one thread."""
    scenario = load_scenario("quiet", overrides=["time.horizon=3 d"])
    people = {f"forces.{name}.paper": 20 * force.paper for name, force in scenario.forces.items()}
    estimate = estimate_memory(scenario.with_(people), 1, 1).own
    assert 496e6 <= estimate <= 1.3 * 496e6


def test_each_thread_and_each_replicate_takes_its_share():
    scenario = load_scenario("garrison")
    one, side_by_side, in_turn = (
        estimate_memory(scenario, *asked) for asked in ((1, 1), (4, 2), (4, 1))
    )
    assert side_by_side.runs == 2 * one.runs
    assert in_turn.runs == one.runs
    assert in_turn.recordings == 4 * one.recordings
    assert in_turn.plan == one.plan
    # no more threads than replicates are at work
    assert estimate_memory(scenario, 1, 8) == one


def test_the_compiler_counts_where_nothing_is_compiled(monkeypatch):
    scenario = load_scenario("garrison")
    warm = estimate_memory(scenario, 1, 1)
    monkeypatch.setattr(memory, "is_cached", lambda _: False)
    assert estimate_memory(scenario, 1, 1).bytes - warm.bytes == COMPILER_BYTES


def test_the_sentence_gives_the_parts():
    estimate = memory.MemoryEstimate(
        libraries=150_000_000,
        program=250_000_000,
        plan=60_000_000,
        runs=40_000_000,
        recordings=1_500_000_000,
    )
    assert estimate.bytes == 2_000_000_000
    assert estimate.sentence == (
        "about 2.0 GB: 0.06 GB for people and ties, 0.04 GB for the runs in progress, "
        "1.50 GB for the results"
    )
