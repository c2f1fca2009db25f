"""Experiment files: questions read from YAML, put to the same bytes, and done again from what is saved.

That the answers are right is asserted where each question is.
"""

from __future__ import annotations

import json
from inspect import Parameter, signature

import pytest

from standfast.cli.main import COMMANDS, run_command
from standfast.errors import ScenarioError, StoreError
from standfast.experiment.ensemble import run_ensemble
from standfast.experiment.execute import execute
from standfast.experiment.files import EXPERIMENT, read_experiment
from standfast.experiment.keys import RunRequest
from standfast.experiment.questions import KINDS, MEANS
from standfast.scenario.dump import dump_yaml
from standfast.testing.limits import crowd

TOWN = crowd(60, behaviour={"decision": {"commitment": 1.0, "rate_max": "0.2 / h"}}, horizon="6 h")
SWEEP = """standfast: 1
kind: sweep
scenario: town.yaml
set: [time.horizon=8 h]
vary:
- commitment=0:3:2
replicates: 2
"""
CALIBRATE = """standfast: 1
kind: calibrate
scenario: town.yaml
cases: {longer: longer.yaml}
fit: [commitment=0:4]
targets: [crowd/share_gone=0.1:0.4, longer/share_gone=0.3 +- 0.1]
rivals: {quick: [behaviour.decision.rate_max=1 / h]}
population: 10
generations: 1
"""
RUN = "standfast: 1\nkind: run\nscenario: town.yaml\nreplicates: 2\nseed: 3\n"
PORTFOLIO = """standfast: 1
kind: portfolio
scenario: town.yaml
measures: [keep-leaders]
replicates: 1
"""
SENSITIVITY = """standfast: 1
kind: sensitivity
scenario: town.yaml
vary: [commitment=0:3, support=0:1]
replicates: 1
"""
WHY = """standfast: 1
kind: why
scenario: town.yaml
replicates: 1
"""
FILES = {
    "sweep": SWEEP, "calibrate": CALIBRATE, "run": RUN, "portfolio": PORTFOLIO,
    "sensitivity": SENSITIVITY, "why": WHY,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "town.yaml").write_text(dump_yaml(TOWN))
    (tmp_path / "longer.yaml").write_text(dump_yaml(TOWN.with_({"time.horizon": "9 h"})))
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def put(folder, name, out):
    words = ["experiment", str(folder / f"{name}.yaml"), "--out", str(folder / out)]
    assert run_command([*words, "--no-progress"]) == 0
    return {
        path.name: path.read_bytes()
        for path in (folder / out).iterdir()
        if path.name not in ("provenance.json", "report.html")
    }


def replayed(path, capsys):
    capsys.readouterr()
    code = run_command(["replay", str(path), "--no-progress"])
    output = capsys.readouterr()
    return code, output.out + output.err


@pytest.mark.parametrize("name", ["sweep", "calibrate"])
def test_the_same_file_gives_the_same_bytes_and_is_replayed(name, folder, capsys):
    first = put(folder, name, "first")
    assert first == put(folder, name, "second")
    # what is saved is the whole question: put from there, it gives the same and says the same
    saved = ["experiment", str(folder / "first" / EXPERIMENT), "--out", str(folder / "third")]
    assert run_command([*saved, "--no-progress"]) == 0
    for part in (folder / "third").iterdir():
        if part.name != "provenance.json":
            assert part.read_bytes() == first[part.name], part.name
    code, text = replayed(folder / "first", capsys)
    assert code == 0
    assert f"all {len(first)} files are the same bytes" in text
    (folder / "first" / "table.parquet").unlink()
    assert run_command(["repair", str(folder / "first"), "--no-progress"]) == 0
    assert (folder / "first" / "table.parquet").read_bytes() == first["table.parquet"]


def test_a_run_is_replayed(folder, capsys):
    put(folder, "run", "out")
    code, text = replayed(folder / "out", capsys)
    assert code == 0
    assert "5 files are the same bytes" in text


