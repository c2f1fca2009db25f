"""`standfast run` and `sf.run` from end to end, on the small built-in scenario."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

import standfast as sf
from standfast.cli.main import run_command
from standfast.errors import RunError
from standfast.experiment import memory
from standfast.results.store import DATA_FILES

if TYPE_CHECKING:
    from pathlib import Path

#: compiles what is to be compiled, says so, and runs the command it is given
WARMED_UP = """
import signal, sys
from standfast.cli.main import main, run_command
signal.signal(signal.SIGINT, signal.default_int_handler)
run_command(["run", "garrison", "--replicates", "1", "--out", sys.argv[1]])
print("ready", flush=True)
main(sys.argv[2:])
"""


def run(*words: str) -> int:
    return run_command(["run", "garrison", "--no-progress", *words])


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_a_run_writes_every_file_and_prints_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run("--replicates", "3", "--seed", "5", "--horizon", "9 d", "--out", str(out)) == 0
    assert {path.name for path in out.iterdir()} == {*DATA_FILES, "provenance.json", "report.html"}
    printed = capsys.readouterr()
    assert "The whole" in printed.out
    assert not printed.err
    summary, provenance = read(out / "summary.json"), read(out / "provenance.json")
    assert (summary["replicates"], summary["seed"], summary["n_step"]) == (3, 5, 216)
    assert summary["people_conserved"] is True
    assert summary["timing"]["agent_steps_per_s"] > 0
    assert provenance["command"][:3] == ["standfast", "run", "garrison"]
    assert provenance["command"][-4:] == ["--out", "out", "--horizon", "9 d"]
    assert str(tmp_path) not in (out / "provenance.json").read_text(encoding="utf-8")
    assert sf.Result.load(out).scenario == sf.load("garrison").with_({"time.horizon": "9 d"})


def test_one_thread_and_two_write_the_same_bytes(tmp_path: Path) -> None:
    for name, threads in (("one", "1"), ("two", "2"), ("again", "2")):
        words = ("--replicates", "4", "--threads", threads, "--out", str(tmp_path / name))
        assert run(*words) == 0
    for name in ("scenario.yaml", "runs.parquet", "series.nc", "events.parquet", "report.html"):
        first = (tmp_path / "one" / name).read_bytes()
        assert first == (tmp_path / "two" / name).read_bytes(), name
        assert first == (tmp_path / "again" / name).read_bytes(), name
    one, two = (read(tmp_path / name / "summary.json") for name in ("one", "two"))
    assert one.pop("timing").keys() == two.pop("timing").keys()
    assert one == two


def test_a_replicate_does_not_depend_on_how_many_there_are() -> None:
    few, many = (sf.run("garrison", replicates=n, seed=3) for n in (2, 5))
    assert many.runs.iloc[:2].equals(few.runs)
    assert (many.series["count"].isel(replicate=[0, 1]) == few.series["count"]).all()


def test_seeds_differ_and_settings_reach_the_run(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        assert run("--replicates", "1", "--seed", seed, "--out", str(tmp_path / seed)) == 0
    words = ("--replicates", "1", "--set", "mechanisms.M41.enabled=false")
    assert run(*words, "--out", str(tmp_path / "off")) == 0
    one, two, off = (read(tmp_path / name / "summary.json") for name in ("1", "2", "off"))
    assert one["scenario_sha256"] == two["scenario_sha256"] != off["scenario_sha256"]
    assert one["overall"]["share_gone"] != two["overall"]["share_gone"]
    assert off["overall"]["verdict"] is None
    assert off["overall"]["share_gone"] == one["overall"]["share_gone"]


def test_a_folder_that_is_no_result_is_refused_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert run("--out", str(tmp_path)) == 4
    assert "not a result" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_too_little_memory_is_told_with_numbers_and_two_ways_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 2_000_000)
    assert run("--replicates", "20", "--out", str(tmp_path / "out")) == 3
    told = capsys.readouterr().err
    assert "2 MB are free" in told
    assert "--threads 1" in told
    assert "--replicates 10" in told
    assert not (tmp_path / "out").exists()


def test_numbers_out_of_bounds_are_refused() -> None:
    for wrong in ({"replicates": 0}, {"seed": -1}, {"seed": 2**64}, {"threads": 0}):
        with pytest.raises(RunError, match=next(iter(wrong))):
            sf.run("garrison", **wrong)


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_ctrl_c_writes_what_had_finished(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["run", "garrison", "--replicates", "5000", "--threads", "1", "--out", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-c", WARMED_UP, str(tmp_path / "warm"), *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    while "ready" not in process.stdout.readline():
        assert process.poll() is None
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    printed, told = process.communicate(timeout=300)
    assert process.returncode == 3
    assert "Traceback" not in told
    assert "was interrupted" in told
    assert "The whole" in printed
    provenance = read(out / "provenance.json")
    assert provenance["interrupted"] is True
    assert provenance["replicates_asked"] == 5000
    result = sf.Result.load(out)
    assert 1 <= result.summary["replicates"] == len(result.runs) < 5000
