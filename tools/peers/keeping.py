"""Where the outputs of other programs are kept: arrays in NAME.npz, how they were made in NAME.json."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "agreement" / "data"


def keep(
    name: str, *, script: str, packages: tuple[str, ...], problem: dict[str, Any], says: str,
    rule: str, arrays: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write the outputs of a program.

    Parameters
    ----------
    name
        Of the two files, without their endings.
    script
        File that made them, below `tools/peers`.
    packages
        The program, and what its numbers depend on; their versions are written down.
    problem
        Sizes, parameters and seeds.
    says, rule
        What was simulated, and the order in which the program updates, as read in its source.
    arrays
        What came out.
    """
    DATA.mkdir(parents=True, exist_ok=True)
    file = DATA / f"{name}.npz"
    np.savez_compressed(file, **{key: np.asarray(arrays[key]) for key in sorted(arrays)})
    made = {
        "says": says,
        "rule": rule,
        "script": f"tools/peers/{script}",
        "versions": {package: version(package) for package in packages},
        "python": platform.python_version(),
        "problem": problem,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    (DATA / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n")
    print(f"{name}: {file.stat().st_size / 1000:.0f} kB")
