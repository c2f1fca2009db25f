"""Which file draws which kind of answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.report.drawn import (
    calibrate,
    compare,
    discover,
    portfolio,
    sensitivity,
    sweep,
    tip,
    warning,
    why,
)

if TYPE_CHECKING:
    from standfast.report.answers import StoredAnswer
    from standfast.report.drawn.figure import Figure

DRAWN = {
    "calibrate": calibrate,
    "compare": compare,
    "discover": discover,
    "portfolio": portfolio,
    "sensitivity": sensitivity,
    "sweep": sweep,
    "tip": tip,
    "warning": warning,
    "why": why,
}


def figures(answer: StoredAnswer) -> list[Figure]:
    """Return the figures of an answer; none for an experiment that has none."""
    drawn = DRAWN.get(answer.kind)
    return drawn.figures(answer) if drawn else []


def sentence(answer: StoredAnswer) -> str:
    """Say in a sentence what an answer comes to."""
    drawn = DRAWN.get(answer.kind)
    return drawn.sentence(answer) if drawn else f"{answer.kind} of {answer.scenario.title}"
