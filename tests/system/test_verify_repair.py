"""`standfast verify` names what is wrong with a folder, `standfast repair` makes it as it was.

Every kind of file of a result, of an answer and of a store of many runs is damaged in turn. What is
not asserted: that damage is found which leaves every byte as it was.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from standfast.cli.main import run_command
from standfast.dashboard.shelf import Shelf
from standfast.errors import StoreError
from standfast.experiment.execute import RunRequest, execute, resume
from standfast.experiment.ledger import LEDGER, Ledger
from standfast.experiment.runs import Runs
from standfast.experiment.verify import verify
from standfast.results.commit import PARTIAL
from standfast.results.provenance import sha256_of
from standfast.results.result import Result
from standfast.results.store import DATA_FILES, sealed
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ["--horizon", "1 d", "--no-progress"]
RESULT = (
    "scenario.yaml",
    "summary.json",
    "runs.parquet",
    "series.nc",
    "events.parquet",
    "report.html",
)
ANSWER = ("table.parquet", "runs.parquet", "summary.json", "scenario.yaml")
SWEEP = ("requests.parquet", "runs-00000.parquet", "kept-00000.parquet", "sweep.json")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def spoil(path: Path, way: str) -> None:
    raw = bytearray(path.read_bytes())
    if way == "flipped":
        raw[len(raw) // 2] ^= 4
    elif way == "short":
        del raw[len(raw) // 3 :]
    path.write_bytes(bytes(raw))
    if way == "missing":
        path.unlink()


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Return a folder with a result, an answer, and a store of many runs."""
    base = tmp_path_factory.mktemp("made")
    run = ["run", "garrison", "--replicates", "2", "--seed", "3", "--out", str(base / "result")]
    assert run_command([*run, *QUICK]) == 0
    ask = ["compare", "garrison", "--with", "keep-leaders", "--replicates", "2"]
    ask += ["--out", str(base / "answer"), *QUICK]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["standfast", *ask])  # an answer keeps what was typed
        assert run_command(ask) == 0
    few = [RunRequest(tiny_scenario(), 1, replicate) for replicate in range(3)]
    execute(few, store=base / "sweep", keep_agents=True, progress=False)
    return base


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "made")
    return tmp_path / "made"


@pytest.mark.parametrize("kind", ["result", "answer", "sweep"])
def test_what_was_written_is_sound(copied, kind, capsys):
    before = contents(copied / kind)
    assert run_command(["verify", str(copied / kind)]) == 0
    assert "is sound" in capsys.readouterr().out
    assert run_command(["repair", str(copied / kind), "--no-progress"]) == 0
    assert contents(copied / kind) == before, "repairing what is sound changes nothing"


CASES = [("result", name, way) for name in RESULT for way in ("flipped", "missing")]
CASES += [("answer", name, "short") for name in ANSWER]
CASES += [("sweep", name, way) for name in SWEEP for way in ("flipped", "missing")]


@pytest.mark.parametrize(("kind", "name", "way"), CASES)
def test_a_damaged_file_is_named_and_made_again(copied, kind, name, way, capsys):
    folder = copied / kind
    before = contents(folder)
    spoil(folder / name, way)
    assert run_command(["verify", str(folder)]) == 4
    told = capsys.readouterr().out
    assert name in told
    assert "standfast repair" in told
    assert run_command(["repair", str(folder), "--no-progress"]) == 0, capsys.readouterr().err
    assert contents(folder) == before
    assert verify(folder).is_sound


def test_a_provenance_is_made_again_without_the_command(copied):
    folder = copied / "result"
    before = contents(folder)
    spoil(folder / "provenance.json", "flipped")
    assert run_command(["repair", str(folder), "--no-progress"]) == 0
    after = contents(folder)
    assert {name: after[name] for name in RESULT} == {name: before[name] for name in RESULT}
    old, new = (json.loads(found["provenance.json"]) for found in (before, after))
    assert new["sha256"] == old["sha256"]
    assert new["pages"] == old["pages"]
    assert (old["command"][1], new["command"]) == ("run", [])
    assert verify(folder).is_sound


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("result", "runs.parquet", "events.parquet"),
        ("sweep", "runs-00000.parquet", "requests.parquet"),
    ],
)
def test_swapped_files_are_told_from_damaged_ones(copied, kind, one, other):
    folder = copied / kind
    before = contents(folder)
    (folder / one).write_bytes(before[other])
    (folder / other).write_bytes(before[one])
    found = [damage.sentence for damage in verify(folder).damage]
    assert sorted(found) == sorted(
        [
            f"{one} was swapped: it holds what {other} should",
            f"{other} was swapped: it holds what {one} should",
        ]
    )


