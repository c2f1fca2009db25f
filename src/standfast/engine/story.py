"""One synthetic soldier's story: what they heard, feared and saw, and why they went or stayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from standfast.engine import telling
from standfast.kernels import status as codes
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import STATUS, TERMS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from standfast.engine.compile import Plan

#: columns of `Story.hours` that are taken over as they are
READINGS = (
    "fear", "trust", "belief", "resolve", "suspicion", "credibility", "perceived", "threat",
    "pressure", "chance",
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """Something that happened to somebody.

    Attributes
    ----------
    hour : float
        Hours since the start [h].
    kind
        heard, message, harm, comrades, order, command, fire, family, known, moved or status.
    text
        A sentence about it.
    """

    hour: float
    kind: str
    text: str


class Story:
    """What one agent lived through, hour by hour; synthetic, like everybody here.

    Attributes
    ----------
    agent : int
        Index of the agent.
    who : dict
        What was known of them at the start: force, unit, rank, years, home, post.
    """

    def __init__(self, plan: Plan, agent: int, rows: NDArray[np.void]) -> None:
        self._plan = plan
        #: every hour, as `standfast.engine.witness.ROW`
        self.rows = rows
        self.dt = plan.scenario.time.step
        self.agent = agent
        self.who = describe(plan, agent)

    @property
    def left(self) -> bool:
        """Whether they left service, by any way, and are gone at the end."""
        return bool(self.rows.size and codes.LEAVE < self.rows["status"][-1] < codes.BACK)

    @property
    def status(self) -> str:
        """Status at the end."""
        if not self.rows.size:
            return "duty"
        return STATUS[int(self.rows["status"][-1])]

    @property
    def hours(self) -> pd.DataFrame:
        """One row an hour: status, place, readings, pressure with its terms, chance of leaving.

        `pressure` is the sum of the terms less `commitment` and `deterrence`; a positive term
        pushes out, a negative one holds. `chance` is that of leaving in the hour, NaN for those who
        do not serve.
        """
        import pandas as pd  # noqa: PLC0415 - takes a second to load

        rows, dt = self.rows, self.dt
        places = list(self._plan.scenario.places)
        columns: dict[str, Any] = {
            "status": [STATUS[code] for code in rows["status"]],
            "place": [places[index] for index in rows["place"]],
            **{name: rows[name] for name in READINGS},
            **{f"term.{name}": rows["terms"][:, k] for k, name in enumerate(TERMS)},
            "commitment": rows["commitment"],
            "deterrence": rows["deterrence"],
        }
        return pd.DataFrame(columns, index=pd.Index((rows["step"] + 1) * dt, name="hour"))

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """What happened to them, in order of time."""
        told = telling.moments(self._plan, self.rows)
        return tuple(Moment((step + 1) * self.dt, kind, text) for step, kind, text in told)

    @property
    def ending(self) -> str:
        """Why they went or stayed, in a few sentences."""
        return telling.ending(self._plan, self.rows, self._date)

    def _date(self, step: int) -> str:
        hour = (step + 1) * self.dt
        return f"{self._plan.scenario.time.start + timedelta(hours=hour):%d %B, %H:%M}".lstrip("0")

    def text(self) -> str:
        """Return the story as text: who, what happened, how it ended."""
        start = self._plan.scenario.time.start
        lines = [telling.introduce(self.who), ""]
        lines += [
            f"{start + timedelta(hours=moment.hour):%Y-%m-%d %H:%M}  {moment.text}"
            for moment in self.moments
        ]
        return "\n".join([*lines, "", self.ending])

    def __repr__(self) -> str:
        return (
            f"<standfast.Story of agent {self.agent}: {len(self.moments)} moments; {self.ending}>"
        )

    def _repr_html_(self) -> str:
        start = self._plan.scenario.time.start
        rows = "".join(
            f"<tr><td>{start + timedelta(hours=m.hour):%d %b %H:%M}</td><td>{escape(m.text)}</td></tr>"
            for m in self.moments
        )
        who = escape(telling.introduce(self.who))
        return f"<p>{who}</p><table>{rows}</table><p>{escape(self.ending)}</p>"


def describe(plan: Plan, agent: int) -> dict[str, Any]:
    """Return what is known of an agent at the start."""
    people, scenario = plan.people, plan.scenario
    places = list(scenario.places.values())
    squad = int(people.squad[agent])
    company = int(people.squad_company[squad])
    battalion = int(people.company_battalion[company])
    first = int(people.battalion_company_start[battalion])
    group = int(people.group[agent])
    return {
        "agent": agent,
        "force": list(scenario.forces.values())[int(people.force[agent])].title,
        "branch": BRANCHES[int(people.branch[agent])],
        "battalion": people.battalion_title(battalion),
        "company": company - first + 1,
        "squad": squad - int(people.company_squad_start[company]) + 1,
        "rank": int(people.rank[agent]),
        "years": round(float(people.service[agent]), 1),
        "home": places[int(people.home[agent])].title,
        "post": places[int(plan.arrays["origin"][agent])].title,
        "group": "" if group < 0 else list(scenario.groups.values())[group].title,
        "family": ("home", "moved", "abroad")[int(people.family[agent])],
        "ghost": bool(people.ghost[agent]),
        "on_leave": bool(people.on_leave[agent]),
        "resolve": round(float(plan.arrays["resolve_start"][agent]), 3),
    }
