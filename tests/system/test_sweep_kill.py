"""SIGKILL at random moments of a sweep: nothing lost, nothing done twice, the same bytes at the end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def killed(*options):
    line = [sys.executable, str(ROOT / "tools" / "kill_sweep.py"), *options]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout[done.stdout.index("{") :])


def assert_survived(found, kills):
    assert found["kills"] == kills
    assert found["lost"] == found["computed_twice"] == found["sweeps_with_other_bytes"] == 0


def test_a_few_kills_of_forks():
    assert_survived(killed("--kills", "8", "--runs", "16", "--horizon", "3 d"), 8)


def test_a_kill_of_the_command():
    options = ["--kills", "2", "--runs", "8", "--horizon", "3 d", "--command", "--longest", "4"]
    assert_survived(killed(*options), 2)


def test_the_figures_in_the_repository_are_of_three_thousand_kills():
    found = json.loads((ROOT / "benchmarks" / "results" / "kill_sweep.json").read_text())
    assert_survived(found, 3000)
    assert found["kills_while_writing_files"] > 100


@pytest.mark.slow
def test_two_hundred_kills():
    assert_survived(killed("--kills", "200", "--runs", "200", "--seed", "2"), 200)
