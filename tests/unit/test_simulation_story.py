"""One soldier's story is true: its chances are those the run decided by, and watching changes nothing."""

from __future__ import annotations

import gc
from weakref import ref

import numpy as np
import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.engine.simulation import Simulation
from standfast.errors import RunError
from standfast.kernels import status
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground

SEED = 5


@pytest.fixture(scope="module")
def followed():
    scenario = proving_ground()
    n_agent = sum(force.paper for force in scenario.forces.values())
    sim = Simulation(scenario, SEED, follow=range(n_agent))
    sim.advance()
    return sim


@pytest.fixture(scope="module")
def rows(followed):
    return np.array(followed._witness._rows)


def decided(rows, chance):
    """Return who leaves by the draw of the hour, among those who serve."""
    killed = np.where(rows["was"] == status.DUTY, rows["killed"], 0.0)
    return (rows["draw"] >= killed) & (rows["draw"] < killed + chance)


def test_watching_changes_no_byte(followed):
    whole = run_replicate(compile_plan(proving_ground(), SEED), 0)
    assert differing_arrays(followed.recording(), whole) == ()


def test_the_chances_told_are_those_that_decided(rows):
    """275,646 decisions of people under no fire and whose battalion did not run: every one agrees.

    The wrong twins, a story that forgets the comrades or the commitment, disagree in hundreds.
    """
    serves = rows["was"] <= status.LEAVE
    plain = serves & (rows["under_fire"] == 0) & (rows["harmed"] == 0) & (rows["routed"] == 0)
    went = (rows["status"] > status.LEAVE) & (rows["status"] < status.BACK)
    killed = np.where(rows["was"] == status.DUTY, rows["killed"], 0.0)
    went &= rows["draw"] >= killed
    with np.errstate(invalid="ignore"):
        told = decided(rows, rows["chance"])
        assert plain.sum() > 200_000
        assert went[plain].sum() > 1000
        assert (told != went)[plain].sum() == 0
        for term in (status.TERM_COMRADES, status.TERM_ORDER, status.TERM_BELIEF):
            without = rows["pressure"] - rows["terms"][:, :, term]
            chance = 1.0 - np.exp(-(1 / 6) / (1.0 + np.exp(-without)))
            assert (decided(rows, chance) != went)[plain].sum() > 100


def test_pressure_is_the_sum_of_its_parts(rows):
    serves = rows["was"] <= status.LEAVE
    total = rows["terms"].sum(axis=2) - rows["commitment"] - rows["deterrence"]
    assert np.allclose(total[serves], rows["pressure"][serves])


def test_the_causes_of_the_run_are_those_of_its_stories(followed, rows):
    """Shares of the positive pressure of all who left, summed, are the recording's own."""
    left = (rows["was"] <= status.LEAVE) & (rows["status"] >= status.HIDING)
    left &= rows["status"] <= status.DEFECTED
    push = np.maximum(rows["terms"][left], 0.0)
    push[:, status.TERM_BASE] = 0.0
    total = push.sum(axis=1)
    shares = (push[total > 0] / total[total > 0, None]).sum(axis=0)
    found = followed.recording().cause.sum(axis=(0, 1))
    # those whose fear jumped in the hour itself are told with the fear they had after it
    assert np.abs(shares - found)[: status.TERM_BASE].max() < 0.01 * found.sum()


def test_what_somebody_heard_is_what_was_in_the_air(rows):
    heard = (rows["heard"] > 0).sum()
    assert heard > 500
    kinds = rows["news_kind"][rows["heard"] & 1 > 0][:, 0]
    assert (kinds >= 0).all()
    got = rows["message"] > 0
    assert got.any()
    assert (rows["exposed"][rows["message"] == 2] == 1).all()


def test_asked_for_afterwards_is_told_the_same(followed):
    plain = Simulation(proving_ground(), SEED)
    plain.advance("30 h")
    plain.inject(kind="order", place="port", order="leave")
    plain.advance("20 h")
    again = Simulation(proving_ground(), SEED, follow=[3])
    again.advance("30 h")
    branch = again.branch()
    branch.inject(kind="order", place="port", order="leave")
    branch.advance("20 h")
    assert branch.story(3).text() == plain.story(3).text()
    again.advance("20 h")
    assert again.story(3).text() != branch.story(3).text()
    assert again.story(3).text().split("\n\n")[0] == followed.story(3).text().split("\n\n")[0]


@pytest.mark.parametrize("way", ["displaced", "hiding", "captured", "duty", "ghost"])
def test_every_end_is_told(followed, way):
    agents = followed.state.agents
    agent = int(agents.index[agents["status"] == way][0])
    story = followed.story(agent)
    assert story.status == way
    assert story.left == (way not in ("duty", "ghost"))
    says = {
        "displaced": "fled to safety", "hiding": "hid at home", "captured": "captured",
        "duty": "came nearest to leaving", "ghost": "nobody behind it",
    }[way]  # fmt: skip
    assert says in story.ending
    assert story.ending in story.text()
    assert "<table" in story._repr_html_()
    hours = story.hours
    assert list(hours.index) == [float(hour) for hour in range(1, 145)]
    if way not in ("ghost",):
        moments = [moment.text for moment in story.moments if moment.kind == "status"]
        changes = followed.chronicle.of(agent)
        assert len(moments) == len(changes) - 1


def test_texts_are_never_markup():
    scenario = proving_ground({"places.port.title": "<b>Port</b>"})
    sim = Simulation(scenario, SEED, follow=[0])
    sim.advance("3 h")
    assert "<b>" not in sim.story(0)._repr_html_()


def test_nobody_is_followed_who_is_not_there(followed):
    with pytest.raises(RunError, match="numbered from 0"):
        followed.story(-1)
    with pytest.raises(RunError):
        Simulation(proving_ground(), SEED, follow=[10**7])


def test_before_anything_happens():
    story = Simulation(proving_ground(), SEED, follow=[4]).story(4)
    assert story.moments == ()
    assert story.ending == "Nothing has happened yet."


def test_a_simulation_with_witnesses_is_gone_as_soon_as_nobody_uses_it():
    """Its arrays would otherwise wait for the next search for cycles, which comes ever more rarely."""
    sim = Simulation(proving_ground(), SEED, follow=[3])
    sim.advance("2 h")
    run = ref(sim._run)
    gc.disable()
    try:
        del sim
        assert run() is None
    finally:
        gc.enable()
