"""What the machine is asked: free memory by several rules, processors, the peak of this process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from standfast.experiment import machine

if TYPE_CHECKING:
    from pathlib import Path

MEMINFO = "MemTotal:       8000000 kB\nMemFree:          100000 kB\nMemAvailable:    4000000 kB\n"


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "meminfo").write_text(MEMINFO)
    monkeypatch.setattr(machine, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    return tmp_path


def limit(group: Path, most: str) -> None:
    (group / "memory.max").write_text(most + "\n")
    (group / "memory.current").write_text("1500000000\n")
    (group / "memory.stat").write_text("anon 900000000\ninactive_file 500000000\n")


def test_available_memory_counts_not_free_memory(group: Path) -> None:
    assert not (group / "memory.max").exists()
    assert machine.free_bytes() == 4_096_000_000


def test_the_limit_of_a_container_counts_when_it_is_lower(group: Path) -> None:
    limit(group, "2000000000")
    assert machine.free_bytes() == 1_000_000_000
    limit(group, "1000000000")  # over its limit already, but for files it can drop
    assert machine.free_bytes() == 0
    limit(group, "9000000000")
    assert machine.free_bytes() == 4_096_000_000
    limit(group, "max")
    assert machine.free_bytes() == 4_096_000_000


def test_a_machine_that_does_not_tell_refuses_nothing(group: Path) -> None:
    (group / "meminfo").unlink()
    assert machine.free_bytes() is None


def test_processors_and_peak_are_plausible() -> None:
    assert machine.usable_threads() >= 1
    peak = machine.peak_rss_mb()
    assert peak is None if sys.platform == "win32" else 5 < peak < 1e6
