"""What a run that has not ended came to so far: its recording and its result, cut at the hour reached."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from standfast.engine.present import units_of
from standfast.errors import RunError

if TYPE_CHECKING:
    from standfast.engine.record import Record
    from standfast.engine.run import Run
    from standfast.results.recording import Recording
    from standfast.results.result import Result


def recording_so_far(run: Run, record: Record, seconds: float) -> Recording:
    """Return what was written down up to the last recorded hour, as plain arrays."""
    whole = record.finish(run.replicate, run.arrays, seconds, run.agent_steps)
    if run.step >= run.plan.n_step:
        return whole
    rows = slice(0, run.step // run.plan.record_every + 1)
    hours = whole.hours[rows]
    unit_rows = slice(0, int((whole.unit_hours <= hours[-1]).sum()))
    return replace(
        whole,
        hours=hours,
        count=whole.count[rows],
        departed=whole.departed[rows],
        readings={name: x[rows] for name, x in whole.readings.items()},
        unit_hours=whole.unit_hours[unit_rows],
        unit_readings={name: x[unit_rows] for name, x in whole.unit_readings.items()},
        n_step=run.step,
    )


def result_so_far(run: Run, recording: Recording) -> Result:
    """Return the result of a scenario that ends at the last recorded hour.

    Raises
    ------
    RunError
        Before the first whole hour.
    """
    # labelling loads xarray and pandas, which stepping does without
    from standfast.results.assemble import build_result  # noqa: PLC0415
    from standfast.results.summary import Timing  # noqa: PLC0415

    hour = float(recording.hours[-1])
    if hour < 1:
        says = "there is no result yet: nothing has happened"
        raise RunError(says, "Advance by at least an hour first.")
    seconds = recording.simulate_s
    timing = Timing(
        simulate_s=seconds,
        compile_s=0.0,
        agent_steps_per_s=recording.agent_steps / seconds if seconds > 0 else 0.0,
        peak_rss_mb=None,
    )
    scenario = run.plan.scenario
    if hour != scenario.time.horizon:
        cut = scenario.time.model_copy(update={"horizon": hour})
        scenario = scenario.model_copy(update={"time": cut})
    units = units_of(run.plan)
    return build_result([recording], scenario, units, seed=run.plan.seed, timing=timing)
