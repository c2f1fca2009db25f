"""Count, interpreted, what a small run does: draws, people looked at one by one, edges, meetings.

Started by `test_counted_work.py` with NUMBA_DISABLE_JIT=1; a first argument plants a wasteful fault. Prints
the counts as JSON.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import warnings
from collections import Counter

from standfast import kernels
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.kernels import agents, draws, status
from standfast.testing.proving_ground import proving_ground

SMALL = {
    "time.horizon": "18 h", "behaviour.decision.commitment": 5.0, "events.leak.at": "1 h",
    "events.assault.at": "3 h", "events.assault.fighters": 20, "events.stand.at": "4 h",
    "events.alarm.at": "5 h", "events.storm.at": "8 h", "events.go.at": "9 h", "events.home.at": "10 h",
    "forces.port-brigade.paper": 90, "forces.ford-police.paper": 60, "forces.fort-brigade.paper": 30,
}  # fmt: skip
counts: Counter[str] = Counter()


def counted(name, function, position):
    """Return a function that counts its calls, or the blocks that the argument at `position` says."""

    def call(*values):
        counts[name] += 1 if position is None else int(values[position])
        return function(*values)

    return call


def summed(name, function):
    """Return a kernel whose result is added to a count."""

    def call(*values):
        done = function(*values)
        counts[name] += int(done)
        return done

    return call


def count_draws():
    """Count every block that is drawn, wherever it is drawn."""
    ways = {"block": ("blocks one by one", None), "fill_blocks": ("blocks for everybody", 5),
            "fill_listed": ("blocks for the listed", 6)}  # fmt: skip
    patched = {name: counted(how, getattr(draws, name), at) for name, (how, at) in ways.items()}
    for found in pkgutil.iter_modules(kernels.__path__):
        module = importlib.import_module(f"standfast.kernels.{found.name}")
        for name, function in patched.items():
            if hasattr(module, name):
                setattr(module, name, function)


def main(fault):
    # 64-bit words wrap on purpose in the generator; interpreted, numpy warns of it
    warnings.filterwarnings("ignore", message="overflow encountered", category=RuntimeWarning)
    count_draws()
    agents.leave_companies = summed("asked one by one", agents.leave_companies)
    agents.move_families = summed("families thought of", agents.move_families)
    if fault == "ask everybody":
        ask = agents.ask

        def ask_everybody(*values):
            serving = ask(*values)
            c0, c1, start, stop, agent_status = *values[1:3], *values[4:6], values[15]
            listed, company_asked, n = values[-2], values[-1], 0
            for company in range(c0, c1):
                before = n
                for i in range(start[company], stop[company]):
                    listed[n] = i
                    n += agent_status[i] != status.GHOST
                company_asked[company] = n - before
            return serving

        agents.ask = ask_everybody
    run = Run(compile_plan(proving_ground(SMALL), 1), 0)
    names = {"agents": "agent-steps", "ties": "edges", "news": "meetings"}
    run.calls = [
        (name, summed(names[name], kernel) if name in names else kernel, values, varying)
        for name, kernel, values, varying in run.calls
    ]
    for _ in range(run.plan.n_step):
        run.advance()
    sys.stdout.write(json.dumps({"people": run.plan.n_agent, "steps": run.step, **counts}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
