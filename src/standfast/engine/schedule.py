"""The order of a step, as data: which kernel runs, what it reads and writes, for which equations.

`standfast schedule` prints it. A kernel's arguments are names of arrays of the plan or the state,
or one of the scalars of a step, so that the schedule is also how arrays reach kernels.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from standfast.kernels import agents, combat, command, exposure, front, meetings, recovery, ties
from standfast.kernels import tally as roll_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: arguments that change from step to step
SCALARS = ("step", "hour", "night", "key0", "key1", "max_columns")


@dataclass(frozen=True)
class Phase:
    """One entry of the schedule."""

    name: str
    kernel: Callable[..., Any] | None
    equations: str
    mechanisms: str
    says: str
    #: name of the mechanism of one's own that it is, whose arrays come before all others
    own: str = ""
    #: does nothing where all its mechanisms are off, and is left out there
    spared: bool = False

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """Names of the kernel's arguments."""
        if self.kernel is None:
            return ()
        return tuple(inspect.signature(getattr(self.kernel, "py_func", self.kernel)).parameters)


SCHEDULE: tuple[Phase, ...] = (
    Phase(
        "events",
        None,
        "E17 E25",
        "M01 M08 M13 M15 M17 M19 M33 M36 M39",
        "dated events, orders and interventions act",
    ),
    Phase("neighbours", front.see_neighbours, "E20", "M37", "places see that a neighbour fell"),
    Phase(
        "campaign",
        exposure.advance_campaign,
        "E1 E5",
        "M01 M07 M08 M09 M11",
        "informers grow; messages, leaks and ultimatums get their chances",
    ),
    Phase(
        "news",
        meetings.spread_news,
        "E8",
        "M01 M02 M03 M04 M05 M40",
        "who spreads news meets contacts",
    ),
    Phase("own", None, "", "", "mechanisms of one's own act, where the scenario names any"),
    Phase(
        "agents",
        agents.advance_agents,
        "E1-E4 E6 E7 E9 E10 E12-E14 E16 E22",
        "M06 M08 M09 M10 M11 M12 M16 M18 M19 M20 M21 M22 M23 M24 M25 M26 M27 M28 M29 M30 M31 M32",
        "everybody learns, fears, believes, trusts and decides",
    ),
    Phase("pulses", command.fade_pulses, "E17", "M17 M19", "orders fade; pulses of the step end"),
    Phase(
        "ties",
        ties.pass_on,
        "E2 E3 E9",
        "M01 M02 M09 M22",
        "departures, harm and changed fear reach those tied",
    ),
    Phase("tally", roll_up.tally, "E15", "M22", "companies are summed by battalion and place"),
    Phase("combat", combat.fight, "E18 E19", "M33 M35", "powers, contact and losses"),
    Phase(
        "calls",
        command.advance_calls,
        "E11",
        "M13 M14",
        "calls are made, answered, refused, given up",
        spared=True,
    ),
    Phase(
        "disappointment",
        command.spread_disappointment,
        "E10",
        "M14",
        "calls lost tell in the battalion and the place",
        spared=True,
    ),
    Phase("reserves", command.advance_reserves, "E11", "M13", "reserves arrive", spared=True),
    Phase(
        "commanders",
        command.commanders_may_leave,
        "E17",
        "M15",
        "commanders may leave",
        spared=True,
    ),
    Phase("fall", combat.fall, "E18 E19", "M34 M35 M36 M02 M03", "places fall"),
    Phase(
        "civilians",
        front.join_and_flee,
        "E19",
        "M37 M40",
        "allies join, civilians flee",
        spared=True,
    ),
    Phase(
        "frontier", front.frontier_distance, "E20", "M38", "how far each place is from the front"
    ),
    Phase(
        "columns", front.advance_columns, "E20", "M38", "columns arrive and set out", spared=True
    ),
    Phase("volunteers", recovery.volunteers_arrive, "E21", "M39", "volunteers arrive", spared=True),
    Phase(
        "circulation", None, "E8", "M01 M02 M03 M15 M36", "new pieces of news go into circulation"
    ),
    Phase("record", None, "", "M41", "counts and readings are written down"),
)


def phases_that_act(schedule: tuple[Phase, ...], on: Mapping[str, bool]) -> list[Phase]:
    """Return the phases with a kernel, without those that do nothing as all their mechanisms are off.

    Parameters
    ----------
    schedule
        In order.
    on
        Whether each mechanism acts.

    Examples
    --------
    >>> from standfast.scenario.mechanisms import MECHANISMS
    >>> on = dict.fromkeys(MECHANISMS, True)
    >>> names = [phase.name for phase in phases_that_act(SCHEDULE, on | {"M15": False, "M37": False})]
    >>> "commanders" in names, "civilians" in names
    (False, True)
    """
    return [
        phase
        for phase in schedule
        if phase.kernel is not None
        and (not phase.spared or any(on[key] for key in phase.mechanisms.split()))
    ]
