"""Sets of measures: what each costs and how likely collapse is under it, and the search for good ones.

Every set is run over the same cases and replicates, so that two sets differ by their measures alone
(common random numbers). Few measures are enumerated: every set is run. Many are searched by NSGA-II
(Deb, Pratap, Agarwal and Meyarivan 2002) as pymoo implements it, from the sets of none, one and all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from importlib.util import find_spec
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

from standfast.errors import RunError
from standfast.experiment.keys import RunRequest
from standfast.experiment.paired import LEVEL, Estimate
from standfast.experiment.trials import Means, run_requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from standfast.experiment.measures import Measure
    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario

    Flags = npt.NDArray[np.bool_]

NOTHING = "nothing"
#: sets of one generation of the search
GENERATION = 16
#: generations without a set that is new, after which a search ends
_PATIENCE = 5
_LEAST_SHIFT = 1e-12

#: which measures are taken, in the order of the candidates
Chosen = tuple[bool, ...]


@dataclass
class Worlds:
    """The worlds in which sets are tried, and what is known of each.

    Attributes
    ----------
    cases
        Scenarios by name that a set must do in; one, or draws of what is uncertain.
    measures
        The candidates.
    outlook
        Where collapse is looked for.
    means
        Seed, threads, progress and store.
    robust
        ``"mean"``: risk is the mean over cases; ``"worst"``: that of the worst case.
    beyond
        The first replicate: above 0, sets are judged on other runs than they were chosen by.
    came
        Whether each set that was tried collapsed, (n_case, replicates).
    tables
        Rows of all runs.
    """

    cases: Mapping[str, Scenario]
    measures: Sequence[Measure]
    outlook: Outlook
    means: Means
    robust: str = "mean"
    beyond: int = 0
    came: dict[Chosen, Flags] = field(default_factory=dict)
    tables: list[pd.DataFrame] = field(default_factory=list)

    def name(self, chosen: Chosen) -> str:
        """Return the set as people write it."""
        taken = [m.name for m, is_in in zip(self.measures, chosen, strict=True) if is_in]
        return " + ".join(taken) or NOTHING

    def cost(self, chosen: Chosen) -> float:
        """Return what the set costs."""
        return float(sum(m.cost for m, is_in in zip(self.measures, chosen, strict=True) if is_in))

    def risk(self, chosen: Chosen) -> Estimate:
        """Return the risk of a set that was tried."""
        return risk_of(self.came[chosen], self.robust)

    def apply(self, chosen: Chosen, case: Scenario) -> Scenario:
        """Return a case with the measures of a set taken."""
        taken = [m for m, is_in in zip(self.measures, chosen, strict=True) if is_in]
        return reduce(lambda a, b: a.joined(b), taken).apply(case) if taken else case

    def run(self, sets: Sequence[Chosen], replicates: int) -> None:
        """Try the sets that are new, all at once; no two cases share a replicate."""
        new = [chosen for chosen in dict.fromkeys(sets) if chosen not in self.came]
        if not new:
            return
        table = run_requests(self._requests(new, replicates), self.means).table
        self.tables.append(table)
        came = self.outlook.came(table).reshape(len(new), len(self.cases), replicates)
        self.came |= dict(zip(new, came, strict=True))

    def _requests(self, sets: Sequence[Chosen], replicates: int) -> Iterator[RunRequest]:
        for chosen in sets:
            for k, (case, scenario) in enumerate(self.cases.items()):
                changed = self.apply(chosen, scenario)
                name = f"{self.name(chosen)} | {case}" if case else self.name(chosen)
                for replicate in range(k * replicates, (k + 1) * replicates):
                    yield RunRequest(changed, self.means.seed, self.beyond + replicate, name)


def risk_of(came: Flags, robust: str) -> Estimate:
    """Return the risk over cases with its 95 % interval.

    The interval is Wilson's. For the mean over several cases its number of runs is reduced by the
    design effect of Kish (1965), as runs of one case resemble each other.

    Parameters
    ----------
    came : (n_case, replicates) bool
        Whether it collapsed.
    robust
        ``"mean"`` or ``"worst"``.

    Examples
    --------
    >>> came = np.array([[True] * 10, [False] * 10])
    >>> risk_of(came, "mean").value, risk_of(came, "worst").value
    (0.5, 1.0)
    """
    shares = came.mean(axis=1)
    if robust == "worst":
        return wilson(float(shares.max()), came.shape[1])
    share = float(shares.mean())
    alone = share * (1 - share) / came.size
    effect = 1.0
    if shares.size > 1 and alone > 0:
        effect = max(1.0, float(shares.var(ddof=1)) / shares.size / alone)
    return wilson(share, came.size / effect)


def wilson(share: float, n: float) -> Estimate:
    """Return a share with the Wilson interval of n runs, which need not be whole.

    Examples
    --------
    >>> some = wilson(0.9, 10)
    >>> round(some.low, 2), round(some.high, 2)
    (0.6, 0.98)
    """
    z = float(stats.norm.ppf(0.5 + LEVEL / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def front(points: Mapping[Chosen, tuple[float, float]]) -> list[Chosen]:
    """Return the sets that no other beats in cost and risk, the cheapest first.

    Of equals in both the one with the fewest measures stays.

    Examples
    --------
    >>> front({(False,): (0.0, 0.9), (True,): (1.0, 0.2)})
    [(False,), (True,)]
    """
    order = sorted(points, key=lambda chosen: (*points[chosen], sum(chosen), chosen))
    kept: list[Chosen] = []
    for chosen in order:
        if not kept or points[chosen][1] < points[kept[-1]][1] - _LEAST_SHIFT:
            kept.append(chosen)
    return kept


def every_set(n_measure: int) -> list[Chosen]:
    """Return all sets, that of nothing first."""
    return [tuple(reversed(each)) for each in product((False, True), repeat=n_measure)]


def search(worlds: Worlds, replicates: int, most: int) -> None:
    """Try sets generation by generation until enough are known or none is new.

    Parameters
    ----------
    worlds
        Where sets are tried; the same seed tries the same ones.
    replicates
        Of each set and case.
    most
        Different sets, about; the last generation is finished.

    Raises
    ------
    RunError
        Where pymoo is not installed.
    """
    if find_spec("pymoo") is None:
        says = "searching sets of measures needs pymoo, which is not installed"
        raise RunError(says, "Install it: pip install 'standfast[lab]', or name fewer measures.")
    # a second to import, and not everybody has it
    from pymoo.core.evaluator import Evaluator  # noqa: PLC0415
    from pymoo.problems.static import StaticProblem  # noqa: PLC0415

    problem, algorithm = _nsga2(len(worlds.measures), worlds.means.seed)
    idle = 0
    while len(worlds.came) < most and idle < _PATIENCE:
        people = algorithm.ask()
        sets = [tuple(bool(gene) for gene in genes) for genes in people.get("X")]
        known = len(worlds.came)
        worlds.run(sets, replicates)
        idle = idle + 1 if len(worlds.came) == known else 0
        judged = np.array([(worlds.cost(each), worlds.risk(each).value) for each in sets])
        Evaluator().eval(StaticProblem(problem, F=judged), people)
        algorithm.tell(infills=people)


def _nsga2(n_measure: int, seed: int) -> tuple[Any, Any]:
    """Return the problem and a search set up for it: uniform crossover, single bits flipped."""
    from pymoo.algorithms.moo.nsga2 import NSGA2  # noqa: PLC0415  as in `search`
    from pymoo.core.problem import Problem  # noqa: PLC0415
    from pymoo.operators.crossover.ux import UniformCrossover  # noqa: PLC0415
    from pymoo.operators.mutation.bitflip import BitflipMutation  # noqa: PLC0415

    problem = Problem(n_var=n_measure, n_obj=2, xl=0, xu=1, vtype=bool)
    start = np.vstack([np.zeros((1, n_measure)), np.ones((1, n_measure)), np.eye(n_measure)])
    algorithm = NSGA2(
        pop_size=GENERATION,
        sampling=start.astype(bool),
        crossover=UniformCrossover(),
        mutation=BitflipMutation(),
        eliminate_duplicates=True,
    )
    # pymoo takes 32 bits
    algorithm.setup(problem, seed=seed % 2**32, verbose=False)
    return problem, algorithm
