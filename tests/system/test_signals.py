"""Signals to the real command, two at once, and disks that are too small or may only be read.

`tools/signal_sweep.py` and `tools/full_disk.py` judge; the slow tests do a little of what they do at length.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.cli import main as command_line
from standfast.errors import FileError, RunInterrupted
from standfast.experiment import execute as module
from standfast.experiment import ledger
from standfast.experiment.execute import RunRequest, execute, resume
from standfast.experiment.ledger import store_errors
from standfast.testing.scenarios import tiny_scenario

TOOLS = Path(__file__).parents[2] / "tools"


def tried(*line: str) -> dict[str, object]:
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout[done.stdout.index("{") :])
    assert found["failures"] == 0
    return found


@pytest.mark.slow
def test_every_signal_ends_a_sweep_in_order():
    options = [
        "--each",
        "1",
        "--ways",
        "SIG",
        "--runs",
        "60",
        "--horizon",
        "5 d",
        "--longest",
        "0.2",
    ]
    found = tried(sys.executable, str(TOOLS / "signal_sweep.py"), *options)
    assert sum(found["sent"].values()) == 5
    assert found["slowest_end_s"] < 60


@pytest.mark.slow
def test_disks_that_are_too_small_or_may_only_be_read():
    tool = [sys.executable, str(TOOLS / "full_disk.py")]
    # where nobody may mount a disk, the library that fails at file operations stands for it
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        tool = [sys.executable, str(TOOLS / "fault_sweep.py"), "--skip-deaths", "--only", "lost"]
        done = subprocess.run([*tool, "--every", "150"], check=False, capture_output=True)
        assert done.returncode == 0, done.stderr
        return
    found = tried("unshare", "-rm", *tool, "--sizes", "2")
    assert found["too small"] >= 2
    assert found["tried on a read-only disk"] >= 10


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_nohup_has_set_stays(name):
    if not hasattr(signal, name):
        return
    number = getattr(signal, name)
    before = signal.getsignal(number)
    try:
        for held, then in (
            (signal.SIG_IGN, signal.SIG_IGN),
            (signal.SIG_DFL, signal.default_int_handler),
        ):
            signal.signal(number, held)
            command_line._end_in_order()
            assert signal.getsignal(number) is then
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_command_that_is_told_to_end_does_so_as_after_ctrl_c(name):
    code = (
        "import signal, sys, time\n"
        f"signal.signal(signal.{name}, signal.SIG_DFL)  # whatever nohup has set\n"
        "from standfast.cli import main as command_line\n"
        "command_line.run_command = lambda _: print('at work', flush=True) or time.sleep(60)\n"
        "try:\n    command_line.main([])\n"
        "except KeyboardInterrupt:\n    sys.exit('as after Ctrl-C')\n"
    )
    line = [sys.executable, "-c", code]
    with subprocess.Popen(line, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout.readline() == "at work\n"
        process.send_signal(getattr(signal, name))
        _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (1, "as after Ctrl-C\n")


def test_a_full_disk_is_called_so_whatever_sqlite_calls_it(tmp_path, monkeypatch):
    said = ("disk I/O error",)

    def fail() -> None:
        with store_errors(tmp_path):
            raise ledger.sqlite3.OperationalError(*said)

    with pytest.raises(FileError) as told:
        fail()
    assert "no space" not in told.value.render()
    monkeypatch.setattr(ledger.shutil, "disk_usage", lambda _: type("", (), {"free": 4096}))
    with pytest.raises(FileError, match=r"disk I/O error \(no space is left on the disk\)"):
        fail()


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("open_ledger", "was stopped"),
        ("compact", "2 of 2 runs"),
        ("give_back", "was stopped"),
        ("remove_ledger", "was stopped"),
        ("Runs", "was stopped"),
    ],
)
def test_who_stops_a_sweep_at_any_moment_is_told_how_to_go_on(moment, says, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    folder = tmp_path / "sweep"
    asked = [RunRequest(tiny_scenario(), 1, k, "as it is") for k in range(2)]
    with monkeypatch.context() as patch:
        patch.setattr(module, moment, interrupted)
        with pytest.raises(RunInterrupted, match=says) as told:
            execute(asked, store=folder, threads=1, progress=False)
    assert f"standfast resume {folder}" in told.value.advice
    execute(asked, store=folder, threads=1, progress=False)
    with monkeypatch.context() as patch:
        patch.setattr(module, "Runs", interrupted)
        with pytest.raises(RunInterrupted) as told:
            resume(folder, threads=1, progress=False)
    assert f"standfast resume {folder}" in told.value.advice
    assert len(resume(folder, threads=1, progress=False).table) == 2
