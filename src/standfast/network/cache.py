"""People and ties that were built once are kept in the user's cache, found by their content.

The name of a file is the hash of all that the arrays depend on: the parts of the scenario that
matter, the seed, and the code that builds. A file that is damaged is built anew; a folder that
cannot be written costs time, not the run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import standfast.kernels.draws
from standfast import population
from standfast.kernels._cache import cache_folder
from standfast.network.archive import PARTIAL, DamagedArchive, load_arrays, save_arrays
from standfast.network.layer import Layer
from standfast.network.ties import Network, build_network
from standfast.population.people import People, build_people

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from standfast.scenario.forces import Force
    from standfast.scenario.model import Scenario

LAYERS = ("phone", "kin", "chain")
#: files kept; the oldest go first
N_KEPT = 12
A_DAY_S = 86_400
#: population settings that say how a run starts, not who the people are
OF_THE_START = {"exposed", "credibility", "perceived_exposure", "note"}


def people_and_network(scenario: Scenario, seed: int) -> tuple[People, Network]:
    """Return the people and ties of a scenario: from the cache, or built and put there.

    Parameters
    ----------
    scenario
        Only its order of battle, population and network settings matter.
    seed
        Of the experiment; all replicates share people and ties.
    """
    path = _folder() / f"{content_key(scenario, seed)}.arrays"
    try:
        return _unpack(load_arrays(path), scenario)
    except (OSError, DamagedArchive):
        people = build_people(scenario, seed)
        network = build_network(scenario, people, seed)
    with contextlib.suppress(OSError):
        save_arrays(path, _pack(people, network))
        _prune(path.parent)
    return people, network


def content_key(scenario: Scenario, seed: int) -> str:
    """Return the hash of all of a scenario that people and ties depend on, and of the seed.

    Titles, posts, events and behaviour do not matter; the order of places, groups and forces does,
    since arrays count in it.
    """
    content = {
        "seed": seed,
        "places": list(scenario.places),
        "groups": [[slug, group.home_region] for slug, group in scenario.groups.items()],
        "forces": [[slug, _content(force)] for slug, force in scenario.forces.items()],
        "unit_schemes": {x: s.model_dump() for x, s in scenario.unit_schemes.items()},
        "population": scenario.population.model_dump(mode="json", exclude=OF_THE_START),
        "network": scenario.network.model_dump(mode="json"),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@cache
def code_version() -> str:
    """Return the hash of the code that builds people and ties."""
    digest = hashlib.sha256()
    folders = [Path(x).parent for x in (population.__file__, __file__) if x]
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    for file in [*files, Path(standfast.kernels.draws.__file__)]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _content(force: Force) -> dict[str, object]:
    """Return the fields of a force that its people depend on."""
    return force.model_dump(
        mode="json",
        exclude={"title", "place", "quality", "corruption", "commitment", "reserve"},
    )


def _folder() -> Path:
    return _folder_under(os.environ.get("STANDFAST_CACHE"))


@cache
def _folder_under(base: str | None) -> Path:
    """Return the folder, once per process: where none can be written, it is a temporary one."""
    del base
    return cache_folder(f"people-{code_version()}")


def _pack(people: People, network: Network) -> dict[str, NDArray[np.generic]]:
    arrays = {f"people.{name}": array for name, array in people.to_arrays().items()}
    for name in LAYERS:
        layer: Layer = getattr(network, name)
        arrays |= {f"{name}.indptr": layer.indptr, f"{name}.indices": layer.indices}
    return arrays


def _unpack(arrays: dict[str, NDArray[np.generic]], scenario: Scenario) -> tuple[People, Network]:
    prefix = "people."
    own = {name.removeprefix(prefix): x for name, x in arrays.items() if name.startswith(prefix)}
    layers = {
        name: Layer(arrays[f"{name}.indptr"], arrays[f"{name}.indices"])  # type: ignore[arg-type]
        for name in LAYERS
    }
    return People.from_arrays(own, scenario), Network(**layers)


def _prune(folder: Path) -> None:
    """Remove the oldest files beyond the number to be kept, and what killed writers left."""
    files = sorted(folder.glob("*.arrays"), key=lambda file: file.stat().st_mtime, reverse=True)
    newest = files[0].stat().st_mtime
    left = [x for x in folder.glob(f"{PARTIAL}*") if newest - x.stat().st_mtime > A_DAY_S]
    for file in [*files[N_KEPT:], *left]:
        file.unlink(missing_ok=True)
