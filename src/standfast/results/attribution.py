"""Why and how people left: proximate causes and ways out, per replicate.

*Proximate* means the terms of the pressure to leave (E13) at the moment of leaving: somebody who
left at a pressure of 2 from fear and 1 from comrades counts two thirds for fear. It is not a
causal claim; that takes the paired run with the mechanism switched off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.results.spread import spread
from standfast.scenario.vocabulary import EXITS, TERMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from standfast.results.recording import Recording
    from standfast.results.spread import Spread

    Floats = npt.NDArray[np.float64]


def cause_shares(recording: Recording) -> Floats:
    """Return each term's share in all departures of a replicate; NaN when nobody left.

    Returns
    -------
    (n_term,) float64
        In the order of `TERMS`; adds up to 1.
    """
    return _shares(recording.cause.sum(axis=(0, 1)))


def exit_shares(recording: Recording) -> Floats:
    """Return each way out's share in all departures of a replicate; NaN when nobody left.

    Returns
    -------
    (n_exit,) float64
        In the order of `EXITS`; adds up to 1. Departures are gross: who returned and left again
        counts twice. Deaths and captures are not departures.
    """
    return _shares(recording.departures.sum(axis=(0, 1, 2)).astype(np.float64))


def summarise_causes(recordings: Sequence[Recording]) -> dict[str, Spread | None]:
    """Return the spread over replicates of every term's share in the departures."""
    shares = np.stack([cause_shares(recording) for recording in recordings])
    return {term: spread(shares[:, index]) for index, term in enumerate(TERMS)}


def summarise_exits(recordings: Sequence[Recording]) -> dict[str, Spread | None]:
    """Return the spread over replicates of every way out's share in the departures."""
    shares = np.stack([exit_shares(recording) for recording in recordings])
    return {way: spread(shares[:, index]) for index, way in enumerate(EXITS)}


def _shares(amounts: Floats) -> Floats:
    total = amounts.sum()
    return amounts / total if total > 0 else np.full(amounts.size, np.nan)
