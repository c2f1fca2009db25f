"""Run the built-in cases with the shipped parameters and write down what comes out.

Nothing is tuned here and nothing is hidden: each measured number stands beside what is known,
within its window or not. Writes docs/validation/measured.json and measured.md.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import standfast as sf
from machine import ROOT, circumstances

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = ROOT / "docs" / "validation"
REPLICATES = {"mosul-2014": 20, "answered": 20, "unexposed": 10, "doubled": 10, "quiet": 10}
SEED = 1

#: calls answered and leaders kept with their troops, from the start and everywhere
ANSWERED = [
    {"kind": "answer_calls", "size": 1.0, "delay": "6 h", "battalions": 20},
    {"kind": "keep_leaders", "size": 1.0},
]

#: records and families out of the adversary's reach
UNEXPOSED = [
    {"kind": "protect_records", "size": 1.0},
    {"kind": "move_families", "size": 1.0},
]

Summary = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One number to be compared: where it is found, and the window in which it should lie."""

    case: str
    says: str
    read: Callable[[Summary], float | None]
    low: float
    high: float
    known: str
    against: str = ""  # another case: the number is then the ratio to what is read there

    def value(self, measured: dict[str, Summary]) -> float | None:
        """Return the number, or None where it did not happen in half of the replicates."""
        found = self.read(measured[self.case])
        if not self.against or found is None:
            return found
        other = self.read(measured[self.against])
        return found / other if other else None


def median(path: str) -> Callable[[Summary], float | None]:
    """Return a reader of the median at a dotted path."""

    def read(summary: Summary) -> float | None:
        found: Any = summary
        for key in path.split("."):
            found = None if found is None else found.get(key)
        value: float | None = None if found is None else found["median"]
        return value

    return read


def verdict(place: str, *names: str) -> Callable[[Summary], float | None]:
    """Return a reader of the share of replicates in some classes at a place."""

    def read(summary: Summary) -> float | None:
        found = summary["places"][place]["verdict"]
        return sum(found[name] for name in names) if found else None

    return read


def happened(place: str) -> Callable[[Summary], float | None]:
    """Return a reader of the share of replicates in which a place is lost."""

    def read(summary: Summary) -> float | None:
        found = summary["places"][place]["lost_at_h"]
        return found["happened"] if found else None

    return read


def lag(first: str, second: str) -> Callable[[Summary], float | None]:
    """Return a reader of the hours between the median losses of two places."""

    def read(summary: Summary) -> float | None:
        hours = [median(f"places.{name}.lost_at_h")(summary) for name in (first, second)]
        return None if None in hours else hours[1] - hours[0]  # type: ignore[operator]

    return read


M = "mosul-2014"
FACTS = [
    Fact(M, "Mosul is lost", happened("mosul"), 0.5, 1, "lost on 10 June 2014"),
    Fact(M, "Mosul collapses totally", verdict("mosul", "total collapse"), 0.5, 1, "S08"),
    Fact(M, "hours until half of Mosul is gone", median("places.mosul.hours_to_half"), 61, 138,
         "about 92 h after the assault began; L10, within a factor 1.5"),
    Fact(M, "hours until nine tenths of Mosul are gone", median("places.mosul.hours_to_nine_tenths"), 70, 158,
         "about 105 h; L10, within a factor 1.5"),
    Fact(M, "hours from the loss of Mosul to that of Tikrit", lag("mosul", "tikrit"), 17, 39, "about 26 h; L10"),
    Fact(M, "Tikrit is lost", happened("tikrit"), 0.5, 1, "lost on 11 June 2014"),
    Fact(M, "Samarra is lost", happened("samarra"), 0, 0.5, "held"),
    Fact(M, "Baghdad is lost", happened("baghdad"), 0, 0.1, "held; S06"),
    Fact(M, "local police gone in Mosul", median("places.mosul.by_branch.local_police.share_gone"), 0.6, 1,
         "hit first and hardest; S04"),
    Fact(M, "army gone in Mosul", median("places.mosul.by_branch.army.share_gone"), 0.5, 1, "dissolved; S04"),
    Fact(M, "killed, of the whole force", median("overall.killed_share"), 0, 0.05, "a small share; S03"),
    Fact("answered", "Mosul is not lost when calls are answered and leaders stay",
         lambda summary: 1 - (happened("mosul")(summary) or 0), 0.5, 1, "S10"),
    Fact("answered", "Mosul is judged held", verdict("mosul", "held"), 0.5, 1, "S10"),
    Fact("unexposed", "those who leave, against the real case", median("overall.share_gone"), 0, 0.8,
         "markedly fewer; S11", M),
    Fact("doubled", "those who leave, against the real case", median("overall.share_gone"), 0, 1,
         "twice the attackers without infiltration and alarm do less harm; S12", M),
    Fact("quiet", "gone in thirty days", median("overall.share_gone"), 0.01, 0.04, "1 to 4 % a month; L01"),
    Fact("quiet", "places lost", median("front.places_lost"), 0, 0, "nothing collapses"),
]  # fmt: skip


