"""The state of a run with labels: tables and series, each made when somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.results.clock import reference_hour
from standfast.results.dataset import Units
from standfast.results.verdict import judge, serving_people
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import CONTROL, PLACE_READINGS, SERVING, STATUS

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    import xarray as xr

    from standfast.engine.compile import Plan
    from standfast.results.recording import Recording

FAMILY = ("home", "moved", "abroad")
RANKS = ("soldier", "leads a squad", "leads a platoon", "leads a company", "leads a battalion")
#: what is known of every agent from hour to hour: array, name of the column
MOODS = ("fear", "trust", "resolve", "suspicion", "credibility", "perceived")


def units_of(plan: Plan) -> Units:
    """Return the names of the battalions of a plan."""
    people, forces = plan.people, list(plan.scenario.forces)
    return Units(
        title=tuple(people.battalion_title(index) for index in range(people.n_battalion)),
        force=tuple(forces[force] for force in people.battalion_force),
    )


class Present:
    """What stands at one hour of a simulation.

    Everything is copied when it is asked for; a `Present` of a simulation that has gone on since
    speaks of the later hour.

    Attributes
    ----------
    hour : float
        Hours since the start [h].
    """

    def __init__(self, plan: Plan, arrays: dict[str, Any], recording: Recording) -> None:
        self._plan = plan
        self._arrays = arrays
        self._recording = recording
        self.hour = float(recording.hours[-1])

    @property
    def time(self) -> datetime:
        """Date and time in the scenario."""
        from datetime import timedelta  # noqa: PLC0415 - only here

        return self._plan.scenario.time.start + timedelta(hours=self.hour)

    @property
    def places(self) -> pd.DataFrame:
        """One row a place: who serves there of those at the start, and every reading of the hour."""
        import pandas as pd  # noqa: PLC0415 - takes a second to load

        serving = serving_people(self._recording.count)
        last = {name: values[-1] for name, values in self._recording.readings.items()}
        control = np.array(CONTROL)[last.pop("control").astype(int)]
        columns = {
            "title": [place.title for place in self._plan.scenario.places.values()],
            "control": control,
            "start": serving[0].sum(axis=1),
            "serving": serving[-1].sum(axis=1),
            **{name: last[name] for name in PLACE_READINGS if name in last},
        }
        return pd.DataFrame(columns, index=self._names("place"))

    @property
    def units(self) -> pd.DataFrame:
        """One row a battalion: where it is, who is on duty, trust and fear."""
        import pandas as pd  # noqa: PLC0415 - takes a second to load

        units, a = units_of(self._plan), self._arrays
        people = self._plan.people
        present = np.isin(a["agent_status"], [STATUS.index(name) for name in SERVING])
        serving = np.add.reduceat(present, people.battalion_start[:-1])
        duty = np.maximum(a["battalion_duty"], 1)
        names = np.array(list(self._plan.scenario.places))
        columns = {
            "force": units.force,
            "place": names[a["battalion_place"]],
            "on_paper": np.diff(people.battalion_start),
            "serving": serving,
            "on_duty": a["battalion_duty"].copy(),
            "trust": a["battalion_sums"][:, 1] / duty,
            "fear": a["battalion_sums"][:, 2] / duty,
            "commanders_there": a["battalion_hq"] == 1,
            "dissolved": a["battalion_dissolved"] == 1,
        }
        return pd.DataFrame(columns, index=pd.Index(units.title, name="battalion"))

    @property
    def agents(self) -> pd.DataFrame:
        """One row a synthetic person: who, where, and what they fear, trust and believe."""
        import pandas as pd  # noqa: PLC0415 - takes a second to load

        people, a = self._plan.people, self._arrays
        places = list(self._plan.scenario.places)
        columns = {
            "force": _named(people.force, list(self._plan.scenario.forces)),
            "branch": _named(people.branch, BRANCHES),
            "rank": _named(people.rank, RANKS),
            "years": people.service,
            "squad": people.squad,
            "home": _named(people.home, places),
            "post": _named(a["origin"], places),
            "status": _named(a["agent_status"], STATUS),
            "family": _named(a["family"], FAMILY),
            "exposed": a["exposed"] == 1,
            **{name: a[name].copy() for name in MOODS},
            "belief": 1.0 / (1.0 + np.exp(-a["belief"])),
            "left_at_h": _left(a["departure_step"], self._plan.scenario.time.step),
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(people.n_agent, name="agent"))

    @property
    def count(self) -> xr.DataArray:
        """People by garrison of origin, branch and status."""
        import xarray as xr  # noqa: PLC0415 - takes a second to load

        return xr.DataArray(
            self._recording.count[-1].copy(),
            dims=("place", "branch", "status"),
            coords={
                "place": self._names("place"),
                "branch": list(BRANCHES),
                "status": list(STATUS),
            },
            name="count",
            attrs={"units": "people", "hour": self.hour},
        )

    @property
    def series(self) -> xr.Dataset:
        """Every reading of every hour so far, as in a result."""
        from standfast.results.dataset import build_dataset  # noqa: PLC0415 - loads xarray

        return build_dataset([self._recording], self._plan.scenario, units_of(self._plan))

    @property
    def events(self) -> pd.DataFrame:
        """What has happened so far."""
        from standfast.results.frames import build_events  # noqa: PLC0415 - loads pandas

        return build_events([self._recording], self._plan.scenario, units_of(self._plan))

    @property
    def verdict(self) -> dict[str, str | None]:
        """The outcome of every place, and of `the whole`, if it ended at this hour."""
        scenario = self._plan.scenario
        outcome = judge(self._recording, scenario, reference_hour(scenario))
        found = dict(zip(self._names("place"), outcome.verdict, strict=True))
        return found | {"the whole": outcome.overall_verdict}

    @property
    def serving(self) -> int:
        """How many of those at the start serve."""
        return int(serving_people(self._recording.count[-1]).sum())

    def _names(self, what: str) -> list[str]:
        del what
        return list(self._plan.scenario.places)

    def __repr__(self) -> str:
        start = int(serving_people(self._recording.count[0]).sum())
        return f"<hour {self.hour:g}, {self.time:%Y-%m-%d %H:%M}: {self.serving} of {start} serve>"

    def _repr_html_(self) -> str:
        known = self.places
        shown = known.loc[
            known["start"] > 0, ["title", "control", "start", "serving", "trust", "fear"]
        ]
        return f"<p>{self.time:%Y-%m-%d %H:%M}, hour {self.hour:g}</p>{shown.to_html(border=0)}"


def _named(values: Any, names: Any) -> Any:
    import pandas as pd  # noqa: PLC0415 - takes a second to load

    return pd.Categorical.from_codes(
        np.asarray(values, dtype=np.int16), categories=pd.Index(list(names))
    )


def _left(step: Any, dt: float) -> Any:
    return np.where(step < 0, np.nan, step * dt)
