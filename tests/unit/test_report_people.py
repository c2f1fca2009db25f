"""What was said, who left and which units melted: the numbers behind the figures, counted plainly.

Says nothing of how the figures look.
"""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import standfast as sf
from standfast.report import leaving, ranks, signals
from standfast.report.pack import ONE
from standfast.report.page import render_report
from standfast.report.view import View, main_group
from standfast.scenario.load import load_scenario
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario


def unpacked(text, width):
    raw = np.frombuffer(base64.b64decode(text), f"<u{width}")
    return raw / ONE[width]


def test_departures_by_hour_end_where_those_of_the_run_do(view):
    hours = np.arange(view.hours.size)
    whole = {(row["branch"], row["home"]): row for row in leaving.gone_by_home(view)}
    found = leaving.gone_by_hour(view, hours)
    assert {(row["branch"], row["home"]) for row in found} == set(whole)
    start = view.series["start_count"].sum("place")
    for row in found:
        kind = {name: row[name] for name in ("branch", "home")}
        left = view.series["departed"].sel(kind) / start.sel(kind)
        assert len(row["groups"]) == len(view.groups[view.focus])
        for members, (low, middle, high) in zip(
            view.groups[view.focus], row["groups"], strict=True
        ):
            by_hand = np.median(left.values[members], axis=0)
            assert unpacked(middle, 2) == pytest.approx(by_hand, abs=1e-4)
            assert (unpacked(low, 2) <= unpacked(high, 2) + 1e-4).all()
        ends = left.values[:, -1]
        assert np.median(ends) == pytest.approx(whole[row["branch"], row["home"]]["median"])


def test_results_without_departures_by_hour_are_shown_without():
    result = synthetic_result(tiny_scenario(), 3)
    old = replace(result, series=result.series.drop_vars("departed"))
    assert leaving.gone_by_hour(View(old), np.arange(3)) == []
    assert 'data-chart="homes"' in render_report(result)
    assert 'data-chart="homes"' not in render_report(old)


@pytest.fixture(scope="module")
def view():
    return View(synthetic_result(tiny_scenario(), 6))


def by_hand(view, members):
    """The mean number of lines a run, by garrison and lane, by an obvious loop."""
    counted = Counter()
    lanes = {kind: lane.name for lane in signals.LANES for kind in lane.kinds}
    for line in view.events.itertuples():
        if line.replicate in members and line.kind in lanes and line.place in view.garrisons:
            counted[view.garrisons.index(line.place), lanes[line.kind]] += 1 / len(members)
    return counted


def test_signals_are_those_of_the_log(view):
    found = signals.count_signals(view)
    shown = {
        (place, lane): sum(number for _, number in bins)
        for place, lanes in enumerate(found["places"])
        for lane, bins in lanes.items()
    }
    members = set(main_group(view).tolist())
    assert shown == pytest.approx(by_hand(view, members), abs=0.01)
    assert len(members) < view.n_replicate
    assert shown != pytest.approx(by_hand(view, range(view.n_replicate)), abs=0.01)


def test_signals_stand_in_the_bin_of_their_hour(view):
    found = signals.count_signals(view)
    lost = found["places"][view.focus]["lost"]
    hours = view.lost_hour[main_group(view), view.focus]
    wanted = Counter(int(hour // found["step"]) for hour in hours[np.isfinite(hours)])
    assert {bin_: round(number * hours.size) for bin_, number in lost} == wanted


def test_the_finding_counts_calls_and_answers(view):
    assert signals.finding(view) == "The one call for help from Alpha is not answered."
    rows = {row["title"]: row["middle"] for row in signals.signal_rows(view)}
    assert rows["Calls for help"] == rows["Refused, or no answer"] == "1"
    assert "A call is answered" not in rows


def test_the_finding_of_a_quiet_place():
    quiet = tiny_scenario(events=(), time={"start": "2014-06-04T00:00", "horizon": "48 h"})
    view = View(synthetic_result(quiet, 2))
    assert signals.finding(view) == "Nobody at Alpha calls for help."
    assert signals.signal_rows(view) == []


def test_streams_add_up_to_the_departures(view):
    streams = leaving.flows(view)
    left = view.series["departures"].isel(replicate=main_group(view)).sum() / main_group(view).size
    assert sum(stream["people"] for stream in streams) == pytest.approx(float(left), rel=0.01)
    hiding = view.series["departures"].sel(exit="hiding").isel(replicate=main_group(view)).sum()
    shown = sum(stream["people"] for stream in streams if stream["exit"] == "hiding")
    assert shown == pytest.approx(float(hiding) / main_group(view).size, rel=0.02)


def test_units_hold_everybody_on_duty_and_no_share_leaves_zero_to_one(view):
    forces = ranks.list_forces(view)
    people = [sum(unit["people"] for force in each for unit in force["units"]) for each in forces]
    start = view.series["unit_serving"].isel(unit_hour=0).mean("replicate").sum()
    assert sum(people) == pytest.approx(float(start), abs=len(view.series["unit"]))
    for force in (force for each in forces for force in each):
        shares = [unit["gone"] for unit in force["units"]]
        assert 0 <= min(shares) <= force["gone"] <= max(shares) <= 1


def test_units_say_how_they_fared(view):
    text = ranks.finding(view)
    assert " Alpha " in text
    assert "on duty" in text
    assert sum(row["focus"] for row in ranks.force_rows(view)) == len(
        ranks.list_forces(view)[view.focus]
    )


def test_branches_end_where_their_people_do(view):
    rows = leaving.serving_by_branch(view, view.focus, np.arange(view.hours.size))
    assert rows
    for row in rows:
        assert len(row["groups"]) == len(view.groups[view.focus])
        for group in row["groups"]:
            low, middle, high = (np.frombuffer(base64.b64decode(part), np.uint8) for part in group)
            assert middle[0] == ONE[1]
            assert np.all(low <= middle)
            assert np.all(middle <= high)


def test_the_page_of_runs_in_which_nobody_left_can_be_read():
    settled = {"behaviour.decision.commitment": 40.0, "time.horizon": "6 h"}
    scenario = load_scenario("garrison").with_(settled)
    result = sf.run(scenario, replicates=2, seed=1, progress=False)
    assert int(result.series["departures"].sum()) == 0
    assert {row["median"] for row in leaving.exits_by_branch(View(result))} == {None}
    assert "Nobody left" in render_report(result)
