"""Install the built wheel into empty environments, and see whether it works there as it does here.

    python tools/try_installs.py --out benchmarks/results/installs.json

The wheel is built from the source archive, not from the tree. Every Python at hand that we support gets the newest
versions of what we need, and the oldest Python also the lowest that we say will do. In each, away from
the tree: the commands are asked, a short run is made, verified and reported, and its counts must be those made here
(`same`). Another version of numpy or numba may only change last bits of readings, not who left.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from machine import ROOT
from told import tell

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
EXTRAS = "dashboard,lab,cluster,gym"
#: commands that must end well, away from the tree
COMMANDS = (
    ["scenarios"],
    ["run", "garrison", "--horizon", "3 d", "--replicates", "2", "--seed", "1", "--no-progress", "--out", "out"],
    ["verify", "out"],
    ["report", "out"],
    ["compare", "garrison", "--with", "keep-leaders", "--horizon", "1 d", "--replicates", "2", "--no-progress", "--out", "answer"],
    ["meanfield", "garrison"],
)  # fmt: skip
#: prints a hash of all counts of a short run
COUNTS = r"""
import hashlib, numpy as np, standfast as sf
scenario = sf.load("garrison").with_({"time.horizon": "5 d"})
counts = sf.run(scenario, replicates=2, seed=1, progress=False).series["count"].values
print(hashlib.sha256(np.ascontiguousarray(counts.astype("i8")).tobytes()).hexdigest())
"""


def build(folder: Path) -> Path:
    """Return a wheel built from the source archive."""
    words = [sys.executable, "-m", "hatchling", "build", "-d", str(folder), "-t"]
    subprocess.run([*words, "sdist"], cwd=ROOT, check=True, capture_output=True)
    shutil.unpack_archive(next(folder.glob("*.tar.gz")), folder / "source", filter="data")
    source = next((folder / "source").iterdir())
    subprocess.run([*words, "wheel"], cwd=source, check=True, capture_output=True)
    shutil.rmtree(folder / "source")
    return next(folder.glob("*.whl"))


def pythons() -> list[str]:
    """Return the supported versions that are at hand."""
    found = []
    for version in PYTHONS:
        asked = ["uv", "python", "find", "--no-python-downloads", version]
        if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            found.append(version)
    return found


def attempt(wheel: Path, python: str, resolution: str, folder: Path) -> dict[str, Any]:
    """Install the wheel, work with it, and say what came of it."""
    began, env = time.perf_counter(), folder / "env"
    own = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    own |= {"STANDFAST_CACHE": str(folder / "cache")}
    inside = env / "bin" / "python"
    lines: list[list[str]] = [
        ["uv", "venv", "-q", "--no-python-downloads", "--python", python, str(env)],
        ["uv", "pip", "install", "-q", "--python", str(inside), "--resolution", resolution,
         f"{wheel}[{EXTRAS}]", *needs(wheel)],
        *([str(inside), "-m", "standfast.cli", *words] for words in COMMANDS),
        [str(inside), "-c", COUNTS],
    ]  # fmt: skip
    row: dict[str, Any] = {"python": python, "versions": resolution, "failed": None, "says": ""}
    for line in lines:
        done = subprocess.run(
            line, cwd=folder, env=own, capture_output=True, text=True, check=False
        )
        if done.returncode:
            row |= {"failed": " ".join(line[1:4]), "says": done.stderr.strip()[-600:]}
            break
    else:
        row["counts"] = done.stdout.strip()
        row |= versions(inside)
    return row | {"seconds": round(time.perf_counter() - began, 1)}


def needs(wheel: Path) -> list[str]:
    """Return what the wheel needs, extras included, so that the lowest versions of just that can be asked for."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("METADATA"))
        lines = archive.read(name).decode().splitlines()
    found = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]
    asked = {f"extra == '{extra}'" for extra in EXTRAS.split(",")}
    split = [need.partition(";") for need in found]
    return [need.strip() for need, _, when in split if not when or when.strip() in asked]


def versions(python: Path) -> dict[str, str]:
    """Return the versions of the packages that matter to the numbers."""
    code = "import numpy, numba, sys; print(numpy.__version__, numba.__version__, sys.version.split()[0])"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    return dict(zip(("numpy", "numba", "exact"), done.stdout.split(), strict=True))


def main() -> int:
    """Try every combination; return 1 when one does not work, or counts differently."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    here = subprocess.run(
        [sys.executable, "-c", COUNTS], capture_output=True, text=True, check=True
    )
    at_hand = pythons()
    cases = [(at_hand[0], "lowest-direct"), *((python, "highest") for python in at_hand)]
    rows = []
    with tempfile.TemporaryDirectory() as base:
        wheel = build(Path(base))
        for number, (python, resolution) in enumerate(cases):
            folder = Path(base) / str(number)
            folder.mkdir()
            row = attempt(wheel, python, resolution, folder)
            row["same"] = row.pop("counts", None) == here.stdout.strip()
            rows.append(row)
            print(row, file=sys.stderr)
            shutil.rmtree(folder)
    failures = sum(not row["same"] for row in rows)
    tell({"tried": rows, "failures": failures}, wanted.out)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
