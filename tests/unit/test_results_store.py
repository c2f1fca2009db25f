"""Folders of results: whole or not at all, recognised, and checked when read."""

from __future__ import annotations

import getpass
import json
import re
import socket
from pathlib import Path

import pandas as pd
import pytest

from standfast.errors import FileError, StoreError
from standfast.results.provenance import without_paths
from standfast.results.result import Result
from standfast.results.store import DATA_FILES, check_target
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario


@pytest.fixture(scope="module")
def result() -> Result:
    return synthetic_result(tiny_scenario(), 3)


@pytest.fixture
def folder(result: Result, tmp_path: Path) -> Path:
    return result.save(tmp_path / "out")


def test_what_is_saved_can_be_loaded(result: Result, folder: Path) -> None:
    found = Result.load(folder)
    assert found.scenario == result.scenario
    assert found.summary == result.summary
    assert found.series.identical(result.series)
    pd.testing.assert_frame_equal(found.runs, result.runs)
    pd.testing.assert_frame_equal(found.events, result.events)
    assert found.verdict == result.verdict
    assert {path.name for path in folder.iterdir()} == {*DATA_FILES, "provenance.json"}


def test_a_loaded_result_saves_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    Result.load(folder).save(tmp_path / "again")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_pages_are_written_with_the_rest(result: Result, tmp_path: Path) -> None:
    result.save(tmp_path / "out", pages={"report.html": lambda path: path.write_text("page")})
    assert (tmp_path / "out" / "report.html").read_text() == "page"
    assert Result.load(tmp_path / "out").summary == result.summary


def test_an_earlier_result_is_replaced(folder: Path) -> None:
    synthetic_result(tiny_scenario(), 2).save(folder)
    assert Result.load(folder).summary["replicates"] == 2
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_an_empty_folder_is_used(result: Result, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result.save(tmp_path / "empty")
    assert Result.load(tmp_path / "empty").summary == result.summary


def test_folders_above_are_made(result: Result, tmp_path: Path) -> None:
    result.save(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c" / "summary.json").exists()


def test_anything_else_is_left_alone(result: Result, tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (case / "scenario.yaml").write_text("standfast: 1")
    with pytest.raises(FileError, match="not a result"):
        result.save(case)
    assert (case / "scenario.yaml").read_text() == "standfast: 1"


def test_a_result_with_a_stranger_in_it_is_left_alone(result: Result, folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(FileError, match=r"notes\.txt"):
        result.save(folder)
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_file_and_the_current_folder_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="is a file"):
        check_target(tmp_path / "file")
    with pytest.raises(FileError, match="cannot be made"):
        check_target(tmp_path / "file" / "out")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError, match="current folder"):
        check_target(Path())


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_broken_write_leaves_the_old_result(
    result: Result, folder: Path, fault: BaseException
) -> None:
    def fail(path: Path) -> None:
        path.write_text("half")
        raise fault

    with pytest.raises((FileError, KeyboardInterrupt)):
        result.save(folder, pages={"report.html": fail})
    assert Result.load(folder).summary == result.summary
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_flipped_bit_is_found(folder: Path, name: str) -> None:
    path = folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match=re.escape(name)):
        Result.load(folder)


@pytest.mark.parametrize("name", [*DATA_FILES, "provenance.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(StoreError, match=re.escape(name)):
        Result.load(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"versions": {}}'])
def test_a_broken_provenance_is_refused(folder: Path, text: str) -> None:
    (folder / "provenance.json").write_text(text)
    with pytest.raises(StoreError, match="damaged"):
        Result.load(folder)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is not a folder"):
        Result.load(tmp_path / "nowhere")


def test_nothing_tells_where_or_by_whom(folder: Path) -> None:
    text = "".join(
        (folder / name).read_text(encoding="utf-8")
        for name in ("provenance.json", "summary.json", "scenario.yaml")
    )
    raw = b"".join((folder / name).read_bytes() for name in DATA_FILES)
    for secret in (str(Path.home()), socket.gethostname(), str(folder), str(Path.cwd())):
        if len(secret) > 3:
            assert secret not in text
            assert secret.encode() not in raw
    words = re.findall(r"\w+", (folder / "provenance.json").read_text(encoding="utf-8"))
    assert getpass.getuser() not in words


@pytest.mark.parametrize(
    ("typed", "paths", "kept"),
    [
        (["run", "garrison", "--seed", "1"], ["garrison"], ["run", "garrison", "--seed", "1"]),
        (["run", "/home/ann/case.yaml"], ["/home/ann/case.yaml"], ["run", "case.yaml"]),
        (["run", "ann/case.yaml"], ["ann/case.yaml"], ["run", "case.yaml"]),
        (["--out", "../ann/out"], ["../ann/out"], ["--out", "out"]),
        (["--out=/home/ann/out"], ["/home/ann/out"], ["--out=out"]),
        (["--out=ann/out/"], ["ann/out/"], ["--out=out"]),
        (["--set", "summary=/home/ann/a b"], [], ["--set", "summary=a b"]),
        (["C:\\Users\\ann\\case.yaml"], ["C:\\Users\\ann\\case.yaml"], ["case.yaml"]),
        (["--set", "x=~/ann/b"], [], ["--set", "x=b"]),
        (["--set", "x=0.02 / h"], [], ["--set", "x=0.02 / h"]),
        (["--set", "x=0.02/h"], [], ["--set", "x=0.02/h"]),
        (["--set", "x=0.02 /wk"], [], ["--set", "x=0.02 /wk"]),
        (["--set", "x=15 km/h"], [], ["--set", "x=15 km/h"]),
    ],
)
def test_commands_keep_no_path(typed: list[str], paths: list[str], kept: list[str]) -> None:
    assert without_paths(typed, paths) == kept


def test_the_page_hash_is_not_kept(folder: Path) -> None:
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert set(provenance["sha256"]) == set(DATA_FILES)
