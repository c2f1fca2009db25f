"""The one place where compiler flags are set.

`nogil` lets replicates run on threads, `cache` keeps compiled code between processes in a folder
of our own, and fastmath stays off: with it a NaN passes for a number and everybody leaves.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np

from standfast.kernels._cache import cache_folder

F = TypeVar("F", bound=Callable[..., Any])


def source_key() -> str:
    """Return a short hash of every source file of the package that holds compiled code.

    numba notices that the file of a kernel changed, but not that a rule it calls from another
    file did; a folder per state of the sources does. Files elsewhere hold some when they import
    from this one.
    """
    kernels = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(kernels.parent.rglob("*.py")):
        source = path.read_bytes()
        if path.parent == kernels or b"kernels._jit import" in source:
            digest.update(source)
    return digest.hexdigest()[:12]


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(
        cache_folder(f"numba-{numba.__version__}-numpy-{np.__version__}-{source_key()}")
    )


def kernel(function: F) -> F:
    """Compile a loop over flat arrays; called from Python."""
    return numba.njit(
        function, nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True
    )


def rule(function: F) -> F:
    """Compile a scalar rule that kernels call for one agent, unit or place; inlined by LLVM."""
    return numba.njit(function, nogil=True, error_model="numpy", no_cfunc_wrapper=True)


def inlined(function: F) -> F:
    """Compile a scalar rule whose body is put into every caller before optimisation.

    Only for rules that must vanish into a loop for it to become vector instructions.
    """
    return numba.njit(
        function, nogil=True, error_model="numpy", no_cfunc_wrapper=True, forceinline=True
    )


@inlined
def index(value):
    """Return a whole number that is not negative as an unsigned one, to count and index with.

    With signed positions every access asks whether it counts from the end, as -1 does in Python; a
    loop that asks does not become vector instructions, and takes about three times as long.
    """
    return np.uint64(value)


def is_cached(path: Path) -> bool:
    """Tell whether compiled code for a source file is already in the cache folder."""
    return any(Path(numba.config.CACHE_DIR).rglob(f"{path.stem}.*.nbc"))


def forget_compiled() -> int:
    """Remove every file of compiled code from the cache folder; return how many there were.

    The folders stay, as numba made sure of them when the kernels were declared.
    """
    files = [path for path in Path(numba.config.CACHE_DIR).rglob("*.nb[ic]") if path.is_file()]
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)
