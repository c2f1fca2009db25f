"""One quantity over replicates, as three quantiles."""

from __future__ import annotations

from math import floor, isinf, isnan
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    Spread = dict[str, float | None]

QUANTILES = {"q05": 0.05, "median": 0.5, "q95": 0.95}
_DIGITS = 10  # significant digits written; far below what replicates can tell apart


def spread(values: Iterable[float]) -> Spread | None:
    """Return ``{"q05", "median", "q95"}`` of a quantity that every replicate has.

    Quantiles interpolate linearly between the ordered values (type 7 of Hyndman and Fan 1996).
    Replicates in which the quantity does not exist (NaN) are left out; without any, None.

    Examples
    --------
    >>> spread([0.0, 1.0, 2.0])
    {'q05': 0.1, 'median': 1.0, 'q95': 1.9}
    """
    known = [float(value) for value in values if not isnan(value)]
    if not known:
        return None
    ordered = np.sort(known)
    return {name: _quantile(ordered, share) for name, share in QUANTILES.items()}


def spread_of_hours(values: Iterable[float]) -> Spread | None:
    """Return `spread` of a time that may never come (infinite), and how often it came.

    A replicate in which it never came counts as later than all others, so a quantile that falls
    among such replicates is None: a median of None says that it never came in at least half of
    them. ``happened`` is the share of replicates in which it came.

    Examples
    --------
    >>> spread_of_hours([90.0, 100.0, 110.0, float("inf")])
    {'q05': 91.5, 'median': 105.0, 'q95': None, 'happened': 0.75}
    """
    known = [float(value) for value in values if not isnan(value)]
    quantiles = spread(known)
    if quantiles is None:
        return None
    happened = sum(not isinf(value) for value in known) / len(known)
    return quantiles | {"happened": rounded(happened)}


def rounded(value: float) -> float | None:
    """Return a float as it is written: ten significant digits, None where not finite."""
    return float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None


def _quantile(ordered: np.ndarray[tuple[int], np.dtype[np.float64]], share: float) -> float | None:
    position = share * (ordered.size - 1)
    low = floor(position)
    weight = position - low
    if weight < 1e-12:  # keeps 0 * infinity out
        return rounded(ordered[low])
    return rounded(ordered[low] * (1 - weight) + ordered[low + 1] * weight)
