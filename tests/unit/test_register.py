"""The register of what was verified: it holds, refuses a wrong value and a twin it cannot tell apart."""

from __future__ import annotations

import json
import sys
from subprocess import run
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ROW = {
    "measured": 600.2, "expected": 600.0, "tolerance": 0.5, "tolerance_from": "step",
    "wrong": 200.0, "wrong_twin": "linear law",
}  # fmt: skip


@pytest.fixture(autouse=True)
def leave_no_rows(request):
    """An example is no result."""
    yield
    request.node.user_properties.clear()


def test_returns_what_was_measured(verified):
    assert verified("V0", "an example", **ROW) == 600.2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measured": 600.6}, "is 600.6, not = 600 within 0.5"),
        ({"measured": float("nan")}, "is nan"),
        ({"wrong": 600.4}, "not told from"),
        ({"wrong": 600.6}, "not told from"),
        ({"relation": ">=", "measured": 599.4}, "not >= 600"),
        ({"relation": ">=", "wrong": 600.0}, "not told from"),
        ({"relation": "<=", "wrong": 200.0}, "not told from"),
    ],
)
def test_refuses(verified, change, words):
    with pytest.raises(AssertionError, match=words):
        verified("V0", "an example", **ROW | change)


def test_rows_are_written_by_several_processes(tmp_path: Path, request):
    conftest = request.config.rootpath / "tests" / "conftest.py"
    (tmp_path / "conftest.py").write_text(conftest.read_text())
    (tmp_path / "test_two.py").write_text(
        "import pytest\n\n\n"
        '@pytest.mark.parametrize("measured", [600.2, 700.0])\n'
        "def test_two(verified, measured):\n"
        '    verified("V0", "two", measured=measured, expected=600, tolerance=1,\n'
        '             tolerance_from="", wrong=0, wrong_twin="nought")\n'
    )
    done = run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "--verification", "out/rows.json", "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 failed, 1 passed" in done.stdout
    rows = json.loads((tmp_path / "out" / "rows.json").read_text())
    assert [(row["measured"], row["held"]) for row in rows] == [(600.2, True), (700.0, False)]
