"""What other programs gave is read from `data/`, which `tools/peers` writes; people get given ties."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from standfast.engine.compile import Plan, compile_plan
from standfast.network.chain import build_chain
from standfast.network.layer import Layer, layer_from_edges
from standfast.network.ties import Network
from standfast.population.people import build_people

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.scenario.model import Scenario

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Stored:
    """What another program gave: how it was made, and its arrays."""

    made: dict[str, Any]
    arrays: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    @property
    def program(self) -> str:
        """Name and version."""
        name, version = next(iter(self.made["versions"].items()))
        return f"{name} {version}"


def load(name: str, folder: Path = DATA) -> Stored:
    """Read the outputs of another program; they must be the ones that were described."""
    file = folder / f"{name}.npz"
    made = json.loads((folder / f"{name}.json").read_text())
    assert hashlib.sha256(file.read_bytes()).hexdigest() == made["sha256"], f"{file} was changed"
    with np.load(file) as arrays:
        return Stored(made, dict(arrays))


@pytest.fixture(scope="module")
def stored() -> Callable[[str], Stored]:
    return load


def given(scenario: Scenario, *, edges: np.ndarray | None = None, **traits: np.ndarray) -> Plan:
    """Compile a scenario for people with given traits, tied by phone as given and in no other way."""
    people = replace(build_people(scenario, 1), **traits)
    none = np.zeros(0, np.int32)
    nobody = layer_from_edges(people.n_agent, none, none)
    first, second = (none, none) if edges is None else edges.T.astype(np.int32)
    phone: Layer = layer_from_edges(people.n_agent, first.copy(), second.copy())
    network = Network(phone=phone, kin=nobody, chain=build_chain(people))
    return compile_plan(scenario, 1, people=people, network=network)


@pytest.fixture(scope="module")
def compiled() -> Callable[..., Plan]:
    return given
