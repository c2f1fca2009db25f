"""The other programs on the same problems: what a good user of each writes; run by .venv-peers."""

from __future__ import annotations

import numpy as np
from measuring import Problem, measure
from persons import (
    PROCESSES,
    agentpy_sir,
    agentpy_threshold,
    mesa_batch,
    mesa_citizens,
    mesa_civil,
    mesa_sir,
    mesa_threshold,
)

NEVER = 255


def csr_of(problem: Problem):
    """Return the graph as a scipy matrix."""
    from scipy.sparse import csr_array

    ones = np.ones(problem["indices"].size, dtype=np.float32)
    shape = (problem["n"], problem["n"])
    return csr_array((ones, problem["indices"], problem["indptr"]), shape=shape)


def scipy_threshold(problem: Problem):
    """Count the neighbours who act by a product with the matrix of ties."""
    ties, least = csr_of(problem), problem["least"]

    def go() -> np.ndarray:
        when = np.full(problem["n"], NEVER)
        when[problem["seeds"]] = 0
        for step in range(1, problem["steps"]):
            count = ties @ (when < NEVER).astype(np.float32)
            when[(when == NEVER) & (count >= least)] = step
        return when

    return go


def scipy_sir(problem: Problem):
    """Draw for everybody who is well against the chance that none of his ill neighbours infects him."""
    ties, rng = csr_of(problem), np.random.default_rng(1)

    def go() -> int:
        ill = np.zeros(problem["n"], dtype=bool)
        ill[problem["seeds"]] = True
        ever = ill.copy()
        for _ in range(problem["steps"]):
            count = ties @ ill.astype(np.float32)
            new = ~ever & (rng.random(ill.size) < 1.0 - (1.0 - problem["p"]) ** count)
            ill &= rng.random(ill.size) >= problem["q"]
            ill |= new
            ever |= new
        return int(ever.sum())

    return go


def scipy_ensemble(problem: Problem):
    """Run the replicates one after the other."""
    return lambda: [scipy_sir(problem)() for _ in range(problem["replicates"])]


def jax_threshold(problem: Problem):
    """Compile a step of gathers and segment sums for the CPU."""
    import jax
    import jax.numpy as jnp

    n = problem["n"]
    rows = jnp.asarray(np.repeat(np.arange(n), np.diff(problem["indptr"])))
    columns, least = jnp.asarray(problem["indices"]), jnp.asarray(problem["least"])

    @jax.jit
    def cascade(when):
        def body(step, when):
            acting = (when < NEVER).astype(jnp.int32)
            count = jax.ops.segment_sum(
                acting[columns], rows, num_segments=n, indices_are_sorted=True
            )
            return jnp.where((when == NEVER) & (count >= least), step, when)

        return jax.lax.fori_loop(1, problem["steps"], body, when)

    start = np.full(n, NEVER)
    start[problem["seeds"]] = 0
    ready = jnp.asarray(start)
    cascade(ready).block_until_ready()
    return lambda: np.asarray(cascade(ready).block_until_ready())


def jax_sir(problem: Problem):
    """Compile the epidemic for the CPU."""
    import jax
    import jax.numpy as jnp

    n = problem["n"]
    rows = jnp.asarray(np.repeat(np.arange(n), np.diff(problem["indptr"])))
    columns = jnp.asarray(problem["indices"])
    start = jnp.zeros(n, dtype=bool).at[jnp.asarray(problem["seeds"])].set(True)

    @jax.jit
    def epidemic(key):
        def body(step, state):
            ill, ever = state
            count = jax.ops.segment_sum(
                ill.astype(jnp.int32)[columns], rows, num_segments=n, indices_are_sorted=True
            )
            first, second = jax.random.split(jax.random.fold_in(key, step))
            new = ~ever & (jax.random.uniform(first, (n,)) < 1.0 - (1.0 - problem["p"]) ** count)
            ill = ill & (jax.random.uniform(second, (n,)) >= problem["q"])
            return ill | new, ever | new

        return jax.lax.fori_loop(0, problem["steps"], body, (start, start))[1].sum()

    epidemic(jax.random.key(0)).block_until_ready()
    return lambda: int(epidemic(jax.random.key(1)).block_until_ready())


def nx_graph(problem: Problem):
    """Return the graph as networkx has it."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(problem["n"]))
    graph.add_edges_from(zip(problem["first"].tolist(), problem["second"].tolist(), strict=True))
    return graph


def ndlib_threshold(problem: Problem):
    """NDlib's ThresholdModel."""
    from ndlib.models.epidemics import ThresholdModel
    from ndlib.models.ModelConfig import Configuration

    model, settings = ThresholdModel(nx_graph(problem), seed=0), Configuration()
    settings.add_model_initial_configuration("Infected", problem["seeds"].tolist())
    degree = np.maximum(np.diff(problem["indptr"]), 1)
    for person, bound in enumerate(((problem["least"] - 0.5) / degree).tolist()):
        settings.add_node_configuration("threshold", person, min(bound, 2.0))
    model.set_initial_status(settings)

    def go() -> np.ndarray:
        when = np.full(problem["n"], NEVER)
        for _ in range(problem["steps"]):
            told = model.iteration()
            new = [person for person, status in told["status"].items() if status == 1]
            when[new] = np.minimum(when[new], told["iteration"])
        return when

    return go


