"""The page of an answer: one HTML file, complete in itself like that of a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.report.answers import read_answer
from standfast.report.beside import number_figures
from standfast.report.drawn.answer import figures, sentence
from standfast.report.making import VERSIONS, describe_versions
from standfast.report.page import fill, write_page
from standfast.report.words import first_capital
from standfast.results.store import PAGE, replace_page

if TYPE_CHECKING:
    from pathlib import Path

    from standfast.report.answers import StoredAnswer
    from standfast.report.drawn.figure import Figure

#: what each experiment asks, as a heading
ASKED = {
    "calibrate": "What was learnt of the parameters",
    "compare": "What measures would have changed",
    "discover": "Under which conditions it comes",
    "portfolio": "The cheapest measures that do",
    "sensitivity": "Which values matter",
    "sweep": "What comes over a range of values",
    "tip": "Where it tips",
    "warning": "What warns, and how long before",
    "why": "Why they left, and what made the difference",
}


def add_page(folder: Path) -> Path:
    """Write the page of the answer in a folder into it, and return its path.

    Raises
    ------
    FileError
        When it cannot be written.
    StoreError
        When the folder holds no answer, or a file is not as it was written.
    """
    answer = read_answer(folder)
    replace_page(folder, PAGE, lambda path: write_answer(answer, path))
    return folder / PAGE


def write_answer(answer: StoredAnswer, path: str | Path) -> Path:
    """Write the page of an answer as one HTML file, and return its path.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    return write_page(render_answer(answer), path)


def render_answer(answer: StoredAnswer) -> str:
    """Return the page of an answer as HTML."""
    drawn: list[Figure] = []
    numbered = number_figures(figures(answer), drawn)
    return fill(
        "answer.html.j2",
        {"figures": [{"kind": f.kind, "title": f.title, "data": f.data} for f in drawn]},
        title=answer.scenario.title,
        kind=answer.kind,
        runs=answer.summary["runs"],
        headline=first_capital(sentence(answer)),
        lead=answer.scenario.summary,
        asked=ASKED.get(answer.kind, "What was found"),
        figures=numbered,
        made=_making(answer),
    )


def _making(answer: StoredAnswer) -> list[dict[str, Any]]:
    summary = answer.summary
    rows = [
        ("Again with", answer.command, True),
        ("Scenario", f"{summary['scenario']} (scenario.yaml beside this page)", False),
        ("SHA-256 of the scenario", str(summary["scenario_sha256"]), True),
        ("Seed", str(summary["seed"]), False),
        ("Runs", str(summary["runs"]), False),
        ("standfast", str(summary["standfast"]), False),
        ("With", describe_versions(answer.provenance.get(VERSIONS, {})), False),
    ]
    return [{"name": name, "text": text, "code": code} for name, text, code in rows if text]
