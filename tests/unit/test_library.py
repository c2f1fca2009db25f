"""The built-in scenarios against the facts they stand for.

Not asserted: that any of these facts is right, only that the files say what the sources say.
"""

from __future__ import annotations

from importlib.resources import files

import pytest

from standfast.geography.distance import road_distance
from standfast.scenario.load import load_document, load_scenario
from standfast.scenario.moments import hours_of

#: what happened elsewhere and at other times, beside the main case
CASES = (
    "amerli-2014", "baiji-refinery-2014", "iraq-quiet-2007", "mosul-2004", "samarra-2014", "syria-2012",
    "union-army",
)  # fmt: skip
NAMES = sorted((*CASES, "garrison", "mosul-2014", "quiet"))


@pytest.fixture(scope="module")
def document():
    return load_document("mosul-2014")


@pytest.fixture(scope="module")
def mosul(document):
    return document.scenario


def present(force):
    return force.paper * (1 - force.ghosts) * (1 - force.leave)


def at(scenario, place):
    return [force for force in scenario.forces.values() if force.place == place]


def test_the_library_is_complete():
    library = files("standfast.scenario").joinpath("library")
    found = sorted(f.name for f in library.iterdir() if f.name.endswith(".yaml"))
    assert found == [f"{name}.yaml" for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_under_its_own_name_and_sets_no_behaviour(name):
    scenario = load_scenario(name)
    assert scenario.scenario == name
    assert "behaviour" not in scenario.model_fields_set
    assert scenario.title
    assert scenario.summary


@pytest.mark.parametrize("name", NAMES)
def test_every_event_lies_within_the_horizon(name):
    scenario = load_scenario(name)
    for event in scenario.events:
        hour = hours_of(event.at, scenario.time.start)
        assert 0 <= hour <= scenario.time.horizon, event.id
        assert event.title, event.id


def test_a_quarter_of_a_million_on_paper(mosul):
    assert sum(force.paper for force in mosul.forces.values()) == pytest.approx(250_000, rel=0.02)


def test_ghosts_are_at_least_what_the_partial_survey_found(mosul):
    assert 50_000 <= sum(f.paper * f.ghosts for f in mosul.forces.values()) <= 90_000


def test_mosul_has_25000_on_paper_and_10000_present(mosul):
    city = at(mosul, "mosul")
    assert sum(force.paper for force in city) == pytest.approx(25_000, rel=0.02)
    assert 7_000 <= sum(present(force) for force in city) <= 12_000
    assert sum(present(force) for force in city) == pytest.approx(10_000, rel=0.05)
    assert {force.branch for force in city} == {"army", "federal_police", "local_police"}


def test_nineveh_has_about_60000_on_paper(mosul):
    nineveh = (
        "mosul", "ghazlani", "kindi", "qayyarah", "tal-afar", "tal-afar-airfield", "sinjar", "rabia"
    )  # fmt: skip
    forces = [force for place in nineveh for force in at(mosul, place)]
    total = sum(force.paper for force in forces)
    army = sum(force.paper for force in forces if force.branch == "army")
    assert total == pytest.approx(60_000, rel=0.05)
    assert army / total == pytest.approx(0.5, abs=0.06)


def test_the_four_lost_divisions_had_about_30000_real_soldiers(mosul):
    lost = [
        force
        for key, force in mosul.forces.items()
        if key.startswith(("army-2-", "army-3-", "army-12-", "army-4-"))
    ]
    assert sum(f.paper * (1 - f.ghosts) for f in lost) == pytest.approx(30_000, rel=0.1)


def test_the_attackers_are_outnumbered_about_seven_to_one(mosul):
    attack = next(event for event in mosul.events if event.id == "assault-on-mosul")
    assert 5 <= sum(present(force) for force in at(mosul, "mosul")) / attack.fighters <= 8


def test_local_police_live_where_they_serve_and_the_2nd_division_does_not(mosul):
    for key, force in mosul.forces.items():
        if force.branch == "local_police":
            assert force.homes[force.place] >= 0.8, key
    assert mosul.forces["army-2-mosul"].homes["mosul"] <= 0.4


def test_the_refinery_is_held_by_a_few_who_differ(mosul):
    guards = at(mosul, "baiji-refinery")
    assert 270 <= sum(present(force) for force in guards) <= 800
    commandos = mosul.forces["commandos-refinery"]
    assert 50 <= present(commandos) <= 85
    assert commandos.commitment == max(force.commitment for force in mosul.forces.values())


#: road kilometres to Baghdad and from Mosul, and how exactly they are known
DISTANCES = {
    "mosul": (405, 0, 0.01),
    "ghazlani": (402, 5, 0.01),
    "kindi": (412, 8, 0.02),
    "qayyarah": (336, 69, 0.01),
    "sharqat": (300, 105, 0.01),
    "baiji": (223, 182, 0.01),
    "baiji-refinery": (232, 174, 0.02),
    "tikrit": (179, 226, 0.01),
    "speicher": (190, 220, 0.02),
    "samarra": (123, 282, 0.01),
    "dhuluiyah": (95, 310, 0.05),
    "balad": (88, 317, 0.01),
    "dujail": (65, 340, 0.01),
    "udhaim": (125, 330, 0.02),
    "hawija": (285, 155, 0.02),
    "amerli": (185, 265, 0.1),
    "kirkuk": (285, 185, 0.02),
    "tal-afar": (480, 70, 0.02),
    "tal-afar-airfield": (475, 75, 0.02),
    "sinjar": (500, 130, 0.08),
    "qaim": (390, 400, 0.05),
    "rawa": (310, 320, 0.02),
    "anah": (290, 320, 0.06),
    "rutba": (430, 600, 0.04),
    "fallujah": (65, 400, 0.2),
    "erbil": (365, 88, 0.06),
}


def test_road_distances_are_those_reported(mosul):
    index = {name: i for i, name in enumerate(mosul.places)}
    distance = road_distance(mosul)
    for name, (baghdad, from_mosul, tolerance) in DISTANCES.items():
        found = distance[index[name], index["baghdad"]], distance[index[name], index["mosul"]]
        assert found == pytest.approx((baghdad, from_mosul), rel=tolerance, abs=1), name


def test_every_place_can_be_reached(mosul):
    assert road_distance(mosul).max() < 2000


#: kind, place and hour of every event; hours since 4 June 2014, midnight
DATES = {
    "probe-at-samarra": ("attack", "samarra", "2014-06-05T01"),
    "troops-rushed-to-samarra": ("reinforce", "samarra", "2014-06-05T04"),
    "assault-on-mosul": ("attack", "mosul", "2014-06-06T02"),
    "second-wave-at-mosul": ("attack", "mosul", "2014-06-08T"),
    "tanker-bomb-at-mosul": ("intensify", "mosul", "2014-06-09T16:30"),
    "generals-leave-mosul": ("commanders_leave", "mosul", "2014-06-09T21:30"),
    "generals-leave-ghazlani": ("commanders_leave", "ghazlani", "2014-06-09T21:30"),
    "generals-leave-kindi": ("commanders_leave", "kindi", "2014-06-09T21:30"),
    "operations-commander-leaves": ("commanders_leave", "mosul", "2014-06-10T0"),
    "message-at-ghazlani": ("mass_message", "ghazlani", "2014-06-10T"),
    "evacuation-of-kindi": ("order", "kindi", "2014-06-10T"),
    "passage-at-baiji": ("leaving_safety", "baiji-refinery", "2014-06-11T0"),
    "give-up-order-at-tikrit": ("order", "tikrit", "2014-06-11T0"),
    "call-up-around-the-capital": ("call_up", "baghdad", "2014-06-11T"),
    "leave-order-at-kirkuk": ("order", "kirkuk", "2014-06-12T"),
    "recruits-told-to-go-home": ("order", "speicher", "2014-06-12T"),
    "atrocity-at-speicher": ("leaving_safety", "speicher", "2014-06-12T"),
    "mobilisation-of-baghdad": ("mobilisation", "baghdad", "2014-06-13T"),
    "mobilisation-of-samarra": ("mobilisation", "samarra", "2014-06-13T"),
    "mobilisation-of-balad": ("mobilisation", "balad", "2014-06-13T"),
    "mobilisation-of-dujail": ("mobilisation", "dujail", "2014-06-13T"),
    "mobilisation-of-baqubah": ("mobilisation", "baqubah", "2014-06-13T"),
    "mobilisation-of-khalis": ("mobilisation", "khalis", "2014-06-13T"),
    "second-passage-at-baiji": ("leaving_safety", "baiji-refinery", "2014-06-23T"),
}


def test_every_event_has_its_date(mosul):
    found = {}
    for event in mosul.events:
        place = event.place if hasattr(event, "place") else event.places[0]
        found[event.id] = (event.kind, place, event.at)
    assert set(found) == set(DATES)
    for key, (kind, place, date) in DATES.items():
        assert found[key][:2] == (kind, place), key
        assert found[key][2].startswith(date), key


def test_the_clock_starts_with_the_assault(mosul):
    assert mosul.time.reference_event == "assault-on-mosul"
    assert hours_of("2014-06-06T02:30", mosul.time.start) == 50.5
    assert mosul.time.horizon == 480


def test_what_followed_from_the_fall_does_not_happen_without_it(mosul):
    fall = "2014-06-10T12:00"
    for event in mosul.events:
        if event.at >= fall:
            assert event.unless_held in ("mosul", "tikrit", "baiji"), event.id
        else:
            assert event.unless_held is None, event.id


def test_sizes_of_the_attacks(mosul):
    size = {event.id: event.fighters for event in mosul.events if event.kind == "attack"}
    assert size == {"probe-at-samarra": 500, "assault-on-mosul": 1500, "second-wave-at-mosul": 400}


def test_populations_known_to_be_wrong_are_not_used(mosul):
    assert mosul.places["abu-ghraib"].population < 400_000
    assert mosul.places["mosul"].population < 2_000_000
    assert 15_000 <= mosul.places["amerli"].population <= 17_000


def test_support_and_hostility_lie_as_reported(mosul):
    places = mosul.places
    assert places["mosul"].infiltration > 3 * places["baghdad"].infiltration
    for name in ("samarra", "balad", "dujail", "amerli", "baghdad", "basra"):
        assert places[name].hostility >= 0.5, name
        assert places[name].support <= 0.2, name
    assert places["fallujah"].control == "adversary"
    assert places["erbil"].kind == "region"
    assert set(mosul.places["mosul"].model_fields_set) >= {"prison"}
    assert places["tikrit"].prison.inmates == 300


def test_evidence_is_given_where_there_is_some(document):
    evidence = document.evidence
    assert len(evidence) > 150
    wanted = [
        "forces.army-2-mosul.paper",
        "places.mosul.infiltration",
        "forces.army-2-mosul.ghosts",
    ]
    for path in wanted:
        assert evidence[path].range is not None, path
    attacks = [path for path in evidence if path.startswith("events") and path.endswith("fighters")]
    assert len(attacks) == 3
    for path, item in evidence.items():
        assert item.source != "assumed", path
        assert item.grade in "ABC", path


@pytest.mark.parametrize("name", CASES)
def test_a_case_says_where_its_facts_are_from(name):
    evidence = load_document(name).evidence
    assert any(item.grade in "ABC" for item in evidence.values())
    assert all(item.source != "assumed" for item in evidence.values())


def test_the_cases_have_the_sizes_that_are_reported():
    cases = {name: load_scenario(name) for name in CASES}
    assert cases["mosul-2004"].forces["police"].paper == 4_000
    assert cases["mosul-2004"].events[0].fighters <= 7 * 50 * 2
    assert cases["samarra-2014"].events[0].fighters == 500
    assert cases["amerli-2014"].places["amerli"].population == 16_000
    refinery = cases["baiji-refinery-2014"].forces
    assert 350 <= present(refinery["army-37"]) <= 450
    assert 50 <= present(refinery["commandos"]) <= 85
    # a tenth of the armies of 2007 and of 2011
    for name, whole in (("iraq-quiet-2007", 160_000), ("syria-2012", 220_000)):
        assert sum(force.paper for force in cases[name].forces.values()) == whole / 10
    assert cases["syria-2012"].time.horizon == 18 * 730 + 12
    assert cases["union-army"].time.horizon == 4 * 365 * 24


def test_companies_of_neighbours_and_of_strangers_differ_in_cohesion_alone():
    alike, mixed = load_scenario("union-army").forces.values()
    differs = {"title", "place", "cohesion"}
    assert alike.model_dump(exclude=differs) == mixed.model_dump(exclude=differs)
    assert alike.cohesion > mixed.cohesion


def test_samarra_by_itself_is_samarra_as_in_the_large_case(mosul):
    alone = load_scenario("samarra-2014")
    for name in ("samarra", "balad", "tikrit"):
        small, large = alone.places[name], mosul.places[name]
        assert small.model_dump(exclude={"prison"}) == large.model_dump(exclude={"prison"})
    for name in ("army-samarra", "federal-police-samarra", "local-police-samarra"):
        small, large = alone.forces[name], mosul.forces[name]
        leave_out = {"homes", "groups"}
        assert small.model_dump(exclude=leave_out) == large.model_dump(exclude=leave_out)


def test_garrison_is_small(mosul):
    garrison = load_scenario("garrison")
    assert sum(force.paper for force in garrison.forces.values()) == 5000
    assert 72 <= garrison.time.horizon <= 14 * 24
    assert any(event.kind == "attack" for event in garrison.events)
    assert garrison.time.reference_event == "assault"
    assert len(garrison.forces) < len(mosul.forces)


def test_quiet_is_quiet():
    quiet = load_scenario("quiet")
    assert sum(force.paper for force in quiet.forces.values()) == pytest.approx(50_000, rel=0.05)
    assert quiet.time.horizon == 720
    assert not quiet.events
    assert not quiet.interventions
    assert not any(quiet.adversary.fighters.values())
    for place in quiet.places.values():
        assert place.support == place.infiltration == 0
        assert place.control == "government"
