"""Dying and failing at file operations: nothing lost, nothing doubled, the same bytes, and a clear word.

`tools/fault_sweep.py` takes every point; here a few of each kind are taken, and single faults that it
found have tests of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from standfast.cli.main import run_command
from standfast.errors import FileError
from standfast.experiment.execute import RunRequest, execute, resume
from standfast.experiment.ledger import LEDGER, Ledger
from standfast.experiment.queueing import enqueue
from standfast.experiment.verify import verify
from standfast.results.commit import PARTIAL
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

ROOT = Path(__file__).parents[2]
QUIET = {"threads": 1, "progress": False}


def swept(*options: str) -> dict[str, dict[str, object]]:
    line = [sys.executable, str(ROOT / "tools" / "fault_sweep.py"), "--runs", "2", *options]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == 0
    return found["journeys"]


def test_a_few_deaths_and_failures():
    journeys = swept("--only", "lost", "--every", "300")
    assert len(journeys) == 1
    for journey in journeys.values():
        assert journey["points"] > 300
        assert journey["deaths"]["tried"] >= 3
        assert journey["ENOSPC"]["tried"] >= 2


@pytest.mark.slow
def test_many_deaths_and_failures():
    assert len(swept("--every", "25")) == 8


def asked(n=2):
    return [RunRequest(tiny_scenario(), 1, replicate) for replicate in range(n)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "sweep"
    execute(asked(), store=folder, **QUIET)
    return folder


@pytest.fixture
def store(whole, tmp_path) -> Path:
    shutil.copytree(whole, tmp_path / "sweep")
    return tmp_path / "sweep"


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("left", [f"{PARTIAL}{LEDGER}-journal", f"{PARTIAL}{LEDGER}-wal"])
def test_a_store_goes_on_whatever_sqlite_left_beside_a_half_written_ledger(store, whole, left):
    (store / left).write_bytes(b"left by somebody who died")
    assert verify(store).damage
    resume(store, **QUIET)
    assert files(store) == files(whole)


def test_a_folded_ledger_is_whole_without_its_log(tmp_path):
    def rows(path: Path) -> int:
        with closing(sqlite3.connect(path)) as db:
            return db.execute("SELECT count(*) FROM run").fetchone()[0]

    with closing(Ledger(tmp_path / LEDGER)) as ledger:
        enqueue(ledger, asked(), "{}")
        shutil.copy(tmp_path / LEDGER, tmp_path / "before")
        ledger.fold()
        shutil.copy(tmp_path / LEDGER, tmp_path / "after")
    assert rows(tmp_path / "after") == 2
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        rows(tmp_path / "before")  # the wrong twin: put in place without its log


@pytest.mark.parametrize("number", [5, 28, 30], ids=["EIO", "ENOSPC", "EROFS"])
def test_a_disk_that_fails_is_told_with_the_path(store, whole, monkeypatch, capsys, number):
    (store / "runs-00000.parquet").write_bytes(b"")

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    assert run_command(["resume", str(store), "--no-progress"]) == 4
    told = capsys.readouterr().err
    assert str(store) in told
    assert os.strerror(number) in told
    assert "Nothing that was finished is lost" in told
    monkeypatch.undo()
    resume(store, **QUIET)
    assert files(store) == files(whole)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from standfast.cli.main import main
main(sys.argv[2:])
"""


@pytest.mark.parametrize("kind", ["result", "sweep"])
def test_a_limit_on_the_size_of_files_is_told(tmp_path, store, whole, kind):
    """As `ulimit -f` sets it; what was there before is still there."""
    if kind == "result":
        folder = synthetic_result(tiny_scenario(), 1).save(tmp_path / "out")
        line = ["run", "garrison", "--replicates", "1", "--horizon", "1 d", "--out", str(folder)]
    else:
        folder = store
        (folder / "requests.parquet").write_bytes(b"")
        line = ["repair", str(folder)]
    before = files(folder)
    command = [sys.executable, "-c", LIMITED, "4096", *line, "--no-progress"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stderr
    assert str(folder) in done.stderr
    assert "Traceback" not in done.stderr
    if kind == "result":
        assert files(folder) == before
        assert {path.name for path in folder.parent.iterdir()} == {folder.name, "sweep"}
    else:
        resume(folder, **QUIET)
        assert files(folder) == files(whole)


def test_a_result_whose_disk_is_full_leaves_the_earlier_one(tmp_path, monkeypatch):
    folder = synthetic_result(tiny_scenario(), 1).save(tmp_path / "out")
    before = files(folder)

    def fail(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileError, match="No space left"):
        synthetic_result(tiny_scenario(), 2).save(folder)
    assert files(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_long_path_in_another_script(tmp_path, whole):
    folder = tmp_path / ("نتيجة-结果-" + "x" * 60) / ("ö" * 80) / "sweep [1] % #?"
    execute(asked(), store=folder, **QUIET)
    assert files(folder) == files(whole)
    assert verify(folder).is_sound
    with pytest.raises(FileError, match="cannot be"):
        execute(asked(1), store=tmp_path / ("y" * 300), **QUIET)


def test_a_clock_that_jumps_changes_no_byte(tmp_path, whole, monkeypatch):
    import time  # noqa: PLC0415 - to be bent

    jumps = iter(range(10**9, 0, -86_400))
    monkeypatch.setattr(time, "time", lambda: float(next(jumps)))
    execute(asked(), store=tmp_path / "sweep", **QUIET)
    assert files(tmp_path / "sweep") == files(whole)
