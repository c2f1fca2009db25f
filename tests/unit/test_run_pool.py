"""Replicates on threads: order, Ctrl-C, errors. Nothing here says what a replicate does."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass, field

import pytest

from standfast.errors import RunError, RunInterrupted
from standfast.experiment.pool import run_replicates
from standfast.experiment.progress import InLines, Silent, choose_progress

N_STEP = 50


@dataclass
class Stand:
    """Stands for a recording; the pool only carries it."""

    replicate: int


@dataclass
class Watcher(Silent):
    """Remembers what it was told, and may press Ctrl-C."""

    press_after: int | None = None
    seen: list[tuple[int, int]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.said.append(text)

    def update(self, steps: int, replicates: int) -> None:
        self.seen.append((steps, replicates))
        if self.press_after is not None and replicates >= self.press_after:
            self.press_after = None
            signal.raise_signal(signal.SIGINT)


def quick(replicate: int, *, should_stop, on_step) -> Stand:
    for step in range(N_STEP):
        if should_stop():
            raise RunInterrupted
        on_step(step)
        time.sleep(0.0001 * ((7 * replicate) % 5))  # later ones may end earlier
    return Stand(replicate)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_recordings_come_in_order_on_any_number_of_threads(threads: int) -> None:
    watcher = Watcher()
    finished = run_replicates(quick, 9, threads, N_STEP, watcher)
    assert [recording.replicate for recording in finished.recordings] == list(range(9))
    assert not finished.interrupted
    assert watcher.seen[-1] == (9 * N_STEP, 9)
    assert watcher.seen == sorted(watcher.seen)


def test_ctrl_c_keeps_what_is_finished_and_stops_the_rest() -> None:
    def slow_after_three(replicate: int, *, should_stop, on_step) -> Stand:
        if replicate < 3:
            return quick(replicate, should_stop=should_stop, on_step=on_step)
        while not should_stop():
            time.sleep(0.005)
        raise RunInterrupted

    before = threading.active_count()
    watcher = Watcher(press_after=3)
    finished = run_replicates(slow_after_three, 20, 2, N_STEP, watcher)
    assert finished.interrupted
    assert [recording.replicate for recording in finished.recordings] == [0, 1, 2]
    assert "Stopping" in watcher.said[0]
    assert threading.active_count() <= before  # what another test left may have ended meanwhile


def test_an_error_in_one_replicate_stops_the_others() -> None:
    stopped = threading.Event()

    def fails(replicate: int, *, should_stop, on_step) -> Stand:
        on_step(0)
        if replicate == 0:
            says = "replicate 0 cannot go on"
            raise RunError(says)
        while not should_stop():
            time.sleep(0.005)
        stopped.set()
        raise RunInterrupted

    with pytest.raises(RunError, match="cannot go on"):
        run_replicates(fails, 4, 2, N_STEP, Silent())
    assert stopped.wait(5)


def test_lines_tell_steps_replicates_and_time_left() -> None:
    now = [0.0]
    lines: list[str] = []
    progress = InLines(lines.append, clock=lambda: now[0])
    progress.start(20, 480)
    progress.update(10, 0)  # too early for a line
    now[0] = 30.0
    progress.update(2400, 5)
    now[0] = 31.0
    progress.update(2500, 5)
    progress.stop()
    assert lines == ["5 of 20 replicates, 2,400 of 9,600 steps, about 90 s left"]


def test_progress_is_shown_where_it_makes_sense(capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(choose_progress(show=False), Silent)
    assert isinstance(choose_progress(show=None), Silent)  # nobody watches a captured stream
    progress = choose_progress(show=True)
    assert isinstance(progress, InLines)
    progress.say("a sentence")
    captured = capsys.readouterr()
    assert captured.err == "a sentence\n"
    assert not captured.out
