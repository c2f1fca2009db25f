"""The outcome of a place and of the whole, and when it came (M41).

Everyone is counted at the garrison they served in at the start, wherever they are later; ghosts
never count. With `serving` for duty, leave and back, and `survivors` for those who served at the
start and are not dead:

- **held**: the place is not lost, and at least `held` of those at the start serve;
- **organised withdrawal**: the place is lost, and at least `held` of the survivors serve (and so
  serve elsewhere), which needs a survivor;
- **fragmented**: neither, and at least `collapse` of those at the start serve;
- **total collapse**: fewer than that serve, whether the place is lost or not.

`held` and `collapse` are the bounds in `scenario.verdict`. A place that is kept but has lost its
people is therefore fragmented or collapsed, never held; one that is lost with its people in good
order is a withdrawal, never held. The whole counts as lost when the lost places had more than
1 - `held` of all who served at the start; with a single garrison that is the rule of the place.
A place without a garrison has no verdict; with M41 switched off nothing has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.scenario.vocabulary import SERVING, STATUS

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.results.recording import Recording
    from standfast.scenario.model import Scenario, Verdict

    Floats = npt.NDArray[np.float64]
    Counts = npt.NDArray[np.int64]

#: the outcome classes, best first; order is part of the format
VERDICTS = ("held", "organised withdrawal", "fragmented", "total collapse")

_SERVING = [STATUS.index(status) for status in SERVING]
_DEAD = STATUS.index("dead")


@dataclass(frozen=True)
class Outcome:
    """How one replicate ended, per place and overall; hours count from the reference event.

    Attributes
    ----------
    verdict
        Class per place, None without a garrison.
    hours_to_half, hours_to_nine_tenths : (n_place,)
        Hours from the reference event to the first recorded hour at which that share of those
        serving at the start was gone; infinite where that never happened, NaN without a garrison.
    lost_at_h : (n_place,)
        Hours from the reference event to the loss of the place; infinite where it was not lost.
    share_gone : (n_place,)
        Share of those serving at the start who do not serve at the end; NaN without a garrison.
    share_gone_by_branch : (n_place, n_branch)
        The same by branch.
    """

    verdict: tuple[str | None, ...]
    share_gone: Floats
    share_gone_by_branch: Floats
    hours_to_half: Floats
    hours_to_nine_tenths: Floats
    lost_at_h: Floats
    overall_verdict: str | None
    overall_share_gone: float
    killed_share: float


def classify(*, start: int, serving: int, dead: int, lost: bool, bounds: Verdict) -> str | None:
    """Return the class of one garrison, or None when nobody served there at the start.

    Parameters
    ----------
    start, serving, dead
        How many served at the start, how many of them serve now, how many are dead.
    lost
        Whether the place is lost.
    bounds
        `scenario.verdict`; a share that equals a bound is in the better class.

    Examples
    --------
    >>> from standfast.scenario.model import Verdict
    >>> classify(start=100, serving=70, dead=0, lost=False, bounds=Verdict())
    'held'
    >>> classify(start=100, serving=70, dead=0, lost=True, bounds=Verdict())
    'organised withdrawal'
    >>> classify(start=100, serving=29, dead=5, lost=False, bounds=Verdict())
    'total collapse'
    """
    if start == 0:
        return None
    survivors = start - dead
    if not lost and _reaches(serving, start, bounds.held):
        return "held"
    if lost and survivors > 0 and _reaches(serving, survivors, bounds.held):
        return "organised withdrawal"
    return "fragmented" if _reaches(serving, start, bounds.collapse) else "total collapse"


def _no_verdict(**_counts: object) -> None:
    return None


def _reaches(part: int, whole: int, share: float) -> bool:
    """Tell whether part / whole >= share; 7 of 10 reach 0.7, which a float product may miss."""
    return part >= share * whole - 1e-9 * whole


def judge(recording: Recording, scenario: Scenario, reference_hour: float) -> Outcome:
    """Return the outcome of one replicate.

    Parameters
    ----------
    recording, scenario
        What was recorded, and of what; places in the scenario's order.
    reference_hour
        Hour of the reference event since the start.
    """
    bounds = scenario.verdict
    # the fields of Mechanisms are made by a loop, which mypy does not see
    decides = scenario.mechanisms.M41.enabled  # type: ignore[attr-defined]
    decide = classify if decides else _no_verdict
    serving = serving_people(recording.count)
    start, end = serving[0], serving[-1]
    dead = recording.count[-1, :, :, _DEAD].astype(np.int64)
    lost_hour = lost_hours(recording, scenario)
    is_lost = np.isfinite(lost_hour)
    place_start, place_end, place_dead = start.sum(axis=1), end.sum(axis=1), dead.sum(axis=1)
    total = int(start.sum())
    verdict = tuple(
        decide(start=int(s), serving=int(e), dead=int(d), lost=bool(gone), bounds=bounds)
        for s, e, d, gone in zip(place_start, place_end, place_dead, is_lost, strict=True)
    )
    kept = int(place_start[~is_lost].sum())
    share_serving = _ratio(serving.sum(axis=2), place_start)
    clock = recording.hours - reference_hour
    return Outcome(
        verdict=verdict,
        share_gone=1 - _ratio(place_end, place_start),
        share_gone_by_branch=1 - _ratio(end, start),
        hours_to_half=_first_hour(clock, share_serving, 0.5),
        hours_to_nine_tenths=_first_hour(clock, share_serving, 0.1),
        lost_at_h=np.where(is_lost, lost_hour - reference_hour, np.inf),
        overall_verdict=decide(
            start=total,
            serving=int(end.sum()),
            dead=int(dead.sum()),
            lost=not _reaches(kept, total, bounds.held),
            bounds=bounds,
        ),
        overall_share_gone=1 - end.sum() / total if total else np.nan,
        killed_share=dead.sum() / total if total else np.nan,
    )


def serving_people(count: npt.NDArray[np.integer]) -> Counts:
    """Return how many serve (duty, leave, back); the last axis of `count` is the status."""
    people: Counts = count[..., _SERVING].sum(axis=-1, dtype=np.int64)
    return people


def lost_hours(recording: Recording, scenario: Scenario) -> Floats:
    """Return when each place was lost; NaN also for those the adversary ruled from the start."""
    ruled = np.array([place.control == "adversary" for place in scenario.places.values()])
    return np.where(ruled, np.nan, recording.lost_hour)


def _ratio(part: Counts, whole: Counts) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _first_hour(clock: Floats, share_serving: Floats, bound: float) -> Floats:
    """Return the first hour at which the share is at or under the bound, per place."""
    reached = share_serving <= bound + 1e-9
    first = np.where(reached.any(axis=0), clock[reached.argmax(axis=0)], np.inf)
    return np.where(np.isnan(share_serving[0]), np.nan, first)
