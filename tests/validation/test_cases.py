"""Outcome classes of the cases, shown made-up runs that have them and others that have not.

What the engine makes of the cases is measured by tools/make_cases.py and stands in docs/validation/cases.md;
here one short case is run. Not shown: that a case happened as its file says.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from standfast.experiment.trials import Means
from standfast.scenario.load import list_library, load_scenario
from standfast.validation.cases import CASES, find_case, half_way, judge_case, measure_case
from standfast.validation.ensemble import SERIES, Ensemble

N_RUN = 5
OTHERS = {"garrison", "mosul-2014", "quiet"}


def made_up(name, ends, lost=(), hours=None):
    """Runs of a case in which places go from all to a share in a straight line between two hours."""
    scenario = load_scenario(name)
    n_hour = int(scenario.time.horizon / scenario.time.step) + 1
    clock = np.linspace(0, scenario.time.horizon, n_hour)
    first, last = hours or (0.0, scenario.time.horizon)
    serving = np.zeros((N_RUN, n_hour, len(scenario.places)), np.float32)
    for k, place in enumerate(scenario.places):
        if any(force.place == place for force in scenario.forces.values()):
            to = ends.get(place, ends["*"])
            serving[:, :, k] = 1000 * np.interp(clock, [first, last], [1.0, to])
    row = {"departures": 500.0, "killed_share": 0.01}
    for place in scenario.places:
        share = ends.get(place, ends["*"])
        kept = "held" if share >= 0.7 and place not in lost else "total collapse"
        row |= {f"{place}.verdict": kept, f"{place}.lost_at_h": 1.0 if place in lost else math.nan}
    series = dict.fromkeys(SERIES, np.zeros_like(serving)) | {"serving": serving}
    return Ensemble(scenario, pd.DataFrame([row] * N_RUN), series)


#: case, shares that are left and the like, whether the class is right
SHOWN = [
    ("mosul-2004", {"ends": {"*": 0.1}, "hours": (81.0, 120.0)}, True),
    ("mosul-2004", {"ends": {"*": 0.1}, "hours": (81.0, 168.0)}, False),
    ("samarra-2014", {"ends": {"*": 0.95}}, True),
    ("samarra-2014", {"ends": {"*": 0.95}, "lost": ("samarra",)}, False),
    ("amerli-2014", {"ends": {"*": 0.8}}, True),
    ("amerli-2014", {"ends": {"*": 0.2}}, False),
    ("baiji-refinery-2014", {"ends": {"*": 0.15}}, True),
    ("baiji-refinery-2014", {"ends": {"*": 0.15}, "lost": ("baiji-refinery",)}, False),
    ("baiji-refinery-2014", {"ends": {"*": 0.9}}, False),
    ("baiji-refinery-2014", {"ends": {"*": 0.0}}, False),
    ("iraq-quiet-2007", {"ends": {"*": 0.98}}, True),
    ("iraq-quiet-2007", {"ends": {"*": 0.9}}, False),
    ("syria-2012", {"ends": {"*": 0.45, "damascus": 0.8}}, True),
    ("syria-2012", {"ends": {"*": 0.45}, "hours": (500.0, 600.0)}, False),
    ("syria-2012", {"ends": {"*": 0.9}}, False),
    ("union-army", {"ends": {"*": 0.88, "camp-of-neighbours": 0.92}}, True),
    ("union-army", {"ends": {"*": 0.88, "camp-of-neighbours": 0.86}}, False),
    ("union-army", {"ends": {"*": 0.5, "camp-of-neighbours": 0.6}}, False),
]


@pytest.mark.parametrize(("name", "runs", "right"), SHOWN)
def test_a_class_is_told_from_what_it_is_not(name, runs, right):
    found = judge_case(find_case(name), made_up(name, **runs))
    assert found.share.found.value == (1.0 if right else 0.0)
    assert found.share.holds is right
    assert all(not math.isnan(part.found.value) for part in found.numbers)


def test_the_refinery_is_asked_on_the_day_of_the_passage():
    scenario = load_scenario("baiji-refinery-2014")
    day = 24.0 * 13
    then, before = (
        judge_case(
            find_case(scenario.scenario), made_up(scenario.scenario, {"*": 0.1}, hours=hours)
        )
        for hours in ((day, day + 47), (day - 90, day - 1))
    )
    assert then.numbers[1].found.value == pytest.approx(0.9)
    assert before.numbers[1].found.value == pytest.approx(0.0)


def test_an_even_loss_is_half_way_after_half_the_time():
    assert half_way(made_up("syria-2012", {"*": 0.4}))[0] == pytest.approx(274, abs=1)


def test_every_case_of_the_library_has_its_class():
    assert {case.name for case in CASES} == set(list_library()) - OTHERS


def test_samarra_holds_with_the_shipped_parameters():
    found = measure_case(find_case("samarra-2014"), 3, Means(seed=5, progress=False))
    assert found.share.found.value == 1.0
