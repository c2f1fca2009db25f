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
def _epidemic(indptr, indices, seeds, n, p, q, steps, seed):
    np.random.seed(seed)
    state = np.zeros(n, np.uint8)  # 0 well, 1 ill, 2 recovered
    ill = np.empty(n, np.int32)
    new = np.empty(n, np.int32)
    n_ill = seeds.size
    for m in range(n_ill):
        ill[m] = seeds[m]
        state[seeds[m]] = 1
    ever = n_ill
    for _ in range(steps):
        n_new, stay = 0, 0
        for m in range(_at(n_ill)):
            i = _at(ill[m])
            for at in range(_at(indptr[i]), _at(indptr[i + _at(1)])):
                j = _at(indices[at])
                if state[j] == 0 and np.random.random() < p:
                    state[j] = 1
                    new[n_new] = j
                    n_new += 1
        for m in range(n_ill):
            i = ill[m]
            if np.random.random() < q:
                state[i] = 2
            else:
                ill[stay] = i
                stay += 1
        for m in range(n_new):
            ill[stay + m] = new[m]
        n_ill = stay + n_new
        ever += n_new
    return ever


def _run(problem: Problem, seed: int) -> int:
    return int(_epidemic(
        problem["indptr"], problem["indices"], problem["seeds"], problem["n"], problem["p"],
        problem["q"], problem["steps"], seed,
    ))  # fmt: skip


def sir(problem: Problem):
    """Follow only those who are ill."""
    _run(problem | {"steps": 1}, 0)
    return lambda: _run(problem, 1)


def ensemble(problem: Problem):
    """Run the replicates on two threads; each has a generator of its own, as numba gives every thread."""
    _run(problem | {"steps": 1}, 0)

    def go() -> list[int]:
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(lambda k: _run(problem, k), range(problem["replicates"])))

    return go


if __name__ == "__main__":
    measure({"threshold": threshold, "sir": sir, "ensemble": ensemble})
