"""Measure the facts of the world on Mosul 2014 and write down which hold.

Nothing is tuned here and nothing is hidden: each number stands beside its window, inside or not.
Writes docs/validation/facts.json and facts.md; why a fact fails is said in docs/validation/failing.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import standfast as sf
from machine import ROOT, circumstances
from standfast.validation.fact import HOLDS, UNKNOWN
from standfast.validation.facts import FACTS

if TYPE_CHECKING:
    import pandas as pd

    from standfast.experiment.answer import Answer

FOLDER = ROOT / "docs" / "validation"
CASE = "mosul-2014"
#: worlds whose places are listed
LISTED = ("as it is", "answered", "unexposed", "doubled")


def number(value: float | None) -> str:
    """Write a number of the summary, in which what is infinite is null."""
    return "never" if value is None else f"{value:.3g}"


def fact_rows(found: Answer) -> str:
    """Write a row for every number."""
    text = ""
    for fact in FACTS:
        one = found.summary["facts"][fact.id]
        holds = f"**{one['holds']}**" if one["holds"] not in (HOLDS, UNKNOWN) else one["holds"]
        holds += "" if one["sure"] or one["holds"] == UNKNOWN else ", not surely"
        head = f"{fact.id} {fact.says}: {fact.window}"
        if not one["parts"]:
            text += f"| {head} | {one['why']} | | | {holds} |\n"
        for k, part in enumerate(one["parts"]):
            unit = "" if part["unit"] == "1" else f" {part['unit']}"
            measured = (
                f"{number(part['value'])} ({number(part['low'])} to {number(part['high'])}){unit}"
            )
            if part["inside"] is None:
                measured = "not known"
            text += (
                f"| {head if k == 0 else ''} | {part['measure']} | {measured} | {part['wanted']} | "
                f"{holds if k == 0 else ''} |\n"
            )
    return text


def place_rows(runs: pd.DataFrame) -> str:
    """Write a row for every garrison of a world."""
    text = "| place | lost in | gone (median) | verdicts |\n|---|---|---|---|\n"
    for column in runs.columns:
        place, dot, last = column.rpartition(".")
        if not dot or last != "verdict" or runs[column].isna().all():
            continue
        shares = runs[column].value_counts(normalize=True)
        verdicts = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
        lost = runs[f"{place}.lost_at_h"].notna().mean()
        text += (
            f"| {place} | {lost:.0%} | {runs[f'{place}.share_gone'].median():.0%} | {verdicts} |\n"
        )
    return text


def page(found: Answer, about: dict[str, object], seed: int) -> str:
    """Write the page of facts."""
    counts = {
        one: sum(f["holds"] == one for f in found.summary["facts"].values())
        for one in (HOLDS, UNKNOWN)
    }
    text = (
        "<!-- Written by tools/validate.py. -->\n\n# Facts of the world\n\n"
        f"Of {len(FACTS)} facts {counts[HOLDS]} hold, {len(FACTS) - sum(counts.values())} do not, and "
        f"{counts[UNKNOWN]} cannot be measured. Why those fail is [said here](failing.md).\n\n"
        f"Case {CASE} at full size, {found.summary['replicates']} replicates of every world, seed {seed}, "
        f"parameters as shipped. standfast {about['standfast']}, commit {about['commit']}, {about['cores']} "
        f"cores ({about['processor']}).\n\n"
        "Medians over replicates with a 95 % interval from order statistics, and shares with Wilson's. A fact "
        "holds when every number lies in its window; *not surely* where an interval reaches over a bound that "
        "would change that. S01 to S14 come from the source article, L01 to L10 from the literature; the "
        "definitions are in `standfast.validation`, and `standfast validate SCENARIO` measures them on any "
        "case.\n\n| fact | measure | measured | window | holds |\n|---|---|---|---|---|\n"
    )
    text += fact_rows(found)
    for world in LISTED:
        runs = found.runs[found.runs["label"] == world]
        if len(runs):
            text += f"\n## {world.capitalize()}\n\n{len(runs)} replicates.\n\n{place_rows(runs)}"
    return text


def main() -> int:
    """Run every world and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--store", type=Path, help="keeps finished runs, to go on after a stop")
    asked = parser.parse_args()
    found = sf.validate(
        CASE, asked.replicates, asked.seed, threads=asked.threads, store=asked.store, progress=False
    )
    about = circumstances()
    kept = {"circumstances": about, **found.summary}
    (FOLDER / "facts.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (FOLDER / "facts.md").write_text(page(found, about, asked.seed), encoding="utf-8")
    print(page(found, about, asked.seed).partition("\n## ")[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
