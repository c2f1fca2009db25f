"""What a run leaves out must change nothing, to the byte: companies at rest, and phases that are off.

Every run is repeated with all companies woken before each step. Wrong twin: one in which companies go on
resting although somebody writes to their people behind the engine's back.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.engine.schedule import SCHEDULE
from standfast.kernels import status
from standfast.scenario.load import load_scenario
from standfast.scenario.mechanisms import MECHANISMS
from standfast.testing.alike import differing_state
from standfast.testing.limits import crowd
from standfast.testing.strategies import scenarios

CASES = 25
CAMPAIGN = {
    "M01",
    "M05",
    "M07",
    "M08",
    "M09",
    "M11",
}  # without them nothing reaches anybody in most steps
OWN = ("company_rest", "company_serving", "rest_context", "rest_place")
#: news that passes on and is forgotten, and nobody who decides
NEWS = {
    "information": {
        "phone_contact_rate": "1 / h", "forget_rate": "0.3 / h", "squad_contact_rate": "0.2 / h",
        "kin_contact_rate": "0 / h", "public_contact_rate": "0 / h", "broadcast_rate": "0 / h",
        "fear_of_alarm": 0.0,
    },
    "belief": {"belief_of_alarm": 0.0},
    "decision": {"rate_max": "0 / h"},
}  # fmt: skip
SCHEME = {"squad": 10, "company": 50, "battalion": 500}


def both(plan, steps, *, before=lambda _run, _step: None):
    """Return a run in which companies may rest and one in which none may, and how many rested by step."""
    resting, awake = Run(plan, 0), Run(plan, 0)
    rested = []
    for step in range(steps):
        for run in (resting, awake):
            before(run, step)
        awake.arrays["company_rest"][:] = 0
        resting.advance()
        awake.advance()
        rested.append(int(resting.arrays["company_rest"].sum()))
    return resting, awake, rested


def differing(first, second):
    """Return the names of arrays in which two runs differ, beside those that say who rests."""
    return differing_state(first, second).difference(OWN)


def spread(run, step):
    """Let one person in fifty know a piece of news at the start."""
    if step == 0:
        run.arrays["news_kind"][0], run.arrays["news_weight"][0] = status.ALARM, 1.0
        run.arrays["heard"][::50] = run.arrays["spreading"][::50] = 1


def calm(n, *, on=("M01", "M02"), events=(), behaviour=NEWS):
    return crowd(
        n,
        on=on,
        behaviour=behaviour,
        scheme=SCHEME,
        horizon="60 h",
        events=events,
        network={"phone_mean": 6.0},
    )


def test_where_only_news_moves_everybody_else_rests():
    plan = compile_plan(calm(8000), 1)
    first, second, rested = both(plan, 60, before=spread)
    assert differing(first, second) == set()
    assert first.agent_steps == second.agent_steps == 60 * 8000
    assert first.arrays["heard"].sum() > 4000, "the news must spread, or nothing is shown"
    assert rested[-1] == plan.people.n_company == 160
    assert np.mean(rested) > 100


def test_whoever_learns_what_he_feels_is_awake():
    plan = compile_plan(calm(4000, on=("M01", "M02", "M06", "M24")), 1)
    first, second, rested = both(plan, 60, before=spread)
    assert differing(first, second) == set()
    assert first.arrays["fear"].max() > 0.1
    assert rested[1] < plan.people.n_company


def test_an_event_wakes_those_at_rest():
    message = {
        "id": "texts",
        "kind": "mass_message",
        "at": "30 h",
        "places": ["here"],
        "reach": 1.0,
    }
    frightening = NEWS | {"information": NEWS["information"] | {"fear_of_alarm": 0.3}}
    plan = compile_plan(calm(4000, on=("M01",), events=[message], behaviour=frightening), 1)
    first, second, rested = both(plan, 60)
    assert differing(first, second) == set()
    assert rested[25] == plan.people.n_company
    assert rested[31] == 0


#: friends who left pull others after them, as thresholds differ
CASCADE = {
    "decision": {"rate_max": "100 / h", "commitment": 0.3, "spread": 1e-6},
    "comrades": {"peer_phone": 1.0, "peer_squad": 0.0, "peer_company": 0.0, "peer_norm": 0.0, "memory": "1000 y"},
    "belief": {"belief_of_friend": 0.0, "belief_of_departures": 0.0},
    "fear": {"fear_decay": "2 h"},
}  # fmt: skip


def unsettle(run, step):
    """Let one person in forty be afraid at first; when that is over, let all friends of one in twenty be gone."""
    if step == 0:
        run.arrays["fear"][::40] = 0.5
    if step == 50:  # as ties write it, which wakes nobody
        run.arrays["phone_gone"][::20] = 1.0


@pytest.mark.parametrize(
    ("on", "changed"),
    [
        (["M22"], {}),
        (["M22"], {"decision": CASCADE["decision"] | {"spread": 0.02, "rate_max": "0.1 / h"}}),
        (["M22", "M23"], {"belief": {"belief_of_departures": 0.5, "belief_decay": "1 h"}}),
        (["M22", "M06"], {"decision": CASCADE["decision"] | {"weight_fear": 0.0}}),
    ],
    ids=["sharp", "by chance", "belief falls", "fear passes on"],
)
def test_where_people_decide_what_they_feel_rests(on, changed):
    spread = {"commitment_spread": 0.1}
    scenario = crowd(
        4000, on=on, behaviour=CASCADE | changed, scheme=SCHEME, horizon="80 h", network={"phone_mean": 6.0},
        population=spread,
    )  # fmt: skip
    first, second, rested = both(compile_plan(scenario, 1), 80, before=unsettle)
    assert differing(first, second) == set()
    left = first.arrays["departure_step"]
    assert (left >= 0).sum() > 500, "others must follow, or nothing is shown"
    assert rested[49] == 80
    assert (left >= 50).sum() > 200, "somebody must leave while feelings rest"


def test_a_run_that_goes_on_resting_while_its_people_change_is_told_from_one_that_does_not():
    def poke(run, step):
        if step == 20:
            run.arrays["fear"][:] = 0.5

    first, second, rested = both(compile_plan(calm(4000, on=("M01",)), 1), 60, before=poke)
    assert rested[-1] == 80
    assert "fear" in differing(first, second)


@pytest.mark.parametrize("part", range(2))
def test_random_scenarios_end_alike_whether_companies_rest_or_not(part):
    seen = set()

    @settings(max_examples=CASES, derandomize=True, database=None)
    @given(
        scenarios(max_people=80, max_steps=30),
        st.sets(st.sampled_from(sorted(MECHANISMS))),
        st.booleans(),
        st.booleans(),
    )
    def check(scenario, off, decides, quiet):
        off |= CAMPAIGN if quiet else set()
        changes = {f"mechanisms.{key}.enabled": False for key in off}
        if not decides:
            changes["behaviour.decision.rate_max"] = "0 / h"
        plan = compile_plan(scenario.with_(changes), part)
        first, second, rested = both(plan, plan.n_step)
        assert differing(first, second) == set()
        left = first.arrays["departure_step"].max()
        seen.add((decides, any(rested), any(rested[: left + 1])))

    check()
    assert {(True, True, True), (False, True, False)} <= seen, (
        "too little rested for this to show anything"
    )


def with_every_phase(plan, monkeypatch):
    """Return a run that leaves no phase out."""
    with monkeypatch.context() as patch:
        patch.setattr(
            "standfast.engine.run.phases_that_act",
            lambda schedule, _on: [phase for phase in schedule if phase.kernel is not None],
        )
        return Run(plan, 0)


def test_phases_left_out_where_their_mechanisms_are_off_would_have_done_nothing(monkeypatch):
    spared = [phase for phase in SCHEDULE if phase.spared]
    left_out = set()

    @settings(max_examples=4 * CASES, derandomize=True, database=None)
    @given(scenarios(max_people=60, max_steps=30), st.sets(st.sampled_from(spared), min_size=1))
    def check(scenario, phases):
        off = {
            f"mechanisms.{key}.enabled": False
            for phase in phases
            for key in phase.mechanisms.split()
        }
        plan = compile_plan(scenario.with_(off), 1)
        short, full = Run(plan, 0), with_every_phase(plan, monkeypatch)
        names = {call[0] for call in full.calls} - {call[0] for call in short.calls}
        assert {phase.name for phase in phases} <= names
        left_out.update(names)
        for _ in range(plan.n_step):
            short.advance()
            full.advance()
        assert differing(short, full) == set()

    check()
    assert left_out == {phase.name for phase in spared}


def test_a_phase_left_out_although_its_mechanisms_are_on_is_missed(monkeypatch):
    fleeing = load_scenario("garrison").with_({"behaviour.command.flight_ratio": 2.0})
    plan = compile_plan(fleeing, 1)
    short, full = Run(plan, 0), with_every_phase(plan, monkeypatch)
    short.calls = [call for call in short.calls if call[0] != "commanders"]
    for _ in range(plan.n_step):
        short.advance()
        full.advance()
    assert differing(short, full)
