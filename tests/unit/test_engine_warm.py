"""Compiled code kept on disk may be damaged: it is forgotten and compiled again, once."""

from __future__ import annotations

import time

import pytest

from standfast.engine import compile as compile_module
from standfast.engine import warm
from standfast.kernels import _jit


class DamagedError(Exception):
    """What the reader of a damaged file might raise."""


def fails(times: int, calls: list[int]):
    def run() -> None:
        calls.append(1)
        if len(calls) <= times:
            raise DamagedError

    return run


def test_a_damaged_cache_is_forgotten_and_compiled_again(monkeypatch):
    calls, said = [], []
    monkeypatch.setattr(warm, "_run_everything", fails(1, calls))
    monkeypatch.setattr(warm, "forget_compiled", lambda: 3)
    assert warm.compile_kernels(said.append) >= 0.0
    assert len(calls) == 2
    assert warm.DAMAGED in said


def test_a_fault_that_is_not_the_caches_is_raised(monkeypatch):
    calls = []
    monkeypatch.setattr(warm, "_run_everything", fails(9, calls))
    monkeypatch.setattr(warm, "forget_compiled", lambda: 0)
    with pytest.raises(DamagedError):
        warm.compile_kernels()
    assert len(calls) == 1


def test_a_fault_that_stays_is_raised_after_one_more_try(monkeypatch):
    calls = []
    monkeypatch.setattr(warm, "_run_everything", fails(9, calls))
    monkeypatch.setattr(warm, "forget_compiled", lambda: 3)
    with pytest.raises(DamagedError):
        warm.compile_kernels()
    assert len(calls) == 2


def test_forgetting_removes_compiled_files_and_nothing_else(tmp_path, monkeypatch):
    folder = tmp_path / "kernels"
    folder.mkdir()
    for name in ("fear.contagion-1.py311.nbi", "fear.contagion-1.py311.1.nbc", "people.arrays"):
        (folder / name).write_bytes(b"x")
    monkeypatch.setattr(_jit.numba.config, "CACHE_DIR", str(tmp_path))
    assert _jit.forget_compiled() == 2
    assert [path.name for path in folder.iterdir()] == ["people.arrays"]


def test_without_a_second_process_everything_is_compiled_here(monkeypatch):
    monkeypatch.setattr(warm.sys, "executable", "/nowhere/python")
    with warm._helper():
        pass


@pytest.mark.parametrize(("threads", "free"), [(1, None), (2, warm.HELPER_BYTES - 1)])
def test_no_second_process_where_there_is_no_room_for_it(monkeypatch, threads, free):
    started = []
    monkeypatch.setattr(warm, "usable_threads", lambda: threads)
    monkeypatch.setattr(warm, "free_bytes", lambda: free)
    monkeypatch.setattr(warm.subprocess, "Popen", lambda *_, **__: started.append(1))
    with warm._helper():
        pass
    assert started == []


def test_the_second_process_ends_where_compiling_fails_here(monkeypatch):
    monkeypatch.setattr(warm, "_HELPER", "import time; time.sleep(600)")
    began = time.monotonic()
    with pytest.raises(DamagedError), warm._helper():
        raise DamagedError
    assert time.monotonic() - began < 60


def test_people_of_an_earlier_process_are_not_taken(monkeypatch):
    def taken(*_):
        pytest.fail("what builds people and ties would not be compiled")

    monkeypatch.setattr(compile_module, "people_and_network", taken)
    assert warm._smallest_plan().n_agent == 40
