"""The same result is the same bytes: written twice, and by fresh interpreters.

Says nothing about the engine; the recordings are synthetic.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from standfast.results.store import DATA_FILES
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from pathlib import Path

SAVE = """
import sys
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario
synthetic_result(tiny_scenario(), 3).save(sys.argv[1])
"""


def hashes(folder: Path) -> dict[str, str]:
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in (*DATA_FILES, "provenance.json")
    }


def test_written_twice_is_the_same(tmp_path: Path) -> None:
    result = synthetic_result(tiny_scenario(), 3)
    result.save(tmp_path / "one")
    time.sleep(1.1)  # file formats like to put the second of writing into their headers
    result.save(tmp_path / "two")
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")


def test_fresh_interpreters_write_the_same(tmp_path: Path) -> None:
    for seed in ("1", "2"):  # order of sets and dictionaries must not show
        subprocess.run(
            [sys.executable, "-W", "error", "-c", SAVE, str(tmp_path / seed)],
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": f"Etc/GMT+{seed}"},
        )
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")


def test_another_seed_writes_something_else(tmp_path: Path) -> None:
    synthetic_result(tiny_scenario(), 3, seed=1).save(tmp_path / "1")
    synthetic_result(tiny_scenario(), 3, seed=2).save(tmp_path / "2")
    one, two = hashes(tmp_path / "1"), hashes(tmp_path / "2")
    assert {name for name in one if one[name] == two[name]} == {"scenario.yaml"}
