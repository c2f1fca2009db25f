"""The outcome of a place and of the whole, from expected numbers (M41)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from standfast.meanfield.state import Flags, Floats
    from standfast.scenario.model import Scenario, Verdict

#: fewer people than this are nobody
NOBODY = 0.5


@dataclass(frozen=True)
class Judgement:
    """How a run of means ended.

    Attributes
    ----------
    verdict : tuple of str or None
        Class per place: held, organised withdrawal, fragmented or total collapse; None without a
        garrison, or with M41 switched off.
    overall : str or None
        The same of the whole, lost when places with more than 1 - `held` of all were lost.
    share_gone : (n_place,) float64
        Share of those serving at the start who do not serve at the end; NaN without a garrison.
    hours_to_half : (n_place,) float64
        Hours since the start until half were gone [h]; infinite if never, NaN without a garrison.
    overall_share_gone : float
        Share gone of all.
    """

    verdict: tuple[str | None, ...]
    overall: str | None
    share_gone: Floats
    hours_to_half: Floats
    overall_share_gone: float


def judge(
    scenario: Scenario, hours: Floats, serving: Floats, dead: Floats, lost: Flags
) -> Judgement:
    """Return the outcome.

    Parameters
    ----------
    scenario
        Its bounds of the classes.
    hours : (n_hour,) float64
        Hours since the start.
    serving : (n_hour, n_place) float64
        Of those posted at a place at the start, who serve.
    dead : (n_place,) float64
        Who are dead at the end.
    lost : (n_place,) bool
        Whether the place fell.
    """
    start, end = serving[0], serving[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(start > NOBODY, serving / start, np.nan)
    half = share <= 0.5
    first = np.where(half.any(axis=0), hours[half.argmax(axis=0)], np.inf)
    total = float(start.sum())
    kept = float(start[~lost].sum())
    decides = bool(scenario.mechanisms.M41.enabled)  # type: ignore[attr-defined]
    bounds = scenario.verdict
    return Judgement(
        verdict=tuple(
            _classify(*each, bounds) if decides else None
            for each in zip(start, end, dead, lost, strict=True)
        ),
        overall=_classify(
            total, float(end.sum()), float(dead.sum()), kept < bounds.held * total, bounds
        )
        if decides
        else None,
        share_gone=1 - share[-1],
        hours_to_half=np.where(np.isnan(share[0]), np.nan, first),
        overall_share_gone=1 - float(end.sum()) / total if total > 0 else float("nan"),
    )


def _classify(start: float, serving: float, dead: float, lost: bool, bounds: Verdict) -> str | None:  # noqa: FBT001  a record of four numbers
    if start <= NOBODY:
        return None
    if not lost and serving >= bounds.held * start:
        return "held"
    if lost and start > dead and serving >= bounds.held * (start - dead):
        return "organised withdrawal"
    return "fragmented" if serving >= bounds.collapse * start else "total collapse"
