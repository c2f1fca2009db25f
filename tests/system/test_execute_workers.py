"""Workers of a sweep do not outlive the process that started them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

CUT_OFF = (sys.executable, str(Path(__file__).parent / "scripts" / "cut_off.py"))


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_workers_die_with_their_parent(tmp_path):
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
if __name__ == "__main__":
    from standfast.experiment.execute import RunRequest, execute
    from standfast.scenario.load import load_scenario
    garrison = load_scenario("garrison")
    execute([RunRequest(garrison, 1, k) for k in range(3000)], store={str(tmp_path / "a")!r}, processes=1)
"""
    script = tmp_path / "sweep.py"
    script.write_text(code)
    with subprocess.Popen([sys.executable, str(script)]) as parent:
        workers: list[int] = []
        until = time.monotonic() + 60
        listed = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        while not workers and time.monotonic() < until:
            time.sleep(0.05)
            found = [int(word) for word in listed.read_text().split()]
            workers = [x for x in found if b"spawn_main" in Path(f"/proc/{x}/cmdline").read_bytes()]
        time.sleep(0.5)
        parent.kill()
    assert workers
    until = time.monotonic() + 10
    while any(_is_alive(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(_is_alive(worker) for worker in workers)


def _is_alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_that_is_ended_within_a_message_does_not_keep_its_parent(tmp_path):
    """The thread that reads it would wait for the rest, and the process for the thread, for ever."""
    subprocess.run([*CUT_OFF, str(tmp_path / "told")], check=True, timeout=120)


def test_a_worker_that_is_killed_within_a_message_is_noticed(tmp_path):
    """The pool waits for the rest of it, and the other workers for the pipe: nobody would say anything more."""
    line = [*CUT_OFF, str(tmp_path / "told"), "killed"]
    done = subprocess.run(line, check=True, timeout=120, capture_output=True, text=True)
    assert "killed while it told" in done.stdout
