"""Compiling the kernels before the first run, once for every state of the sources."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.engine.compile import compile_plan
from standfast.engine.events import event_draw, unit_goes_in_order
from standfast.engine.run import Run
from standfast.kernels import agents
from standfast.kernels._jit import forget_compiled, is_cached
from standfast.kernels.information import open_news, seed_news
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

MESSAGE = "Compiling the model for this machine; this happens once and takes about half a minute."

DAMAGED = "The compiled model kept on this machine was damaged; compiling it again."


def compile_kernels(on_message: Callable[[str], None] | None = None) -> float:
    """Compile every kernel, or load it from the cache; return the seconds it took.

    Parameters
    ----------
    on_message
        Told a sentence when the kernels are not in the cache, before the long wait.
    """
    began = time.perf_counter()
    if on_message is not None and not is_cached(Path(str(agents.__file__))):
        on_message(MESSAGE)
    try:
        _run_everything()
    except Exception:  # numba passes on whatever a damaged cache file makes its reader raise
        if forget_compiled() == 0:
            raise
        if on_message is not None:
            on_message(DAMAGED)
        _run_everything()
    return time.perf_counter() - began


def _run_everything() -> None:
    run = Run(compile_plan(_smallest(), 0), 0)
    run.advance()
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
