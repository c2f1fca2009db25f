"""Answers put beside a result: what made the difference, what would have changed it, what would flip it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.errors import StoreError
from standfast.experiment.paired import share_of
from standfast.report.drawn.answer import figures, sentence
from standfast.report.words import first_capital, largest, middle_title, percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.report.answers import StoredAnswer
    from standfast.report.drawn.figure import Figure
    from standfast.report.view import View
    from standfast.results.result import Result

CAUSAL, CHANGED, SURE = "causal", "changed", "sure"
#: kind of answer -> the section that shows it; the others tell what would flip the outcome
SECTION = {"why": CAUSAL, "compare": CHANGED, "portfolio": CHANGED}
_SCENARIO = "scenario.yaml"
#: what asks, where nobody has
ASKING = {
    CAUSAL: [("Ask what made the difference:", f"standfast why {_SCENARIO}")],
    CHANGED: [
        (
            "Ask what measures would have done:",
            f"standfast compare {_SCENARIO} --with keep-leaders --with answer-calls",
        ),
    ],
    SURE: [
        ("Where the outcome tips:", f"standfast tip {_SCENARIO} --vary infiltration=0:1"),
        ("Which assumed values matter:", f"standfast sensitivity {_SCENARIO}"),
    ],
}
NOT_ASKED = "What would have changed it was not asked."


def check_about(result: Result, answer: StoredAnswer, folder: Path) -> None:
    """Refuse an answer about another scenario than the result's.

    Raises
    ------
    StoreError
        When any value of the two scenarios differs.
    """
    if answer.summary.get("scenario_sha256") == result.summary["scenario_sha256"]:
        return
    own, other = result.summary["scenario"], answer.summary.get("scenario")
    differs = "with other values" if own == other else f'this is the result of "{own}"'
    says = f'is an answer about "{other}", {differs}'
    raise StoreError(folder, says, "Ask again of the scenario.yaml beside the result.")


def place_answers(
    view: View, answers: Sequence[StoredAnswer]
) -> tuple[dict[str, dict[str, Any]], list[Figure]]:
    """Return what each section of the page shows of the answers, and all figures in their order."""
    drawn: list[Figure] = []
    sections: dict[str, dict[str, Any]] = {
        name: {
            "answers": [],
            "asking": [{"text": text, "command": command} for text, command in ASKING[name]],
        }
        for name in (CAUSAL, CHANGED, SURE)
    }
    for answer in answers:
        section = sections[SECTION.get(answer.kind, SURE)]["answers"]
        section.append(
            {
                "sentence": first_capital(sentence(answer)),
                "figures": number_figures(figures(answer), drawn),
                "command": answer.command,
                "runs": answer.summary["runs"],
            }
        )
    changed = sections[CHANGED]["answers"]
    sections[CHANGED]["finding"] = changed[0]["sentence"] if changed else NOT_ASKED
    sections[SURE]["chance"] = _chance(view)
    return sections, drawn


def number_figures(new: Sequence[Figure], drawn: list[Figure]) -> list[dict[str, Any]]:
    """Add figures to those of a page, and return them with the number that the page calls them by."""
    numbered = []
    for figure in new:
        numbered.append(figure.plain() | {"number": len(drawn)})
        drawn.append(figure)
    return numbered


def _chance(view: View) -> str:
    """Say between what bounds the chance of the likeliest verdict lies, by the number of runs."""
    shares = view.summary["places"][view.garrisons[view.focus]]["verdict"]
    if not shares:
        return f"{view.n_replicate} runs were made."
    name, share = largest(shares)[0]
    came = round(share * view.n_replicate)
    bounds = share_of(np.arange(view.n_replicate) < came)
    where = middle_title(view.title(view.garrisons[view.focus]))
    return (
        f"{first_capital(name)} of {where} came in {came} of {view.n_replicate} runs: its chance lies between "
        f"{percent(bounds.low)} and {percent(bounds.high)} (95 %)."
    )
