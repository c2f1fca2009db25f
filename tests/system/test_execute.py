"""Many runs: the same bytes whoever computes them, damage found by name, one writer at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from standfast.cli.main import run_command
from standfast.errors import FileError, RunError, RunInterrupted, StoreError
from standfast.experiment import crew
from standfast.experiment import execute as module
from standfast.experiment.execute import RunRequest, Runs, execute, resume
from standfast.experiment.finished import InFolder, find_damage
from standfast.experiment.ledger import LEDGER, Ledger
from standfast.experiment.parts import SWEEP
from standfast.experiment.standing import find_standing
from standfast.experiment.writer import sole_writer
from standfast.results.commit import PARTIAL
from standfast.scenario.load import load_scenario

KEPT = {"keep_agents": True, "keep_series": ("serving", "fear")}
QUIET = {"progress": False}


def scenario(informers=0.45):
    changes = ["time.horizon=5 d", f"places.city.infiltration={informers}"]
    return load_scenario("garrison", overrides=changes)


def wanted(n=4):
    worlds = {"as it is": scenario(), "fewer informers": scenario(0.2), "again": scenario()}
    return [RunRequest(world, 1, k, label) for label, world in worlds.items() for k in range(n)]


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep") / "undisturbed"
    execute(wanted(), store=folder, threads=1, **KEPT, **QUIET)
    return files(folder)


@pytest.fixture
def store(undisturbed, tmp_path):
    folder = tmp_path / "sweep"
    folder.mkdir()
    for name, content in undisturbed.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def counted(monkeypatch):
    """Count the runs that are computed on threads here."""
    done = []
    compute = crew.compute_chunk

    def counting(chunk, *arguments, **named):
        done.extend(run for run, _ in chunk.runs)
        return compute(chunk, *arguments, **named)

    monkeypatch.setattr(crew, "compute_chunk", counting)
    return done


# The same bytes


def test_two_threads_give_the_same_bytes(undisturbed, tmp_path):
    execute(wanted(), store=tmp_path / "a", threads=2, **KEPT, **QUIET)
    assert files(tmp_path / "a") == undisturbed


def test_processes_give_the_same_bytes(undisturbed, tmp_path):
    execute(wanted(), store=tmp_path / "a", processes=1, **KEPT, **QUIET)
    assert files(tmp_path / "a") == undisturbed


def test_the_order_in_which_runs_are_done_makes_no_difference(undisturbed, tmp_path, monkeypatch):
    tasks = Ledger.tasks
    monkeypatch.setattr(Ledger, "tasks", lambda self: iter(list(tasks(self))[::-1]))
    execute(wanted(), store=tmp_path / "a", threads=1, **KEPT, **QUIET)
    assert files(tmp_path / "a") == undisturbed


def test_another_seed_gives_other_bytes(undisturbed, tmp_path):
    """The wrong twin: if the files did not depend on the runs, all of the above would hold."""
    other = [RunRequest(x.scenario, 2, x.replicate, x.label) for x in wanted()]
    execute(other, store=tmp_path / "a", threads=2, **KEPT, **QUIET)
    found = files(tmp_path / "a")
    assert all(
        found[name] != undisturbed[name]
        for name in found.keys() - {"writer.lock", "scenarios.parquet"}
    )


def test_memory_and_store_say_the_same(store):
    kept, stored = execute(wanted(), threads=2, **KEPT, **QUIET), Runs.load(store)
    assert kept.table.equals(stored.table)
    for key in set(kept.table["key"]):
        assert (kept.agents(key).status == stored.agents(key).status).all()
        assert (kept.agents(key).departure_step == stored.agents(key).departure_step).all()
        for name, series in kept.series(key).items():
            assert (series == stored.series(key)[name]).all()
    assert kept.scenario(kept.table["scenario_sha256"][0]).places == scenario().places


def test_a_row_is_that_of_an_ensemble(store):
    import standfast as sf  # noqa: PLC0415 - as a user would

    result = sf.run(scenario(), replicates=2, seed=1, threads=2, progress=False)
    table = Runs.load(store).table.query("label == 'as it is'").head(2)
    for column in result.runs.columns:
        for known, found in zip(result.runs[column], table[column], strict=True):
            assert known == found or (known != known and found != found) or known is None, column  # noqa: PLR0124


def test_kept_agents_and_series_agree_with_the_row(store):
    runs = Runs.load(store)
    row = runs.table.iloc[0]
    agents, series = runs.agents(row["key"]), runs.series(row["key"])
    # duty, leave and back serve; ghosts (10) never did
    n_serving = sum(int((agents.status == code).sum()) for code in (0, 1, 9))
    assert n_serving == series["serving"][-1].sum(dtype=float)
    start = series["serving"][0].sum(dtype=float)
    assert row["share_gone"] == pytest.approx(1 - n_serving / start, abs=1e-12)
    away = ~np.isin(agents.status, (0, 1, 9, 10))
    assert away.any()
    assert (agents.departure_step[away] >= 0).all()
    assert (agents.departure_step[agents.status == 10] == -1).all()


def test_what_was_not_kept_is_refused_with_what_to_do():
    runs = execute(wanted(1)[:1], threads=1, **QUIET)
    with pytest.raises(RunError, match="agents were not kept"):
        runs.agents(runs.table["key"][0])
    with pytest.raises(RunError, match="no series were kept"):
        runs.series(runs.table["key"][0])


# Stopping, going on, adding


def test_a_finished_sweep_computes_nothing_again(store, undisturbed, counted):
    runs = execute(wanted(), store=store, threads=2, **KEPT, **QUIET)
    resume(store, threads=1, **QUIET)
    assert counted == []
    assert files(store) == undisturbed
    assert runs.table["label"].tolist() == [request.label for request in wanted()]


def test_what_is_added_gives_the_bytes_of_all_at_once(store, undisturbed, tmp_path, counted):
    more = [RunRequest(scenario(0.2), 1, k, "added") for k in (3, 4)]
    added = execute(more, store=store, threads=1, **KEPT, **QUIET)
    assert len(counted) == 1, "replicate 3 was there"
    assert added.table[["label", "replicate"]].values.tolist() == [["added", 3], ["added", 4]]
    execute([*wanted(), *more], store=tmp_path / "all", threads=2, **KEPT, **QUIET)
    assert files(store) == files(tmp_path / "all") != undisturbed


def test_ctrl_c_keeps_what_was_finished(undisturbed, tmp_path, monkeypatch):
    write = Ledger.acknowledge

    def interrupted(self, finished):
        work = write(self, finished)
        if self.counts().done >= 3:
            raise KeyboardInterrupt
        return work

    monkeypatch.setattr(Ledger, "acknowledge", interrupted)
    with pytest.raises(RunInterrupted, match=r"[3-5] of 8 runs are in") as caught:
        execute(wanted(), store=tmp_path / "a", threads=2, **KEPT, **QUIET)
    assert "standfast resume" in caught.value.advice
    with pytest.raises(StoreError, match="is not finished"):
        Runs.load(tmp_path / "a")
    monkeypatch.undo()
    resume(tmp_path / "a", threads=2, **QUIET)
    assert files(tmp_path / "a") == undisturbed


def test_a_worker_process_that_is_killed_costs_only_its_chunk(undisturbed, tmp_path, monkeypatch):
    said = []
    write = Ledger.acknowledge
    killed = []

    def killing(self, finished):
        work = write(self, finished)
        if not killed:
            killed.extend(_children())
            for child in killed:
                os.kill(child, signal.SIGKILL)
        return work

    monkeypatch.setattr(Ledger, "acknowledge", killing)
    monkeypatch.setattr(module, "choose_shown", lambda _: Saying(said))
    execute(wanted(), store=tmp_path / "a", processes=1, **KEPT)
    assert killed
    assert files(tmp_path / "a") == undisturbed


class Saying:
    def __init__(self, said):
        self.say = said.append

    def update(self, share, text):
        pass

    def stop(self):
        pass


def _children():
    """Return the worker processes of this one, as Linux lists them."""
    task = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/children")
    found = [int(word) for word in task.read_text().split()]
    return [x for x in found if b"spawn_main" in Path(f"/proc/{x}/cmdline").read_bytes()]


# Damage


@pytest.mark.parametrize("name", ["runs-00000.parquet", "kept-00000.parquet", "requests.parquet"])
def test_damage_is_found_by_name_refused_and_mended(store, undisturbed, name):
    content = bytearray(undisturbed[name])
    content[len(content) // 2] ^= 1
    (store / name).write_bytes(content)
    assert [damage.name for damage in find_damage(store, InFolder(store).content)] == [name]
    with pytest.raises(StoreError, match=f"{name} is not as it was written"):
        Runs.load(store)
    assert find_standing(store).damage
    resume(store, threads=2, **QUIET)
    assert files(store) == undisturbed


def test_every_flipped_byte_of_the_small_files_is_found(store, undisturbed):
    for name in (SWEEP, "requests.parquet"):
        for at in range(0, len(undisturbed[name]), 97):
            content = bytearray(undisturbed[name])
            content[at] ^= 1
            (store / name).write_bytes(content)
            with pytest.raises(StoreError, match=name):
                Runs.load(store)
        (store / name).write_bytes(undisturbed[name])
    assert len(Runs.load(store).table) == 12


def test_pages_carry_their_own_checksum(store, undisturbed):
    """Also without `sweep.json` a flipped byte of the data is noticed on reading."""
    name = "kept-00000.parquet"
    content = bytearray(undisturbed[name])
    start = pq.ParquetFile(store / name).metadata.row_group(0).column(1).data_page_offset
    content[start + 200] ^= 1
    (store / name).write_bytes(content)
    with pytest.raises(OSError, match=r"(?i)crc|checksum"):
        pq.ParquetFile(store / name, page_checksum_verification=True).read()


def test_missing_swapped_and_foreign_files_are_named(store, undisturbed):
    content = InFolder(store).content
    (store / "requests.parquet").write_bytes(undisturbed["runs-00000.parquet"])
    (store / "kept-00000.parquet").unlink()
    (store / "notes.txt").write_text("mine")
    found = {damage.name: damage.says for damage in find_damage(store, content)}
    assert found.keys() == {"requests.parquet", "kept-00000.parquet", "notes.txt"}
    assert found["kept-00000.parquet"] == "is missing"
    with pytest.raises(FileError, match=r"holds more than a sweep: notes.txt"):
        resume(store, **QUIET)
    assert (store / "notes.txt").read_text() == "mine"


def test_scenarios_that_are_lost_are_told(store):
    (store / "scenarios.parquet").write_bytes(b"")
    with pytest.raises(
        StoreError, match=r"scenarios.parquet is damaged, and .* cannot be computed"
    ):
        resume(store, **QUIET)


def test_what_a_killed_writer_left_half_written_is_removed(store, undisturbed):
    (store / f"{PARTIAL}runs-00000.parquet").write_bytes(b"half")
    for name in (LEDGER, f"{LEDGER}-wal"):
        (store / f"{PARTIAL}{name}").write_bytes(b"half")
    resume(store, threads=1, **QUIET)
    assert files(store) == undisturbed


# Refusals


def test_another_model_is_refused_by_name(store, monkeypatch):
    monkeypatch.setattr("standfast.experiment.opening.model_version", lambda: '{"code":"of today"}')
    monkeypatch.setattr(module, "model_version", lambda: '{"code":"of today"}')
    for ask in (
        lambda: resume(store, **QUIET),
        lambda: execute(wanted(), store=store, **KEPT, **QUIET),
    ):
        with pytest.raises(
            StoreError, match=r"was computed by another model \(code: \w+, not of today"
        ):
            ask()
    assert len(Runs.load(store).table) == 12, "reading it is still allowed"


def test_other_things_to_keep_are_refused(store):
    with pytest.raises(RunError, match="were kept with"):
        execute(wanted(), store=store, **QUIET)


def test_two_at_once_are_refused_and_the_lock_does_not_outlive_its_holder(store, undisturbed):
    code = "import sys, time; from pathlib import Path; from standfast.experiment.writer import sole_writer\n"
    code += f"with sole_writer(Path({str(store)!r})): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match=rf"another standfast \(process {holder.pid}\)"):
            resume(store, **QUIET)
        assert find_standing(store).process == holder.pid
        holder.kill()
    with sole_writer(store):
        pass
    resume(store, **QUIET)
    assert files(store) == undisturbed


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda x: x.write_text("a file"), "is a file"),
        (
            lambda x: (x.mkdir(), (x / "thesis.txt").write_text("")),
            "holds more than a sweep: thesis.txt",
        ),
    ],
    ids=["file", "other things"],
)
def test_a_folder_that_is_no_sweep_is_left_alone(tmp_path, make, says):
    make(tmp_path / "x")
    with pytest.raises(FileError, match=says):
        execute(wanted(1), store=tmp_path / "x", **QUIET)


def test_nothing_to_resume_is_said(tmp_path):
    with pytest.raises(FileError, match="holds no sweep"):
        resume(tmp_path, **QUIET)
    with pytest.raises(FileError, match="holds no sweep"):
        find_standing(tmp_path)


def test_too_few_hours_are_refused_before_the_first_run(tmp_path, counted):
    many = [RunRequest(wanted(1)[0].scenario, 1, k) for k in range(20)]
    with pytest.raises(RunError, match=r"will take about .* h, and 1e-05 h are allowed"):
        execute(many, store=tmp_path / "a", hours=1e-5, threads=1, **QUIET)
    assert counted == []
    assert find_standing(tmp_path / "a").done == 0


# Workers end with their parent


def test_status_and_resume_from_the_command_line(store, undisturbed, capsys):
    assert run_command(["status", str(store)]) == 0
    assert "8 of 8 runs are done (100 %)." in capsys.readouterr().out
    (store / "runs-00000.parquet").write_bytes(b"")
    assert run_command(["status", str(store)]) == 4
    assert "Damaged: runs-00000.parquet is not as it was written" in capsys.readouterr().out
    assert run_command(["resume", str(store), "--threads", "1", "--no-progress"]) == 0
    assert files(store) == undisturbed
    assert run_command(["resume", str(store / "nowhere")]) == 4
