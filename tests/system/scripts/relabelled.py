"""Run forces listed in another order, each person, company and battalion keeping his draws.

Started by `test_relabelled.py` with NUMBA_DISABLE_JIT=1, so that draws can be led to whom they belong;
a first argument "own" leaves draws with the positions instead. Prints the names of arrays in
which the runs differ, after undoing the other order, and how many people left.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import warnings

import numpy as np

from standfast import kernels
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.engine.state import FIELDS
from standfast.kernels import draws
from standfast.network.layer import Layer
from standfast.network.ties import Network
from standfast.testing.proving_ground import proving_ground

SMALL = {
    "time.horizon": "18 h", "behaviour.decision.commitment": 5.0, "events.leak.at": "1 h",
    "events.assault.at": "3 h", "events.assault.fighters": 20, "events.stand.at": "4 h",
    "events.alarm.at": "5 h", "events.storm.at": "8 h", "events.go.at": "9 h", "events.home.at": "10 h",
    "forces.port-brigade.paper": 90, "forces.ford-police.paper": 60, "forces.fort-brigade.paper": 30,
}  # fmt: skip
#: one force a place: of two at one place, sums would be taken in another order
ORDER = ("port-brigade", "ford-police", "fort-brigade")
OTHER = ("fort-brigade", "port-brigade", "ford-police")
AGENT, COMPANY, BATTALION = (1, 2, 3, 8), (5,), (4,)


def scenario_of(order):
    base = proving_ground(SMALL)
    forces = {slug: base.forces[slug].model_dump(mode="json") for slug in order}
    return base.with_({"forces": forces})


def moved(sizes, order, other):
    """Return for each new number of an agent or unit the old one; `sizes` is by force."""
    first = dict(zip(order, np.cumsum([0, *(sizes[x] for x in order)]), strict=False))
    return np.concatenate([first[x] + np.arange(sizes[x]) for x in other])


def old_numbers(people):
    """Return old numbers by new ones, of agents, squads, companies and battalions."""
    force = people.force
    by_agent = {slug: int((force == k).sum()) for k, slug in enumerate(ORDER)}
    found = {"agent": moved(by_agent, ORDER, OTHER)}
    for name in ("squad", "company", "battalion"):
        of_unit = force[getattr(people, f"{name}_start")[:-1]]
        sizes = {slug: int((of_unit == k).sum()) for k, slug in enumerate(ORDER)}
        found[name] = moved(sizes, ORDER, OTHER)
    return found


def relabelled(layer, old):
    """Return a layer by new numbers; the order within a row is kept, as picks are by position."""
    new = np.argsort(old)
    rows = [new[layer.neighbours(i)] for i in old.tolist()]
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return Layer(indptr.astype(np.int32), np.concatenate(rows).astype(np.int32))


def old_index(old, index, purpose):
    """Return the old number of whom a draw is for."""
    for dimension, purposes in (("agent", AGENT), ("company", COMPANY), ("battalion", BATTALION)):
        if purpose in purposes:
            return old[dimension][index]
    if purpose == draws.EVENT and index // 1_000_000 in (1, 2) and index % 1_000_000 < 100:
        return index // 1_000_000 * 1_000_000 + old["battalion"][index % 1_000_000]
    return index


def lead_draws(old):
    """Let every draw be that of the old number of whom it is for."""
    block, fill_uniform = draws.block, draws.fill_uniform

    def led(key0, key1, index, step, purpose, partner=0):
        return block(key0, key1, int(old_index(old, index, purpose)), step, purpose, partner)

    def fill_blocks(u0, u1, u2, u3, first, n, key0, key1, step, purpose):
        for i in range(n):
            u0[i], u1[i], u2[i], u3[i] = led(key0, key1, first + i, step, purpose)

    def fill_listed(u0, u1, u2, u3, listed, partners, n, key0, key1, step, purpose):
        for m in range(n):
            of = (int(listed[m]), step, purpose, int(partners[m]))
            u0[m], u1[m], u2[m], u3[m] = led(key0, key1, *of)

    def fill(out, key0, key1, step, purpose):
        drawn = np.empty_like(out)
        draws.block = block
        fill_uniform(drawn, key0, key1, step, purpose)
        draws.block = led
        out.reshape(-1, old["agent"].size)[:] = drawn.reshape(-1, old["agent"].size)[
            :, old["agent"]
        ]

    patched = {"block": led, "fill_blocks": fill_blocks, "fill_listed": fill_listed}
    for found in pkgutil.iter_modules(kernels.__path__):
        module = importlib.import_module(f"standfast.kernels.{found.name}")
        for name, function in patched.items():
            if hasattr(module, name):
                setattr(module, name, function)
    draws.fill_uniform = fill


def states(run):
    """Return every array of the state by name at each step."""
    found = []
    for _ in range(run.plan.n_step):
        run.advance()
        arrays = {name: run.arrays[name].copy() for name in FIELDS}
        totals = ("count", "departures", "cause", "resolute")
        found.append(arrays | {name: run.arrays[name].copy() for name in totals})
    return found


def main(mode):
    # 64-bit words wrap on purpose in the generator; interpreted, numpy warns of it
    warnings.filterwarnings("ignore", message="overflow encountered", category=RuntimeWarning)
    plan = compile_plan(scenario_of(ORDER), 1)
    old = old_numbers(plan.people)
    ties = plan.network
    wired = Network(*(relabelled(x, old["agent"]) for x in (ties.phone, ties.kin, ties.chain)))
    usual = states(Run(plan, 0))
    if mode != "own":
        lead_draws(old)
    other = states(Run(compile_plan(scenario_of(OTHER), 1, network=wired), 0))
    differ = set()
    for before, after in zip(usual, other, strict=True):
        for name, array in before.items():
            dimension = FIELDS[name].dimension if name in FIELDS else ""
            expected = array[old[dimension]] if dimension in old else array
            if expected.tobytes() != after[name].tobytes():
                differ.add(name)
    left = int(usual[-1]["departures"].sum())
    sys.stdout.write(json.dumps({"differ": sorted(differ), "left": left}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
