"""Building 250,000 people and their ties: cold with compilation, warm, and from the cache.

The cold build runs in a fresh process with an empty cache folder; `warm` repeats it there; the
cached one is read by a second process. No ghosts: every name has ties.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

MEASURE = """
import resource, sys
from time import perf_counter
import standfast as sf
from standfast.network.cache import people_and_network
from standfast.network.ties import build_network, squad_layer
from standfast.population.people import build_people

def seconds(label, build):
    began = perf_counter()
    made = build()
    print(f"{label:34}{perf_counter() - began:7.2f} s")
    return made

def full_size():
    scenario = sf.load("garrison")
    forces = {
        f"force-{i}": force.model_copy(update={"paper": 12_500, "ghosts": 0.0})
        for i, force in enumerate([next(iter(scenario.forces.values()))] * 20)
    }
    return scenario.model_copy(update={"forces": forces})

scenario = full_size()
if sys.argv[1] == "build":
    people = seconds("people, with compilation", lambda: build_people(scenario, 1))
    seconds("ties, with compilation", lambda: build_network(scenario, people, 1))
    people = seconds("people", lambda: build_people(scenario, 1))
    network = seconds("ties", lambda: build_network(scenario, people, 1))
    squads = squad_layer(people)
    print(f"{people.n_agent:,} people; {network.n_edge:,} edges, and {squads.n_edge:,} in squads")
    seconds("both, and into the cache", lambda: people_and_network(scenario, 1))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory':34}{memory:7.0f} MB")
else:
    seconds("both, from the cache", lambda: people_and_network(scenario, 1))
"""


def main() -> None:
    """Print what each way of building takes, in processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"STANDFAST_CACHE": folder}
        for what in ("build", "load"):
            subprocess.run([sys.executable, "-c", MEASURE, what], env=environment, check=True)


if __name__ == "__main__":
    main()
