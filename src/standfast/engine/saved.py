"""A simulation to a file and back: what of it is written, and how it is put together again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.engine import snapshot
from standfast.engine.branch import COUNTERS, recorded_arrays, written_arrays
from standfast.engine.chronicle import Chronicle
from standfast.engine.simulation import Simulation
from standfast.errors import StoreError
from standfast.scenario.dump import dump_yaml
from standfast.scenario.load import read_document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CHRONICLE = "chronicle."


def save_simulation(sim: Simulation, path: Path) -> Path:
    """Write a simulation as it stands; see `Simulation.save`."""
    run = sim.run
    about = {
        "seed": sim.seed,
        "replicate": sim.replicate,
        "counters": {name: int(getattr(run, name)) for name in COUNTERS},
        "attacking": sorted(run.scene.attacking),
        "injected": [[hour, item] for hour, item in sim.injected],
        "original": [len(sim.original.events), len(sim.original.interventions)],
        "people": snapshot.fingerprint(run.plan.people),
    }
    arrays = stored_arrays(sim) | _prefixed(_CHRONICLE, sim.chronicle.to_arrays())
    snapshot.write(path, about, dump_yaml(sim.scenario), arrays)
    return path


def load_simulation(path: Path) -> Simulation:
    """Return a simulation that was saved; see `Simulation.load`."""
    about, text, stored = snapshot.read(path)
    scenario = read_document(text.encode(), ".yaml", path.name).scenario
    sim = Simulation(scenario, about["seed"], about["replicate"])
    if snapshot.fingerprint(sim.run.plan.people) != about["people"]:
        says = "was made with other people than this version builds from its scenario and seed"
        raise StoreError(path, says, "Run its scenario again.")
    snapshot.restore(path, about, stored, stored_arrays(sim))
    for name, value in about["counters"].items():
        setattr(sim.run, name, value)
    sim.run.scene.attacking = set(about["attacking"])
    told = {
        name.removeprefix(_CHRONICLE): snapshot.take(about, stored, name)
        for name in stored
        if name.startswith(_CHRONICLE)
    }
    n_event, n_measure = about["original"]
    original = scenario.model_copy(
        update={
            "events": scenario.events[:n_event],
            "interventions": scenario.interventions[:n_measure],
        }
    )
    injected = tuple((hour, item) for hour, item in about["injected"])
    sim.remember(Chronicle.from_arrays(told), original, injected)
    return sim


def stored_arrays(sim: Simulation) -> dict[str, Any]:
    """Return every array of a simulation that changes as it advances, by name."""
    state = _prefixed("state.", written_arrays(sim.run))
    return state | _prefixed("record.", dict(recorded_arrays(sim.record)))


def _prefixed(prefix: str, arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}{key}": array for key, array in arrays.items()}
