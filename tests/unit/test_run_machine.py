"""What the machine is asked: free memory by several rules, processors, the peak of this process."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.engine import machine

MEMINFO = "MemTotal:       8000000 kB\nMemFree:          100000 kB\nMemAvailable:    4000000 kB\n"


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "meminfo").write_text(MEMINFO)
    monkeypatch.setattr(machine, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    monkeypatch.setattr(machine, "_OWN_GROUP", tmp_path / "own")
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


def test_the_limit_of_any_group_above_counts(group: Path) -> None:
    """As services have it: the limit is not at the top, and perhaps not at the process's own group."""
    (group / "own").write_text("1:name=old:/x\n0::/system.slice/lab.service/worker\n")
    worker = group / "system.slice" / "lab.service" / "worker"
    worker.mkdir(parents=True)
    limit(worker.parent, "2000000000")
    assert machine.free_bytes() == 1_000_000_000
    limit(worker, "1800000000")
    assert machine.free_bytes() == 800_000_000
    (group / "own").write_text("0::/../outside\n")
    assert machine.free_bytes() == 4_096_000_000


def test_a_limit_on_addresses_counts(group: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (3_000_000_000, 3_000_000_000))
    monkeypatch.setattr(machine, "_STATM", group / "statm")
    (group / "statm").write_text("250000 1000 500 1 0 300 0\n")
    assert machine.free_bytes() == 3_000_000_000 - 250_000 * resource.getpagesize()


def test_a_machine_that_does_not_tell_refuses_nothing(group: Path) -> None:
    (group / "meminfo").unlink()
    assert machine.free_bytes() is None


def test_processors_and_peak_are_plausible() -> None:
    assert machine.usable_threads() >= 1
    peak = machine.peak_rss_mb()
    assert peak is None if sys.platform == "win32" else 5 < peak < 1e6


def held_mb() -> float:
    text = Path("/proc/self/status").read_text()
    return int(text.partition("RssAnon:")[2].split()[0]) / 1024


def test_what_was_freed_goes_back_to_the_system() -> None:
    """Pieces below what the C library takes from the system one by one, the last of which is kept."""
    library = ctypes.CDLL(None)
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.argtypes = [ctypes.c_void_p]
    pieces = [library.malloc(2000) for _ in range(50_000)]
    for piece in pieces:
        ctypes.memset(piece, 1, 2000)
    for piece in pieces[:-1]:
        library.free(piece)
    before = held_mb()
    machine.give_back()
    assert before - held_mb() > 60
    library.free(pieces[-1])


@pytest.mark.parametrize(("wanted", "used"), [(None, "system"), ("mimalloc", "mimalloc")])
def test_arrow_has_memory_from_the_c_library_unless_told_otherwise(wanted, used) -> None:
    """Its own store kept what threads of its own had freed: 17 to 38 MB after sweeps whose workers were killed."""
    own = {k: v for k, v in os.environ.items() if k != "ARROW_DEFAULT_MEMORY_POOL"}
    code = "import standfast, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=own | ({"ARROW_DEFAULT_MEMORY_POOL": wanted} if wanted else {}),
    )  # fmt: skip
    assert done.stdout.strip() == used


#: four threads at once take 8 MB each in small pieces and give them back, in a process that held large ones before
THREADS = """
import ctypes, sys, threading
sys.path.insert(0, {folder!r})
from test_run_machine import held_mb
from standfast.engine import machine
machine.hold_little()
library = ctypes.CDLL(None)
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
library.free(library.malloc(30_000_000))
together = threading.Barrier(4)
def take():
    together.wait()
    pieces = [library.malloc(2000) for _ in range(4000)]
    for piece in pieces:
        ctypes.memset(piece, 1, 2000)
    together.wait()
    for piece in pieces:
        library.free(piece)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(4)]
held = held_mb()
for thread in threads: thread.start()
for thread in threads: thread.join()
machine.give_back()
print(held_mb() - held)
"""


def kept_by_threads() -> float:
    code = THREADS.format(folder=str(Path(__file__).parent))
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return float(done.stdout)


def test_what_threads_freed_goes_back_to_the_system() -> None:
    """Left alone, they keep 31 MB, unless the addresses of a process are limited and all take from one store."""
    assert kept_by_threads() < 5