def ndlib_sir(problem: Problem):
    """NDlib's SIRModel."""
    from ndlib.models.epidemics import SIRModel
    from ndlib.models.ModelConfig import Configuration

    model, settings = SIRModel(nx_graph(problem), seed=1), Configuration()
    settings.add_model_parameter("beta", problem["p"])
    settings.add_model_parameter("gamma", problem["q"])
    settings.add_model_initial_configuration("Infected", problem["seeds"].tolist())
    model.set_initial_status(settings)

    def go() -> int:
        counts = {}
        for _ in range(problem["steps"] + 1):
            counts = model.iteration()["node_count"]
        return int(problem["n"] - counts[0])

    return go


def eon_sir(problem: Problem):
    """EoN's event-driven SIR in continuous time, with the rates of the same chance along a tie."""
    import EoN

    graph = nx_graph(problem)
    tau, rng = problem["p"], np.random.default_rng(1)
    gamma = problem["q"] * (1.0 - tau)

    def go() -> int:
        _, well, _, _ = EoN.fast_SIR(
            graph,
            tau,
            gamma,
            initial_infecteds=problem["seeds"].tolist(),
            tmax=problem["steps"],
            rng=rng,
        )
        return int(problem["n"] - well[-1])

    return go


def cynetdiff_threshold(problem: Problem):
    """CyNetDiff's linear threshold model, each neighbour weighing one over their number."""
    from cynetdiff.models import LinearThresholdModel

    degree = np.maximum(np.diff(problem["indptr"]), 1)
    # an edge points from who acts to who is moved; influence is by the one who is moved
    influence = (1.0 / degree[problem["indices"]]).astype(np.float32)
    bounds = np.minimum((problem["least"] - 0.5) / degree, 2.0).astype(np.float32)
    starts = problem["indptr"][:-1].astype(np.uint32)
    model = LinearThresholdModel(starts, problem["indices"].astype(np.uint32), influence=influence)
    model.set_seeds(problem["seeds"].tolist())
    model._assign_thresholds(bounds)  # the only way to thresholds that are not drawn

    def go() -> np.ndarray:
        when = np.full(problem["n"], NEVER)
        when[problem["seeds"]] = 0
        for step in range(1, problem["steps"]):
            model.advance_model()
            when[list(model.get_newly_activated_nodes())] = step
        return when

    return go


def starsim_model(problem: Problem, seed: int = 1):
    """Return Starsim's SIR on a network given edge by edge, with an exponential time to recovery."""
    import starsim as ss

    class Ties(ss.Network):
        def step(self):
            """Ties stay as they are."""

    ties = Ties(
        p1=problem["first"].astype(ss.dtypes.int), p2=problem["second"].astype(ss.dtypes.int),
        beta=np.ones(problem["first"].size, dtype=ss.dtypes.float), label="ties",
    )  # fmt: skip
    first = np.zeros(problem["n"], dtype=bool)
    first[problem["seeds"]] = True

    def seeded(self, sim, uids):  # it asks for these names
        del self, sim
        return first[uids]

    # whoever is infected infects first a step later, and no more in the step in which he recovers
    day, mean = ss.days(1.0), ss.days(-1.0 / np.log1p(-problem["q"]))
    disease = ss.SIR(
        beta=ss.probperday(problem["p"]), p_death=0, dur_inf=ss.expon(loc=day, scale=mean),
        init_prev=ss.bernoulli(p=seeded),
    )  # fmt: skip
    return ss.Sim(
        n_agents=problem["n"], networks=ties, diseases=disease, dt=ss.days(1), start=0,
        dur=ss.days(problem["steps"]), rand_seed=seed, verbose=0,
    )  # fmt: skip


def starsim_sir(problem: Problem):
    """Run Starsim's simulation once."""
    sim = starsim_model(problem)
    sim.init()

    def go() -> int:
        sim.run()
        return int((~sim.diseases.sir.susceptible).sum())

    return go


def starsim_batch(problem: Problem):
    """Starsim's own parallel runs, on two processes."""
    import starsim as ss

    sims = [starsim_model(problem, seed) for seed in range(problem["replicates"])]

    def go() -> list[int]:
        done = ss.parallel(sims, n_cpus=PROCESSES)
        return [int((~sim.diseases.sir.susceptible).sum()) for sim in done.sims]

    return go


if __name__ == "__main__":
    measure({
        "mesa_civil": mesa_civil, "mesa_citizens": lambda problem: lambda: mesa_citizens(problem),
        "scipy_threshold": scipy_threshold, "scipy_sir": scipy_sir, "scipy_ensemble": scipy_ensemble,
        "jax_threshold": jax_threshold, "jax_sir": jax_sir, "ndlib_threshold": ndlib_threshold,
        "ndlib_sir": ndlib_sir, "eon_sir": eon_sir, "mesa_threshold": mesa_threshold,
        "mesa_sir": mesa_sir, "mesa_batch": mesa_batch, "starsim_batch": starsim_batch, "agentpy_threshold": agentpy_threshold,
        "agentpy_sir": agentpy_sir,
        "cynetdiff_threshold": cynetdiff_threshold, "starsim_sir": starsim_sir,
    })  # fmt: skip
