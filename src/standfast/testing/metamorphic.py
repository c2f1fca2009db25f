"""Pairs of runs of which one must never be ahead of the other: strategies and the comparison.

Order states by serving < gone. If the next state of each is a function of the present states, trust
and one keyed uniform, non-decreasing in the states of others and non-increasing in trust, then
whoever trusts more is at no step further along than in the world where he trusts less, and nor is
anybody else. `ordered_worlds` draws scenarios in which the engine is such a function; each of
`BREACHES` breaks one of the conditions. They need the package hypothesis.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.scenario.vocabulary import STATUS
from standfast.testing.limits import crowd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn
    from numpy.typing import NDArray

    from standfast.engine.compile import Plan
    from standfast.scenario.model import Scenario

_SERVING = tuple(STATUS.index(name) for name in ("duty", "leave", "back", "ghost"))


@dataclass(frozen=True)
class World:
    """Settings of an ordered world, from which its scenario is made.

    Attributes
    ----------
    people, squad, company
        Powers of two, so that shares of them add up exactly in any order.
    behaviour
        Parameters by family and name.
    seed
        Of people, ties and draws.
    raised
        Whose trust is raised, as a share of the people; from how much under that of the start, and
        to how much over it.
    """

    people: int
    squad: int
    company: int
    n_step: int
    step: float
    legitimacy: float
    corruption: float
    spread: float
    seed: int
    raised: tuple[float, float, float]
    behaviour: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def scenario(self, breach: Breach | None = None) -> Scenario:
        """Return the scenario, with a condition broken if so wished."""
        breach = breach or Breach()
        behaviour = {name: dict(values) for name, values in self.behaviour.items()}
        for name, values in breach.behaviour.items():
            behaviour.setdefault(name, {}).update(values)
        corruption = self.corruption if breach.corruption is None else breach.corruption
        company = breach.company or self.company
        squad = min(breach.squad or self.squad, company)
        return crowd(
            self.people,
            on=["M16", "M20", "M21", "M22", *breach.on],
            behaviour=behaviour,
            scheme={"squad": squad, "company": company, "battalion": self.people},
            horizon=f"{self.n_step * self.step:g} h",
            step=f"{self.step:g} h",
            force={"corruption": corruption, "groups": {"all": 1.0}, "homes": {"here": 1.0}},
            place=breach.place,
            population={"commitment_spread": self.spread, **breach.population},
            network={"phone_mean": 4.0, "kin_mean": 3.0},
            events=breach.events,
        ).with_({"groups.all.legitimacy": breach.legitimacy or self.legitimacy})

    def raise_of(self, breach: Breach | None) -> tuple[float, float, float]:
        """Return the share of those whose trust is raised, from how much under to how much over."""
        return breach.raised if breach and breach.raised else self.raised

    def who_trusts_more(self, breach: Breach | None = None) -> NDArray[np.bool_]:
        """Return whose trust is raised; at least one."""
        share, _, _ = self.raise_of(breach)
        chosen = np.random.default_rng(self.seed).random(self.people) < share
        chosen[self.seed % self.people] = True
        return chosen


@dataclass(frozen=True)
class Breach:
    """What breaks one of the conditions, so that the order is lost.

    Attributes
    ----------
    behaviour, on, place, population, events
        Added to the scenario of both worlds.
    squad
        Another size of squads, in the world that trusts more.
    legitimacy, company, corruption, raised
        As of the world, in both worlds.
    replicate
        Which replicate the world that trusts more draws as.
    memory
        Whether departures are remembered for ever, as in an ordered world.
    """

    behaviour: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    on: tuple[str, ...] = ()
    place: Mapping[str, Any] = field(default_factory=dict)
    population: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] = ()
    squad: int = 0
    legitimacy: float = 0.0
    company: int = 0
    corruption: float | None = None
    raised: tuple[float, float, float] | None = None
    replicate: int = 0
    remembers: bool = True


#: the conditions of the order, each with what breaks it
BREACHES: dict[str, Breach] = {
    "draws belong to their keys": Breach(replicate=1),
    "one uniform decides by ordered thresholds": Breach(
        # who may come back comes back by the low end of the uniform that makes others leave
        on=("M32",),
        behaviour={
            "recovery": {"return_rate": "5 / h", "amnesty": 20.0, "retraining": "0.01 h"},
        },
    ),
    "peers only attract": Breach(legitimacy=-1.0, behaviour={
        # punishment provokes, and is swamped when many leave: each departure calms the others
        "decision": {"weight_punishment": 8.0, "punishment_capacity": 0.2},
        "comrades": {"peer_squad": 0.0, "peer_company": 0.0, "peer_phone": 0.0, "peer_kin": 0.0},
    }),
    "the same network": Breach(squad=1),
    "a hazard that falls with trust": Breach(
        # the determined who are threatened leave sooner, and trust makes them determined
        on=("M08", "M09", "M25"),
        behaviour={
            "decision": {"cross_pressure": 10.0, "weight_trust": 0.0, "weight_family": 0.0,
                         "weight_resolve": 0.0},
            "family": {"reach_government": 1.0},
            "resolve": {"resolve_of_trust": 3.0, "resolve_decay": "1 d"},
        },
        place={"infiltration": 1.0, "support": 1.0},
        population={"exposed": 1.0, "credibility": 1.0, "perceived_exposure": 1.0},
        corruption=0.0,
        raised=(1.0, 0.2, 0.0),
    ),
    "other exits do not depend on others": Breach(
        # who trusts fights harder, and by the linear law more of those who fight are killed
        on=("M33",),
        behaviour={
            "decision": {"weight_trust": 0.0, "weight_resolve": 0.0},
            "combat": {"defender_loss_rate": "0.02 / h", "lanchester_exponent": 0.5,
                       "attacker_power": 20.0},
            "resolve": {"resolve_of_trust": 3.0, "resolve_decay": "1 d"},
        },
        events=({"id": "assault", "kind": "attack", "at": "0 h", "place": "here", "fighters": 50},),
        corruption=0.0,
        raised=(1.0, 0.5, 0.0),
    ),
    "states, not when they were entered": Breach(
        # a fading memory: what was put off is fresher when it happens
        company=2,
        remembers=False,
        behaviour={"comrades": {"memory": "6 h", "peer_squad": 0.0, "peer_company": 12.0}},
        raised=(0.3, 0.0, 0.1),
    ),
}  # fmt: skip


@st.composite
def ordered_worlds(draw: DrawFn) -> World:
    """Draw a world in which trust can only keep people from leaving.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(ordered_worlds(), lambda world: world.people == 16).squad
    1
    """
    power = draw(st.integers(2, 6))
    company = draw(st.integers(1, power))
    squad = draw(st.integers(0, company))
    weight = st.sampled_from([0.0, 1.0, 4.0, 12.0])
    behaviour: dict[str, dict[str, Any]] = {
        "decision": {
            "commitment": draw(st.sampled_from([2.0, 4.0, 6.0])),
            "rate_max": draw(st.sampled_from(["0.1 / h", "0.5 / h", "3 / h"])),
            "spread": draw(st.sampled_from([1.0, 0.3, 2.0])),
            "weight_trust": draw(st.sampled_from([2.0, 6.0, 12.0])),
            "weight_resolve": draw(weight),
            "weight_punishment": draw(weight),
            "punishment_capacity": draw(st.sampled_from([0.05, 0.3])),
        },
        "comrades": {
            "peer_squad": draw(weight),
            "peer_company": draw(weight),
            "peer_phone": draw(weight),
            "peer_kin": draw(weight),
            "peer_norm": draw(st.sampled_from([0.0, 0.3])),
            "memory": "1000 y",
        },
        "resolve": {"resolve_of_trust": draw(st.sampled_from([0.0, 0.5, 3.0]))},
    }
    return World(
        people=2**power,
        squad=2**squad,
        company=2**company,
        n_step=draw(st.sampled_from([8, 16, 24])),
        step=draw(st.sampled_from([1.0, 0.25])),
        legitimacy=draw(st.sampled_from([0.3, 1.0])),
        corruption=draw(st.sampled_from([0.2, 0.6, 1.0])),
        spread=draw(st.sampled_from([0.0, 1.3, 3.0])),
        seed=draw(st.integers(0, 2**32)),
        raised=(
            draw(st.sampled_from([0.05, 0.3, 1.0])),
            draw(st.sampled_from([0.0, 0.2, 0.6])),
            draw(st.sampled_from([0.1, 0.3, 1.0])),
        ),
        behaviour=behaviour,
    )


#: much happens, by trust, comrades and friends: where a breach of a condition shows soon
LIVELY = World(
    people=64,
    squad=8,
    company=32,
    n_step=24,
    step=1.0,
    legitimacy=1.0,
    corruption=1.0,
    spread=1.3,
    seed=1,
    raised=(0.3, 0.0, 0.5),
    behaviour={
        "decision": {"commitment": 5.0, "weight_trust": 6.0, "weight_resolve": 2.0},
        "comrades": {"peer_squad": 8.0, "peer_company": 8.0, "memory": "1000 y"},
    },
)


@dataclass
class Comparison:
    """How pairs of runs compared.

    Attributes
    ----------
    pairs, different
        Pairs of runs, and those in which more trust made a difference.
    ahead
        Agents times steps at which somebody was further along where trust is higher.
    """

    pairs: int = 0
    different: int = 0
    ahead: int = 0


def compare_trust(
    world: World, into: Comparison, *, replicates: int = 1, breach: Breach | None = None
) -> None:
    """Run a world with less and with more trust, and count who is where.

    Parameters
    ----------
    world
        What is run.
    into
        Counts to add to.
    replicates
        Pairs of runs.
    breach
        A condition to break.
    """
    broken = breach or Breach()
    plan = compile_plan(world.scenario(replace(broken, squad=0)), world.seed)
    other = compile_plan(world.scenario(broken), world.seed) if broken.squad else plan
    chosen = world.who_trusts_more(breach)
    _, below, above = world.raise_of(breach)
    for replicate in range(replicates):
        less = _start(plan, replicate, chosen, -below, broken)
        more = _start(other, replicate + broken.replicate, chosen, above, broken)
        differ = False
        for _ in range(plan.n_step):
            less.advance()
            more.advance()
            gone_less, gone_more = _gone(less), _gone(more)
            into.ahead += int((gone_more & ~gone_less).sum())
            differ = differ or bool((gone_more != gone_less).any())
        into.pairs += 1
        into.different += differ


def _start(plan: Plan, replicate: int, chosen: NDArray[np.bool_], by: float, breach: Breach) -> Run:
    run = Run(plan, replicate)
    if breach.remembers:
        # a thousand years is long, but only for ever is exact
        run.arrays["behaviour"]["fade_memory"] = 1.0
    trust = run.arrays["trust"]
    trust[chosen] = np.clip(trust[chosen] + by, 0.0, 1.0)
    return run


def _gone(run: Run) -> NDArray[np.bool_]:
    is_gone: NDArray[np.bool_] = ~np.isin(run.arrays["agent_status"], _SERVING)
    return is_gone
