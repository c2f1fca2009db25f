"""Where compiled kernels are kept: a versioned folder of our own, or a temporary one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs


def cache_folder(name: str) -> Path:
    """Return a writable folder for cached files of one kind; never fails.

    The user's cache folder is preferred (or `STANDFAST_CACHE`, where set); where it cannot be
    written, a folder under the system's temporary folder is used, so that a read-only home costs
    time but not the run.
    """
    base = os.environ.get("STANDFAST_CACHE") or platformdirs.user_cache_dir("standfast")
    folder = Path(base) / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="standfast-"))
