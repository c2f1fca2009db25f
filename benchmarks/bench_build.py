"""Building people and ties at full size, without the cache: seconds and edges."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import standfast as sf  # noqa: E402
from machine import circumstances  # noqa: E402 - found by the line above
from standfast.network.ties import build_network  # noqa: E402
from standfast.population.people import build_people  # noqa: E402


def build(name: str, seed: int) -> dict[str, object]:
    """Build once and return what it took."""
    scenario = sf.load(name)
    began = perf_counter()
    people = build_people(scenario, seed)
    drawn = perf_counter()
    network = build_network(scenario, people, seed)
    tied = perf_counter()
    return {
        "scenario": name, "n_agent": people.n_agent, "n_edge": network.n_edge,
        "people_s": drawn - began, "ties_s": tied - drawn,
    }  # fmt: skip


def main() -> None:
    """Compile with a small case, then measure the large one three times."""
    build("garrison", 1)
    rows = [build("mosul-2014", seed) for seed in (1, 2, 3)]
    for row in rows:
        print(
            f"{row['n_agent']:,} people in {row['people_s']:.2f} s, {row['n_edge']:,} edges in {row['ties_s']:.2f} s"
        )
    target = ROOT / "benchmarks" / "results" / "build.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(
        json.dumps({"circumstances": circumstances(), "builds": rows}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
