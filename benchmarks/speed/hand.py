"""Loops written by hand with numba for one problem each: what a special program can do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from measuring import Problem, measure

NEVER = 255
THREADS = 2


@numba.njit(nogil=True)
def _at(whole):
    """Return a position as an unsigned number: a signed one is asked at each access whether it is negative."""
    return np.uint64(whole)


@numba.njit
def _cascade(indptr, indices, least, seeds, when, count, ready):
    for i in seeds:
        when[i] = 0
    newly = seeds.copy()
    n_new, step = newly.size, 0
    while n_new:
        n_ready = 0
        for m in range(_at(n_new)):
            i = _at(newly[m])
            for at in range(_at(indptr[i]), _at(indptr[i + _at(1)])):
                j = _at(indices[at])
                count[j] += 1
                if count[j] == least[j] and when[j] == NEVER:
                    ready[n_ready] = j
                    n_ready += 1
        step += 1
        newly = ready[:n_ready].copy()
        n_new = n_ready
        for m in range(n_new):
            when[newly[m]] = step
    return step


def threshold(problem: Problem):
    """Keep counters of neighbours who act, and follow only those who just did."""

    def one() -> np.ndarray:
        n = problem["n"]
        when = np.full(n, NEVER, np.int64)
        _cascade(problem["indptr"], problem["indices"], problem["least"], problem["seeds"], when,
                 np.zeros(n, np.int32), np.empty(n, np.int32))  # fmt: skip
        return when

    one()
    return one


@numba.njit(nogil=True)
def _mixed(word):
    """Return a random word by Steele, Lea and Flood's SplitMix64 (2014), without its last bit."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (word ^ (word >> np.uint64(31))) >> np.uint64(1)


@numba.njit(nogil=True)
def _add(indptr, indices, i, one, near):
    """Add one to the counters of somebody's neighbours, or take it away: of 256, 255 is one less than none."""
    for at in range(_at(indptr[i]), _at(indptr[i + _at(1)])):
        near[_at(indices[at])] += one


@numba.njit(nogil=True)
def _epidemic(indptr, indices, seeds, n, p, q, steps, seed):
    golden, more, less = np.uint64(0x9E3779B97F4A7C15), np.uint8(1), np.uint8(255)
    word = _mixed(np.uint64(seed) + golden)
    falls, recovers = np.empty(256, np.uint64), np.uint64(q * 2.0**63)
    for k in range(256):
        falls[k] = np.uint64((1.0 - (1.0 - p) ** k) * 2.0**63)
    near, well = np.zeros(n, np.uint8), np.full(n, 255, np.uint8)
    ill, new = np.empty(n, np.int32), np.empty(n, np.int32)
    n_ill = ever = seeds.size
    for m in range(n_ill):
        ill[m] = seeds[m]
        well[seeds[m]] = 0
        _add(indptr, indices, _at(seeds[m]), more, near)
    for _ in range(steps):
        n_new, stay = 0, 0
        for j in range(_at(n)):
            if near[j] & well[j]:
                word += golden
                new[n_new] = j
                n_new += _mixed(word) < falls[near[j]]
        for m in range(_at(n_ill)):
            word += golden
            if _mixed(word) < recovers:
                _add(indptr, indices, _at(ill[m]), less, near)
            else:
                ill[stay] = ill[m]
                stay += 1
        for m in range(_at(n_new)):
            well[_at(new[m])] = 0
            ill[stay + m] = new[m]
            _add(indptr, indices, _at(new[m]), more, near)
        n_ill = stay + n_new
        ever += n_new
    return ever


def _run(problem: Problem, seed: int) -> int:
    return int(_epidemic(
        problem["indptr"], problem["indices"], problem["seeds"], problem["n"], problem["p"],
        problem["q"], problem["steps"], seed,
    ))  # fmt: skip


def sir(problem: Problem):
    """Keep counters of neighbours who are ill, changed by those who fall ill or recover; one draw for all of them."""
    _run(problem | {"steps": 1}, 0)
    return lambda: _run(problem, 1)


def ensemble(problem: Problem):
    """Run the replicates on two threads, each with a generator of its own."""
    _run(problem | {"steps": 1}, 0)

    def go() -> list[int]:
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(lambda k: _run(problem, k), range(problem["replicates"])))

    return go


if __name__ == "__main__":
    measure({"threshold": threshold, "sir": sir, "ensemble": ensemble})
