"""The problems that all programs are given: one random graph and one rule, made by counting.

`threshold`: somebody acts from the step after the one in which at least `least` of his neighbours act; a
given few act in step 0; until nobody changes. `sir`: in each of 100 steps whoever is ill infects each
neighbour who is well with chance p, and then recovers with chance q.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from measuring import Problem

sys.path.insert(0, str(Path(__file__).parents[2] / "tools" / "peers"))

from networks import order, uniforms

MEAN_DEGREE = 12
INFECTS, RECOVERS, SIR_STEPS = 0.02, 0.1, 100
SEEDED = 0.002


def graph(n: int) -> Problem:
    """Return a graph of Poisson degrees as the rows of its neighbours."""
    wanted = n * MEAN_DEGREE // 2
    ends = (uniforms(71, 2 * wanted) * n).astype(np.int64).reshape(-1, 2)
    ends = np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
    pairs = np.unique(ends[:, 0] * n + ends[:, 1])
    first, second = pairs // n, pairs % n
    rows, columns = np.concatenate([first, second]), np.concatenate([second, first])
    sorting = np.argsort(rows * n + columns, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))])
    return {
        "n": n, "indptr": indptr.astype(np.int64), "indices": columns[sorting].astype(np.int32),
        "first": first.astype(np.int32), "second": second.astype(np.int32),
    }  # fmt: skip


def threshold(n: int) -> Problem:
    """Return the cascade: bounds nearly normal around a third of one's neighbours."""
    problem = graph(n)
    degree = np.diff(problem["indptr"])
    sums = uniforms(72, 12 * n).reshape(n, 12).sum(axis=1) - 6.0
    share = np.clip(0.26 + 0.1 * sums, 0.01, 1.0)
    least = np.maximum(np.ceil(share * degree), 1).astype(np.int32)
    problem["least"] = np.where(degree == 0, 2**30, least).astype(np.int32)
    problem["seeds"] = np.sort(order(73, n)[: max(1, round(10 * SEEDED * n))]).astype(np.int32)
    problem["steps"] = len(waves(problem))
    return problem


def sir(n: int) -> Problem:
    """Return the epidemic: about two infected by each at first."""
    problem = graph(n)
    problem["seeds"] = np.sort(order(73, n)[: max(1, round(SEEDED * n))]).astype(np.int32)
    return problem | {"p": INFECTS, "q": RECOVERS, "steps": SIR_STEPS}


def waves(problem: Problem) -> list[int]:
    """Return how many act newly in each step, by the plainest program; the last step brings nobody."""
    acting = np.zeros(problem["n"], dtype=bool)
    acting[problem["seeds"]] = True
    found = [int(acting.sum())]
    while found[-1]:
        count = np.add.reduceat(
            np.append(acting[problem["indices"]], False).astype(np.int32),
            np.minimum(problem["indptr"][:-1], problem["indices"].size),
        )
        count[np.diff(problem["indptr"]) == 0] = 0
        new = ~acting & (count >= problem["least"])
        acting |= new
        found.append(int(new.sum()))
    return found


MAKERS = {"threshold": threshold, "sir": sir}


def problem_file(kind: str, n: int, folder: Path) -> Path:
    """Return the file of a problem, made when it is not there yet."""
    path = folder / f"{kind}-{n}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(path, **MAKERS[kind](n))
    return path
