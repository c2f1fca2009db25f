"""One run, step by step, in the order of the documented schedule."""

from __future__ import annotations

from twin import agents, build, campaign, combat, command, events, front, measures, news
from twin.tally import tally


class TwinRun:
    """A run of the twin.

    Parameters
    ----------
    plan
        Its scenario, seed, people and network say what to run.
    replicate
        Number of the run.
    backwards
        Whether people are visited from the last to the first.
    own
        Plain versions of the scenario's own mechanisms, by name: functions of the world.
    """

    def __init__(self, plan, replicate, *, backwards=False, own=None):
        acting = [name for name, plugin in plan.scenario.plugins.items() if plugin.enabled]
        if unknown := sorted(set(acting) - set(own or {})):
            msg = f"the twin has no plain version of {', '.join(unknown)}"
            raise LookupError(msg)
        self.own = [own[name] for name in acting]
        self.world = build.build_world(plan, replicate)
        self.moments = events.draw_moments(self.world)
        self.visit = self.world.people[::-1] if backwards else self.world.people
        self.happened = 0
        self.done = 0

    def advance(self):
        """Advance by one step."""
        world = self.world
        self.begin_step()
        front.see_neighbours(world)
        campaign.advance_campaign(world)
        news.spread_news(world, self.visit)
        for act in self.own:
            act(world)
        agents.advance_people(world, self.visit)
        command.fade_pulses(world)
        agents.pass_on(world)
        tally(world)
        combat.fight(world)
        command.advance_calls(world)
        command.spread_disappointment(world)
        command.advance_reserves(world)
        command.commanders_may_leave(world)
        combat.fall(world)
        front.join_and_flee(world)
        front.advance_columns(world)
        front.volunteers_arrive(world)
        news.circulate_requested(world)
        self.done += 1

    def begin_step(self):
        """Set the hour, and let events and interventions act."""
        world = self.world
        world.step = self.done
        world.hour = self.done * world.p.dt
        start = world.scenario.time.start
        clock = (start.hour + start.minute / 60 + world.hour) % 24
        world.night = clock < 6 or clock >= 19
        for place in world.places:
            place.leak = 0.0
        events.threaten(world, self.moments)
        while self.happened < len(self.moments):
            hour, _, event, is_end = self.moments[self.happened]
            if hour >= world.hour + world.p.dt:
                break
            events.happen(world, event, is_end=is_end)
            self.happened += 1
        measures.begin_and_end(world)
