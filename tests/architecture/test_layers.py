"""Imports point down, and the gate that says so catches a planted violation of each contract.

What this does not show: imports inside functions count like any other, but a module loaded by
name at run time is invisible here; `test_start.py` looks at that in a fresh interpreter.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS = [row.split(" | ") for row in LINTER["contracts"][0]["layers"]]

# contract, file to plant in, what to plant
CANARIES = [
    ("Layers: imports point down", "errors.py", "import standfast.scenario.base"),
    ("Layers: imports point down", "scenario/base.py", "import standfast.results"),
    ("Layers: imports point down", "unlisted.py", "X = 1"),
    ("Kernels see only numpy and numba", "kernels/status.py", "import pandas"),
    ("A scenario can be read without loading the engine", "scenario/base.py", "import numba"),
    ("A scenario can be read without loading the engine", "errors.py", "import xarray"),
    (
        "Only those who compile arrays may call kernels",
        "report/planted.py",
        "import standfast.kernels",
    ),
    ("The mean-field twin sees only scenario and map", "meanfield/fold.py", "import numba"),
    (
        "Only those who compile arrays may call kernels",
        "meanfield/loops/feeling.py",
        "import standfast.kernels.fear",
    ),
    (
        "The mean-field twin sees only scenario and map",
        "meanfield/build.py",
        "import standfast.population.laws",
    ),
]


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of pyproject.toml on the package in a folder."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    return subprocess.run(
        [sys.executable, "-c", command, *options],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__", "web", "library", "data", "static")
    shutil.copytree(ROOT / "src" / "standfast", tmp_path / "standfast", ignore=ignored)
    return tmp_path


def test_contracts_are_kept():
    result = lint_imports(ROOT / "src")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(("contract", "file", "planted"), CANARIES)
def test_a_planted_import_is_caught(copy, contract, file, planted):
    target = copy / "standfast" / file
    before = target.read_text() if target.exists() else '"""Planted."""\n'
    target.write_text(f"{before}\n{planted}\n")
    result = lint_imports(copy)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout, result.stdout + result.stderr


def test_every_contract_has_a_canary():
    assert {contract["name"] for contract in LINTER["contracts"]} == {
        name for name, _, _ in CANARIES
    }


def test_every_layer_refuses_the_one_above_and_the_one_beside_it(copy):
    planted = [(low, high) for above, below in pairwise(LAYERS) for low in below for high in above]
    planted += [(a, b) for row in LAYERS for a in row for b in row if a < b]
    for low, high in planted:
        package = copy / "standfast" / low
        target = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
        with target.open("a") as file:
            file.write(f"\nimport standfast.{high}\n")
    said = lint_imports(copy).stdout
    for low, high in planted:
        assert f"standfast.{low} -> standfast.{high}" in said, (low, high)
