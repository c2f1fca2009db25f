"""Facts of the front: news ahead of it, odds that say little, the run of towns and the halt. S05 S06 L04 L05."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from standfast.validation.ensemble import DEAD
from standfast.validation.fact import CannotMeasureError, Part, chance_of, median_of, ratio
from standfast.validation.worlds import AS_IT_IS

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.scenario.model import Scenario
    from standfast.validation.ensemble import Ensemble
    from standfast.validation.fact import Worlds

    Floats = npt.NDArray[np.float64]

_DAY = 24.0
_TOWNS = ("town", "city")
_FEWEST, _MOST = 3, 6
_SOONEST, _LATEST = 2 * 24.0, 14 * 24.0
#: odds on paper between which outcomes are compared
_ODDS = (10.0, 40.0)


def capital_of(scenario: Scenario) -> str:
    """Return the garrisoned city with the most people: where a front would be heading.

    Raises
    ------
    CannotMeasureError
        When no garrisoned place has people.
    """
    posts = {force.place for force in scenario.forces.values()}
    cities = {n: p.population for n, p in scenario.places.items() if n in posts and p.population}
    if not cities:
        msg = "no garrison is among people"
        raise CannotMeasureError(msg)
    return max(cities, key=lambda name: cities[name])


def road_to_capital(scenario: Scenario, start: str) -> list[str]:
    """Return the places on the shortest road from a place to the capital, both ends included.

    Raises
    ------
    CannotMeasureError
        When there is no road, or the place is the capital.
    """
    end = capital_of(scenario)
    if end == start:
        msg = "the place is itself the capital"
        raise CannotMeasureError(msg)
    queue: list[tuple[float, list[str]]] = [(0.0, [start])]
    seen: set[str] = set()
    while queue:
        length, way = heapq.heappop(queue)
        if way[-1] == end:
            return way
        if way[-1] in seen:
            continue
        seen.add(way[-1])
        for road in scenario.roads:
            ends = (road.start, road.end)
            if way[-1] in ends:
                other = ends[1 - ends.index(way[-1])]
                heapq.heappush(queue, (length + road.length, [*way, other]))
    msg = f"no road leads from {start} to {end}"
    raise CannotMeasureError(msg)


def _fallen(case: Ensemble) -> Floats:
    lost = case.hour_of(case.main, "lost_at_h")
    if not np.isfinite(lost).any():
        msg = f"{case.main} was never lost"
        raise CannotMeasureError(msg)
    return lost


def news_ahead(worlds: Worlds) -> list[Part]:
    """S05: places not yet attacked lose people faster in the day after the news than in that before."""
    case = worlds[AS_IT_IS]
    lost = _fallen(case)
    serving = case.series["serving"].astype(float)
    attacked = case.series["attack"] > 0
    # what is lost counts as attacked even where the attackers hardly fought
    here = np.arange(attacked.shape[2]) == case.index(case.main)
    rates = np.full((2, case.n_run), np.nan)
    for run in np.flatnonzero(np.isfinite(lost) & (lost + _DAY <= case.hours[-1]) & (lost >= _DAY)):
        before, then, after = (
            int(np.searchsorted(case.hours, lost[run] + shift - 1e-9)) for shift in (-_DAY, 0, _DAY)
        )
        untouched = ~attacked[run, : after + 1].any(axis=0) & (serving[run, 0] > 0) & ~here
        people = serving[run][:, untouched].sum(axis=1)
        if people.size and people[before] > 0:
            rates[0, run] = 1 - people[then] / people[before]
            rates[1, run] = 1 - people[after] / people[then]
    return [
        Part("lost in the day after the news, over the day before", median_of(_times(rates)), 2.0),
        Part("lost in the day after the news", median_of(rates[1]), 0.01),
    ]


def _times(rates: Floats) -> Floats:
    before, after = rates
    return np.where(before > 0, ratio(after, before), np.where(after > 0, np.inf, np.nan))


def runs_and_halts(worlds: Worlds) -> list[Part]:
    """S06: the front runs along the road to the capital with few dead, and militias stand before it."""
    case = worlds[AS_IT_IS]
    _fallen(case)
    way = road_to_capital(case.scenario, case.main)
    fell = np.stack([case.lost(name) for name in way[1:]])
    crowd, status, left_h = case.people()
    index = [case.index(name) for name in way]
    along = np.isin(crowd.place, index[1:-1])
    dead = (status[:, along] == DEAD).sum(axis=1)
    volunteers = case.series["volunteers"][:, -1, index[1:]].sum(axis=1)
    return [
        Part("places lost on the road to the capital", median_of(fell.sum(axis=0)), 2),
        Part(
            "dead among the loss along it",
            median_of(ratio(dead, np.isfinite(left_h[:, along]).sum(axis=1))), most=0.1,
        ),
        Part(f"{way[-1]} is lost", chance_of(fell[-1]), most=0.1),
        Part("volunteers along the road at the end", median_of(volunteers), 1, unit="people"),
    ]  # fmt: skip


def odds_say_little(worlds: Worlds) -> list[Part]:
    """L04: at like odds some places fall and some hold, and few die before the break."""
    case = worlds[AS_IT_IS]
    scenario = case.scenario
    names = list(scenario.places)
    paper = dict.fromkeys(names, 0)
    for force in scenario.forces.values():
        paper[force.place] += force.paper
    fighters = case.series["fighters"]
    attacked = np.any(case.series["attack"] > 0, axis=1)
    chances = []
    for k, name in enumerate(names):
        met = attacked[:, k]
        if not paper[name] or not met.any():
            continue
        lost = case.hour_of(name, "lost_at_h")
        until = np.where(np.isfinite(lost), lost - scenario.time.step, case.hours[-1])
        odds = ratio(
            paper[name], [fighters[r, case.hours <= until[r], k].max() for r in range(case.n_run)]
        )
        chosen = met & (odds >= _ODDS[0]) & (odds <= _ODDS[1])
        if chosen.sum() * 2 >= case.n_run:
            chances.append(chance_of(np.isfinite(lost[chosen])))
    if len(chances) < 2:
        msg = "fewer than two places are attacked at such odds"
        raise CannotMeasureError(msg)
    chances.sort(key=lambda found: found.value)
    return [
        Part("least chance of falling of places with 10 to 40 on paper to one", chances[0], most=0.2),
        Part("greatest chance of falling of such places", chances[-1], 0.8),
        Part("of the falls, with under a tenth dead before", chance_of(_bloodless(case)), 0.5),
    ]  # fmt: skip


def _bloodless(case: Ensemble) -> list[bool]:
    crowd, status, left_h = case.people()
    found = []
    for k, name in enumerate(case.scenario.places):
        here = crowd.place == k
        if not here.any():
            continue
        lost = case.hour_of(name, "lost_at_h")
        for run in np.flatnonzero(np.isfinite(lost)):
            dead = (status[run, here] == DEAD) & (left_h[run, here] <= lost[run])
            found.append(bool(dead.mean() < 0.1))
    return found


def halts_inside(worlds: Worlds) -> list[Part]:
    """L05: three to six towns on the road to the capital within two to fourteen days, then a halt."""
    case = worlds[AS_IT_IS]
    lost = _fallen(case)
    way = road_to_capital(case.scenario, case.main)
    towns = [n for n in way[1:] if case.scenario.places[n].kind in _TOWNS]
    after = np.stack([case.hour_of(name, "lost_at_h") for name in towns]) - lost
    count = np.isfinite(after).sum(axis=0)
    last = np.where(np.isfinite(after), after, 0.0).max(axis=0)
    fallen = np.isfinite(lost)
    quiet = case.hours[-1] - lost - last >= 2 * _DAY
    halts = (
        (count >= _FEWEST) & (count <= min(_MOST, len(towns) - 1))
        & (last <= _LATEST) & quiet
    )  # fmt: skip
    return [
        Part(
            "of the runs in which it fell: 3 to 6 towns, then a halt", chance_of(halts[fallen]), 0.1
        ),
        Part("towns on the road lost", median_of(count[fallen])),
        Part("from the fall to the last of them", median_of(last[fallen]), unit="h"),
    ]
