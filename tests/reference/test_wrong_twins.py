"""Wrong twins: rules that a careless author would have written are told apart within a thousand cases, most of them within thirty."""

from __future__ import annotations

import math

import hypothesis
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from twin import agents, build, combat, command, feeling, front, leaving, news, world
from twin.compare import first_difference
from twin.parameters import read_parameters
from twin.words import SERVING

from standfast.testing.strategies import scenarios

CASES = 1000


def with_parameters(**changes):
    """Return a reading of parameters that gets some of them wrong."""

    def read(scenario):
        p = read_parameters(scenario)
        for name, wrong in changes.items():
            setattr(p, name, wrong(p))
        return p

    return read


def see_at_once(me):
    """Let those visited later in a step already see the fear of those visited before."""
    right_show(me)
    on_duty = [other for other in me.squad.people if other.is_on_duty]
    if on_duty:
        me.squad.fear = agents.fear_shown(on_duty)


def count_living(world, squad):
    """Take the share of those who left without counting the ghosts of the squad."""
    living = sum(not me.is_ghost for me in squad.people)
    before = squad.gone * world.p.fade_memory
    right_remember(world, squad)
    squad.gone = before + (squad.gone - before) * len(squad.people) / max(1, living)


def leave_before_dying(world, me, u):
    """Put the interval of leaving below that of being killed."""
    p = world.p
    killed = me.post.chance_killed if me.is_on_duty else 0.0
    goes = leaving.chance_of_leaving(p, me.pressure)
    if goes <= u < goes + killed:
        return right_status(world, me, (u - goes) % 1)
    return right_status(world, me, (u + killed) % 1)


def no_baseline(world, me):
    """Let fear fade to nothing, not to what is usual for somebody."""
    usual = me.fear_baseline
    me.fear_baseline = 0.0
    right_fear(world, me)
    me.fear_baseline = usual


def every_change(me):
    """Let others know of fear in every small change, not in noticeable steps."""
    me.shows = int(me.fear * 16 + 0.5)


def whoever_serves(world, me, words):
    """Advance the feelings only of those who serve."""
    before = {name: getattr(me, name) for name in FELT}
    right_feel(world, me, words)
    if me.status not in SERVING:
        for name, value in before.items():
            setattr(me, name, value)


FELT = ("fear", "trust", "belief", "suspicion", "resolve", "perceived")


def told_is_known(world, me, piece):
    """Take those for informed who are being told in this very step."""
    told = [other for other in world.people if piece in other.heard_new]
    for other in told:
        other.heard.add(piece)
    stops = right_meet(world, me, piece)
    for other in told:
        other.heard.discard(piece)
    return stops


def at_once(world, battalion, place, delay):
    """Send a battalion without regard to the road."""
    battalion.arrives = world.hour + delay
    battalion.target = place


right_show, right_remember = agents.show, agents.remember_squad
right_status, right_fear, right_feel = leaving.next_status, feeling.feel_fear, agents.feel
right_meet = news.meet_contacts

#: what is wrong -> (module, rule, the wrong rule)
WRONG = {
    "r dt for 1 - exp(-r dt)": (leaving, "chance", lambda exponent: min(1.0, exponent)),
    "asynchronous update": (agents, "show", see_at_once),
    "memory that does not fade": (
        world, "read_parameters", with_parameters(fade_memory=lambda _: 1.0)),
    "recovery of trust too fast": (
        world, "read_parameters", with_parameters(fade_trust=lambda p: p.fade_trust**2)),
    "averaging without amplification": (
        world, "read_parameters", with_parameters(amplification=lambda _: 0.0)),
    "copies of news count in full": (
        world, "read_parameters", with_parameters(copy_discount=lambda _: 1.0)),
    "ghosts left out of the size of a squad": (agents, "remember_squad", count_living),
    "leaving below being killed": (leaving, "next_status", leave_before_dying),
    "fear that fades to nothing": (feeling, "feel_fear", no_baseline),
    "fear known in every small change": (agents, "show", every_change),
    "feelings of those who left stand still": (agents, "feel", whoever_serves),
    "those being told already know": (news, "meet_contacts", told_is_known),
    "hope without a table": (feeling, "hope", lambda x: 1 / (1 + math.exp(-x))),
    "a threat of the size of its parts' mean": (
        feeling, "threat", lambda p, _, believed: believed * p.reach[0]),
    "losses by the square law alone": (
        combat, "losses", lambda world, rate, own, other: rate * other * world.p.dt * (own > 0)),
    "darkness hides nobody": (
        world, "read_parameters", with_parameters(night_cover=lambda _: 0.0)),
    "reserves need no road": (command, "send", at_once),
    "nobody stays to hold a place": (front, "spare", lambda place: place.fighters),
    "every way out worth the same": (leaving, "utilities", lambda *_: dict.fromkeys(leaving.EXITS, 0.0)),
    "fear at the start not weighted": (build, "mean_fear", lambda _: 0.0),
}  # fmt: skip


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_twin_is_told_apart(mistake, monkeypatch):
    module, rule, wrong = WRONG[mistake]
    monkeypatch.setattr(module, rule, wrong)

    @hypothesis.seed(1)
    @settings(
        max_examples=CASES,
        derandomize=False,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(scenarios(), st.integers(0, 2**64 - 1))
    def compare(scenario, seed):
        assert first_difference(scenario, seed, 0) is None

    with pytest.raises(AssertionError, match=r"after step|in the record|causes"):
        compare()