def test_an_answer_to_a_command_is_replayed(folder, capsys, monkeypatch):
    words = ["sweep", str(folder / "town.yaml"), "--vary", "commitment=0:3:2", "--replicates", "1"]
    words += ["--no-progress", "--out", str(folder / "out")]
    monkeypatch.setattr("sys.argv", ["standfast", *words])
    assert run_command(words) == 0
    code, text = replayed(folder / "out", capsys)
    assert code == 0, text
    (folder / "out" / "runs.parquet").unlink()
    assert replayed(folder / "out", capsys)[0] == 4, "what is damaged is mended first"


def test_a_number_that_was_not_computed_is_seen(folder, capsys):
    """Sound by all its hashes, but not what the model gives: only doing it again shows that."""
    result = run_ensemble(TOWN, 2, progress=False)
    result.runs.loc[0, "share_gone"] += 1e-9
    result.save(folder / "forged")
    assert run_command(["verify", str(folder / "forged")]) == 0
    code, text = replayed(folder / "forged", capsys)
    assert code == 4
    assert "runs.parquet came out differently" in text


def test_a_store_of_many_runs_is_replayed(folder, capsys):
    requests = [
        RunRequest(TOWN.with_({"time.horizon": f"{h} h"}), 2**63, k, f"{h} h")
        for h in (4, 5)
        for k in range(2)
    ]
    execute(requests, store=folder / "store", keep_agents=True, progress=False)
    code, text = replayed(folder / "store", capsys)
    assert code == 0, text
    assert "same bytes" in text


def test_another_model_is_refused_by_name(folder, capsys, monkeypatch):
    put(folder, "sweep", "out")
    other = '{"numpy": "0.0.1"}'
    monkeypatch.setattr("standfast.experiment.opening.model_version", lambda: other)
    code, text = replayed(folder / "out", capsys)
    assert code == 4
    assert "was computed by another model" in text
    assert "numpy" in text
    with pytest.raises(StoreError, match="another model"):
        read_experiment(folder / "out" / EXPERIMENT)


