"""A simulation that a page watches: its frames as they come, its units, squads and people."""

from __future__ import annotations

import base64
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.dashboard.ground import Ground
from standfast.report.pack import ONE, pack
from standfast.results.verdict import serving_people
from standfast.scenario.vocabulary import LOG_KINDS, SERVING, STATUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.dashboard.jobs import Job
    from standfast.engine.simulation import Simulation

#: readings of a place that a page draws by hour
READINGS = ("fear", "trust", "belief", "wavering")
#: fewer people on duty than this have no mean mood
LEAST_ON_DUTY = 10
_SERVES = np.isin(np.arange(len(STATUS)), [STATUS.index(name) for name in SERVING])
_SERVES_U1 = _SERVES.astype(np.uint8)
#: lines of the log that a page lists; the rest are shown as numbers
TOLD = (
    "attack", "assault_begins", "place_lost", "halt", "call_answered", "call_refused",
    "call_unanswered", "reinforcement_arrives", "commanders_leave", "mass_message", "order",
    "evacuation", "rout", "call_up", "breach", "prison_break", "mobilisation", "treachery_rumour",
    "intervention", "attack_breaks_off", "intensify",
)  # fmt: skip
_CODES = frozenset(LOG_KINDS.index(kind) for kind in TOLD)
#: lines of a log that are sent at most
MOST_LINES = 400


