"""Compiling the kernels before the first run, once for every state of the sources."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from standfast.engine.compile import compile_plan
from standfast.engine.events import event_draw, unit_goes_in_order
from standfast.engine.machine import free_bytes, usable_threads
from standfast.engine.run import Run
from standfast.kernels import agents
from standfast.kernels._jit import forget_compiled, is_cached
from standfast.kernels.information import open_news, seed_news
from standfast.network.ties import build_network
from standfast.population.people import build_people
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from standfast.engine.compile import Plan

MESSAGE = "Compiling the model for this machine; this happens once and takes about half a minute."

#: the phase that takes the compiler as long as all others together
LARGEST = "agents"
#: the largest of its stages, which the compiler comes to late: a second process is done with it before
LAST_STAGE = "leave_companies"
#: what a second process that compiles may take
HELPER_BYTES = 800_000_000
_HELPER = "import sys; sys.path[:] = {path!r}; from standfast.engine.warm import compile_beside as go; go()"

DAMAGED = "The compiled model kept on this machine was damaged; compiling it again."


def compile_kernels(on_message: Callable[[str], None] | None = None) -> float:
    """Compile every kernel, or load it from the cache; return the seconds it took.

    Parameters
    ----------
    on_message
        Told a sentence when the kernels are not in the cache, before the long wait.
    """
    began = time.perf_counter()
    cold = not is_cached(Path(str(agents.__file__)))
    if on_message is not None and cold:
        on_message(MESSAGE)
    try:
        if cold:
            _compile_side_by_side()
        _run_everything()
    except Exception:  # numba passes on whatever a damaged cache file makes its reader raise
        if forget_compiled() == 0:
            raise
        if on_message is not None:
            on_message(DAMAGED)
        _run_everything()
    return time.perf_counter() - began


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let Python look for garbage seldom: the compiler makes many small objects, and hardly any that it would find."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_collecting_seldom()
def compile_beside() -> None:
    """Compile into the cache a stage of the largest kernel, then all others; what the second process does."""
    plan = _smallest_plan()
    run = Run(plan, 0, in_one_go=False)
    largest = next(call for call in run.calls if call[0] == LARGEST)
    run.calls = [call for call in run.calls if call[0] != LARGEST]
    types = _types_handed_to(LAST_STAGE, *largest[1:], run.scalars)
    getattr(agents, LAST_STAGE).compile(types)
    run.advance()
    _compile_rest(run)


def _types_handed_to(
    stage: str,
    kernel: Any,
    values: list[Any],
    varying: list[tuple[int, str]],
    scalars: dict[str, Any],
) -> tuple[Any, ...]:
    """Return the types that the largest kernel hands to a stage.

    It is walked through in plain Python, with notes in place of all that it calls.
    """
    noted: dict[str, tuple[Any, ...]] = {}

    def note(name: str) -> Callable[..., bool]:
        def call(*handed: Any) -> bool:
            noted[name] = tuple(numba.typeof(value) for value in handed)
            return True  # whatever is asked: there is more to call then

        return call

    called = {name: note(name) for name, one in vars(agents).items() if hasattr(one, "py_func")}
    for position, scalar in varying:
        values[position] = scalars[scalar]
    # an index is unsigned in compiled code
    seen = vars(agents) | called | {"index": np.uint64}
    FunctionType(kernel.py_func.__code__, seen)(*values)
    return noted[stage]


@_collecting_seldom()
def _compile_side_by_side() -> None:
    """Compile the largest kernel here, and meanwhile all others in a process beside this one.

    It is no more than a head start: whatever the other process does not leave in the cache is compiled here.
    """
    with _helper():
        run = Run(_smallest_plan(), 0, in_one_go=False)
        run.calls = [call for call in run.calls if call[0] == LARGEST]
        run.advance()


@contextmanager
def _helper() -> Iterator[None]:
    """Let the second process compile, and wait for it; without one where the machine has no room for it."""
    free = free_bytes()
    no_room = usable_threads() < 2 or (free is not None and free < HELPER_BYTES)
    # within a program that was frozen into one file, that program is the executable
    if no_room or numba.config.DISABLE_JIT or not sys.executable or hasattr(sys, "frozen"):
        yield
        return
    command = [sys.executable, "-c", _HELPER.format(path=sys.path)]
    # where the user's cache cannot be written to, each process would take a folder of its own
    same = os.environ | {"NUMBA_CACHE_DIR": str(numba.config.CACHE_DIR)}
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=same)  # noqa: S603 - our own code
    except OSError:
        yield
        return
    with process:
        try:
            yield
        except BaseException:
            process.kill()
            raise


def _run_everything() -> None:
    run = Run(_smallest_plan(), 0)
    run.advance()
    _compile_rest(run)


def _compile_rest(run: Run) -> None:
    """Compile what no step without news or events runs."""
    _compile_news(run)
    event_draw(*run.key, 0, 0)
    unit_goes_in_order(*run.key, 0, 0, 1.0, 1.0, 1.0)


def _compile_news(run: Run) -> None:
    """Compile what runs only when there is news."""
    a = run.arrays
    open_news(
        0,
        0,
        0,
        a["behaviour"],
        a["distance"],
        a["news_kind"],
        a["news_place"],
        a["news_weight"],
        a["heard"],
        a["spreading"],
    )
    seed_news(
        0,
        a["leak"],
        False,  # noqa: FBT003 - a kernel takes what it takes
        a["battalion_told"],
        a["company_start"],
        a["company_battalion"],
        a["battalion_place"],
        a["agent_status"],
        a["phone"],
        *run.key,
        0,
        0,
        0,
        a["heard_new"],
    )


def _smallest_plan() -> Plan:
    """Return the smallest plan, its people and ties built anew: that is compiled too, where a cache holds them."""
    scenario = _smallest()
    people = build_people(scenario, 0)
    return compile_plan(scenario, 0, people=people, network=build_network(scenario, people, 0))


def _smallest() -> Scenario:
    """Return the smallest scenario that has everything a kernel may meet."""
    place = {"title": "A place", "latitude": 1.0, "longitude": 1.0, "population": 1000}
    return Scenario.model_validate(
        {
            "standfast": 1,
            "scenario": "smallest",
            "title": "Smallest",
            "time": {"start": "2000-01-01T00:00", "horizon": "2 h"},
            "places": {"a": place, "b": place | {"longitude": 1.1}},
            "roads": ({"start": "a", "end": "b", "length": "11 km"},),
            "forces": {
                "f": {
                    "title": "F",
                    "branch": "army",
                    "place": "a",
                    "paper": 40,
                    "homes": {"a": 1.0},
                }
            },
        }
    )
