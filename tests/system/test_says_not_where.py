"""Nothing that a command writes tells on which machine, by whom, or where on the disk it was made.

Asked of every file of each answer: its bytes, and what is in it where it is packed.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import h5py
import numba
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).parents[2]
SHORT = ["--replicates", "2", "--no-progress"]
COMMANDS = {
    "run": ["run", "garrison", "--horizon", "1 d", *SHORT],
    "compare": ["compare", "garrison", "--with", "keep-leaders", "--horizon", "1 d", *SHORT],
    "why": ["why", "garrison", "--horizon", "1 d", *SHORT],
    "sweep": ["sweep", "garrison", "--vary", "commitment=8,9", "--horizon", "1 d", *SHORT],
}


def secrets_of(folder: Path) -> set[str]:
    """Return what no file may hold, in an environment made for it; too short a name proves nothing."""
    names = {"qz-somebody", str(folder), str(ROOT), sys.prefix, str(Path.home())}
    return {name for name in names | {socket.gethostname()} if len(name) > 5}


def texts_of(each: h5py.Group | h5py.Dataset) -> list[object]:
    """Return the texts of a variable; numbers tell no names."""
    if isinstance(each, h5py.Dataset) and h5py.check_string_dtype(each.dtype):
        return [str(each[()])] if each.ndim == 0 else [str(text) for text in each[:].ravel()]
    return []


def unpacked(path: Path) -> str:
    """Return what is in a file whose bytes are packed: names, attributes and cells, as text."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return f"{table.schema.metadata} {table.schema} {table.to_pydict()}"
    if path.suffix == ".nc":
        with h5py.File(path) as data:
            told = [dict(data.attrs)]
            data.visititems(lambda _, each: told.extend([dict(each.attrs), texts_of(each)]))
            return str(told)
    if path.suffix == ".sqlite":
        with sqlite3.connect(path) as ledger:
            return "\n".join(ledger.iterdump())
    return ""


@pytest.mark.parametrize("command", COMMANDS)
def test_no_file_says_where_or_by_whom(tmp_path, command):
    home = tmp_path / "qz-home"
    home.mkdir()
    env = os.environ | {
        "USER": "qz-somebody", "LOGNAME": "qz-somebody", "HOME": str(home),
        "STANDFAST_CACHE": str(tmp_path / "cache"), "NUMBA_CACHE_DIR": str(numba.config.CACHE_DIR),
    }  # fmt: skip
    asked = [[*COMMANDS[command], "--out", "answer"], ["report", "answer"]]
    for words in asked:
        subprocess.run(
            [sys.executable, "-m", "standfast.cli", *words],
            cwd=tmp_path, env=env, check=True, capture_output=True,
        )  # fmt: skip
    files = [path for path in (tmp_path / "answer").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".html", ".json"}, files
    for path in files:
        found = path.read_bytes().decode("latin-1") + unpacked(path)
        for secret in secrets_of(tmp_path):
            assert secret not in found, f"{path.relative_to(tmp_path)} holds {secret}"


def test_the_search_finds_what_is_packed(tmp_path):
    """A control: what a file holds packed is seen."""
    table = pa.table({"x": ["qz-somebody"] * 2000}).replace_schema_metadata({"by": "qz-other"})
    pq.write_table(table, tmp_path / "x.parquet", compression="zstd")
    with sqlite3.connect(tmp_path / "x.sqlite") as ledger:
        ledger.execute("create table t (a text)")
        ledger.execute("insert into t values ('qz-somebody')")
    with h5py.File(tmp_path / "x.nc", "w") as data:
        data["by"] = ["qz-somebody"]
        data["by"].attrs["of"] = "qz-other"
    assert "qz-somebody" in unpacked(tmp_path / "x.nc")
    assert "qz-other" in unpacked(tmp_path / "x.nc")
    assert "qz-somebody" in unpacked(tmp_path / "x.parquet")
    assert "qz-other" in unpacked(tmp_path / "x.parquet")
    assert "qz-somebody" in unpacked(tmp_path / "x.sqlite")
