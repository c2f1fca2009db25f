"""Calibration through the real engine, from the words typed to the posterior that others can open."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from standfast.cli.main import run_command
from standfast.errors import FileError, RunError, RunInterrupted, ScenarioError
from standfast.experiment import calibrate as module
from standfast.experiment.calibrate import calibrate
from standfast.experiment.calibration import smc, twin_runs
from standfast.experiment.calibration.twin_runs import TwinRuns
from standfast.experiment.drawn import Draws, read_draws
from standfast.experiment.ensemble import run_ensemble
from standfast.experiment.repair import repair_result
from standfast.scenario.load import load_scenario
from standfast.testing.limits import crowd

TRUTH = 2.0
#: people leave at a rate that commitment alone sets: the share that is gone tells it
TOWN = crowd(
    400, behaviour={"decision": {"commitment": TRUTH, "rate_max": "0.2 / h"}}, horizon="12 h"
)
ASKED = {"fit": ["commitment=0:4"], "targets": ["share_gone=0.2488 +- 0.02"]}
FEW = {"population": 30, "generations": 3, "candidates": 400, "progress": False}


def files(answer, folder):
    answer.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    store = tmp_path_factory.mktemp("calibrate") / "store"
    answer = calibrate(TOWN, **ASKED, **FEW, trials=40, threads=2, store=store)
    return answer, files(answer, store.parent / "answer"), store


def test_the_engine_gives_its_parameter_back(fitted):
    """Everybody leaves with the chance 1 - exp(-12 h * 0.2 / h * logistic(-2)): 24.9 of 100."""
    answer, _, _ = fitted
    row = answer.table.iloc[0]
    assert row["low"] < TRUTH < row["high"]
    assert row["high"] - row["low"] < 1.5
    assert row["learnt"] > 0.5
    nearest = answer.tables["generations"]["nearest_to"]
    assert nearest.iloc[-1] < nearest.iloc[0] / 2
    ranks = answer.tables["ranks"]
    assert ranks["chi_square_p"].min() > 0.001


def test_the_same_bytes_on_one_thread_and_without_a_store(fitted, tmp_path):
    _, known, _ = fitted
    again = calibrate(TOWN, **ASKED, **FEW, trials=40, threads=1)
    assert files(again, tmp_path / "again") == known


def test_a_calibration_that_was_stopped_goes_on_to_the_same_bytes(fitted, tmp_path, monkeypatch):
    _, known, whole = fitted
    original, calls = module.work_through.__globals__["Engine"].__call__, []

    def interrupted(self, generation, indices, latent):
        calls.append(generation)
        if len(calls) == 3:
            says = "the sweep was stopped"
            raise RunInterrupted(says)
        return original(self, generation, indices, latent)

    store = tmp_path / "store"
    with monkeypatch.context() as patch:
        patch.setattr(module.work_through.__globals__["Engine"], "__call__", interrupted)
        with pytest.raises(RunInterrupted, match="goes on from what is in"):
            calibrate(TOWN, **ASKED, **FEW, trials=40, store=store)
    answer = calibrate(TOWN, **ASKED, **FEW, trials=40, store=store)
    assert files(answer, tmp_path / "answer") == known
    runs = [folder / "runs" for folder in (whole, store)]
    assert {x.name: x.read_bytes() for x in runs[0].iterdir()} == {
        x.name: x.read_bytes() for x in runs[1].iterdir()
    }


def test_another_seed_gives_the_same_posterior_within_its_error(fitted):
    first = fitted[0].table.iloc[0]
    other = calibrate(TOWN, **ASKED, **FEW, seed=2).table.iloc[0]
    assert other["low"] < first["median"] < other["high"]
    assert first["low"] < other["median"] < first["high"]


@pytest.mark.filterwarnings("ignore::FutureWarning:arviz", "ignore::DeprecationWarning")
def test_arviz_opens_the_posterior(fitted):
    az = pytest.importorskip("arviz")
    data = az.from_netcdf(fitted[2].parent / "answer" / "posterior.nc")
    assert set(data.groups()) == {
        "posterior", "sample_stats", "posterior_predictive", "observed_data", "prior"
    }  # fmt: skip
    assert data.posterior.sizes == {"chain": 1, "draw": 30}
    summary = az.summary(data, kind="stats")
    assert summary.loc["commitment", "mean"] == pytest.approx(TRUTH, abs=0.6)
    assert data.posterior["commitment"].attrs["prior"] == "uniform(0, 4)"


def test_draws_are_read_back(fitted, tmp_path):
    draws = read_draws(fitted[2].parent / "answer" / "posterior.nc")
    assert draws.names == ("behaviour.decision.commitment",)
    changed = draws.at(3, TOWN)
    assert changed.behaviour.decision.commitment == draws.array[3, 0]
    (tmp_path / "no.nc").write_text("no")
    for path, says in ((tmp_path / "no.nc", "no posterior"), (tmp_path / "x.nc", "does not exist")):
        with pytest.raises(FileError, match=says):
            read_draws(path)


def test_several_cases_share_their_parameters():
    """A second case in which leaving takes twice as long; rivals are compared at one distance."""
    slow = TOWN.with_({"time.horizon": "24 h"})
    answer = calibrate(
        TOWN, ["commitment=0:4"],
        ["crowd/share_gone=0.2488 +- 0.02", "slow/share_gone=0.4357 +- 0.02"],
        cases={"slow": slow}, rivals={"quick": ["behaviour.decision.rate_max=1 / h"]}, **FEW,
    )  # fmt: skip
    row = answer.table.iloc[0]
    assert row["low"] < TRUTH < row["high"]
    assert set(answer.runs["case"]) == {"crowd", "slow"}
    rivals = answer.tables["rivals"].set_index("model")
    assert rivals.loc["as it is", "factor"] == 1
    assert np.isfinite(rivals.loc["quick", "chance"])


def test_an_uncertain_fact_of_one_case_leaves_the_others_alone(tmp_path):
    """Half of the rate in the slow case alone: only its own leaving tells, and no other scenario takes it."""
    slow = TOWN.with_({"behaviour.decision.rate_max": "0.05 / h"})
    fact = "slow/behaviour.decision.rate_max=loguniform(0.005 / h, 0.5 / h)"
    answer = calibrate(
        TOWN, ["commitment=0:4", fact],
        ["crowd/share_gone=0.2488 +- 0.02", "slow/share_gone=0.2488 +- 0.02"],
        cases={"slow": slow}, **FEW,
    )  # fmt: skip
    rows = answer.table.set_index("parameter")
    truth = TOWN.behaviour.decision.rate_max
    own = rows.loc["slow/behaviour.decision.rate_max"]
    assert own["low"] < truth < own["high"]
    assert rows.loc["commitment", "low"] < TRUTH < rows.loc["commitment", "high"]
    answer.save(tmp_path / "fit", ["standfast"])
    assert read_draws(tmp_path / "fit" / "posterior.nc").names == ("behaviour.decision.commitment",)
    with xr.open_dataset(
        tmp_path / "fit" / "posterior.nc", group="facts_of_cases", engine="h5netcdf"
    ) as opened:
        assert list(opened.data_vars) == ["slow.behaviour.decision.rate_max"]


def test_waves_of_the_twin_say_where_to_begin(monkeypatch):
    calls = []
    original = TwinRuns.__call__
    monkeypatch.setattr(
        TwinRuns, "__call__", lambda self, x: calls.append(len(x)) or original(self, x)
    )
    answer = calibrate(TOWN, **ASKED, **FEW, waves=2, wave_points=20)
    assert calls == [20, 20]
    waves = answer.tables["waves"]
    assert waves["left"].iloc[0] < 0.6
    row = answer.table.iloc[0]
    assert row["low"] < TRUTH < row["high"]


def test_runs_of_the_twin_are_kept_by_all_of_its_sources(monkeypatch):
    """The loops stand in a folder of their own: a change there must not find rows of before."""
    read = set()
    original = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read.add(self) or original(self))
    twin_runs._code.__wrapped__()
    sources = set((Path(twin_runs.__file__).parents[2] / "meanfield").rglob("*.py"))
    assert any(path.parent.name == "loops" for path in sources)
    assert sources < read


COMMAND = ["calibrate", "quiet", "--fit", "trust", "--target", "share_gone=0:0.05",
           "--population", "10", "--generations", "1", "--no-progress"]  # fmt: skip


def test_the_command_writes_what_can_be_read(tmp_path, capsys):
    folder = tmp_path / "out"
    assert run_command([*COMMAND, "--out", str(folder)]) == 0
    assert "1 parameter fitted to 1 target" in capsys.readouterr().out
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["experiment"] == "calibrate"
    assert summary["runs"] == len(pd.read_parquet(folder / "runs.parquet"))
    with xr.open_dataset(folder / "posterior.nc", group="posterior", engine="h5netcdf") as opened:
        assert list(opened.data_vars) == ["trust"]


@pytest.mark.parametrize(("words", "code", "says"), [
    (["--fit", "trusst"], 2, 'Did you mean "trust"?'),
    (["--fit", "trust=gamma(1, 2)"], 2, "is given the law"),
    (["--fit", "trust=uniform(2, 1)"], 2, "lowest and highest"),
    (["--fit", "trust=0:7"], 2, "lies between"),
    (["--fit", "behaviour.trust.trust_start"], 2, "is fitted twice"),
    (["--fit", "title"], 2, "is no number"),
    (["--fit", "quit/support"], 2, 'Did you mean "quiet"?'),
    (["--fit", "quiet/trust"], 2, "is fitted twice, as trust and quiet/trust"),
    (["--target", "share_gon=0:1"], 2, 'Did you mean "share_gone"?'),
    (["--target", "other/share_gone=0:1"], 2, "is no case here"),
    (["--target", "P(hold)=0:1"], 2, 'Did you mean "held"?'),
    (["--target", "killed_share=0.1"], 2, "MEASURE=LOW:HIGH"),
    (["--target", "killed_share=1:1"], 2, "no room"),
    (["--rival", "nothing"], 2, "not understood"),
    (["--rival", "calm:behaviour.trust.trust_start=0.5"], 2, "which is fitted"),
    (["--trials", "5"], 2, "show nothing"),
    (["--hours", "1e-9"], 3, "take"),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_exit_code(words, code, says, tmp_path, capsys):
    assert run_command([*COMMAND, *words, "--out", str(tmp_path / "x")]) == code
    assert says in capsys.readouterr().err


def test_a_case_without_the_parameter_is_refused():
    garrison = load_scenario("garrison")
    with pytest.raises(ScenarioError) as caught:
        calibrate(garrison, ["infiltration=0:1"], ["share_gone=0:1"], cases={"crowd": TOWN})
    assert "the case crowd has no such field" in caught.value.render()


def test_the_last_generation_is_the_posterior(fitted):
    candidates = fitted[0].tables["candidates"]
    last = candidates[candidates["generation"] == candidates["generation"].max()]
    assert last["accepted"].sum() == FEW["population"]
    assert bool(last["accepted"].iloc[-1]), "a generation ends with the last that it needed"
    assert (
        last[last["accepted"]]["distance"].max()
        <= fitted[0].tables["generations"]["tolerance"].min()
    )
    assert fitted[0].summary["stopped"] in (smc.LAST, smc.USED_UP, smc.NO_NEARER, smc.REACHED)


def test_replicates_take_the_draws_of_a_posterior(fitted, tmp_path):
    posterior = fitted[2].parent / "answer" / "posterior.nc"
    draws = read_draws(posterior)
    result = run_ensemble(TOWN, 3, progress=False, parameters=posterior)
    column = result.runs["parameter.behaviour.decision.commitment"]
    assert column.tolist() == draws.array[:3, 0].tolist()
    for k in range(3):
        alone = run_ensemble(draws.at(k, TOWN), k + 1, progress=False)
        assert alone.runs["share_gone"].iloc[k] == result.runs["share_gone"].iloc[k]
    folder = result.save(tmp_path / "out")
    (folder / "runs.parquet").unlink()
    repair_result(folder, pages={}, ask=lambda *_: None, progress=False)
    assert pd.read_parquet(folder / "runs.parquet").equals(result.runs)
    with pytest.raises(RunError, match="has 30 draws"):
        run_ensemble(TOWN, 31, progress=False, parameters=posterior)
    longer = Draws(("time.horizon",), np.array([[24.0]]), "longer.nc")
    with pytest.raises(RunError, match="for how long"):
        run_ensemble(TOWN, 1, progress=False, parameters=longer)
    other = Draws(("places.mosul.support",), np.array([[0.5]]), "other.nc")
    with pytest.raises(ScenarioError, match=r"other\.nc"):
        run_ensemble(TOWN, 1, progress=False, parameters=other)


def test_the_draws_of_the_package_serve_every_built_in_scenario(tmp_path, capsys):
    """Their parameters exist everywhere, within bounds, and the word is enough for the commands."""
    draws = read_draws("posterior")
    assert len(draws) >= 200
    for name in ("garrison", "mosul-2014", "quiet", "syria-2012", "union-army"):
        assert draws.at(0, load_scenario(name)).behaviour.decision.commitment == draws.array[0, 0]
    folder = tmp_path / "out"
    words = [
        "run",
        "garrison",
        "--horizon",
        "12 h",
        "--replicates",
        "2",
        "--parameters",
        "posterior",
    ]
    assert run_command([*words, "--no-progress", "--out", str(folder)]) == 0
    runs = pd.read_parquet(folder / "runs.parquet")
    assert runs["parameter.behaviour.decision.commitment"].tolist() == draws.array[:2, 0].tolist()
    assert "--parameters posterior" in " ".join(
        json.loads((folder / "provenance.json").read_text())["command"]
    )
    capsys.readouterr()
