"""What must change nothing, to the byte, in random small scenarios: every array of the state is compared.

Not asserted: that one more name on paper leaves the others' draws of the start as they were, since those
are counted by position in the whole force; see `test_an_extra_person_without_ties_changes_nobody`.
"""

from __future__ import annotations

import hypothesis
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standfast.engine.behaviour import enabled, parameters
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.engine.state import FIELDS
from standfast.network.layer import Layer
from standfast.network.ties import Network, build_network
from standfast.population.people import build_people
from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.model import Scenario
from standfast.scenario.vocabulary import STATUS
from standfast.testing.alike import differing_state
from standfast.testing.proving_ground import proving_ground
from standfast.testing.strategies import scenarios

SEEDS = st.integers(0, 2**64 - 1)
CASES, SOAK = 20, 1000
DUTY, LEAVE, GHOST = map(STATUS.index, ("duty", "leave", "ghost"))
#: what a run counts of all people at once, not of anybody
OF_ALL = ("n_departed", "n_harmed", "n_changed",
          "resolute", "log_lines", "n_log", "loot", "resolve_median")  # fmt: skip


def random_cases(check, n, part):
    """Check n random scenarios, others for each part."""

    @hypothesis.seed(part)
    @settings(max_examples=n, derandomize=False, database=None)
    @given(scenarios(max_people=60, max_steps=36), SEEDS, st.data())
    def run(scenario, seed, data):
        check(scenario, seed, data)

    run()


def differing(first, second):
    """Return the names of arrays in which two runs differ, beside the parameters."""
    assert first.arrays.keys() == second.arrays.keys()
    return differing_state(first, second) - {"behaviour"}


def advanced(plan, steps):
    run = Run(plan, 0)
    for _ in range(steps):
        run.advance()
    return run


def unused_parameters_change_nothing(scenario, seed, data):
    """Move every parameter that a switched-off mechanism carries alone."""
    off = data.draw(st.sets(st.sampled_from(sorted(MECHANISMS)), min_size=1, max_size=8))
    base = scenario.with_({f"mechanisms.{key}.enabled": False for key in off})
    on = enabled(base)
    unused = [
        (family, name)
        for family, name, _, mechanisms, value in parameters(base)
        if value is not None and not any(on[key] for key in mechanisms)
    ]
    assume(unused)
    behaviour = base.behaviour
    for family, name in unused:
        part = getattr(behaviour, family)
        moved = getattr(part, name) * 0.7 + 1e-3
        behaviour = behaviour.model_copy(update={family: part.model_copy(update={name: moved})})
    moved = base.model_copy(update={"behaviour": behaviour})
    assert moved.behaviour != base.behaviour
    plans = compile_plan(base, seed), compile_plan(moved, seed)
    assert differing(*(advanced(plan, plan.n_step) for plan in plans)) == set()


def later_events_change_nothing_before(scenario, seed, data):
    """Add an event; attacks are left out, whose campaign precedes them on purpose."""
    place = next(iter(scenario.forces.values())).place
    hour = data.draw(st.integers(1, 9)) / 10 * scenario.time.horizon
    kind = data.draw(
        st.sampled_from([
            {"kind": "commanders_leave", "share": 1.0},
            {"kind": "mass_message", "places": [place], "reach": 1.0},
            {"kind": "order", "order": "leave", "share": 1.0},
            {"kind": "breach", "share": 1.0},
            {"kind": "mobilisation", "volunteers": 50},
            {"kind": "leaving_safety", "change": 0.5},
        ])
    )  # fmt: skip
    extra = {"id": "extra", "at": f"{hour:g} h", "place": place} | kind
    if "places" in kind:
        del extra["place"]
    events = [event.model_dump(mode="json") for event in scenario.events]
    changed = scenario.with_({"events": [*events, extra]})
    first, second = (Run(compile_plan(x, seed), 0) for x in (scenario, changed))
    before = int(hour / scenario.time.step)  # the step in which it happens may differ
    for _ in range(before):
        first.advance()
        second.advance()
    assert differing(first, second) == set()


def a_run_goes_on_as_a_longer_one(scenario, seed, data):
    del data
    half = scenario.model_copy(
        update={"time": scenario.time.model_copy(update={"horizon": scenario.time.horizon / 2})}
    )
    plans = [compile_plan(x, seed) for x in (half, scenario)]
    assert differing(*(advanced(plan, plans[1].n_step) for plan in plans)) == set()


