"""How much memory a run needs, worked out before it starts.

The constants were fitted to the largest size (VmHWM) of fresh processes that ran the whole command,
report included, less the pages of files in it, on Linux, Python 3.11: the built-in scenarios, a
million people, and sixty random scenarios of `tools/memory_estimate.py` with up to 60 replicates, on one
thread and on two, with people built anew and read from the cache. The estimate was 8 to 25 % above the peaks
of sixty others. How many pages of its libraries a process holds is the system's affair: the same
command took 52 MB more of them in one folder than in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.engine.state import FIELDS, N_LOG
from standfast.kernels import agents
from standfast.kernels._jit import is_cached

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario

#: what the system maps at most of the files of libraries (170 to 225 MB were seen); other processes share it
LIBRARY_BYTES = 225_000_000
#: interpreter, libraries and compiled code beside: a run of 5,000 people, less its own arrays
BASE_BYTES = 232_000_000
#: what the compiler needs on top, once
COMPILER_BYTES = 200_000_000
#: plan arrays of an agent beside ties: people, traits, and what building them takes at most
PLAN_BYTES_PER_AGENT = 60
#: both directions of a tie as an int32 index
BYTES_PER_TIE = 8
#: draws and sums of an agent that are there only while a run sets out
START_BYTES_PER_AGENT = 60
#: arrays of the plan that interventions change, so that every run has its own, by agent
OWN_BYTES_PER_AGENT = 8
#: bytes of a place and hour in a recording: counts, readings
ITEM_BYTES = {"u1": 1, "?": 1, "i1": 1, "u2": 2, "i4": 4, "f4": 4, "i8": 8, "f8": 8}
COUNT_BYTES = 4 * 11 * 4
READING_BYTES = 15 * 4
LOG_BYTES = 24
#: a recording, its labelled copy, and a part of what is written to disk
COPIES = 2.5


@dataclass(frozen=True)
class MemoryEstimate:
    """An estimate in parts [bytes].

    Attributes
    ----------
    libraries
        Pages of files, which the system shares and can take back.
    program
        Interpreter, what libraries take beside, and the compiler where nothing is compiled yet.
    plan
        People and ties, shared by all threads.
    runs
        State of the runs in progress, one a thread.
    recordings
        What every replicate leaves behind, and its share of the labelled result.
    """

    libraries: int
    program: int
    plan: int
    runs: int
    recordings: int

    @property
    def bytes(self) -> int:
        """All together, with interpreter and libraries."""
        return self.libraries + self.own

    @property
    def own(self) -> int:
        """All but the pages of files."""
        return self.program + self.plan + self.runs + self.recordings

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
    >>> 0.2e9 < estimate.bytes < 1e9
    True
    """
    n_agent = sum(force.paper for force in scenario.forces.values())
    ties = n_agent * (scenario.network.phone_mean + scenario.network.kin_mean + 2.2) / 2
    plan = int(n_agent * PLAN_BYTES_PER_AGENT + ties * BYTES_PER_TIE * 2)
    per_agent = sum(ITEM_BYTES[f.dtype] for f in FIELDS.values() if f.dimension == "agent")
    run = float(n_agent * (per_agent + OWN_BYTES_PER_AGENT + START_BYTES_PER_AGENT))
    # news weights by place of post and home, and the log
    run += len(scenario.places) ** 2 * 8 * 4 + N_LOG * LOG_BYTES
    n_hour = int(scenario.time.horizon / max(scenario.time.step, 1.0)) + 1
    recording = n_hour * len(scenario.places) * (COUNT_BYTES + READING_BYTES)
    recording += n_agent // 500 * (n_hour // 6 + 1) * 12
    compiler = 0 if is_cached(Path(str(agents.__file__))) else COMPILER_BYTES
    return MemoryEstimate(
        libraries=LIBRARY_BYTES,
        program=BASE_BYTES + compiler,
        plan=plan,
        runs=int(run) * min(threads, replicates),
        recordings=int(COPIES * recording) * replicates,
    )
