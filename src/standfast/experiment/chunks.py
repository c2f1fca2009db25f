"""Runs in the portions in which they go to worker processes, and what a worker makes of one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from standfast.engine.plugins import allow_source, own_source
from standfast.engine.warm import compile_kernels
from standfast.errors import RunError
from standfast.experiment.keys import differing_parts, model_version
from standfast.experiment.outcome import Keep, Outcome, compute
from standfast.experiment.shelf import Shelf
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from standfast.experiment.ledger import Task

    Finished = list[tuple[int, Outcome]]

#: agents times steps that a thread does in a second: measured 26 million for the garrison, 38 for Mosul 2014
WORK_PER_SECOND = 2.5e7
_CHUNK_SECONDS = 4.0
_MOST_RUNS = 64
_warming = threading.Lock()


@dataclass(frozen=True)
class Chunk:
    """Runs of one scenario and seed, as text and numbers.

    Attributes
    ----------
    scenario_sha256, scenario_json
        What to simulate.
    seed
        Of all its runs.
    runs
        Number in the ledger and replicate of each.
    keep
        What is kept of each.
    model
        What must compute them.
    code
        File name and text of the scenario's own mechanisms, which were allowed where it was cut.
    """

    scenario_sha256: str
    scenario_json: str
    seed: int
    runs: tuple[tuple[int, int], ...]
    keep: Keep
    model: str
    code: tuple[tuple[str, str], ...] = ()


def cut(tasks: Iterable[Task], keep: Keep, *, most: int = _MOST_RUNS) -> Iterator[Chunk]:
    """Yield tasks in chunks of a few seconds.

    Parameters
    ----------
    tasks
        With those of a scenario and seed one after another.
    keep
        What is kept of every run.
    most
        Runs of a chunk at most.
    """
    for _, group in groupby(tasks, key=lambda task: (task.scenario_sha256, task.seed)):
        part: list[Task] = []
        for task in group:
            part.append(task)
            seconds = len(part) * task.work / WORK_PER_SECOND
            if len(part) >= most or seconds >= _CHUNK_SECONDS:
                yield _chunk(part, keep)
                part = []
        if part:
            yield _chunk(part, keep)


def _chunk(tasks: list[Task], keep: Keep) -> Chunk:
    first = tasks[0]
    return Chunk(
        first.scenario_sha256,
        first.scenario_json,
        first.seed,
        tuple((task.run, task.replicate) for task in tasks),
        keep,
        model_version(),
        _code_of(first.scenario_json),
    )


@lru_cache(maxsize=8)
def _code_of(scenario_json: str) -> tuple[tuple[str, str], ...]:
    """Return what of its own a scenario needs; it is only read when it has any."""
    if '"plugins":' not in scenario_json:
        return ()
    return own_source(Scenario.model_validate_json(scenario_json))


def compute_chunk(
    chunk: Chunk, shelf: Shelf, should_stop: Callable[[], bool] | None = None
) -> Finished:
    """Return the outcome of every run of a chunk, by its number in the ledger."""
    plan = shelf.plan(chunk.scenario_sha256, chunk.scenario_json, chunk.seed)
    return [
        (run, compute(plan, replicate, chunk.keep, should_stop)) for run, replicate in chunk.runs
    ]


def compute_chunk_far_away(chunk: Chunk) -> Finished:
    """Compute a chunk in a process that may be on another machine.

    Raises
    ------
    RunError
        When another model is installed here; its runs must not be mixed with the others.
    """
    differences = differing_parts(model_version(), chunk.model)
    if differences:
        says = f"a worker has another model ({'; '.join(differences)})"
        raise RunError(says, "Install the same standfast and packages on every machine.")
    with _warming:
        shelf = _own_shelf()
        for file, source in chunk.code:
            allow_source(file, source)
    return compute_chunk(chunk, shelf)


@cache
def _own_shelf() -> Shelf:
    """Return the shelf of this process, once its kernels are compiled."""
    compile_kernels()
    return Shelf(2)
