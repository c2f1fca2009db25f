"""Ctrl-C waits until a block is over that must not be left midway, and is not lost."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import Future

import pytest

from standfast.experiment.crew import Crew
from standfast.experiment.interrupts import held_back


@pytest.fixture(autouse=True)
def in_order():
    """As the command line has it: a system that shuts down interrupts as Ctrl-C does."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_comes_when_the_block_is_over(number):
    done = []

    def work():
        with held_back():
            signal.raise_signal(number)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]
    assert signal.getsignal(number) is signal.default_int_handler


def test_without_one_nothing_changes():
    with held_back():
        pass
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_error_of_the_block_does_not_hide_it():
    def work():
        with held_back():
            signal.raise_signal(signal.SIGINT)
            raise ValueError

    with pytest.raises(KeyboardInterrupt):
        work()


def test_handlers_of_others_are_left_alone():
    got = []
    signal.signal(signal.SIGTERM, lambda number, _: got.append(number))
    with held_back():
        signal.raise_signal(signal.SIGTERM)
        assert got == [signal.SIGTERM]


def test_another_thread_may_use_it():
    done = []

    def work():
        with held_back():
            done.append(signal.getsignal(signal.SIGINT) is signal.default_int_handler)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


class Interrupted:
    """What chunks are handed to, when Ctrl-C comes while it takes one and holds a lock."""

    def __init__(self):
        self.lock = threading.Lock()

    def submit(self, work, chunk):
        self.lock.acquire()
        signal.raise_signal(signal.SIGINT)
        self.lock.release()
        future = Future()
        future.set_result([work(chunk)])
        return future


def test_no_lock_is_kept_by_who_was_interrupted():
    executor = Interrupted()
    crew = Crew(executor, lambda chunk: chunk, lambda: 1)
    with pytest.raises(KeyboardInterrupt):
        list(crew.results([1, 2]))
    assert not executor.lock.locked()
