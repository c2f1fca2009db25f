"""How well a series tells runs that will collapse from those that will not, at the same hour.

A run that falls at hour T is looked at some hours before, and compared with every run that never falls
*at that same hour*. So the clock itself, which everything in a scripted case goes by, says nothing: its
area under the curve is exactly one half. This is the ROC curve adjusted for a covariate of Janes and
Pepe (2009), with the hour as covariate; a curve over all hours together would credit whatever rises
with time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from standfast.experiment.paired import Estimate, share_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.experiment.warning_series import Watched

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.intp]

_SAMPLES = 500
_TAIL = 2.5  # per cent on each side of an interval
#: fewer runs of a kind allow no curve
LEAST = 10
#: false alarms that a bound is set for
FALSE_ALARMS = 0.1


@dataclass(frozen=True)
class Curve:
    """How well one series separates at one lead.

    Attributes
    ----------
    auc
        Area under the curve with its interval, by drawing runs again.
    cases, controls
        Runs that fell and could be looked at so early; runs that never did.
    placement : (n_case,) float64
        Share of controls at the same hour that look at least as bad as each case, ties by half. The ROC
        curve is their distribution.
    gone
        Mean share already absent in the cases at that hour.
    """

    auc: Estimate
    cases: int
    controls: int
    placement: Floats
    gone: float


@dataclass(frozen=True)
class Alarm:
    """An alarm that is raised when a series passes a bound.

    Attributes
    ----------
    bound
        Set on half of the runs, so that at most a tenth of those that never fell raise it.
    false_alarms, caught
        On the other half: share of runs that never fell in which it was raised, and share of those that
        fell in which it was raised before.
    ahead_h : (3,) tuple of float
        Median and quartiles of the hours between alarm and fall, where it was raised.
    followed
        Share of alarms that a fall followed.
    """

    bound: float
    false_alarms: Estimate
    caught: Estimate
    ahead_h: tuple[float, float, float]
    followed: Estimate


def curve(watched: Watched, values: Floats, lead_h: float, which: Flags, seed: int) -> Curve:
    """Return how well values separate some of the runs that fell from all that never did.

    Parameters
    ----------
    watched
        Whether and when each run fell.
    values : (n_run, n_hour) float64
        Higher is taken to be worse.
    lead_h
        How long before the fall [h].
    which : (n_run,) bool
        Of the runs that fell, those to look at.
    seed
        Of the samples.
    """
    cases, at = _looked_at(watched, lead_h, which)
    better = compare_pairs(watched, values, lead_h, which)
    if not better.size:
        nothing = Estimate(np.nan, np.nan, np.nan)
        return Curve(nothing, better.shape[0], better.shape[1], np.zeros(0), np.nan)
    return Curve(
        auc=_interval(better, seed),
        cases=better.shape[0],
        controls=better.shape[1],
        placement=1 - better.mean(axis=1),
        gone=float(watched.gone[cases, at].mean()),
    )


def compare_pairs(watched: Watched, values: Floats, lead_h: float, which: Flags) -> Floats:
    """Return of every pair of a case and a control whether the case looks worse at its hour.

    Parameters
    ----------
    watched, values, lead_h, which
        As for `curve`.

    Returns
    -------
    (n_case, n_control) float64
        1 where it does, 1/2 where they are equal.
    """
    cases, at = _looked_at(watched, lead_h, which)
    own = values[cases, at][:, None]
    others = values[~watched.came][:, at].T
    better: Floats = (own > others) + 0.5 * (own == others)
    return better


def _looked_at(watched: Watched, lead_h: float, which: Flags) -> tuple[Rows, Rows]:
    """Return the runs that fell late enough, and the row at which each is looked at."""
    lead = watched.rows(lead_h)
    cases = np.flatnonzero(watched.came & which & (np.nan_to_num(watched.fell, nan=-1.0) >= lead))
    return cases, watched.fell[cases].astype(np.intp) - lead


def _interval(better: Floats, seed: int) -> Estimate:
    """Return the mean over pairs, with the central 95 % when runs are drawn again."""
    rng = np.random.default_rng([seed, 5])
    n_case, n_control = better.shape
    drawn = []
    for _ in range(_SAMPLES):
        a = np.bincount(rng.integers(0, n_case, n_case), minlength=n_case)
        b = np.bincount(rng.integers(0, n_control, n_control), minlength=n_control)
        drawn.append(a @ better @ b / (n_case * n_control))
    low, high = np.percentile(drawn, [_TAIL, 100 - _TAIL])
    return Estimate(float(better.mean()), float(low), float(high))


def roc(placement: Floats) -> tuple[Floats, Floats]:
    """Return false-alarm shares from 0 to 1, and the share of cases recognised at each."""
    false = np.linspace(0, 1, 101)
    return false, (placement[:, None] <= false + 1e-12).mean(axis=0)


def shuffled(watched: Watched, seed: int) -> Watched:
    """Return the runs with their ends dealt out anew: whatever is found in them is luck or a leak."""
    order = np.random.default_rng([seed, 6]).permutation(watched.came.size)
    return replace(
        watched,
        came=watched.came[order],
        fell=watched.fell[order],
        shocked=watched.shocked[order],
    )


def alarm(watched: Watched, values: Floats) -> Alarm | None:
    """Return an alarm whose bound is set on every other run, judged on the rest; None of too few runs."""
    set_on = np.arange(watched.came.size) % 2 == 0
    never = np.flatnonzero(~watched.came & set_on)
    if min(never.size, (~watched.came & ~set_on).sum(), (watched.came & ~set_on).sum()) < LEAST:
        return None
    highest = np.sort(values[never].max(axis=1))
    bound = float(highest[int(np.ceil((1 - FALSE_ALARMS) * never.size)) - 1])
    above = values > bound
    first = np.where(above.any(axis=1), above.argmax(axis=1), np.inf)
    raised = np.where(watched.came, first < watched.fell, np.isfinite(first))
    judged_never, judged_fell = ~watched.came & ~set_on, watched.came & ~set_on
    ahead = (watched.fell - first)[judged_fell & raised] * watched.step_h
    quartiles = np.percentile(ahead, [50, 25, 75]) if ahead.size else np.full(3, np.nan)
    return Alarm(
        bound=bound,
        false_alarms=share_of(raised[judged_never]),
        caught=share_of(raised[judged_fell]),
        ahead_h=(float(quartiles[0]), float(quartiles[1]), float(quartiles[2])),
        followed=share_of(watched.came[~set_on & raised]),
    )
