"""Compiled scenarios at hand: people are built once for all replicates, and few plans are kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from standfast.engine.compile import compile_plan
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from standfast.engine.compile import Plan


class Shelf:
    """The plans used last, shared by the threads of a process.

    Parameters
    ----------
    size
        How many plans stay; those in use by a run stay in memory besides until it ends.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._plans: OrderedDict[tuple[str, int], Plan] = OrderedDict()
        self._locks: dict[tuple[str, int], threading.Lock] = {}
        self._lock = threading.Lock()

    def plan(self, scenario_sha256: str, scenario_json: str, seed: int) -> Plan:
        """Return the plan of a scenario and seed; whoever asks first compiles it for all.

        Parameters
        ----------
        scenario_sha256
            What it is known by.
        scenario_json
            Its canonical JSON.
        seed
            Of people and ties.
        """
        place = (scenario_sha256, seed)
        with self._lock:
            own = self._locks.setdefault(place, threading.Lock())
        with own:
            with self._lock:
                plan = self._plans.get(place)
                if plan is not None:
                    self._plans.move_to_end(place)
                    return plan
            plan = compile_plan(Scenario.model_validate_json(scenario_json), seed)
            with self._lock:
                self._plans[place] = plan
                while len(self._plans) > self._size:
                    oldest, _ = self._plans.popitem(last=False)
                    self._locks.pop(oldest, None)
            return plan
