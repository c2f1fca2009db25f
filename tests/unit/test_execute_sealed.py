"""Files of a sweep whose hashes fit, though they are not what a sweep writes: refused by name, whatever reads them.

What is not asserted: that a number which was changed together with its hashes is noticed; only
`standfast replay` can show that.
"""

from __future__ import annotations

import errno
import json
import shutil

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from standfast.errors import FileError, StoreError
from standfast.experiment.execute import RunRequest, Runs, execute
from standfast.experiment.finished import InFolder
from standfast.experiment.parts import SWEEP
from standfast.experiment.standing import find_standing
from standfast.results.provenance import sha256_of
from standfast.results.store import sealed
from standfast.testing.scenarios import tiny_scenario

ROWS = "runs-00000.parquet"
PARTS = ("scenarios.parquet", "requests.parquet", ROWS, "kept-00000.parquet")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep") / "written"
    few = [RunRequest(tiny_scenario(), 1, replicate) for replicate in range(3)]
    execute(few, store=folder, keep_agents=True, threads=1, progress=False)
    return folder


@pytest.fixture
def store(written, tmp_path):
    shutil.copytree(written, tmp_path / "store")
    return tmp_path / "store"


def seal(folder, name):
    content = json.loads((folder / SWEEP).read_text())
    content["files"][name]["sha256"] = sha256_of(folder / name)
    (folder / SWEEP).write_text(json.dumps(sealed(content)))


def read_all(folder):
    source = InFolder(folder)
    keys = Runs.load(folder).table["key"]
    find_standing(folder)
    return [source.kept(key) for key in keys], list(source.scenarios())


@pytest.mark.parametrize("name", PARTS)
def test_no_error_of_the_library_reaches_the_user(store, name):
    sound, refused = (store / name).read_bytes(), 0
    draw = np.random.default_rng(1)
    for _ in range(40):
        content = bytearray(sound)
        content[int(draw.integers(len(content)))] ^= 1 << int(draw.integers(8))
        (store / name).write_bytes(content)
        seal(store, name)
        try:
            read_all(store)
        except StoreError as error:
            assert error.path == store / name  # noqa: PT017 - one that is read is no fault
            refused += 1
    assert refused > 8


def spoilt(table, how):
    verdict = table.column_names.index("verdict")
    match how:
        case "lost":
            return table.remove_column(verdict)
        case "twice":
            return table.append_column("verdict", table["verdict"])
        case "numbers":
            return table.set_column(verdict, "verdict", pa.array(range(len(table))))
        case "no text":
            raw = pa.array([b"\xff"] * len(table), pa.binary())
            return table.set_column(verdict, "verdict", raw.view(pa.string()))


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("lost", "0 columns verdict"),
        ("twice", "2 columns verdict"),
        ("numbers", "verdict holds int64, and not string"),
        ("no text", "UTF8"),
    ],
)
@pytest.mark.parametrize("reader", [lambda folder: Runs.load(folder).table, find_standing])
def test_what_is_wrong_with_a_column_is_said(store, how, says, reader):
    parquet.write_table(spoilt(parquet.read_table(store / ROWS), how), store / ROWS)
    seal(store, ROWS)
    with pytest.raises(StoreError, match=says) as told:
        reader(store)
    assert told.value.path == store / ROWS


@pytest.mark.parametrize("reader", [lambda folder: Runs.load(folder).table, find_standing])
def test_a_manifest_that_no_longer_names_its_rows_is_refused(store, reader):
    content = json.loads((store / SWEEP).read_text())
    del content["files"][ROWS]
    (store / SWEEP).write_text(json.dumps(sealed(content)))
    (store / ROWS).unlink()
    with pytest.raises(StoreError, match="tells of 3 rows, and the files it names hold 0") as told:
        reader(store)
    assert told.value.path == store / SWEEP


def test_a_disk_that_fails_is_not_called_damage(store, monkeypatch):
    """To compute again what a sound file holds would not mend the disk."""

    def fails(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(parquet, "ParquetFile", fails)
    with pytest.raises(FileError, match="cannot be read: Input/output error") as told:
        Runs.load(store)
    assert not isinstance(told.value, StoreError)