def scenarios() -> dict[str, sf.Scenario]:
    """Return the cases by name."""
    mosul = sf.load(M)
    return {
        M: mosul,
        "answered": mosul.with_({"interventions": ANSWERED}),
        "unexposed": mosul.with_({"interventions": UNEXPOSED}),
        "doubled": mosul.with_(doubled(mosul)),
        "quiet": sf.load("quiet"),
    }


def doubled(scenario: sf.Scenario) -> dict[str, Any]:
    """Return the changes that double the attack on Mosul and take infiltration and alarm away."""
    attacks = [e for e in scenario.events if e.kind == "attack" and e.place == "mosul"]
    return (
        {f"events.{event.id}.fighters": 2 * event.fighters for event in attacks}
        | {f"places.{name}.infiltration": 0.0 for name in scenario.places}
        | {f"mechanisms.{key}.enabled": False for key in ("M01", "M07", "M08", "M09")}
    )


def without_timing(summary: Summary) -> Summary:
    """Return a summary without what differs from run to run."""
    return {key: value for key, value in summary.items() if key != "timing"}


def shares(found: dict[str, float] | None) -> str:
    """Write shares of classes as text."""
    return (
        ", ".join(f"{name} {share:.0%}" for name, share in (found or {}).items() if share) or "none"
    )


def page(measured: dict[str, Summary], about: dict[str, object]) -> str:
    """Write the page of what was measured."""
    text = (
        "<!-- Written by tools/validate.py. -->\n\n# Measured\n\n"
        f"standfast {about['standfast']}, commit {about['commit']}, {about['cores']} cores "
        f"({about['processor']}), seed {SEED}. Parameters as shipped. Medians over replicates, or shares "
        "of replicates.\n\n| case | what | measured | window | inside | known |\n|---|---|---|---|---|---|\n"
    )
    for fact in FACTS:
        value = fact.value(measured)
        inside = value is not None and fact.low <= value <= fact.high
        shown = "did not happen in half of them" if value is None else f"{value:.3g}"
        text += (
            f"| {fact.case} | {fact.says} | {shown} | {fact.low:g} to {fact.high:g} | "
            f"{'yes' if inside else '**no**'} | {fact.known} |\n"
        )
    for case, summary in measured.items():
        front = ", ".join(f"{k} {v:.0%}" for k, v in summary["front"]["last_place_lost"].items())
        text += (
            f"\n## {case}\n\n{summary['replicates']} replicates of {summary['n_agent']:,} people, "
            f"{summary['n_step']} steps; people conserved: {'yes' if summary['people_conserved'] else 'no'}.\n\n"
            f"- Overall: {shares(summary['overall']['verdict'])}\n"
            f"- Last place lost: {front or 'none'}\n"
        )
        places = {n: p for n, p in summary["places"].items() if p["verdict"] and p["lost_at_h"]}
        text += "\n| place | lost in | gone (median) | verdicts |\n|---|---|---|---|\n"
        for name, place in places.items():
            text += (
                f"| {name} | {place['lost_at_h']['happened']:.0%} | {place['share_gone']['median']:.0%} | "
                f"{shares(place['verdict'])} |\n"
            )
    return text


def main() -> int:
    """Run every case and write both files."""
    measured = {}
    for name, scenario in scenarios().items():
        print(f"{name}: {REPLICATES[name]} replicates", flush=True)
        measured[name] = sf.run(scenario, replicates=REPLICATES[name], seed=SEED).summary
    about = circumstances()
    kept = {
        "circumstances": about,
        "seed": SEED,
        "summaries": {k: without_timing(v) for k, v in measured.items()},
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(kept, separators=(",", ":")).replace('"summaries":', '\n"summaries":')
    (FOLDER / "measured.json").write_text(text + "\n", encoding="utf-8")
    (FOLDER / "measured.md").write_text(page(measured, about), encoding="utf-8")
    print(page(measured, about).partition("\n## ")[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