class World:
    """One simulation of the desk.

    Parameters
    ----------
    number
        Its number on the desk.
    sim
        The simulation; only used under `lock`.
    title
        What the page calls it.
    parent, forked_at
        The world it was branched from, and at which hour [h].
    source
        What the scenario is called in a command: a built-in name or a file.
    """

    def __init__(
        self,
        number: int,
        sim: Simulation,
        title: str,
        *,
        parent: int | None = None,
        forked_at: float = 0.0,
        source: str,
        history: NDArray[np.uint8] | None = None,
    ) -> None:
        self.number, self.sim, self.title = number, sim, title
        self.parent, self.forked_at, self.source = parent, forked_at, source
        self.lock = threading.RLock()
        self.stories: dict[int, dict[str, Any]] = {}
        plan = sim.run.plan
        people = plan.people
        self._sizes = np.maximum(np.add.reduceat(people.ghost == 0, people.company_start[:-1]), 1)
        #: share of every company that serves, by step, in units of 1 / ONE[1]
        self._companies = np.zeros((plan.n_step + 1, people.n_company), dtype=np.uint8)
        self.rows = sim.step + 1
        if history is not None:
            self._companies[: self.rows] = history[: self.rows]
        elif sim.step == 0:
            self._write_companies()
        else:
            self._rebuild()

    @cached_property
    def ground(self) -> Ground:
        """What does not change with the hour."""
        return Ground(self.sim.run.plan)

    @property
    def history(self) -> NDArray[np.uint8]:
        """Share of every company that serves, by step."""
        return self._companies

    def _write_companies(self) -> None:
        self._companies[self.sim.step] = self._shares(self.sim.run.arrays["agent_status"])

    def _shares(self, status: NDArray[np.uint8]) -> NDArray[np.uint8]:
        starts = self.sim.run.plan.people.company_start[:-1]
        serving = np.add.reduceat(_SERVES_U1[status], starts, dtype=np.int64)
        return np.rint(ONE[1] * serving / self._sizes).astype(np.uint8)

    def _rebuild(self) -> None:
        for step in range(self.sim.step + 1):
            self._companies[step] = self._shares(self.sim.chronicle.status_at(step))

    def advance(self, job: Job, to: float) -> dict[str, Any]:
        """Go on to an hour, a step at a time, so that others can look in between."""
        last = min(to, self.sim.horizon)
        first = self.sim.hour
        dt = self.sim.scenario.time.step
        while True:
            with self.lock:
                # looked at under the lock: somebody else may let this world go on as well
                if self.sim.hour >= last - 1e-9:
                    break
                self.sim.advance(dt)
                self._write_companies()
                self.rows = self.sim.step + 1
            job.progress(self.sim.hour - first, last - first)
        return {"hour": self.sim.hour}

    def describe(self) -> dict[str, Any]:
        """Return what the list of worlds shows."""
        with self.lock:
            sim = self.sim
            serving = serving_people(sim.record.count[self._recorded() - 1])
            start = serving_people(sim.record.count[0])
            verdict = sim.state.verdict["the whole"] if sim.finished else None
            return {
                "id": self.number,
                "title": self.title,
                "scenario": sim.scenario.scenario,
                "seed": sim.seed,
                "replicate": sim.replicate,
                "parent": self.parent,
                "forked_at": self.forked_at,
                "hour": sim.hour,
                "horizon": sim.horizon,
                "finished": sim.finished,
                "serving": int(serving.sum()),
                "people": int(start.sum()),
                "verdict": verdict,
                "injected": [{"hour": hour, **item} for hour, item in sim.injected],
            }

    def _recorded(self) -> int:
        """Return how many hours are written down."""
        return self.sim.step // self.sim.run.plan.record_every + 1

    def frames(self, first: int) -> dict[str, Any]:
        """Return the recorded hours from one on: shares and readings by garrison, packed."""
        with self.lock:
            index = self.ground.index
            rows = slice(first, self._recorded())
            record = self.sim.record
            count = serving_people(record.count[rows][:, index]).sum(axis=2)
            readings = {name: record.readings[name][rows][:, index] for name in READINGS}
            few = record.readings["present"][rows][:, index] < LEAST_ON_DUTY
            control = record.readings["control"][rows][:, index].astype(np.uint8)
            hours = self.sim.run.plan.hours[rows]
            every = self.sim.run.plan.record_every
            companies = self._companies[first * every : self.rows : every]
            return {
                "one": ONE,
                "from": first,
                "hours": hours.tolist(),
                "serving": pack(count / np.maximum(self.ground.people, 1.0), width=2),
                "readings": {
                    name: pack(np.where(few, np.nan, values)) for name, values in readings.items()
                },
                "control": base64.b64encode(control.tobytes()).decode(),
                "companies": base64.b64encode(companies.tobytes()).decode(),
                "events": self.ground.happenings() if first == 0 else [],
                "log": self._log(float(hours[0]) if hours.size else np.inf),
                "finished": self.sim.finished,
            }

    def _log(self, since: float) -> list[dict[str, Any]]:
        a = self.sim.run.arrays
        lines = a["log_lines"][: min(int(a["n_log"][0]), a["log_lines"].size)]
        places = [place.title for place in self.sim.scenario.places.values()]
        people = self.sim.run.plan.people
        # what happens in the step after an hour stands in the log under that hour
        found = [line for line in lines if line["hour"] >= since - 1 and line["kind"] in _CODES]
        return [
            {
                "hour": float(line["hour"]),
                "kind": LOG_KINDS[line["kind"]],
                "place": places[line["place"]] if line["place"] >= 0 else "",
                "unit": people.battalion_title(int(line["battalion"]))
                if line["battalion"] >= 0
                else "",
                "value": round(float(line["value"]), 3),
            }
            for line in found[-MOST_LINES:]
        ]

    def squads(self, company: int, step: int) -> dict[str, Any]:
        """Return the squads of a company after a step, with the status of everybody in them."""
        with self.lock:
            people = self.sim.run.plan.people
            if not 0 <= company < people.n_company:
                return {"company": company, "squads": []}
            first, last = people.company_squad_start[company : company + 2].tolist()
            start, end = people.company_start[company : company + 2].tolist()
            status = self.sim.chronicle.status_at(min(step, self.sim.step), start, end)
        squads = []
        for squad in range(first, last):
            a, b = people.squad_start[squad : squad + 2].tolist()
            members = [
                {"agent": i, "status": int(status[i - start]), "rank": int(people.rank[i])}
                for i in range(a, b)
            ]
            squads.append({"squad": squad - first + 1, "members": members})
        return {"company": company, "squads": squads}
