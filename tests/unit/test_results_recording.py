"""A recording finds its own faults: shapes, and people that appear, vanish or change sides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from standfast.scenario.vocabulary import STATUS
from standfast.testing.recordings import synthetic_recordings
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from standfast.results.recording import Recording


@pytest.fixture(scope="module")
def sound() -> Recording:
    return synthetic_recordings(tiny_scenario(), 2)[1]


def with_count(recording: Recording, change) -> Recording:
    count = recording.count.copy()
    change(count)
    return replace(recording, count=count)


def test_a_sound_recording_has_no_problem(sound: Recording) -> None:
    assert sound.check() == ()
    assert sound.people_conserved


def lose_one(count) -> None:
    count[17, 0, 0, 0] -= 1


def move_to_another_garrison(count) -> None:
    count[17, 0, 0, 0] -= 1
    count[17, 1, 0, 0] += 1


def move_to_another_branch(count) -> None:
    count[17, 0, 0, 0] -= 1
    count[17, 0, 1, 0] += 1


def borrow(count) -> None:
    here = count[-1, 0, 0]
    here[0] += here[STATUS.index("dead")] + 1
    here[STATUS.index("dead")] = -1


@pytest.mark.parametrize(
    "fault", [lose_one, move_to_another_garrison, move_to_another_branch, borrow]
)
def test_people_who_are_not_conserved_are_found(sound: Recording, fault) -> None:
    broken = with_count(sound, fault)
    assert not broken.people_conserved
    assert any("not conserved" in problem for problem in broken.check())


def test_a_change_of_status_conserves_people(sound: Recording) -> None:
    def hide_one(count) -> None:
        count[17:, 0, 0, STATUS.index("duty")] -= 1
        count[17:, 0, 0, STATUS.index("hiding")] += 1

    assert with_count(sound, hide_one).people_conserved


def test_the_hour_of_a_leak_is_named(sound: Recording) -> None:
    assert "at hour 17" in with_count(sound, lose_one).check()[0]


@pytest.mark.parametrize(
    ("field", "value", "names"),
    [
        ("lost_hour", np.zeros(3), "count"),
        ("departures", np.zeros((4, 4, 3, 4), np.int64), "departures"),
        ("departed", np.zeros((3, 4, 3), np.int32), "departed"),
        ("start_count", np.zeros((4, 4, 3)), "start_count"),
        ("log", np.zeros(2), "log"),
        ("readings", {}, "readings lacks attack, belief"),
    ],
)
def test_wrong_shapes_are_found(sound: Recording, field: str, value, names: str) -> None:
    assert any(names in problem for problem in replace(sound, **{field: value}).check())


def test_unknown_readings_are_found(sound: Recording) -> None:
    readings = {**sound.readings, "mood": sound.readings["fear"]}
    assert replace(sound, readings=readings).check() == ("readings has the unknown mood",)


def test_causes_must_add_up_to_departures(sound: Recording) -> None:
    assert "causes" in replace(sound, cause=sound.cause * 1.01).check()[0]


def test_departures_by_hour_never_fall_nor_pass_the_whole(sound: Recording) -> None:
    assert (sound.departed[-1] == sound.departures.sum(axis=(0, 3))).all()
    fallen, more = sound.departed.copy(), sound.departed.copy()
    fallen[-1] = 0
    more[-1] += 1
    for wrong in (fallen, more):
        assert "by hour" in replace(sound, departed=wrong).check()[0]


def test_hours_begin_at_nought(sound: Recording) -> None:
    assert "hours" in replace(sound, hours=sound.hours + 1).check()[0]
