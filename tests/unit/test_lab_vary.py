"""What ``--vary`` and ``--with`` read: the field that is meant, or a message that says which one is."""

from __future__ import annotations

import pytest

from standfast.engine.behaviour import parameters
from standfast.errors import RunError, ScenarioError
from standfast.experiment import measures as library
from standfast.experiment.axes import place_at
from standfast.experiment.calibration.priors import read_parameters
from standfast.experiment.measures import Measure, known_measures, read_measure
from standfast.experiment.vary import read_axes, read_axis
from standfast.scenario.check import check_tree
from standfast.scenario.dump import dump_yaml, sha256
from standfast.scenario.interventions import SIZE_MEANS, Intervention
from standfast.scenario.load import load_scenario
from standfast.scenario.reading import read_yaml
from standfast.scenario.tree import Tree
from standfast.testing.proving_ground import proving_ground

GARRISON = load_scenario("garrison")


def at(text: str, value: object):
    return place_at(GARRISON, [read_axis(text, GARRISON)], [value])


def test_a_value_lands_in_its_field():
    assert at("answer=0:0.5:3", 0.25).behaviour.command.answer_probability == 0.25
    assert at("infiltration", 0.1).places["city"].infiltration == 0.1
    assert at("answer_probability", 0.3).behaviour.command.answer_probability == 0.3
    assert at("events.assault.fighters=10:900", 421.6).events[1].fighters == 422
    assert at("mechanisms.M15.enabled=true,false", False).mechanisms.M15.enabled is False
    assert at("events.storm.at=60 h,80 h", "80 h").events[3].at == "80 h"
    assert (
        at("behaviour.command.dispatch_delay=1 d:2 d", 30.0).behaviour.command.dispatch_delay == 30
    )


def test_a_star_means_all_and_x_a_factor():
    before = {name: force.corruption for name, force in GARRISON.forces.items()}
    after = at("forces.*.corruption=x0.5:x3:2", 2.5).forces
    assert {name: force.corruption for name, force in after.items()} == {
        name: min(1.0, 2.5 * value) for name, value in before.items()
    }
    assert {f.leave for f in at("leave=0:0.5", 0.5).forces.values()} == {0.5}
    rate = GARRISON.behaviour.family.moving_rate
    assert at("moving_rate=x0.5:x3", 2.0).behaviour.family.moving_rate == pytest.approx(2 * rate)


def test_every_behavioural_parameter_that_is_not_0_has_a_prior_around_its_value():
    """With or without a unit: times and rates were read as numbers once, and ended in a fault."""
    for family, name, value, _, _ in parameters(GARRISON):
        if value:
            (found,) = read_parameters([f"behaviour.{family}.{name}"], {"garrison": GARRISON})
            assert found.at(0.05) < found.at(0.95)
            assert not found.prior.assumed or found.at(0.5) == pytest.approx(value, rel=0.51)


def test_a_measure_is_varied_by_its_size():
    changed = at("keep-leaders=0:1", 0.4)
    assert [(each.kind, each.size) for each in changed.interventions] == [("keep_leaders", 0.4)]


def test_short_names_mean_the_place_that_is_asked_about():
    assert read_axis("support=0:1", GARRISON, "barracks").paths == ("places.barracks.support",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("infiltraton=0:1", 'Did you mean "infiltration"?'),
        ("places.cty.infiltration=0:1", 'Did you mean "city"?'),
        ("behaviour.comand.call_rate=0:1", 'Did you mean "command"?'),
        ("events.assualt.fighters=1:2", 'Did you mean "assault"?'),
        ("behaviour.command.answer_probability=0:2", "lies between 0 and 1"),
        ("dispatch_delay=4:5", "carries no unit"),
        ("places.city=0:1", "is a section"),
        ("commitment=3:2", "the lower value first"),
        ("commitment=3:4:1", "Give 2 to 10,000"),
        ("places.city.latitude=x=y", "is not a quantity"),
        ("=3", "names no field"),
        ("title", "has no range of its own"),
    ],
)
def test_what_is_wrong_is_said(text, says):
    with pytest.raises(ScenarioError) as caught:
        read_axis(text, GARRISON)
    assert says in str(caught.value)


def test_all_problems_are_said_at_once_and_a_field_is_varied_once():
    with pytest.raises(ScenarioError) as caught:
        read_axes(["answr=0:1", "answer=0:1", "answer_probability=0:1"], GARRISON)
    assert len(caught.value.problems) == 2
    assert "varied twice" in str(caught.value)


def test_a_range_comes_from_the_evidence_or_the_prior_when_none_is_given():
    axis = read_axis("behaviour.command.dispatch_delay", GARRISON)
    assert (axis.low, axis.high) == (4.0, 36.0)
    stated = read_axis("infiltration", load_scenario("mosul-2014"))
    assert (stated.low, stated.high) == (0.3, 0.9)


