"""What makes the engine express its textbook limits: own units, people and ties, sharp decisions."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.errors import RunError
from standfast.kernels import status
from standfast.network.cache import people_and_network
from standfast.network.layer import layer_from_edges
from standfast.network.ties import Network
from standfast.population.people import build_people
from standfast.testing.limits import crowd

AT_ONCE = {"decision": {"commitment": 0.0, "spread": 1e-9, "rate_max": "100 / h"}}


def advance(run: Run, steps: int) -> Run:
    for _ in range(steps):
        run.advance()
    return run


def serving(run: Run) -> np.ndarray:
    return run.arrays["agent_status"] == status.DUTY


def test_a_scheme_of_ones_own_makes_one_company_of_all():
    people, _ = people_and_network(crowd(1234), 1)
    assert (people.n_squad, people.n_company, people.n_battalion) == (1, 1, 1)
    nested, _ = people_and_network(
        crowd(120, scheme={"squad": 4, "company": 12, "battalion": 60}), 1
    )
    assert (nested.n_squad, nested.n_company, nested.n_battalion) == (30, 10, 2)


@pytest.mark.parametrize("others_are", ["phone", "kin"])
def test_word_of_friends_who_left_goes_along_a_ring(others_are):
    # one leaves at once; everybody leaves whose neighbour left: the news of it goes a step an hour
    n = 20
    first = np.arange(n, dtype=np.int32)
    ring = layer_from_edges(n, first, np.roll(first, -1))
    empty = layer_from_edges(n, first[:0], first[:0])
    layers = {"phone": empty, "kin": empty, "chain": empty} | {others_are: ring}
    weight = {
        "comrades": {
            f"peer_{others_are}": 10.0,
            "peer_squad": 0.0,
            "peer_company": 0.0,
            "memory": "1000 y",
        }
    }
    scenario = crowd(n, on=["M22"], behaviour=AT_ONCE | weight)
    people, _ = people_and_network(scenario, 1)
    deviation = np.full(n, 2.0, dtype=np.float32)
    deviation[7] = -1.0
    people = replace(people, deviation=deviation)
    run = Run(compile_plan(scenario, 1, people=people, network=Network(**layers)), 0)
    assert [n - serving(advance(run, 1)).sum() for _ in range(11)] == [*range(1, 20, 2), 20]


def test_people_and_ties_must_be_as_many_as_there_are_on_paper():
    people, network = people_and_network(crowd(30), 1)
    with pytest.raises(ValueError, match="the people are of 30 people, but the scenario has 40"):
        compile_plan(crowd(40), 1, people=people)
    with pytest.raises(ValueError, match="the phone ties are of 30 people"):
        compile_plan(crowd(40), 1, network=network)


def test_all_are_replaced_at_once_where_return_and_retraining_are():
    back = {"return_rate": "100 / h", "amnesty": 40.0, "retraining": "0.01 h"}
    rate = {"decision": {"commitment": 2.0}}
    scenario = crowd(2000, on=["M32"], behaviour=rate | {"recovery": back}, horizon="100 h")
    run = advance(Run(compile_plan(scenario, 1), 0), 100)
    assert serving(run).mean() > 0.93  # about 2 % an hour leave, and each is away for two
    assert (run.arrays["departure_step"] >= 0).mean() > 0.7


def test_those_whose_unit_is_gone_stay_in_the_rear():
    scenario = crowd(
        2000,
        on=["M32"],
        behaviour={"recovery": {"return_rate": "1 / h", "amnesty": 40.0, "retraining": "0.01 h"}},
    )
    run = Run(compile_plan(scenario, 1), 0)
    run.arrays["agent_status"][:1000] = status.BACK
    run.arrays["battalion_dissolved"][0] = 1
    advance(run, 5)
    assert (run.arrays["agent_status"][:1000] == status.BACK).all()


def test_a_blunt_decision_takes_more_pressure():
    shares = {}
    for spread in (0.5, 1.0, 2.0):
        decision = {"commitment": 2.0, "spread": spread}
        run = advance(Run(compile_plan(crowd(5000, behaviour={"decision": decision}), 1), 0), 10)
        shares[spread] = 1 - serving(run).mean()
    expected = {s: 1 - np.exp(-10 / 6 / (1 + np.exp(2.0 / s))) for s in shares}
    for spread, share in shares.items():
        error = np.sqrt(expected[spread] * (1 - expected[spread]) / 5000)
        assert share == pytest.approx(expected[spread], abs=4 * error)
    assert abs(shares[2.0] - expected[1.0]) > 0.1


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_kin_whose_fear_cannot_be_counted_are_refused(more, refused):
    """Everybody counts 16; the sum over kin has room for 16 levels of that for 255 of them."""
    n = 256 + more
    hub = layer_from_edges(n, np.zeros(n - 1, np.int32), np.arange(1, n, dtype=np.int32))
    empty = layer_from_edges(n, np.zeros(0, np.int32), np.zeros(0, np.int32))
    scenario = crowd(n, on=["M01"])
    people = replace(build_people(scenario, 1), expressiveness=np.ones(n, np.float32))
    network = Network(phone=empty, kin=hub, chain=empty)
    with pytest.raises(RunError, match="4,096 by their") if refused else nullcontext():
        compile_plan(scenario, 1, people=people, network=network)


@pytest.mark.parametrize("growth", [0.0, 1.0])
def test_talk_grows_with_contacts_as_asked(growth):
    n = 7
    hub = layer_from_edges(n, np.zeros(n - 1, np.int32), np.arange(1, n, dtype=np.int32))
    empty = layer_from_edges(n, np.zeros(0, np.int32), np.zeros(0, np.int32))
    scenario = crowd(n, on=["M01", "M02"], behaviour={"information": {"contact_growth": growth}})
    network = Network(phone=hub, kin=empty, chain=empty)
    activity = compile_plan(scenario, 1, network=network).arrays["phone_activity"]
    ratio = (n - 1) ** growth
    assert activity[n - 1] / activity[1] == pytest.approx(ratio)
    if growth:
        assert activity[hub.degree].mean() == pytest.approx(1.0)


def test_news_is_forgotten_at_its_rate():
    alarm = {"id": "a", "kind": "mass_message", "at": "0 h", "places": ["here"], "reach": 1.0}
    silent = {"phone_contact_rate": "0 / h", "squad_contact_rate": "0 / h", "kin_contact_rate": "0 / h",
              "public_contact_rate": "0 / h", "forget_rate": "0.1 / h"}  # fmt: skip
    scenario = crowd(
        4000,
        on=["M01", "M02"],
        behaviour={"information": silent},
        events=[alarm],
        population={"phones": 1.0},
    )
    run = advance(Run(compile_plan(scenario, 1), 0), 1)
    told = (run.arrays["heard"] > 0).sum()
    advance(run, 8)
    left = (run.arrays["spreading"] > 0).sum() / told
    expected = np.exp(-0.8)
    assert told == 4000
    assert left == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / told))


def test_another_piece_of_news_does_not_shift_the_draws_about_this_one():
    def heard(events):
        scenario = crowd(3000, on=["M01", "M02", "M15"], events=events)
        run = advance(Run(compile_plan(scenario, 1), 0), 12)
        slot = int(np.flatnonzero(run.arrays["news_kind"] == status.ALARM)[0])
        return run.arrays["heard"] >> slot & 1

    alarm = {"id": "a", "kind": "mass_message", "at": "3 h", "places": ["here"], "reach": 0.01}
    before = {"id": "go", "kind": "commanders_leave", "at": "1 h", "place": "here"}
    assert (heard([alarm]) == heard([before, alarm])).all()
