"""The same people in two worlds: who stayed because of what was changed, where, in which branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from standfast.engine.compile import compile_plan
from standfast.experiment.paired import mean_of
from standfast.network.cache import content_key
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import EXITS, SERVING, STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from standfast.experiment.runs import Runs
    from standfast.scenario.model import Scenario

    Counts = npt.NDArray[np.int64]

SERVES, LEFT, FELL, GHOST = range(4)
#: what becomes of somebody: serves, left, or is dead or captured; ghosts were never there
_FATE = np.array(
    [
        SERVES if name in SERVING else LEFT if name in EXITS else GHOST if name == "ghost" else FELL
        for name in STATUS
    ],
    dtype=np.int64,
)


class Move(NamedTuple):
    """A way in which the fate of somebody differs between two worlds."""

    without: int
    with_it: int
    says: str


#: name of a column -> whose fate it counts
MOVES: dict[str, Move] = {
    "stayed": Move(LEFT, SERVES, "left without it, serve with it"),
    "spared": Move(FELL, SERVES, "dead or captured without it, serve with it"),
    "left": Move(SERVES, LEFT, "serve without it, left with it"),
    "fell": Move(SERVES, FELL, "serve without it, dead or captured with it"),
}


class Garrisons:
    """Where every agent of a scenario and seed served at the start, and in which branch.

    Parameters
    ----------
    scenario, seed
        Whose people.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        plan = compile_plan(scenario, seed)
        self.key = content_key(scenario, seed), tuple(f.place for f in scenario.forces.values())
        self.seed = seed
        self.places = list(scenario.places)
        origin = plan.arrays["origin"].astype(np.int64)
        self.cell = origin * len(BRANCHES) + plan.people.branch
        self.n_cell = plan.n_place * len(BRANCHES)

    def has_same_people(self, scenario: Scenario) -> bool:
        """Tell whether agent k of a scenario is the same person, in the same garrison."""
        posts = tuple(force.place for force in scenario.forces.values())
        return self.key == (content_key(scenario, self.seed), posts)

    def moves(
        self, without: npt.NDArray[np.uint8], with_it: npt.NDArray[np.uint8]
    ) -> dict[str, Counts]:
        """Return how many fates differ in each of `MOVES`, by place and branch.

        Parameters
        ----------
        without, with_it : (n_agent,) uint8
            Final status of the same agents in the same replicate of two worlds.

        Returns
        -------
        name -> (n_place, n_branch) int64
        """
        before, after = _FATE[without], _FATE[with_it]
        return {
            name: self._count((before == move.without) & (after == move.with_it))
            for name, move in MOVES.items()
        }

    def _count(self, chosen: npt.NDArray[np.bool_]) -> Counts:
        counts = np.bincount(self.cell[chosen], minlength=self.n_cell)
        return counts.reshape(-1, len(BRANCHES)).astype(np.int64)


def follow(runs: Runs, pairs: list[tuple[str, str]], garrisons: Garrisons) -> dict[str, Counts]:
    """Follow everybody through pairs of runs of the same replicate.

    Parameters
    ----------
    runs
        With agents kept.
    pairs
        Keys of the runs without and with the change, one pair a replicate.
    garrisons
        Where they served.

    Returns
    -------
    name of `MOVES` -> (n_pair, n_place, n_branch) int64
    """
    found: dict[str, list[Counts]] = {name: [] for name in MOVES}
    for without, with_it in pairs:
        moves = garrisons.moves(runs.agents(without).status, runs.agents(with_it).status)
        for name, counts in moves.items():
            found[name].append(counts)
    return {name: np.stack(counts) for name, counts in found.items()}


def people_table(moves: Mapping[str, Counts], places: list[str]) -> pd.DataFrame:
    """Return people a run by place and branch, with the interval of those who stayed.

    Parameters
    ----------
    moves
        From `follow`.
    places
        Names in the scenario's order.
    """
    rows = []
    for p, place in enumerate(places):
        for b, branch in enumerate(BRANCHES):
            counts = {name: array[:, p, b].astype(float) for name, array in moves.items()}
            if not any(values.any() for values in counts.values()):
                continue
            stayed = mean_of(counts["stayed"])
            row: dict[str, object] = {"place": place, "branch": branch}
            row |= {name: float(values.mean()) for name, values in counts.items()}
            rows.append(row | {"stayed_low": stayed.low, "stayed_high": stayed.high})
    columns = ["place", "branch", *MOVES, "stayed_low", "stayed_high"]
    return pd.DataFrame(rows, columns=columns)
