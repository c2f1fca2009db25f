"""Each rule of a scenario: a case that it turns away, and none that it turns away wrongly."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from standfast.scenario.draft import Draft
from standfast.scenario.evidence import take_evidence
from standfast.scenario.load import list_library, load_scenario
from standfast.scenario.reading import read_yaml
from standfast.scenario.rules import RULES
from standfast.scenario.tree import path_text

TOWN = take_evidence(read_yaml((Path(__file__).parents[1] / "data" / "town.yaml").read_text())).data
REMOVED = object()

#: rule, change that breaks it (path and new value), path that it names
CASES = [
    ("places_exist", ("forces", "police", "place"), "wset", "forces.police.place"),
    ("places_exist", ("roads", 0, "end"), "north", "roads[0].end"),
    ("places_exist", ("forces", "police", "homes"), {"north": 1}, "forces.police.homes.north"),
    (
        "places_exist",
        ("groups", "riverine", "home_region"),
        ["north"],
        "groups.riverine.home_region[0]",
    ),
    ("places_exist", ("adversary", "fighters"), {"north": 3}, "adversary.fighters.north"),
    ("places_exist", ("events", 1, "to"), "north", "events[1].to"),
    ("places_exist", ("events", 0, "unless_held"), "north", "events[0].unless_held"),
    ("places_exist", ("interventions", 0, "places"), ["north"], "interventions[0].places[0]"),
    (
        "groups_exist",
        ("forces", "garrison", "groups"),
        {"nobody": 1},
        "forces.garrison.groups.nobody",
    ),
    (
        "forces_exist",
        ("events", 0),
        {
            "id": "r",
            "kind": "reinforce",
            "at": "1 h",
            "place": "east",
            "force": "x",
            "battalions": 1,
        },
        "events[0].force",
    ),
    ("reference_event_exists", ("time", "reference_event"), "asault", "time.reference_event"),
    (
        "homes_add_up",
        ("forces", "garrison", "homes"),
        {"east": 0.5, "south": 0.4},
        "forces.garrison.homes",
    ),
    ("homes_add_up", ("forces", "garrison", "homes"), {}, "forces.garrison.homes"),
    (
        "homes_add_up",
        ("forces", "garrison", "homes"),
        {"east": "50 %", "south": "60 %"},
        "forces.garrison.homes",
    ),
    (
        "groups_add_up",
        ("forces", "garrison", "groups"),
        {"riverine": 0.7},
        "forces.garrison.groups",
    ),
    ("roads_join_two_places", ("roads", 0, "end"), "east", "roads[0]"),
    (
        "roads_join_two_places",
        ("roads",),
        [
            {"start": "east", "end": "west", "length": "55 km"},
            {"start": "west", "end": "east", "length": "60 km"},
        ],
        "roads[1]",
    ),
    ("roads_are_long_enough", ("roads", 0, "length"), "55 m", "roads[0].length"),
    ("start_is_local", ("time", "start"), 20200301, "time.start"),
    ("start_is_local", ("time", "start"), "1583042400", "time.start"),
    ("start_is_local", ("time", "start"), "2020-03-01T06:00+03:00", "time.start"),
    ("start_is_local", ("time", "start"), "2020-02-30", "time.start"),
    ("step_divides_horizon", ("time", "step"), "0.7 h", "time.step"),
    ("step_divides_horizon", ("time", "step"), "7 h", "time.horizon"),
    ("step_divides_horizon", ("time", "horizon"), "240.5 h", "time.horizon"),
    ("moments_lie_within_reach", ("events", 0, "at"), "2020-02-29T02:30", "events[0].at"),
    ("moments_lie_within_reach", ("events", 0, "at"), "1827 d", "events[0].at"),
    ("moments_lie_within_reach", ("events", 0, "at"), "3 March", "events[0].at"),
    ("moments_lie_within_reach", ("events", 0, "at"), "2020-03-32", "events[0].at"),
    (
        "moments_lie_within_reach",
        ("interventions", 0, "start"),
        "1900 d",
        "interventions[0].start",
    ),
    ("event_ids_are_unique", ("events", 1, "id"), "assault", "events[1].id"),
    ("orders_say_where_to", ("events", 1, "to"), REMOVED, "events[1]"),
    ("orders_say_where_to", ("events", 1, "to"), "east", "events[1].to"),
    ("orders_say_where_to", ("events", 1, "order"), "stand", "events[1].to"),
    ("verdict_bounds_are_ordered", ("verdict",), {"held": 0.2}, "verdict"),
    ("verdict_bounds_are_ordered", ("verdict",), {"held": 0.5, "collapse": 0.5}, "verdict"),
    (
        "nothing_is_posted_to_a_region",
        ("forces", "police", "place"),
        "south",
        "forces.police.place",
    ),
    ("nothing_is_posted_to_a_region", ("events", 0, "place"), "south", "events[0].place"),
    (
        "nothing_is_posted_to_a_region",
        ("adversary", "fighters"),
        {"south": 3},
        "adversary.fighters.south",
    ),
    (
        "nobody_is_posted_with_the_adversary",
        ("places", "west", "control"),
        "adversary",
        "forces.police.place",
    ),
    ("strength_is_within_limits", ("forces", "police", "ghosts"), 1, "forces.police"),
    ("strength_is_within_limits", ("forces", "police", "paper"), 50_000_000, "forces"),
    (
        "unit_schemes_exist",
        ("forces", "police", "unit_scheme"),
        "navy",
        "forces.police.unit_scheme",
    ),
    (
        "units_nest",
        ("unit_schemes",),
        {"own": {"squad": 20, "company": 10, "battalion": 100}},
        "unit_schemes.own",
    ),
    ("contacts_leave_room", ("network",), {"phone_unit": 0.8, "phone_home": 0.3}, "network"),
    (
        "beta_parameters_are_positive",
        ("population",),
        {"openness": [0, 4]},
        "population.openness[0]",
    ),
    (
        "prisons_can_open",
        ("events", 0),
        {"id": "p", "kind": "prison_break", "at": "1 h", "place": "west"},
        "events[0].place",
    ),
    ("interventions_take_their_fields", ("interventions", 0, "to"), "west", "interventions[0].to"),
    (
        "interventions_take_their_fields",
        ("interventions", 0),
        {"kind": "reserves_ahead"},
        "interventions[0]",
    ),
    (
        "evidence_belongs_to_a_value",
        ("evidence",),
        {"places.north.support": {}},
        "evidence.places.north.support",
    ),
    ("evidence_belongs_to_a_value", ("evidence",), {"time.horizn": {}}, "evidence.time.horizn"),
    (
        "graded_evidence_has_a_source",
        ("evidence",),
        {"time.start": {"grade": "A"}},
        "evidence.time.start",
    ),
    (
        "graded_evidence_has_a_source",
        ("evidence",),
        {"time.start": {"source": "press"}},
        "evidence.time.start",
    ),
    (
        "range_holds_the_value",
        ("evidence",),
        {"time.horizon": {"range": ["11 d", "12 d"]}},
        "evidence.time.horizon.range",
    ),
    (
        "range_holds_the_value",
        ("evidence",),
        {"time.horizon": {"range": [1, 400]}},
        "evidence.time.horizon.range",
    ),
]


def changed(path: tuple[str | int, ...], value: object) -> dict[str, object]:
    data = copy.deepcopy(TOWN)
    here = data
    for step in path[:-1]:
        here = here[step]
    if value is REMOVED:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return data


def broken(data: object) -> dict[str, list[str]]:
    draft = Draft(data)
    found = {rule.__name__: [path_text(path) for path, _, _ in rule(draft)] for rule in RULES}
    return {name: paths for name, paths in found.items() if paths}


@pytest.mark.parametrize(("rule", "path", "value", "names"), CASES)
def test_a_rule_turns_its_case_away(rule, path, value, names):
    assert names in broken(changed(path, value)).get(rule, [])


def test_every_rule_has_a_case():
    assert {rule.__name__ for rule in RULES} == {case[0] for case in CASES}


def test_a_sound_scenario_breaks_no_rule():
    assert broken(TOWN) == {}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("forces", "garrison", "homes"), {"east": 1 / 3, "west": 1 / 3, "south": 1 / 3}),
        (("forces", "garrison", "homes"), {"east": "33.3 %", "west": "33.3 %", "south": "33.4 %"}),
        (("forces", "garrison", "groups"), {}),
        (("time", "step"), "15 min"),
        (("time", "step"), "20 min"),
        (("time", "step"), "24 h"),
        (("events", 0, "at"), "10 d"),
        (("events", 0, "at"), "0 h"),
        (("roads", 0, "length"), "45 km"),
        (("time", "start"), "2020-03-01"),
    ],
)
def test_what_is_right_is_not_turned_away(path, value):
    assert broken(changed(path, value)) == {}


@pytest.mark.parametrize("name", list_library())
def test_the_library_is_sound(name):
    assert load_scenario(name).scenario == name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("wrong", [None, 3, "text", [], {}, [1], {"a": 1}, [[]], {"a": {"b": {}}}])
def test_no_rule_stumbles_over_nonsense(rule, wrong):
    assert list(rule(Draft(wrong))) == []
    for section in TOWN:
        list(rule(Draft({**TOWN, section: wrong})))
