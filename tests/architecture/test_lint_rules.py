"""Each thing that lint and types ban is caught where it is planted, and plain code passes.

`make lint` runs the same tools over the whole tree; here it is the gates that are on trial.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUFF = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
NAMES = sorted(RUFF["flake8-tidy-imports"]["banned-api"])
HEAD = '"""Planted."""\n\nfrom __future__ import annotations\n\n'

ENGINE = "src/standfast/engine/planted.py"
KERNEL = "src/standfast/kernels/planted.py"

BANNED = [
    ("TID251", ENGINE, "import pickle\n\nX = pickle\n"),
    ("S301", ENGINE, "import pickle\n\nX = pickle.loads(b'')\n"),
    ("S307", ENGINE, "X = eval('1')\n"),
    ("S102", ENGINE, "exec('1')\n"),
    ("S602", ENGINE, "import subprocess\n\nsubprocess.run('ls', shell=True, check=True)\n"),
    ("S605", ENGINE, "import os\n\nos.system('ls')\n"),
    ("TID251", ENGINE, "import yaml\n\nX = yaml.load('a', yaml.SafeLoader)\n"),
    ("S506", ENGINE, "import yaml\n\nX = yaml.load('a', Loader=yaml.Loader)\n"),
    ("S104", ENGINE, 'HOST = "0.0.0.0"\n'),
    ("TID251", KERNEL, "import numba\n\n\n@numba.njit\ndef f(x):\n    return x\n"),
    ("TID251", KERNEL, "from numba import prange\n\nX = prange\n"),
    ("TID251", KERNEL, "import random\n\nX = random\n"),
    ("NPY002", ENGINE, "import numpy as np\n\nX = np.random.normal()\n"),
    ("TID252", ENGINE, "from . import plan\n\nX = plan\n"),
    ("TID251", ENGINE, "import time\n\nX = time.time()\n"),
    ("T201", ENGINE, "print(1)\n"),
    ("ERA001", ENGINE, "# x = f(1)\n"),
    ("BLE001", ENGINE, "try:\n    X = 1\nexcept Exception:\n    X = 2\n"),
    ("D103", ENGINE, "def advance() -> None:\n    return\n"),
    ("ANN201", ENGINE, 'def advance():\n    """Advance."""\n    return 1\n'),
]


def ruff(path: str, text: str) -> str:
    """Return what ruff says about a text as if it stood at a path of the project."""
    return subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format", "concise", "--no-cache",
         "--stdin-filename", path, "-"],
        cwd=ROOT, input=HEAD + text, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "planted"), BANNED)
def test_ruff_catches_what_is_banned(rule, path, planted):
    assert f" {rule} " in ruff(path, planted)


@pytest.mark.parametrize("name", NAMES)
def test_every_banned_name_is_caught(name):
    module, _, attribute = name.rpartition(".")
    planted = f"from {module} import {attribute}" if module else f"import {name}"
    assert f"`{name}` is banned" in ruff(ENGINE, f"{planted}\n")


def test_ruff_lets_plain_code_pass():
    assert "All checks passed!" in ruff(ENGINE, "STEP = 1\n")


def test_the_formatter_is_on():
    result = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "--no-cache", "--stdin-filename", ENGINE, "-"],
        cwd=ROOT, input="x = {  'a':1 }\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1


def test_mypy_catches_a_wrong_type(tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text(
        "def share(gone: int, present: int) -> float:\n    return str(gone / present)\n\n\n"
        "def untyped(x):\n    return x\n"
    )
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"),
         "--cache-dir", str(tmp_path / "cache"), str(planted)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "[return-value]" in result.stdout
    assert "[no-untyped-def]" in result.stdout
