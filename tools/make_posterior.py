"""Write down what the calibration came to, and ship its draws.

Reads build/calibration/STEP, as `tools/calibrate_shipped.py` leaves it, for the steps posterior, again and rivals.
Writes docs/validation/posterior.json and posterior.md, and the netCDF that `--parameters posterior` reads.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import standfast as sf
from calibrate_shipped import OUT, STEPS
from machine import ROOT, circumstances
from standfast.experiment.drawn import SHIPPED, draws_file
from standfast.experiment.outlook import main_place
from standfast.experiment.vary import find_axis

FOLDER = ROOT / "docs" / "validation"
KEPT = FOLDER / "posterior.json"
#: at full size, to see what the doubt about parameters means
RUN_OVER = ("garrison", "mosul-2014")
#: standard errors beyond which two calibrations are not the same, for some parameter among ten
_APART = 3.0
#: p-value below which ranks are called uneven
_UNEVEN = 0.01


def last_accepted(step: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of a parameter in the last generation of the model as it is, and their weights."""
    rows = pd.read_parquet(step / "candidates.parquet")
    rows = rows[rows["model"] == "as it is"]
    rows = rows[(rows["generation"] == rows["generation"].max()) & rows["accepted"]]
    raw = np.exp(rows["log_weight"].to_numpy())
    return rows[name].to_numpy(), raw / raw.sum()


