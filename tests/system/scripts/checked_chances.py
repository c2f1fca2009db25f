"""Run interpreted kernels with every chance looked at before it is drawn against.

Started by `test_checked_chances.py` with NUMBA_DISABLE_JIT=1; a first argument plants a fault. Prints how
many chances were looked at.
"""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import sys
import warnings

from standfast import kernels
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.kernels import agents, leaving
from standfast.testing.proving_ground import proving_ground

#: rules that return a probability
CHANCES = ("chance", "leaving_probability", "risk_on_the_way", "logistic", "logistic_by_table")
#: a few people, and everything happens soon
SMALL = {
    "time.horizon": "36 h", "behaviour.decision.commitment": 5.0, "events.leak.at": "1 h",
    "events.assault.at": "2 h", "events.assault.fighters": 20, "events.stand.at": "3 h",
    "events.alarm.at": "3 h", "events.storm.at": "5 h", "events.go.at": "6 h", "events.home.at": "7 h",
    "forces.port-brigade.paper": 40, "forces.port-police.paper": 30,
    "forces.ford-police.paper": 20, "forces.fort-brigade.paper": 20,
}  # fmt: skip
looked_at = 0


def checked(name, rule):
    """Return a rule that refuses to return what is no probability."""

    def look(*values):
        global looked_at  # noqa: PLW0603 - one counter for all rules
        result = rule(*values)
        looked_at += 1
        if not (math.isfinite(result) and 0.0 <= result <= 1.0):
            message = f"{name}{values[-3:]} = {result} is no probability"
            raise ValueError(message)
        return result

    return look


def faulty(rule, fault):
    """Return a leaving probability as a careless author might have written it."""
    if fault == "nan":
        return lambda pressure, *more: math.nan if pressure > 0.0 else rule(pressure, *more)
    if fault == "above":
        return lambda pressure, *more: 20.0 * rule(pressure, *more)
    return rule


def of_everybody(feel_pressure):
    """Return the stage that sets U, after which everybody's chance of leaving is worked out.

    The engine works it out only for those whose uniform is low enough for it to matter.
    """
    names = list(inspect.signature(feel_pressure).parameters)

    def feel(*values):
        done = feel_pressure(*values)
        given = dict(zip(names, values, strict=True))
        p, first = given["behaviour"][0], given["company_start"][given["c0"]]
        last = given["company_start"][given["c1"]]
        for pressure in given["pressure"][: last - first]:
            leaving.decide(p, 0.0, pressure, 0.0, 1.0, False)
        return done

    return feel


def main(fault):
    # 64-bit words wrap on purpose in the generator; interpreted, numpy warns of it
    warnings.filterwarnings("ignore", message="overflow encountered", category=RuntimeWarning)
    modules = [
        importlib.import_module(f"standfast.kernels.{found.name}")
        for found in pkgutil.iter_modules(kernels.__path__)
    ]
    for module in modules:
        for name in CHANCES:
            rule = getattr(module, name, None)
            if rule is not None:
                broken = faulty(rule, fault) if name == "leaving_probability" else rule
                setattr(module, name, checked(name, broken))
    agents.feel_pressure = of_everybody(agents.feel_pressure)
    run = Run(compile_plan(proving_ground(SMALL), 1), 0)
    for _ in range(run.plan.n_step):
        run.advance()
    if run.arrays["departures"].sum() < 10:
        message = "too little happened"
        raise ValueError(message)
    sys.stdout.write(f"{looked_at}\n")


if __name__ == "__main__":
    main(sys.argv[1])
