"""A run that one steps through: advance, look, inject, branch, save, go on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.engine import injection
from standfast.engine.asked import hours_asked, step_asked
from standfast.engine.branch import (
    change_future,
    fork_record,
    fork_run,
)
from standfast.engine.chronicle import Chronicle
from standfast.engine.compile import compile_plan
from standfast.engine.outcome import recording_so_far, result_so_far
from standfast.engine.present import Present
from standfast.engine.record import Record
from standfast.engine.run import Run
from standfast.engine.story import Story
from standfast.engine.warm import compile_kernels
from standfast.engine.witness import Witness
from standfast.errors import FileError, RunError, RunInterrupted
from standfast.scenario.dump import dump_yaml
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import BaseModel

    from standfast.results.recording import Recording
    from standfast.results.result import Result


class Simulation:
    """One replicate of a scenario, hour by hour.

    Same scenario, seed and replicate: the same bytes as in `standfast.run`, however it is advanced.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    seed
        Of people, ties and everything drawn.
    replicate
        Which replicate of that seed.
    follow
        Agents whose story is to be told; others can still be asked for, which runs it again.

    Attributes
    ----------
    injected : tuple of (float, dict)
        What was injected, with the hour it was injected at.

    Examples
    --------
    >>> import standfast as sf
    >>> sim = sf.Simulation("garrison", seed=1)
    >>> sim.advance("6 h")
    6.0
    >>> other = sim.branch()
    >>> other.inject(kind="keep_leaders", size=1.0)["start"]
    '6 h'
    >>> len(sim.scenario.interventions), len(other.scenario.interventions)
    (0, 1)
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        seed: int = 1,
        replicate: int = 0,
        *,
        follow: Sequence[int] = (),
    ) -> None:
        if not isinstance(scenario, Scenario):
            scenario = load_scenario(scenario)
        if not 0 <= seed < 2**64 or replicate < 0:
            says = f"seed is {seed}, replicate {replicate}: one is out of its bounds"
            raise RunError(says)
        compile_kernels()
        run = Run(compile_plan(scenario, seed), replicate)
        record = Record(run.plan)
        record.write(0, run.arrays)
        self._set(run, record, Chronicle(run.arrays["agent_status"]), Witness(follow))
        self._require_agents(follow)
        #: the scenario as it was before anything was injected
        self.original = scenario
        self.injected: tuple[tuple[float, dict[str, Any]], ...] = ()
        self._seconds = 0.0

    def _set(self, run: Run, record: Record, chronicle: Chronicle, witness: Witness) -> None:
        self._run, self._record, self._chronicle, self._witness = run, record, chronicle, witness
        if witness.agents.size:
            witness.attach(run)

    def _require_agents(self, agents: Sequence[int]) -> None:
        n_agent = self._run.plan.n_agent
        wrong = [agent for agent in agents if not 0 <= agent < n_agent]
        if wrong:
            says = f"there is no agent {wrong[0]}"
            raise RunError(says, f"Agents are numbered from 0 to {n_agent - 1}.")

    @property
    def seed(self) -> int:
        """Seed of people, ties and everything drawn."""
        return self._run.plan.seed

    @property
    def replicate(self) -> int:
        """Which replicate of the seed."""
        return self._run.replicate

    @property
    def scenario(self) -> Scenario:
        """What is simulated, injected events and interventions included."""
        return self._run.plan.scenario

    @property
    def step(self) -> int:
        """Steps done."""
        return self._run.step

    @property
    def hour(self) -> float:
        """Hours since the start [h]."""
        return self._run.step * self.scenario.time.step

    @property
    def horizon(self) -> float:
        """Hour at which it ends [h]."""
        return self.scenario.time.horizon

    @property
    def finished(self) -> bool:
        """Whether the horizon is reached."""
        return self._run.step >= self._run.plan.n_step

    @property
    def chronicle(self) -> Chronicle:
        """Every change of anybody's status so far."""
        return self._chronicle

    @property
    def run(self) -> Run:
        """The run itself, with its plan and arrays; whoever writes to them is on their own."""
        return self._run

    @property
    def record(self) -> Record:
        """What is written down hour by hour."""
        return self._record

    def remember(
        self,
        chronicle: Chronicle,
        original: Scenario,
        injected: tuple[tuple[float, dict[str, Any]], ...],
    ) -> None:
        """Take over a past that was lived elsewhere, before a file was written."""
        self._chronicle, self.original, self.injected = chronicle, original, injected

    def advance(
        self,
        duration: str | float | None = None,
        *,
        to: str | float | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_step: Callable[[Simulation], None] | None = None,
    ) -> float:
        """Go on for a while, at most to the horizon, and return the hour reached.

        Parameters
        ----------
        duration
            Such as ``"6 h"`` or ``"2 d"``, or hours; a whole number of steps. Without it, and
            without `to`: to the horizon.
        to
            The hour to stop at, in place of a duration.
        should_stop
            Asked before every step; when it says so, `RunInterrupted` is raised and the
            simulation stands at the hour reached.
        on_step
            Called with the simulation after every step.

        Raises
        ------
        RunError
            When the duration is no whole number of steps, or leads back in time.
        RunInterrupted
            When it was asked to stop.
        """
        last = step_asked(self._run, duration, to)
        began = time.perf_counter()
        try:
            while self._run.step < last:
                if should_stop is not None and should_stop():
                    raise RunInterrupted
                self._advance_one()
                if on_step is not None:
                    on_step(self)
        finally:
            self._seconds += time.perf_counter() - began
        return self.hour

    def _advance_one(self) -> None:
        run = self._run
        run.advance()
        every = run.plan.record_every
        if run.step % every == 0:
            self._record.write(run.step // every, run.arrays)
        self._chronicle.write(run.step, run.arrays["agent_status"])

    def inject(
        self, item: Mapping[str, Any] | BaseModel | None = None, /, **fields: Any
    ) -> dict[str, Any]:
        """Let something happen that the scenario did not foresee, now or later.

        Parameters
        ----------
        item, **fields
            An event or an intervention, as in a scenario file, or a model of
            `standfast.scenario`. Without `at` (or `start`) it happens in the coming step; an event
            without an `id` gets one.

        Returns
        -------
        dict
            What was injected, as a scenario file would hold it.

        Raises
        ------
        ScenarioError
            When it is of no known kind, is dated in the past, or does not fit the scenario.
        """
        given = injection.merge(item, fields)
        changed, added = injection.add(self.scenario, given, self.hour)
        change_future(self._run, changed)
        self.injected = (*self.injected, (self.hour, added))
        return added

    def branch(
        self,
        at: str | float | None = None,
        *,
        on_step: Callable[[Simulation], None] | None = None,
    ) -> Simulation:
        """Return a second simulation that goes on from here by itself.

        Parameters
        ----------
        at
            An earlier hour to branch from: the run up to it is made again, with what was injected
            before it.
        on_step
            Called with the simulation after every step that is made again.
        """
        if at is not None and hours_asked(at) < self.hour:
            return self._again(hours_asked(at), self._witness.agents.tolist(), on_step)
        if at is not None and hours_asked(at) > self.hour:
            says = (
                f"hour {hours_asked(at):g} is still to come: the simulation stands at {self.hour:g}"
            )
            raise RunError(says, "Advance to it first.")
        other = object.__new__(Simulation)
        other._set(
            fork_run(self._run),
            fork_record(self._record),
            self._chronicle.copy(),
            self._witness.copy(),
        )
        other.original, other.injected = self.original, self.injected
        other._seconds = self._seconds
        return other

    def _again(
        self,
        hour: float,
        follow: Sequence[int],
        on_step: Callable[[Simulation], None] | None,
    ) -> Simulation:
        """Run from the start to an hour, with what was injected before it."""
        other = Simulation(self.original, self.seed, self.replicate, follow=follow)
        for at, item in self.injected:
            if at < hour:
                other.advance(to=at, on_step=on_step)
                other.inject(item)
        other.advance(to=hour, on_step=on_step)
        return other

    def story(self, agent: int, *, on_step: Callable[[Simulation], None] | None = None) -> Story:
        """Return what one agent heard, feared and saw so far, and why they went or stayed.

        For an agent who was not followed from the start, the run is made again.

        Parameters
        ----------
        agent
            Index of the agent, as in `state.agents`.
        on_step
            Called with the simulation after every step that is made again.
        """
        self._require_agents([agent])
        witness = self._witness
        if agent not in witness.agents or (self.step > 0 and witness.since != 0):
            witness = self._again(self.hour, [agent], on_step)._witness
        return Story(self._run.plan, agent, witness.of(agent))

    @property
    def state(self) -> Present:
        """What stands at this hour, with labels."""
        return Present(self._run.plan, self._run.arrays, self.recording())

    def recording(self) -> Recording:
        """Return what was written down up to the last recorded hour, as plain arrays."""
        return recording_so_far(self._run, self._record, self._seconds)

    def result(self) -> Result:
        """Return the result so far, as `standfast.run` would for a scenario that ends here.

        Raises
        ------
        RunError
            Before the first whole hour.
        """
        return result_so_far(self._run, self.recording())

    def to_scenario(self, path: str | Path | None = None) -> Scenario:
        """Return the scenario with everything that was injected, and write it where asked.

        Run from its start, it comes to the same as this simulation.

        Parameters
        ----------
        path
            A .yaml file to write; replaced when it exists.
        """
        if path is not None:
            try:
                Path(path).write_text(dump_yaml(self.scenario), encoding="utf-8", newline="\n")
            except OSError as error:
                raise FileError(path, f"cannot be written: {error.strerror}") from error
        return self.scenario

    def save(self, path: str | Path) -> Path:
        """Write the simulation as it stands to a file, whole or not at all.

        The same state gives the same bytes. `Simulation.load` goes on from it as if nothing had
        been in between.

        Raises
        ------
        FileError
            When the file cannot be written.
        """
        from standfast.engine.saved import save_simulation  # noqa: PLC0415 - it builds on this class

        return save_simulation(self, Path(path))

    @staticmethod
    def load(path: str | Path) -> Simulation:
        """Return a simulation that was saved.

        Raises
        ------
        FileError
            When the file cannot be read.
        StoreError
            When it is damaged, no snapshot, or of another version of the engine.
        """
        from standfast.engine.saved import load_simulation  # noqa: PLC0415 - it builds on this class

        return load_simulation(Path(path))

    def __repr__(self) -> str:
        state = self.state
        return (
            f"<standfast.Simulation {self.scenario.scenario}, seed {self.seed}, replicate "
            f"{self.replicate}, hour {self.hour:g} of {self.horizon:g}: {state.serving} serve>"
        )
