"""Put each measure of a defender alone into two cases, and write the table of the guide.

Writes the rows between the marks in docs/guide/what-if.md. What the text says about them is not written
by this; it prints how often the city was lost, which the text counts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, get_args

import standfast as sf
from machine import ROOT
from standfast.scenario.interventions import Kind

if TYPE_CHECKING:
    import numpy as np

GUIDE = ROOT / "docs" / "guide" / "what-if.md"
BEGIN, END = "<!-- measures -->\n\n", "\n<!-- end of measures -->"
SEED = 1
#: case -> replicates, its city, and the columns of the table
CASES = {
    "garrison": (20, "city", ("city.share_gone",)),
    "mosul-2014": (8, "mosul", ("mosul.share_gone", "share_gone")),
}
BOTH = "`keep_leaders` and `answer_calls`"


def measures(city: str) -> dict[str, list[dict[str, Any]]]:
    """Return what is put in, by the name of its row."""
    options: dict[str, dict[str, Any]] = {
        "answer_calls": {"size": 0.9, "delay": "6 h", "battalions": 6},
        "reserves_ahead": {"battalions": 6, "to": city},
    }
    each = {kind: [{"kind": kind} | options.get(kind, {})] for kind in get_args(Kind)}
    named = {f"`{kind}`": put for kind, put in each.items()}
    return named | {BOTH: [*each["keep_leaders"], *each["answer_calls"]]}


def points(change: np.ndarray) -> str:
    """Write a mean in points of a hundred with its standard error, to the digit that the error bears."""
    mean, error = 100 * change.mean(), 100 * change.std(ddof=1) / math.sqrt(change.size)
    digits = 0 if error >= 3.95 else 1
    sign = "−" if round(mean, digits) < 0 else "+" if round(mean, digits) > 0 else ""
    return f"{sign}{abs(mean):.{digits}f} ± {error:.{digits}f}"


def columns(name: str) -> tuple[list[str], dict[str, tuple[list[str], float]]]:
    """Return what is gone with nothing, and for every measure what it changes and how it may be ordered."""
    replicates, city, wanted = CASES[name]
    scenario = sf.load(name)
    nothing = sf.run(scenario, replicates, seed=SEED, progress=False).runs
    found = {}
    for row, put in measures(city).items():
        runs = sf.run(
            scenario.with_({"interventions": put}), replicates, seed=SEED, progress=False
        ).runs
        changes = [(runs[column] - nothing[column]).to_numpy() for column in wanted]
        found[row] = [points(change) for change in changes], float(changes[0].mean())
        lost = int(runs[f"{city}.lost_at_h"].notna().sum())
        print(f"{name}, {row}: {found[row][0]}; city lost in {lost} of {replicates}, "
              f"places lost {runs['places_lost'].min()} to {runs['places_lost'].max()}", flush=True)  # fmt: skip
    return [f"*{100 * nothing[column].mean():.0f} %*" for column in wanted], found


def main() -> None:
    """Run everything and write the table."""
    without, found = zip(*(columns(name) for name in CASES), strict=True)
    rows = [
        "| measure | garrison: the city | `mosul-2014`: Mosul | `mosul-2014`: the whole |",
        "|---|---|---|---|",
    ]
    rows.append(f"| *nothing: gone* | {' | '.join(cell for cells in without for cell in cells)} |")
    order = sorted(found[0], key=lambda row: (row == BOTH, found[0][row][1]))
    rows += [
        f"| {row} | {' | '.join(cell for case in found for cell in case[row][0])} |"
        for row in order
    ]
    before, _, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    GUIDE.write_text(before + BEGIN + "\n".join(rows) + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
