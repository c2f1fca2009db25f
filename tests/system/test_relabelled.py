"""Units listed in another order come to the same: relabelled units, relabelled output, to the byte.

Draws belong to numbers, so each person and unit is given the draws of the number before; then nothing
may depend on where in memory somebody stands. One force a place, as sums over forces of one place
are taken in their order.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent / "scripts" / "relabelled.py"


def compare(mode: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT), mode],
        capture_output=True, text=True, check=False, timeout=300,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_relabelled_units_give_relabelled_output():
    found = compare("led")
    assert found["differ"] == []
    assert found["left"] > 20


def test_with_the_draws_of_others_the_output_differs():
    """The wrong twin: draws that stay with the position make other people leave."""
    assert "agent_status" in compare("own")["differ"]
