"""What stands on the desk: worlds, branches, pairs, stories, drafts, and work that can be stopped."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from standfast.dashboard import drafts
from standfast.dashboard.commands import python_of
from standfast.dashboard.desk import Desk
from standfast.dashboard.jobs import KEPT, Jobs
from standfast.dashboard.pairs import are_paired, who_stayed
from standfast.engine.branch import written_arrays
from standfast.engine.simulation import Simulation
from standfast.errors import RunError
from standfast.experiment.compare import compare
from standfast.experiment.execute import execute
from standfast.experiment.keys import RunRequest
from standfast.report.pack import ONE
from standfast.results.result import Result
from standfast.results.verdict import serving_people
from standfast.scenario.interventions import SIZE_MEANS
from standfast.scenario.load import load_scenario, read_document

WAIT = 60.0
#: a tenth of the garrison, eight days
SMALL = load_scenario(
    "garrison",
    overrides=["forces.brigade.paper=200", "forces.police.paper=180", "forces.reserve.paper=120",
               "time.horizon=8 d"],
)  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    desk = Desk([tmp_path])
    yield desk
    desk.close()


def ended(job):
    end = time.monotonic() + WAIT
    while not job.ended:
        assert time.monotonic() < end, job.describe()
        time.sleep(0.01)
    assert job.state == "done", job.says
    return job.result


def opened(desk, **asked):
    return desk.world(ended(desk.open({"scenario": "garrison", **asked}))["world"])


def test_two_who_let_a_world_go_on_do_not_pass_the_hour(desk, monkeypatch):
    world = opened(desk, to=0)
    alone = world.sim.advance

    def slowly(step):
        time.sleep(0.02)  # under the lock, before which the other one waits
        return alone(step)

    monkeypatch.setattr(world.sim, "advance", slowly)
    jobs = [desk.advance(world.number, {"to": 6}) for _ in range(2)]
    assert [ended(job)["hour"] for job in jobs] == [6, 6]
    assert world.sim.hour == 6


def test_a_world_is_the_run_it_says(desk):
    world = opened(desk, seed=3, replicate=2, to=100)
    sim = Simulation("garrison", seed=3, replicate=2)
    sim.advance("100 h")
    assert world.sim.hour == 100.0
    assert np.array_equal(world.sim.recording().count, sim.recording().count)
    described = world.describe()
    assert (described["seed"], described["replicate"], described["finished"]) == (3, 2, False)
    assert described["serving"] == sim.state.serving


def test_frames_grow_and_say_what_was_recorded(desk):
    world = opened(desk, to=50)
    first = world.frames(0)
    assert first["hours"] == [float(hour) for hour in range(51)]
    ended(desk.advance(world.number, {"to": 80}))
    more = world.frames(51)
    assert more["hours"] == [float(hour) for hour in range(51, 81)]
    assert more["events"] == []
    people = world.sim.run.plan.people
    serves = np.isin(world.sim.chronicle.status_at(80), [0, 1, 9])
    share = np.add.reduceat(serves, people.company_start[:-1]) / np.maximum(
        np.add.reduceat(people.ghost == 0, people.company_start[:-1]), 1
    )
    assert np.abs(world.history[80] / ONE[1] - share).max() <= 0.5 / ONE[1] + 1e-9


def test_squads_say_who_is_where_at_any_hour(desk):
    world = opened(desk)
    for step in (0, 130, 240):
        found = world.squads(3, step)
        members = [m for squad in found["squads"] for m in squad["members"]]
        first = int(world.sim.run.plan.people.company_start[3])
        status = world.sim.chronicle.status_at(step)
        assert [m["agent"] for m in members] == list(range(first, first + len(members)))
        assert all(m["status"] == status[m["agent"]] for m in members)
    assert world.squads(10**6, 0)["squads"] == []


def test_a_branch_from_the_past_and_who_stayed(desk):
    world = opened(desk)
    asked = {"at": 60, "to": 240, "items": [{"kind": "keep_leaders"}], "title": "Leaders stay"}
    other = desk.world(ended(desk.branch(world.number, asked))["world"])
    assert (other.parent, other.forked_at, other.title) == (world.number, 60.0, "Leaders stay")
    assert are_paired(world, other)
    before = np.s_[:61]
    count, changed = world.sim.recording().count, other.sim.recording().count
    assert np.array_equal(count[before], changed[before])
    assert np.array_equal(world.history[before], other.history[before])
    found = who_stayed(world, other, 240.0)
    assert found["serving"] == [int(serving_people(x[-1]).sum()) for x in (count, changed)]
    assert found["stayed"] - found["left"] == found["serving"][1] - found["serving"][0]
    assert found["stayed"] > 100
    for rows in ("by_place", "by_branch", "by_home"):
        assert np.sum(found[rows], axis=0).tolist() == [
            found["people"], *found["serving"], found["stayed"], found["left"],
        ]  # fmt: skip
    assert who_stayed(world, other, 60.0)["stayed"] == 0
    stranger = opened(desk, seed=2)
    assert not are_paired(world, stranger)


def test_the_command_makes_the_world_again(desk):
    world = opened(desk, to=60)
    desk.inject(world.number, {"item": {"kind": "order", "place": "city", "order": "stand"}})
    ended(desk.advance(world.number, {"to": 90}))
    desk.inject(world.number, {"item": {"kind": "amnesty", "size": 0.5}})
    ended(desk.advance(world.number, {"to": 120}))
    text = python_of(world).replace("print(", "found = (")
    names = {}
    exec(text, names)  # noqa: S102 - it is what the page tells a reader to run
    again = written_arrays(names["sim"].run)
    assert all(
        x.tobytes() == again[name].tobytes() for name, x in written_arrays(world.sim.run).items()
    )
    assert names["found"] == world.sim.state.verdict


def test_a_story_is_told_once_and_again_after_an_hour(desk):
    world = opened(desk, to=80)
    told = ended(desk.story(world.number, {"agent": 40}))
    assert told["ending"] == world.sim.story(40).ending
    assert len(told["hours"]) == len(told["lines"]["fear"]) == 80
    assert ended(desk.story(world.number, {"agent": 40})) is told
    ended(desk.advance(world.number, {"to": 90}))
    assert len(ended(desk.story(world.number, {"agent": 40}))["hours"]) == 90


def test_pairs_are_runs_of_the_same_number(desk):
    world = opened(desk, to=0)
    asked = {"at": 0, "items": [{"kind": "keep_leaders"}]}
    other = desk.world(ended(desk.branch(world.number, asked))["world"])
    found = ended(desk.pair(world.number, {"with": other.number, "pairs": 2}))["pairs"]
    assert [pair["replicate"] for pair in found] == [0, 1]
    sim = Simulation("garrison", replicate=1)
    sim.advance()
    gone = 1 - sim.state.serving / int(serving_people(sim.recording().count[0]).sum())
    assert found[1]["without"]["gone"] == pytest.approx(gone, abs=1e-5)


def test_an_ensemble_is_saved_and_opened(desk, tmp_path):
    done = ended(desk.ensemble({"scenario": "garrison", "replicates": 2}))
    result = Result.load(tmp_path / done["folder"])
    assert result.series.sizes["replicate"] == 2
    assert (tmp_path / done["folder"] / "report.html").exists()
    entry = desk.shelf.entries()[0]
    read = desk.shelf.read(entry)
    assert (read["kind"], read["replicates"], len(read["payload"]["places"])) == ("result", 2, 2)
    assert "--replicates 2 --seed 1" in read["command"]
    world = desk.world(ended(desk.open({"result": entry.number, "replicate": 1}))["world"])
    count = result.series["count"].sel(replicate=1).transpose("hour", "place", "branch", "status")
    assert np.array_equal(world.sim.recording().count, count.values)


def test_an_answer_is_listed_and_drawn(desk, tmp_path):
    answer = compare(SMALL, ["keep-leaders"], replicates=2, progress=False)
    answer.save(tmp_path / "leaders", ["standfast", "compare", "garrison"])
    [entry] = desk.shelf.entries()
    assert (entry.kind, entry.scenario) == ("compare", "garrison")
    read = desk.shelf.read(entry)
    assert read["command"] == "standfast compare garrison"
    assert [figure["kind"] for figure in read["figures"]] == ["ranges"] * 4
    assert read["table"]["columns"] == list(answer.table.columns)
    assert len(read["table"]["rows"]) == len(answer.table)


def test_the_runs_of_a_sweep_are_listed_done_or_not(desk, tmp_path):
    requests = [RunRequest(SMALL, seed=1, replicate=replicate) for replicate in range(3)]
    execute(requests, store=tmp_path / "sweep", progress=False)
    [entry] = desk.shelf.entries()
    read = desk.shelf.read(entry)
    assert (entry.kind, read["figures"]) == ("runs", [])
    assert "3 of 3 runs are done" in read["headline"]
    assert len(read["table"]["rows"]) == 3
    table = tmp_path / "sweep" / "runs-00000.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    read = desk.shelf.read(entry)
    assert any(line.startswith("Damaged: ") for line in read["lead"])
    assert "table" not in read


def test_only_what_lies_in_the_folders_is_listed(desk, tmp_path):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    done = ended(desk.ensemble({"scenario": "garrison", "replicates": 1}))
    (tmp_path / done["folder"]).rename(outside)
    assert desk.shelf.entries() == []
    (tmp_path / "link").symlink_to(outside)
    assert desk.shelf.entries() == []


@pytest.mark.parametrize(
    "asked",
    [{"scenario": "../secret"}, {"scenario": "/etc/passwd"}, {"scenario": "case.yaml"}, {},
     {"result": 7}, {"scenario": "garrison", "seed": "1"}, {"scenario": "garrison", "to": -1},
     {"scenario": "garrison", "replicate": True}, {"scenario": "garrison", "to": float("nan")}],
)  # fmt: skip
def test_what_cannot_be_opened_is_refused(desk, asked):
    with pytest.raises(RunError):
        desk.open(asked)
    assert desk.worlds == {}


def test_a_closed_world_is_gone(desk):
    world = opened(desk, to=1)
    desk.close_world(world.number)
    with pytest.raises(RunError, match="not open"):
        desk.world(world.number)


# work


def test_work_tells_how_far_it_is_and_can_be_stopped():
    rung = []
    jobs = Jobs(1, lambda: rung.append(1))
    under_way = threading.Event()

    def long(job):
        for step in range(10_000):
            job.progress(step, 10_000)
            under_way.set()
            time.sleep(0.001)

    job = jobs.start("test", "long", long)
    waiting = jobs.start("test", "never begun", long)
    assert under_way.wait(WAIT)
    jobs.cancel(waiting.number)
    jobs.cancel(job.number)
    jobs.close()
    assert job.state == waiting.state == "cancelled"
    assert 0 <= job.done < 10_000
    assert waiting.done == 0
    assert rung


def test_what_goes_wrong_is_told():
    jobs = Jobs(1, lambda: None)

    def bad(_):
        msg = "it needs more"
        raise RunError(msg, "Give it less.") from None

    def worse(_):
        raise ZeroDivisionError

    first, second = jobs.start("test", "bad", bad), jobs.start("test", "worse", worse)
    while not second.ended:
        time.sleep(0.001)
    jobs.close()
    assert first.state == second.state == "failed"
    assert "Give it less." in first.says
    assert "fault of standfast: ZeroDivisionError" in second.says


def test_ended_work_is_forgotten_in_time():
    jobs = Jobs(1, lambda: None)
    for number in range(KEPT + 5):
        job = jobs.start("test", str(number), lambda _: None)
        while not job.ended:
            time.sleep(0.001)
    assert len(jobs.list()) == KEPT + 1
    jobs.close()


# drafts


def test_an_unchanged_draft_is_the_scenario():
    known = load_scenario("mosul-2014")
    document = drafts.document_of(known)
    found = drafts.check_draft(document, "mosul-2014")
    assert found["problems"] == []
    again = read_document(found["yaml"].encode(), ".yaml", "draft").scenario
    assert again == known


def test_a_changed_value_loses_its_source():
    known = load_scenario("mosul-2014")
    document = drafts.document_of(known)
    path = next(name for name in known.evidence if name.endswith(".paper"))
    force = path.split(".")[1]
    document["forces"][force]["paper"] += 1
    scenario = drafts.read_draft(document, "mosul-2014")
    assert path in known.evidence
    assert path not in scenario.evidence
    assert len(scenario.evidence) == len(known.evidence) - 1


def test_what_is_wrong_is_told_by_path():
    document = drafts.document_of(load_scenario("garrison"))
    document["forces"]["police"]["place"] = "citty"
    document["time"]["horizon"] = 20
    found = drafts.check_draft(document, "garrison")
    problems = {problem["path"]: problem for problem in found["problems"]}
    assert set(problems) == {"forces.police.place", "time.horizon"}
    assert 'Did you mean "city"' in problems["forces.police.place"]["advice"]
    assert found["yaml"] == ""


def test_persons_are_refused():
    found = drafts.check_draft({"people": [{"name": "x", "address": "y", "phone": "1"}]}, None)
    assert found["problems"]
    assert found["yaml"] == ""


def test_every_intervention_has_a_card():
    assert {card["kind"] for card in drafts.cards()} == set(SIZE_MEANS)
