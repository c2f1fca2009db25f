"""What a fresh interpreter loads: the first answer must not wait for compilers and tables.

No time is asserted, as machines differ; what is not loaded cannot be slow.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "numba",
    "llvmlite",
    "xarray",
    "pandas",
    "pyarrow",
    "matplotlib",
    "scipy",
    "h5netcdf",
    "h5py",
)


def loaded_by(code: str) -> list[str]:
    """Return which heavy packages a fresh interpreter has loaded after some code."""
    probe = f"""
import json, sys
try:
    {code}
except SystemExit as end:
    assert end.code in (None, 0), end.code
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
    output = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    answer: list[str] = json.loads(output.splitlines()[-1])
    return answer


def command(*arguments: str) -> str:
    return f"sys.argv = {['standfast', *arguments]!r}; import standfast.cli.main as m; m.main()"


@pytest.mark.parametrize(
    "code",
    [
        "import standfast",
        "import standfast as sf; sf.load('garrison')",
        command("--help"),
        command("check", "garrison"),
        command("scenarios"),
        command("evidence", "garrison"),
        command("run", "--help"),
    ],
)
def test_the_first_answer_loads_nothing_heavy(code):
    assert loaded_by(code) == []


def test_the_probe_sees_what_is_loaded():
    assert "pandas" in loaded_by("import pandas")


def test_importing_standfast_does_not_load_numpy():
    probe = "import sys, standfast; sys.exit('numpy' in sys.modules or 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
