"""Everything a server has open: worlds and their branches, saved results, and work in progress."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING, Any

from standfast.dashboard import drafts, pairs
from standfast.dashboard.jobs import Jobs
from standfast.dashboard.questions import check_question, read_question
from standfast.dashboard.shelf import Shelf, from_here
from standfast.dashboard.tell import story_data
from standfast.dashboard.told import Told
from standfast.dashboard.world import World
from standfast.engine.machine import usable_threads
from standfast.engine.simulation import Simulation
from standfast.errors import RunError
from standfast.experiment.ensemble import run_ensemble
from standfast.experiment.memory import check_memory
from standfast.report.answer_page import add_page
from standfast.report.page import write_report
from standfast.results.store import PAGE
from standfast.scenario.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.dashboard.jobs import Job
    from standfast.scenario.model import Scenario

#: worlds that can be open at once; a full-size one takes about 100 MB
MOST_WORLDS = 40


class Desk:
    """What is open on a server.

    Parameters
    ----------
    folders
        Where results are looked for; new ones are written to the first.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.shelf = Shelf(folders)
        self.worlds: dict[int, World] = {}
        self.version = 0
        self.jobs = Jobs(max(2, usable_threads()), self.ring)
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._bell = threading.Lock()

    def ring(self) -> None:
        """Say that something changed; pages are told within a tenth of a second."""
        with self._bell:  # pages count on it to rise
            self.version += 1

    def describe(self) -> dict[str, Any]:
        """Return what every page shows beside its own: worlds and jobs."""
        return {
            "version": self.version,
            "worlds": [world.describe() for world in list(self.worlds.values())],
            "jobs": [job.describe() for job in self.jobs.list()],
        }

    def world(self, number: int) -> World:
        """Return an open world.

        Raises
        ------
        RunError
            When there is none of that number.
        """
        world = self.worlds.get(number)
        if world is None:
            says = f"world {number} is not open any more"
            raise RunError(says)
        return world

    def open(self, asked: dict[str, Any]) -> Job:
        """Start a world from a scenario, and run it to an hour.

        Parameters
        ----------
        asked
            `scenario`: a built-in name, or `result`: the number of a saved one, or `file`: that of a
            scenario file, or `document`: plain data with its `base`; `seed`, `replicate`, `to` [h], `title`.
        """
        scenario, source = self._scenario(asked)
        seed, replicate = _whole(asked, "seed", 1), _whole(asked, "replicate", 0)
        to = _number(asked, "to", scenario.time.horizon)
        title = str(asked.get("title") or scenario.title)[:80]

        def work(job: Job) -> dict[str, Any]:
            job.progress(0, 0, "building people and ties")
            sim = Simulation(scenario, seed, replicate)
            world = self._add(sim, title, source=source)
            job.world = world.number
            world.advance(job, to)
            return {"world": world.number}

        return self.jobs.start("open", title, work)

    def _scenario(self, asked: dict[str, Any]) -> tuple[Scenario, str]:
        if (number := asked.get("result")) is not None:
            entry = self.shelf.find(_whole(asked, "result", 0)) if isinstance(number, int) else None
            if entry is None:
                says = "this result is not there any more"
                raise RunError(says)
            return load_scenario(entry.path / "scenario.yaml"), entry.source
        if (document := asked.get("document")) is not None:
            scenario = drafts.read_draft(document, asked.get("base"))
            return scenario, f"{scenario.scenario}.yaml"
        if asked.get("file") is not None:
            path = self.shelf.scenario(_whole(asked, "file", 0))
            if path is None:
                says = "this scenario file is not there any more"
                raise RunError(says)
            return load_scenario(path), from_here(path)
        name = str(asked.get("scenario", ""))
        # names of files are not taken from a page
        if not name.replace("-", "").isalnum():
            says = f'"{name[:40]}" is no built-in scenario'
            raise RunError(says)
        return load_scenario(name), name

    def _add(self, sim: Simulation, title: str, **known: Any) -> World:  # noqa: ANN401 - as World takes it
        with self._lock:
            if len(self.worlds) >= MOST_WORLDS:
                says = f"{MOST_WORLDS} worlds are open"
                raise RunError(says, "Close some of them.")
            world = World(next(self._numbers), sim, title, **known)
            self.worlds[world.number] = world
        self.ring()
        return world

    def advance(self, number: int, asked: dict[str, Any]) -> Job:
        """Let a world go on to an hour."""
        world = self.world(number)
        to = _number(asked, "to", world.sim.horizon)
        title = f"{world.title}: to hour {to:g}"
        return self.jobs.start("advance", title, lambda job: world.advance(job, to), world=number)

    def inject(self, number: int, asked: dict[str, Any]) -> dict[str, Any]:
        """Put an event or an intervention into a world; it happens in its next step."""
        world = self.world(number)
        with world.lock:
            added = world.sim.inject(_mapping(asked, "item"))
            world.stories.clear()
        self.ring()
        return added

    def branch(self, number: int, asked: dict[str, Any]) -> Job:
        """Branch a world at an hour, inject there what was asked, and go on to another hour."""
        world = self.world(number)
        at = _number(asked, "at", world.sim.hour)
        to = _number(asked, "to", at)
        title = str(asked.get("title") or f"Branch at hour {at:g}")[:80]
        items = [item for item in asked.get("items", ()) if isinstance(item, dict)]

        def work(job: Job) -> dict[str, Any]:
            job.progress(0, 0, "going back to that hour")
            with world.lock:
                sim = world.sim.branch(
                    None if at == world.sim.hour else at,
                    on_step=lambda it: job.progress(it.hour, at, "going back to that hour"),
                )
            for item in items:
                sim.inject(item)
            new = self._add(
                sim, title, parent=number, forked_at=sim.hour, source=world.source,
                history=world.history,
            )  # fmt: skip
            job.world = new.number
            new.advance(job, to)
            return {"world": new.number}

        return self.jobs.start("branch", title, work)

    def close_world(self, number: int) -> None:
        """Close a world; its branches stay."""
        self.jobs.cancel_of(number)
        with self._lock:
            self.worlds.pop(number, None)
        self.ring()

    def story(self, number: int, asked: dict[str, Any]) -> Job:
        """Tell what somebody lived through in a world so far."""
        world = self.world(number)
        agent = _whole(asked, "agent", 0)

        def work(job: Job) -> dict[str, Any]:
            job.progress(0, 0, "running it again beside this person")
            with world.lock:
                twin, hour = world.sim.branch(), world.sim.hour
            known = world.stories.get(agent)
            if known is None or known["until"] != hour:
                story = twin.story(agent, on_step=lambda it: job.progress(it.hour, hour))
                known = story_data(story) | {"until": hour, "world": number}
                world.stories[agent] = known
            return known

        return self.jobs.start("story", f"The story of agent {agent}", work, world=number)

    def pair(self, number: int, asked: dict[str, Any]) -> Job:
        """Run pairs of a world's scenario without and with some interventions, replicate by replicate."""
        world = self.world(number)
        other = self.world(_whole(asked, "with", 0))
        wanted = min(max(_whole(asked, "pairs", 8), 1), 200)
        base, changed = world.sim.scenario, other.sim.to_scenario()
        seed, first = world.sim.seed, world.sim.replicate

        def work(job: Job) -> dict[str, Any]:
            numbers = [first + k for k in range(wanted)]
            return {"pairs": pairs.run_pairs(job, base, changed, seed, numbers)}

        return self.jobs.start("pairs", f"{wanted} pairs of runs", work, world=other.number)

    def ensemble(self, asked: dict[str, Any]) -> Job:
        """Run replicates of a scenario and save the result beside the others."""
        scenario, source = self._scenario(asked)
        replicates = min(max(_whole(asked, "replicates", 8), 1), 1000)
        seed = _whole(asked, "seed", 1)
        folder = self.shelf.folders[0] / f"{scenario.scenario}-{replicates}-{seed}"
        check_memory(scenario, replicates, min(replicates, usable_threads()))

        def work(job: Job) -> dict[str, Any]:
            result = run_ensemble(
                scenario, replicates, seed, progress=Told(job),
                command=["standfast", "run", source, "--replicates", str(replicates), "--seed", str(seed)],
            )  # fmt: skip
            result.save(folder, pages={PAGE: lambda path: write_report(result, path)})
            return {"folder": folder.name}

        return self.jobs.start("ensemble", f"{replicates} runs of {scenario.title}", work)

    def check(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what is wrong with a question, its command line and its choices; see `check_question`."""
        return check_question(asked, lambda: self._scenario(asked))

    def ask(self, asked: dict[str, Any]) -> Job:
        """Put a question to a scenario and save the answer beside the others.

        Parameters
        ----------
        asked
            The scenario as for `open`, and the question as for `read_question`.
        """
        question = read_question(asked, *self._scenario(asked))

        def work(job: Job) -> dict[str, Any]:
            answer = question.put(job)
            with self._lock:  # two answers never take the same name
                folder = question.save(answer, self.shelf.folders[0])
            add_page(folder)
            return {"folder": folder.name, "result": self.shelf.number(folder)}

        title = f"{question.kind.capitalize()}: {question.scenario.title}"
        return self.jobs.start("question", title, work)

    def close(self) -> None:
        """Stop all work."""
        self.jobs.close()


def _whole(asked: dict[str, Any], name: str, default: int) -> int:
    value = asked.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        says = f"{name} is not a whole number"
        raise RunError(says)
    return value


def _number(asked: dict[str, Any], name: str, default: float) -> float:
    value = asked.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1e5:
        says = f"{name} is not an hour"
        raise RunError(says)
    return float(value)


def _mapping(asked: dict[str, Any], name: str) -> dict[str, Any]:
    value = asked.get(name)
    if not isinstance(value, dict):
        says = f"{name} is missing"
        raise RunError(says)
    return value
