"""What passes along ties, and what news does, against plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest

from standfast.engine.behaviour import build_behaviour
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.engine.schedule import SCHEDULE
from standfast.kernels import information, learning, meetings, status, ties
from standfast.testing.proving_ground import proving_ground

P = build_behaviour(proving_ground())[0]


def neighbours(arrays, layer, i):
    first, last = arrays[f"{layer}_indptr"][i : i + 2]
    return arrays[f"{layer}_indices"][first:last].tolist()


def test_departures_harm_and_fear_reach_those_tied():
    run = Run(compile_plan(proving_ground(), 1), 0)
    a, rng = run.arrays, np.random.default_rng(3)
    people = rng.choice(a["fear"].size, size=300, replace=False)
    gone, harmed, moved = people[:100], people[100:200], people[200:]
    change = rng.integers(-3, 4, size=moved.size)
    a["kin_fear"] += 1000  # nobody's falls below 0
    expected = {name: a[name].astype(np.int64) for name in
                ("friends_gone", "harm_near", "phone_fear", "kin_fear")}  # fmt: skip
    for i in gone:
        for layer in ("phone", "kin"):
            for j in neighbours(a, layer, i):
                expected["friends_gone"][j] += 1
    for i in harmed:
        squad = a["squad"][i]
        mates = range(a["squad_start"][squad], a["squad_start"][squad + 1])
        for j in [*neighbours(a, "kin", i), *(j for j in mates if j != i)]:
            expected["harm_near"][j] += 1
    for i, by in zip(moved, change, strict=True):
        for layer in ("phone", "kin"):
            for j in neighbours(a, layer, i):
                expected[f"{layer}_fear"][j] += by * a["voice"][i]
    a["happened"][gone] |= status.LEFT
    a["happened"][harmed] |= status.HARMED
    a["change"][moved] = change
    for count, chosen in (("n_departed", gone), ("n_harmed", harmed), ("n_changed", moved)):
        a[count][0] = chosen.size
    names = next(phase.arguments for phase in SCHEDULE if phase.name == "ties")
    ties.pass_on(*(a[name] for name in names))
    for name, values in expected.items():
        assert (a[name] == values).all(), name


@pytest.mark.parametrize(
    ("rate", "dt"), [(0.3, 1.0), (2.6, 1.0), (4.0, 1.0), (9.0, 1.0), (0.0, 1.0)]
)
def test_mean_number_of_contacts(rate, dt):
    u = (np.arange(10_000) + 0.5) / 10_000
    found = np.array([meetings.contacts(rate, dt, each) for each in u])
    assert found.mean() == pytest.approx(min(rate * dt, 4.0), abs=1e-4)
    assert np.ptp(found) <= 1


def told(kind, *, weight=1.0, pieces=0, suspicion=0.0, bits=1, verified=0.0, credibility=1.0):
    """Fear, belief, trust and the rest after a piece of news in the first slot."""
    kinds = np.full(8, -1, dtype=np.int64)
    kinds[0] = kind
    weights = np.zeros((8, 1, 1), dtype=np.float32)
    weights[0] = weight
    return information.hear(
        np.uint8(bits),
        pieces,
        0,
        0,
        kinds,
        weights,
        verified,
        P,
        0.1,
        credibility,
        2.0,
        0.8,
        suspicion,
    )


def test_news_of_a_fall():
    fear, belief, trust, suspicion, pieces, passed = told(status.FALL)
    assert fear == pytest.approx(0.1 + 0.9 * P.fear_of_fall)
    assert belief == pytest.approx(2.0 - P.belief_of_fall)
    assert trust == pytest.approx(0.8 * (1 - P.trust_loss_fall))
    assert (suspicion, pieces, passed) == (0.0, 1, 1)


def test_commanders_flight_breeds_suspicion_and_a_rumour_of_treachery_too():
    flight, treachery, prison = told(status.FLIGHT), told(status.TREACHERY), told(status.PRISON)
    assert flight[2] < 0.8
    assert flight[3] == pytest.approx(P.suspicion_of_flight)
    assert treachery[3] == pytest.approx(P.suspicion_of_treachery)
    assert treachery[2] == pytest.approx(0.8)
    assert prison[3] == 0.0


@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_later_pieces_of_news_count_less(pieces):
    lost = 2.0 - told(status.FALL, pieces=pieces)[1]
    assert lost == pytest.approx(P.belief_of_fall * P.copy_discount**pieces)


def test_suspicion_makes_news_worse():
    assert told(status.FALL, suspicion=1.0)[1] < told(status.FALL)[1]


@pytest.mark.parametrize("credibility", [0.0, 0.3, 1.0])
def test_an_alarm_weighs_by_how_credible_threats_are(credibility):
    fear, belief, *_ = told(status.ALARM, credibility=credibility)
    weight = 1 - P.alarm_doubt * (1 - credibility)
    assert fear == pytest.approx(0.1 + 0.9 * P.fear_of_alarm * weight)
    assert belief == pytest.approx(2.0 - P.belief_of_alarm * weight)


@pytest.mark.parametrize(
    "kind", [status.FALL, status.FLIGHT, status.PRISON, status.TREACHERY], ids=str
)
def test_only_alarms_are_doubted(kind):
    assert told(kind, credibility=0.0) == told(kind, credibility=1.0)


@pytest.mark.parametrize("kind", [status.ALARM, status.TREACHERY])
def test_a_trusted_verified_channel_takes_weight_from_rumour(kind):
    shift = [2.0 - told(kind, verified=each)[1] for each in (0.0, 1.0)]
    assert shift[1] == pytest.approx(shift[0] * (1 - P.verification * 0.8))
    assert told(status.FALL, verified=1.0) == told(status.FALL)


def test_news_of_no_weight_is_neither_felt_nor_passed_on():
    fear, belief, trust, _, pieces, passed = told(status.FALL, weight=0.04)
    assert (fear, belief, trust, pieces, passed) == (0.1, 2.0, 0.8, 0, 0)


def test_an_unheard_slot_says_nothing():
    assert told(status.FALL, bits=2)[:3] == (0.1, 2.0, 0.8)


@pytest.mark.parametrize("of_home", [1.0, 3.0])
def test_news_weighs_by_distance_of_post_and_home(of_home):
    km = np.array([[0.0, 100.0, 900.0], [100.0, 0.0, 800.0], [900.0, 800.0, 0.0]])
    weights = np.ones((8, 3, 3), dtype=np.float32)
    kinds, places = np.full(8, -1, np.int64), np.zeros(8, np.int64)
    heard, spreading = np.full(5, 0b110, np.uint8), np.full(5, 0b111, np.uint8)
    behaviour = build_behaviour(proving_ground({"behaviour.information.home_weight": of_home}))
    information.open_news(
        1, status.FALL, 0, behaviour, km, kinds, places, weights, heard, spreading
    )
    for post in range(3):
        for home in range(3):
            near = math.exp(-km[post, 0] / P.distance_scale)
            kin = of_home * math.exp(-km[home, 0] / P.distance_scale)
            assert weights[1, post, home] == pytest.approx(
                min(1.0, max(P.weight_floor, near, kin)), rel=1e-6
            )
    assert (kinds[1], places[1]) == (status.FALL, 0)
    assert heard.tolist() == [0b100] * 5
    assert spreading.tolist() == [0b101] * 5
    assert (weights[[0, 2, 3, 4, 5, 6, 7]] == 1).all()


def test_ways_of_being_exposed_are_independent():
    assert learning.exposure_chance(0.1, 0.2, 0.3, 0.4) == pytest.approx(1 - 0.9 * 0.8 * 0.7 * 0.6)
    assert learning.exposure_chance(0.1, 0.2, 0.3, 0.4) != pytest.approx(1.0)
    assert learning.exposure_chance(0.0, 0.0, 0.0, 0.0) == 0.0


def test_harm_nearby_and_ultimatums():
    credible, perceived, fear = learning.told_of_harm(P, 2, 10, 0.2, 0.1, 0.1)
    assert credible == pytest.approx(1 - 0.8 * (1 - P.credibility_gain) ** 2)
    assert perceived == pytest.approx(0.1 + 0.9 * P.perceived_by_harm * 2 / 2.5)
    assert fear == pytest.approx(0.1 + 0.9 * P.shock_harm)
    assert learning.told_of_ultimatum(P, 1, 0.4) == pytest.approx(0.4 + 0.6 * P.ultimatum_gain)
    assert learning.told_of_ultimatum(P, 2, 0.4) == pytest.approx(0.4 * (1 - P.credibility_loss))


def test_harm_to_more_than_eight_counts_as_harm_to_eight():
    eight, nine = (learning.told_of_harm(P, near, 40, 0.2, 0.1, 0.1) for near in (8, 9))
    assert eight == nine
    assert learning.told_of_harm(P, 7, 40, 0.2, 0.1, 0.1)[1] < eight[1]


def test_counters_of_harm_stop_at_two_hundred():
    """One kinsman, of another squad, and one squad mate, who have heard of 200 already."""
    none, harmed = np.zeros(3, np.int8), np.array([status.HARMED, 0, 0], np.uint8)
    harm_near = np.array([0, 200, 200], np.uint8)
    flat, empty = np.zeros(4, np.int32), np.empty(0, np.int32)
    gone, zero = [np.zeros(3, np.float32) for _ in range(2)], np.zeros(1, np.int64)
    ties.pass_on(
        build_behaviour(proving_ground()), harmed, zero, np.ones(1, np.int64), none, zero, flat, empty,
        np.array([0, 1, 1, 1], np.int32), np.array([2], np.int32),
        np.ones(3, np.uint8), np.array([0, 0, 1], np.int32), np.array([0, 2, 3], np.int32),
        np.zeros(3, np.int32), np.zeros(3, np.uint16), *gone, np.zeros(3, np.uint16), harm_near,
    )  # fmt: skip
    assert harm_near.tolist() == [0, 200, 200]