def test_a_file_of_another_result_is_damage(copied, tmp_path):
    other = [
        "run",
        "garrison",
        "--replicates",
        "2",
        "--seed",
        "4",
        "--out",
        str(tmp_path / "other"),
    ]
    assert run_command([*other, *QUICK]) == 0
    shutil.copy(tmp_path / "other" / "runs.parquet", copied / "result" / "runs.parquet")
    assert [damage.name for damage in verify(copied / "result").damage] == ["runs.parquet"]
    # a provenance that fits itself, but is of another run
    shutil.copy(tmp_path / "other" / "provenance.json", copied / "result" / "provenance.json")
    assert not verify(copied / "result").is_sound


@pytest.mark.parametrize("kind", ["result", "answer", "sweep"])
def test_a_foreign_file_is_named_and_never_removed(copied, kind, capsys):
    folder = copied / kind
    (folder / "notes.txt").write_text("mine")
    assert run_command(["verify", str(folder)]) == 4
    assert "notes.txt is no part of it" in capsys.readouterr().out
    assert run_command(["repair", str(folder), "--no-progress"]) == 4
    assert "notes.txt" in capsys.readouterr().err
    assert (folder / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("way", ["short", "sound"])
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("result", "report.html"),
        ("result", "runs.parquet"),
        ("answer", "table.parquet"),
        ("sweep", "kept-00000.parquet"),
    ],
)
def test_what_a_killed_repair_left_half_written_is_in_nobodys_way(copied, kind, name, way, capsys):
    folder = copied / kind
    before = contents(folder)
    spoil(folder / name, way)
    (folder / f"{PARTIAL}{name}").write_bytes(b"half of i")
    assert run_command(["repair", str(folder), "--no-progress"]) == 0, capsys.readouterr().err
    assert contents(folder) == before


def test_a_result_is_replaced_over_what_a_killed_repair_left(copied):
    folder = copied / "result"
    (folder / f"{PARTIAL}report.html").write_bytes(b"half of i")
    run = ["run", "garrison", "--replicates", "2", "--seed", "4", "--out", str(folder)]
    assert run_command([*run, *QUICK]) == 0
    assert PARTIAL not in "".join(contents(folder))
    assert verify(folder).is_sound


@pytest.mark.parametrize("name", SWEEP[1:3])
def test_a_store_without_its_manifest_is_made_again_from_its_runs(copied, name):
    folder = copied / "sweep"
    before = contents(folder)
    spoil(folder / "sweep.json", "flipped")
    spoil(folder / name, "flipped")
    with pytest.raises(StoreError, match="damaged"):
        Runs.load(folder)
    resume(folder, progress=False)
    assert contents(folder) == before


@pytest.mark.parametrize("name", ["requests.parquet", "scenarios.parquet"])
def test_what_cannot_be_known_any_more_is_refused(copied, name, capsys):
    folder = copied / "sweep"
    spoil(folder / "sweep.json", "missing")
    spoil(folder / name, "short")
    assert run_command(["repair", str(folder), "--no-progress"]) == 4
    assert name in capsys.readouterr().err


def test_a_scenario_of_ones_own_must_be_put_back_by_hand(tmp_path, capsys):
    assert run_command(["new", str(tmp_path / "mine.yaml"), "--from", "garrison"]) == 0
    line = ["run", str(tmp_path / "mine.yaml"), "--replicates", "1", "--out", str(tmp_path / "out")]
    assert run_command([*line, *QUICK]) == 0
    spoil(tmp_path / "out" / "scenario.yaml", "flipped")
    capsys.readouterr()
    assert run_command(["repair", str(tmp_path / "out"), "--no-progress"]) == 4
    assert "Put back the file whose SHA-256 is" in capsys.readouterr().err


