"""Scenario -> Plan: everything a replicate reads and never writes, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.behaviour import build_behaviour, effective, enabled
from standfast.engine.plugins import own_parameters
from standfast.engine.start import counts_and_means
from standfast.errors import RunError
from standfast.geography.distance import great_circle, travel_time
from standfast.geography.roads import Roads, build_roads
from standfast.kernels.fear import LEVELS
from standfast.kernels.mathematics import fill_chance
from standfast.network.cache import people_and_network
from standfast.network.layer import sum_over_ties
from standfast.scenario.forces import BRANCHES
from standfast.scenario.moments import hours_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.network.ties import Network
    from standfast.population.people import People
    from standfast.scenario.model import Scenario

    Arrays = dict[str, NDArray[Any]]

#: people whom vector instructions advance at once
AT_ONCE = 16
#: a home in a place with at least this support for the adversary counts as under its influence
INFLUENCED = 0.3
#: expressiveness is passed along ties as a whole number from 1 to this
VOICE = 15
#: how much the kin of somebody may weigh by it
KIN_VOICE = np.iinfo(np.uint16).max // LEVELS


@dataclass(frozen=True)
class Plan:
    """A compiled scenario; read-only and shared by all replicates and threads.

    Attributes
    ----------
    scenario, seed, people, network
        What it was compiled from.
    arrays
        Flat arrays by name, as the kernels' arguments name them.
    hours
        Hours since the start that are recorded.
    n_step, record_every
        Steps of a run, and steps between records.
    """

    scenario: Scenario
    seed: int
    people: People
    network: Network
    arrays: Arrays
    hours: NDArray[np.float64]
    n_step: int
    record_every: int

    @property
    def n_agent(self) -> int:
        """Names on paper, ghosts included."""
        return self.people.n_agent

    @property
    def n_place(self) -> int:
        """Number of places."""
        return len(self.scenario.places)

    @cached_property
    def values(self) -> dict[str, float]:
        """Every behavioural parameter by name, with the value it has when switched off."""
        return effective(self.scenario)

    @cached_property
    def on(self) -> dict[str, bool]:
        """Whether each mechanism acts."""
        return enabled(self.scenario)

    @cached_property
    def start(self) -> Arrays:
        """Counts and means that every replicate starts with."""
        return counts_and_means(self)


def compile_plan(
    scenario: Scenario,
    seed: int,
    *,
    people: People | None = None,
    network: Network | None = None,
) -> Plan:
    """Compile a scenario: people and ties (built or from the cache), and flat arrays.

    Parameters
    ----------
    scenario
        What to simulate.
    seed
        All replicates of a seed share the people and their ties.
    people, network
        Instead of those the scenario describes: synthetic people with traits of one's own, or
        ties by another law, among as many people as the scenario has on paper.

    Raises
    ------
    ValueError
        When people and ties are not of the same number as the scenario's names on paper.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> compile_plan(load_scenario("garrison"), 1).n_agent
    5000
    """
    if people is None or network is None:
        built = people_and_network(scenario, seed)
        people, network = people or built[0], network or built[1]
    _check_numbers(scenario, people, network)
    arrays: Arrays = {"behaviour": build_behaviour(scenario)}
    arrays |= _places(scenario)
    arrays |= _roads(scenario)
    arrays |= _units(scenario, people)
    arrays |= _agents(scenario, people, arrays)
    arrays |= _ties(people, network)
    arrays["phone_activity"] = _activity(scenario, network)
    arrays |= own_parameters(scenario)
    for array in arrays.values():
        array.setflags(write=False)
    step = scenario.time.step
    n_step = round(scenario.time.horizon / step)
    every = max(1, round(1.0 / step)) if step < 1 else 1
    hours = np.arange(0, n_step + 1, every, dtype=np.float64) * step
    return Plan(scenario, seed, people, network, arrays, hours, n_step, every)


def _check_numbers(scenario: Scenario, people: People, network: Network) -> None:
    paper = sum(force.paper for force in scenario.forces.values())
    given = {
        "people": people.n_agent,
        "phone ties": network.phone.n_agent,
        "kin ties": network.kin.n_agent,
    }
    for what, number in given.items():
        if number != paper:
            msg = f"the {what} are of {number} people, but the scenario has {paper} on paper"
            raise ValueError(msg)


def _places(scenario: Scenario) -> Arrays:
    places = list(scenario.places.values())

    def column(name: str) -> NDArray[np.float64]:
        return np.array([getattr(place, name) for place in places], dtype=np.float64)

    def prison(name: str) -> NDArray[np.float64]:
        return np.array([getattr(p.prison, name) if p.prison else 0 for p in places], np.float64)

    return {
        "population": column("population"),
        "support": column("support"),
        "hostility": column("hostility"),
        "value": column("value"),
        "defensibility": column("defensibility"),
        "encirclement": column("encirclement"),
        "inmates_start": prison("inmates"),
        "inmate_fighters": prison("fighters"),
        "is_region": np.array([place.kind == "region" for place in places], dtype=np.uint8),
        # rounded to a millimetre, so that another maths library gives the same kilometres
        "distance": np.ascontiguousarray(great_circle(scenario).round(6)),
    }


def _roads(scenario: Scenario) -> Arrays:
    roads: Roads = build_roads(scenario)
    return {
        "road_indptr": roads.indptr.astype(np.int32),
        "road_indices": roads.indices.astype(np.int32),
        "road_km": roads.length.astype(np.float64),
        "road_speed": roads.speed.astype(np.float64),
        "travel_hours": np.ascontiguousarray(travel_time(scenario)),
    }


def _units(scenario: Scenario, people: People) -> Arrays:
    values = effective(scenario)
    on = enabled(scenario)
    forces = list(scenario.forces.values())
    place_of = {slug: k for k, slug in enumerate(scenario.places)}
    corruption = np.array([f.corruption for f in forces])
    quality = np.array([f.quality for f in forces])
    leave = np.array([min(f.leave, 0.95) for f in forces])
    posted = np.array([place_of[f.place] for f in forces])
    trust = values["trust_start"] - values["trust_lost_to_corruption"] * corruption
    skill = 1.0 + values["skill_range"] * (quality - 0.5)
    rate = leave / (1.0 - leave) / values["leave_length"]
    by_company = people.company_force
    groups = list(scenario.groups.values())
    names = list(scenario.places)
    defends = np.zeros((len(groups) + 1, len(names)))
    for g, group in enumerate(groups):
        for slug in group.home_region:
            support = scenario.places[slug].support
            # whoever sides with the adversary does not defend his home against it
            defends[g, place_of[slug]] = max(0.0, 1.0 - 2.0 * support)
    return {
        "squad_start": people.squad_start,
        **_stops(people),
        "squad_cohesion": people.squad_cohesion.astype(np.float64),
        "company_start": people.company_start,
        "company_squad_start": people.company_squad_start,
        "company_battalion": people.company_battalion,
        "squad_battalion": people.company_battalion[people.squad_company],
        "battalion_company_start": people.battalion_company_start,
        "company_trust_start": np.maximum(trust, 0.0)[by_company],
        "company_belief_start": np.full(by_company.size, values["belief_start"]),
        "company_skill": np.maximum(skill, 0.05)[by_company],
        "company_leave_rate": rate[by_company],
        "battalion_quality": (quality if on["M16"] else np.full(quality.size, 0.5))[
            people.battalion_force
        ],
        "battalion_home": posted[people.battalion_force].astype(np.int32),
        "battalion_reserve_start": np.array([f.reserve for f in forces], dtype=np.uint8)[
            people.battalion_force
        ],
        "group_legitimacy": np.array([g.legitimacy for g in groups] + [0.5]),
        "defends": defends,
    }


def _stops(people: People) -> Arrays:
    """Return where the people of each unit end and its ghosts begin; ghosts close every company.

    Loops over people go on into the ghosts of a company to a whole number of `AT_ONCE`, as those left over would
    be taken one by one (`company_even`); nobody reads what becomes of a ghost.
    """
    squads, companies = people.squad_start, people.company_start
    living = np.concatenate([[0], np.cumsum(people.ghost == 0)])
    in_squad = living[squads[1:]] - living[squads[:-1]]
    in_company = living[companies[1:]] - living[companies[:-1]]
    first = people.company_squad_start[:-1]
    has_people = np.concatenate([[0], np.cumsum(in_squad > 0)])
    used = has_people[people.company_squad_start[1:]] - has_people[first]
    even = np.minimum(companies[:-1] - (-in_company // AT_ONCE) * AT_ONCE, companies[1:])
    return {
        "company_even": even.astype(np.int32),
        "squad_stop": (squads[:-1] + in_squad).astype(np.int32),
        "company_stop": (companies[:-1] + in_company).astype(np.int32),
        "company_squad_stop": (first + used).astype(np.int32),
    }


def _agents(scenario: Scenario, people: People, arrays: Arrays) -> Arrays:
    values = effective(scenario)
    forces = list(scenario.forces.values())
    on = enabled(scenario)
    branch_offset = np.zeros(len(BRANCHES))
    for k, branch in enumerate(BRANCHES):
        branch_offset[k] = values.get(f"commitment_{branch}", 0.0)
    of_force = np.array([f.commitment for f in forces])
    if on["M16"]:
        of_force = of_force + values["commitment_of_quality"] * np.array(
            [f.quality - 0.5 for f in forces]
        )
    service = np.clip(people.service.astype(np.float64) - 5.0, 0.0, 5.0)
    commitment = (
        values["commitment"]
        + branch_offset[people.branch]
        + of_force[people.force]
        + people.deviation
        + values["commitment_of_volunteers"] * people.volunteer
    ) * (1.0 + values["commitment_of_service"] * service)
    resolve = np.clip(
        values["resolve_start"] + values["resolve_spread"] * people.resolve_deviation, 0.05, 1.0
    )
    origin = arrays["battalion_home"][people.company_battalion][people.squad_company[people.squad]]
    influenced = (arrays["support"][people.home] >= INFLUENCED).astype(np.int8)
    kind = np.where(people.home == origin, 0, np.where(influenced == 1, 1, 2)).astype(np.int8)
    gain = np.empty(people.n_agent, dtype=np.float32)
    fill_chance(values["contagion_rate"] * scenario.time.step, people.openness, gain)
    living = people.ghost == 0
    group = np.where(people.group < 0, len(scenario.groups), people.group).astype(np.int16)
    companies = np.bincount(
        arrays["battalion_home"][people.company_battalion], minlength=len(scenario.places)
    )
    start_here = np.bincount(
        origin[living & (people.on_leave == 0)], minlength=len(scenario.places)
    )
    listed = np.bincount(origin, minlength=len(scenario.places))
    return {
        # with what people gain where they defend their own home region (E21)
        "commitment": (
            commitment + values["home_defence"] * arrays["defends"][group, origin]
        ).astype(np.float32),
        "expressiveness": people.expressiveness,
        "uptake": gain,
        "fear_baseline": people.fear_baseline,
        "resolve_start": resolve.astype(np.float32),
        # of a few names on paper, all may be ghosts
        "resolve_median": np.array([np.median(resolve[living]) if living.any() else np.inf]),
        "home": people.home,
        "legitimacy": arrays["group_legitimacy"][group].astype(np.float32),
        "branch": people.branch,
        "origin": origin.astype(np.int16),
        "home_kind": kind,
        "means": people.means,
        "phone": people.phone,
        "squad": people.squad,
        **_garrisons(people, arrays["battalion_home"], len(scenario.places)),
        "place_companies": companies.astype(np.float64),
        "start_here": start_here.astype(np.float64),
        "paper_factor": listed / np.maximum(start_here, 1) if on["M16"] else np.ones(listed.size),
    }


def _garrisons(people: People, home: NDArray[Any], n_place: int) -> Arrays:
    """Return the people by place as runs of consecutive agents, one for each battalion."""
    companies = people.battalion_company_start
    first = people.company_start[companies]
    order = np.argsort(home, kind="stable")
    size = (first[1:] - first[:-1])[order]
    begin = np.concatenate([[0], np.cumsum(size)])
    of_place = np.searchsorted(home[order], np.arange(n_place + 1))
    return {
        # who is number k there is agent k + shift, of the run that holds k
        "place_start": begin[of_place].astype(np.int32),
        "run_start": begin.astype(np.int32),
        "run_shift": (first[:-1][order] - begin[:-1]).astype(np.int32),
    }


def _ties(people: People, network: Network) -> Arrays:
    voice = 1 + (people.expressiveness * VOICE).astype(np.int32)
    arrays: Arrays = {"voice": voice.astype(np.uint8)}
    for name, layer in {"phone": network.phone, "kin": network.kin}.items():
        arrays[f"{name}_indptr"] = layer.indptr
        arrays[f"{name}_indices"] = layer.indices
        # fear known along a layer = counter * scale; 0 for somebody without such ties
        weight = sum_over_ties(layer, voice)
        scale = np.where(weight > 0, 1.0 / (LEVELS * np.maximum(weight, 1)), 0.0)
        arrays[f"{name}_scale"] = scale.astype(np.float32)
        if name == "kin":
            _check_kin(weight)
    return arrays


def _check_kin(weight: NDArray[np.int32]) -> None:
    """Refuse kin whose fear could not be counted in two bytes, which is plenty for kin that are built."""
    loudest = int(weight.max(initial=0))
    if loudest > KIN_VOICE:
        says = f"somebody's kin weigh {loudest:,} by their expressiveness; at most {KIN_VOICE:,} can be counted"
        raise RunError(says, f"Give nobody more than {KIN_VOICE // (VOICE + 1)} kin.")


def _activity(scenario: Scenario, network: Network) -> NDArray[np.float32]:
    """Return by how much more than the mean somebody makes phone contacts, by how many he has."""
    growth = effective(scenario)["contact_growth"]
    degree = network.phone.degree
    number = np.arange(int(degree.max(initial=0)) + 1)
    relative = np.maximum(number, 1) / max(degree.mean(), 1e-12)
    return np.where(number > 0, relative**growth, 1.0).astype(np.float32)


def hour_of(scenario: Scenario, when: str) -> float:
    """Return a moment of the scenario as hours since its start."""
    return hours_of(when, scenario.time.start)
