"""The suite's own gates: warnings are errors, skips can be refused, unknown markers are refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_pytest(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a test file under this project's settings, in another folder."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder / "conftest.py")
    (folder / "test_planted.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder),
         "-p", "no:cacheprovider", "test_planted.py", *options],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("planted", "options"),
    [
        ("import warnings\n\n\ndef test_x():\n    warnings.warn('w')\n", ()),
        ("import pytest\n\n\ndef test_x():\n    pytest.skip('no')\n", ("--no-skips",)),
        ("import pytest\n\n\n@pytest.mark.skip\ndef test_x():\n    pass\n", ("--no-skips",)),
        ("import pytest\n\n\n@pytest.mark.quick\ndef test_x():\n    pass\n", ()),
        ("import pytest\n\n\n@pytest.mark.xfail\ndef test_x():\n    pass\n", ()),
        ('def f():\n    """Return one.\n\n    >>> 1 + 1\n    3\n    """\n', ()),
    ],
    ids=["warning", "skip", "skip mark", "unknown mark", "unexpected pass", "doctest"],
)
def test_a_planted_fault_fails(tmp_path, planted, options):
    result = run_pytest(tmp_path, planted, *options)
    assert result.returncode in {1, 2}, result.stdout + result.stderr


def test_a_sound_test_passes(tmp_path):
    result = run_pytest(tmp_path, "def test_x():\n    assert True\n", "--no-skips")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_order_is_random(tmp_path):
    text = "\n\n".join(f"def test_{i:02}():\n    pass" for i in range(20))
    orders = []
    for seed in (1, 2):
        output = run_pytest(tmp_path, text, "-v", f"--randomly-seed={seed}").stdout
        orders.append([line.split(" ")[0] for line in output.splitlines() if "::" in line])
    assert len(orders[0]) == 20
    assert orders[0] != orders[1]
