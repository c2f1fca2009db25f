"""Dask as the crew: the same bytes as here, also when a worker is killed midway; nothing in the open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from standfast.errors import RunError
from standfast.experiment import chunks
from standfast.experiment.execute import RunRequest, execute
from standfast.experiment.ledger import Ledger
from standfast.scenario.load import load_scenario

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.xdist_group("dask")
KEPT = {"keep_agents": True, "keep_series": ("serving",), "progress": False}


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as started:
        yield started


def wanted():
    garrison = load_scenario("garrison", overrides=["time.horizon=5 d"])
    return [RunRequest(garrison, seed, k, "as it is") for seed in (1, 2) for k in range(12)]


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_one_of_two_workers_is_killed_midway(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "_CHUNK_SECONDS", 0.1)  # so that there are many
    execute(wanted(), store=tmp_path / "here", threads=2, **KEPT)
    killed = []
    write = Ledger.acknowledge

    def killing(self, finished):
        work = write(self, finished)
        if not killed:
            assert self.counts().done < 24
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)
        return work

    monkeypatch.setattr(Ledger, "acknowledge", killing)
    execute(wanted(), store=tmp_path / "there", cluster=cluster, **KEPT)
    assert killed
    assert files(tmp_path / "there") == files(tmp_path / "here")


def test_a_scheduler_is_found_by_its_address(cluster):
    runs = execute(wanted()[:2], cluster=cluster.scheduler_address, progress=False)
    assert runs.table.equals(execute(wanted()[:2], threads=1, progress=False).table)


def test_a_worker_with_another_model_is_refused(cluster, monkeypatch):
    monkeypatch.setattr(chunks, "model_version", lambda: '{"code":"another"}')
    with pytest.raises(RunError, match=r"a worker has another model \(code: \w+, not another"):
        execute(wanted()[:1], cluster=cluster, progress=False)


def test_nobody_at_the_address_is_said(monkeypatch):
    monkeypatch.setattr("standfast.experiment.cluster._PATIENCE", "1 s")
    with pytest.raises(RunError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        execute(wanted()[:1], cluster="tcp://127.0.0.1:9", progress=False)


def test_another_machine_without_tls_is_refused_before_it_is_called():
    with pytest.raises(RunError, match="without TLS"):
        execute(wanted()[:1], cluster="tcp://192.0.2.1:8786", progress=False)


def test_dask_is_loaded_only_when_it_is_asked_for():
    code = "import sys, standfast.experiment.execute; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_dask_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RunError, match="not installed") as caught:
        execute(wanted()[:1], cluster="local", progress=False)
    assert "standfast[cluster]" in caught.value.advice
