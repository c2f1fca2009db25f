"""Stepping through a run: the same bytes however it is advanced, branched or put aside.

What this does not show: that the run itself is right (the slow twin does), and that a snapshot can be
read by another version (it is refused where the state differs).
"""

from __future__ import annotations

import numpy as np
import pytest

from standfast.engine import saved
from standfast.engine.branch import fork_run, written_arrays
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run, run_replicate
from standfast.engine.simulation import Simulation
from standfast.errors import FileError, RunError, RunInterrupted, ScenarioError, StoreError
from standfast.scenario.interventions import Intervention
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground

SEED = 5
HOURS = 144


@pytest.fixture(scope="module")
def whole():
    return run_replicate(compile_plan(proving_ground(), SEED), 0)


@pytest.fixture
def sim():
    return Simulation(proving_ground(), SEED)


def state_of(sim):
    return {name: x.tobytes() for name, x in written_arrays(sim.run).items()}


def test_in_pieces_is_the_same_run(sim, whole):
    for duration in ("6 h", "1 h", 30, "2 d"):
        sim.advance(duration)
    assert sim.hour == 85.0
    sim.advance()
    assert sim.finished
    assert differing_arrays(sim.recording(), whole) == ()


def test_another_replicate_is_another_run(whole):
    other = Simulation(proving_ground(), SEED, replicate=1)
    other.advance()
    assert "count" in differing_arrays(other.recording(), whole)


def test_a_run_cut_short_is_a_run_of_a_shorter_horizon(sim):
    sim.advance("60 h")
    short = run_replicate(compile_plan(proving_ground({"time.horizon": "60 h"}), SEED), 0)
    assert differing_arrays(sim.recording(), short) == ()
    result = sim.result()
    assert result.scenario.time.horizon == 60.0
    assert result.series.sizes["hour"] == 61


def test_steps_of_a_quarter_of_an_hour():
    changed = {"time.step": "15 min", "time.horizon": "12 h"}
    sim = Simulation(proving_ground(changed), SEED)
    assert sim.advance("30 min") == 0.5
    assert sim.recording().hours.tolist() == [0.0]
    sim.advance()
    whole = run_replicate(compile_plan(proving_ground(changed), SEED), 0)
    assert differing_arrays(sim.recording(), whole) == ()


@pytest.mark.parametrize(
    ("asked", "says"),
    [({"duration": "90 min"}, "between two steps"), ({"to": "3 h"}, "is past"),
     ({"duration": "6 hours"}, "has the unit"), ({"duration": "-1 h"}, "is past")],
)  # fmt: skip
def test_a_step_that_cannot_be_taken_is_refused(sim, asked, says):
    sim.advance("6 h")
    with pytest.raises(RunError, match=says):
        sim.advance(**asked)
    assert sim.hour == 6.0


def test_stops_when_asked_and_goes_on(sim, whole):
    with pytest.raises(RunInterrupted):
        sim.advance(should_stop=lambda: sim.hour >= 50)
    assert sim.hour == 50.0
    seen = []
    sim.advance(on_step=lambda it: seen.append(it.hour))
    assert seen == [float(hour) for hour in range(51, HOURS + 1)]
    assert differing_arrays(sim.recording(), whole) == ()


# branches


def test_a_branch_goes_the_same_way_and_shares_nothing(sim, whole):
    sim.advance("70 h")
    before = state_of(sim)
    branch = sim.branch()
    assert not any(
        np.shares_memory(x, written_arrays(branch.run)[name])
        for name, x in written_arrays(sim.run).items()
    )
    branch.advance()
    assert state_of(sim) == before
    assert differing_arrays(branch.recording(), whole) == ()
    sim.advance()
    assert differing_arrays(sim.recording(), whole) == ()


def test_what_is_injected_into_a_branch_stays_there(sim, whole):
    sim.advance("70 h")
    branch = sim.branch()
    branch.inject(kind="keep_leaders", size=1.0)
    branch.inject(kind="order", place="port", order="leave")
    branch.advance()
    sim.advance()
    assert differing_arrays(sim.recording(), whole) == ()
    assert "count" in differing_arrays(branch.recording(), whole)


