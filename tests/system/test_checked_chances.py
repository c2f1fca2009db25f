"""Every chance is finite and between 0 and 1 before anybody draws against it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "scripts" / "checked_chances.py"


@pytest.mark.parametrize("fault", ["", "nan", "above"])
def test_every_chance_is_one_before_it_is_drawn_against(fault):
    """Interpreted, each chance that any rule works out is looked at, for everybody at every step."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT), fault],
        capture_output=True, text=True, check=False, timeout=300,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    if fault:
        assert done.returncode != 0
        assert "is no probability" in done.stderr
    else:
        assert done.returncode == 0, done.stderr[-2000:]
        assert int(done.stdout) > 10_000
