"""Random numbers of a calibration: each belongs to what it is for, not to its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: what a draw is for; part of its key
PURPOSES = ("candidate", "posterior", "wave", "check")
_SCALE = 2.0**-53
#: words that Philox gives for each value of its counter
_BLOCK = 4


def uniforms(seed: int, purpose: str, *key: int, n: int) -> Floats:
    """Return n uniforms in (0, 1) that depend on the key alone.

    They are words of Philox under a hash of the key, of which numpy promises the bits; its
    distributions, which it does not, are not used.

    Parameters
    ----------
    seed
        Of the calibration.
    purpose
        One of `PURPOSES`.
    *key
        Which draw: generation, number of the trial and so on; not negative.
    n
        How many.

    Examples
    --------
    >>> a, b = (uniforms(1, "check", k, n=2) for k in (7, 8))
    >>> bool((a != b).all()), bool((a == uniforms(1, "check", 7, n=2)).all())
    (True, True)
    """
    return uniforms_of(seed, purpose, *key, indices=range(1), n=n).ravel()


def uniforms_of(seed: int, purpose: str, *key: int, indices: range, n: int) -> Floats:
    """Return n uniforms for each of some numbers, shape (len(indices), n).

    Number i has the words of the counter from its own place on, so that it does not matter in which
    portions numbers are asked for.

    Parameters
    ----------
    seed, purpose, *key
        As for `uniforms`.
    indices
        The numbers, one after another.
    n
        How many for each.

    Examples
    --------
    >>> whole = uniforms_of(1, "candidate", 0, indices=range(9), n=3)
    >>> bool((whole[5:7] == uniforms_of(1, "candidate", 0, indices=range(5, 7), n=3)).all())
    True
    """
    words = np.random.SeedSequence([seed, PURPOSES.index(purpose), *key]).generate_state(
        2, np.uint64
    )
    blocks = -(-n // _BLOCK)
    source = np.random.Philox(key=words, counter=indices.start * blocks)
    raw = source.random_raw(len(indices) * blocks * _BLOCK)
    drawn = ((raw >> np.uint64(11)) + 0.5) * _SCALE
    by_number: Floats = np.reshape(drawn, (len(indices), blocks * _BLOCK))
    return by_number[:, :n]


def normals_of(seed: int, purpose: str, *key: int, indices: range, n: int) -> Floats:
    """Return n standard normals for each of some numbers: the quantiles at their uniforms."""
    found: Floats = ndtri(uniforms_of(seed, purpose, *key, indices=indices, n=n))
    return found
