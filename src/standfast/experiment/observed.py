"""What a staff could count at roll call: series by place and hour that a run does not record of itself.

They are read from the state at every recorded hour and change nothing. Everybody is counted at the
garrison of origin; ghosts, the dead and captured count nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.scenario.vocabulary import EXITS, LOG_KINDS, STATUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from standfast.engine.compile import Plan
    from standfast.results.recording import Recording

    Floats = npt.NDArray[np.float64]

#: name -> what it is
OBSERVED: dict[str, str] = {
    "absent": "share of the garrison absent without leave",
    "company_absence": "the same in the tenth of companies where it is highest",
    "squad_spread": "variance of absence between squads, over that of a binomial",
    "late_returns": "share of the garrison that did not come back from leave, so far",
    "shocks": "attacks, mass messages, leaks, orders and commanders leaving, so far",
}
#: lines of the log that count as shocks
SHOCKS = (
    "attack",
    "assault_begins",
    "intensify",
    "commanders_leave",
    "mass_message",
    "breach",
    "prison_break",
    "order",
    "evacuation",
)
_LEAVE = STATUS.index("leave")
#: share of companies that "the tenth" means
_WORST = 0.1


class Observer:
    """Counts at roll call through one run.

    Parameters
    ----------
    plan
        Of the run.
    """

    def __init__(self, plan: Plan) -> None:
        people = plan.people
        n_hour = plan.hours.size
        self._n_place = plan.n_place
        self._hours = plan.hours
        self._origin = plan.arrays["origin"].astype(np.int64)
        self._squads, self._companies = people.squad_start[:-1], people.company_start[:-1]
        living = (people.ghost == 0).astype(np.float64)
        self._garrison = self._by_place(living)
        self._in_squad = np.add.reduceat(living, self._squads)
        self._in_company = np.add.reduceat(living, self._companies)
        self._squad_place = self._origin[self._squads]
        self._company_place = self._origin[self._companies]
        self._gone = np.isin(np.arange(len(STATUS)), [STATUS.index(way) for way in EXITS])
        self._before: npt.NDArray[np.uint8] | None = None
        self._late = np.zeros(self._n_place)
        self._series = {name: np.zeros((n_hour, self._n_place)) for name in OBSERVED}

    def see(self, row: int, arrays: Mapping[str, npt.NDArray[np.uint8]]) -> None:
        """Count the state of an hour."""
        status = arrays["agent_status"]
        gone = self._gone[status]
        absent = gone.astype(np.float64)
        if self._before is not None:
            # nobody is missed before he is due back; the engine has him stay away at that moment
            self._late += self._by_place(((self._before == _LEAVE) & gone).astype(np.float64))
        self._before = status.copy()
        share = _ratio(self._by_place(absent), self._garrison)
        self._series["absent"][row] = share
        self._series["late_returns"][row] = _ratio(self._late, self._garrison)
        by_squad = np.add.reduceat(absent, self._squads)
        by_company = _ratio(np.add.reduceat(absent, self._companies), self._in_company)
        for place in np.flatnonzero(self._garrison):
            squads = (self._squad_place == place) & (self._in_squad > 0)
            self._series["squad_spread"][row, place] = spread(
                by_squad[squads], self._in_squad[squads], share[place]
            )
            companies = (self._company_place == place) & (self._in_company > 0)
            self._series["company_absence"][row, place] = worst(by_company[companies])

    def finish(self, recording: Recording) -> dict[str, Floats]:
        """Return the series by name, each (n_hour, n_place)."""
        kinds = [LOG_KINDS.index(kind) for kind in SHOCKS]
        lines = recording.log[np.isin(recording.log["kind"], kinds)]
        for line in lines:
            # a line without a place is of all
            place = slice(None) if line["place"] < 0 else int(line["place"])
            self._series["shocks"][self._hours >= line["hour"], place] += 1
        return self._series

    def _by_place(self, values: Floats) -> Floats:
        return np.bincount(self._origin, values, minlength=self._n_place).astype(np.float64)


def spread(absent: Floats, people: Floats, share: float) -> float:
    """Return the variance between squads over that of a binomial: 1 for chance, more for clusters.

    Parameters
    ----------
    absent, people : (n_squad,) float64
        Absent and belonging to each.
    share
        Of all that are absent.

    Examples
    --------
    >>> whole = np.full(20, 10.0)
    >>> round(spread(np.repeat([0.0, 10.0], 10), whole, 0.5), 1), spread(0 * whole, whole, 0.0)
    (10.5, 1.0)
    """
    expected = people * share * (1 - share)
    if people.size < 2 or not expected.any():
        return 1.0
    return float((((absent - people * share) ** 2) / expected).sum()) / (people.size - 1)


def worst(shares: Floats) -> float:
    """Return the mean of the highest tenth, at least one."""
    count = max(1, round(_WORST * shares.size))
    return float(np.sort(shares)[-count:].mean()) if shares.size else 0.0


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
