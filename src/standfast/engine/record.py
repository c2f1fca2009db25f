"""Writing down a run hour by hour, and the recording it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.results.recording import LOG_DTYPE, Recording
from standfast.scenario.vocabulary import PLACE_READINGS, UNIT_READINGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.engine.compile import Plan

    Arrays = dict[str, NDArray[Any]]

UNIT_EVERY_H = 6.0


@dataclass
class Record:
    """Series of a run, filled row by row."""

    plan: Plan
    count: NDArray[np.int32] = field(init=False)
    departed: NDArray[np.int32] = field(init=False)
    readings: dict[str, NDArray[np.float32]] = field(init=False)
    unit_hours: NDArray[np.float64] = field(init=False)
    unit_readings: dict[str, NDArray[np.float32]] = field(init=False)

    def __post_init__(self) -> None:
        """Lay out the arrays."""
        n_hour, n_place = self.plan.hours.size, self.plan.n_place
        self.count = np.zeros((n_hour, n_place, 4, 11), dtype=np.int32)
        self.departed = np.zeros((n_hour, 4, 3), dtype=np.int32)
        self.readings = {name: np.zeros((n_hour, n_place), np.float32) for name in PLACE_READINGS}
        hours = self.plan.hours
        self.unit_hours = hours[np.isclose(hours % UNIT_EVERY_H, 0.0)]
        shape = (self.unit_hours.size, self.plan.people.n_battalion)
        self.unit_readings = {name: np.zeros(shape, np.float32) for name in UNIT_READINGS}

    def write(self, row: int, arrays: Arrays) -> None:
        """Write the state of an hour."""
        self.count[row] = arrays["count"]
        self.departed[row] = arrays["departures"].sum(axis=(0, 3))
        duty = np.maximum(arrays["place_duty"], 1)
        sums = arrays["place_sums"]
        mean = dict(
            zip(
                ("trust", "fear", "belief", "wavering"),
                (sums[:, 1:] / duty[:, None]).T,
                strict=True,
            )
        )
        direct = {"present": arrays["place_duty"]}
        for name, series in self.readings.items():
            series[row] = mean[name] if name in mean else direct.get(name, arrays.get(name))
        at = np.searchsorted(self.unit_hours, self.plan.hours[row])
        if at < self.unit_hours.size and self.unit_hours[at] == self.plan.hours[row]:
            n = np.maximum(arrays["battalion_duty"], 1)
            self.unit_readings["unit_serving"][at] = arrays["battalion_duty"]
            self.unit_readings["unit_trust"][at] = arrays["battalion_sums"][:, 1] / n
            self.unit_readings["unit_fear"][at] = arrays["battalion_sums"][:, 2] / n

    def finish(self, replicate: int, arrays: Arrays, seconds: float, agent_steps: int) -> Recording:
        """Return the recording of the run."""
        plan = self.plan
        known = plan.arrays
        start = np.zeros((plan.n_place, 4, 3), dtype=np.int64)
        living = plan.people.ghost == 0
        np.add.at(
            start,
            (known["origin"][living], plan.people.branch[living], known["home_kind"][living]),
            1,
        )
        return Recording(
            replicate=replicate,
            hours=plan.hours,
            count=self.count,
            readings=self.readings,
            unit_hours=self.unit_hours,
            unit_readings=self.unit_readings,
            lost_hour=arrays["lost_hour"].copy(),
            log=np.array(
                arrays["log_lines"][: min(int(arrays["n_log"][0]), arrays["log_lines"].size)],
                dtype=LOG_DTYPE,
            ),
            departures=arrays["departures"].copy(),
            departed=self.departed,
            start_count=start,
            cause=arrays["cause"].copy(),
            resolute_departures=int(arrays["resolute"][0]),
            n_agent=plan.n_agent,
            n_step=plan.n_step,
            simulate_s=seconds,
            agent_steps=agent_steps,
        )
