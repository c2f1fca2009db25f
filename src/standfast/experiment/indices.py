"""Sensitivity indices of any function of several factors, by SALib.

Morris' screening tells which factors matter at all, with few runs: mu* is the mean size of what
happens when one factor takes one step (Morris 1991; Campolongo et al. 2007), sigma how much that
depends on the others. Sobol's indices share the variance of the outcome out: S1 is what a factor
brings alone, ST all it takes part in (Sobol 2001; Saltelli et al. 2010; Jansen 1999). Groups of
factors move together, and their index is of all that any of them brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.errors import Problem, RunError, ScenarioError
from standfast.scenario.names import suggest
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

METHODS: dict[str, str] = {
    "morris": "screening: what matters at all",
    "sobol": "shares of the variance: how much of it, alone and with others",
}
_OPTION = "--method"
_LEVELS = 4  # of Morris' grid, as Campolongo et al. use
_RESAMPLES = 200
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Factors:
    """What is varied, each between 0 and 1 of its range.

    Attributes
    ----------
    names
        One a factor.
    groups
        Group of each factor; its own name where it stands alone.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """Names of the indices: the groups, each once."""
        return tuple(dict.fromkeys(self.groups))

    @property
    def problem(self) -> dict[str, Any]:
        """What SALib calls a problem."""
        found: dict[str, Any] = {
            "num_vars": len(self.names),
            "names": list(self.names),
            "bounds": [[0.0, 1.0]] * len(self.names),
        }
        # a group for each factor would be no groups, and cost Morris his sigma
        if len(self.rows) < len(self.names):
            found["groups"] = list(self.groups)
        return found


def check_method(method: str) -> None:
    """Refuse a method that there is not, or for which SALib is missing.

    Raises
    ------
    ScenarioError, RunError
        With the methods there are, or how to install it.
    """
    if method not in METHODS:
        says = f'is "{printable(method)}", which is no method'
        raise ScenarioError(_OPTION, [Problem("", says, suggest(method, METHODS, "methods"))])
    if find_spec("SALib") is None:
        says = "sensitivity needs SALib, which is not installed"
        raise RunError(says, "Install it: pip install 'standfast[lab]'.")


def sample(factors: Factors, method: str, size: int, seed: int) -> Floats:
    """Return the points at which the function is wanted.

    Parameters
    ----------
    factors
        What is varied.
    method
        One of `METHODS`.
    size
        Trajectories of Morris; base sample of Sobol, a power of two.
    seed
        Of the design.

    Returns
    -------
    (n_point, n_factor) float64
        In [0, 1]: size (n_group + 1) points for Morris, size (n_group + 2) for Sobol.
    """
    check_method(method)
    # two seconds to import, and not everybody has it
    from SALib.sample import morris, sobol  # type: ignore[import-untyped]  # noqa: PLC0415

    seed %= 2**32  # all that SALib's generators take
    if method == "morris":
        points = morris.sample(factors.problem, size, num_levels=_LEVELS, seed=seed)
    else:
        points = sobol.sample(factors.problem, size, calc_second_order=False, seed=seed)
    return np.asarray(points, dtype=np.float64)


def analyse(
    factors: Factors, method: str, points: Floats, outcomes: Mapping[str, Floats], seed: int
) -> pd.DataFrame:
    """Return the indices of every outcome, with their intervals.

    Parameters
    ----------
    factors, method, points
        As sampled.
    outcomes
        Value of each outcome at each point.
    seed
        Of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        `outcome`, `factor`, `index` (mu*, sigma, S1, ST), `value`, `low`, `high`; NaN for an
        outcome that does not vary.
    """
    check_method(method)
    seed %= 2**32
    one = _analyse_morris if method == "morris" else _analyse_sobol
    rows: list[dict[str, object]] = []
    for outcome, values in outcomes.items():
        varies = bool(np.ptp(values) > 0)
        found = one(factors, points, values, seed) if varies else _nothing(factors, method)
        for index, (estimate, half) in found.items():
            rows += [
                {
                    "outcome": outcome,
                    "factor": name,
                    "index": index,
                    "value": float(value),
                    "low": float(value - wide),
                    "high": float(value + wide),
                }
                for name, value, wide in zip(factors.rows, estimate, half, strict=True)
            ]
    return pd.DataFrame(rows)


def evaluate(
    factors: Factors,
    method: str,
    size: int,
    function: Callable[[Floats], Mapping[str, Floats]],
    seed: int = 1,
) -> pd.DataFrame:
    """Sample, evaluate a function at every point, and return its indices.

    Parameters
    ----------
    function
        From (n_point, n_factor) shares to outcomes by name, each (n_point,).

    Examples
    --------
    >>> factors = Factors(("a", "b"), ("a", "b"))
    >>> table = evaluate(factors, "morris", 8, lambda x: {"y": 3 * x[:, 0] + x[:, 1]})
    >>> table[table["index"] == "mu*"]["value"].round(6).tolist()
    [3.0, 1.0]
    """
    points = sample(factors, method, size, seed)
    return analyse(factors, method, points, function(points), seed)


_Found = dict[str, tuple["Sequence[float]", "Sequence[float]"]]


def _analyse_morris(factors: Factors, points: Floats, values: Floats, seed: int) -> _Found:
    from SALib.analyze import morris  # type: ignore[import-untyped]  # noqa: PLC0415  slow to import

    found = morris.analyze(
        factors.problem, points, values, num_levels=_LEVELS, num_resamples=_RESAMPLES,
        conf_level=_CONFIDENCE, seed=seed,
    )  # fmt: skip
    indices: _Found = {"mu*": (found["mu_star"], found["mu_star_conf"])}
    if "groups" not in factors.problem:
        indices["sigma"] = (found["sigma"], np.full(len(factors.rows), np.nan).tolist())
    return indices


def _analyse_sobol(factors: Factors, points: Floats, values: Floats, seed: int) -> _Found:
    from SALib.analyze import sobol  # noqa: PLC0415  slow to import

    del points
    found = sobol.analyze(
        factors.problem, values, calc_second_order=False, num_resamples=_RESAMPLES,
        conf_level=_CONFIDENCE, seed=seed,
    )  # fmt: skip
    return {"S1": (found["S1"], found["S1_conf"]), "ST": (found["ST"], found["ST_conf"])}


def _nothing(factors: Factors, method: str) -> _Found:
    none = [np.nan] * len(factors.rows)
    names = ("mu*",) if method == "morris" else ("S1", "ST")
    return dict.fromkeys(names, (none, none))
