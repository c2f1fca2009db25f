"""A ledger whose database is malformed: made again from the runs that can be read, or refused with a way out."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from standfast.cli.main import run_command
from standfast.errors import RunInterrupted, StoreError
from standfast.experiment import execute as module
from standfast.experiment.execute import RunRequest, execute, resume
from standfast.experiment.finished import keep_to_json
from standfast.experiment.keys import model_version
from standfast.experiment.ledger import BESIDE, LEDGER, Ledger
from standfast.experiment.outcome import Keep
from standfast.experiment.queueing import enqueue
from standfast.experiment.salvage import fault_of
from standfast.experiment.verify import verify
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from pathlib import Path

QUIET = {"threads": 1, "progress": False}
PAGE = 4096


def asked(n=12):
    # labels long enough that every table has several pages
    return [RunRequest(tiny_scenario(), 1, k, f"request {k} " + "x" * 400) for k in range(n)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """Return a finished sweep, and beside it the same one stopped before its files were written."""
    base = tmp_path_factory.mktemp("whole")
    keep = Keep(agents=True)
    (base / "stopped").mkdir()
    with closing(Ledger(base / "stopped" / LEDGER)) as ledger:
        enqueue(ledger, asked(), model_version(), {"keep": keep_to_json(keep)})
    with pytest.MonkeyPatch.context() as patch:

        def stop(*_):
            raise KeyboardInterrupt

        patch.setattr(module, "compact", stop)
        with pytest.raises(RunInterrupted):
            resume(base / "stopped", **QUIET)
    shutil.copytree(base / "stopped", base / "done")
    resume(base / "done", **QUIET)
    return base


def pages_of(path: Path, table: str) -> list[int]:
    """Return the pages of a table that are no overflow of a row."""
    with closing(sqlite3.connect(path)) as db:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno"
        try:
            return [page for (page,) in db.execute(query, (table,))]
        except sqlite3.OperationalError:  # this SQLite was built without it
            roots = "SELECT rootpage FROM sqlite_master WHERE name = ?"
            return [page for (page,) in db.execute(roots, (table,))]


def break_page(path: Path, page: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * PAGE : page * PAGE] = b"\xa5" * PAGE
    path.write_bytes(bytes(raw))


@pytest.fixture
def stopped(whole, tmp_path) -> Path:
    shutil.copytree(whole / "stopped", tmp_path / "sweep")
    assert not any((tmp_path / "sweep" / name).exists() for name in BESIDE)
    return tmp_path / "sweep"


def test_what_an_index_lost_is_found_in_its_table(stopped, whole, monkeypatch, capsys):
    """All runs are there, so none is computed again."""
    break_page(stopped / LEDGER, pages_of(stopped / LEDGER, "sqlite_autoindex_run_1")[-1])
    assert fault_of(stopped / LEDGER)
    assert run_command(["status", str(stopped)]) in (0, 4)
    assert run_command(["verify", str(stopped)]) == 4
    assert "standfast repair" in capsys.readouterr().out
    monkeypatch.setattr(module, "_work_through", None)
    assert run_command(["repair", str(stopped)]) == 0
    assert contents(stopped) == contents(whole / "done")
    assert verify(stopped).is_sound


def test_outcomes_that_cannot_be_read_are_computed_again(stopped, whole, capfd):
    with closing(sqlite3.connect(stopped / LEDGER)) as db:
        # longer than a page, so that what came of the run is on pages of its own
        db.execute("UPDATE run SET agents = randomblob(20000) WHERE id = 3")
        db.commit()
        db.execute("VACUUM")
    raw = bytearray((stopped / LEDGER).read_bytes())
    for page in range(2, len(raw) // PAGE):
        # a page of an overflow chain begins with the number of the next
        if int.from_bytes(raw[page * PAGE : page * PAGE + 4], "big") == page + 2:
            raw[page * PAGE : page * PAGE + 4] = (10**6).to_bytes(4, "big")
            break
    (stopped / LEDGER).write_bytes(bytes(raw))
    assert fault_of(stopped / LEDGER)
    resume(stopped, threads=1, progress=True)
    # one that is not as it was written, and one that cannot be read
    assert "10 of 12 runs" in capfd.readouterr().err
    assert contents(stopped) == contents(whole / "done")


@pytest.mark.parametrize("way", ["requests", "header", "cut"])
def test_what_was_asked_for_must_be_readable(stopped, way):
    path = stopped / LEDGER
    if way == "requests":
        break_page(path, pages_of(path, "request")[0])
    elif way == "header":
        path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])
    else:
        path.write_bytes(path.read_bytes()[: 3 * PAGE])
    before = path.read_bytes()
    with pytest.raises(StoreError, match="which runs were asked for cannot be read") as told:
        resume(stopped, **QUIET)
    assert str(path) in told.value.render()
    assert "Give the command that began it again, with another folder" in told.value.render()
    assert path.read_bytes() == before


def test_finished_files_stand_for_a_malformed_ledger(whole, tmp_path):
    shutil.copytree(whole / "done", tmp_path / "sweep")
    (tmp_path / "sweep" / LEDGER).write_bytes(b"no database at all, but as long as one" * 200)
    resume(tmp_path / "sweep", **QUIET)
    assert contents(tmp_path / "sweep") == contents(whole / "done")


def test_a_sweep_that_grew_is_begun_again_with_a_word(whole, tmp_path, capfd):
    shutil.copytree(whole / "done", tmp_path / "sweep")
    (tmp_path / "sweep" / LEDGER).write_bytes(b"no database" * 2000)
    runs = execute(asked(13), store=tmp_path / "sweep", keep_agents=True, threads=1, progress=True)
    assert len(runs.table) == 13
    assert "is to be asked for again" in capfd.readouterr().err
