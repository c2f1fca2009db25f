"""The outcome classes at their exact bounds, and the hours at which shares are reached."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from standfast.results.verdict import VERDICTS, classify, judge
from standfast.scenario.model import Verdict
from standfast.scenario.vocabulary import STATUS
from standfast.testing.recordings import synthetic_recordings
from standfast.testing.scenarios import tiny_scenario

DUTY, LEAVE, HIDING, DEAD, CAPTURED, BACK, GHOST = (
    STATUS.index(status)
    for status in ("duty", "leave", "hiding", "dead", "captured", "back", "ghost")
)


@pytest.mark.parametrize(
    ("serving", "dead", "lost", "verdict"),
    [
        (1000, 0, False, "held"),
        (700, 0, False, "held"),
        (699, 0, False, "fragmented"),
        (699, 301, False, "fragmented"),  # all survivors serve, but too few are left to hold
        (300, 0, False, "fragmented"),
        (299, 0, False, "total collapse"),
        (0, 0, False, "total collapse"),
        (1000, 0, True, "organised withdrawal"),  # held by numbers, but the place is lost
        (700, 0, True, "organised withdrawal"),
        (699, 0, True, "fragmented"),
        (699, 1, True, "fragmented"),  # 699 of 999 survivors is under 70 %
        (699, 2, True, "organised withdrawal"),  # 699 of 998 is over
        (630, 100, True, "organised withdrawal"),  # exactly 70 % of the survivors
        (629, 100, True, "fragmented"),
        (300, 0, True, "fragmented"),
        (299, 0, True, "total collapse"),
        (0, 1000, True, "total collapse"),  # nobody survives, so nobody withdrew
    ],
)
def test_classes_at_their_bounds(serving: int, dead: int, lost: bool, verdict: str) -> None:
    assert classify(start=1000, serving=serving, dead=dead, lost=lost, bounds=Verdict()) == verdict


def test_shares_that_floats_miss_reach_their_bound() -> None:
    for whole in range(10, 2000, 10):
        part = whole * 7 // 10
        assert classify(start=whole, serving=part, dead=0, lost=False, bounds=Verdict()) == "held"


def test_bounds_are_settings() -> None:
    bounds = Verdict(held=0.9, collapse=0.5)
    found = [
        classify(start=100, serving=serving, dead=0, lost=False, bounds=bounds)
        for serving in (90, 89, 50, 49)
    ]
    assert found == ["held", "fragmented", "fragmented", "total collapse"]


def test_nobody_at_the_start_means_no_verdict() -> None:
    assert classify(start=0, serving=0, dead=0, lost=True, bounds=Verdict()) is None


def drawn(statuses: list[dict[int, int]], lost: float = np.nan):
    """Return the tiny scenario with a recording in which only alpha's army has people."""
    scenario = tiny_scenario()
    template = synthetic_recordings(scenario, 1)[0]
    count = np.zeros((len(statuses), *template.count.shape[1:]), np.int32)
    for hour, people in enumerate(statuses):
        for status, number in people.items():
            count[hour, 0, 0, status] = number
    lost_hour = np.array([lost, np.nan, np.nan, np.nan])
    hours = np.arange(len(statuses), dtype=float)
    return scenario, replace(template, count=count, hours=hours, lost_hour=lost_hour)


def test_ghosts_do_not_count_and_those_on_leave_or_back_serve() -> None:
    start = {DUTY: 60, LEAVE: 40, GHOST: 500}
    end = {DUTY: 20, LEAVE: 40, BACK: 10, HIDING: 20, DEAD: 6, CAPTURED: 4, GHOST: 500}
    outcome = judge(*reversed(drawn([start, end])), 0.0)
    assert outcome.verdict == ("held", None, None, None)
    assert outcome.share_gone[0] == pytest.approx(0.3)
    assert outcome.killed_share == pytest.approx(0.06)
    assert np.isnan(outcome.share_gone[1])


def test_hours_to_half_and_to_nine_tenths_count_from_the_reference() -> None:
    serving = (100, 80, 50, 30, 11, 10)
    scenario, recording = drawn([{DUTY: n, HIDING: 100 - n} for n in serving])
    outcome = judge(recording, scenario, 4.0)
    assert outcome.hours_to_half[0] == -2
    assert outcome.hours_to_nine_tenths[0] == 1
    assert np.isnan(outcome.hours_to_half[1])


def test_what_never_came_is_infinite_and_stays_reached_when_people_return() -> None:
    scenario, recording = drawn([{DUTY: n, HIDING: 100 - n} for n in (100, 50, 51, 90)])
    outcome = judge(recording, scenario, 0.0)
    assert outcome.hours_to_half[0] == 1
    assert outcome.hours_to_nine_tenths[0] == np.inf
    assert outcome.lost_at_h[0] == np.inf


def test_a_place_ruled_by_the_adversary_from_the_start_is_not_lost() -> None:
    scenario = tiny_scenario()
    recording = synthetic_recordings(scenario, 1)[0]
    recording = replace(recording, lost_hour=np.array([np.nan, np.nan, np.nan, 0.0]))
    assert judge(recording, scenario, 0.0).lost_at_h[3] == 0
    ruled = scenario.with_({"places.delta.control": "adversary"})
    assert judge(recording, ruled, 0.0).lost_at_h[3] == np.inf


def test_the_whole_is_lost_with_the_places_of_more_than_the_rest() -> None:
    scenario = tiny_scenario()
    recording = synthetic_recordings(scenario, 1)[0]
    count = recording.count.copy()
    count[:] = count[0]
    recording = replace(recording, count=count)

    def whole(*lost: float) -> str | None:
        return judge(replace(recording, lost_hour=np.array(lost)), scenario, 0.0).overall_verdict

    assert whole(np.nan, np.nan, np.nan, np.nan) == "held"
    assert whole(np.nan, 9.0, np.nan, 9.0) == "held"  # a fifth of the people
    assert whole(9.0, np.nan, np.nan, np.nan) == "organised withdrawal"  # more than half


def test_without_the_mechanism_nothing_has_a_verdict() -> None:
    scenario, recording = drawn([{DUTY: 100}, {DUTY: 100}])
    outcome = judge(recording, scenario.with_({"mechanisms.M41.enabled": False}), 0.0)
    assert outcome.verdict == (None,) * 4
    assert outcome.overall_verdict is None
    assert outcome.share_gone[0] == 0


def test_the_classes_are_those_of_the_format() -> None:
    assert VERDICTS == ("held", "organised withdrawal", "fragmented", "total collapse")
