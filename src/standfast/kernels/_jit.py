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
from numba.core import types
from numba.extending import intrinsic

from standfast.kernels._cache import cache_folder

F = TypeVar("F", bound=Callable[..., Any])

#: processors that vectors of 512 bits make run all else more slowly, as the compiler names them
SLOWED = frozenset({"skylake-avx512", "cascadelake", "cooperlake", "cannonlake"})


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
    """Compile what Python calls, mostly a loop over flat arrays; compiled code is kept for later processes."""
    return numba.njit(
        function, nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True
    )


def rule(function: F) -> F:
    """Compile a scalar rule that kernels alone call for one agent, unit or place; inlined by LLVM."""
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


@intrinsic
def widest_vectors(_):
    """Let the loops of a function become vectors of 512 bits, where the processor has them.

    The compiler keeps to 256 on most processors, as wide ones slow the clock of some. A loop that does hardly
    anything but calculate takes 40 % less time with them. What comes out is the same to the bit.
    """

    def generate(context, builder, _signature, _values):
        _, processor, _ = context.codegen().magic_tuple()
        if processor not in SLOWED:
            # llvmlite checks attributes by a list that has none of a single kind of processor
            set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    return types.none(), generate


if numba.config.DISABLE_JIT:
    widest_vectors = bool  # called for nothing: what is not compiled has no vectors


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
