"""Indices of functions whose indices are known; the wrong twin takes correlation for influence."""

from __future__ import annotations

import numpy as np
import pytest

from standfast.errors import ScenarioError
from standfast.experiment.indices import Factors, analyse, evaluate, sample

A, B = 7.0, 0.1
#: of Ishigami with a = 7, b = 0.1 (Ishigami and Homma 1990; Sobol and Levitan 1999)
VARIANCE = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
FIRST = np.array([0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0]) / VARIANCE
TOTAL = FIRST + np.array([1, 0, 1]) * (B**2 * np.pi**8 * (1 / 18 - 1 / 50)) / VARIANCE


def ishigami(shares):
    x = np.pi * (2 * shares - 1)
    return {"y": np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])}


ALONE = Factors(("x1", "x2", "x3"), ("x1", "x2", "x3"))
TOGETHER = Factors(("x1", "x2", "x3"), ("outer", "x2", "outer"))


def column(table, index, name="value"):
    return table[table["index"] == index][name].to_numpy()


def test_the_known_indices_are_those_in_the_books():
    np.testing.assert_allclose(FIRST, [0.3139, 0.4424, 0.0], atol=1e-4)
    np.testing.assert_allclose(TOTAL, [0.5576, 0.4424, 0.2437], atol=1e-4)


@pytest.mark.theory
def test_sobol_indices_of_ishigami():
    """4,096 base points; within 0.02, and the bootstrap's intervals hold the truth."""
    table = evaluate(ALONE, "sobol", 4096, ishigami)
    np.testing.assert_allclose(column(table, "S1"), FIRST, atol=0.02)
    np.testing.assert_allclose(column(table, "ST"), TOTAL, atol=0.02)
    for index, truth in (("S1", FIRST), ("ST", TOTAL)):
        assert (column(table, index, "low") <= truth).all()
        assert (truth <= column(table, index, "high")).all()


@pytest.mark.theory
def test_correlation_misses_what_the_indices_find():
    """The wrong twin: squared correlation of x2, which brings 44 %, and of x3, which brings 24 %."""
    points = sample(ALONE, "sobol", 1024, seed=1)
    values = ishigami(points)["y"]
    squared = [np.corrcoef(points[:, k], values)[0, 1] ** 2 for k in range(3)]
    assert squared[1] < 0.02 < FIRST[1]
    assert squared[2] < 0.02 < TOTAL[2]


@pytest.mark.theory
def test_a_group_brings_all_that_any_of_it_brings():
    table = evaluate(TOGETHER, "sobol", 4096, ishigami)
    assert table["factor"].unique().tolist() == ["outer", "x2"]
    np.testing.assert_allclose(column(table, "ST"), [1 - FIRST[1], FIRST[1]], atol=0.02)
    np.testing.assert_allclose(column(table, "S1"), [1 - FIRST[1], FIRST[1]], atol=0.03)


@pytest.mark.theory
def test_morris_ranks_a_plane_by_its_slopes():
    slopes = np.array([4.0, 0.0, -2.0])
    table = evaluate(ALONE, "morris", 10, lambda x: {"y": x @ slopes})
    np.testing.assert_allclose(column(table, "mu*"), np.abs(slopes), atol=1e-9)
    np.testing.assert_allclose(column(table, "sigma"), 0, atol=1e-9)
    crossed = evaluate(ALONE, "morris", 20, lambda x: {"y": x[:, 0] * x[:, 1]})
    assert (column(crossed, "sigma")[:2] > 0.1).all()
    assert column(crossed, "mu*")[2] == 0


def test_points_and_indices_are_the_same_again_and_others_with_another_seed():
    for method in ("morris", "sobol"):
        first, again = (sample(TOGETHER, method, 8, 5) for _ in range(2))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, sample(TOGETHER, method, 8, 6))
        assert first.min() >= 0
        assert first.max() <= 1
        tables = [analyse(TOGETHER, method, first, ishigami(first), 3) for _ in range(2)]
        assert tables[0].equals(tables[1])
    assert sample(TOGETHER, "morris", 8, 2**64 - 1).shape == (8 * 3, 3)


def test_an_outcome_that_does_not_vary_has_no_indices():
    for method in ("morris", "sobol"):
        table = evaluate(ALONE, method, 8, lambda x: {"y": np.ones(len(x))})
        assert table["value"].isna().all()


def test_an_unknown_method_is_named():
    with pytest.raises(ScenarioError, match='mean "morris"'):
        sample(ALONE, "moris", 8, 1)
