"""No kernel reads or writes beyond an array: compiled anew with bounds checked, so that it would raise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

BOUNDS = """
from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.testing.proving_ground import proving_ground
for replicate in range(3):
    assert run_replicate(compile_plan(proving_ground(), 1), replicate).check() == ()
"""


@pytest.mark.slow
def test_no_kernel_reads_beyond_an_array(tmp_path):
    """Compiled anew with bounds checked, so that a read beyond an end raises."""
    checked = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", BOUNDS], capture_output=True, text=True, check=False,
        env=os.environ | checked, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
