"""Draws: the published generator, and the keys that make a draw belong to its place."""

from __future__ import annotations

import numpy as np
import pytest

from standfast.kernels import draws
from standfast.kernels._jit import kernel

#: philox4x32 10 in `kat_vectors` of the authors' library Random123: counter, key, output
KNOWN = (
    ("00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
)  # fmt: skip
MASK = 0xFFFFFFFF


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def engine_philox(counter: list[int], key: list[int]) -> list[int]:
    """The engine's block of a counter, whose words it names index, step, partner, purpose."""
    index, step, partner, purpose = counter
    return [int(w) for w in draws.words(*key, index, step, purpose, partner)]


def plain_philox(counter: list[int], key: list[int], rounds: int = 10) -> list[int]:
    """Philox4x32 in whole numbers without end, as in the paper."""
    c, k = list(counter), list(key)
    for _ in range(rounds):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [second >> 32 ^ c[1] ^ k[0], second & MASK, first >> 32 ^ c[3] ^ k[1], first & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


@kernel
def filled(first, n, key0, key1, step, purpose):
    u = np.empty((4, n))
    draws.fill_blocks(u[0], u[1], u[2], u[3], first, n, key0, key1, step, purpose)
    return u


@kernel
def filled_for(listed, partners, key0, key1, step, purpose):
    u = np.empty((4, listed.size))
    draws.fill_listed(
        u[0], u[1], u[2], u[3], listed, partners, listed.size, key0, key1, step, purpose
    )
    return u


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_known_answers(counter, key, output):
    assert engine_philox(words(counter), words(key)) == words(output)
    assert plain_philox(words(counter), words(key)) == words(output)
    assert plain_philox(words(counter), words(key), rounds=7) != words(output)


def test_equals_the_plain_twin_for_any_counter():
    rng = np.random.default_rng(1)
    for row in rng.integers(0, 2**32, size=(200, 6)).tolist():
        assert engine_philox(row[:4], row[4:]) == plain_philox(row[:4], row[4:])


@pytest.mark.parametrize(("word", "uniform"), [(0, 0.5 / 2**32), (MASK, 1.0 - 0.5 / 2**32)])
def test_uniforms_are_never_0_and_never_1(word, uniform):
    assert draws.uniform(np.uint64(word)) == uniform
    assert 0.0 < uniform < 1.0


def test_a_block_holds_the_words_of_its_key():
    u = draws.block(3, 4, 5, 6, 7, 8)
    expected = [(word + 0.5) / 2**32 for word in plain_philox([5, 6, 8, 7], [3, 4])]
    assert list(u) == expected


@pytest.mark.parametrize("first", [0, 1, 100_003])
def test_blocks_of_neighbours_are_the_blocks(first):
    n = 37
    u = filled(first, n, 11, 12, 13, draws.DECIDE)
    for i in range(n):
        assert tuple(u[:, i]) == draws.block(11, 12, first + i, 13, draws.DECIDE)


def test_a_fill_for_listed_people_equals_their_blocks():
    listed = np.array([3, 0, 2**31 - 1, 7, 7, *range(100, 130)])
    partners = np.array([15, 0, 2**20, 1, 2, *range(30)])
    u = filled_for(listed, partners, 11, 12, 13, draws.HEAR)
    for m, (i, partner) in enumerate(zip(listed.tolist(), partners.tolist(), strict=True)):
        assert tuple(u[:, m]) == draws.block(11, 12, i, 13, draws.HEAR, partner)
    assert tuple(u[:, 3]) != tuple(u[:, 4])


def test_cutting_a_fill_into_chunks_changes_nothing():
    whole = filled(0, 64, 1, 2, 3, draws.EXIT)
    parts = [filled(first, 16, 1, 2, 3, draws.EXIT) for first in range(0, 64, 16)]
    assert np.concatenate(parts, axis=1).tobytes() == whole.tobytes()


def test_a_fill_takes_the_words_of_its_blocks_in_turn():
    out = np.empty(11)
    assert draws.fill_uniform(out, 1, 2, 3, draws.START) == 11
    rows = [draws.block(1, 2, index, 3, draws.START) for index in range(3)]
    assert out.tolist() == [u for row in rows for u in row][:11]


def test_run_keys_differ_and_do_not_mix_seed_and_replicate():
    keys = {tuple(map(int, draws.run_key(seed, k))) for seed in range(40) for k in range(40)}
    assert len(keys) == 1600
    assert tuple(draws.run_key(1, 2)) != tuple(draws.run_key(2, 1))
    assert tuple(draws.run_key(1, 0)) != tuple(draws.run_key(1 + 2**32, 0))


def test_purposes_differ():
    names = ("DECIDE", "EXIT", "HEAR", "COMMAND", "CALL", "PLACE", "EVENT", "SHOCK", "START")
    codes = {getattr(draws, name) for name in names}
    news = {draws.HEAR + 16 * slot for slot in range(8)}
    assert len(codes) == len(names)
    assert not (codes - {draws.HEAR}) & news