def test_runs_that_wait_are_compared_too(tmp_path):
    folder = tmp_path / "sweep"
    few = [RunRequest(tiny_scenario(), 1, replicate) for replicate in range(2)]
    execute(few, store=folder, progress=False)
    from standfast.experiment.opening import open_ledger  # noqa: PLC0415 - only here

    open_ledger(folder, print).close()
    assert verify(folder).is_sound
    ledger = Ledger(folder / LEDGER)
    ledger.db.execute("UPDATE run SET row = replace(row, ':', ' :') WHERE id = 1")
    ledger.close()
    assert [damage.sentence for damage in verify(folder).damage] == [
        "ledger.sqlite holds 1 runs that are not as they were written"
    ]


@pytest.mark.parametrize(
    "words", [["serve"], ["run", "garrison"], ["compare", "--no-such"], ["compare"]]
)
def test_a_planted_command_is_not_obeyed(copied, words, capsys):
    folder = copied / "answer"
    path = folder / "provenance.json"
    made = json.loads(path.read_text())
    path.write_text(json.dumps(sealed(made | {"command": ["standfast", *words]})))
    spoil(folder / "table.parquet", "flipped")
    assert run_command(["repair", str(folder), "--no-progress"]) == 4
    assert "StoreError" in capsys.readouterr().err


@pytest.mark.parametrize("name", DATA_FILES)
def test_no_reader_draws_a_damaged_result(copied, name, capsys):
    folder = copied / "result"
    spoil(folder / name, "flipped")
    with pytest.raises(StoreError):
        Result.load(folder)
    assert run_command(["report", str(folder)]) == 4
    assert name in capsys.readouterr().err
    shelf = Shelf([copied])
    for entry in shelf.entries():
        if entry.path.name == "result":
            with pytest.raises(StoreError):
                shelf.read(entry)


@pytest.mark.parametrize("name", ANSWER)
def test_no_reader_draws_a_damaged_answer(copied, name):
    shelf = Shelf([copied])
    entry = next(entry for entry in shelf.entries() if entry.path.name == "answer")
    spoil(copied / "answer" / name, "flipped")
    with pytest.raises(StoreError):
        shelf.read(entry)


@pytest.mark.parametrize(("kind", "field"), [("result", "places"), ("answer", "runs")])
def test_what_cannot_be_shown_though_its_hashes_fit_is_told_with_its_folder(
    copied, kind, field, capsys
):
    folder = copied / kind
    summary, made = (
        json.loads((folder / x).read_text()) for x in ("summary.json", "provenance.json")
    )
    del summary[field]
    (folder / "summary.json").write_text(json.dumps(summary))
    made["sha256"]["summary.json"] = sha256_of(folder / "summary.json")
    (folder / "provenance.json").write_text(json.dumps(sealed(made)))
    shelf = Shelf([folder])
    with pytest.raises(StoreError, match=f"{folder} cannot be shown: KeyError: '{field}'"):
        shelf.read(shelf.entries()[0])
    if kind == "result":
        assert run_command(["report", str(folder)]) == 4
        assert "cannot be shown" in capsys.readouterr().err


def test_no_name_in_a_folder_is_obeyed_by_a_terminal(copied, capsys):
    folder = copied / "result"
    made = json.loads((folder / "provenance.json").read_text())
    made["sha256"]["a\x1b[31m"] = "0" * 64
    (folder / "provenance.json").write_text(json.dumps(sealed(made)))
    with pytest.raises(StoreError, match="is damaged"):
        Result.load(folder)
    (folder / "b\x1b[31m").touch()
    assert run_command(["verify", str(folder)]) == 4
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err
    assert "b\\x1b[31m is no part of it" in told.out
    for words in (["repair", str(folder)], ["run", "garrison", *QUICK, "--out", str(folder)]):
        assert run_command(words) == 4
        told = capsys.readouterr().err
        assert "\x1b" not in told
        assert "b\\x1b[31m" in told


def test_a_page_written_again_is_as_written(copied):
    page = copied / "result" / "report.html"
    before = page.read_bytes()
    page.write_text("<p>all is well</p>")
    assert [damage.name for damage in verify(copied / "result").damage] == ["report.html"]
    assert run_command(["report", str(copied / "result")]) == 0
    assert page.read_bytes() == before
    assert verify(copied / "result").is_sound


def test_a_folder_of_something_else_is_told(tmp_path, capsys):
    assert run_command(["verify", str(tmp_path)]) == 4
    assert "holds no result" in capsys.readouterr().err
