"""What this machine has: processors, free memory, and how much this process took."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")
_STATM = Path("/proc/self/statm")
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of malloc.h


def usable_threads() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def give_back() -> None:
    """Give memory that was freed back to the system, where a library keeps it for later.

    The C library of Linux keeps what each thread freed, and so does Arrow, where it was told to have a store of
    its own (`standfast` lets it ask the C library); in a process that lives for days it adds up.
    """
    arrow = sys.modules.get("pyarrow")  # where it was not imported, it keeps nothing
    if arrow is not None and arrow.default_memory_pool().backend_name != "system":
        arrow.default_memory_pool().release_unused()
    trim = _of_c_library("malloc_trim")
    if trim is not None:
        trim(0)


def hold_little() -> None:
    """Let what any thread frees go back to the system, but for a little at the end of each thread's store.

    The C library of Linux lets that little grow with the largest piece ever freed, up to 64 MB a thread, and
    `give_back` reaches it in the main thread's store alone. Pieces of many MB go back one by one, as before.
    """
    option = _of_c_library("mallopt")
    if option is not None:
        option(_M_TRIM_THRESHOLD, 1 << 20)
        # pieces smaller than this, as of every step, are taken from the store
        option(_M_MMAP_THRESHOLD, 4 << 20)


def share_one_store() -> None:
    """Let all threads that begin from now on take memory from one store of the C library of Linux.

    Left alone it gives each thread its own, where what is still held lies among holes: in a server, whose work
    wanders from thread to thread, they take 5 to 9 MB, and never the same. Threads wait for each other now and
    then: many small runs on two threads take 7 % longer.
    """
    option = _of_c_library("mallopt")
    if option is not None:
        option(_M_ARENA_MAX, 1)


@cache
def _of_c_library(name: str) -> Callable[..., int] | None:
    """Return a function of the C library, where that is the one of Linux and has it."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), name, None)


def free_bytes() -> int | None:
    """Return how many bytes can be had without swapping; None where the system does not tell."""
    limits = [_free_of_machine(), *map(_free_of_group, _groups()), _free_of_process()]
    return min((number for number in limits if number is not None), default=None)


def _free_of_machine() -> int | None:
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return None


def _groups() -> list[Path]:
    """Return the folders of the control group of this process and of all above it: each may limit."""
    try:
        lines = _OWN_GROUP.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return [_CGROUP]
    own = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), "")
    if ".." in own.split("/"):
        return [_CGROUP]  # as a container sees a group outside of it
    folder = _CGROUP / own
    return [folder, *(above for above in folder.parents if above.is_relative_to(_CGROUP))]


def _free_of_group(group: Path) -> int | None:
    """Return what a container's limit leaves, with the file cache it would give back."""
    try:
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        used = int((group / "memory.current").read_text(encoding="ascii"))
        stat = (group / "memory.stat").read_text(encoding="ascii")
    except (OSError, ValueError):
        return None
    if limit == "max":
        return None
    cache = sum(
        int(line.split()[1]) for line in stat.splitlines() if line.startswith("inactive_file ")
    )
    return max(int(limit) - used + cache, 0)


def _free_of_process() -> int | None:
    """Return what a limit on the addresses of this process leaves, as `ulimit -v` sets it."""
    try:
        import resource  # noqa: PLC0415 - not on every system

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        pages = int(_STATM.read_text(encoding="ascii").split()[0])
    except (ImportError, OSError, ValueError):
        return None
    if limit == resource.RLIM_INFINITY:
        return None
    return max(limit - pages * resource.getpagesize(), 0)


def peak_rss_mb() -> float | None:
    """Return the most memory this process held so far, in MB (10^6 bytes)."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
