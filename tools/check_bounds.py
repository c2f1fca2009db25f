"""Run the tests with every index of every kernel checked, and write down how many there were and what failed.

    python tools/check_bounds.py --out benchmarks/results/bounds.json

The kernels are compiled anew into a folder of their own; whoever read or wrote beyond an array would raise.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from machine import ROOT
from soak import SEED, run_part
from told import tell

CHECKED = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(ROOT / "build" / "checked")}


def main() -> int:
    """Run, write, and return 1 when anything failed, or nothing was run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default=["tests"], nargs="+", metavar="TESTS", help="for pytest")
    wanted = parser.parse_args()
    os.environ.update(CHECKED)
    found = run_part(["-m", "not slow", *wanted.only], SEED)
    found["tests"] = sum(int(file["tests"]) for file in found.pop("files").values())
    tell(found, wanted.out)
    return int(found["tests"] == 0 or len(found["failed"]) > 0)


if __name__ == "__main__":
    sys.exit(main())