def mean_and_error(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return a weighted mean and its standard error, with as many equal draws as the weights leave.

    Examples
    --------
    >>> mean_and_error(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    (2.0, 0.7071067811865475)
    """
    mean = float((weights * values).sum())
    variance = float((weights * (values - mean) ** 2).sum())
    return mean, math.sqrt(variance * float((weights**2).sum()))


def seeds_apart(first: Path, second: Path, names: list[str]) -> list[dict[str, Any]]:
    """Return for each parameter how far two calibrations are apart, in standard errors of the difference."""
    table = []
    for name in names:
        (one, wide), (other, wider) = (
            mean_and_error(*last_accepted(x, name)) for x in (first, second)
        )
        apart = (one - other) / math.hypot(wide, wider)
        table.append({"parameter": name, "first": one, "second": other, "apart": apart})
    return table


def summary(step: Path) -> dict[str, Any]:
    """Return what a step found."""
    return dict(json.loads((step / "summary.json").read_text()))


def gather(folder: Path) -> dict[str, Any]:
    """Return everything that the page is made of."""
    first, second, rivals = (folder / name for name in STEPS)
    found = summary(first)
    names = [row["parameter"] for row in found["parameters"]]
    provenance = json.loads((first / "provenance.json").read_text())
    return {
        "circumstances": provenance["model"] | circumstances(),
        "posterior": found,
        "again": seeds_apart(first, second, names),
        "again_settings": summary(second)["settings"],
        "again_within": summary(second)["within"],
        **rivals_of(rivals, provenance["model"]["code"]),
    }


def rivals_of(step: Path, code: str) -> dict[str, Any]:
    """Return what the rivals came to, and the model that ran them; what was kept where they were not run again."""
    if step.exists():
        return {"rivals": summary(step), "rivals_code": code}
    before = json.loads(KEPT.read_text())
    return {
        "rivals": before["rivals"],
        "rivals_code": before.get("rivals_code", before["circumstances"]["code"]),
    }


def span(low: float, high: float) -> str:
    """Write an interval."""
    return f"{low:.3g} to {high:.3g}"


def table(head: str, rows: list[str]) -> str:
    """Write a table; columns are divided by bars."""
    columns = head.count("|") + 1
    return f"| {head} |\n|{'---|' * columns}\n" + "".join(f"| {row} |\n" for row in rows)


def _rival(row: dict[str, Any], within: float) -> str:
    chance = f"{row['chance']:.2g}" if row["near"] else f"none of {row['candidates']:,}"
    worse = "1" if row["factor"] == 1 else f"more than {row['factor_low']:.2g}"
    if row["near"] and row["factor"] != 1:
        worse = f"{row['factor']:.2g} ({span(row['factor_low'], row['factor_high'])})"
    told = "as the first" if row["reached"] <= within else f"{row['reached']:.2f}"
    return f"{row['model']} | {chance} | {worse} | {told}"


def page(kept: dict[str, Any], defaults: dict[str, tuple[float, float]]) -> str:
    """Write the page."""
    found, about = kept["posterior"], kept["circumstances"]
    settings, rivals = found["settings"], kept["rivals"]
    own = sum("/" in row["parameter"] for row in found["parameters"])
    text = (
        "<!-- Written by tools/make_posterior.py from what tools/calibrate_shipped.py found. -->\n\n# The posterior\n\n"
        f"{len(found['parameters']) - own} behavioural parameters and {own} facts of one case, fitted to {len(found['targets'])} "
        f"numbers by {found['candidates']:,} candidates in {len(found['generations'])} generations of ABC-SMC, "
        f"{settings['population']} accepted in each, seed 1; it ended as {found['stopped']}. The last generation came within "
        f"{found['within']:.2f} scales on average and counts as {found['effective']:.0f} equal draws. {_history(found)}All other values are "
        "[as shipped](calibration.md); what the cases are, and what was looked at beside the targets, is said there.\n\n"
        f"standfast {about['standfast']}, model {about['code']}, commit {about['commit']}, {about['processor']}.\n\n"
        "`standfast run SCENARIO --parameters posterior` runs an ensemble over its draws, a draw a replicate.\n\n"
        "## What it reproduces\n\n"
    )
    text += table(
        "target | wanted | posterior, median (5 to 95 %) | within one scale",
        [
            f"`{r['target']}` | {_wanted(r)}, scale {r['scale']:.2g} | "
            f"{r['median']:.3g} ({span(r['low'], r['high'])}) | {r['within_one_scale']:.0%}"
            for r in found["targets"]
        ],
    )
    text += "\n## What was learnt\n\nFive to 95 %. *Learnt* is how much narrower the posterior is than the prior. The last column is the "
    text += "share of the posterior below the shipped value: near 0 or 1, the point lies at its edge.\n\n"
    text += table(
        "parameter | prior | posterior, median | learnt | shipped | posterior below it",
        [
            f"`{r['parameter']}` | {span(r['prior_low'], r['prior_high'])} | {r['median']:.3g} ({span(r['low'], r['high'])}) | "
            f"{max(0.0, r['learnt']):.0%} | {_default(defaults, r['parameter'])}"
            for r in found["parameters"]
        ],
    )
    return text + shown_over_draws(kept["over_draws"]) + checks(kept) + "\n## Rivals\n\n" + (
        "The same targets and parameters, with something taken out, smaller: how probable it is that a model with values from its "
        "prior comes as near as the first one did "
        f"({rivals['compared_within']:.2f} scales), and how many times less than the model as it is (ABC Bayes factor, 95 %). It is "
        f"about these five numbers only. Run with model {kept['rivals_code']}.\n\n"
    ) + table(
        "model | chance of coming as near | times worse | came to within",
        [_rival(row, rivals["compared_within"]) for row in rivals["rivals"]],
    )  # fmt: skip


def _history(found: dict[str, Any]) -> str:
    waves = found["waves"]
    if not waves:
        return ""
    kept = ", ".join(f"{wave['kept']} of {wave['candidates']}" for wave in waves)
    return (
        f"It began where history matching by the mean-field twin had not ruled out: {kept} candidates passed its "
        f"{len(waves)} waves. "
    )


def _wanted(row: dict[str, Any]) -> str:
    low, high = row["wanted_low"], row["wanted_high"]
    return f"{low:.3g}" if low == high else span(low, high)


def _default(defaults: dict[str, tuple[float, float]], name: str) -> str:
    if name not in defaults:
        return " | "
    value, below = defaults[name]
    return f"{value:.3g} | {below:.0%}"


def checks(kept: dict[str, Any]) -> str:
    """Write whether another seed gives the same, and whether known values are recovered."""
    again, ranks = kept["again"], kept["posterior"]["ranks"]
    farthest = max(again, key=lambda row: abs(row["apart"]))
    off = [row["parameter"] for row in again if abs(row["apart"]) > _APART]
    uneven = [row["parameter"] for row in ranks if min(row["chi_square_p"], row["gap_p"]) < _UNEVEN]
    population = kept["again_settings"]["population"]
    text = (
        f"\n## Another seed\n\nThe same with seed 2 and {population} accepted, within {kept['again_within']:.2f} scales. Means of the two posteriors and their difference in standard "
        f"errors; farthest apart is `{farthest['parameter']}`, {abs(farthest['apart']):.1f}. "
        + (
            f"Farther than {_APART:g}: {', '.join(off)}."
            if off
            else f"None is farther than {_APART:g}."
        )
        + "\n\n"
    )
    text += table(
        "parameter | mean, seed 1 | mean, seed 2 | apart, standard errors",
        [
            f"`{r['parameter']}` | {r['first']:.3g} | {r['second']:.3g} | {r['apart']:+.1f}"
            for r in again
        ],
    )
    text += (
        f"\n## Known values recovered\n\nSimulation-based calibration: {ranks[0]['trials']} candidates from the prior, each in turn "
        "taken for the truth and ranked among the tenth of the others whose runs are nearest to its own. "
        + (
            f"Uneven at {_UNEVEN:g}: {', '.join(uneven)}."
            if uneven
            else f"No parameter's ranks are uneven at {_UNEVEN:g}."
        )
        + " It checks priors, simulator, measurements and targets together; the weights of generations are checked on models whose "
        "posterior is known, in the tests.\n\n"
    )
    return text + table(
        "parameter | mean rank | p, chi-square | p, largest gap",
        [
            f"`{r['parameter']}` | {r['mean_rank']:.2f} | {r['chi_square_p']:.2g} | {r['gap_p']:.2g}"
            for r in ranks
        ],
    )


def over_draws(replicates: int) -> list[dict[str, Any]]:
    """Run two scenarios at full size with the shipped point and over the draws; return what becomes of their main places."""
    found = []
    for name in RUN_OVER:
        place = main_place(sf.load(name))
        for what, parameters in (("point values", None), ("posterior", SHIPPED)):
            runs = sf.run(name, replicates, parameters=parameters, progress=False).runs
            low, median, high = runs[f"{place}.share_gone"].quantile([0.05, 0.5, 0.95])
            collapsed = float((runs[f"{place}.verdict"] == "total collapse").mean())
            row = {"scenario": name, "place": place, "with": what, "replicates": replicates}
            found.append(row | {"collapsed": collapsed, "low": low, "median": median, "high": high})
    return found


def shown_over_draws(rows: list[dict[str, Any]]) -> str:
    """Write what becomes of the main places."""
    return (
        f"\n## What the doubt means\n\n{rows[0]['replicates']} replicates at full size; over the posterior each has a draw of its own.\n\n"
    ) + table(
        "place | with | total collapse | share gone, median (5 to 95 %)",
        [
            f"{row['place']} in `{row['scenario']}` | {row['with']} | {row['collapsed']:.0%} | "
            f"{row['median']:.0%} ({row['low']:.0%} to {row['high']:.0%})"
            for row in rows
        ],
    )


def shipped_values(step: Path, rows: list[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    """Return the shipped value of each shared parameter, and the share of the posterior below it."""
    scenario = sf.load("mosul-2014")
    values = {}
    for row in rows:
        if "/" in row["parameter"]:
            continue
        value = find_axis(row["parameter"], scenario)[0].number(scenario)
        drawn, weights = last_accepted(step, row["parameter"])
        values[row["parameter"]] = value, float(weights[drawn < value].sum())
    return values


def main() -> int:
    """Gather, write and ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=OUT)
    parser.add_argument("--replicates", type=int, default=20)
    asked = parser.parse_args()
    kept = gather(asked.folder)
    shutil.copyfile(asked.folder / "posterior" / "posterior.nc", draws_file(SHIPPED))
    kept["over_draws"] = over_draws(asked.replicates)
    defaults = shipped_values(asked.folder / "posterior", kept["posterior"]["parameters"])
    KEPT.write_text(json.dumps(kept, indent=1) + "\n")
    FOLDER.joinpath("posterior.md").write_text(page(kept, defaults))
    return 0


if __name__ == "__main__":
    sys.exit(main())
