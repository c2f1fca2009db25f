"""EoN: SIR in continuous time on the network that NDlib and the engine are given too.

`fast_SIR` draws an exponential duration (rate gamma) for everybody infected, and for each tie to somebody
still susceptible whether and when he infects him within it (rate tau): the event-driven algorithm of
Kiss, Miller and Simon (2017), appendix A. There are no steps, so nothing depends on an order in them.

A program in steps of dt agrees with it where one step infects along a tie with chance tau dt and ends
with chance gamma dt / (1 - tau dt): the chance that a tie ever infects is then tau / (tau + gamma), and the
mean time until it does 1 / (tau + gamma), both as here.
"""

from __future__ import annotations

import EoN
import networkx as nx
import numpy as np
from keeping import keep
from networks import order, two_kinds

PEOPLE = 2000
TAU, GAMMA = 0.3 / 7.0, 0.1
HOURS = np.arange(0, 121, 10)


def graph_and_edges() -> tuple[nx.Graph, np.ndarray]:
    """Return half with two ties and half with ten."""
    edges = two_kinds(13, PEOPLE, 2, 10)
    graph = nx.Graph()
    graph.add_nodes_from(range(PEOPLE))
    graph.add_edges_from(edges.tolist())
    return graph, edges


def epidemics(seeds: list[int], runs: int, key: int) -> dict[str, np.ndarray]:
    """Return ever infected and infected by hour, and ever infected at the end, of each run."""
    graph, _ = graph_and_edges()
    ever, ill, final = [], [], []
    for run in range(runs):
        rng = np.random.default_rng([key, run])
        times, well, infected, _ = EoN.fast_SIR(graph, TAU, GAMMA, initial_infecteds=seeds, rng=rng)
        at = np.searchsorted(times, HOURS, side="right") - 1
        ever.append(PEOPLE - well[at])
        ill.append(infected[at])
        final.append(PEOPLE - well[-1])
    return {
        "ever": np.array(ever, np.uint16),
        "ill": np.array(ill, np.uint16),
        "final": np.array(final, np.uint16),
    }


def main() -> None:
    """Epidemics from twenty people, and from one."""
    _, edges = graph_and_edges()
    degree = np.bincount(edges.ravel(), minlength=PEOPLE)
    twenty = order(31, PEOPLE)[:20].tolist()
    one = [int(np.flatnonzero(degree == 10)[0])]
    for name, seeds, runs, key in (("twenty", twenty, 1000, 41), ("one", one, 2000, 42)):
        found = epidemics(seeds, runs, key)
        large = found["final"] > PEOPLE / 10
        print(name, found["ever"].mean(axis=0).round(1).tolist(), large.mean(), found["final"][large].mean())  # fmt: skip
        by_hour = found if name == "twenty" else {"final": found["final"]}
        keep(
            f"eon-sir-{name}",
            script="with_eon.py",
            packages=("EoN", "networkx", "numpy", "scipy"),
            says="Ever infected and infected by hour, and at the end, of SIR in continuous time.",
            rule="event-driven; exponential durations, rate tau along each tie; no steps",
            problem={
                "people": PEOPLE, "network": "two_kinds(13, 2000, 2, 10)", "tau_per_h": TAU, "gamma_per_h": GAMMA, "runs": runs,
                "run_seeds": f"numpy.random.default_rng([{key}, run])",
            },
            arrays={
                "edges": edges.astype(np.uint16), "seeds": np.array(seeds, np.uint16), "hours": HOURS,
                **by_hour,
            },
        )  # fmt: skip


if __name__ == "__main__":
    main()
