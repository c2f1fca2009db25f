"""What the report looks at: one result, reduced once to what every section needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from standfast.report.words import moment
from standfast.results.groups import split_groups
from standfast.scenario.events import CallUp, MassMessage
from standfast.scenario.moments import hours_of
from standfast.scenario.vocabulary import SERVING

if TYPE_CHECKING:
    from datetime import datetime

    import xarray as xr

    from standfast.results.result import Result
    from standfast.scenario.events import Event
    from standfast.scenario.model import Scenario

Shares = npt.NDArray[np.float64]
#: a mean over fewer people says more about them than about the place
LEAST_ON_DUTY = 10
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Happening:
    """An event that the scenario sets, on the clock of the run."""

    number: int
    hour: float
    title: str
    places: tuple[str, ...]
    kind: str


class View:
    """A result seen by garrison; only places that had people at the start.

    Parameters
    ----------
    result
        What `standfast run` made, or `Result.load` read.
    """

    def __init__(self, result: Result) -> None:
        self.scenario: Scenario = result.scenario
        self.series: xr.Dataset = result.series
        self.events = result.events
        self.summary: dict[str, Any] = result.summary
        self.start: datetime = self.scenario.time.start
        self.hours: Shares = np.asarray(self.series["hour"].values, dtype=float)
        self.n_replicate = int(self.series.sizes["replicate"])

    @cached_property
    def garrisons(self) -> tuple[str, ...]:
        """Places with people at the start, the largest garrison first."""
        people = self._serving[:, 0].mean(axis=0)
        names = [str(name) for name in self.series["place"].values]
        order = sorted(range(len(names)), key=lambda i: (-people[i], i))
        return tuple(names[i] for i in order if people[i] > 0)

    @cached_property
    def _serving(self) -> npt.NDArray[np.int64]:
        kept = self.series["count"].sel(status=list(SERVING)).sum(["status", "branch"])
        return cast(
            "npt.NDArray[np.int64]",
            kept.transpose("replicate", "hour", "place").values.astype(np.int64),
        )

    @cached_property
    def _index(self) -> list[int]:
        names = [str(name) for name in self.series["place"].values]
        return [names.index(name) for name in self.garrisons]

    @cached_property
    def people(self) -> Shares:
        """People at the start, ghosts not counted: mean over replicates, by garrison."""
        return np.asarray(self._serving[:, 0, self._index].mean(axis=0), dtype=float)

    @cached_property
    def serving(self) -> Shares:
        """Share still serving, by replicate, hour and garrison of origin."""
        kept = self._serving[:, :, self._index].astype(float)
        return cast("Shares", kept / np.maximum(kept[:, :1], 1.0))

    @cached_property
    def lost_hour(self) -> Shares:
        """Hour at which each garrison's place was lost, by replicate; NaN where it was not."""
        return self.reading("lost_hour", ("replicate", "place"))

    def reading(self, name: str, dims: tuple[str, ...] = ("replicate", "hour", "place")) -> Shares:
        """Return one reading of the garrisons, as numbers."""
        values = self.series[name].transpose(*dims).values
        return cast("Shares", np.asarray(values[..., self._index], dtype=float))

    def mood(self, name: str) -> Shares:
        """Return trust, fear or wavering; NaN while hardly anybody is on duty to have any."""
        return np.where(self.reading("present") < LEAST_ON_DUTY, np.nan, self.reading(name))

    @cached_property
    def groups(self) -> list[list[npt.NDArray[np.intp]]]:
        """For each garrison the one or two groups its replicates fall into."""
        return [split_groups(self.serving[:, -1, i]) for i in range(len(self.garrisons))]

    def title(self, place: str) -> str:
        """Name of a place as people write it."""
        return self.scenario.places[place].title if place in self.scenario.places else place

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """Events of the scenario within the horizon, in order of time."""
        rows = [
            (hours_of(event.at, self.start), position, event)
            for position, event in enumerate(self.scenario.events)
        ]
        rows = sorted(row for row in rows if 0 <= row[0] <= self.hours[-1])
        return tuple(
            Happening(
                number=number,
                hour=hour,
                title=event.title or event.id.replace("-", " "),
                places=_places_of(event),
                kind=event.kind,
            )
            for number, (hour, _, event) in enumerate(rows, start=1)
        )

    @cached_property
    def reference(self) -> Happening | None:
        """The event from which hours are counted, if the scenario names one."""
        wanted = self.scenario.time.reference_event
        for event in self.scenario.events:
            if event.id == wanted:
                title = event.title or event.id.replace("-", " ")
                hour = hours_of(event.at, self.start)
                return Happening(0, hour, title, _places_of(event), event.kind)
        return None

    @cached_property
    def since(self) -> str:
        """What hours are counted from, in words."""
        if self.reference is None:
            return f"the start ({moment(self.start, 0)})"
        return f"“{self.reference.title}” ({moment(self.start, self.reference.hour)})"

    @cached_property
    def focus(self) -> int:
        """The garrison that the headline is about.

        The place of the reference event; without one, the garrison that most people leave.
        """
        for place in self.reference.places if self.reference else ():
            if place in self.garrisons:
                return self.garrisons.index(place)
        gone = (1 - np.median(self.serving[:, -1], axis=0)) * self.people
        return int(np.argmax(gone))


def _places_of(event: Event) -> tuple[str, ...]:
    if isinstance(event, (MassMessage, CallUp)):
        return event.places
    return (event.place,)


def main_group(view: View) -> npt.NDArray[np.intp]:
    """Return the replicates that maps show: the larger group at the place of the headline.

    Of two groups of one size, the one that fares worse.
    """
    return max(reversed(view.groups[view.focus]), key=lambda members: members.size)


def quantiles(values: Shares) -> Shares:
    """Return the five quantiles over replicates (first axis), missing values left out.

    Examples
    --------
    >>> quantiles(np.array([[0.0], [0.5], [1.0]]))[:, 0].round(3).tolist()
    [0.05, 0.25, 0.5, 0.75, 0.95]
    """
    ordered = np.sort(values, axis=0)  # what is missing sorts last
    last = np.isfinite(values).sum(axis=0) - 1
    result = np.full((len(QUANTILES), *values.shape[1:]), np.nan)
    for row, share in zip(result, QUANTILES, strict=True):
        position = share * np.maximum(last, 0)
        low = np.floor(position).astype(np.intp)
        high = np.minimum(low + 1, np.maximum(last, 0))
        below = np.take_along_axis(ordered, low[None], axis=0)[0]
        above = np.take_along_axis(ordered, high[None], axis=0)[0]
        row[...] = np.where(last >= 0, below + (position - low) * (above - below), np.nan)
    return result


def middle(values: Shares) -> Shares:
    """Return the median over replicates (first axis), missing values left out.

    Examples
    --------
    >>> middle(np.array([[0.0, np.nan], [0.5, np.nan], [1.0, np.nan]])).tolist()
    [0.5, nan]
    """
    return cast("Shares", quantiles(values)[QUANTILES.index(0.5)])
