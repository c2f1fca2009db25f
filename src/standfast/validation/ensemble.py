"""An ensemble as facts read it: a row a run, series by hour and place, and how everybody ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.engine.compile import INFLUENCED, compile_plan
from standfast.experiment.execute import execute
from standfast.experiment.keys import RunRequest
from standfast.experiment.outlook import main_place
from standfast.results.clock import reference_hour
from standfast.scenario.vocabulary import SERVING, STATUS
from standfast.validation.fact import CannotMeasureError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from standfast.experiment.trials import Means
    from standfast.scenario.model import Scenario

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

#: what facts read hour by hour
SERIES = (
    "serving",
    "present",
    "fighters",
    "attack",
    "trust",
    "wavering",
    "volunteers",
)
_SERVING = [STATUS.index(name) for name in SERVING]
DEAD = STATUS.index("dead")


@dataclass(frozen=True, eq=False)
class Crowd:
    """Who everybody is who served at the start, ghosts left out.

    Attributes
    ----------
    place, branch, squad, company : (n_person,) int64
        Garrison of origin, branch and units, by index.
    influenced : (n_person,) bool
        Whether home and family are in a place under the adversary's influence.
    """

    place: npt.NDArray[np.int64]
    branch: npt.NDArray[np.int64]
    squad: npt.NDArray[np.int64]
    company: npt.NDArray[np.int64]
    influenced: Flags


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Replicates of one world.

    Attributes
    ----------
    scenario
        What was run.
    runs : pandas.DataFrame
        A row a replicate, as `standfast.experiment.runs.Runs.table`.
    series : name -> (n_run, n_hour, n_place)
        `SERIES`, by recorded hour.
    crowd
        Who the people are; None where agents were not kept.
    status : (n_run, n_person) uint8
        Final status of each, as index in `STATUS`; None likewise.
    left_h : (n_run, n_person) float32
        Hour since the start after which each no longer served [h]; infinite for those who serve.
    """

    scenario: Scenario
    runs: pd.DataFrame
    series: Mapping[str, npt.NDArray[np.float32]]
    crowd: Crowd | None = None
    status: npt.NDArray[np.uint8] | None = None
    left_h: npt.NDArray[np.float32] | None = None

    @property
    def n_run(self) -> int:
        """Number of replicates."""
        return len(self.runs)

    @property
    def main(self) -> str:
        """Place that the case is about."""
        return main_place(self.scenario)

    @property
    def reference(self) -> float:
        """Hour of the reference event since the start [h]."""
        return reference_hour(self.scenario)

    @property
    def hours(self) -> Floats:
        """Recorded hours since the start [h]."""
        n_hour = self.series["serving"].shape[1]
        return np.linspace(0.0, self.scenario.time.horizon, n_hour)

    def index(self, place: str) -> int:
        """Return the index of a place.

        Raises
        ------
        CannotMeasureError
            When the scenario has no such place.
        """
        names = list(self.scenario.places)
        if place not in names:
            says = f"the scenario has no place {place}"
            raise CannotMeasureError(says)
        return names.index(place)

    def column(self, name: str) -> Floats:
        """Return a numeric column of the runs; NaN throughout where there is none."""
        if name not in self.runs:
            return np.full(self.n_run, np.nan)
        return self.runs[name].to_numpy(dtype=float)

    def came(self, place: str, verdict: str) -> Flags:
        """Return in which runs a place came to a verdict."""
        return np.asarray(self.runs[f"{place}.verdict"] == verdict, dtype=bool)

    def hour_of(self, place: str, what: str) -> Floats:
        """Return the hour since the start of `lost_at_h` or the like; infinite where never."""
        hours = self.column(f"{place}.{what}") + self.reference
        return np.where(np.isnan(hours), np.inf, hours)

    def lost(self, place: str) -> Flags:
        """Return in which runs a place was lost."""
        return np.isfinite(self.hour_of(place, "lost_at_h"))

    def gone(self, place: str) -> Floats:
        """Return the share of a garrison gone by run and hour, (n_run, n_hour)."""
        serving = self.series["serving"][:, :, self.index(place)].astype(float)
        share: Floats = 1.0 - serving / np.maximum(serving[:, :1], 1.0)
        return share

    def at(self, values: npt.NDArray[np.floating], hours: npt.ArrayLike) -> Floats:
        """Return values by run and hour at an hour of each run; NaN where that never comes.

        Parameters
        ----------
        values : (n_run, n_hour)
            Such as a share.
        hours
            Since the start [h], one or one a run.
        """
        wanted = np.broadcast_to(np.asarray(hours, dtype=float), (self.n_run,))
        inside = (wanted >= 0) & (wanted <= self.hours[-1] + 1e-9)
        rows = np.searchsorted(self.hours, np.where(inside, wanted, 0.0) - 1e-9)
        found = values[np.arange(self.n_run), np.minimum(rows, self.hours.size - 1)].astype(float)
        return np.where(inside, found, np.nan)

    def people(self) -> tuple[Crowd, npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
        """Return who everybody is, final statuses and hours of leaving.

        Raises
        ------
        CannotMeasureError
            When agents were not kept.
        """
        if self.crowd is None or self.status is None or self.left_h is None:
            says = "how everybody ended was not kept"
            raise CannotMeasureError(says)
        return self.crowd, self.status, self.left_h


def run_ensemble(
    scenario: Scenario, replicates: int, means: Means, *, keep_agents: bool = False
) -> Ensemble:
    """Run a world and return what facts read of it.

    Parameters
    ----------
    scenario
        The world.
    replicates
        How many.
    means
        Seed, threads, progress and store.
    keep_agents
        Whether it is asked how everybody ended.
    """
    asked = [RunRequest(scenario, means.seed, k, scenario.scenario) for k in range(replicates)]
    runs = execute(
        asked,
        store=means.store,
        threads=means.threads,
        progress=means.progress,
        keep_agents=keep_agents,
        keep_series=SERIES,
    )
    table = runs.table
    each = [runs.series(key) for key in table["key"]]
    series = {name: np.stack([one[name] for one in each]) for name in SERIES}
    if not keep_agents:
        return Ensemble(scenario, table, series)
    plan = compile_plan(scenario, means.seed)
    living = np.flatnonzero(plan.people.ghost == 0)
    ended = [runs.agents(key) for key in table["key"]]
    status = np.stack([one.status[living] for one in ended])
    steps = np.stack([one.departure_step[living] for one in ended])
    serves = np.isin(status, _SERVING) | (steps < 0)
    squad = plan.people.squad[living].astype(np.int64)
    support = plan.arrays["support"][plan.people.home[living]]
    return Ensemble(
        scenario,
        table,
        series,
        Crowd(
            place=plan.arrays["origin"][living].astype(np.int64),
            branch=plan.people.branch[living].astype(np.int64),
            squad=squad,
            company=plan.people.squad_company[squad].astype(np.int64),
            influenced=support >= INFLUENCED,
        ),
        status,
        np.where(serves, np.inf, (steps + 1) * scenario.time.step).astype(np.float32),
    )
