"""The defender as an agent that learns: a Gymnasium environment over a simulation.

Actions are the defender's interventions; there is no environment for the other side. Gymnasium is
an extra (`pip install standfast[gym]`), imported when an environment is made.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, SupportsFloat

import numpy as np

from standfast.engine.simulation import Simulation
from standfast.errors import RunError
from standfast.results.verdict import serving_people
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario
from standfast.scenario.vocabulary import CONTROL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import gymnasium
    from numpy.typing import NDArray

    from standfast.results.recording import Recording

    Floats = NDArray[np.float32]

#: what can be begun where a scenario needs no place or force to be named
MEASURES: tuple[Mapping[str, Any], ...] = (
    {"kind": "keep_leaders", "size": 1.0},
    {"kind": "answer_calls", "size": 0.8, "delay": "6 h", "battalions": 2},
    {"kind": "verified_channel", "size": 1.0},
    {"kind": "protect_records", "size": 0.8},
    {"kind": "move_families", "size": 0.5},
    {"kind": "clear_moles", "size": 0.5},
    {"kind": "end_ghosts", "size": 1.0},
    {"kind": "sanction", "size": 0.5},
    {"kind": "amnesty", "size": 0.5},
    {"kind": "mobilise_volunteers", "size": 0.2},
    {"kind": "leave_policy", "size": 1.0},
)
#: what is observed of every place, each between 0 and 1
OBSERVED = ("serving", "trust", "fear", "belief", "wavering", "contested", "lost", "calls_waiting")
MANY_CALLS = 10.0


def make_environment(
    scenario: Scenario | str | Path = "garrison",
    *,
    seed: int = 1,
    every: str = "6 h",
    measures: Sequence[Mapping[str, Any]] = MEASURES,
    cost_weight: float = 0.02,
) -> gymnasium.Env[Floats, NDArray[np.int8]]:
    """Return an environment in which the defender decides every few hours what to begin.

    Parameters
    ----------
    scenario
        What is simulated. Its own interventions happen as written.
    seed
        Of the people and their ties. `reset(seed=...)` chooses the replicate: same people,
        other luck.
    every
        Time between decisions.
    measures
        What can be begun, each once, as interventions of a scenario file without `start`. An
        action is a flag for each: 1 begins it now; what has begun goes on.
    cost_weight
        What one unit of `cost` takes from the reward [shares of the force].

    Returns
    -------
    gymnasium.Env
        Observations: `OBSERVED` of every place that has a garrison, one after the other, then which
        measures have begun, then the share of the time that has passed. Reward: the change in the
        share of the force that serves, less `cost_weight` times the cost of what was begun, so
        that a whole episode adds up to minus the share that was lost, less all costs.

    Raises
    ------
    RunError
        When Gymnasium is not installed, or no measures are given.
    ScenarioError
        When a measure does not fit the scenario.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    if not measures:
        says = "an environment without measures has nothing to decide"
        raise RunError(says)
    made: gymnasium.Env[Floats, NDArray[np.int8]] = _environment_class()(
        scenario, seed, every, tuple(dict(measure) for measure in measures), cost_weight
    )
    return made


@cache
def _environment_class() -> Any:  # noqa: ANN401 - a class that exists only where Gymnasium does
    try:
        import gymnasium  # noqa: PLC0415 - an extra
        from gymnasium import spaces  # noqa: PLC0415
    except ImportError:
        says = "an environment needs Gymnasium, which is not installed"
        raise RunError(says, "Install it with: pip install 'standfast[gym]'") from None

    class Garrison(gymnasium.Env[Any, Any]):
        """A force and its defender; see `make_environment`."""

        metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 - as Gymnasium has it

        def __init__(
            self,
            scenario: Scenario,
            seed: int,
            every: str,
            measures: tuple[dict[str, Any], ...],
            cost_weight: float,
        ) -> None:
            self._scenario, self._seed, self._every = scenario, seed, every
            self._measures, self._cost_weight = measures, cost_weight
            self._sim = Simulation(scenario, seed)
            trial = self._sim.branch()
            self._costs = [float(trial.inject(m).get("cost", 1.0)) for m in measures]
            self._places = np.flatnonzero(_serving(trial.recording())[0] > 0)
            self._begun = np.zeros(len(measures), dtype=np.int8)
            self.action_space = spaces.MultiBinary(len(measures))
            size = len(OBSERVED) * self._places.size + len(measures) + 1
            self.observation_space = spaces.Box(0.0, 1.0, (size,), np.float32)

        @property
        def simulation(self) -> Simulation:
            """The simulation as it stands, for whoever wants to look closer."""
            return self._sim

        def reset(
            self, *, seed: int | None = None, options: dict[str, Any] | None = None
        ) -> tuple[Floats, dict[str, Any]]:
            super().reset(seed=seed, options=options)
            replicate = int(self.np_random.integers(2**31))
            self._sim = Simulation(self._scenario, self._seed, replicate)
            self._begun[:] = 0
            return self._observe(), self._info()

        def step(
            self, action: NDArray[np.int8]
        ) -> tuple[Floats, SupportsFloat, bool, bool, dict[str, Any]]:
            before = self._share()
            new = [k for k, wanted in enumerate(action) if wanted and not self._begun[k]]
            for k in new:
                self._sim.inject(self._measures[k])
                self._begun[k] = 1
            self._sim.advance(self._every)
            spent = self._cost_weight * sum(self._costs[k] for k in new)
            reward = self._share() - before - spent
            return self._observe(), float(reward), self._sim.finished, False, self._info()

        def _share(self) -> float:
            serving = _serving(self._sim.recording())
            return float(serving[-1].sum() / max(1, serving[0].sum()))

        def _observe(self) -> Floats:
            seen = observe(self._sim.recording(), self._places)
            passed = self._sim.hour / self._sim.horizon
            return np.concatenate([seen.ravel(), self._begun, [passed]]).astype(np.float32)

        def _info(self) -> dict[str, Any]:
            return {
                "hour": self._sim.hour,
                "replicate": self._sim.replicate,
                "share": self._share(),
            }

    return Garrison


def observe(recording: Recording, places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return what is observed of some places at the last hour, (n_place, 8), between 0 and 1."""
    serving = _serving(recording)
    last = {name: values[-1][places].astype(float) for name, values in recording.readings.items()}
    columns = (
        serving[-1][places] / np.maximum(serving[0][places], 1),
        last["trust"],
        last["fear"],
        last["belief"],
        last["wavering"],
        last["control"] == CONTROL.index("contested"),
        last["control"] == CONTROL.index("adversary"),
        last["calls_open"] / MANY_CALLS,
    )
    seen: NDArray[np.float64] = np.clip(np.stack(columns, axis=1), 0.0, 1.0)
    return seen


def _serving(recording: Recording) -> NDArray[np.int64]:
    people: NDArray[np.int64] = serving_people(recording.count).sum(axis=2)
    return people
