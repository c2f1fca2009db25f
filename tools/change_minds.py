"""Which assumed values, moved within their range, flip the verdict or the ranking of measures.

On `garrison` and on Mosul 2014 cut down as for the calibration: every behavioural parameter that is assumed
or judged, one at a time at both ends of its prior (or, where none is stated, of half to one and a half times the
value), with nothing and with each of some measures, on paired runs. Writes docs/validation/changes-our-mind.json
and .md.
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
from calibrate_shipped import SHARE
from calibrate_shipped import cases as fitted_cases
from machine import ROOT, circumstances
from standfast.engine.behaviour import parameters
from standfast.errors import ScenarioError
from standfast.experiment.axes import place_at
from standfast.experiment.calibration.priors import read_parameters
from standfast.experiment.measures import read_measure
from standfast.experiment.outlook import look_at
from standfast.experiment.paired import mean_change
from standfast.experiment.trials import Means, run_requests, world

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from standfast.experiment.calibration.priors import Parameter
    from standfast.scenario.model import Scenario

FOLDER = ROOT / "docs" / "validation"
NOTHING, AS_IT_IS = "nothing", "as it is"
MEASURES = ("keep-leaders", "answer-calls", "move-families")
#: grades of values that no source gives: judged, and assumed
WITHOUT_SOURCE = ("C", "D")
MOSUL = "mosul-2014"
#: share of the garrison; whoever saves less saves little
LITTLE = 0.05
#: names that a sentence holds at most
MANY = 12
#: ends of a prior: its quantiles
ENDS = {"low": 0.05, "high": 0.95}


def cases() -> dict[str, Scenario]:
    """Return the two cases by name."""
    return {"garrison": sf.load("garrison"), MOSUL: fitted_cases()[MOSUL]}


def without_source(scenario: Scenario) -> list[Parameter]:
    """Return the behavioural parameters that are judged or assumed and can be moved at all."""
    found = []
    for family, name, _, _, _ in parameters(scenario):
        part = getattr(scenario.behaviour, family)
        extra: Any = type(part).model_fields[name].json_schema_extra
        if extra["grade"] in WITHOUT_SOURCE:
            try:
                found += read_parameters([f"behaviour.{family}.{name}"], {"": scenario})
            except ScenarioError:
                continue  # it is 0 and states no prior
    return found


def points(scenario: Scenario) -> dict[str, tuple[float | None, Scenario]]:
    """Return the scenario as it is and with each value at each end, by name; what does not go together is left out."""
    found: dict[str, tuple[float | None, Scenario]] = {AS_IT_IS: (None, scenario)}
    for parameter in without_source(scenario):
        for end, share in ENDS.items():
            value = float(parameter.at(share))
            try:
                moved = place_at(scenario, [parameter.axis], [value])
            except ScenarioError:
                continue  # it does not go together with the other values
            name = parameter.name.removeprefix("behaviour.").partition(".")[2]
            found[f"{name} {end}"] = value, moved
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
    """Return what a point turns over: the best measure, or a pair that was sure; of the verdict `confirm` tells."""
    turned = [pair for pair in base["surely"] if pair[::-1] in point["surely"]]
    return {
        "verdict": False,
        "best": bool(set(map(tuple, turned)) & {(base["order"][0], b) for b in MEASURES}),
        "pairs": turned,
    }


def confirm(
    scenario: Scenario,
    each: Mapping[str, tuple[float | None, Scenario]],
    found: dict[str, Any],
    asked: argparse.Namespace,
) -> None:
    """Run again, longer, where collapse seemed more or less frequent, and note what surely turns the verdict over."""
    outlook = look_at(scenario)
    few = found[AS_IT_IS]["collapse"]
    seem = [name for name, point in found.items() if name == AS_IT_IS or point["collapse"] != few]
    requests = (
        sf.RunRequest(each[name][1], asked.seed, k, f"{name}/{NOTHING}")
        for name in seem
        for k in range(asked.confirm)
    )
    runs = run_requests(requests, Means(asked.seed, asked.threads, progress=True)).table
    came = {name: outlook.came(world(runs, f"{name}/{NOTHING}")).astype(float) for name in seem}
    for name in seem:
        share, base = came[name].mean(), came[AS_IT_IS].mean()
        change = mean_change(came[name], came[AS_IT_IS])
        found[name]["confirmed"] = float(share)
        crosses = (share >= 0.5) != (base >= 0.5)
        found[name]["changed"]["verdict"] = bool(crosses and (change.low > 0 or change.high < 0))


def hopeless(moves: dict[str, Any]) -> str:
    """Write where no measure saves much, so that an order of measures says nothing."""
    little = [name for name, each in moves.items() if each["saves"][each["order"][0]][0] < LITTLE]
    if not little:
        return ""
    which = ", ".join(little) if len(little) < MANY else f"{len(little)} of them"
    return (
        f" With {which} no measure saves {100 * LITTLE:.0f} points: what changes there is not the order of "
        "measures but whether any helps."
    )


def row_of(name: str, each: dict[str, Any]) -> str:
    """Write a row of the table."""
    turned = "; ".join(f"{b} over {a}" for a, b in each["changed"]["pairs"])
    first = each["order"][0]
    value = "" if each["value"] is None else f"{each['value']:.3g}"
    flips = "**yes**" if each["changed"]["verdict"] else ""
    return (
        f"| {name} | {value} | {each['confirmed']:.0%} | {each['share_gone']:.0%} | {first} "
        f"({100 * each['saves'][first][0]:.0f}) | {flips} | {turned} |\n"
    )


def section(case: str, found: dict[str, Any]) -> str:
    """Write what moves turn over in one case: a row for each that turns anything."""
    base = found[AS_IT_IS]
    moves = {name: each for name, each in found.items() if name != AS_IT_IS}
    flips = [name for name, each in moves.items() if each["changed"]["verdict"]]
    turns = [name for name, each in moves.items() if each["changed"]["pairs"]]
    best = ", ".join(f"{name} ({100 * base['saves'][name][0]:.0f})" for name in base["order"])
    text = (
        f"\n## `{case}`\n\nAs it is, {base['confirmed']:.0%} of the runs end in total collapse of the main place. Points "
        f"of its force saved by each measure: {best}.\n\n"
        f"Of {len(moves)} moves, {len(flips)} surely flip the verdict (whether total collapse comes in half of the runs), and "
        f"{len(turns)} turn over a pair of measures of which one was surely better, so that the other surely is."
        f"{hopeless(moves)}\n\n"
        "| moved | to | total collapse | gone | best measure (points saved) | flips the verdict | turns over |\n"
        "|---|---|---|---|---|---|---|\n" + row_of(AS_IT_IS, base)
    )
    return text + "".join(row_of(name, moves[name]) for name in moves if name in {*flips, *turns})


def page(found: dict[str, Any], about: dict[str, object], asked: argparse.Namespace) -> str:
    """Write the page."""
    text = (
        "<!-- Written by tools/change_minds.py. -->\n\n# What would change our mind\n\n"
        f"Commit {about['commit']}, {asked.replicates} paired replicates, seed {asked.seed}. Every behavioural "
        "parameter that no source gives (grades C and D) is moved alone to the 5 % and 95 % point of its prior (half "
        "to one and a half times the value, where no prior is stated), with nothing and with each of three measures "
        f"at full size. Mosul 2014 is [cut down](calibration.md) to {SHARE:.0%} of its people and the road to Samarra. "
        f"Where collapse comes more or less often than as it is, {asked.confirm} replicates say whether the verdict flips. "
        "*Surely* is with 95 % confidence for each pair; with so many pairs a few in a hundred come by chance. "
        "Listed are the moves that turn something over; all are in `changes-our-mind.json` beside this page. "
        "Values moved together can turn over more.\n"
    )
    return text + "".join(section(case, each) for case, each in found.items())


def turned_over(case: str, scenario: Scenario, asked: argparse.Namespace) -> dict[str, Any]:
    """Run every point of a case and return what comes of each."""
    outlook = look_at(scenario)
    each = points(scenario)
    requests = (
        sf.RunRequest(made, asked.seed, k, f"{point}/{name}")
        for point, (_, moved) in each.items()
        for name, made in worlds(moved).items()
        for k in range(asked.replicates)
    )
    store = None if asked.store is None else asked.store / case
    runs = run_requests(
        requests, Means(asked.seed, asked.threads, progress=True, store=store)
    ).table
    found = {
        point: {"value": value, **ranking(runs, point, outlook)}
        for point, (value, _) in each.items()
    }
    for one in found.values():
        one["changed"] = changed(one, found[AS_IT_IS])
    confirm(scenario, each, found, asked)
    return found


def main() -> int:
    """Run both cases and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=6)
    parser.add_argument("--confirm", type=int, default=24, help="replicates of what seems to flip")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--store", type=Path)
    asked = parser.parse_args()
    about = circumstances()
    found = {case: turned_over(case, scenario, asked) for case, scenario in cases().items()}
    kept = {
        "circumstances": about,
        "replicates": asked.replicates,
        "seed": asked.seed,
        "cases": found,
    }
    (FOLDER / "changes-our-mind.json").write_text(
        json.dumps(kept, default=np.ndarray.tolist) + "\n", encoding="utf-8"
    )
    (FOLDER / "changes-our-mind.md").write_text(page(found, about, asked), encoding="utf-8")
    print(page(found, about, asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
