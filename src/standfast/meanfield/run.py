"""One run of the twin, step by step in the order of the documented schedule, and its series."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield import (
    campaign,
    combat,
    command,
    events,
    front,
    leaving,
    measures,
    news,
    spreading,
)
from standfast.meanfield.build import build_world
from standfast.meanfield.feeling import feel
from standfast.meanfield.loops.tally import count_origins
from standfast.meanfield.loops.wavering import count_wavering
from standfast.meanfield.tally import pass_on, tally
from standfast.meanfield.verdict import Judgement, judge
from standfast.scenario.plugins import refuse_plugins

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.feeling import Pressure
    from standfast.meanfield.state import Floats
    from standfast.scenario.model import Scenario

NIGHT_ENDS, NIGHT_BEGINS = 6.0, 19.0


@dataclass(frozen=True)
class MeanField:
    """A run of the mean-field twin: what is expected, hour by hour and place by place.

    Attributes
    ----------
    places : tuple of str
        In the order of the scenario.
    hours : (n_hour,) float64
        Hours since the start [h].
    present, present_share : (n_hour, n_place) float64
        People on duty at a place; the same relative to the start (NaN without a garrison).
    fear, trust, belief, wavering : (n_hour, n_place) float64
        Means over those on duty at a place, 0 to 1; 0 where nobody is.
    serving, dead, departures : (n_hour, n_place) float64
        Of those posted at a place at the start: people who serve (on duty, on leave or back),
        who are dead, and who ever left by a way out.
    lost_hour : (n_place,) float64
        Hour at which a place fell [h]; NaN if it did not.
    judgement : Judgement
        Verdicts (M41) by the rules of a run of the engine.
    seconds : float
        What it took.
    """

    places: tuple[str, ...]
    hours: Floats
    present: Floats
    present_share: Floats
    fear: Floats
    trust: Floats
    belief: Floats
    wavering: Floats
    serving: Floats
    dead: Floats
    departures: Floats
    lost_hour: Floats
    judgement: Judgement
    seconds: float


def run_meanfield(scenario: Scenario, *, nodes: int = 5) -> MeanField:
    """Run the mean-field twin of a scenario.

    Parameters
    ----------
    scenario
        What to simulate; its mechanisms, events and interventions act as in the engine, with means
        in place of draws.
    nodes
        Kinds of people by commitment in each unit; 5 carry its first ten moments.

    Returns
    -------
    MeanField
        Series by hour and place, and verdicts.

    Raises
    ------
    RunError
        When the scenario has a mechanism of its own, which the equations do not hold.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> run = run_meanfield(load_scenario("quiet"))
    >>> run.judgement.overall
    'held'
    """
    refuse_plugins(scenario, "the mean-field twin")
    begun = time.perf_counter()
    world = build_world(scenario, nodes=nodes)
    tally(world)
    moments = events.list_moments(world)
    n_step = round(scenario.time.horizon / scenario.time.step)
    series = _Series(world, n_step)
    for step in range(n_step):
        _advance(world, step, moments, series)
    return series.finish(world, time.perf_counter() - begun)


def _advance(world: World, step: int, moments: list[events.Moment], series: _Series) -> None:
    """Advance by a step; the order is that of the documented schedule."""
    _begin_step(world, step, moments)
    front.see_neighbours(world)
    campaign.advance_campaign(world)
    weight = spreading.weights(world)
    heard = spreading.spread_news(world, weight)
    campaign.learn(world)
    news.hear(world, heard, weight)
    pressure = feel(world)
    leaving.decide(world, pressure)
    command.fade_pulses(world)
    pass_on(world)
    tally(world)
    series.write(step + 1, world, pressure)
    combat.fight(world)
    command.advance_calls(world)
    command.advance_reserves(world)
    command.commanders_may_leave(world)
    combat.fall(world)
    front.join_and_flee(world)
    front.advance_columns(world)
    front.volunteers_arrive(world)
    news.circulate_requested(world)


def _begin_step(world: World, step: int, moments: list[events.Moment]) -> None:
    """Set the hour, and let events and interventions act."""
    world.hour = step * world.p.dt
    start = world.scenario.time.start
    clock = (start.hour + start.minute / 60 + world.hour) % 24
    world.is_night = clock < NIGHT_ENDS or clock >= NIGHT_BEGINS
    world.places.leak = np.zeros_like(world.places.leak)
    events.threaten(world, moments)
    while moments and moments[0].hour < world.hour + world.p.dt:
        events.happen(world, moments.pop(0))
    measures.act(world)


class _Series:
    """Series of a run, filled row by row; row 0 is the start."""

    def __init__(self, world: World, n_step: int) -> None:
        n_place = len(world.places.slugs)
        names = ("present", "fear", "trust", "belief", "wavering", "serving", "dead", "departures")
        self.rows = {name: np.zeros((n_step + 1, n_place)) for name in names}
        self.hours = np.arange(n_step + 1) * world.p.dt
        self.departures = np.zeros(n_place)
        self.write(0, world, None)

    def write(self, row: int, world: World, pressure: Pressure | None) -> None:
        """Write the state after a step."""
        cells, rows, q = world.cells, self.rows, world.places
        rows["present"][row] = q.duty
        rows["fear"][row], rows["trust"][row], rows["belief"][row] = q.felt
        if pressure is not None:
            wavering = rows["wavering"][row]
            count_wavering(
                world.numbers, world.post, cells.formation, cells.people, cells.mass, cells.count, cells.commitment,
                pressure.pull, pressure.mean, pressure.variance, wavering,
            )  # fmt: skip
            wavering /= np.maximum(q.duty, 1e-9)
        count_origins(
            world.origin, cells.all_serving, cells.out, cells.departed,
            rows["serving"][row], rows["dead"][row], self.departures,
        )  # fmt: skip
        rows["departures"][row] = self.departures

    def finish(self, world: World, seconds: float) -> MeanField:
        """Return the run."""
        rows, q = self.rows, world.places
        start = np.where(q.n_start > 0, q.n_start, np.nan)
        lost = ~np.isnan(q.lost_hour) & ~q.ruled
        return MeanField(
            places=tuple(q.slugs),
            hours=self.hours,
            present_share=rows["present"] / start,
            lost_hour=np.where(lost, q.lost_hour, np.nan),
            judgement=judge(world.scenario, self.hours, rows["serving"], rows["dead"][-1], lost),
            seconds=seconds,
            **rows,
        )
