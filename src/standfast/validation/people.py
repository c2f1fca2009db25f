"""Facts about who leaves and beside whom: branch and home, squads and companies. S04 L02 L06."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.scenario.forces import BRANCHES
from standfast.validation.fact import CannotMeasureError, Part, median_of, ratio
from standfast.validation.worlds import AS_IT_IS

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.validation.ensemble import Crowd, Ensemble
    from standfast.validation.fact import Worlds

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

_ARMY, _FEDERAL, _LOCAL = (
    BRANCHES.index(name) for name in ("army", "federal_police", "local_police")
)
#: fewer people than this on a side are no comparison
_LEAST = 20
#: hours before half are gone at which intentions are compared with acts
_LEAD, _WEEK = 24.0, 168.0


def branch_and_home(worlds: Worlds) -> list[Part]:
    """S04: local police worst, then other police, then army; under influence worse than elsewhere.

    Branches are compared at the main place when half of it is gone, as at the end all are gone alike.
    Homes are compared within each garrison, over all garrisons, at the end.
    """
    case = worlds[AS_IT_IS]
    crowd, _, left_h = case.people()
    half = case.hour_of(case.main, "hours_to_half")
    if not np.isfinite(half).any():
        says = f"{case.main} never lost half of its people"
        raise CannotMeasureError(says)
    here = crowd.place == case.index(case.main)
    by_then = left_h <= half[:, None]
    shares = {b: _mean(by_then, here & (crowd.branch == b)) for b in (_ARMY, _FEDERAL, _LOCAL)}
    known = np.isfinite(half)
    return [
        _more("local police over other police when half are gone", shares[_LOCAL], shares[_FEDERAL], known),
        _more("other police over army when half are gone", shares[_FEDERAL], shares[_ARMY], known),
        *(
            Part(
                f"{BRANCHES[b].replace('_', ' ')}: home under influence over home elsewhere",
                median_of(within_garrisons(crowd, crowd.branch == b, np.isfinite(left_h))),
                0.0,
            )
            for b in (_ARMY, _FEDERAL, _LOCAL)
        ),
    ]  # fmt: skip


def _mean(flags: Flags, who: Flags) -> Floats:
    if who.sum() < _LEAST:
        return np.full(flags.shape[0], np.nan)
    mean: Floats = flags[:, who].mean(axis=1)
    return mean


def _more(says: str, worse: Floats, better: Floats, known: Flags) -> Part:
    return Part(says, median_of(np.where(known, worse - better, np.nan)), 0.0)


def within_garrisons(crowd: Crowd, who: Flags, gone: Flags) -> Floats:
    """Return how much larger a share is gone of those with home under influence, in like garrisons.

    The difference within each garrison is weighted as in the Mantel-Haenszel difference of risks.

    Parameters
    ----------
    crowd
        Everybody.
    who : (n_person,) bool
        Whom it is about.
    gone : (n_run, n_person) bool
        Who is gone.

    Returns
    -------
    (n_run,) float64
        NaN where no garrison has enough of both.
    """
    total, weights = np.zeros(gone.shape[0]), 0.0
    for place in np.unique(crowd.place[who]):
        here = who & (crowd.place == place)
        near, far = here & crowd.influenced, here & ~crowd.influenced
        n, m = int(near.sum()), int(far.sum())
        if min(n, m) < _LEAST:
            continue
        weight = n * m / (n + m)
        total += weight * (gone[:, near].mean(axis=1) - gone[:, far].mean(axis=1))
        weights += weight
    return total / weights if weights else np.full(gone.shape[0], np.nan)


def clustered(worlds: Worlds) -> list[Part]:
    """L02: departures come by squads and companies, over the place when half of it is gone.

    Within branches, where no difference between army and police adds to it, they are clustered less;
    that is measured too, without a window.
    """
    case = worlds[AS_IT_IS]
    crowd, _, left_h = case.people()
    half = case.hour_of(case.main, "hours_to_half")
    here = crowd.place == case.index(case.main)
    each = [here & (crowd.branch == b) for b in (_ARMY, _FEDERAL, _LOCAL)]
    each = [who for who in each if who.sum() >= _LEAST]
    squads, companies, within = [], [], []
    for run in np.flatnonzero(np.isfinite(half)):
        gone = left_h[run] <= half[run]
        squads.append(overdispersion(gone[here], crowd.squad[here]))
        companies.append(intraclass(gone[here], crowd.company[here]))
        within.append(np.mean([overdispersion(gone[who], crowd.squad[who]) for who in each]))
    if not squads:
        says = f"{case.main} never lost half of its people"
        raise CannotMeasureError(says)
    return [
        Part("variance of departures by squad over the binomial", median_of(squads), 2.0),
        Part("intraclass correlation of companies", median_of(companies), 0.05, 0.4),
        Part("that variance within a branch", median_of(within)),
    ]


def overdispersion(gone: Flags, unit: npt.NDArray[np.int64]) -> float:
    """Return the variance of departures between units over that of a binomial.

    Parameters
    ----------
    gone : (n_person,) bool
        Who is gone.
    unit : (n_person,) int
        Where each belongs.

    Examples
    --------
    >>> units = np.repeat(np.arange(20), 10)
    >>> round(overdispersion(units % 2 == 0, units), 1)
    10.5
    """
    _, which = np.unique(unit, return_inverse=True)
    people = np.bincount(which).astype(float)
    left = np.bincount(which, gone)
    share = gone.mean()
    expected = people * share * (1 - share)
    if people.size < 2 or not expected.any():
        return float("nan")
    return float(((left - people * share) ** 2 / expected).sum() / (people.size - 1))


def intraclass(gone: Flags, unit: npt.NDArray[np.int64]) -> float:
    """Return the intraclass correlation of leaving, by the analysis of variance.

    One-way, for units of unequal size (Donner and Koval 1980).

    Parameters
    ----------
    gone : (n_person,) bool
        Who is gone.
    unit : (n_person,) int
        Where each belongs.

    Examples
    --------
    >>> units = np.repeat(np.arange(20), 10)
    >>> intraclass(units % 2 == 0, units)
    1.0
    """
    _, which = np.unique(unit, return_inverse=True)
    people = np.bincount(which).astype(float)
    n, k = people.sum(), people.size
    if k < 2 or n <= k:
        return float("nan")
    means = np.bincount(which, gone) / people
    between = float((people * (means - gone.mean()) ** 2).sum() / (k - 1))
    within = float((people * means * (1 - means)).sum() / (n - k))
    size = (n - (people**2).sum() / n) / (k - 1)
    total = between + (size - 1) * within
    return float((between - within) / total) if total > 0 else float("nan")


def intention_leads(worlds: Worlds) -> list[Part]:
    """L06: a day before half are gone, those who waver are twice those who left in the week before."""
    case = worlds[AS_IT_IS]
    half = case.hour_of(case.main, "hours_to_half")
    if not np.isfinite(half).any():
        says = f"{case.main} never lost half of its people"
        raise CannotMeasureError(says)
    gone = case.gone(case.main)
    then = half - _LEAD
    wavering = case.at(case.series["wavering"][:, :, case.index(case.main)], then)
    week = case.at(gone, then) - case.at(gone, np.maximum(then - _WEEK, 0.0))
    return [
        Part(
            "wavering a day before half were gone, over departures in the week before",
            median_of(_times(wavering, week)),
            2.0,
        )
    ]


def _times(wavering: Floats, week: Floats) -> Floats:
    # with nobody gone yet any wavering leads
    return np.where(week > 0, ratio(wavering, week), np.where(wavering > 0, np.inf, np.nan))


def peak_loss(case: Ensemble, place: str, span_h: float) -> Floats:
    """Return the largest share of a garrison lost within any span of hours, one a run."""
    gone = case.gone(place)
    step = case.hours[1] - case.hours[0]
    rows = min(max(1, round(span_h / step)), gone.shape[1] - 1)
    lost: Floats = (gone[:, rows:] - gone[:, :-rows]).max(axis=1)
    return lost
