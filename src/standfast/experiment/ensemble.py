"""An ensemble: replicates of one scenario, from the scenario to the result."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from standfast.engine.compile import compile_plan
from standfast.engine.machine import give_back, peak_rss_mb, usable_threads
from standfast.engine.present import units_of
from standfast.engine.run import run_replicate
from standfast.engine.warm import compile_kernels
from standfast.errors import RunError, RunInterrupted
from standfast.experiment.drawn import Draws, check_draws, read_draws, runner_over, with_draws
from standfast.experiment.keys import model_version
from standfast.experiment.memory import check_memory
from standfast.experiment.pool import run_replicates
from standfast.experiment.progress import choose_progress
from standfast.results.assemble import build_result
from standfast.results.summary import Timing
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from standfast.engine.compile import Plan
    from standfast.experiment.progress import Progress
    from standfast.results.recording import Recording
    from standfast.results.result import Result

DEFAULT_REPLICATES = 20
MAX_REPLICATES = 100_000
MAX_SEED = 2**64 - 1


class EnsembleInterrupted(RunInterrupted):
    """Somebody stopped an ensemble.

    Attributes
    ----------
    result
        Of the replicates that had finished; None when there was none.
    """

    def __init__(self, says: str, advice: str = "", result: Result | None = None) -> None:
        super().__init__(says, advice)
        self.result = result


def run_ensemble(
    scenario: Scenario | str | Path,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = 1,
    threads: int | None = None,
    progress: bool | Progress | None = None,  # noqa: FBT001
    *,
    command: Sequence[str] = (),
    parameters: Draws | str | Path | None = None,
) -> Result:
    """Simulate replicates of a scenario and return what they came to.

    Same scenario, seed and replicates: same result, on any number of threads. Replicate *k* is
    the same whether it is one of five or of fifty.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    replicates
        How many, at least 1.
    seed
        Of people, ties and everything drawn; 0 to 2**64 - 1.
    threads
        Replicates side by side; by default as many as there are processors.
    progress
        True, False, or None: a bar where somebody watches.
    command
        What was typed, for the provenance.
    parameters
        Draws of parameters, such as the `posterior.nc` of a calibration, or the word ``posterior`` for those
        of the package; replicate k takes draw k.

    Raises
    ------
    RunError
        When it cannot start: a number out of its bounds, or too little memory.
    EnsembleInterrupted
        After Ctrl-C, with the result of the replicates that had finished.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    _check_bounds(replicates, seed, threads)
    threads = min(threads or usable_threads(), replicates)
    shown = choose_progress(progress)
    draws = _draws(parameters, scenario, replicates)
    check_memory(scenario, replicates, threads)

    began = perf_counter()
    compile_kernels(shown.say)
    plan = compile_plan(scenario, seed)
    give_back()  # building people and ties takes more than they are
    compiled = perf_counter()
    runner = _runner(plan) if draws is None else runner_over(draws, scenario, plan)
    finished = run_replicates(runner, replicates, threads, plan.n_step, shown)
    give_back()  # what each thread kept of its runs: results and report come on top of it
    simulate_s = perf_counter() - compiled

    result = None
    if finished.recordings:
        result = build_result(
            finished.recordings,
            scenario,
            units_of(plan),
            seed=seed,
            timing=_timing(finished.recordings, simulate_s, compiled - began),
            threads=threads,
            replicates_asked=replicates,
            command=command,
        )
        result = result if draws is None else with_draws(result, draws)
        result.provenance["model"] = json.loads(model_version())
    if result is None or finished.interrupted:
        done = f"{len(finished.recordings)} of {replicates} replicates had finished"
        says = f"{scenario.scenario} was interrupted: {done}"
        raise EnsembleInterrupted(says, result=result)
    return result


def _draws(
    parameters: Draws | str | Path | None, scenario: Scenario, replicates: int
) -> Draws | None:
    draws = read_draws(parameters) if isinstance(parameters, str | Path) else parameters
    if draws is not None:
        check_draws(draws, replicates)
        draws.at(0, scenario)  # a parameter that the scenario lacks is told before anything starts
    return draws


def _check_bounds(replicates: int, seed: int, threads: int | None) -> None:
    if not 1 <= replicates <= MAX_REPLICATES:
        says = f"replicates is {replicates}, but lies between 1 and {MAX_REPLICATES:,}"
        raise RunError(says)
    if not 0 <= seed <= MAX_SEED:
        says = f"seed is {seed}, but lies between 0 and 2^64 - 1"
        raise RunError(says)
    if threads is not None and threads < 1:
        says = f"threads is {threads}, but at least one is needed"
        raise RunError(says)


def _runner(plan: Plan) -> Callable[..., Recording]:
    def run_one(
        replicate: int, *, should_stop: Callable[[], bool], on_step: Callable[[int], None]
    ) -> Recording:
        return run_replicate(plan, replicate, should_stop=should_stop, on_step=on_step)

    return run_one


def _timing(recordings: Sequence[Recording], simulate_s: float, compile_s: float) -> Timing:
    agent_steps = sum(recording.agent_steps for recording in recordings)
    return Timing(
        simulate_s=simulate_s,
        compile_s=compile_s,
        agent_steps_per_s=agent_steps / simulate_s if simulate_s > 0 else 0.0,
        peak_rss_mb=peak_rss_mb(),
    )
