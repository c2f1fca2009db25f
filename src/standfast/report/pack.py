"""Arrays of shares as short text: a byte or two a value, in base 64."""

from __future__ import annotations

import base64
import json

import numpy as np
import numpy.typing as npt

#: what a missing value is written as, per width
MISSING = {1: 255, 2: 65535}
#: what a share of one is written as; leaves room above for shares a little over one
ONE = {1: 250, 2: 50_000}


def pack(values: npt.ArrayLike, *, width: int = 1) -> str:
    """Write shares in [0, 1] as base 64 of little-endian integers.

    Examples
    --------
    >>> pack([0.0, 0.5, 1.0, float("nan")])
    'AH36/w=='
    """
    array = np.asarray(values, dtype=float)
    scaled = np.clip(np.rint(array * ONE[width]), 0, MISSING[width] - 1)
    filled = np.where(np.isfinite(array), scaled, MISSING[width])
    return base64.b64encode(filled.astype(f"<u{width}").tobytes()).decode("ascii")


def to_json(value: object) -> str:
    r"""Write JSON that may stand inside a script element, whatever texts it holds.

    Examples
    --------
    >>> to_json({"title": "</script>"})
    '{"title":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(
        value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
