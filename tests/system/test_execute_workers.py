"""Workers of a sweep do not outlive the process that started them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest


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
