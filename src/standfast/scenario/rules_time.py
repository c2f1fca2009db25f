"""Rules about time: start, step, horizon, and the hours of events and interventions."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from standfast.scenario.draft import EACH, Draft, Found, Rule
from standfast.scenario.moments import EXPECTED, MomentError, hours_of
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHOLE_TOLERANCE = 1e-9
# stands in for a start that cannot be read while a moment is read for its form alone
LONGEST_HORIZON = 43830.0  # [h], the bound of time.horizon
_ANY_DAY = datetime(2000, 1, 1)


def start_is_local(draft: Draft) -> Iterator[Found]:
    """Check that the start is a date and time without a zone, and not a number that could be read as one."""
    path = ("time", "start")
    start = draft.get(path)
    if start is None:
        return
    try:
        if not isinstance(start, str) or not start[:5].count("-"):
            raise MomentError("is not a date and time without a zone")  # noqa: EM101, TRY301
        hours_of(start, draft.start() or _ANY_DAY)
    except MomentError as error:
        shown = f'"{printable(start)}"' if isinstance(start, str) else printable(start)
        yield path, f"is {shown}, which {error}", "Write local time, such as 2014-06-04T00:00."


def step_divides_horizon(draft: Draft) -> Iterator[Found]:
    """Check that the horizon is a whole number of steps, and steps and hours fit into each other."""
    step, horizon = draft.number(("time", "step")), draft.number(("time", "horizon"))
    if not step or step < 0:
        return
    if not (_whole(step) or _whole(1 / step)):
        yield (
            ("time", "step"),
            f"is {step:g} h, which is neither a whole number of hours nor a whole part of one",
            "Write 15 min, 30 min, 1 h, 2 h, 6 h or 24 h.",
        )
    elif horizon and not (_whole(horizon / step) and _whole(horizon)):
        steps = max(1, math.floor(horizon / step + _WHOLE_TOLERANCE))
        whole = math.ceil(steps * step)
        says = f"is {horizon:g} h, which is not a whole number of hours and of steps of {step:g} h"
        yield (
            ("time", "horizon"),
            says,
            f"Write {math.ceil(whole / max(step, 1)) * max(step, 1):g} h.",
        )


def _whole(number: float) -> bool:
    return abs(number - round(number)) <= _WHOLE_TOLERANCE * max(1.0, abs(number))


def moments_lie_within_reach(draft: Draft) -> Iterator[Found]:
    """Check that every event and intervention begins between the start and the longest horizon.

    What lies after the scenario's own horizon does not happen, so that a run can be cut short;
    what lies years away is a slip of the pen.
    """
    for pattern in (
        ("events", EACH, "at"),
        ("interventions", EACH, "start"),
        ("measures", EACH, EACH, "start"),
    ):
        for path, when in draft.find(pattern):
            if not isinstance(when, str):
                continue
            try:
                hours = hours_of(when, draft.start() or _ANY_DAY)
            except MomentError as error:
                yield path, f'is "{printable(when)}", which {error}', f"Write {EXPECTED}."
                continue
            if draft.start() is None and when.strip()[4:5] == "-":
                continue
            if hours < 0:
                yield (
                    path,
                    f"is {when}, which is before the start of the scenario",
                    "Move it or the start.",
                )
            elif hours > LONGEST_HORIZON:
                says = f"is {when}, {hours / 24:.0f} days after the start"
                yield path, says, f"Move it; a run lasts {LONGEST_HORIZON / 24:.0f} days at most."


TIME_RULES: tuple[Rule, ...] = (
    start_is_local,
    step_divides_horizon,
    moments_lie_within_reach,
)
