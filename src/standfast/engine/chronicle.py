"""Every change of anybody's status, so that who served at any hour can still be told later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]


class Chronicle:
    """Changes of status of all agents, step by step.

    Most people change their status a few times in a run or never, so that this is a hundredth of
    what a table of everybody by hour would be, and says the same.

    Parameters
    ----------
    status : (n_agent,) uint8
        Everybody's status at hour 0; copied.

    Examples
    --------
    >>> chronicle = Chronicle(np.array([0, 0, 1], dtype=np.uint8))
    >>> chronicle.write(1, np.array([0, 3, 1], dtype=np.uint8))
    >>> chronicle.write(2, np.array([2, 3, 1], dtype=np.uint8))
    >>> chronicle.status_at(1).tolist(), chronicle.of(1)
    ([0, 3, 1], [(0, 0), (1, 3)])
    """

    def __init__(self, status: NDArray[np.uint8]) -> None:
        self.start = status.copy()
        self._now = status.copy()
        self._steps: list[int] = []
        self._agents: list[NDArray[np.int32]] = []
        self._statuses: list[NDArray[np.uint8]] = []

    def write(self, step: int, status: NDArray[np.uint8]) -> None:
        """Write who changed in a step; steps come in order."""
        changed = np.flatnonzero(status != self._now)
        if changed.size == 0:
            return
        now = status[changed]
        self._now[changed] = now
        self._steps.append(step)
        self._agents.append(changed.astype(np.int32))
        self._statuses.append(now)

    def status_at(self, step: int, first: int = 0, last: int | None = None) -> NDArray[np.uint8]:
        """Return the status of agents `first` to `last` after a step; step 0 is the start."""
        last = self.start.size if last is None else last
        status = self.start[first:last].copy()
        for at, agents, values in zip(self._steps, self._agents, self._statuses, strict=True):
            if at > step:
                break
            # agents of a step are in rising order
            a, b = np.searchsorted(agents, (first, last))
            status[agents[a:b] - first] = values[a:b]
        return status

    def of(self, agent: int) -> list[tuple[int, int]]:
        """Return (step, status) of one agent: at the start and at every change."""
        found = [(0, int(self.start[agent]))]
        for step, agents, values in zip(self._steps, self._agents, self._statuses, strict=True):
            at = int(np.searchsorted(agents, agent))
            if at < agents.size and agents[at] == agent:
                found.append((step, int(values[at])))
        return found

    def changes(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]:
        """Return every change as (step, agent, status), by step and agent."""
        steps = np.repeat(
            np.array(self._steps, dtype=np.int32), [agents.size for agents in self._agents]
        )
        if steps.size == 0:
            return steps, np.empty(0, np.int32), np.empty(0, np.uint8)
        return steps, np.concatenate(self._agents), np.concatenate(self._statuses)

    def copy(self) -> Chronicle:
        """Return a chronicle that goes on separately; what is written stays shared."""
        other = Chronicle(self.start)
        other._now[:] = self._now
        # written parts are never changed, so both may hold them
        other._steps, other._agents = list(self._steps), list(self._agents)
        other._statuses = list(self._statuses)
        return other

    def to_arrays(self) -> Arrays:
        """Return everything as arrays by name."""
        step, agent, status = self.changes()
        return {"start": self.start, "step": step, "agent": agent, "status": status}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Chronicle:
        """Return the chronicle that `to_arrays` wrote."""
        chronicle = cls(arrays["start"])
        ends = np.flatnonzero(np.diff(arrays["step"], append=-1))
        first = 0
        for end in ends.tolist():
            rows = slice(first, end + 1)
            chronicle._steps.append(int(arrays["step"][end]))
            chronicle._agents.append(arrays["agent"][rows].copy())
            chronicle._statuses.append(arrays["status"][rows].copy())
            chronicle._now[arrays["agent"][rows]] = arrays["status"][rows]
            first = end + 1
        return chronicle