def no_hazard_no_departure(scenario, seed, data):
    """Without mechanisms and without a rate, only leave rotates."""
    del data
    off = {f"mechanisms.{key}.enabled": False for key in MECHANISMS}
    plan = compile_plan(scenario.with_(off | {"behaviour.decision.rate_max": "0 / h"}), seed)
    run = advanced(plan, plan.n_step)
    left = ~np.isin(run.arrays["agent_status"], (DUTY, LEAVE, GHOST))
    assert not left.any()
    assert run.arrays["departures"].sum() == 0


def every_hazard_everybody_gone(scenario, seed, data):
    """At the highest rate and pressure, everybody who exists is gone after one step."""
    del data
    off = {f"mechanisms.{key}.enabled": False for key in MECHANISMS if key != "M12"}
    rush = {"behaviour.decision.rate_max": "100 / h", "behaviour.decision.commitment": -20.0}
    alike = {f"population.{name}_spread": 0.0 for name in ("commitment", "squad", "company")}
    forces = {f"forces.{slug}.commitment": 0.0 for slug in scenario.forces}
    plan = compile_plan(
        scenario.with_(off | rush | alike | forces | {"behaviour.decision.spread": 1.0}), seed
    )
    run = advanced(plan, 1)
    # into hiding, or to refuge where that is switched off too
    ways = STATUS.index("hiding"), STATUS.index("displaced")
    gone = np.isin(run.arrays["agent_status"], ways)
    assert (gone == (plan.people.ghost == 0)).all()


RELATIONS = [
    unused_parameters_change_nothing,
    later_events_change_nothing_before,
    a_run_goes_on_as_a_longer_one,
    no_hazard_no_departure,
    every_hazard_everybody_gone,
]


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.__name__)
def test_in_random_scenarios(relation):
    random_cases(relation, CASES, part=0)


@pytest.mark.slow
@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.__name__)
def test_in_a_thousand_random_scenarios(relation):
    random_cases(relation, SOAK, part=100)


def test_a_parameter_in_use_does_change_something():
    """The wrong twin of an unused parameter: with its mechanism on, it shows."""
    plans = [
        compile_plan(proving_ground({"behaviour.decision.weight_fear": weight}), 1)
        for weight in (4.5, 4.6)
    ]
    assert "agent_status" in differing(*(advanced(plan, 60) for plan in plans))


def test_an_attack_is_felt_before_it_happens():
    """Why attacks are left out above: the campaign leads them, and then the state does differ."""
    changed = proving_ground({"events.assault.at": "40 h"})
    runs = [advanced(compile_plan(x, 1), 20) for x in (proving_ground(), changed)]
    assert "chance_message" in differing(*runs)


def test_a_way_out_that_is_off_stays_off_whatever_else_it_is_worth():
    """Who had means went abroad although that was off, where means weighed most and no way was open."""
    off = {f"mechanisms.{key}.enabled": False for key in ("M11", "M12", "M28", "M29", "M30", "M31")}
    names = ("abroad_means", "abroad_threat", "refuge_family", "renounce_threat", "hide_exposed")
    most = dict.fromkeys((*names, "defect_support", "defect_suspicion", "defect_resolve"), 10.0)
    weights = {f"behaviour.exits.{name}": weight for name, weight in most.items()}
    rush = {"behaviour.decision.rate_max": "4 / h", "behaviour.decision.commitment": -20.0}
    run = advanced(
        compile_plan(proving_ground(off | weights | rush | {"population.means": 1.0}), 1), 2
    )
    left = np.bincount(run.arrays["agent_status"], minlength=len(STATUS))
    assert left[STATUS.index("displaced")] > 100
    for way in ("hiding", "renounced", "abroad", "defected"):
        assert left[STATUS.index(way)] == 0, way


# ------------------------------------------------------------------- other units, other people

#: two garrisons with nothing between them: no ties, no roads, homes where they serve
APART = {
    "standfast": 1, "scenario": "apart", "title": "Two garrisons with nothing between them",
    "time": {"start": "2030-03-01T00:00", "horizon": "48 h"},
    "places": {
        "east": {"title": "East", "latitude": 1.0, "longitude": 3.0, "support": 0.5,
                 "infiltration": 0.5},
        "west": {"title": "West", "latitude": 9.0, "longitude": 3.0, "support": 0.5,
                 "infiltration": 0.5, "prison": {"inmates": 50}},
    },
    "forces": {
        "of-east": {"title": "East", "branch": "army", "place": "east", "paper": 120,
                    "homes": {"east": 1.0}},
        "of-west": {"title": "West", "branch": "army", "place": "west", "paper": 120,
                    "homes": {"west": 1.0}},
    },
    "network": {"phone_mean": 0.0, "kin_mean": 0.0},
    "behaviour": {"decision": {"commitment": 5.0}},
    "mechanisms": {"M35": {"enabled": False}},
    "events": [{"id": "raid", "kind": "attack", "at": "6 h", "place": "east", "fighters": 30}],
}  # fmt: skip
WORSE = {
    "forces.of-west.corruption": 1.0,
    "forces.of-west.quality": 0.0,
    "places.west.infiltration": 1.0,
    "forces.of-west.cohesion": 0.9,
}
STORM = {"id": "storm", "kind": "attack", "at": "3 h", "place": "west", "fighters": 400}
NO_NEWS = {f"mechanisms.{key}.enabled": False for key in ("M01", "M02", "M03", "M15", "M36")}


