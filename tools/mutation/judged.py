"""What became of the mutants, and the page about it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from machine import commit, processor

PAGE = Path(__file__).parents[2] / "docs" / "validation"
REASONS = Path(__file__).with_name("survivors.yaml")
GOAL = 0.95
UNEXPLAINED = "**not explained**"
HEAD = """<!-- Written by tools/mutation. -->

# The tests are tested

Small faults are planted one at a time: sums for differences, branches always or never taken,
statements left out, numbers half as large again. A good suite notices nearly all. Boundaries of
comparisons are left as they are: at continuous quantities nobody could tell.

A fault in the kernels is held against runs that the slow twin has confirmed (and against what the
kernels counted in them), and what survives those against the tests of the kernels. The twin shares people and ties with the engine, so that a fault in
the code of population and network is held against the tests of those.
"""


@dataclass(frozen=True)
class Outcome:
    """A mutant, and what noticed it; None for a survivor."""

    module: str
    function: str
    line: int
    says: str
    found_by: str | None


def write_report(room: str, outcomes: list[Outcome], *, share: float, seconds: float) -> None:
    """Write the numbers of one room beside those of the others, and the page of all."""
    data = known()
    modules = sorted({x.module for x in outcomes})
    data[room] = {
        "commit": commit(),
        "machine": processor(),
        "share": share,
        "seconds": round(seconds),
        "mutants": len(outcomes),
        "found_by": {
            m: Counter(x.found_by or "nothing" for x in outcomes if x.module == m) for m in modules
        },
        "survivors": [
            asdict(x)
            for x in sorted(outcomes, key=lambda x: (x.module, x.line, x.says))
            if x.found_by is None
        ],
    }
    write(data)


def renew_report(room: str, outcomes: list[Outcome]) -> None:
    """Write down which survivors of before are noticed now, by tests that came since.

    Faults that read alike on one line cannot be told apart; as many of them survive as do now.
    """
    data = known()
    of = data[room]
    judged = {(x.module, x.line, x.says) for x in outcomes}
    left = Counter((x.module, x.line, x.says) for x in outcomes if x.found_by is None)
    by = {(x.module, x.line, x.says): x.found_by for x in outcomes if x.found_by is not None}
    for x in list(of["survivors"]):
        name = (x["module"], x["line"], x["says"])
        if name not in judged:
            continue
        left[name] -= 1
        if left[name] < 0:
            of["survivors"].remove(x)
            found = of["found_by"][x["module"]]
            found["nothing"] -= 1
            found[by[name]] = found.get(by[name], 0) + 1
    of["commit"] = commit()
    write(data)


def known() -> dict[str, dict[str, Any]]:
    """Return what was found so far, by room."""
    path = PAGE / "mutation.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(data: dict[str, dict[str, Any]]) -> None:
    """Write the numbers of all rooms, and the page."""
    text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True)
    (PAGE / "mutation.json").write_text(text + "\n", encoding="utf-8")
    (PAGE / "mutation.md").write_text(page(data), encoding="utf-8")


def unexplained(room: str) -> set[tuple[str, int, str]]:
    """Return the survivors of a room for which no reason is given, by module, line and fault."""
    reasons = all_reasons()
    return {
        (x["module"], x["line"], x["says"])
        for x in known()[room]["survivors"]
        if reason_for(x, reasons) == UNEXPLAINED
    }


def all_reasons() -> dict[str, dict[str, str]]:
    """Return the reasons that were worked out, by function."""
    return yaml.safe_load(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}


def page(data: dict[str, dict[str, Any]]) -> str:
    """Return the page: for each room a table by module, then what survived."""
    reasons = all_reasons()
    return "\n".join([HEAD, *(part(room, data[room], reasons) for room in sorted(data))])


def part(room: str, data: dict[str, Any], reasons: dict[str, dict[str, str]]) -> str:
    """Return what the page says of a room."""
    survivors = data["survivors"]
    harmless = sum(reason_for(x, reasons) != UNEXPLAINED for x in survivors)
    killed = data["mutants"] - len(survivors)
    noticed, noticeable = (
        killed / max(1, data["mutants"]),
        killed / max(1, data["mutants"] - harmless),
    )
    goal = f"goal: {GOAL:.0%}; " if room == "kernels" else ""
    of = "all that there are" if data["share"] == 1 else f"a random {data['share']:.0%} of all"
    lines = [
        f"## {room.capitalize()}",
        "",
        f"**{noticeable:.1%} of the mutants that change what a run does are noticed** ({goal}{of}; "
        f"{data['seconds']} s on {data['machine']}, commit {data['commit']}). Of all {data['mutants']:,}, "
        f"{noticed:.1%} are: {harmless} survivors change nothing, each for the reason given below.",
        "",
        "| module | mutants | by the twin | by tests | did not end | survive |",
        "|---|---|---|---|---|---|",
    ]
    for module, found in data["found_by"].items():
        known = Counter(found)
        cells = (sum(found.values()), *(known[x] for x in ("twin", "tests", "time", "nothing")))
        lines.append(f"| {module} | " + " | ".join(map(str, cells)) + " |")
    lines += ["", "| survivor | fault | why it is not noticed |", "|---|---|---|"]
    lines += [
        f"| {x['module']}.{x['function']}:{x['line']} | `{fault(x)}` | {reason_for(x, reasons)} |"
        for x in survivors
    ]
    return "\n".join(lines) + "\n"


def fault(survivor: dict[str, Any]) -> str:
    """Return what the fault is, short enough for a table."""
    return str(survivor["says"]).replace("|", "\\|").replace("\n", " ")[:120]


def reason_for(survivor: dict[str, Any], reasons: dict[str, dict[str, str]]) -> str:
    """Return the reason noted for a survivor: by function, and a part of what the fault says."""
    of = reasons.get(f"{survivor['module']}.{survivor['function']}", {})
    for part_of, reason in of.items():
        if part_of == "*" or part_of in survivor["says"]:
            return reason
    return UNEXPLAINED
