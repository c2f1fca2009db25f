"""Whole runs of the engine, one measurement a process: a replicate, an ensemble, starting, building, scale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, thread_time

from measuring import peak_mb

BEHIND_EDGES = 4  # bytes an edge's end takes


def replicate(name: str = "mosul-2014") -> dict[str, float]:
    """Run one replicate on one core, after one step of another that loads the compiled code."""
    from standfast.engine.compile import compile_plan
    from standfast.engine.run import Run, run_replicate
    from standfast.scenario.load import load_scenario

    plan = compile_plan(load_scenario(name), 1)
    Run(plan, 1).advance()
    began, worked = perf_counter(), thread_time()
    recording = run_replicate(plan, 0)
    seconds, work = perf_counter() - began, thread_time() - worked
    whole = plan.n_agent * plan.n_step
    return {
        "seconds": seconds, "cpu_s": work, "agent_steps": whole, "ns": seconds / whole * 1e9,
        "asked_steps": recording.agent_steps, "peak_mb": peak_mb(),
    }  # fmt: skip


def build(name: str = "mosul-2014") -> dict[str, float]:
    """Build people and ties of a scenario at full size, once more than what compiles the builder."""
    from standfast.network.ties import build_network
    from standfast.population.people import build_people
    from standfast.scenario.load import load_scenario

    scenario = load_scenario(name)
    for _ in range(2):
        began = perf_counter()
        people = build_people(scenario, 1)
        network = build_network(scenario, people, 1)
        seconds = perf_counter() - began
    edges = network.phone.n_edge + network.kin.n_edge
    return {"seconds": seconds, "people": people.n_agent, "edges": edges, "peak_mb": peak_mb()}


def ensemble(replicates: int, threads: int, name: str = "mosul-2014") -> dict[str, float]:
    """Run an ensemble as `standfast run` does."""
    import standfast as sf

    result = sf.run(name, replicates=replicates, seed=1, threads=threads, progress=False)
    timing = result.summary["timing"]
    return {
        "replicates": replicates,
        "threads": threads,
        "seconds": timing["simulate_s"],
        "peak_mb": peak_mb(),
    }


def scale(n: int) -> dict[str, float]:
    """Build and run for 24 hours the garrison's people, many times over."""
    import standfast as sf
    from standfast.engine.compile import compile_plan
    from standfast.engine.run import Run

    scenario = sf.load("garrison")
    first = next(iter(scenario.forces.values()))
    forces = {
        f"force-{k}": first.model_copy(update={"paper": n // 20, "ghosts": 0.0}) for k in range(20)
    }
    scenario = scenario.model_copy(update={"forces": forces})
    began = perf_counter()
    plan = compile_plan(scenario, 1)
    built = perf_counter() - began
    after_plan = peak_mb()
    run = Run(plan, 0)
    run.advance()
    began, worked = perf_counter(), thread_time()
    steps = 24
    for _ in range(steps):
        run.advance()
    seconds, work = perf_counter() - began, thread_time() - worked
    edges = 2 * (plan.network.phone.n_edge + plan.network.kin.n_edge)
    held = sum(a.nbytes for a in {id(a): a for a in run.arrays.values()}.values())
    return {
        "n": plan.n_agent, "edges": edges // 2, "build_s": built, "seconds": seconds, "cpu_s": work,
        "ns": seconds / steps / plan.n_agent * 1e9, "peak_mb": peak_mb(), "built_mb": after_plan,
        "bytes_an_agent_without_edges": (held - BEHIND_EDGES * edges) / plan.n_agent,
    }  # fmt: skip


def start() -> dict[str, float]:
    """Time starting in fresh processes: import, compiling with an empty cache, first step with a full one."""
    first = (
        "import time; t = time.perf_counter()\n"
        "from standfast.engine.warm import compile_kernels; compile_kernels()\n"
        "print(time.perf_counter() - t)\n"
    )
    imports = (
        "import time; t = time.perf_counter()\nimport standfast\nprint(time.perf_counter() - t)\n"
    )

    def seconds(code: str, **more: str) -> float:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=os.environ | more,
        )  # fmt: skip
        return float(done.stdout)

    with tempfile.TemporaryDirectory() as folder:
        found = {"compile_cold_s": seconds(first, STANDFAST_CACHE=folder)}
        found["first_step_cached_s"] = seconds(first, STANDFAST_CACHE=folder)
    return found | {"import_s": seconds(imports)}


def report() -> dict[str, float]:
    """Time the page of a small result."""
    import standfast as sf
    from standfast.report.page import write_report

    result = sf.run("garrison", replicates=20, seed=1, progress=False)
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        write_report(result, Path(folder) / "page.html")
        return {"seconds": perf_counter() - began}


def work() -> dict[str, int]:
    """Count what a replicate of Mosul 2014 does: living people, steps, edges walked, meetings, departures."""
    from standfast.engine.compile import compile_plan
    from standfast.engine.run import Run
    from standfast.scenario.load import load_scenario

    plan = compile_plan(load_scenario("mosul-2014"), 1)
    run = Run(plan, 0)
    counts = {"ties": 0, "news": 0}
    by_name = {name: (kernel, values, varying) for name, kernel, values, varying in run.calls}

    def counted(name):
        kernel = by_name[name][0]

        def call(*values):
            done = kernel(*values)
            counts[name] += int(done)
            return done

        return call

    run.calls = [
        (name, counted(name) if name in counts else kernel, values, varying)
        for name, kernel, values, varying in run.calls
    ]
    left = 0
    for _ in range(plan.n_step):
        run.advance()
        left += int(run.arrays["n_departed"][0])
    living = int((plan.people.ghost == 0).sum())
    return {
        "living": living, "steps": plan.n_step, "edges": counts["ties"], "meetings": counts["news"],
        "departures": left,
    }  # fmt: skip


KINDS = {
    "work": work,
    "replicate": replicate,
    "build": build,
    "ensemble": ensemble,
    "scale": scale,
    "start": start,
    "report": report,
}

if __name__ == "__main__":
    kind, *numbers = sys.argv[1:]
    sys.stdout.write(json.dumps(KINDS[kind](*(int(x) for x in numbers))) + "\n")