WRONG = {
    "kind": ("sweep", "kind: sweep", "kind: swep", ['line 2, kind: is "swep"', 'mean "sweep"']),
    "no kind": ("sweep", "kind: sweep\n", "", ["kind: is missing"]),
    "field": ("sweep", "replicates: 2", "replicate: 2", ["line 7, replicate", 'mean "replicates"']),
    "type": ("sweep", "replicates: 2", "replicates: two", ["line 7, replicates", "whole number"]),
    "bound": ("sweep", "replicates: 2", "replicates: 0", ["line 7, replicates: is 0"]),
    "axis": ("sweep", "- commitment=0", "- comitment=0", ["line 6, vary", 'mean "commitment"']),
    "design": ("sweep", "replicates: 2", "design: gird", ["line 7, design", "grid"]),
    "change": ("sweep", "time.horizon=8 h", "time.horizn=8 h", ["horizn", '"horizon"']),
    "nothing": ("calibrate", "fit: [commitment=0:4]", "fit: []", ["line 5, fit", "nothing"]),
    "target": (
        "calibrate",
        "crowd/share_gone",
        "crowd/share_gon",
        ["line 6, targets", "share_gone"],
    ),
    "method": ("portfolio", "replicates: 1", "method: east", ["line 5, method", 'mean "exact"']),
    "robust": ("portfolio", "replicates: 1", "robust: worse", ["line 5, robust", 'mean "worst"']),
    "screening": ("sensitivity", "replicates: 1", "method: moris", ["line 5, method", "morris"]),
    "grouping": ("sensitivity", "replicates: 1", "by: x\nmethod: sobol", ["line 5, by", "group"]),
    "figure": ("sweep", "replicates: 2", "figure: pgn", ["line 7, figure", 'mean "png"']),
    "mechanism": (
        "why",
        "replicates: 1",
        "mechanisms:\n- M15\n- M99",
        ["line 6, mechanisms", "M99"],
    ),
    "group": (
        "why",
        "replicates: 1",
        "groups:\n  a: [M15]\n  b: [M99]",
        ["line 6, groups.b", "M99"],
    ),
    "two cases": (
        "calibrate",
        "{longer:",
        "{crowd: town.yaml, longer:",
        ["line 4, cases.crowd", "names two cases"],
    ),
    "trials": ("calibrate", "generations: 1", "trials: 3", ["line 9, trials", "is 3"]),
    "rival": (
        "calibrate",
        "rate_max=1 / h",
        "rate_max=-1 / h",
        ["line 7, rivals.quick", "rate_max"],
    ),
    "sets": ("portfolio", "replicates: 1", "sets: 1", ["line 5, sets", "is 1"]),
    "twice": ("sweep", "standfast: 1", "standfast: 1\nkind: sweep", ["stands twice"]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_line_and_nearest_name(what, folder, capsys):
    name, old, new, says = WRONG[what]
    file = folder / f"{name}.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    assert run_command(["experiment", str(file), "--no-progress", "--out", str(folder / "x")]) == 2
    text = capsys.readouterr().err
    assert all(part in text for part in says), text


def test_several_problems_are_told_at_once(folder):
    file = folder / "sweep.yaml"
    file.write_text(SWEEP.replace("replicates: 2", "replicates: 0\nseed: -1\nvery: 3"))
    with pytest.raises(ScenarioError) as caught:
        read_experiment(file)
    assert len(caught.value.problems) == 3


def test_what_is_not_there_is_said(folder, capsys):
    (folder / "sweep.yaml").write_text(SWEEP.replace("town.yaml", "twon.yaml"))
    for name in ("sweep.yaml", "none.yaml", "town.csv"):
        assert run_command(["experiment", str(folder / name)]) == 4
    assert "does not exist" in capsys.readouterr().err
    assert replayed(folder, capsys)[0] == 4
    words = ["experiment", str(folder / "run.yaml"), "--hours", "1", "--out", str(folder / "out")]
    assert run_command(words) == 3
    assert "run takes no hours" in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_asks_what_its_function_takes(kind):
    """A field that the function lacks, or an argument that no file can give, is a fault of ours."""
    question = KINDS[kind]
    arguments = signature(question.function()).parameters
    empty = question.model_construct(**dict.fromkeys(question.model_fields))
    assert empty.asked().keys() == arguments.keys() - {"scenario", "command", *MEANS}
    for name, field in question.model_fields.items():
        other = arguments.get(question.renamed.get(name, name))
        if other is not None and other.default not in (Parameter.empty, None, ()):
            assert field.default == other.default, name


def test_every_kind_is_a_command():
    assert set(KINDS) <= set(COMMANDS)
    assert {"run", "compare", "why", "sweep", "tip", "sensitivity", "calibrate"} <= set(KINDS)


@pytest.mark.parametrize("name", ["../../elsewhere", "a/b", "\x1b[31m", "", "n" * 200])
def test_no_name_of_a_case_becomes_a_path(folder, name):
    """A file of the answer is called after it, so it must be a plain name."""
    question = read_experiment(folder / "calibrate.yaml").question.model_dump(mode="json")
    (folder / "x.json").write_text(json.dumps(question | {"cases": {name: "longer.yaml"}}))
    with pytest.raises(ScenarioError, match=r"line 1, cases\..*: is not a short name"):
        read_experiment(folder / "x.json")


def test_a_change_that_is_none_is_told_with_its_line(folder):
    (folder / "x.yaml").write_text(RUN + "set:\n- time.horizon=8 h\n- horizon 8 h\n")
    with pytest.raises(ScenarioError, match=r"x\.yaml has 1 problem\n  line 8, set") as told:
        read_experiment(folder / "x.yaml")
    assert '"horizon 8 h" is not a change' in told.value.render()
