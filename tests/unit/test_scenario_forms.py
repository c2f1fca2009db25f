"""A scenario in its other forms: changed, written out, as a template, as a schema, as evidence."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from standfast.errors import ScenarioError
from standfast.scenario.dump import dump_yaml, sha256
from standfast.scenario.evidence_table import assumed_share, evidence_rows
from standfast.scenario.fields import fields_of
from standfast.scenario.load import list_library, load_scenario, read_document
from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.model import Scenario
from standfast.scenario.moments import MomentError, hours_of
from standfast.scenario.template import template

TOWN = Path(__file__).parents[1] / "data" / "town.yaml"
ALL = [TOWN, *list_library()]


@pytest.fixture(name="town")
def load_town() -> Scenario:
    return load_scenario(TOWN)


def read(text: str) -> Scenario:
    return read_document(text.encode(), ".yaml", "text").scenario


@pytest.mark.parametrize("name", ALL)
def test_a_resolved_scenario_reads_back_equal(name):
    scenario = load_scenario(name)
    text = dump_yaml(scenario)
    assert read(text) == scenario
    assert dump_yaml(read(text)) == text
    assert sha256(read(text)) == sha256(scenario)


@pytest.mark.parametrize("name", ALL)
def test_a_template_reads_back_equal(name):
    scenario = load_scenario(name)
    assert read(template(scenario)) == scenario


def test_a_resolved_scenario_writes_every_default(town):
    text = dump_yaml(town)
    for section in (
        "behaviour",
        "decision",
        "weight_fear",
        "kin_clustering",
        "M41",
        "encirclement",
    ):
        assert re.search(rf"^\s*{section}:", text, re.MULTILINE)


def test_a_template_explains_every_field_once(town):
    text = template(town)
    assert all(
        re.search(rf"^[# ]*{name}:", text, re.MULTILINE)
        for name in fields_of(Scenario)
        if name != "evidence"
    )
    assert all(re.search(rf"^[# ]*{key}:", text, re.MULTILINE) for key in MECHANISMS)
    assert text.count("Share of paper strength that never serves") == 1
    assert "[duration, between 1 h and 43830 h]" in text


def test_lines_of_a_template_can_be_switched_on(town):
    text = re.sub(
        r"^( *)# (ghosts|infiltration|step): ", r"\1\2: ", template(town), flags=re.MULTILINE
    )
    assert text != template(town)
    assert read(text) == town


def test_a_section_of_a_template_can_be_switched_on(town):
    lines = template(town).splitlines()
    begin = lines.index("# behaviour:")
    end = next(i for i in range(begin, len(lines)) if not lines[i])
    lines[begin:end] = [line.removeprefix("# ") for line in lines[begin:end]]
    assert any(line.startswith("  decision:") for line in lines)
    assert read("\n".join(lines)) == town


def test_the_hash_knows_content_and_not_form(town):
    text = TOWN.read_text()
    same = (
        text.replace("10 d", "240 h").replace("# A small", "# Some").replace("grade: C", "grade: B")
    )
    assert same != text
    assert sha256(read(same)) == sha256(town)
    assert sha256(town.with_({"forces.police.paper": 601})) != sha256(town)
    assert len(sha256(town)) == 64


def test_a_changed_scenario_differs_in_nothing_else(town):
    changed = town.with_({"time.horizon": "5 d"}, **{"mechanisms.M13.enabled": False})
    assert changed.time.horizon == 120
    assert not changed.mechanisms.M13.enabled
    assert town.time.horizon == 240
    assert changed.with_({"time.horizon": "10 d", "mechanisms.M13.enabled": True}) == town


def test_events_go_by_id_and_lists_by_position(town):
    changed = town.with_(
        {"events.assault.fighters": 7, "roads.0.length": "60 km", "events.1.at": "5 h"}
    )
    assert changed.events[0].fighters == 7
    assert changed.roads[0].length == 60
    assert changed.events[1].at == "5 h"


def test_parts_may_be_given_as_objects(town):
    changed = town.with_({"places.east": town.places["west"], "time.start": datetime(2020, 3, 1)})
    assert changed.places["east"] == town.places["west"]
    assert changed.time.start == datetime(2020, 3, 1)


def test_evidence_for_a_changed_value_is_dropped(town):
    changed = town.with_({"forces.garrison.paper": 9000})
    assert set(changed.evidence) == {"places.east.support"}
    assert set(town.with_({"places.east": town.places["east"]}).evidence) == {
        "forces.garrison.paper"
    }
    assert set(town.with_({"forces.police.paper": 9}).evidence) == set(town.evidence)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"mechanisms.M99.enabled": False}, "mechanisms.M99"),
        ({"events.nothing.fighters": 3}, "events[2]"),
        ({"events.9.fighters": 3}, "events[2]"),
        ({"time.horizon.hours": 3}, "time.horizon"),
        ({"time.horizon": float("nan")}, "time.horizon"),
        ({"forces.police.place": "wset"}, "forces.police.place"),
        ({"": 3}, ""),
        ({"places.east.title": "\ud800"}, "places.east.title"),
        ({"places.east.title": object()}, "places.east.title"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(town, changes, path):
    with pytest.raises(ScenarioError) as caught:
        town.with_(changes)
    assert path in [problem.path for problem in caught.value.problems]


def test_options_are_named_in_messages():
    with pytest.raises(ScenarioError) as caught:
        load_scenario(TOWN, overrides=["time.horizon=5", "forces.police.place=wset", "nonsense=1"])
    paths = [problem.path for problem in caught.value.problems]
    assert sorted(paths) == ["--set forces.police.place", "--set nonsense", "--set time.horizon"]


@pytest.mark.parametrize(
    "text", ["time.horizon", "=5", "a..b=1", ".=1", "a=[", "a=no", "a=&x 1", "a." * 40 + "=1"]
)
def test_an_option_that_is_no_change_is_refused(text):
    with pytest.raises(ScenarioError, match="--set"):
        load_scenario(TOWN, overrides=[text])


def test_an_option_is_read_like_a_file():
    scenario = load_scenario(
        TOWN,
        overrides=["time.horizon = 5 d", "verdict={held: 0.9}", "mechanisms.M13.enabled=false"],
    )
    assert (scenario.time.horizon, scenario.verdict.held) == (120, 0.9)
    assert not scenario.mechanisms.M13.enabled


def test_moments_count_from_the_start():
    start = datetime(2014, 6, 4)
    assert hours_of("2014-06-06T02:30", start) == 50.5
    assert hours_of("2014-06-03", start) == -24
    assert hours_of("90 min", start) == 1.5
    for wrong in (
        "2014-06-31",
        "2014-06-06T02:30Z",
        "2014-06-06T02:30+03:00",
        "50.5",
        "",
        "soon",
        "2014-W23-5",
    ):
        with pytest.raises(MomentError):
            hours_of(wrong, start)


def test_every_number_has_a_row_of_evidence(town):
    rows = {row.path: row for row in evidence_rows(town)}
    assert rows["forces.garrison.paper"].grade == "B"
    assert rows["places.east.support"].spread == "0.2 to 0.4"
    assert rows["places.west.support"].assumed
    assert rows["events.assault.at"].source == "assumed"
    assert not rows["behaviour.decision.rate_max"].assumed
    assert not [
        path
        for path in rows
        if path.startswith(("verdict", "interventions", "mechanisms", "time.h"))
    ]


def test_a_changed_parameter_loses_the_evidence_it_was_shipped_with(town):
    changed = town.with_({"behaviour.decision.rate_max": "0.3 / h"})
    rows = {row.path: row for row in evidence_rows(changed)}
    assert rows["behaviour.decision.rate_max"].source == "assumed"
    assert assumed_share(evidence_rows(changed)) > assumed_share(evidence_rows(town))


def test_evidence_of_a_section_stands_behind_what_is_in_it():
    text = TOWN.read_text().replace(
        "homes: {east: 0.5, south: 0.5}",
        "homes: {value: {east: 0.5, south: 0.5}, source: recruiting records, grade: C}",
    )
    rows = {row.path: row for row in evidence_rows(read(text))}
    assert rows["forces.garrison.homes.south"].source == "recruiting records"
    assert read(dump_yaml(read(text))) == read(text)


def test_any_value_may_carry_evidence():
    text = TOWN.read_text()
    for old, new in (
        ("at: 96 h", "at: {value: 96 h, source: diary, grade: A, range: [90 h, 100 h]}"),
        ("  - {start: east,", "  - {start: {value: east, grade: D},"),
        ("horizon: 10 d", 'horizon: {value: 10 d, prior: "uniform(5 d, 12 d)"}'),
        ("title: Two towns", "title: {value: Two towns}"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    scenario = read(text)
    assert scenario.evidence["events.pull-back.at"].range == ("90 h", "100 h")
    assert scenario.with_({"evidence": {}}) == load_scenario(TOWN).with_({"evidence": {}})
    assert read(dump_yaml(scenario)) == scenario
