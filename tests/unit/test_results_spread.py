"""Quantiles over replicates, with and without replicates in which nothing came."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.results.spread import spread, spread_of_hours
from standfast.results.words import in_hours, in_percent, percent

NEVER = math.inf


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_quantiles_are_those_of_numpy(values: list[float]) -> None:
    expected = np.quantile(values, [0.05, 0.5, 0.95])
    assert list(spread(values).values()) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_one_replicate_is_its_own_spread() -> None:
    assert spread([3.5]) == {"q05": 3.5, "median": 3.5, "q95": 3.5}


def test_what_exists_in_no_replicate_is_null() -> None:
    assert spread([]) is None
    assert spread([math.nan, math.nan]) is None
    assert spread_of_hours([math.nan]) is None


def test_missing_replicates_are_left_out() -> None:
    assert spread([math.nan, 1.0, 3.0])["median"] == 2.0


@pytest.mark.parametrize(
    ("values", "median", "q95", "happened"),
    [
        ([90, 100, 110], 100, 109, 1),
        ([90, 100, NEVER], 100, None, 2 / 3),
        ([90, NEVER, NEVER], None, None, 1 / 3),
        ([90, 100, NEVER, NEVER], None, None, 0.5),  # the median falls between 100 and never
        ([NEVER, NEVER], None, None, 0),
    ],
)
def test_never_is_later_than_anything(values, median, q95, happened) -> None:
    found = spread_of_hours(values)
    assert found["median"] == median
    assert found["q95"] == (None if q95 is None else pytest.approx(q95))
    assert found["happened"] == pytest.approx(happened)


def test_leaving_out_the_nevers_would_tell_another_story() -> None:
    hours = [90.0] + [NEVER] * 9
    assert spread_of_hours(hours)["median"] is None
    assert spread([hour for hour in hours if hour != NEVER])["median"] == 90


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"), (1, "100 %"), (0.5, "50 %"), (0.07, "7 %"), (0.0712, "7.1 %"),
        (0.0996, "10 %"), (0.999, "99.9 %"), (0.0004, "0.04 %"), (0.85, "85 %"),
    ],
)  # fmt: skip
def test_shares_as_words(share: float, text: str) -> None:
    assert percent(share) == text


def test_spreads_as_words() -> None:
    assert in_percent(None) == "-"
    assert in_hours({"q05": None, "median": None, "q95": None, "happened": 0.0}) == "-"
    assert in_hours({"q05": -4.0, "median": 2.0, "q95": 9.6, "happened": 1.0}) == "2 h (-4 to 10)"
