r"""History matching: waves of candidates, less and less of which are implausible.

The implausibility of a candidate is

.. math:: I = \max_k \frac{|m_k|}{\sqrt{1 + \delta_k^2}}

with its misses m of the targets and the error of the twin :math:`\delta`, both in scales of the
target. Above 3 it is ruled out, by Pukelsheim's rule that 95 % of any law with one peak lie within
three standard deviations (Craig, Goldstein, Seheult and Smith 1997; Andrianakis and others 2015). No
emulator is built: the mean-field twin itself is run at every candidate, and its error is measured by
runs of the engine.

What is left is where the engine begins to look. It is a proposal, not a prior: the weights of ABC-SMC
take it out again, so that a twin that is wrong costs time and not truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri  # type: ignore[import-untyped]
from scipy.stats import qmc  # type: ignore[import-untyped]

from standfast.experiment.calibration.proposals import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from standfast.experiment.calibration.smc import Simulate
    from standfast.experiment.calibration.targets import Target

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

#: implausibility above which a candidate is ruled out
CUT = 3.0
#: where hardly any pass the cut, this share of the wave goes on, and the wave says so
_LEAST_SHARE = 0.1
_INSIDE = 1e-9


@dataclass(frozen=True, eq=False)
class Wave:
    """A wave of candidates.

    Attributes
    ----------
    number
        Counted from 0.
    latent : (n, n_parameter) float64
        Candidates in the space in which the prior is standard normal.
    found : (n, n_target) float64
        Measurements of the twin; missing where it has no such measure.
    implausibility : (n,) float64
        Of each.
    kept : (n,) bool
        Who goes on.
    cut
        Implausibility up to which they were kept; above `CUT` where too few pass it.
    left
        Share of the prior that is not ruled out, estimated.
    """

    number: int
    latent: Floats
    found: Floats
    implausibility: Floats
    kept: Flags
    cut: float
    left: float


def implausibility(targets: Sequence[Target], found: Floats, error: Floats) -> Floats:
    """Return how implausible measurements are, shape (n,).

    Parameters
    ----------
    targets
        As many as there are columns.
    found : (n, n_target) float64
        Measurements; a column that is missing throughout is left out.
    error : (n_target,) float64
        Of the twin, in scales of the targets; NaN is none known.

    Examples
    --------
    >>> from standfast.experiment.calibration.targets import Target
    >>> one = Target("a", "x", 0.0, 0.0, 1.0)
    >>> implausibility([one], np.array([[6.0], [1.0]]), np.array([np.sqrt(3.0)])).round(6).tolist()
    [3.0, 0.5]
    """
    known = [k for k in range(len(targets)) if np.isfinite(found[:, k]).any()]
    if not known:
        return np.zeros(len(found))
    wide = np.sqrt(1 + np.nan_to_num(error) ** 2)
    misses = [np.abs(targets[k].miss(found[:, k])) / wide[k] for k in known]
    return np.asarray(np.max(misses, axis=0))


def match_history(
    twin: Simulate,
    targets: Sequence[Target],
    n_parameter: int,
    points: int,
    waves: int,
    seed: int,
    *,
    error_at: Callable[[Floats, Floats], Floats],
    tell: Callable[[Wave], object] | None = None,
) -> tuple[list[Wave], Floats, Proposal]:
    """Return the waves, the error of the twin, and what the engine may begin with.

    Parameters
    ----------
    twin
        The model that is run at every candidate.
    targets
        That are to be reproduced.
    n_parameter
        How many are fitted.
    points
        Candidates of a wave.
    waves
        How many at most; no more are made once a wave rules out nothing new.
    seed
        Of everything drawn here.
    error_at
        Gives the error of the twin, (n_target,) in scales, from candidates and what it found there.
    tell
        Hears of each wave.
    """
    done: list[Wave] = []
    error = np.zeros(len(targets))
    proposal = Proposal.prior(n_parameter)
    for number in range(waves):
        latent = (
            _spread(points, n_parameter, seed)
            if number == 0
            else proposal.draw(seed, "wave", number, range(points))
        )
        found = twin(number, range(points), latent)
        if number == 0:
            error = error_at(latent, found)
        wave = _wave(number, targets, latent, found, error, proposal)
        done.append(wave)
        if tell is not None:
            tell(wave)
        weights = np.exp(proposal.log_weight(latent[wave.kept]))
        proposal = Proposal.around(latent[wave.kept], weights)
        if wave.kept.all():
            break
    return done, error, proposal


def _wave(
    number: int,
    targets: Sequence[Target],
    latent: Floats,
    found: Floats,
    error: Floats,
    proposal: Proposal,
) -> Wave:
    how = implausibility(targets, found, error)
    least = max(2 * latent.shape[1], int(np.ceil(_LEAST_SHARE * len(latent))))
    cut = max(CUT, float(np.sort(how)[min(least, len(how)) - 1]))
    weights = np.exp(proposal.log_weight(latent))
    return Wave(
        number, latent, found, how, kept=how <= cut, cut=cut,
        left=float((weights * (how <= CUT)).sum() / weights.sum()),
    )  # fmt: skip


def _spread(points: int, n_parameter: int, seed: int) -> Floats:
    """Return points spread evenly over the prior: a Latin hypercube."""
    rng = np.random.default_rng([seed, 0])
    shares = qmc.LatinHypercube(n_parameter, rng=rng).random(points)
    found: Floats = ndtri(np.clip(shares, _INSIDE, 1 - _INSIDE))
    return found
