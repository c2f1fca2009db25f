"""Powers, falls, calls and columns against plain formulas and searches."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from standfast.engine.behaviour import build_behaviour
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.engine.schedule import SCHEDULE
from standfast.kernels import combat, command, exposure, front, recovery, status
from standfast.testing.proving_ground import proving_ground

BEHAVIOUR = build_behaviour(proving_ground())
P = BEHAVIOUR[0]
FAR = front.FAR


def a_run(changes=None):
    """A run of the small case before its first step."""
    return Run(compile_plan(proving_ground().with_(changes or {}), 1), 0)


def act(run, phase, **scalars):
    """Let one phase of the schedule act on the arrays of a run."""
    entry = next(x for x in SCHEDULE if x.name == phase)
    given = {"key0": run.key[0], "key1": run.key[1], "step": 0, "hour": 10.0, "max_columns": 1}
    values = run.arrays | given | scalars
    return entry.kernel(*(values[name] for name in entry.arguments))


def test_attacking_power():
    power = combat.attacking_power(300.0, 5.0, 8000.0, 8000.0, 0.3, 0.5, 0.6, 200.0, 400.0)
    assert power == pytest.approx(300 * 5 * 2**0.3 * (0.4 + 0.6 * 0.5) * np.exp(-0.5), rel=1e-12)
    without_arms = combat.attacking_power(300.0, 5.0, 8000.0, 8000.0, 0.0, 0.5, 0.6, 200.0, 400.0)
    assert power / without_arms == pytest.approx(2**0.3)


@pytest.mark.parametrize(
    ("duty", "contact", "weak", "neighbour", "fighters", "lost"),
    [
        (100, 1, 0.0, 0, 50.0, False),
        (100, 1, P.break_time, 0, 50.0, True),
        (100, 0, P.break_time, 0, 50.0, False),
        (10, 1, 0.0, 0, 50.0, True),
        (10, 0, 0.0, 1, 50.0, True),
        (10, 0, 0.0, 1, 0.0, False),
        (10, 0, 0.0, 0, 50.0, False),
    ],
)
def test_when_a_place_falls(duty, contact, weak, neighbour, fighters, lost):
    """100 served there at the start; under 15 is too few."""
    args = (contact, weak, duty, 100.0, 0.0, fighters, neighbour)
    assert bool(combat.is_lost(P, status.GOVERNMENT, *args)) is lost
    assert not combat.is_lost(P, status.ADVERSARY, *args)


def test_volunteers_stand_in_for_those_who_left():
    args = (1, 0.0, 10, 100.0, 20.0, 50.0, 0)
    assert not combat.is_lost(P, status.GOVERNMENT, *args)


def test_hope_enlarges_the_ratio_of_strength():
    assert command.perceived_ratio(300.0, 100.0, 0.5) == pytest.approx(3.0)
    assert command.perceived_ratio(300.0, 100.0, 0.9) == pytest.approx(5.4)
    assert command.perceived_ratio(300.0, 0.0, 0.1) > 1e6


def test_the_first_free_reserve_elsewhere_is_sent():
    reserve = np.array([1, 0, 1, 1, 1], np.uint8)
    place = np.array([0, 1, 1, 2, 1], np.int32)
    eta = np.array([-1.0, -1.0, 5.0, -1.0, -1.0])
    control = np.array([0, 0, 2], np.int8)
    assert command.find_reserve(0, reserve, place, eta, control) == 4
    assert command.find_reserve(1, reserve, place, eta, control) == 0
    assert command.find_reserve(0, np.zeros(5, np.uint8), place, eta, control) == -1


def random_roads(rng, n):
    """A symmetric network of roads as row offsets and neighbours."""
    joined = np.triu(rng.uniform(size=(n, n)) < 0.3, 1)
    joined |= joined.T
    return np.concatenate([[0], np.cumsum(joined.sum(axis=1))]).astype(np.int32), np.nonzero(joined)[1].astype(np.int32)  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_distance_to_the_front_is_a_breadth_first_search(seed):
    rng = np.random.default_rng(seed)
    n = 12
    indptr, indices = random_roads(rng, n)
    control = rng.choice([0, 1, 2], size=n, p=[0.2, 0.1, 0.7]).astype(np.int8)
    is_region = (rng.uniform(size=n) < 0.2).astype(np.uint8)
    got = np.zeros(n, np.int32)
    front.frontier_distance(control, is_region, indptr, indices, got)
    wanted = [FAR] * n
    targets = [q for q in range(n) if control[q] != status.ADVERSARY and not is_region[q]]
    queue = deque(targets)
    for q in targets:
        wanted[q] = 0
    while queue:
        q = queue.popleft()
        for other in indices[indptr[q] : indptr[q + 1]].tolist():
            if control[other] == status.ADVERSARY and wanted[other] > wanted[q] + 1:
                wanted[other] = wanted[q] + 1
                queue.append(other)
    assert [min(x, FAR) for x in got.tolist()] == wanted


@pytest.mark.parametrize("seed", range(5))
def test_places_see_neighbours_that_fell_in_this_run(seed):
    rng = np.random.default_rng(seed)
    indptr, indices = random_roads(rng, 10)
    control = rng.choice([0, 2], size=10).astype(np.int8)
    fell = np.where(rng.uniform(size=10) < 0.5, 12.0, np.nan)
    got = np.zeros(10, np.uint8)
    front.see_neighbours(control, fell, indptr, indices, got)
    for q in range(10):
        around = indices[indptr[q] : indptr[q + 1]]
        assert got[q] == any(control[o] == 2 and np.isfinite(fell[o]) for o in around)


def test_a_column_takes_the_first_free_line():
    columns = [np.zeros(3, np.int32), np.zeros(3, np.int32), np.array([5.0, 0.0, 0.0]),
               np.zeros(3), np.zeros(3)]  # fmt: skip
    assert front.launch(40.0, 1, 2, 10.0, 3.0, 60.0, *columns)
    assert [float(c[1]) for c in columns] == [1, 2, 40.0, 13.0, 60.0]
    assert front.is_targeted(2, columns[1], columns[2])
    assert not front.is_targeted(0, columns[1], np.zeros(3))
    assert front.launch(41.0, 1, 2, 10.0, 3.0, 60.0, *columns)
    assert not front.launch(42.0, 1, 2, 10.0, 3.0, 60.0, *columns)


def test_volunteers_arrive_at_a_constant_rate():
    """After t hours 1 - exp(-rate t) of those called have come, whatever the step."""
    control, called = np.zeros(2, np.int8), np.array([600.0, 0.0])
    volunteers, gain, shift = np.zeros(2), np.zeros(2), np.zeros(1)
    for _ in range(50):
        recovery.volunteers_arrive(
            BEHAVIOUR, control, called, np.array([100, 100]), volunteers, np.zeros(1, np.int32),
            np.zeros(1, np.int32), shift, gain,
        )  # fmt: skip
    assert volunteers[0] == pytest.approx(600 * (1 - np.exp(-P.volunteer_rate * 50)), rel=1e-9)
    assert volunteers[1] == 0.0
    assert 0 < shift[0] <= P.belief_of_volunteers * volunteers[0] / 100 + 1e-12


def test_a_full_log_counts_on_but_writes_nothing():
    lines = np.zeros(
        2,
        dtype=[
            ("hour", "f8"),
            ("kind", "i2"),
            ("place", "i2"),
            ("battalion", "i4"),
            ("value", "f4"),
        ],
    ).view(np.recarray)
    count = np.zeros(1, np.int64)
    for hour in range(5):
        exposure.append(lines, count, float(hour), 3, 1, -1, 2.0)
    assert count[0] == 5
    assert lines["hour"].tolist() == [0.0, 1.0]


def test_requests_for_news_never_overflow():
    queue, count = np.zeros((3, 2), np.int64), np.zeros(1, np.int64)
    for place in range(6):
        combat.request_news(queue, count, status.FALL, place)
    assert count[0] == 3
    assert queue[:, 1].tolist() == [0, 1, 2]


def test_a_gain_in_belief_lasts_for_a_step():
    gain, shift = np.full(1, 7.0), np.zeros(1)
    recovery.volunteers_arrive(
        BEHAVIOUR, np.zeros(1, np.int8), np.zeros(1), np.array([100]), np.zeros(1),
        np.zeros(1, np.int32), np.zeros(1, np.int32), shift, gain,
    )  # fmt: skip
    assert (gain[0], shift[0]) == (0.0, 0.0)


def test_headquarters_doubts_a_call_of_the_strong_by_their_list():
    assert command.headquarters_believes(1.5, 3.0) == pytest.approx(0.5)
    assert command.headquarters_believes(1.5, 1.0) == 1.0
    assert command.headquarters_believes(1.5, 0.0) == 1.0


def test_a_place_with_few_left_falls_to_any_fighter_of_the_neighbours():
    assert combat.is_lost(P, status.GOVERNMENT, 0, 0.0, 10, 100.0, 0.0, 0.5, 1)
    assert front.is_targeted(1, np.array([1]), np.array([0.5]))


def test_what_was_seen_of_neighbours_is_forgotten_when_they_are_retaken():
    indptr, indices = np.array([0, 1, 2], np.int32), np.array([1, 0], np.int32)
    seen = np.ones(2, np.uint8)
    control = np.zeros(2, np.int8)
    assert front.see_neighbours(control, np.full(2, np.nan), indptr, indices, seen) == 0
    assert seen.tolist() == [0, 0]


@pytest.mark.parametrize("men", [0.5, 60.0])
def test_a_column_on_its_way_is_target_enough(men):
    to = np.array([4, 2], np.int32)
    assert front.is_targeted(2, to, np.array([0.0, men]))
    assert not front.is_targeted(4, to, np.array([0.0, men]))


@pytest.mark.parametrize(
    ("defence", "target"), [((1.0, 1.0), 1), ((300.0, 1.0), 2), ((300.0, 250.0), 1)]
)
def test_a_column_goes_where_most_is_won_for_the_strength_there(defence, target):
    """From 0 to 1 or 2, of values 3 and 2: by v P / (P + D), where the power P promises an assault."""
    run = a_run({"behaviour.front.assault_ratio": 1.0})
    a, p = run.arrays, run.arrays["behaviour"][0]
    a |= {
        "road_indptr": np.array([0, 2, 3, 4, 4]), "road_indices": np.array([1, 2, 0, 0]),
        "road_km": np.full(4, 30.0), "road_speed": np.full(4, 10.0),
        "value": np.array([9.0, 3.0, 2.0, 9.0]), "support": np.full(4, 0.5),
        "is_region": np.zeros_like(a["is_region"]),
    }  # fmt: skip
    a["control"][:] = [status.ADVERSARY, status.GOVERNMENT, status.GOVERNMENT, status.GOVERNMENT]
    a["fighters"][0], a["hold"][0], a["ready_hour"][0] = 100.0, 0.0, 0.0
    a["defence"][1:3] = defence
    power = combat.attacking_power(
        100.0, p.attacker_power, a["loot"][0], p.loot_half, p.loot_exponent, 0.5, p.support_drag,
        a["supply_km"][0] + 30.0, p.halt_far,
    )  # fmt: skip
    assert power > 300.0, "both can be assaulted"
    scores = [v * power / (power + d) for v, d in zip((3.0, 2.0), defence, strict=True)]
    assert int(np.argmax(scores)) + 1 == target
    act(run, "columns")
    assert a["column_to"][a["column_men"] > 0].tolist() == [target]


@pytest.mark.parametrize(("level", "share"), [(4.0, 0.4), (10.0, 1.0), (40.0, 1.0)])
def test_hearsay_grows_with_the_campaign_and_no_further_than_whole(level, share):
    run = a_run({"behaviour.information.campaign_contested": level})
    run.arrays["control"][0] = status.ADVERSARY
    act(run, "campaign")
    assert run.arrays["hearsay"][0] == pytest.approx(
        run.arrays["behaviour"][0].perceived_step * share
    )


def test_a_place_with_one_man_falls_to_the_first_fighter():
    assert combat.is_lost(P, status.GOVERNMENT, 0, 0.0, 0, 1.0, 0.0, 0.5, 1)
    assert not combat.is_lost(P, status.GOVERNMENT, 0, 0.0, 0, 0.0, 0.0, 0.5, 1), "nobody was there"


def test_a_siege_ends_with_the_fall():
    run = a_run()
    a = run.arrays
    a["contact"][0], a["place_duty"][0], a["siege_hours"][0] = 1, 0, 5.0
    assert act(run, "fall") == 1
    assert (a["control"][0], a["siege_hours"][0]) == (status.ADVERSARY, 0.0)


@pytest.mark.parametrize(("factor", "answered"), [(1.0, True), (1e6, False)])
def test_a_call_of_those_many_on_the_list_goes_unanswered(factor, answered):
    """Each calls at ten to one; where the list says a million times more, nobody is sent (E24)."""
    run = a_run({"behaviour.command.call_rate": "1 / h"})
    a = run.arrays
    a["paper_factor"] = np.full(4, factor)
    a["contact"][0], a["defence"][0], a["attack"][0] = 1, 10.0, 100.0
    a["answer"][:] = 1.0
    a["battalion_reserve"][a["battalion_place"] != 0] = 1
    assert act(run, "calls") > 3
    assert (a["calls_answered"][0] > 0) == answered
