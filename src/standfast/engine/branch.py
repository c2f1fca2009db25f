"""Copying a run, so that it can go on in two ways; and giving a run more events on the way.

Nothing here knows the names of the arrays: whatever a run may write is copied, whatever it shares
with the plan is shared. Events draw by their own ids, so that one more event changes no draw of
another, and an event at hour h changes nothing before h.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine import interventions
from standfast.engine.events import draw_moments, lead_of_attacks
from standfast.engine.record import Record
from standfast.engine.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from standfast.scenario.model import Scenario

#: numbers of a run that advance with it, beside its arrays
COUNTERS = ("step", "next_moment", "agent_steps")


def written_arrays(run: Run) -> dict[str, NDArray[Any]]:
    """Return the arrays that a run writes, by name: those it does not share with its plan."""
    shared = run.plan.arrays
    return {name: x for name, x in run.arrays.items() if x is not shared.get(name)}


def recorded_arrays(record: Record) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the arrays of a record by name, readings as readings.fear."""
    for name, value in vars(record).items():
        if isinstance(value, np.ndarray):
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}.{key}", x) for key, x in value.items())


def put_back(run: Run, arrays: dict[str, NDArray[Any]]) -> None:
    """Copy arrays into those of a run, in place: its kernels hold on to them."""
    for name, array in written_arrays(run).items():
        np.copyto(array, arrays[name])


def fork_run(run: Run) -> Run:
    """Return a run that stands where another does, and shares nothing that either writes."""
    other = Run(run.plan, run.replicate)
    put_back(other, run.arrays)
    for name in COUNTERS:
        setattr(other, name, getattr(run, name))
    other.scene.attacking = set(run.scene.attacking)
    return other


def fork_record(record: Record) -> Record:
    """Return a record with the same content, to be written on separately."""
    other = Record(record.plan)
    known = dict(recorded_arrays(record))
    for name, array in recorded_arrays(other):
        np.copyto(array, known[name])
    return other


def change_future(run: Run, scenario: Scenario) -> None:
    """Let a run go on under a scenario that differs only in events and interventions to come.

    Parameters
    ----------
    run
        Its plan is replaced; people, ties and arrays stay.
    scenario
        The same but for events and interventions that begin at the present hour or later.
    """
    plan = replace(run.plan, scenario=scenario)
    now = run.step * scenario.time.step
    run.plan = run.scene.plan = plan
    run.moments = draw_moments(plan, run.key)
    run.attacks = lead_of_attacks(plan, run.moments)
    run.measures = interventions.spans(plan)
    run.next_moment = sum(moment.hour < now for moment in run.moments)
