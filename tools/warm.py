"""Compile every kernel once, so that processes started afterwards find them in the cache."""

from __future__ import annotations

import time

from standfast.engine.warm import compile_kernels
from standfast.meanfield.run import run_meanfield
from standfast.scenario.load import load_scenario

if __name__ == "__main__":
    seconds = compile_kernels(print)
    began = time.perf_counter()
    # everything happens there, so that every loop of the mean-field twin is run
    run_meanfield(load_scenario("mosul-2014"))
    seconds += time.perf_counter() - began
    print(f"kernels ready after {seconds:.1f} s")
