"""Measure the facts of the world on Mosul 2014 and write down which hold.

Nothing is tuned here and nothing is hidden: each number stands beside its window, inside or not.
Writes docs/validation/facts.json and facts.md; why a fact fails is said in docs/validation/failing.md. With
`--values FILE`, as tools/search_facts.py writes them, it measures those in place of what is shipped and writes
fitted.json and fitted.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import standfast as sf
from calibration_cases import along, scaled
from machine import ROOT, circumstances
from search_facts import begin, with_behaviour
from standfast.validation.fact import HOLDS, UNKNOWN
from standfast.validation.facts import FACTS

if TYPE_CHECKING:
    import pandas as pd

FOLDER = ROOT / "docs" / "validation"
CASE = "mosul-2014"
#: of the people of the smaller case
SHARE = 0.1
#: worlds whose places are listed
LISTED = ("as it is", "answered", "unexposed", "doubled")


def number(value: float | None) -> str:
    """Write a number of the summary, in which what is infinite is null."""
    return "never" if value is None else f"{value:.3g}"


def fact_rows(facts: dict[str, dict[str, Any]]) -> str:
    """Write a row for every number."""
    text = ""
    for fact in FACTS:
        one = facts[fact.id]
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


def page(kept: dict[str, Any], runs: pd.DataFrame) -> str:
    """Write the page of facts."""
    about, facts = kept["circumstances"], kept["facts"]
    counts = {one: sum(each["holds"] == one for each in facts.values()) for one in (HOLDS, UNKNOWN)}
    small = ""
    if kept["cut_down"]:
        small = (
            f" {', '.join(kept['cut_down'])}: on the road from Mosul to Samarra and the reserves of the capital, "
            f"with {SHARE:.0%} of the people and fighters, as a search at full size takes many runs."
        )
    title, which, why = (
        "Facts of the world",
        "parameters as shipped",
        "The parameters were [chosen with most of these facts in view](calibration.md), so that agreement shows "
        "that one set can do it, and proves nothing more. Why the others fail is [said here](failing.md).",
    )
    if kept["values"]:
        title, which = (
            "Facts of the world under fitted values",
            "parameters as [fitted](calibration.md)",
        )
        why = "The values were fitted to several of them, so that agreement is no proof."
    text = (
        f"<!-- Written by tools/validate.py. -->\n\n# {title}\n\n"
        f"Of {len(FACTS)} facts {counts[HOLDS]} hold, {len(FACTS) - sum(counts.values())} do not, and "
        f"{counts[UNKNOWN]} cannot be measured. {why}\n\n"
        f"Case {CASE} at full size, {kept['replicates']} replicates of every world, seed {kept['seed']}, "
        f"{which}.{small} standfast {about['standfast']}, commit {about['commit']}, "
        f"{about['cores']} cores ({about['processor']}).\n\n"
        "Medians over replicates with a 95 % interval from order statistics, and shares with Wilson's. A fact "
        "holds when every number lies in its window; *not surely* where an interval reaches over a bound that "
        "would change that. S01 to S14 come from the source article, L01 to L10 from the literature; the "
        "definitions are in `standfast.validation`, and `standfast validate SCENARIO` measures them on any "
        "case.\n\n| fact | measure | measured | window | holds |\n|---|---|---|---|---|\n"
    )
    text += fact_rows(facts)
    if kept["values"]:
        text += "\n## Values\n\n| parameter | fitted | shipped |\n|---|---:|---:|\n"
        shipped = begin(None)
        text += "".join(
            f"| `{name}` | {value:g} | {shipped[name]:g} |\n"
            for name, value in kept["values"].items()
        )
    for world in LISTED:
        own = runs[runs["label"] == world]
        if len(own):
            text += f"\n## {world.capitalize()}\n\n{len(own)} replicates.\n\n{place_rows(own)}"
    return text


def main() -> int:
    """Run every world and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--store", type=Path, help="keeps finished runs, to go on after a stop")
    parser.add_argument(
        "--cut-down", nargs="*", default=[], metavar="ID", help="facts to measure on a smaller case"
    )
    parser.add_argument(
        "--values", dest="fitted", type=Path, help="behavioural values to measure with"
    )
    asked = parser.parse_args()
    values = json.loads(asked.fitted.read_text())["values"] if asked.fitted else {}
    case = with_behaviour(sf.load(CASE), values)
    whole = [fact.id for fact in FACTS if fact.id not in asked.cut_down]
    found = sf.validate(
        case, asked.replicates, asked.seed, facts=whole, threads=asked.threads, store=asked.store,
        progress=False,
    )  # fmt: skip
    facts = found.summary["facts"]
    if asked.cut_down:
        small = scaled(along(case), SHARE)
        more = sf.validate(
            small, max(asked.replicates, 20), asked.seed, facts=asked.cut_down, progress=False
        )
        facts |= more.summary["facts"]
    kept = {
        "circumstances": circumstances(),
        "replicates": asked.replicates,
        "seed": asked.seed,
        "cut_down": asked.cut_down,
        "values": values,
        "facts": {fact.id: facts[fact.id] for fact in FACTS},
    }
    name = "fitted" if values else "facts"
    (FOLDER / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (FOLDER / f"{name}.md").write_text(page(kept, found.runs), encoding="utf-8")
    print(page(kept, found.runs).partition("\n## ")[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
