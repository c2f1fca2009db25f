"""How far somebody wants a simulation to go: durations and hours as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standfast.errors import RunError
from standfast.scenario.quantities import QuantityError, parse_quantity

if TYPE_CHECKING:
    from standfast.engine.run import Run


def hours_asked(value: str | float | None) -> float:
    """Return a duration or an hour as a number; a bare number counts hours.

    Examples
    --------
    >>> hours_asked("2 d"), hours_asked(6)
    (48.0, 6.0)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    try:
        return parse_quantity(value, "h")
    except QuantityError as error:
        says = f'"{value}" {error}'
        raise RunError(says, 'Write a duration with its unit, such as "6 h" or "2 d".') from None


def step_asked(run: Run, duration: str | float | None, to: str | float | None) -> int:
    """Return the step to go to: after a duration, at an hour, or the last; at most the last."""
    n_step, dt = run.plan.n_step, run.plan.scenario.time.step
    if duration is None and to is None:
        return n_step
    now = run.step * dt
    hours = hours_asked(duration) + now if to is None else hours_asked(to)
    step = round(hours / dt)
    if abs(step * dt - hours) > 1e-9 * max(1.0, hours):
        says = f"hour {hours:g} lies between two steps of {dt:g} h"
        raise RunError(says, f"Advance by whole steps, such as {dt:g} h or {2 * dt:g} h.")
    if step < run.step:
        says = f"hour {hours:g} is past: the simulation stands at hour {now:g}"
        raise RunError(says, f'Branch from there: sim.branch(at="{hours:g} h").')
    return min(step, n_step)
