"""Our engine on the problems, with every mechanism off that a problem does not have; no special program."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from measuring import Problem, measure

from standfast.engine.compile import Plan, compile_plan
from standfast.engine.run import Run
from standfast.kernels import status
from standfast.network.layer import layer_from_edges
from standfast.network.ties import Network, build_chain
from standfast.population.people import build_people
from standfast.testing.limits import crowd

SHARP = {
    "decision": {"rate_max": "100 / h", "commitment": 0.0, "spread": 1e-6},
    "comrades": {"peer_phone": 1.0, "peer_squad": 0.0, "peer_company": 0.0, "peer_norm": 0.0,
                 "memory": "1000 y"},
    "belief": {"belief_of_friend": 0.0, "belief_of_departures": 0.0},
}  # fmt: skip
#: the engine's squads and companies; nothing passes within them here, but they are laid out
SCHEME = {"squad": 10, "company": 100, "battalion": 500}
DT = 0.25
THREADS = 2


def tied(scenario, problem: Problem, **traits) -> Plan:
    """Compile a crowd whose phone contacts are the graph, and who have no other ties."""
    people = replace(build_people(scenario, 1), **traits)
    none = np.zeros(0, np.int32)
    nobody = layer_from_edges(people.n_agent, none, none)
    phone = layer_from_edges(people.n_agent, problem["first"].copy(), problem["second"].copy())
    network = Network(phone=phone, kin=nobody, chain=build_chain(people))
    return compile_plan(scenario, 1, people=people, network=network)


def threshold(problem: Problem):
    """Granovetter's and Watts's thresholds: U = share of phone contacts gone - threshold, spread to 0."""
    steps = problem["steps"]
    degree = np.diff(problem["indptr"])
    bound = np.where(degree == 0, 1e3, (problem["least"] - 0.5) / np.maximum(degree, 1))
    bound[problem["seeds"]] = -1.0
    scenario = crowd(problem["n"], on=["M22"], behaviour=SHARP, horizon=f"{steps} h", scheme=SCHEME)
    plan = tied(scenario, problem, deviation=bound.astype(np.float32))
    Run(plan, 1).advance()  # warm: compiled code is loaded
    run = Run(plan, 0)

    def go() -> np.ndarray:
        for _ in range(steps):
            run.advance()
        when = run.arrays["departure_step"]
        return np.where(when < 0, 255, when)

    return go


def epidemic(problem: Problem) -> Plan:
    """Compile news that everybody passes on and forgets: SIR on the phone layer."""
    mean = problem["indices"].size / problem["n"]
    news = {
        "phone_contact_rate": f"{problem['p'] * mean / DT!r} / h",
        "forget_rate": f"{-math.log1p(-problem['q']) / DT!r} / h",
        "contact_growth": 1.0, "squad_contact_rate": "0 / h", "kin_contact_rate": "0 / h",
        "public_contact_rate": "0 / h", "broadcast_rate": "0 / h", "stifle_probability": 0.0,
        "fear_of_alarm": 0.0,
    }  # fmt: skip
    scenario = crowd(
        problem["n"], on=["M01", "M02"], step=f"{DT} h", horizon=f"{problem['steps'] * DT} h",
        behaviour={"information": news, "belief": {"belief_of_alarm": 0.0}, "decision": {"rate_max": "0 / h"}},
        scheme=SCHEME,
    )  # fmt: skip
    return tied(scenario, problem)


def infected(plan: Plan, problem: Problem, replicate: int) -> Run:
    """Return a run at its start, with the seeds spreading the one piece of news."""
    run = Run(plan, replicate)
    state = run.arrays
    state["news_kind"][0], state["news_place"][0], state["news_weight"][0] = status.ALARM, 0, 1.0
    state["heard"][problem["seeds"]] = state["spreading"][problem["seeds"]] = 1
    return run


def _to_the_end(run: Run, steps: int) -> int:
    for _ in range(steps):
        run.advance()
    return int((run.arrays["heard"] | run.arrays["heard_new"]).astype(bool).sum())


def sir(problem: Problem):
    """Run the epidemic once."""
    plan = epidemic(problem)
    infected(plan, problem, 1).advance()
    run = infected(plan, problem, 0)
    return lambda: _to_the_end(run, problem["steps"])


def ensemble(problem: Problem):
    """Run many replicates of the epidemic on two threads, each made when its turn comes."""
    plan = epidemic(problem)
    infected(plan, problem, 1).advance()

    def go() -> list[int]:
        with ThreadPoolExecutor(THREADS) as pool:
            done = [
                pool.submit(lambda k=k: _to_the_end(infected(plan, problem, k), problem["steps"]))
                for k in range(problem["replicates"])
            ]
        return [one.result() for one in done]

    return go


def civil(problem: Problem):
    """Let citizens act by their own grievance, as in Epstein's model without cops."""
    scenario = crowd(
        problem["n"], on=["M20"], horizon=f"{problem['steps']} h", scheme=SCHEME,
        behaviour={"decision": {"rate_max": "100 / h", "commitment": 0.0, "spread": 1e-6,
                                "weight_punishment": 0.0},
                   "comrades": {"memory": "1000 y"}},
    )  # fmt: skip
    commitment = problem["threshold"] - problem["hardship"] * (1.0 - problem["legitimacy"])
    nothing = {"first": np.zeros(0, np.int32), "second": np.zeros(0, np.int32)}
    plan = tied(scenario, nothing, deviation=commitment.astype(np.float32))
    Run(plan, 1).advance()
    run = Run(plan, 0)

    def go() -> np.ndarray:
        for _ in range(problem["steps"]):
            run.advance()
        return (run.arrays["departure_step"] >= 0).astype(np.int64)

    return go


if __name__ == "__main__":
    measure({"threshold": threshold, "sir": sir, "ensemble": ensemble, "civil": civil})
