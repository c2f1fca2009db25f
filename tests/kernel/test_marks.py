"""Whoever bears a mark is listed, once and in order, however much room there is."""

from __future__ import annotations

import numpy as np
import pytest

from standfast.kernels.marks import BLOCK, list_marked


def listed(marks, bits, room):
    found, at = [], 0
    while at < marks.size:
        people = np.full(room, -1, np.int64)
        n, at = list_marked(marks, bits, at, people, 0)
        assert n <= room
        found += people[:n].tolist()
    return found


@pytest.mark.parametrize("room", [BLOCK, BLOCK + 1, 64])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 1.0])
@pytest.mark.parametrize("size", [0, 1, BLOCK, BLOCK + 3, 1000])
def test_all_who_bear_a_mark_are_listed_in_order(room, share, size):
    rng = np.random.default_rng(size)
    marks = np.where(rng.random(size) < share, rng.integers(1, 4, size), 0).astype(np.uint8)
    for bits in (1, 2, 3):
        assert listed(marks, bits, room) == np.flatnonzero(marks & bits).tolist()


def test_marks_may_be_numbers_below_nought():
    marks = np.array([0, -3, 0, 2, 0, 0, 0, 0, -1, 0], np.int8)
    assert listed(marks, -1, 64) == [1, 3, 8]
