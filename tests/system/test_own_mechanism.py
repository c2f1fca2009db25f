"""A mechanism of one's own, from the file of the guide to runs, workers, stores and answers.

Not asserted: that the example says anything about the world. That it equals a plain version of itself
is asserted beside the slow twin.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from standfast.cli.main import run_command
from standfast.engine.compile import compile_plan
from standfast.engine.plugins import allow_code, allow_source, schedule_of
from standfast.engine.run import Run
from standfast.engine.schedule import SCHEDULE
from standfast.engine.simulation import Simulation
from standfast.errors import FileError, RunError, ScenarioError
from standfast.experiment import chunks
from standfast.experiment.chunks import compute_chunk_far_away, cut
from standfast.experiment.execute import execute, resume
from standfast.experiment.keys import RunRequest
from standfast.experiment.ledger import Task
from standfast.experiment.outcome import Keep
from standfast.experiment.vary import read_axis
from standfast.experiment.why import OWN, why
from standfast.meanfield.run import run_meanfield
from standfast.scenario import plugins
from standfast.scenario.dump import canonical_json, dump_yaml, sha256
from standfast.scenario.load import load_scenario
from standfast.testing.proving_ground import proving_ground

ROOT = Path(__file__).parents[2]
SMOKE = ROOT / "docs" / "guide" / "examples" / "smoke.py"
PLUGIN = {"smoke": {"file": "smoke.py", "parameters": {"fear": 0.3}}}
SMALL = {"time.horizon": "60 h"}


@pytest.fixture(autouse=True)
def nothing_allowed(monkeypatch):
    """Begin as a fresh process does."""
    monkeypatch.setattr(plugins, "_ALLOWED", {})


def smoky(**changes):
    allow_code(SMOKE)
    return proving_ground(SMALL).with_({"plugins": PLUGIN, **changes})


def gone(scenario, replicates=3):
    runs = execute([RunRequest(scenario, 1, k) for k in range(replicates)], progress=False)
    return runs.table["port.share_gone"].to_numpy()


def written(tmp_path, text=""):
    path = tmp_path / "case.yaml"
    path.write_text(dump_yaml(proving_ground(SMALL)) + f"plugins: {json.dumps(PLUGIN)}\n{text}")
    return path


def test_code_that_was_not_allowed_is_refused_with_its_line(tmp_path, capsys):
    path = written(tmp_path)
    line = next(
        k for k, x in enumerate(path.read_text().splitlines(), 1) if x.startswith("plugins")
    )
    assert run_command(["check", str(path)]) == 2
    said = capsys.readouterr().err
    assert (
        f"line {line}, plugins.smoke: is code of its own, in smoke.py, which was not allowed"
        in said
    )
    assert "--allow-code smoke.py" in said
    assert run_command(["check", str(path), "--allow-code", str(SMOKE)]) == 0


def test_a_parameter_is_checked_against_its_class(tmp_path):
    path = written(tmp_path)
    allow_code(SMOKE)
    for change, says in {
        "plugins.smoke.parameters.fear=3": "is 3.0, but a share lies between 0 and 1",
        "plugins.smoke.parameters.gathers=6": "carries no unit",
        "plugins.smoke.parameters.gather=6 h": 'Did you mean "gathers"?',
        f"plugins.smoke.sha256={'a' * 64}": "was written for another smoke.py",
        "mechanisms.smok.enabled=false": "is not a field here",
    }.items():
        with pytest.raises(ScenarioError, match=re.escape(says)):
            load_scenario(path, overrides=[change])


def test_the_resolved_scenario_says_what_it_was_run_with():
    scenario = smoky()
    plugin = scenario.plugins["smoke"]
    assert plugin.parameters == {"gathers": "6 h", "fear": 0.3}
    assert plugin.sha256 == plugins.find_code("smoke.py").sha256
    assert plugin.sha256 in canonical_json(scenario)
    other = SMOKE.read_text().replace("more and hopes less", "more, and hopes less")
    allow_source("smoke.py", other)
    changed = proving_ground(SMALL).with_({"plugins": PLUGIN})
    assert sha256(changed) != sha256(scenario), "another file is another scenario"


def test_a_scenario_without_any_is_what_it_was():
    scenario = proving_ground(SMALL)
    assert schedule_of(scenario) is SCHEDULE
    assert "plugins" not in canonical_json(scenario)
    assert "plugins" not in dump_yaml(scenario)
    assert not [name for name in Run(compile_plan(scenario, 1), 0).arrays if "." in name]


def test_it_stands_in_the_schedule_before_people_decide():
    names = [phase.name for phase in schedule_of(smoky())]
    assert names[names.index("smoke") + 1] == "agents"
    off = smoky(**{"mechanisms.smoke.enabled": False})
    assert schedule_of(off) is SCHEDULE


def test_switched_off_or_without_effect_it_changes_nothing():
    plain = gone(proving_ground(SMALL))
    assert (gone(smoky(**{"mechanisms.smoke.enabled": False})) == plain).all()
    assert (gone(smoky(**{"plugins.smoke.parameters.fear": 0})) == plain).all()


def test_more_smoke_makes_more_leave():
    amounts = [gone(smoky(**{"plugins.smoke.parameters.fear": x})).mean() for x in (0, 0.02, 0.5)]
    assert amounts == sorted(amounts)
    assert amounts[2] > amounts[0] + 0.02


def test_it_remembers_through_a_branch_and_a_file(tmp_path):
    sim = Simulation(smoky(), seed=1)
    sim.advance("40 h")
    haze = sim.run.arrays["smoke.haze"]
    assert haze.max() > 0
    there = [sim.branch(), Simulation.load(sim.save(tmp_path / "saved.sim"))]
    for other in there:
        assert (other.run.arrays["smoke.haze"] == haze).all()
    sim.advance("10 h")
    for other in there:
        other.advance("10 h")
        assert (other.run.arrays["fear"] == sim.run.arrays["fear"]).all()


def test_a_worker_elsewhere_is_sent_the_code(monkeypatch):
    scenario = smoky()
    task = Task(1, sha256(scenario), canonical_json(scenario), 1, 0, 1.0)
    (chunk,) = cut([task], Keep(agents=True))
    assert [file for file, _ in chunk.code] == ["smoke.py"]
    monkeypatch.setattr(plugins, "_ALLOWED", {})
    monkeypatch.setattr(chunks, "_own_shelf", lambda: chunks.Shelf(1))
    ((_, there),) = compute_chunk_far_away(chunk)
    here = execute([RunRequest(scenario, 1, 0)], keep_agents=True, progress=False)
    row = json.loads(there.row)
    assert row["port.share_gone"] == here.table["port.share_gone"][0]


@pytest.mark.slow
@pytest.mark.parametrize("means", [{"processes": 2}, {"cluster": "local"}])
def test_processes_and_dask_give_the_same_bytes(means, tmp_path):
    wanted = [RunRequest(smoky(), 1, k) for k in range(4)]
    execute(wanted, store=tmp_path / "here", threads=2, keep_agents=True, progress=False)
    execute(wanted, store=tmp_path / "there", keep_agents=True, progress=False, **means)
    here, there = ({x.name: x.read_bytes() for x in (tmp_path / name).iterdir()}
                   for name in ("here", "there"))  # fmt: skip
    assert here == there


def test_a_stopped_sweep_needs_the_same_file_again(tmp_path, monkeypatch, capsys):
    scenario = smoky(**{"time.horizon": "6 h"})
    monkeypatch.setattr("standfast.experiment.execute._compute", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        execute([RunRequest(scenario, 1, 0)], store=tmp_path / "a", progress=False)
    monkeypatch.undo()
    monkeypatch.setattr(plugins, "_ALLOWED", {})
    with pytest.raises(RunError, match=r"smoke needs smoke\.py .* which was not allowed"):
        resume(tmp_path / "a", threads=1, progress=False)
    words = ["resume", str(tmp_path / "a"), "--threads", "1", "--no-progress"]
    assert run_command([*words, "--allow-code", str(SMOKE)]) == 0
    assert "1 of 1 runs are done" in capsys.readouterr().out


def test_why_gives_it_a_row_and_a_group():
    answer = why(smoky(), 2, mechanisms=["smoke"], progress=False, groups={OWN: ["smoke"]})
    row = answer.table[answer.table.name == "smoke"].iloc[0]
    assert row.title.startswith("Smoke over a place under attack")
    assert answer.summary["groups"] == {OWN: ["smoke"]}
    assert answer.provenance["code"] == {"smoke.py": plugins.find_code("smoke.py").sha256}
    with pytest.raises(ScenarioError, match='Did you mean "smoke"'):
        why(smoky(), 2, mechanisms=["smok"], progress=False)


def test_its_parameters_can_be_varied_by_their_path():
    axis = read_axis("plugins.smoke.parameters.gathers=2 h:1 d:3", smoky())
    assert axis.values() == (2.0, 13.0, 24.0)
    assert axis.changes(smoky(), 13.0) == {"plugins.smoke.parameters.gathers": "13 h"}
    with pytest.raises(ScenarioError, match="lies between"):
        read_axis("plugins.smoke.parameters.fear=0:2:3", smoky())


def test_the_mean_field_twin_refuses_it_by_name():
    with pytest.raises(RunError, match="knows nothing of smoke"):
        run_meanfield(smoky())
    assert run_meanfield(smoky(**{"mechanisms.smoke.enabled": False})).hours.size


GOOD = SMOKE.read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def advance(:\n", "line 1: does not load: SyntaxError"),
        ("\nimport nowhere_at_all\n", "line 2: does not load: ModuleNotFoundError"),
        ("x = 1\n", "Parameters: is no class"),
        (GOOD.replace("advance(parameters,", "advance(numbers,").replace("= parameters[0]", "= numbers[0]"),
         "takes no argument named parameters"),
        (GOOD.replace('"haze": "place"', '"haze": "town"'), "STATE: is no mapping"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_mechanism_says_why(text, says):
    with pytest.raises(ScenarioError, match=re.escape(says)):
        allow_source("broken.py", text)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("haze, fear)", "haze, feer)", "asks for feer, which no run has"),
        ("1.0 - fear[i]", '"a" - fear[i]', r"the mechanism smoke \(smoke.py\) failed"),
    ],
)
def test_a_function_that_does_not_fit_is_told_as_its_own(old, new, says):
    allow_source("smoke.py", GOOD.replace(old, new))
    scenario = proving_ground(SMALL).with_({"plugins": PLUGIN})
    with pytest.raises(RunError, match=says):
        gone(scenario, 1)


def test_a_file_that_is_not_there_is_said(capsys):
    assert run_command(["check", "garrison", "--allow-code", "nowhere.py"]) == 4
    assert "nowhere.py cannot be read" in capsys.readouterr().err
    with pytest.raises(FileError):
        allow_code(ROOT)


def test_its_draws_are_its_own():
    """Two mechanisms of one's own draw under two numbers, and neither is one of the model's."""
    allow_code(SMOKE)
    names = dict.fromkeys(("smoke", "dust"), PLUGIN["smoke"])
    plan = compile_plan(proving_ground(SMALL).with_({"plugins": names}), 1)
    purposes = [int(plan.arrays[f"{name}.parameters"]["purpose"][0]) for name in names]
    assert len(set(purposes)) == 2
    assert min(purposes) >= 2**31 > np.iinfo(np.uint16).max


def test_the_guide_shows_the_file_that_is_run():
    page = (ROOT / "docs" / "guide" / "own-mechanism.md").read_text(encoding="utf-8")
    assert f"```py\n{GOOD}```" in page
    code = GOOD.split('"""', 2)[2]
    assert len([x for x in code.splitlines() if x.strip()]) <= 35
