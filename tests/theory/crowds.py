"""Crowds with thresholds and ties of one's own, run by the production engine.

In a crowd of thresholds U = w S - a with the spread of U next to nothing: who has a <= w S, S the
share gone of those he sees, leaves within the step, and stays away; nothing is forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.compile import Plan, compile_plan
from standfast.network.layer import Layer, layer_from_edges
from standfast.network.ties import Network
from standfast.population.people import build_people
from standfast.testing.limits import crowd

if TYPE_CHECKING:
    from standfast.engine.run import Run

#: weight of the share gone: as high as the engine allows, for the finest threshold
WEIGHT = 40.0
#: spread of U at which somebody under his threshold never leaves, and somebody at it does at once
SHARP = 1e-7
FOR_EVER = "1000 y"


def sharp(peers: str, **more: float) -> dict[str, dict[str, Any]]:
    """Return the behaviour of a crowd of thresholds that looks at one kind of peers."""
    return {
        "decision": {"rate_max": "100 / h", "spread": SHARP, "commitment": 0.0},
        "comrades": {"peer_squad": 0.0, "peer_company": 0.0, "memory": FOR_EVER, "peer_norm": 0.0}
        | {peers: WEIGHT}
        | more,
    }


def companies(size: int, number: int, squad: int | None = None) -> dict[str, int]:
    """Return a unit scheme of companies that are crowds of their own."""
    return {"squad": squad or size, "company": size, "battalion": size * number}


def run_until_calm(run: Run, most: int = 100_000) -> int:
    """Advance until a step in which nobody leaves; return the number of steps before that one."""
    for step in range(most):
        run.advance()
        if run.arrays["n_departed"][0] == 0:
            return step
    msg = f"people still leave after {most} steps"
    raise AssertionError(msg)


def gone(run: Run) -> np.ndarray:
    """Return who has left, agent by agent."""
    left: np.ndarray = run.arrays["departure_step"] >= 0
    return left


def plan_of(
    number: int, thresholds: np.ndarray | None, behaviour: dict[str, dict[str, Any]], *,
    on: tuple[str, ...] = ("M22",), scheme: dict[str, int] | None = None,
    phone: Layer | None = None, kin: Layer | None = None, **settings: Any,
) -> Plan:  # fmt: skip
    """Compile a crowd whose people have commitments and ties of their own.

    Parameters
    ----------
    thresholds : (n,) float64
        Commitment beyond the common one, in units of U; None: as the engine draws it.
    phone, kin
        Ties; none by default.
    """
    scenario = crowd(number, on=on, behaviour=behaviour, scheme=scheme, **settings)
    people = build_people(scenario, 1)
    own = {"squad_cohesion": np.ones_like(people.squad_cohesion)}
    if thresholds is not None:
        own["deviation"] = np.asarray(thresholds, dtype=np.float32)
    people = replace(people, **own)
    none = layer_from_edges(number, np.empty(0, np.int32), np.empty(0, np.int32))
    network = Network(phone=phone or none, kin=kin or none, chain=none)
    return compile_plan(scenario, 1, people=people, network=network)


# --- layers ---------------------------------------------------------------------------------------


def layer_of(number: int, first: np.ndarray, second: np.ndarray) -> Layer:
    """Return a layer of ties given in any order, without loops and with each tie once."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    pair = np.unique(low[low != high].astype(np.int64) * number + high[low != high])
    return layer_from_edges(
        number, (pair // number).astype(np.int32), (pair % number).astype(np.int32)
    )


def poisson_ties(means: np.ndarray, size: int, seed: int) -> Layer:
    """Return ties at random (Erdos and Renyi) within blocks of `size` people, of a mean number each."""
    rng = np.random.default_rng(seed)
    edges = rng.poisson(0.5 * means * (size - 1))
    block = np.repeat(np.arange(means.size), edges) * size
    first, second = rng.integers(0, size, (2, block.size))
    return layer_of(means.size * size, first + block, second + block)


def ring(size: int, degree: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the ties of a ring, everybody tied to the `degree` next to him, as pairs."""
    at = np.arange(size)
    steps = range(1, degree // 2 + 1)
    return np.tile(at, len(steps)), np.concatenate([(at + step) % size for step in steps])


def moore_torus(side: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the ties of a square grid that closes on itself, everybody tied to eight around."""
    row, column = np.divmod(np.arange(side * side), side)
    steps = ((0, 1), (1, -1), (1, 0), (1, 1))
    other = [((row + r) % side) * side + (column + c) % side for r, c in steps]
    return np.tile(np.arange(side * side), len(steps)), np.concatenate(other)


def side_by_side(
    parts: list[tuple[np.ndarray, np.ndarray]], size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ties of several blocks of people beside one another."""
    first = [a + k * size for k, (a, _) in enumerate(parts)]
    second = [b + k * size for k, (_, b) in enumerate(parts)]
    return np.concatenate(first), np.concatenate(second)


def rewire(
    first: np.ndarray, second: np.ndarray, share: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Swap the ends of a share of ties at random, so that everybody keeps his number of ties.

    Ties that would join somebody to himself, or the same two again, stay as they are.
    """
    rng = np.random.default_rng(seed)
    first, second = first.copy(), second.copy()
    known = {frozenset(pair) for pair in zip(first.tolist(), second.tolist(), strict=True)}
    order = rng.permutation(first.size)[: round(share * first.size) // 2 * 2]
    for e, f in order.reshape(-1, 2):
        a, b, c, d = int(first[e]), int(second[e]), int(first[f]), int(second[f])
        new = {frozenset((a, d)), frozenset((c, b))}
        if min(map(len, new)) < 2 or len(new) < 2 or new & known:
            continue
        known -= {frozenset((a, b)), frozenset((c, d))}
        known |= new
        second[e], second[f] = d, b
    return first, second
