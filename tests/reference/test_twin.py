"""The engine equals a plain Python model of a whole run, event by event, on random small scenarios.

The twin (`twin/`) is written from the equations and the schedule. It shares with the engine the
types of a scenario, the key layout of the draws, and who the people and their ties are; it has its
own Philox, its own reading of parameters, distances and roads. After every step the status of each
person, the log, every place, unit and reading, and all that people feel and know are compared:
whole numbers exactly, others to what single precision keeps. Not asserted: how people and ties are
built, and anything that needs more than 60 people, save for the one larger case below.
"""

from __future__ import annotations

import hypothesis
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twin import draws
from twin.compare import first_difference
from twin.run import TwinRun

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.scenario.model import Scenario
from standfast.scenario.vocabulary import LOG_KINDS, STATUS
from standfast.testing.proving_ground import proving_ground
from standfast.testing.strategies import scenarios

SEEDS = st.integers(0, 2**64 - 1)
REPLICATES = st.integers(0, 5)
#: 300 cases in parts, which two processes can share, and 10,000 for a long night
PARTS, CASES = range(4), 75
SOAK_PARTS, SOAK_CASES = range(100, 110), 1000


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_the_twin_draws_the_known_answers(counter, key, words):
    assert draws.philox(counter, key) == words


@pytest.mark.parametrize("part", PARTS)
def test_engine_and_twin_agree(part):
    compare_runs(CASES, part)


@pytest.mark.slow
@pytest.mark.parametrize("part", SOAK_PARTS)
def test_engine_and_twin_agree_on_ten_thousand_scenarios(part):
    compare_runs(SOAK_CASES, part)


def compare_runs(n, part):
    """Compare engine and twin on n scenarios, which are other ones for each part."""

    @hypothesis.seed(part)
    @settings(max_examples=n, derandomize=False, database=None)
    @given(scenarios(), SEEDS, REPLICATES)
    def compare(scenario, seed, replicate):
        assert first_difference(scenario, seed, replicate) is None

    compare()


@pytest.mark.slow  # an attack that breaks off is rare: it takes more cases than a quick run draws
def test_everything_happens_in_the_random_scenarios():
    log, statuses = set(), np.zeros(len(STATUS), dtype=np.int64)

    @hypothesis.seed(1)
    @settings(max_examples=1500, derandomize=False, database=None)
    @given(scenarios(), SEEDS)
    def look(scenario, seed):
        recording = run_replicate(compile_plan(scenario, seed), 0)
        log.update(recording.log["kind"].tolist())
        statuses.__iadd__(recording.count[-1].sum(axis=(0, 1)))

    look()
    assert {*LOG_KINDS} - {LOG_KINDS[kind] for kind in log} == set()
    assert (statuses > 0).all()


@given(scenarios(max_steps=30), SEEDS)
def test_the_order_of_people_does_not_matter(scenario, seed):
    plan = compile_plan(scenario, seed)
    runs = TwinRun(plan, 0), TwinRun(plan, 0, backwards=True)
    for _ in range(plan.n_step):
        for run in runs:
            run.advance()
        forwards, backwards = (
            [(me.status, me.fear, me.trust, me.belief, me.resolve) for me in run.world.people]
            for run in runs
        )
        assert forwards == backwards
        assert runs[0].world.log == runs[1].world.log


@pytest.mark.slow
def test_a_force_of_more_companies_than_are_advanced_together():
    # the engine advances 32 companies at a time; this force has more, and a day of much happening
    scenario = proving_ground(
        {"time.horizon": "12 h", "events.assault.at": "1 h", "events.alarm.at": "3 h"}
    )
    plan = compile_plan(scenario, 3)
    assert plan.people.n_company > 32
    assert first_difference(scenario, 3, 1) is None


@pytest.mark.slow
def test_the_proving_ground():
    assert first_difference(proving_ground(), 1, 0) is None


def crowded_hour(order):
    """Return a scenario in which twelve pieces of news go out in one step."""
    names = ("aleph", "beth", "gimel", "daleth")
    places = {
        name: {"title": name, "latitude": 1 + k / 10, "longitude": 3.0, "prison": {"inmates": 9}}
        for k, name in enumerate(names)
    }
    events = [
        {"id": f"alarm-{x}", "kind": "mass_message", "at": "2 h", "places": [x], "reach": 1.0}
        for x in names
    ]
    events += [{"id": f"break-{x}", "kind": "prison_break", "at": "2 h", "place": x} for x in names]
    events += [
        {"id": f"go-{x}", "kind": "commanders_leave", "at": "2 h", "place": x} for x in order(names)
    ]
    force = {"title": "A force", "branch": "army", "paper": 8}
    return Scenario.model_validate(
        {
            "standfast": 1,
            "scenario": "crowded-hour",
            "title": "Twelve pieces of news in an hour",
            "time": {"start": "2030-03-01T00:00", "horizon": "6 h"},
            "places": places,
            "forces": {f"of-{x}": force | {"place": x, "homes": {x: 1.0}} for x in names},
            "events": events,
        },
        strict=False,
    )


@pytest.mark.parametrize("order", [list, lambda names: names[::-1]], ids=["same", "reversed"])
def test_news_that_was_told_is_not_taken_for_news_that_took_its_slot(order):
    assert first_difference(crowded_hour(order), 1, 0) is None


def test_a_force_of_ghosts_runs():
    ghosts = proving_ground({"time.horizon": "2 h"})
    force = ghosts.forces["port-brigade"].model_copy(update={"paper": 2, "ghosts": 0.99})
    scenario = ghosts.model_copy(update={"forces": {"port-brigade": force}})
    assert first_difference(scenario, 1, 0) is None


@pytest.mark.parametrize("step", ["1 h", "24 h"])
def test_rates_act_by_the_exponential_whatever_the_step(step):
    # leave, moving the family and return at rates at which r dt would be far from 1 - exp(-r dt)
    scenario = proving_ground(
        {
            "time.step": step,
            "time.horizon": "48 h",
            "behaviour.family.moving_rate": "0.5 / h",
            "behaviour.recovery.return_rate": "0.2 / h",
            "behaviour.exits.leave_length": "24 h",
            "forces.port-brigade.paper": 40,
            "forces.port-police.paper": 40,
            "forces.ford-police.paper": 20,
            "forces.fort-brigade.paper": 20,
        }
    )
    assert first_difference(scenario, 1, 0) is None
