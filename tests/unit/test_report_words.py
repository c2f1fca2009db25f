"""Grouping of outcomes, packing of shares, and the layout of the map."""

from __future__ import annotations

import base64
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from standfast.report.findings import happened, headline
from standfast.report.labels import Disc, place_labels
from standfast.report.pack import MISSING, ONE, pack
from standfast.report.payload import thin_hours
from standfast.report.projection import WIDTH, fit_sheet
from standfast.report.view import LEAST_ON_DUTY, View, main_group, quantiles
from standfast.report.words import of_runs, period
from standfast.results.groups import split_groups
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

shares = st.floats(0, 1, allow_nan=False)


def test_runs_that_hold_and_runs_that_collapse_are_two_groups():
    values = [0.95, 0.1, 0.92, 0.12, 0.08, 0.97]
    assert [group.tolist() for group in split_groups(values)] == [[0, 2, 5], [1, 3, 4]]


@pytest.mark.parametrize(
    "values",
    [
        np.linspace(0, 1, 20),  # spread out evenly
        [0.9] * 19 + [0.1],  # a stray run
        [0.5, 0.52, 0.6, 0.62],  # apart, but not far
        [0.4],
        [0.4, 0.4],
    ],
)
def test_one_group_is_not_cut_in_two(values):
    assert len(split_groups(values)) == 1


@given(st.lists(shares, min_size=1, max_size=40))
def test_groups_hold_every_run_once(values):
    groups = split_groups(values)
    assert sorted(np.concatenate(groups).tolist()) == list(range(len(values)))
    if len(groups) == 2:
        high, low = (np.asarray(values)[group] for group in groups)
        assert high.min() > low.max()


@given(st.lists(st.one_of(shares, st.just(float("nan"))), max_size=50), st.sampled_from([1, 2]))
def test_packed_shares_come_back(values, width):
    raw = np.frombuffer(base64.b64decode(pack(values, width=width)), dtype=f"<u{width}")
    back = np.where(raw == MISSING[width], np.nan, raw / ONE[width])
    assert np.allclose(back, values, atol=0.5 / ONE[width], equal_nan=True)


@given(arrays(float, (7, 5), elements=st.one_of(shares, st.just(float("nan")))))
def test_quantiles_are_those_of_the_known_values(values):
    known = np.isfinite(values).any(axis=0)
    found = quantiles(values)
    assert np.isnan(found[:, ~known]).all()
    wanted = np.nanquantile(values[:, known], (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
    assert np.allclose(found[:, known], wanted)


@given(
    st.lists(
        st.tuples(st.floats(20, 700), st.floats(20, 500), st.floats(3, 30)), min_size=1, max_size=25
    )
)
def test_no_name_on_the_map_covers_another(points):
    discs = [Disc(x, y, radius, "Name of a place") for x, y, radius in points]
    size = 14.0
    boxes = []
    for label in place_labels(discs, size=size, width=760, height=560):
        if label is None:
            continue
        length = 0.53 * size * len("Name of a place")
        left = {"start": label.x, "end": label.x - length, "middle": label.x - length / 2}[
            label.anchor
        ]
        boxes.append((left, label.y - 0.8 * size, left + length, label.y + 0.25 * size))
    for one, two in itertools.combinations(boxes, 2):
        apart = one[2] <= two[0] + 0.2 or two[2] <= one[0] + 0.2
        assert apart or one[3] <= two[1] + 0.2 or two[3] <= one[1] + 0.2


@given(st.lists(st.tuples(st.floats(-170, 170), st.floats(-70, 70)), min_size=1, max_size=20))
def test_every_place_is_on_the_sheet(points):
    sheet = fit_sheet(points)
    for point in points:
        x, y = sheet.place(*point)
        assert 0 < x < WIDTH
        assert 0 < y < sheet.height


def test_north_is_up_and_east_is_right():
    sheet = fit_sheet([(43.1, 36.3), (44.4, 33.3)])
    (west, north), (east, south) = sheet.place(43.1, 36.3), sheet.place(44.4, 33.3)
    assert west < east
    assert north < south


def test_headline_counts_runs():
    view = View(synthetic_result(tiny_scenario(), 4))
    shares = view.summary["places"]["alpha"]["verdict"]
    for name in shares:
        shares[name] = 0.0
    shares |= {"held": 0.25, "total collapse": 0.75}
    assert headline(view) == "Alpha collapses in 3 of 4 runs and holds in 1."
    shares |= {"held": 0.0, "total collapse": 1.0}
    assert headline(view) == "Alpha collapses in all 4 runs."


def test_maps_show_a_group_and_not_an_average():
    view = View(synthetic_result(tiny_scenario(), 12))
    members = main_group(view)
    assert any(members is group for group in view.groups[view.focus])


def test_thinned_hours_keep_both_ends_and_the_budget(monkeypatch):
    view = View(synthetic_result(tiny_scenario(), 4))
    assert thin_hours(view).size == view.hours.size
    monkeypatch.setattr("standfast.report.payload.BUDGET", 5_000)
    kept = thin_hours(view)
    assert kept[0] == 0
    assert kept[-1] == view.hours.size - 1
    assert 2 <= kept.size < view.hours.size


def test_words():
    assert of_runs(0.5, 2) == "1 of 2 runs"
    assert period(tiny_scenario().time.start, 240.0) == "4–14 June 2014"


def serving_like(view: View, line: np.ndarray) -> View:
    view.__dict__["serving"] = np.broadcast_to(
        line[None, :, None], (view.n_replicate, view.hours.size, len(view.garrisons))
    )
    return view


def test_leakage_and_then_a_cliff_is_told():
    view = View(synthetic_result(tiny_scenario(), 4))
    line = np.where(view.hours < 120, 1 - 0.001 * view.hours, 0.1)
    said = happened(serving_like(view, line)).replace("\u00a0", " ")
    assert said == "Alpha loses 9.6 % of its garrison in the first 4 days, then 80 % within one."


def test_a_slow_loss_is_no_cliff():
    view = View(synthetic_result(tiny_scenario(), 4))
    said = happened(serving_like(view, 1 - 0.003 * view.hours)).replace("\u00a0", " ")
    assert said == "Alpha ends with 28 % of its garrison still serving in the middle run."


def test_a_place_without_people_has_no_mood():
    view = View(synthetic_result(tiny_scenario(), 4))
    empty = view.reading("present") < LEAST_ON_DUTY
    assert empty.any()
    assert np.isnan(view.mood("fear")[empty]).all()
    assert np.isfinite(view.mood("fear")[~empty]).all()
