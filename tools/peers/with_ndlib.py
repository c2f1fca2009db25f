"""NDlib: threshold cascades and SIR on networks that the engine is given too.

`ThresholdModel.iteration` reads the statuses of the step before and writes a copy: synchronous. Whoever
is quiet acts if the share of his neighbours who act is at least his threshold, and stays so; somebody
without neighbours never does. Iteration 0 reports the seeds.

`SIRModel.iteration` is synchronous too: everybody infected at the start of a step infects each
susceptible neighbour with probability beta, each tie on its own, and then recovers with probability
gamma, so that he may infect in the step in which he recovers, and nobody recovers in the step in
which he is infected.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
from keeping import keep
from ndlib.models.epidemics import SIRModel, ThresholdModel
from ndlib.models.ModelConfig import Configuration
from networks import off_fractions, order, poisson, two_kinds, uniforms

PEOPLE, SEED_SETS, STEPS, NEVER = 2000, 12, 60, 255
PACKAGES = ("ndlib", "networkx", "numpy")
LAWS = {
    "window": "poisson(11, 2000, 5.2)",
    "normal": "poisson(12, 2000, 6.0)",
    "two_kinds": "two_kinds(13, 2000, 2, 10)",
}
RULE = {
    "threshold": "synchronous; acts if the share of neighbours who act >= threshold; for good",
    "sir": "synchronous; within a step those infected first infect, each tie on its own, then recover",
}


def graph_of(edges: np.ndarray) -> nx.Graph:
    """Return a networkx graph of everybody, those without ties included."""
    graph = nx.Graph()
    graph.add_nodes_from(range(PEOPLE))
    graph.add_edges_from(edges.tolist())
    return graph


def normal(key: int, mean: float, spread: float) -> np.ndarray:
    """Return nearly normal numbers, sums of twelve uniforms, kept between 0.01 and 1."""
    sums = uniforms(key, 12 * PEOPLE).reshape(PEOPLE, 12).sum(axis=1) - 6.0
    return np.clip(mean + spread * sums, 0.01, 1.0)


def cascade(graph: nx.Graph, threshold: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Return for everybody the step in which he acts; 255 for never."""
    model = ThresholdModel(graph, seed=0)
    settings = Configuration()
    settings.add_model_initial_configuration("Infected", seeds.tolist())
    for person, bound in enumerate(threshold.tolist()):
        settings.add_node_configuration("threshold", person, bound)
    model.set_initial_status(settings)
    when = np.full(PEOPLE, NEVER, dtype=np.uint8)
    for told in model.iteration_bunch(STEPS):
        new = [person for person, status in told["status"].items() if status == 1]
        when[new] = np.minimum(when[new], told["iteration"])
    return when


def thresholds() -> None:
    """Cascades of three kinds, from several sets of seeds each."""
    even = np.full(PEOPLE, 0.18)
    two = two_kinds(13, PEOPLE, 2, 10)
    many = np.bincount(two.ravel(), minlength=PEOPLE) > 4
    cases = {
        "window": (poisson(11, PEOPLE, 5.2), even, 1),
        "normal": (poisson(12, PEOPLE, 6.0), normal(22, 0.325, 0.14), 20),
        "two_kinds": (two, np.where(many, 0.14, 0.6), 24),
    }
    for number, (name, (edges, wanted, n_seed)) in enumerate(cases.items()):
        bounds = off_fractions(wanted, edges, 1e-4)
        graph = graph_of(edges)
        seeds = np.array(
            [order(1000 + 100 * number + k, PEOPLE)[:n_seed] for k in range(SEED_SETS)]
        )
        when = np.array([cascade(graph, bounds, row) for row in seeds])
        print(name, (when < NEVER).mean(axis=1).round(3).tolist(), when[when < NEVER].max())
        keep(
            f"ndlib-threshold-{name.replace('_', '-')}",
            script="with_ndlib.py",
            packages=PACKAGES,
            says="Step in which everybody acts in a threshold cascade on a network, 255 for never.",
            rule=RULE["threshold"],
            problem={
                "people": PEOPLE, "seeds": n_seed, "seed_sets": SEED_SETS, "steps": STEPS,
                "network": LAWS[name],
                "keys_of_seeds": f"{1000 + 100 * number} to {999 + 100 * number + SEED_SETS}",
            },
            arrays={
                "edges": edges.astype(np.uint16), "threshold": bounds, "seeds": seeds.astype(np.uint16),
                "when": when,
            },
        )  # fmt: skip


def epidemic(
    graph: nx.Graph, seeds: list[int], beta: float, gamma: float, run: int
) -> list[list[int]]:
    """Return the numbers susceptible and infected after every step, until nobody is infected."""
    model = SIRModel(graph, seed=run)
    settings = Configuration()
    settings.add_model_parameter("beta", beta)
    settings.add_model_parameter("gamma", gamma)
    settings.add_model_initial_configuration("Infected", seeds)
    model.set_initial_status(settings)
    series = []
    while not series or series[-1][1]:
        count = model.iteration(node_status=False)["node_count"]
        series.append([count[0], count[1]])
    return series


def sir() -> None:
    """Epidemics in steps of a quarter of an hour, from a twentieth of the people."""
    edges = two_kinds(13, PEOPLE, 2, 10)
    graph = graph_of(edges)
    step, tau, gamma, runs = 0.25, 0.3 / 7.0, 0.1, 160
    each = {"beta": tau * step, "gamma": gamma * step / (1.0 - tau * step)}
    seeds = order(31, PEOPLE)[:20].tolist()
    hours = np.arange(0, 121, 10)
    ever, ill, final = [], [], []
    for run in range(runs):
        series = np.array(epidemic(graph, seeds, each["beta"], each["gamma"], run))
        at = np.minimum((hours / step).astype(int), len(series) - 1)
        ever.append(PEOPLE - series[at, 0])
        ill.append(series[at, 1])
        final.append(PEOPLE - series[-1, 0])
    print("sir", np.mean(ever, axis=0).round(1).tolist(), np.mean(final), np.std(final))
    keep(
        "ndlib-sir",
        script="with_ndlib.py",
        packages=PACKAGES,
        says="Ever infected and infected by hour, and at the end, of SIR on a network in steps.",
        rule=RULE["sir"],
        problem={
            "people": PEOPLE, "network": LAWS["two_kinds"], "step_h": step, "tau_per_h": tau, "gamma_per_h": gamma, **each,
            "runs": runs, "run_seeds": "0 to runs - 1, as numpy's global seed",
        },
        arrays={
            "edges": edges.astype(np.uint16), "seeds": np.array(seeds, np.uint16), "hours": hours,
            "ever": np.array(ever, np.uint16), "ill": np.array(ill, np.uint16),
            "final": np.array(final, np.uint16),
        },
    )  # fmt: skip


if __name__ == "__main__":
    thresholds()
    sir()
