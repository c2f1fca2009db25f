"""Where kernels were compiled once, no later process compiles anything, whatever it is asked for.

A function that numba does not keep is compiled anew in every process that calls it from Python: half a
second of waiting, and tens of megabytes, that nobody sees the reason of.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from standfast.engine.warm import compile_kernels

SCRIPT = Path(__file__).parent / "scripts" / "compiled_here.py"
SHORT = ("--horizon", "1 d", "--replicates", "2", "--no-progress")
ASKED = {
    "a run": ("run", "mosul-2014", "--threads", "2", *SHORT),
    "a comparison": ("compare", "garrison", "--with", "keep-leaders", *SHORT),
    "a world in which everything happens": ("world",),
}


def compiled_in(folder: Path, *words: str) -> list[str]:
    """Return what a process compiles that has the people of no earlier one."""
    kernels = str(numba.config.CACHE_DIR)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words],
        capture_output=True, text=True, check=False, cwd=folder, timeout=600,
        env=os.environ | {"STANDFAST_CACHE": str(folder / "cache"), "NUMBA_CACHE_DIR": kernels},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    compile_kernels()


@pytest.mark.parametrize("words", ASKED.values(), ids=list(ASKED))
def test_nothing_is_compiled_a_second_time(tmp_path, words):
    assert compiled_in(tmp_path, *words) == []


def test_a_function_that_is_not_kept_is_found(tmp_path):
    assert "piece_number" in compiled_in(tmp_path, "planted")
