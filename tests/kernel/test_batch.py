"""Kernels called in one go get what they would be handed from Python, and what they raise arrives there."""

from __future__ import annotations

import numpy as np
import pytest

from standfast.kernels._batch import Batch, Call
from standfast.kernels._jit import kernel


@kernel
def add(total, amount):
    for k in range(total.size):
        total[k] += amount
    return total.size


@kernel
def look(table, record, whole, word, share, flag, seen):
    seen[0], seen[1], seen[2] = table.shape[0], table.shape[1], table[1, 2]
    seen[3], seen[4], seen[5] = record[0].fear, whole, word
    seen[6], seen[7], seen[8] = share, flag, table.strides[0]
    return 7


@kernel
def refuse(total):
    if total[0] > 1:
        raise ZeroDivisionError
    return 0


@kernel
def share(total):
    return total[0] / 2


def test_kernels_are_called_in_order_with_the_numbers_of_that_call():
    total = np.zeros(3)
    batch = Batch([Call(add, ("total", "amount"), True)] * 2, {"total": total}, {"amount": 0.0})
    for amount in (1.5, -4.0):
        batch.call({"amount": amount})
    assert total.tolist() == [-5.0] * 3
    assert [batch.returned(k) for k in (0, 1)] == [3, 3]


def test_every_kind_of_argument_arrives():
    record = np.zeros(1, dtype=[("mark", "u1"), ("fear", "f8")])
    record["fear"] = 0.25
    arrays = {
        "table": np.arange(12, dtype=np.uint16).reshape(3, 4),
        "record": record.view(np.recarray),
        "seen": np.zeros(9),
    }
    arrays["table"].flags.writeable = False
    scalars = {"whole": -(2**40), "word": np.uint32(2**32 - 1), "share": 0.125, "flag": True}
    names = ("table", "record", "whole", "word", "share", "flag", "seen")
    batch = Batch([Call(look, names, True)], arrays, scalars)
    batch.call(scalars)
    assert arrays["seen"].tolist() == [3, 4, 6, 0.25, -(2**40), 2**32 - 1, 0.125, 1, 8]
    assert batch.returned(0) == 7


def test_one_that_does_not_act_is_passed_over():
    total = np.zeros(1)
    calls = [Call(add, ("total", "amount"), acts) for acts in (False, True, False)]
    batch = Batch(calls, {"total": total}, {"amount": 1.0})
    batch.call({"amount": 1.0})
    assert total[0] == 1.0
    assert [batch.returned(k) for k in range(3)] == [0, 1, 0]


def test_what_a_kernel_raises_ends_the_call_and_arrives():
    total = np.ones(1)
    calls = [Call(refuse, ("total",), True), Call(add, ("total", "amount"), True)]
    batch = Batch(calls, {"total": total}, {"amount": 1.0})
    batch.call({"amount": 1.0})
    with pytest.raises(ZeroDivisionError):
        batch.call({"amount": 1.0})
    assert total[0] == 2.0


def test_arrays_are_held_where_they_are():
    arrays = {"total": np.zeros(100_000)}
    batch = Batch([Call(add, ("total", "amount"), True)], arrays, {"amount": 1.0})
    kept = arrays.pop("total")
    before = kept.ctypes.data
    del kept
    others = [np.full(100_000, 7.0) for _ in range(8)]
    batch.call({"amount": 1.0})
    assert all((other == 7.0).all() for other in others)
    assert before not in [other.ctypes.data for other in others]


def test_batches_of_the_same_kernels_do_not_share_arrays_or_kinds():
    small, large = np.zeros(2), np.zeros((4,), dtype=np.float32)
    for total in (small, large):
        call = [Call(add, ("total", "amount"), True)]
        Batch(call, {"total": total}, {"amount": 1.0}).call({"amount": 1.0})
    assert (small.tolist(), large.tolist()) == ([1.0] * 2, [1.0] * 4)


def test_an_array_with_gaps_is_refused():
    with pytest.raises(TypeError, match="total has gaps"):
        Batch([Call(add, ("total", "amount"), True)], {"total": np.zeros(6)[::2]}, {"amount": 1.0})


def test_a_kernel_that_returns_no_whole_number_is_refused():
    with pytest.raises(TypeError, match="share returns float64"):
        Batch([Call(share, ("total",), True)], {"total": np.zeros(1)}, {})
