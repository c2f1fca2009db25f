"""What became of the mutants, and the page about it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from machine import commit, processor

PAGE = Path(__file__).parents[2] / "docs" / "validation"
REASONS = Path(__file__).with_name("survivors.yaml")
GOAL = 0.95


@dataclass(frozen=True)
class Outcome:
    """A mutant, and what noticed it; None for a survivor."""

    module: str
    function: str
    line: int
    says: str
    found_by: str | None


def write_report(outcomes: list[Outcome], *, share: float, seconds: float) -> None:
    """Write the numbers and the survivors, each with its reason where one is known."""
    data = {
        "commit": commit(),
        "machine": processor(),
        "share": share,
        "seconds": round(seconds),
        "mutants": len(outcomes),
        "survivors": [asdict(x) for x in outcomes if x.found_by is None],
        "found_by": Counter(x.found_by or "nothing" for x in outcomes),
    }
    PAGE.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data, indent=1, ensure_ascii=False)
    (PAGE / "mutation.json").write_text(text + "\n", encoding="utf-8")
    (PAGE / "mutation.md").write_text(page(outcomes, data), encoding="utf-8")


def page(outcomes: list[Outcome], data: dict[str, object]) -> str:
    """Return the page: a table by kernel, then what survived."""
    reasons = yaml.safe_load(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    survivors = [x for x in outcomes if x.found_by is None]
    killed = 1 - len(survivors) / max(1, len(outcomes))
    lines = [
        "<!-- Written by tools/mutation. -->",
        "",
        "# The tests are tested",
        "",
        "Small faults are planted in the kernels one at a time: sums for differences, branches always or",
        "never taken, statements left out, numbers half as large again. A good suite notices nearly all.",
        "Every mutant is held against runs that the slow twin has confirmed, and what survives those",
        "against the tests of the kernels. Boundaries of comparisons are left as they are: at continuous",
        "quantities nobody could tell.",
        "",
        f"**{killed:.1%} of {len(outcomes):,} mutants are noticed** (goal: {GOAL:.0%}; "
        f"{data['share']:.0%} of all that there are; {data['seconds']} s on {data['machine']}, "
        f"commit {data['commit']}).",
        "",
        "| kernel | mutants | by the twin | by kernel tests | did not end | survive |",
        "|---|---|---|---|---|---|",
    ]
    for module in sorted({x.module for x in outcomes}):
        of = Counter(x.found_by for x in outcomes if x.module == module)
        cells = (sum(of.values()), of["twin"], of["kernel tests"], of["time"], of[None])
        lines.append(f"| {module} | " + " | ".join(map(str, cells)) + " |")
    lines += ["", "## Survivors", "", "| where | fault | why it is not noticed |", "|---|---|---|"]
    for x in sorted(survivors, key=lambda x: (x.module, x.line, x.says)):
        says = x.says.replace("|", "\\|").replace("\n", " ")[:120]
        reason = reason_for(x, reasons)
        lines.append(f"| {x.module}.{x.function}:{x.line} | `{says}` | {reason} |")
    return "\n".join(lines) + "\n"


def reason_for(outcome: Outcome, reasons: dict[str, dict[str, str]]) -> str:
    """Return the reason noted for a survivor: by function, and a part of what the fault says."""
    for part, reason in reasons.get(f"{outcome.module}.{outcome.function}", {}).items():
        if part == "*" or part in outcome.says:
            return reason
    return "**not explained**"