def test_every_array_that_a_run_writes_is_copied_whatever_its_name():
    run = Run(compile_plan(proving_ground(), SEED), 0)
    shared = {name for name in run.arrays if name not in written_arrays(run)}
    assert shared <= set(run.plan.arrays)
    assert all(not run.arrays[name].flags.writeable for name in shared)
    run.advance()
    other = fork_run(run)
    assert {n: x.tobytes() for n, x in written_arrays(other).items()} == {
        n: x.tobytes() for n, x in written_arrays(run).items()
    }


def test_a_branch_from_an_earlier_hour_has_what_was_injected_before(sim):
    sim.advance("40 h")
    sim.inject(kind="verified_channel", size=1.0)
    sim.advance("20 h")
    kept = sim.branch()
    sim.advance("20 h")
    sim.inject(kind="order", place="port", order="leave")
    sim.advance()
    again = sim.branch(at="60 h")
    assert [hour for hour, _ in again.injected] == [40.0]
    assert state_of(again) == state_of(kept)
    with pytest.raises(RunError, match="still to come"):
        again.branch(at="61 h")


# injections


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "commanders_leave", "place": "port"},
        {"kind": "order", "place": "ford", "order": "leave"},
        {"kind": "mass_message", "places": ["port", "ford", "fort"], "reach": 0.9},
        {"kind": "prison_break", "place": "ford"},
        {"kind": "attack", "place": "ford", "fighters": 200},
        {"kind": "keep_leaders", "size": 1.0},
        {"kind": "move_families", "size": 0.8},
        {"kind": "answer_calls", "size": 1.0, "delay": "2 h", "battalions": 2},
    ],
    ids=lambda item: item["kind"],
)
def test_changes_nothing_before_and_replays_from_its_scenario(sim, whole, item):
    """The saved scenario, run from its start, comes to the same bytes as the injected run."""
    sim.advance("55 h")
    added = sim.inject(item)
    assert added.get("at", added.get("start")) == "55 h"
    sim.advance()
    found = sim.recording()
    assert np.array_equal(found.count[:56], whole.count[:56])
    assert all(np.array_equal(x[:56], whole.readings[n][:56]) for n, x in found.readings.items())
    assert differing_arrays(found, whole) != ()
    again = run_replicate(compile_plan(sim.to_scenario(), SEED), 0)
    assert differing_arrays(found, again) == ()


def test_an_injection_that_reached_back_would_be_seen(whole):
    """The wrong twin: the same intervention from hour 0 does change the hours before."""
    early = proving_ground({"interventions": [{"kind": "move_families", "size": 0.8}]})
    found = run_replicate(compile_plan(early, SEED), 0)
    assert not np.array_equal(found.readings["fear"][:56], whole.readings["fear"][:56])


def test_later_than_now_waits(sim, whole):
    sim.advance("20 h")
    sim.inject(kind="order", place="port", order="leave", at="60 h")
    sim.advance("40 h")
    assert np.array_equal(sim.recording().count, whole.count[:61])
    sim.advance("1 h")
    assert not np.array_equal(sim.recording().count[-1], whole.count[61])


@pytest.mark.parametrize(
    ("item", "path", "text"),
    [
        ({"kind": "keep_leader"}, "kind", 'Did you mean "keep_leaders"'),
        ({}, "kind", "Say what happens"),
        ({"kind": "order", "place": "prot", "order": "leave"}, "place", 'Did you mean "port"'),
        ({"kind": "keep_leaders", "start": "3 h"}, "start", "Leave it out for now"),
        ({"kind": "order", "place": "port", "order": "withdraw"}, "", "Add to: and a place"),
        ({"kind": "sanction", "size": 2}, "size", "between 0 and 1"),
    ],
)
def test_what_does_not_fit_is_refused_in_the_words_of_who_wrote_it(sim, item, path, text):
    sim.advance("6 h")
    with pytest.raises(ScenarioError) as caught:
        sim.inject(item)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert text in str(caught.value)
    assert sim.injected == ()


def test_takes_a_model_and_saves_a_file(sim, tmp_path):
    sim.advance("6 h")
    sim.inject(Intervention(kind="keep_leaders", size=0.5, start="10 h"))
    sim.to_scenario(tmp_path / "case.yaml")
    again = Simulation(tmp_path / "case.yaml", SEED)
    assert again.scenario.interventions == sim.scenario.interventions
    with pytest.raises(FileError):
        sim.to_scenario(tmp_path / "nowhere" / "case.yaml")


