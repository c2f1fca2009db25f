"""The built wheel, also one built from the source archive, carries every data file, and answers without the source tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


def contents(archive: Path) -> dict[str, int]:
    with zipfile.ZipFile(archive) as opened:
        return {file.filename: file.CRC for file in opened.infolist()}


def test_the_source_archive_makes_the_same_wheel(wheel, tmp_path):
    """Nothing that the wheel needs is missing in the archive, which knows nothing of git."""
    build = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path), "-t"]
    subprocess.run([*build, "sdist"], cwd=ROOT, check=True, capture_output=True)
    archive = next(tmp_path.glob("*.tar.gz"))
    shutil.unpack_archive(archive, tmp_path / "source", filter="data")
    source = next((tmp_path / "source").iterdir())
    assert {"LICENSE", "RESPONSIBLE_USE.md", "SECURITY.md", "requirements.lock", "tests"} <= {
        path.name for path in source.iterdir()
    }
    subprocess.run([*build, "wheel"], cwd=source, check=True, capture_output=True)
    assert contents(next(tmp_path.glob("*.whl"))) == contents(wheel)


def packaged() -> set[str]:
    """Return the files under src that git knows, as the wheel should name them."""
    listed = subprocess.run(
        ["git", "ls-files", "src"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    return {name.removeprefix("src/") for name in listed}


def test_every_file_is_in_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    missing = {name for name in packaged() - names if not name.endswith("/.keep")}
    assert not missing
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


@pytest.mark.parametrize(
    "pattern",
    [
        "standfast/scenario/library/mosul-2014.yaml",
        "standfast/scenario/library/garrison.yaml",
        "standfast/scenario/library/quiet.yaml",
        "standfast/geography/",
        "standfast/report/",
    ],
)
def test_the_data_files_are_there(wheel, pattern):
    with zipfile.ZipFile(wheel) as archive:
        data = [name for name in archive.namelist() if not name.endswith(".py")]
    assert any(name.startswith(pattern) for name in data)


def test_the_wheel_answers(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import sys, standfast\n"
        f"assert standfast.__file__.startswith({str(tmp_path)!r}), standfast.__file__\n"
        "sys.argv = ['standfast', 'scenarios']\n"
        "from standfast.cli.main import main\n"
        "main()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    for name in ("mosul-2014", "garrison", "quiet"):
        assert name in result.stdout
