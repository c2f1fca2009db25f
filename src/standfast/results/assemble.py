"""From recordings to a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.errors import StandfastError
from standfast.results.dataset import Units, build_dataset
from standfast.results.frames import build_events, build_runs
from standfast.results.provenance import describe_run
from standfast.results.result import Result
from standfast.results.summary import Timing, summarise
from standfast.scenario.dump import dump_yaml, sha256
from standfast.scenario.plugins import code_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.results.recording import Recording
    from standfast.scenario.model import Scenario


def build_result(
    recordings: Sequence[Recording],
    scenario: Scenario,
    units: Units,
    *,
    seed: int,
    timing: Timing,
    threads: int = 1,
    replicates_asked: int | None = None,
    command: Sequence[str] = (),
) -> Result:
    """Return the result of an ensemble of at least one replicate.

    Parameters
    ----------
    recordings
        In any order; the result has them by replicate.
    scenario
        What was simulated, evidence included.
    units
        Names of the battalions.
    command
        As typed, paths cut down.

    Raises
    ------
    StandfastError
        When a recording has not the shapes it should have: our fault.
    """
    ordered = sorted(recordings, key=lambda recording: recording.replicate)
    for recording in ordered:
        _require_shapes(recording)
    digest = sha256(scenario)
    described: dict[str, Any] = describe_run(
        seed=seed,
        replicates=len(ordered),
        replicates_asked=replicates_asked or len(ordered),
        threads=threads,
        scenario_sha256=digest,
        code=code_hashes(scenario),
        command=command,
    )
    return Result(
        scenario=scenario,
        scenario_yaml=dump_yaml(scenario),
        series=build_dataset(ordered, scenario, units),
        runs=build_runs(ordered, scenario),
        events=build_events(ordered, scenario, units),
        summary=summarise(ordered, scenario, seed=seed, scenario_sha256=digest, timing=timing),
        provenance=described,
    )


def _require_shapes(recording: Recording) -> None:
    problems = recording.check_shapes()
    if problems:
        says = f"replicate {recording.replicate} was not recorded as it should be"
        raise StandfastError(says, "\n".join((*problems, "Please report this.")))
