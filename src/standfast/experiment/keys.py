"""What a run is known by: its scenario, seed, replicate, and the model that computes it.

A run is a pure function of these four, so a key stands for its outcome: a run that is done is never
done again, and two machines that do the same one must agree on every byte.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario

#: rooms whose code takes part in an outcome
_ROOMS = ("scenario", "kernels", "population", "geography", "network", "engine", "results")
#: and files of the experiments
_ALSO = ("outcome.py", "observed.py")
#: packages whose version may alter numbers
_PACKAGES = ("standfast", "numpy", "numba", "scipy")


@dataclass(frozen=True)
class RunRequest:
    """One run that is wanted.

    Attributes
    ----------
    scenario
        What to simulate.
    seed
        Of people, ties and everything drawn; 0 to 2**64 - 1.
    replicate
        Which replicate; runs with the same seed and replicate share their random numbers.
    label
        What the caller calls it; stands in the table and does not enter the key.
    """

    scenario: Scenario
    seed: int
    replicate: int
    label: str = ""


def run_key(scenario_sha256: str, seed: int, replicate: int, model: str) -> str:
    """Return the key of a run: the SHA-256 of all that its outcome depends on.

    Parameters
    ----------
    scenario_sha256
        Of the resolved scenario in canonical JSON.
    seed, replicate
        Which of its runs.
    model
        What `model_version` gives, as canonical JSON.

    Examples
    --------
    >>> run_key("0" * 64, 1, 0, "{}") == run_key("0" * 64, 1, 0, "{}")
    True
    >>> run_key("0" * 64, 1, 0, "{}") == run_key("0" * 64, 0, 1, "{}")
    False
    """
    text = json.dumps([scenario_sha256, seed, replicate, model], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@cache
def model_version() -> str:
    """Return what computes runs here, as canonical JSON: code, libraries and language.

    Any change of the code counts as another model, a comment too: it is better to compute again
    than to mix.

    Examples
    --------
    >>> sorted(json.loads(model_version()))
    ['code', 'numba', 'numpy', 'python', 'scipy', 'standfast']
    """
    parts = {name: version(name) for name in _PACKAGES}
    major, minor, _ = platform.python_version_tuple()
    parts |= {"code": _code(), "python": f"{major}.{minor}"}
    return json.dumps(parts, sort_keys=True, separators=(",", ":"))


def differing_parts(first: str, second: str) -> tuple[str, ...]:
    """Return what differs between two model versions, each as "name: this, not that".

    Examples
    --------
    >>> differing_parts('{"numpy":"2.4.6"}', '{"numpy":"2.5.0"}')
    ('numpy: 2.4.6, not 2.5.0',)
    """
    known, other = json.loads(first), json.loads(second)
    return tuple(
        f"{name}: {known.get(name)}, not {other.get(name)}"
        for name in sorted(known.keys() | other.keys())
        if known.get(name) != other.get(name)
    )


def _code() -> str:
    """Return a short hash of the source of everything that takes part in an outcome."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    for name in _ALSO:
        digest.update((package / "experiment" / name).read_bytes())
    return digest.hexdigest()[:12]
