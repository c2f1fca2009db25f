"""Whether two recordings are the same run: byte by byte, and by name where they are not."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

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
    known, other = dict(arrays_of(first)), dict(arrays_of(second))
    shared = known.keys() & other.keys()
    alike = {name for name in shared if _is_same(known[name], other[name])}
    return tuple(sorted((known.keys() | other.keys()) - alike))


def _is_same(first: NDArray[np.generic], second: NDArray[np.generic]) -> bool:
    kind = (first.dtype, first.shape) == (second.dtype, second.shape)
    return kind and first.tobytes() == second.tobytes()
