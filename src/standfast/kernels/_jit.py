"""The one place where compiler flags are set.

`nogil` lets replicates run on threads, `cache` keeps compiled code between processes in a folder
of our own, and fastmath stays off: with it a NaN passes for a number and everybody leaves.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np

from standfast.kernels._cache import cache_folder

F = TypeVar("F", bound=Callable[..., Any])

if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(cache_folder(f"numba-{numba.__version__}-numpy-{np.__version__}"))


def kernel(function: F) -> F:
    """Compile a loop over flat arrays; called from Python."""
    return numba.njit(function, nogil=True, cache=True, error_model="numpy")


def rule(function: F) -> F:
    """Compile a scalar rule that kernels call for one agent, unit or place; inlined by LLVM."""
    return numba.njit(function, nogil=True, cache=True, error_model="numpy")


def is_cached(path: Path) -> bool:
    """Tell whether compiled code for a source file is already in the cache folder."""
    return any(Path(numba.config.CACHE_DIR).rglob(f"{path.stem}.*.nbc"))
