r"""Simulation-based calibration: whether a posterior is as sure as it may be.

Draw parameters from the prior, simulate data, fit them, and see which rank the true value has among
the posterior's draws. Over many such trials the ranks are uniform if, and for a pass only if, the
posterior is right on average over the prior (Talts, Betancourt, Simpson, Vehtari and Gelman 2018):
too narrow a posterior heaps them at both ends, too wide a one in the middle, a shifted one at an end.

Two tests: chi-square over equal bins, and the largest distance of the empirical distribution from the
diagonal (Kolmogorov and Smirnov), whose p-values are exact enough for tens of trials and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from standfast.errors import RunError
from standfast.experiment.calibration.keyed import uniforms

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: trials that a bin should get at least
_PER_BIN = 5
_MOST_BINS = 20
LEAST_TRIALS = 20


@dataclass(frozen=True, eq=False)
class Ranks:
    """Ranks of true values among draws of their posteriors.

    Attributes
    ----------
    share : (n_trial, n_parameter) float64
        Rank as a share of the draws, in (0, 1); ties and the step between ranks are broken by a
        keyed uniform, so that the null is the continuous uniform law.
    """

    share: Floats

    def chi_square(self) -> Floats:
        """Return the p-value of a chi-square test of uniform ranks for each parameter."""
        n = len(self.share)
        bins = max(2, min(_MOST_BINS, n // _PER_BIN))
        counts = np.stack(
            [np.histogram(column, bins=bins, range=(0, 1))[0] for column in self.share.T]
        )
        return np.array([float(stats.chisquare(each).pvalue) for each in counts])

    def largest_gap(self) -> Floats:
        """Return the p-value of a Kolmogorov-Smirnov test of uniform ranks for each parameter."""
        return np.array([float(stats.kstest(column, "uniform").pvalue) for column in self.share.T])


def rank_of(truth: Floats, draws: Floats, ties: Floats) -> Floats:
    """Return the ranks of true values among draws, as shares in (0, 1).

    Parameters
    ----------
    truth : (n_parameter,) float64
        The true values.
    draws : (n_draw, n_parameter) float64
        Of the posterior, with equal weights.
    ties : (n_parameter,) float64
        Uniforms that break ties, and spread a rank over its step.

    Examples
    --------
    >>> rank_of(np.array([2.5]), np.array([[1.0], [2.0], [3.0]]), np.array([0.5])).tolist()
    [0.625]
    """
    below = (draws < truth).sum(axis=0)
    equal = (draws == truth).sum(axis=0)
    return np.asarray((below + ties * (equal + 1)) / (len(draws) + 1))


def rank_trials(trial: Callable[[int], tuple[Floats, Floats]], n_trial: int, seed: int) -> Ranks:
    """Return the ranks of many trials.

    Parameters
    ----------
    trial
        Gives the true values and the draws of the posterior of a trial by its number.
    n_trial
        How many.
    seed
        Of the breaking of ties.
    """
    if n_trial < LEAST_TRIALS:
        says = f"trials is {n_trial}, but at least {LEAST_TRIALS} are needed to see anything"
        raise RunError(says)
    found = []
    for number in range(n_trial):
        truth, draws = trial(number)
        found.append(rank_of(truth, draws, uniforms(seed, "check", number, n=truth.size)))
    return Ranks(np.stack(found))


def rank_within_table(
    latent: Floats,
    found: Floats,
    distances: Callable[[Floats, Floats], Floats],
    nearest: int,
    seed: int,
    trials: int,
) -> Ranks:
    """Return the ranks by a table of candidates from the prior, each in turn taken for the truth.

    The posterior of a trial is the `nearest` others: ABC by rejection, which needs no runs beyond
    those of the table. It checks priors, simulator, measurements and targets together; the weights of
    the generations are checked by `rank_trials` where a model is cheap enough.

    Parameters
    ----------
    latent : (n, n_parameter) float64
        Candidates from the prior.
    found : (n, n_target) float64
        Their measurements; rows that could not be measured are left out.
    distances
        Gives the distance of all measurements from a row taken as observed.
    nearest
        How many make a posterior.
    seed
        Of the breaking of ties.
    trials
        How many of the rows are taken for the truth, from the first on.
    """
    known = np.isfinite(found).all(axis=1)
    latent, found = latent[known], found[known]
    if len(latent) <= nearest:
        says = f"only {len(latent)} candidates of the table could be measured"
        raise RunError(says, "Ask for more trials, or look at the targets.")

    def trial(number: int) -> tuple[Floats, Floats]:
        away = distances(found, found[number])
        away[number] = np.inf
        return latent[number], latent[np.argsort(away, kind="stable")[:nearest]]

    return rank_trials(trial, min(trials, len(latent)), seed)
