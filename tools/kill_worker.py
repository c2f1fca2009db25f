"""Kill one of two Dask workers in the middle of a sweep, and compare the bytes with those made here.

    python tools/kill_worker.py --runs 60

The sweep is computed twice: on threads of this process, and by a local cluster of two workers of which one is
killed with SIGKILL as soon as a third of the runs are acknowledged.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import time
from pathlib import Path

import distributed

from kill_sweep import KEEP, fail, hashes, requests
from standfast.experiment.execute import execute
from standfast.experiment.ledger import Ledger
from standfast.scenario.load import load_scenario


def main() -> None:
    """Run both, print what was found, and fail when a byte differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    asked = requests(load_scenario("garrison"), wanted.runs)
    kept = {"keep_agents": True, "keep_series": KEEP.series, "progress": False}
    began = time.perf_counter()
    killed: list[int] = []
    write = Ledger.acknowledge
    with (
        tempfile.TemporaryDirectory() as name,
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as cluster,
    ):  # fmt: skip
        execute(asked, store=Path(name) / "here", threads=2, **kept)

        def killing(self: Ledger, finished: list) -> float:
            work = write(self, finished)
            done = self.counts().done
            if not killed and done >= wanted.runs // 3:
                if done == wanted.runs:
                    fail("all runs were done before the worker was killed")
                killed.append(done)
                os.kill(cluster.workers[0].pid, signal.SIGKILL)
            return work

        Ledger.acknowledge = killing  # type: ignore[method-assign, assignment]
        execute(asked, store=Path(name) / "there", cluster=cluster, **kept)
        same = hashes(Path(name) / "here") == hashes(Path(name) / "there")
    said = {
        "what": "one of two Dask workers killed",
        "runs_of_a_sweep": wanted.runs,
        "runs_done_when_it_was_killed": killed[0] if killed else None,
        "same_bytes_as_on_threads": same,
        "seconds": round(time.perf_counter() - began, 1),
    }
    text = json.dumps(said, indent=1)
    print(text)
    if wanted.out:
        wanted.out.write_text(text + "\n")
    if not same or not killed:
        fail("it did not survive, or nobody was killed")


if __name__ == "__main__":
    main()
