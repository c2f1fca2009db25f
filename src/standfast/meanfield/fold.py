r"""The fold of recent departures: where a quiet garrison ceases to exist, and where it could again.

With hazard :math:`h=h_{\max}\,\langle\sigma(-a+wS)\rangle`, memory :math:`\dot S=h-S/\tau` and everybody
replaced, let :math:`m=-a+wS` be the mean pressure and :math:`p(m)=\langle\sigma(m+\varsigma z)\rangle`
the mean over commitment, normal with standard deviation :math:`\varsigma`. An equilibrium has
:math:`S=kp`, :math:`k=h_{\max}\tau`, so all equilibria lie on one curve,

.. math:: a(m)=wk\,p(m)-m,\qquad S(m)=k\,p(m),

which turns where :math:`wk\,p'(m)=1`. As :math:`p'` is symmetric with its peak at 0, quiet and rout
coexist iff :math:`wk\,p'(0)>1`; without heterogeneity :math:`p'(0)=1/4` and
:math:`a_c^\mp=wkp_\mp-\mathrm{logit}\,p_\mp` with
:math:`p_\mp=\tfrac12(1\mp\sqrt{1-4/(wk)})`. For a below :math:`a_c^-` there is no quiet state, for a
above :math:`a_c^+` no rout: in between, what happened decides (hysteresis).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]

from standfast.meanfield.quadrature import normal_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from standfast.meanfield.state import Floats

#: pressures beyond which the logistic is 0 or 1 to double precision
FAR = 40.0
N_NODE = 60


@dataclass(frozen=True)
class Fold:
    """The two ends of the range in which quiet and rout coexist.

    Attributes
    ----------
    quiet_commitment, quiet_memory : float
        a_c- [1] and S_c there [departures a head]: under this commitment no garrison stays quiet.
    rout_commitment, rout_memory : float
        a_c+ [1] and S there: above this commitment no rout lasts.
    """

    quiet_commitment: float
    quiet_memory: float
    rout_commitment: float
    rout_memory: float


def fold(
    rate_max: float = 1 / 6, memory: float = 72.0, weight: float = 5.0, spread: float = 0.0
) -> Fold | None:
    """Return where quiet ends and where rout ends, or None where the two never coexist.

    Parameters
    ----------
    rate_max
        h_max [1/h].
    memory
        tau [h].
    weight
        w, the pressure of one departure a head.
    spread
        Standard deviation of commitment between people; replacements are as those they replace.

    Examples
    --------
    >>> found = fold(1 / 6, 72, 5)
    >>> round(found.quiet_commitment, 4), round(found.quiet_memory, 5)
    (5.0774, 0.20345)
    >>> round(found.rout_commitment, 2)
    54.92
    >>> fold(1 / 6, 72, 0.3) is None
    True
    """
    k = rate_max * memory
    if k <= 0 or weight * k * _slope(0.0, spread) <= 1:
        return None
    edge = float(brentq(lambda m: weight * k * _slope(m, spread) - 1, 0.0, _far(spread)))
    quiet, rout = _share(-edge, spread), _share(edge, spread)
    return Fold(
        quiet_commitment=weight * k * quiet + edge,
        quiet_memory=k * quiet,
        rout_commitment=weight * k * rout - edge,
        rout_memory=k * rout,
    )


def equilibria(
    commitment: float,
    rate_max: float = 1 / 6,
    memory: float = 72.0,
    weight: float = 5.0,
    spread: float = 0.0,
) -> list[float]:
    """Return the memories S of departures at which nothing changes, in rising order.

    One, or three between the ends of the fold: quiet, the threshold between the two, and rout.

    Examples
    --------
    >>> [round(s, 3) for s in equilibria(5.5)]
    [0.069, 0.452, 12.0]
    >>> len(equilibria(5.0))
    1
    """
    k = rate_max * memory
    found = fold(rate_max, memory, weight, spread)
    far = weight * k + abs(commitment) + _far(spread)
    bounds = [-far, far]
    if found is not None:
        turns = [weight * found.quiet_memory - found.quiet_commitment,
                 weight * found.rout_memory - found.rout_commitment]  # fmt: skip
        bounds = [-far, *turns, far]

    def excess(m: float) -> float:
        return weight * k * _share(m, spread) - m - commitment

    roots = []
    for low, high in pairwise(bounds):
        if excess(low) * excess(high) <= 0:
            roots.append(k * _share(float(brentq(excess, low, high)), spread))
    return sorted(set(roots))


def fold_curve(
    *,
    rate_max: Iterable[float] | float = 1 / 6,
    memory: Iterable[float] | float = 72.0,
    weight: Iterable[float] | float = 5.0,
    spread: Iterable[float] | float = 0.0,
) -> Floats:
    """Return the fold over any of its parameters.

    Parameters
    ----------
    rate_max, memory, weight, spread
        As in `fold`; one or more of them many values, which broadcast.

    Returns
    -------
    (n, 4) float64
        Columns a_c-, S_c, a_c+, S at a_c+; NaN where quiet and rout never coexist.

    Examples
    --------
    >>> fold_curve(weight=[3.0, 5.0])[:, 0].round(4).tolist()
    [4.5549, 5.0774]
    """
    values = [np.asarray(x, dtype=float) for x in (rate_max, memory, weight, spread)]
    rows = []
    for one in zip(*(x.ravel() for x in np.broadcast_arrays(*values)), strict=True):
        found = fold(*(float(x) for x in one))
        rows.append(
            (np.nan,) * 4
            if found is None
            else (found.quiet_commitment, found.quiet_memory, found.rout_commitment,
                  found.rout_memory)
        )  # fmt: skip
    return np.array(rows)


def _far(spread: float) -> float:
    return FAR + 10 * spread


def _share(m: float, spread: float) -> float:
    """Return p(m), the mean of the logistic over commitment."""
    if spread == 0:
        return float(expit(m))
    z, weights = normal_nodes(N_NODE)
    return float(weights @ expit(m + spread * z))


def _slope(m: float, spread: float) -> float:
    """Return p'(m)."""
    z, weights = normal_nodes(N_NODE) if spread > 0 else (np.zeros(1), np.ones(1))
    p = expit(m + spread * z)
    return float(weights @ (p * (1 - p)))