def test_an_attack_to_come_is_announced_from_now_on(sim):
    """Its campaign begins when it is injected, and the saved scenario says so."""
    sim.advance("20 h")
    added = sim.inject(kind="attack", place="fort", fighters=200, at="50 h")
    assert added["campaign_lead"] == "30 h"
    sim.advance()
    again = run_replicate(compile_plan(sim.to_scenario(), SEED), 0)
    assert differing_arrays(sim.recording(), again) == ()
    unsaid = sim.to_scenario().with_({f"events.{added['id']}.campaign_lead": None})
    early = run_replicate(compile_plan(unsaid, SEED), 0)
    assert "count" in differing_arrays(sim.recording(), early)


# on disk


def test_put_aside_and_gone_on_with_is_the_same_run(sim, whole, tmp_path):
    sim.advance("50 h")
    path = sim.save(tmp_path / "a.run")
    again = Simulation.load(path)
    assert again.hour == 50.0
    assert state_of(again) == state_of(sim)
    again.advance()
    assert differing_arrays(again.recording(), whole) == ()


def test_with_injections_and_an_attack_under_way(sim, tmp_path):
    sim.advance("50 h")
    sim.inject(kind="verified_channel", size=1.0)
    sim.inject(kind="mass_message", places=["ford"], at="70 h")
    sim.advance("10 h")
    again = Simulation.load(sim.save(tmp_path / "a.run"))
    assert again.injected == sim.injected
    assert again.original == sim.original
    assert again.run.scene.attacking == sim.run.scene.attacking
    sim.advance()
    again.advance()
    assert differing_arrays(again.recording(), sim.recording()) == ()
    assert again.save(tmp_path / "b.run").read_bytes() == sim.save(tmp_path / "c.run").read_bytes()


def test_a_changed_byte_is_refused(sim, tmp_path):
    path = sim.save(tmp_path / "a.run")
    content = path.read_bytes()
    for at in np.linspace(0, len(content) - 1, 40).astype(int).tolist():
        path.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        with pytest.raises(StoreError):
            Simulation.load(path)
    path.write_bytes(content[:-1])
    with pytest.raises(StoreError):
        Simulation.load(path)
    with pytest.raises(FileError):
        Simulation.load(tmp_path / "none.run")


def test_a_state_of_another_kind_is_refused(sim, tmp_path, monkeypatch):
    path = sim.save(tmp_path / "a.run")
    stored = saved.stored_arrays

    def with_one_more(sim):
        return stored(sim) | {"state.morale": np.zeros(3)}

    monkeypatch.setattr(saved, "stored_arrays", with_one_more)
    with pytest.raises(StoreError, match="morale"):
        Simulation.load(path)


# what is to be seen


def test_the_chronicle_tells_every_hour(sim):
    told = [sim.run.arrays["agent_status"].copy()]
    sim.advance(on_step=lambda it: told.append(it.run.arrays["agent_status"].copy()))
    chronicle = sim.chronicle
    for step in (0, 1, 37, 80, HOURS):
        assert np.array_equal(chronicle.status_at(step), told[step])
        assert np.array_equal(chronicle.status_at(step, 100, 260), told[step][100:260])
    agent = int(np.flatnonzero(told[0] != told[-1])[3])
    by_hour = [int(status[agent]) for status in told]
    changes = [(h, s) for h, s in enumerate(by_hour) if h == 0 or s != by_hour[h - 1]]
    assert chronicle.of(agent) == changes


def test_the_state_is_labelled_and_adds_up(sim):
    sim.advance("90 h")
    state = sim.state
    places, units, agents = state.places, state.units, state.agents
    assert list(places.index) == ["port", "ford", "fort", "uplands"]
    serving = agents["status"].isin(["duty", "leave", "back"])
    assert places["serving"].sum() == units["serving"].sum() == serving.sum() == state.serving
    assert int(state.count.sum()) == len(agents)
    by_post = serving.groupby(agents["post"], observed=False).sum()
    assert by_post.to_dict() == places["serving"].to_dict()
    assert state.series["count"].sizes["hour"] == 91
    assert (state.events["hour"] <= 90).all()
    assert set(state.verdict) == {*places.index, "the whole"}
    assert "hour 90" in repr(state)
    assert "<table" in state._repr_html_()
    assert "hour 90 of 144" in repr(sim)
