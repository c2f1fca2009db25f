"""The search for one set of parameters: it measures what it has windows for, and a hit costs nothing.

Not shown: that what it finds is true. What the engine makes of it stands in docs/validation/calibration.md.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import search_facts
from standfast.engine.behaviour import effective
from standfast.scenario.load import load_scenario


def test_the_values_that_were_found_are_the_defaults():
    shipped = load_scenario("garrison").behaviour
    kept = json.loads((search_facts.ROOT / "docs/validation/point-values.json").read_text())[
        "values"
    ]
    assert len(kept) > 40
    for name, value in kept.items():
        room, field = name.split(".")
        assert getattr(getattr(shipped, room), field) == pytest.approx(value), name


def inside():
    return {
        name: min(most, max(least, 1.0)) for name, (least, most, _) in search_facts.WINDOWS.items()
    }


def test_whatever_lies_in_its_window_costs_nothing():
    assert set(search_facts.cost(inside()).values()) == {0.0}


@pytest.mark.parametrize(
    ("name", "value", "costs"),
    [("hours to half", 127.0, 1.0), ("both over the sum", 1.2, 1.0), ("Samarra lost", 1.0, 1 / 0.67),
     ("hours from Mosul to Tikrit", math.nan, 3.0), ("after harm, over that", -100.0, 3.0)],
)  # fmt: skip
def test_a_miss_costs_by_how_far_it_is_off_and_never_more_than_the_most(name, value, costs):
    assert search_facts.cost(inside() | {name: value})[name] == pytest.approx(costs)


def test_values_reach_the_rules_and_nothing_else_changes():
    scenario = load_scenario("garrison")
    moved = search_facts.with_behaviour(
        scenario, {"fear.fear_decay": 77.0, "combat.break_time": 5.0}
    )
    before, after = effective(scenario), effective(moved)
    assert {name for name in before if before[name] != after[name]} == {"fear_decay", "break_time"}
    assert (after["fear_decay"], after["break_time"]) == (77.0, 5.0)


def test_every_window_is_measured_and_what_is_shipped_lies_within_the_ranges():
    shipped = search_facts.begin(None)
    outside = {
        name
        for name, (low, high) in search_facts.RANGES.items()
        if not low <= shipped[name] <= high
    }
    assert outside == set()
    measured = search_facts.Judge().measure(shipped)
    assert measured.keys() == search_facts.WINDOWS.keys()
    missed = {name for name, miss in search_facts.cost(measured).items() if miss > 0}
    assert missed == {"doubled over as it is", "Mosul 2004 gone"}, "as facts.md and cases.md say"
