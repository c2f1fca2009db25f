"""Circumstances that must not matter to a run: another process, compiler cache or processor.

Each is a set of environment variables for a fresh process. An older processor is had by switching
newer instructions off in the three places that use them: numpy, the C library and numba. That
those switches do switch something is shown by functions whose last bits they do change
(`python -m standfast.testing.circumstances` prints them); standfast's own kernels use none of those.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import math
import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

#: what the C library is told not to use, under the names of glibc 2.33 and newer
C_LIBRARY = (
    "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX,-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX512CD"
)


def circumstances(folder: Path) -> dict[str, dict[str, str]]:
    """Return environments by name, beside none at all.

    Parameters
    ----------
    folder
        Empty; holds the compiled code of those that are to compile anew, which takes a minute.

    Examples
    --------
    >>> from pathlib import Path
    >>> circumstances(Path("empty"))["another hash seed"]
    {'PYTHONHASHSEED': '4711'}
    """
    people = {"STANDFAST_CACHE": str(folder / "people")}  # built anew, not read from the cache
    numpy_off = {"NPY_DISABLE_CPU_FEATURES": " ".join(newer_in_numpy())}
    library_off = {"GLIBC_TUNABLES": C_LIBRARY}
    kernels_off = {"NUMBA_CPU_NAME": "generic", "NUMBA_CACHE_DIR": str(folder / "generic")}
    warm = {"NUMBA_CACHE_DIR": _compiled()}
    return {
        "another process": {},
        "another hash seed": {"PYTHONHASHSEED": "4711"},
        "a cold cache of compiled code": people | {"NUMBA_CACHE_DIR": str(folder / "cold")},
        "older instructions in numpy": people | warm | numpy_off,
        "older instructions in the C library": people | warm | library_off,
        "older instructions everywhere": people | numpy_off | library_off | kernels_off,
    }


def newer_in_numpy() -> tuple[str, ...]:
    """Return the groups of instructions that numpy uses here and can be told not to."""
    inner = importlib.import_module("numpy._core._multiarray_umath")
    supported: dict[str, bool] = inner.__cpu_features__
    return tuple(name for name in inner.__cpu_dispatch__ if supported.get(name, False))


def last_bits() -> dict[str, str]:
    """Return hashes of what other functions make of the same numbers here: numpy's, and the C library's."""
    x = np.linspace(-20.0, 20.0, 100_001)
    return {
        # of double precision, numpy asks the C library where the processor has no vectors of 512 bits
        "numpy": _hash(np.exp(x.astype(np.float32))),
        "C library": _hash(np.array([math.exp(value) for value in x.tolist()])),
    }


def _hash(values: np.ndarray) -> str:
    return hashlib.sha256(values.tobytes()).hexdigest()[:16]


def _compiled() -> str:
    """Return the folder of the compiled code that is in use."""
    numba = importlib.import_module("numba")
    importlib.import_module("standfast.engine.run")  # chooses the folder
    return str(numba.config.CACHE_DIR)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(last_bits()) + "\n")
