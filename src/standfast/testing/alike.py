"""Whether two recordings, or two runs on their way, are the same: byte by byte, and by name where they are not."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from standfast.engine.run import Run
    from standfast.results.recording import Recording

#: how long a run took says nothing about what happened in it
TIMING = frozenset({"simulate_s"})


def arrays_of(recording: Recording) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """Yield every array and number of a recording by name, readings as readings.fear."""
    for field in fields(recording):
        value = getattr(recording, field.name)
        if field.name in TIMING:
            continue
        if field.name in {"readings", "unit_readings"}:
            yield from ((f"{field.name}.{name}", array) for name, array in value.items())
        else:
            yield field.name, np.asarray(value)


def differing_arrays(first: Recording, second: Recording) -> tuple[str, ...]:
    """Return the names of what differs between two recordings in type, shape or any byte.

    Parameters
    ----------
    first, second
        Two recordings; how long they took is not compared.

    Examples
    --------
    >>> from standfast.testing.recordings import synthetic_recordings
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> first, second = synthetic_recordings(tiny_scenario(), replicates=2)
    >>> differing_arrays(first, first)
    ()
    >>> "count" in differing_arrays(first, second)
    True
    """
    return tuple(sorted(_differing(dict(arrays_of(first)), dict(arrays_of(second)))))


def differing_state(first: Run, second: Run) -> set[str]:
    """Return the names of the arrays in which two runs differ at present in type, shape or any byte.

    Examples
    --------
    >>> from standfast.engine.compile import compile_plan
    >>> from standfast.engine.run import Run
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> plan = compile_plan(tiny_scenario(), 1)
    >>> differing_state(Run(plan, 0), Run(plan, 0))
    set()
    """
    return _differing(first.arrays, second.arrays)


def _differing(known: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    alike = {name for name in known.keys() & other.keys() if _is_same(known[name], other[name])}
    return (known.keys() | other.keys()) - alike


def _is_same(first: NDArray[np.generic], second: NDArray[np.generic]) -> bool:
    kind = (first.dtype, first.shape) == (second.dtype, second.shape)
    return kind and first.tobytes() == second.tobytes()
