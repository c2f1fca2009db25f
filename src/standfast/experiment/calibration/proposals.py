r"""Where candidates come from: the prior, or what is known so far, blurred.

A candidate lives in the space in which the prior is standard normal: y = Phi^-1(F(x)) for each
parameter x with prior F. There nothing has bounds, and every density below is exact.

After the first generation a candidate is drawn from

.. math:: q(y) = \alpha\,\varphi(y) + (1-\alpha) \sum_j w_j\,\varphi(y;\, y_j, 2\Sigma),

with the weighted points :math:`y_j` of the generation before and their covariance :math:`\Sigma`
(Beaumont, Cornuet, Marin and Robert 2009; Filippi and others 2013). The share :math:`\alpha` from the
prior keeps the importance weight :math:`\varphi/q` below :math:`1/\alpha` (Hesterberg 1995), so that
no candidate ever counts without bounds, and what was missed may still be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp, ndtri  # type: ignore[import-untyped]

from standfast.experiment.calibration.keyed import uniforms_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: share of candidates from the prior
FROM_PRIOR = 0.1
#: keeps the covariance of points that agree in a parameter from being singular
_FLOOR = 1e-6
#: points whose densities are worked out at a time, so that memory stays small
_ROWS = 64


@dataclass(frozen=True, eq=False)
class Proposal:
    """What candidates are drawn from.

    Attributes
    ----------
    points : (n, n_parameter) float64
        Weighted points in the space of standard normals; none for the prior.
    weights : (n,) float64
        Their weights, with sum 1.
    root : (n_parameter, n_parameter) float64
        Lower Cholesky root of the covariance of the blur.
    """

    points: Floats
    weights: Floats
    root: Floats

    @classmethod
    def prior(cls, n_parameter: int) -> Proposal:
        """Return the prior itself."""
        return cls(np.empty((0, n_parameter)), np.empty(0), np.eye(n_parameter))

    @classmethod
    def around(cls, points: Floats, weights: Floats) -> Proposal:
        """Return the prior with a blur of weighted points."""
        weights = weights / weights.sum()
        apart = points - (weights[:, None] * points).sum(axis=0)
        # a sum in a fixed order: a matrix product may differ with the number of threads
        products = apart[:, :, None] * apart[:, None, :]
        covariance = 2 * (weights[:, None, None] * products).sum(axis=0)
        covariance += _FLOOR * np.eye(points.shape[1])
        return cls(points, weights, np.linalg.cholesky(covariance))

    def draw(self, seed: int, purpose: str, generation: int, indices: range) -> Floats:
        """Return the candidates of some numbers, shape (n, n_parameter); each has its own key."""
        d = self.root.shape[0]
        u = uniforms_of(seed, purpose, generation, indices=indices, n=d + 2)
        drawn: Floats = ndtri(u[:, :d])
        if self.weights.size:
            heaped = np.cumsum(self.weights)
            place = np.searchsorted(heaped, u[:, d] * heaped[-1])
            near = self.points[np.minimum(place, heaped.size - 1)]
            blurred = near + (self.root * drawn[:, None, :]).sum(axis=2)
            drawn = np.where(u[:, [d + 1]] < FROM_PRIOR, drawn, blurred)
        return drawn

    def log_weight(self, latent: Floats) -> Floats:
        """Return the logarithm of prior over proposal at some points, shape (n,)."""
        if not self.weights.size:
            return np.zeros(len(latent))
        prior = -0.5 * (latent**2).sum(axis=1)
        inverse = np.linalg.inv(self.root)
        own = np.log(np.diag(self.root)).sum()
        found = np.empty(len(latent))
        for first in range(0, len(latent), _ROWS):
            rows = slice(first, first + _ROWS)
            away = latent[rows, None, None, :] - self.points[:, None, :]
            near = -0.5 * ((inverse * away).sum(axis=3) ** 2).sum(axis=2) - own
            blurred = np.log1p(-FROM_PRIOR) + logsumexp(near, axis=1, b=self.weights)
            found[rows] = prior[rows] - np.logaddexp(np.log(FROM_PRIOR) + prior[rows], blurred)
        return found
