"""Count how many planted tables of persons are let in or repeated, and how many aggregates refused.

python tools/count_planted.py --out benchmarks/results/planted.json
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "system"))

from planted import GIVEN, aggregate, aggregate_table, plant

from standfast.errors import ScenarioError
from standfast.scenario.load import read_document
from standfast.scenario.privacy import check_no_table
from told import tell

ROOT = Path(__file__).resolve().parents[1]


def count(many: int, seed: int) -> dict[str, int]:
    """Return what came of so many planted files and so many aggregates.

    A planted file counts as missed unless it is refused as data about persons, whatever else may be
    wrong with it.
    """
    town = (ROOT / "tests" / "data" / "town.yaml").read_text(encoding="utf-8")
    draw = np.random.default_rng(seed)
    missed = echoed = refused = 0
    for _ in range(many):
        planted = plant(draw, town)
        told = refusal(planted.content, planted.suffix)
        missed += "single persons" not in told
        echoed += any(secret in told for secret in planted.secrets)
        if draw.random() < 0.5:
            refused += bool(refusal(aggregate(draw, town), ".yaml"))
        else:
            refused += bool(check_no_table(aggregate_table(draw)))
    return {"planted": many, "scripts": len(GIVEN), "missed": missed, "echoed": echoed,
            "aggregates": many, "refused aggregates": refused, "seed": seed}  # fmt: skip


def refusal(content: bytes, suffix: str) -> str:
    """Return how a file is refused; nothing when it is let in."""
    try:
        read_document(content, suffix, "file")
    except ScenarioError as error:
        return error.render() + repr(error.problems)
    return ""


def main() -> int:
    """Count, print, and return 1 beyond one in a hundred or when anything was repeated."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20140610)
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    found = count(wanted.many, wanted.seed)
    tell(found, wanted.out)
    most = 0.01 * wanted.many
    return int(found["missed"] > most or found["refused aggregates"] > most or found["echoed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
