"""What the messages say: the value, what was expected, what to write, and where."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from standfast.errors import (
    FileError,
    Problem,
    RunInterrupted,
    ScenarioError,
    StandfastError,
    StoreError,
)
from standfast.scenario.load import load_document, load_scenario, read_document

TOWN = Path(__file__).parents[1] / "data" / "town.yaml"

#: text to replace in the sound file, what to put there, and what the message must hold
CHANGES = [
    (
        "horizon: 10 d",
        "horizon: 20",
        "line 7, time.horizon: is 20 and carries no unit",
        "20 d or 480 h",
    ),
    ("horizon: 10 d", "horizon: 20 km", 'has the unit "km"', "20 d or 480 h"),
    ("horizon: 10 d", "horizon: -3 d", "must lie between 1 h and 43830 h", ""),
    (
        "horizon: 10 d",
        "horizno: 10 d",
        "time.horizno: is not a field here",
        'Did you mean "horizon"?',
    ),
    ("start: 2020-03-01T06:00", "start: 2020-13-01", "time.start", "2014-06-04T00:00"),
    ("latitude: 35.0", "latitude: 95", "must lie between -90 and 90", ""),
    ("latitude: 35.0", "latitude: .nan", "is not a finite number", ""),
    ("    latitude: 35.0\n", "", "places.east.latitude: is missing", "a plain number"),
    ("kind: city", "kind: town hall", 'is "town hall"', 'Did you mean "town"?'),
    ("kind: city", "kind: no", "is no, which some programs read", '"no" in quotes'),
    ("population: 200000", "population: 200000.5", "is 200000.5", "a whole number"),
    ("population: 200000", "population: 2e5", "is 200000.0", "Write 200000."),
    ("population: 200000", "population: true", "is true", "a whole number"),
    ("population: 200000", "population: " + "9" * 5000, "5000 digits", ""),
    (
        "population: 200000",
        "population: 99999999999999999999",
        "must lie between 0 and 100,000,000",
        "",
    ),
    ("value: 30 %", "value: 130 %", "a share lies between 0 and 1", ""),
    ("value: 30 %", "value: 35", "a share lies between 0 and 1", "Write 35 % when"),
    ("grade: C", "grade: E", "evidence.places.east.support.grade", "A, B, C, D"),
    ("range: [0.2, 0.4]", "range: [0.5, 0.6]", "does not hold the value 0.3", ""),
    (
        "source: local press,",
        "sourc: local press,",
        "is not a field here",
        'Did you mean "source"?',
    ),
    ("branch: army", "branch: amry", 'is "amry"', 'Did you mean "army"?'),
    ("paper: 600", "paper: many", 'is "many"', "a whole number"),
    ("paper: 600", "paper: [600]", "is a list", "a whole number"),
    ("homes: {west: 1}", "homes: west", 'is "west"', "a mapping"),
    ("kind: attack", "kind: atack", 'has the kind "atack"', 'Did you mean "attack"?'),
    ("    kind: attack\n", "", "does not say its kind", "attack"),
    (
        "place: east\n    fighters",
        "place: easst\n    fighters",
        'names "easst"',
        'Did you mean "east"?',
    ),
    ("  east:\n    title", "  East:\n    title", "is not a short name", 'Write "east"'),
    (
        "M40: {enabled: false}",
        "M42: {enabled: false}",
        "mechanisms.M42: is not a field here",
        "Did you mean",
    ),
    ("enabled: false", "enabled: off", "is off", "Write false"),
    ("enabled: false", "enabled: 0", "is 0", "true or false"),
    ("title: Two towns", "title: " + "x" * 121, "is too long", "Shorten"),
    ("standfast: 1", "standfast: 2", "reads format 1", "Write 1."),
    ("length: 55 km", "length: 55 miles", 'has the unit "miles"', "12 km"),
    (
        "fighters: {east: 50}",
        "fighters: {east: 50, east: 60}",
        "stands twice, first in line 53",
        "Keep one",
    ),
    ("title: Two towns", "title: Two\x1b[31mtowns", "control character 0x1b", "text file"),
]


@pytest.mark.parametrize(("old", "new", "says", "advice"), CHANGES, ids=range(len(CHANGES)))
def test_a_message_says_where_what_and_what_to_do(old, new, says, advice):
    text = TOWN.read_text()
    assert old in text
    with pytest.raises(ScenarioError) as caught:
        read_document(text.replace(old, new, 1).encode(), ".yaml", "town.yaml")
    shown = caught.value.render()
    assert says in shown
    assert advice in shown
    assert shown.startswith("ScenarioError: town.yaml has ")
    line = text[: text.index(old) + old.rstrip("\n").count("\n")].count("\n") + 1
    assert any(problem.line in range(1, line + 2) for problem in caught.value.problems)
    assert not [
        word for word in ("invalid", "Traceback", "pydantic", "Input should") if word in shown
    ]


def test_all_problems_come_at_once_in_the_order_of_the_file():
    text = TOWN.read_text()
    for old, new in (
        ("10 d", "10"),
        ("place: west", "place: wset"),
        ("M40", "M42"),
        ("east: 0.5", "east: 0.6"),
    ):
        text = text.replace(old, new, 1)
    with pytest.raises(ScenarioError) as caught:
        read_document(text.encode(), ".yaml", "town.yaml")
    paths = [problem.path for problem in caught.value.problems]
    assert paths == [
        "time.horizon",
        "forces.garrison.homes",
        "forces.police.place",
        "mechanisms.M42",
    ]
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)


def test_many_problems_are_counted_and_not_all_printed():
    text = TOWN.read_text() + "".join(f"x{i}: 1\n" for i in range(500))
    with pytest.raises(ScenarioError, match="has 500 problems") as caught:
        read_document(text.encode(), ".yaml", "town.yaml")
    assert len(caught.value.problems) + caught.value.more == 500
    assert len(str(caught.value)) < 50_000


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.yaml", "does not exist"),
        ("mosul-2015", 'Did you mean "mosul-2014"?'),
        ("table.csv", "is not a scenario file"),
        ("\0.yaml", "cannot be read"),
        ("x" * 5000 + ".yaml", "cannot be read"),
    ],
    ids=lambda value: value[:20],
)
def test_a_file_that_cannot_be_read_is_said_so(name, says):
    with pytest.raises(FileError) as caught:
        load_scenario(name)
    assert says in str(caught.value)
    assert caught.value.exit_code == 4


def test_a_folder_is_no_scenario(tmp_path):
    folder = tmp_path / "x.yaml"
    folder.mkdir()
    with pytest.raises(FileError, match="is a directory"):
        load_scenario(folder)


def test_a_document_keeps_text_and_evidence():
    document = load_document(TOWN)
    assert document.text == TOWN.read_text()
    assert document.evidence["places.east.support"].grade == "C"
    assert document.evidence["forces.garrison.paper"].range == (1500, 2500)


@pytest.mark.parametrize(
    "error",
    [
        StandfastError("a", "b"),
        ScenarioError("f", [Problem("p", "s", "a", 1, 2)], more=3),
        RunInterrupted(),
        FileError("f", "is gone"),
        StoreError("f", "is damaged", "Run again."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_the_way_between_processes(error):
    again = copy.deepcopy(error)  # by the same way that pickle goes
    assert again.render() == error.render()
    assert vars(again) == vars(error)


def test_exit_codes_tell_kinds_of_errors_apart():
    codes = [
        c.exit_code for c in (StandfastError, ScenarioError, RunInterrupted, FileError, StoreError)
    ]
    assert codes == [1, 2, 3, 4, 4]
