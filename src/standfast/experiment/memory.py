"""Whether an ensemble fits into memory, asked before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.engine.machine import free_bytes
from standfast.engine.memory import estimate_memory
from standfast.errors import RunError

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario

_MARGIN = 0.9  # share of the free memory that a run may count on


def check_memory(
    scenario: Scenario, replicates: int, threads: int, free: int | None = None
) -> None:
    """Refuse an ensemble that does not fit.

    Parameters
    ----------
    free
        Bytes that can be had; by default what the machine says, and anything where it says
        nothing.

    Raises
    ------
    RunError
        With the numbers, and two ways to shrink what is asked.
    """
    free = free_bytes() if free is None else free
    estimate = estimate_memory(scenario, replicates, threads)
    if free is None or estimate.bytes <= _MARGIN * free:
        return
    says = f"{scenario.scenario} needs {estimate.sentence}; {size_in_words(free)} are free"
    raise RunError(says, "\n".join(_ways_to_shrink(scenario, replicates, threads)))


def _ways_to_shrink(scenario: Scenario, replicates: int, threads: int) -> list[str]:
    """Return what to ask instead, with what it needs; at least two ways."""
    ways = []
    if threads > 1:
        needs = size_in_words(estimate_memory(scenario, replicates, 1).bytes)
        ways.append(f"Run one replicate at a time (--threads 1): about {needs}.")
    if replicates > 1:
        fewer = replicates // 2
        needs = size_in_words(estimate_memory(scenario, fewer, threads).bytes)
        ways.append(f"Run half as many (--replicates {fewer}): about {needs}.")
    half = scenario.model_copy(
        update={"time": scenario.time.model_copy(update={"horizon": scenario.time.horizon / 2})}
    )
    needs = size_in_words(estimate_memory(half, replicates, threads).bytes)
    ways.append(f"Simulate half as long (--horizon): about {needs}.")
    ways.append("Leave out forces that the question does not need.")
    return ways


def size_in_words(number: float) -> str:
    """Return bytes for people.

    Examples
    --------
    >>> size_in_words(9_100_000_000), size_in_words(350_000_000), size_in_words(129_795)
    ('9.1 GB', '350 MB', '130 kB')
    """
    if number >= 1e9:
        return f"{number / 1e9:.1f} GB"
    return f"{number / 1e6:.0f} MB" if number >= 1e6 else f"{number / 1e3:.0f} kB"