def rows_of_east(run):
    """Return what there is of the first garrison and its place, in every array of the state."""
    people = run.plan.people
    length = {"agent": 120, "place": 1}
    for name in ("squad", "company", "battalion"):
        length[name] = int(np.searchsorted(getattr(people, f"{name}_start"), 120))
    rows = {
        name: run.arrays[name][: length[field.dimension]]
        for name, field in FIELDS.items()
        if field.dimension in length and name not in OF_ALL
    }
    # a piece of news about elsewhere takes a bit from which others are pushed up: count them
    counted = {name: np.bitwise_count(rows[name]) for name in ("heard", "heard_new", "spreading")}
    return {name: array.tobytes() for name, array in (rows | counted).items()}


@pytest.mark.parametrize("news", [False, True], ids=["no news", "news"])
def test_with_nothing_passed_on_other_units_change_nobody(news):
    """Everything else is on: an attack in the west, and other people there, are nothing to the east."""
    base = Scenario.model_validate(APART, strict=False)
    base = base if news else base.with_(NO_NEWS)
    events = [event.model_dump(mode="json") for event in base.events]
    worse = base.with_(WORSE | {"events": [*events, STORM]})
    first, second = (advanced(compile_plan(x, 5), 48) for x in (base, worse))
    east, other = rows_of_east(first), rows_of_east(second)
    assert {name for name in east if east[name] != other[name]} == set()
    west = first.arrays["agent_status"][120:] != second.arrays["agent_status"][120:]
    assert west.any()
    assert (first.arrays["agent_status"][:120] >= STATUS.index("hiding")).any()


def test_with_ties_other_units_do_change_somebody():
    """The wrong twin: once contacts join the two, the west is felt in the east."""
    tied = Scenario.model_validate(APART | {"network": {}}, strict=False)
    events = [event.model_dump(mode="json") for event in tied.events]
    worse = tied.with_(WORSE | {"events": [*events, STORM]})
    first, second = (advanced(compile_plan(x, 5), 48) for x in (tied, worse))
    assert rows_of_east(first)["phone_fear"] != rows_of_east(second)["phone_fear"]


def with_one_more(layer):
    """Add somebody without ties to a layer."""
    return Layer(np.append(layer.indptr, layer.indptr[-1]), layer.indices.copy())


def test_an_extra_person_without_ties_changes_nobody():
    """One more at a place of his own, last in order, so that nobody's number changes.

    Listed first, he would shift the numbers by which everybody draws. Exposure and threats to families
    are off, since their draws at the start are counted through all people, and even the last shifts those.
    """
    small = proving_ground({"time.horizon": "60 h"})
    off = {f"mechanisms.{key}.enabled": False for key in ("M08", "M09")}
    base = small.with_(off)
    places = {slug: place.model_dump(mode="json") for slug, place in base.places.items()}
    island = {"title": "An island", "latitude": 50.0, "longitude": -30.0, "support": 0.0,
              "infiltration": 0.0}  # fmt: skip
    forces = {slug: force.model_dump(mode="json") for slug, force in base.forces.items()}
    keeper = {"title": "Keeper", "branch": "army", "place": "island", "paper": 1, "ghosts": 0.0,
              "homes": {"island": 1.0}}  # fmt: skip
    more = base.with_(
        {"places": places | {"island": island}, "forces": forces | {"keeper": keeper}}
    )
    ties = build_network(base, build_people(base, 1), 1)
    wider = Network(*(with_one_more(layer) for layer in (ties.phone, ties.kin, ties.chain)))
    first = advanced(compile_plan(base, 1), 60)
    second = advanced(compile_plan(more, 1, network=wider), 60)
    n = first.plan.n_agent
    differ = {
        name
        for name, array in first.arrays.items()
        if array.shape[:1] == (n,) and name not in OF_ALL
        and array.tobytes() != second.arrays[name][:n].tobytes()
    }  # fmt: skip
    assert differ == set()
    assert (first.arrays["agent_status"] >= STATUS.index("hiding")).any()
