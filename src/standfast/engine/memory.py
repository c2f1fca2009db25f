"""How much memory a run needs, worked out before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from standfast.engine.state import FIELDS, N_LOG

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario

#: interpreter, compiled code and libraries, measured as the peak of a run of 100 people
BASE_BYTES = 420_000_000
#: plan arrays of an agent beside ties, counted from `standfast.engine.compile` and `People`
PLAN_BYTES_PER_AGENT = 120
#: both directions of a tie as an int32 index
BYTES_PER_TIE = 8
#: bytes of a place and hour in a recording: counts, readings
ITEM_BYTES = {"u1": 1, "?": 1, "i1": 1, "u2": 2, "i4": 4, "f4": 4, "i8": 8, "f8": 8}
COUNT_BYTES = 4 * 11 * 4
READING_BYTES = 15 * 4
LOG_BYTES = 24


@dataclass(frozen=True)
class MemoryEstimate:
    """An estimate in parts [bytes].

    Attributes
    ----------
    plan
        People and ties, shared by all threads.
    runs
        State of the runs in progress, one a thread.
    recordings
        What every replicate leaves behind, and its share of the labelled result.
    """

    plan: int
    runs: int
    recordings: int

    @property
    def bytes(self) -> int:
        """All together, with interpreter and libraries."""
        return BASE_BYTES + self.plan + self.runs + self.recordings

    @property
    def sentence(self) -> str:
        """The estimate in words."""
        return (
            f"about {self.bytes / 1e9:.1f} GB: {self.plan / 1e9:.2f} GB for people and ties, "
            f"{self.runs / 1e9:.2f} GB for the runs in progress, "
            f"{self.recordings / 1e9:.2f} GB for the results"
        )


def estimate_memory(scenario: Scenario, replicates: int, threads: int) -> MemoryEstimate:
    """Estimate the memory a run of a scenario needs.

    Parameters
    ----------
    scenario
        What to run.
    replicates, threads
        How many runs altogether, and at a time.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> estimate = estimate_memory(load_scenario("garrison"), 1, 1)
    >>> 0.4e9 < estimate.bytes < 1e9
    True
    """
    n_agent = sum(force.paper for force in scenario.forces.values())
    ties = n_agent * (scenario.network.phone_mean + scenario.network.kin_mean + 2.2) / 2
    plan = int(n_agent * PLAN_BYTES_PER_AGENT + ties * BYTES_PER_TIE * 2)
    per_agent = sum(ITEM_BYTES[f.dtype] for f in FIELDS.values() if f.dimension == "agent")
    # the interventions' own copy of commitment, and news weights by place of post and home
    run = n_agent * (per_agent + 4) + len(scenario.places) ** 2 * 8 * 4 + N_LOG * LOG_BYTES
    n_hour = int(scenario.time.horizon / max(scenario.time.step, 1.0)) + 1
    recording = n_hour * len(scenario.places) * (COUNT_BYTES + READING_BYTES)
    recording += n_agent // 500 * (n_hour // 6 + 1) * 12
    return MemoryEstimate(
        plan=plan, runs=int(run) * min(threads, replicates), recordings=3 * recording * replicates
    )