def test_the_library_has_a_measure_of_every_kind_that_each_scenario_takes():
    for scenario in (GARRISON, proving_ground()):
        known = known_measures(scenario)
        assert {name.replace("-", "_") for name in known} >= set(SIZE_MEANS)
        for name in SIZE_MEANS:
            changed = known[name.replace("_", "-")].apply(scenario)
            assert len(changed.interventions) == len(scenario.interventions) + 1


def test_a_measure_takes_options_and_company():
    text = "answer_calls:size=0.8,delay=6 h,places=city,barracks,cost=3+keep-leaders:size=50 %"
    calls, leaders = read_measure(text, GARRISON).interventions
    assert (calls.size, calls.delay, calls.places, calls.cost) == (
        0.8,
        6.0,
        ("city", "barracks"),
        3,
    )
    assert leaders.size == 0.5
    assert read_measure(text, GARRISON).cost == 4.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("keep-leader", 'Did you mean "keep-leaders"?'),
        ("keep-leaders:sze=1", 'Did you mean "size"?'),
        ("keep-leaders:size=3", "a share lies between 0 and 1"),
        ("keep-leaders:start=", "keep-leaders.start"),
    ],
)
def test_a_measure_that_is_not_there_is_named(text, says):
    with pytest.raises(ScenarioError) as caught:
        read_measure(text, GARRISON)
    assert says in str(caught.value)


def test_a_measure_at_a_place_that_is_not_there_is_refused():
    measure = read_measure("move-families:places=cty", GARRISON)
    with pytest.raises(ScenarioError) as caught:
        measure.apply(GARRISON)
    assert "--with move-families" in str(caught.value)


def test_a_scenario_has_measures_of_its_own():
    stay = {"stay": [{"kind": "keep_leaders", "size": 0.7, "cost": 2}, {"kind": "leave_policy"}]}
    scenario = GARRISON.with_({"measures": stay})
    measure = read_measure("stay", scenario)
    assert [each.kind for each in measure.interventions] == ["keep_leaders", "leave_policy"]
    assert measure.cost == 3.0
    assert [each.kind for each in measure.apply(scenario).interventions] == [
        "keep_leaders",
        "leave_policy",
    ]
    assert not scenario.interventions
    assert sha256(scenario) == sha256(GARRISON), "what is only offered makes no other run"
    assert check_tree(Tree(read_yaml(dump_yaml(scenario)).data), "again") == scenario


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        ({"kind": "move_families", "places": ["cty"]}, "measures.stay[0].places[0]"),
        ({"kind": "keep_leaders", "battalions": 3}, "measures.stay[0].battalions"),
        ({"kind": "keep_leaders", "start": "9000 d"}, "measures.stay[0].start"),
        ({"kind": "keep_leaders", "size": 3}, "measures.stay[0].size"),
    ],
)
def test_what_is_wrong_with_an_own_measure_is_said_where_it_stands(measure, says):
    with pytest.raises(ScenarioError) as caught:
        GARRISON.with_({"measures": {"stay": [measure]}})
    assert says in str(caught.value)


PLUGIN = """
from standfast.scenario.interventions import Intervention

drill = (Intervention(kind="pay_training_supply", size=0.3, cost=2.0),)
"""


def test_an_installed_package_offers_measures_by_its_entry_points(monkeypatch, tmp_path):
    """As pip leaves it on the disk: a module, and beside it a folder that names its entry points."""
    (tmp_path / "drills_offered.py").write_text(PLUGIN)
    about = tmp_path / "drills-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: drills\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        f"[{library.GROUP}]\nnight-drill = drills_offered:drill\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    library._plugged.cache_clear()
    try:
        measure = read_measure("night-drill:size=0.5,places=city,start=12 h", GARRISON)
        assert (measure.interventions[0].size, measure.cost) == (0.5, 2.0)
        assert measure.apply(GARRISON).interventions[0].places == ("city",)
        with pytest.raises(ScenarioError, match='Did you mean "night-drill"'):
            read_measure("night-dril", GARRISON)
    finally:
        library._plugged.cache_clear()
    monkeypatch.undo()
    with pytest.raises(ScenarioError, match='"night-drill" is not a measure'):
        read_measure("night-drill", GARRISON)


def test_plug_ins_offer_measures(monkeypatch):
    drill = Measure(
        "", (Intervention(kind="pay_training_supply", size=0.3),), {"forces.police.leave": 0.1}
    )

    def drill_for(scenario):
        assert scenario is GARRISON
        return drill

    monkeypatch.setattr(library, "_plugged", lambda: {"drill": drill_for, "odd": 3})
    with pytest.raises(RunError, match="odd"):
        read_measure("drill", GARRISON)
    monkeypatch.setattr(library, "_plugged", lambda: {"drill": drill_for})
    changed = read_measure("drill", GARRISON).apply(GARRISON)
    assert changed.interventions[0].size == 0.3
    assert changed.forces["police"].leave == 0.1
