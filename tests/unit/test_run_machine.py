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


#: Arrow takes 60 MB and is given them back
ARROW = """
import sys
sys.path.insert(0, {folder!r})
from test_run_machine import held_mb
import ctypes
from standfast.engine import machine
import pyarrow as pa
pieces = [pa.allocate_buffer(60_000) for _ in range(1_000)]
for piece in pieces:
    ctypes.memset(piece.address, 1, piece.size)
held = held_mb()
del pieces, piece
before = held_mb()
machine.give_back()
print(pa.default_memory_pool().backend_name, before - held_mb(), held - held_mb())
"""


def told(code: str, call: str = "", **more: str) -> list[str]:
    """Return what a process of its own prints, in which Arrow was told nothing else."""
    own = {k: v for k, v in os.environ.items() if k != "ARROW_DEFAULT_MEMORY_POOL"} | more
    line = [sys.executable, "-c", code.format(folder=str(Path(__file__).parent), call=call)]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=own)  # noqa: S603 - ours
    return done.stdout.split()


def test_what_arrow_keeps_goes_back_to_the_system() -> None:
    """A store of its own keeps what it was given back, which trimming the C library's does not reach."""
    backend, given_back, _ = told(ARROW, ARROW_DEFAULT_MEMORY_POOL="mimalloc")
    assert backend == "mimalloc"
    assert float(given_back) > 40


def test_arrow_has_memory_from_the_c_library_unless_told_otherwise() -> None:
    """Its own store kept what threads of its own had freed: 17 to 38 MB after sweeps whose workers were killed."""
    backend, _, less = told(ARROW)
    assert backend == "system"
    assert float(less) > 40


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


def test_what_threads_freed_goes_back_to_the_system() -> None:
    """Left alone, they keep 31 MB, unless the addresses of a process are limited and all take from one store."""
    assert float(told(THREADS)[0]) < 5


#: how many stores the C library has after three threads have taken memory at once
STORES = """
import ctypes, threading
from standfast.engine import machine
{call}
library = ctypes.CDLL(None)
library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
library.open_memstream.restype = ctypes.c_void_p
together = threading.Barrier(3)
def take():
    together.wait()
    library.malloc(2000)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
text, size = ctypes.c_char_p(), ctypes.c_size_t()
stream = ctypes.c_void_p(library.open_memstream(ctypes.byref(text), ctypes.byref(size)))
library.malloc_info(0, stream)
library.fclose(stream)
print(text.value.count(b"<heap nr="))
"""


@pytest.mark.parametrize(("call", "one"), [("machine.share_one_store()", True), ("", False)])
def test_threads_of_a_server_share_one_store(call: str, one: bool) -> None:
    """What a dashboard held wandered between 205 and 217 MB where each thread had a store of its own."""
    assert (int(told(STORES, call=call)[0]) == 1) == one
