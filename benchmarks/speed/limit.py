"""What this machine can do at most, in the same run: copying, gathering, drawing."""

from __future__ import annotations

import json
import sys
from time import perf_counter

import numpy as np

from standfast.kernels._jit import kernel
from standfast.kernels.draws import fill_blocks, fill_uniform, run_key


@kernel
def gather(values, where):
    """Add up values at random places."""
    total = np.uint64(0)
    for k in range(where.size):
        total += values[np.uint64(where[k])]
    return total


@kernel
def blocks(u, key0, key1, step):
    """Draw a block of four words for each of a cacheful of people, again and again."""
    n = u.shape[1]
    for repeat in range(100):
        fill_blocks(u[0], u[1], u[2], u[3], repeat * n, n, key0, key1, step, 1)
    return 100 * n


def best(action, times: int = 5) -> float:
    """Return the least seconds of some repetitions: what the machine can do, not what it usually does."""
    action()
    least = float("inf")
    for _ in range(times):
        began = perf_counter()
        action()
        least = min(least, perf_counter() - began)
    return least


def main() -> None:
    """Print the rates as JSON."""
    rng = np.random.default_rng(1)
    source = np.ones(25_000_000)
    target = np.zeros_like(source)
    copied = best(lambda: np.copyto(target, source))
    rates = {"copy_gb_per_s": 2 * source.nbytes / copied / 1e9}
    for n in (25_000, 250_000, 2_500_000, 25_000_000):
        values, where = np.ones(n, np.uint8), rng.integers(0, n, 4_000_000).astype(np.int32)
        rates[f"gathers_g_per_s_of_{n}"] = (
            where.size / best(lambda v=values, w=where: gather(v, w)) / 1e9
        )
    key0, key1 = run_key(np.uint64(1), 0)
    u = np.empty((4, 2000))
    count = blocks(u, key0, key1, 0)
    rates["draws_g_per_s_in_vectors"] = 4 * count / best(lambda: blocks(u, key0, key1, 0)) / 1e9
    flat = np.empty(1_000_000)
    rates["draws_g_per_s_one_by_one"] = (
        flat.size / best(lambda: fill_uniform(flat, key0, key1, 0, 1)) / 1e9
    )
    sys.stdout.write(json.dumps({name: round(rate, 3) for name, rate in rates.items()}) + "\n")


if __name__ == "__main__":
    main()
