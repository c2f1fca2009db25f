"""Whether an ensemble fits into memory, asked before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.engine.memory import estimate_memory
from standfast.errors import RunError
from standfast.experiment.machine import free_bytes

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
    by_threads = estimate_memory(scenario, replicates, 1).bytes
    by_replicates = estimate_memory(scenario, 1, 1).bytes
    needs = f"needs about {_size(estimate.bytes)} of memory, but {_size(free)} are free"
    says = f"{scenario.scenario} {needs}"
    advice = (
        f"Run one replicate at a time (--threads 1): about {_size(by_threads)}.\n"
        f"Ask for fewer replicates (--replicates 1 needs about {_size(by_replicates)}), "
        "for a shorter horizon (--horizon), or for smaller forces."
    )
    raise RunError(says, advice)


def _size(number: float) -> str:
    """Return bytes for people.

    Examples
    --------
    >>> _size(9_100_000_000), _size(350_000_000)
    ('9.1 GB', '350 MB')
    """
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"
