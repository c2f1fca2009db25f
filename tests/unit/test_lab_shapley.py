"""Shapley values keep their axioms; one-off differences, the wrong twin, do not add up."""

from __future__ import annotations

import numpy as np

from standfast.experiment.shapley import coalitions, shapley_values

GROUPS = ["a", "b", "c", "d"]


def game(rng):
    return {subset: rng.normal(size=3) for subset in coalitions(GROUPS)}


def test_every_subset_is_played_once():
    subsets = coalitions(GROUPS)
    assert len(subsets) == len(set(subsets)) == 16


def test_values_add_up_to_the_whole():
    worth = game(np.random.default_rng(1))
    values = shapley_values(GROUPS, worth)
    np.testing.assert_allclose(
        sum(values.values()), worth[frozenset(GROUPS)] - worth[frozenset()], atol=1e-12
    )


def test_who_changes_nothing_gets_nothing_and_equals_get_the_same():
    rng = np.random.default_rng(2)
    free = {subset: rng.normal(size=3) for subset in coalitions(["a", "b"])}
    worth = {subset: free[subset & {"a", "b"}] + len(subset & {"c", "d"}) ** 2.0
             for subset in coalitions(GROUPS)}  # fmt: skip
    values = shapley_values(GROUPS, worth)
    np.testing.assert_allclose(values["c"], values["d"])
    dummy = {subset: worth[subset - {"a"}] for subset in coalitions(GROUPS)}
    np.testing.assert_allclose(shapley_values(GROUPS, dummy)["a"], 0, atol=1e-12)


def test_one_off_at_a_time_counts_twice_what_needs_both():
    both = {subset: np.array([float({"a", "b"} <= subset)]) for subset in coalitions(GROUPS)}
    every = frozenset(GROUPS)
    one_off = {g: float((both[every] - both[every - {g}])[0]) for g in GROUPS}
    assert sum(one_off.values()) == 2.0
    values = shapley_values(GROUPS, both)
    assert [round(float(values[g][0]), 12) for g in GROUPS] == [0.5, 0.5, 0.0, 0.0]


def test_values_are_the_mean_over_all_orders():
    """Checked against the definition, over the 24 orders of four groups."""
    from itertools import permutations  # noqa: PLC0415 - the other way of counting

    worth = game(np.random.default_rng(3))
    values = shapley_values(GROUPS, worth)
    total = {g: np.zeros(3) for g in GROUPS}
    for order in permutations(GROUPS):
        for k, g in enumerate(order):
            before = frozenset(order[:k])
            total[g] += (worth[before | {g}] - worth[before]) / 24
    for g in GROUPS:
        np.testing.assert_allclose(values[g], total[g], atol=1e-12)
