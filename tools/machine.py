"""Which commit was measured, and on what kind of machine; no names, no paths."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]


def circumstances() -> dict[str, object]:
    """Return version, commit, processor, cores and interpreter."""
    return {
        "standfast": version("standfast"),
        "commit": commit(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numba": version("numba"),
        "numpy": version("numpy"),
    }


def circumstances_since(load_before: float) -> dict[str, object]:
    """Return the circumstances of what was measured since the machine had this load, and its load now."""
    load = {"load_before": round(load_before, 1), "load_after": round(os.getloadavg()[0], 1)}
    return circumstances() | load


def commit() -> str:
    """Return the short commit, marked when source files differ from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "src")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + ("+" if changed else "")


def processor() -> str:
    """Return the model of the processor as the system names it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
