"""Which assumed values, moved within their range, flip the verdict or the ranking of measures.

On `garrison`, one value at a time at both ends of its prior (or, where none is stated, of half to one and
a half times the value), with nothing and with each of some measures, on paired runs. Writes
docs/validation/changes-our-mind.json and .md.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import standfast as sf
from machine import ROOT, circumstances
from standfast.experiment.axes import place_at
from standfast.experiment.calibration.priors import read_parameters
from standfast.experiment.measures import read_measure
from standfast.experiment.outlook import look_at
from standfast.experiment.paired import mean_change
from standfast.experiment.trials import Means, run_requests, world

if TYPE_CHECKING:
    import pandas as pd

    from standfast.scenario.model import Scenario

FOLDER = ROOT / "docs" / "validation"
CASE, NOTHING = "garrison", "nothing"
MEASURES = ("keep-leaders", "answer-calls", "move-families")
#: assumed values that the sources leave widest, by short name
VALUES = (
    "commitment",
    "weight_fear",
    "weight_family",
    "contagion_rate",
    "attacker_power",
)
#: share of the garrison; whoever saves less saves little
LITTLE = 0.05
#: ends of a prior: its quantiles
ENDS = {"low": 0.05, "high": 0.95}


def points(scenario: Scenario) -> dict[str, tuple[float | None, Scenario]]:
    """Return the scenario as it is and with each value at each end, by name."""
    found: dict[str, tuple[float | None, Scenario]] = {"as it is": (None, scenario)}
    for parameter in read_parameters(VALUES, scenario):
        for end, share in ENDS.items():
            value = float(parameter.at(share))
            found[f"{parameter.name} {end}"] = value, place_at(scenario, [parameter.axis], [value])
    return found


def worlds(scenario: Scenario) -> dict[str, Scenario]:
    """Return the scenario with nothing and with each measure."""
    return {NOTHING: scenario} | {
        name: read_measure(name, scenario).apply(scenario) for name in MEASURES
    }


def ranking(runs: pd.DataFrame, point: str, outlook: Any) -> dict[str, Any]:
    """Return what comes of a point: the verdict, what each measure saves, and in which order."""
    base = world(runs, f"{point}/{NOTHING}")
    saves, gone = {}, {}
    for name in MEASURES:
        other = world(runs, f"{point}/{name}")
        gone[name] = outlook.gone(other)
        change = mean_change(gone[name], outlook.gone(base))
        saves[name] = [change.value, change.low, change.high]
    order = sorted(MEASURES, key=lambda name: -saves[name][0])
    return {
        "collapse": float(outlook.came(base).mean()),
        "share_gone": float(outlook.gone(base).mean()),
        "saves": saves,
        "order": order,
        "surely": [
            [a, b] for a, b in combinations(order, 2) if mean_change(gone[a], gone[b]).low > 0
        ],
    }


def changed(point: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """Return what a point turns over: the verdict, the best measure, or a pair that was sure."""
    turned = [pair for pair in base["surely"] if pair[::-1] in point["surely"]]
    return {
        "verdict": (point["collapse"] >= 0.5) != (base["collapse"] >= 0.5),
        "best": bool(set(map(tuple, turned)) & {(base["order"][0], b) for b in MEASURES}),
        "pairs": turned,
    }


def hopeless(found: dict[str, Any]) -> str:
    """Write where no measure saves much, so that an order of measures says nothing."""
    little = [name for name, each in found.items() if each["saves"][each["order"][0]][0] < LITTLE]
    if not little:
        return ""
    return (
        f" With {', '.join(little)} no measure saves {100 * LITTLE:.0f} points: what changes there is not the order of "
        "measures but whether any helps."
    )


def page(found: dict[str, Any], about: dict[str, object], asked: argparse.Namespace) -> str:
    """Write the page."""
    base = found["as it is"]
    best = ", ".join(f"{name} ({100 * base['saves'][name][0]:.0f})" for name in base["order"])
    flips = [p for p, each in found.items() if p != "as it is" and each["changed"]["verdict"]]
    turns = [p for p, each in found.items() if p != "as it is" and each["changed"]["pairs"]]
    text = (
        "<!-- Written by tools/change_minds.py. -->\n\n# What would change our mind\n\n"
        f"On `{CASE}`, {asked.replicates} paired replicates, seed {asked.seed}, commit {about['commit']}. Each assumed value "
        "is moved alone to the 5 % and 95 % point of its prior (half to one and a half times the value, where "
        "no prior is stated), with nothing and with each of three measures at full size.\n\n"
        f"As it is, {base['collapse']:.0%} of the runs end in total collapse of the city. Points of the "
        f"garrison saved by each measure: {best}.\n\n"
        f"Of {len(found) - 1} moves, {len(flips)} flip the verdict (whether total collapse comes in half of the "
        f"runs), and {len(turns)} turn over a pair of measures of which one was surely better, so that the other "
        "surely is. *Surely* is with 95 % confidence for each pair; with so many pairs a few in a hundred come by "
        f"chance.{hopeless(found)}\n\n| moved | to | total collapse | gone | best measure (points saved) | flips the verdict | turns over |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    for name, each in found.items():
        turned = "; ".join(f"{b} over {a}" for a, b in each["changed"]["pairs"])
        first = each["order"][0]
        value = "" if each["value"] is None else f"{each['value']:.3g}"
        text += (
            f"| {name} | {value} | {each['collapse']:.0%} | {each['share_gone']:.0%} | {first} "
            f"({100 * each['saves'][first][0]:.0f}) | {'**yes**' if each['changed']['verdict'] else ''} | {turned} |\n"
        )
    return text


def main() -> int:
    """Run every point and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--store", type=Path)
    asked = parser.parse_args()
    scenario = sf.load(CASE)
    outlook = look_at(scenario)
    each = points(scenario)
    requests = (
        sf.RunRequest(made, asked.seed, k, f"{point}/{name}")
        for point, (_, moved) in each.items()
        for name, made in worlds(moved).items()
        for k in range(asked.replicates)
    )
    runs = run_requests(
        requests, Means(asked.seed, asked.threads, progress=True, store=asked.store)
    ).table
    found = {
        point: {"value": value, **ranking(runs, point, outlook)}
        for point, (value, _) in each.items()
    }
    for one in found.values():
        one["changed"] = changed(one, found["as it is"])
    about = circumstances()
    kept = {
        "circumstances": about,
        "replicates": asked.replicates,
        "seed": asked.seed,
        "points": found,
    }
    (FOLDER / "changes-our-mind.json").write_text(
        json.dumps(kept, indent=1, default=np.ndarray.tolist) + "\n", encoding="utf-8"
    )
    (FOLDER / "changes-our-mind.md").write_text(page(found, about, asked), encoding="utf-8")
    print(page(found, about, asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
