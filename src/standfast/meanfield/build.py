"""The world of the twin at hour 0, made of the scenario's shares (E21, E24)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.loops.codes import FAR, N_OUT, N_SLOT
from standfast.meanfield.loops.shares import join as fit_margins
from standfast.meanfield.parameters import as_record, read_parameters
from standfast.meanfield.places import Places
from standfast.meanfield.quadrature import (
    beta_nodes,
    condense,
    exponential_nodes,
    kinship,
    normal_nodes,
)
from standfast.meanfield.state import Cells, Column, Formations, News
from standfast.scenario.forces import BRANCHES

if TYPE_CHECKING:
    from types import SimpleNamespace

    from standfast.meanfield.state import Floats, Ints
    from standfast.scenario.forces import Force
    from standfast.scenario.model import Scenario

#: squad, company, battalion of the schemes every scenario knows
UNIT_SIZES = {"army": (10, 100, 500), "police": (10, 40, 400)}
#: odds of a group whose home region holds the home, against one whose region does not
HOME_ODDS = 100.0
HOURS_A_YEAR = 8766.0
#: points of the law of commitment before it is condensed
N_PERSON, N_SERVICE, N_RESOLVE = 9, 7, 3


@dataclass
class World:
    """All of a run of the twin.

    Attributes
    ----------
    effect, openness : (n_node,) float64
        Weights of the random effect of units, and of openness.
    delta : (n_node,) float64
        Openness delta at its nodes.
    kinship : (n_effect, n_effect) float64
        How a squad sees the squads of its company.
    """

    scenario: Scenario
    p: SimpleNamespace
    places: Places
    formations: Formations
    cells: Cells
    effect: Floats
    kinship: Floats
    delta: Floats
    openness: Floats
    hour: float = 0.0
    is_night: bool = False
    loot: float = 0.0
    rumours_due: float = 0.0
    news: list[News | None] = field(default_factory=lambda: [None] * N_SLOT)
    next_slot: int = 0
    requested: list[tuple[str, int]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    under_way: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Work out what follows from the parameters and from who is where."""
        self.numbers = as_record(self.p)
        #: of each piece of news: what it does, and whether it is of commanders who left
        self.news_effect: Floats = np.zeros((N_SLOT, 6))
        self.is_flight = np.zeros(N_SLOT, dtype=bool)
        self.settle()

    def settle(self) -> None:
        """Work out anew what changes only when a formation moves or is split.

        Sets `post` and `origin`, the place of each cell now and at the start; `residents`, how many of
        all live at each place; `contacts`, the mean
        number of contacts of each cell in the squad, by phone and of kin; `odds_to_stay` by commitment
        alone, shape (n_cell, kind); room for the chances of each to stay, `unmoved`; and the places of formations
        as rows of ones and noughts. What news weighs for each cell is forgotten.
        """
        cells, formations, settings = self.cells, self.formations, self.scenario.network
        formations.settle()
        cells.settle()
        self.post: Ints = formations.place[cells.formation]
        self.origin: Ints = formations.origin[cells.formation]
        self.n_people = cells.people.sum()
        n_place = len(self.places.slugs)
        self.residents = np.maximum(np.bincount(cells.home, cells.people, n_place), 1e-12)
        self.squad = cells.of(formations.squad)
        own = settings.phone_mean * self.scenario.population.phones + settings.kin_mean
        self.contacts = np.maximum(0.0, self.squad - 1) + own
        self.weight: Floats | None = None
        worth = np.minimum(np.maximum(cells.commitment / self.p.spread, -FAR), FAR)
        self.odds_to_stay = np.exp(worth.T, order="C")
        self.unmoved: Floats = np.empty((4 * self.post.size, 2, len(cells.commitment)))
        self.at_place = np.eye(n_place)[formations.place]

    def move(self, formation: int, place: int) -> None:
        """Post a formation elsewhere."""
        self.formations.place[formation] = place
        self.settle()

    def by_place(self, values: Floats) -> Floats:
        """Sum over the formations posted at each place, along the last axis."""
        return np.asarray(values @ self.at_place)

    def by_post(self, values: Floats) -> Floats:
        """Sum over the cells posted at each place, along the last axis."""
        return self.by_place(self.cells.by_formation(values))


def build_world(scenario: Scenario, *, nodes: int = 5) -> World:
    """Return the world at hour 0.

    Parameters
    ----------
    scenario
        What to simulate.
    nodes
        Nodes of commitment within a unit.
    """
    p = read_parameters(scenario)
    settings = scenario.population
    forces = list(scenario.forces.values())
    spread = math.hypot(settings.squad_spread, settings.company_spread)
    effect, weights = normal_nodes(3) if spread > 0 else (np.zeros(1), np.ones(1))
    correlation = settings.company_spread**2 / spread**2 if spread > 0 else 0.0
    places = Places(scenario, p)
    law = [_commitment(scenario, p, force, spread * effect) for force in forces]
    a, share = condense(
        np.concatenate([x for x, _ in law]), np.concatenate([w for _, w in law]), nodes
    )
    shape = (len(forces), effect.size, nodes)
    a, share = (x.reshape(shape).transpose(1, 2, 0) for x in (a, share))
    share = weights[:, None, None] * share
    # rows one after another in memory, so that sums over a row are fast
    a, share = (np.ascontiguousarray(x.reshape(-1, len(forces))) for x in (a, share))
    delta, openness = beta_nodes(3, *settings.openness)
    formations = _formations(scenario, p, places, weights)
    cells = _cells(scenario, p, places, a, share, delta.size)
    world = World(
        scenario, p, places, formations, cells, weights, kinship(effect.size, correlation),
        delta, openness,
    )  # fmt: skip
    _count_names(world)
    return world


def unit_sizes(scenario: Scenario, force: Force) -> tuple[int, int, int]:
    """Return how many people are in a squad, a company and a battalion of a force."""
    own = scenario.unit_schemes.get(force.unit_scheme)
    if own is not None:
        return own.squad, own.company, own.battalion
    return UNIT_SIZES[force.unit_scheme]


def _commitment(
    scenario: Scenario, p: SimpleNamespace, force: Force, effect: Floats
) -> tuple[Floats, Floats]:
    """Return points and weights of commitment within units, shape (n_effect, n_point) (E13).

    Resolve differs between people as well and enters U beside commitment, so it is counted with it.
    """
    mean = p.commitment + getattr(p, f"commitment_{force.branch}", 0.0) + force.commitment
    if p.M16:
        mean += p.commitment_of_quality * (force.quality - 0.5)
    z, wz = normal_nodes(N_PERSON)
    own = scenario.population.commitment_spread * z
    years, wy = exponential_nodes(N_SERVICE)
    # at most five years count, beyond the fifth: the rule is exact for those beyond the kink
    mean_years = force.service / HOURS_A_YEAR
    beyond = math.exp(-5 / mean_years) if mean_years > 0 else 0.0
    long = 1 + p.commitment_of_service * np.minimum(mean_years * years, 5.0)
    factor, wf = np.concatenate([[1.0], long]), np.concatenate([[1 - beyond], beyond * wy])
    called = np.array([0.0, p.commitment_of_volunteers])
    wv = np.array([1 - force.volunteers, force.volunteers])
    r, wr = normal_nodes(N_RESOLVE)
    will = p.weight_resolve * p.resolve_spread * r
    within = own[:, None, None] + called[:, None]
    values = (mean + effect[:, None, None, None] + within) * factor
    weights = wz[:, None, None, None] * wv[:, None, None] * wf[:, None] * wr
    values = (values[..., None] + will).reshape(effect.size, -1)
    return values, np.broadcast_to(weights.ravel(), values.shape)


def _formations(
    scenario: Scenario, p: SimpleNamespace, places: Places, weights: Floats
) -> Formations:
    forces = list(scenario.forces.values())
    n, u = len(forces), weights.size
    sizes = np.array([unit_sizes(scenario, x) for x in forces], dtype=float).T
    paper = np.array([float(x.paper) for x in forces])
    real = np.array([x.paper * (1 - x.ghosts) for x in forces])
    quality = np.array([x.quality if p.M16 else 0.5 for x in forces])
    on_leave = np.minimum([x.leave for x in forces], 0.95)
    post = np.array([places.index[x.place] for x in forces])
    lost = p.trust_lost_to_corruption * np.array([x.corruption for x in forces])
    a, b = scenario.population.baseline_fear
    n_lag = max(1, math.ceil(p.call_patience / p.dt))
    return Formations(
        force=np.arange(n), branch=np.array([BRANCHES.index(x.branch) for x in forces]),
        place=post, origin=post.copy(), target=np.full(n, -1),
        people=weights[:, None] * real,
        squad=np.minimum(sizes[0], real),
        n_company=np.maximum(1, np.round(paper / sizes[1])),
        n_battalion=np.maximum(1, np.round(paper / sizes[2])),
        full=real / paper, quality=quality,
        skill=np.maximum(0.05, 1 + p.skill_range * (np.array([x.quality for x in forces]) - 0.5)),
        cohesion=np.array([x.cohesion for x in forces]),
        trust_start=np.maximum(0.0, p.trust_start - lost),
        leave_rate=on_leave / (1 - on_leave) / p.leave_length,
        fear=np.full(n, a / (a + b)), trust=np.zeros(n), hope=np.zeros(n),
        touched=np.zeros((N_SLOT, n)), uneven=np.zeros((2, n)), gone=np.zeros((u, n)), noise=np.zeros((u, n)), left=np.zeros((u, n)),
        led=np.ones(n), told=np.zeros(n), abandoned=np.zeros(n), waiting=np.zeros(n), blocked=np.zeros((n_lag, n)),
        order=np.zeros((2, n)), stand=np.zeros(n), call_up=np.zeros(n),
        hit=np.zeros(n), gain=np.zeros(n), shift=np.zeros(n), relief=np.zeros(n, dtype=bool),
        reserve=np.array([x.reserve for x in forces]), routed=np.zeros(n, dtype=bool),
        dissolved=np.zeros(n, dtype=bool), arrives=np.full(n, np.inf),
    )  # fmt: skip


@dataclass(frozen=True)
class _Kind:
    """People of a force who live at one place, and defend their home at the post or not."""

    force: int
    home: int
    share: float
    legitimacy: float
    defends: bool


def _kinds(scenario: Scenario, index: int, force: Force) -> list[_Kind]:
    slugs = list(scenario.places)
    groups = list(scenario.groups.values())
    homes = np.array([force.homes.get(x, 0.0) for x in slugs])
    shares = np.array([force.groups.get(x, 0.0) for x in scenario.groups])
    if not shares.any():
        return [
            _Kind(index, h, float(homes[h] / homes.sum()), 0.5, defends=False)
            for h in np.flatnonzero(homes).tolist()
        ]
    odds = np.array(
        [[HOME_ODDS if x in group.home_region else 1.0 for group in groups] for x in slugs]
    )
    joint = _join(homes / homes.sum(), shares / shares.sum(), odds)
    legitimacy = np.array([group.legitimacy for group in groups])
    defends = np.array([force.place in group.home_region for group in groups])
    kinds = []
    for h in np.flatnonzero(homes).tolist():
        for flag in (False, True):
            part = joint[h] * (defends == flag)
            if part.sum() > 1e-6:
                mean = float(part @ legitimacy / part.sum())
                kinds.append(_Kind(index, h, float(part.sum()), mean, defends=flag))
    return kinds


def _join(homes: Floats, groups: Floats, odds: Floats) -> Floats:
    """Return joint shares with given margins and odds (Deming and Stephan 1940)."""
    table = np.zeros_like(odds)
    at = np.ix_(homes > 0, groups > 0)
    rows, columns = homes[homes > 0], groups[groups > 0]
    own = odds[at] * np.outer(rows, columns)
    a, b = np.ones(rows.size), np.ones(columns.size)
    fit_margins(own, rows, columns, a, b)
    table[at] = own * np.outer(a, b)
    return table


def _cells(
    scenario: Scenario,
    p: SimpleNamespace,
    places: Places,
    commitment: Floats,
    share: Floats,
    n_open: int,
) -> Cells:
    forces, settings = list(scenario.forces.values()), scenario.population
    kinds = [kind for i, force in enumerate(forces) for kind in _kinds(scenario, i, force)]
    n = len(kinds)
    of = np.array([kind.force for kind in kinds])
    home = np.array([kind.home for kind in kinds])
    post = np.array([places.index[force.place] for force in forces])[of]
    people = np.array([kind.share for kind in kinds])
    people *= np.array([force.paper * (1 - force.ghosts) for force in forces])[of]
    on_leave = np.array([force.leave for force in forces])[of]
    mass = np.zeros((2, 2, share.shape[0], n))
    whole = share.take(of, axis=1) * people
    mass[0, 0], mass[1, 0] = whole * (1 - on_leave), whole * on_leave
    reach = np.maximum(places.infiltration[home], places.infiltration[post])
    a, b = settings.baseline_fear
    support = places.support[post]
    defence = p.home_defence * np.maximum(0.0, 1 - 2 * support)
    lost = p.trust_lost_to_corruption * np.array([force.corruption for force in forces])
    exposed = np.minimum(1.0, settings.exposed * reach) if p.M08 else np.zeros(n)
    credibility, credibility_noise = _up_to_twice(settings.credibility * reach * p.M09)
    perceived, perceived_noise = _up_to_twice(settings.perceived_exposure * reach * p.M08)
    legitimacy = np.array([kind.legitimacy for kind in kinds])
    zero = {
        name: np.zeros(n) for name in ("harmed", "departed", "harm_near", "friends_gone",
                                       "phone_gone", "kin_gone")
    }  # fmt: skip
    return Cells(
        formation=of, home=home, people=people, commitment=commitment.take(of, axis=1), legitimacy_start=legitimacy,
        legitimacy=legitimacy.copy(),
        extra=np.where([kind.defends for kind in kinds], defence, 0.0),
        mass=mass, count=mass.sum(axis=2), out=np.zeros((N_OUT, n)),
        fear=np.full((2, 2, n_open, n), a / (a + b)), noise=np.zeros((2, 2, n)),
        base=np.ones((2, n)), alike=np.zeros((2, 2, n)), belief=np.full((2, n), p.belief_start),
        trust=np.tile(np.maximum(0.0, p.trust_start - lost)[of], (2, 1)),
        suspicion=np.zeros((2, n)),
        credibility=credibility, credibility_noise=credibility_noise,
        perceived=perceived, perceived_noise=perceived_noise,
        exposed=exposed, resolve=np.full(n, p.resolve_start),
        movable=np.full(n, (1 - settings.family_elsewhere) * settings.means),
        settled=np.full(n, (1 - settings.family_elsewhere) * (1 - settings.means)),
        discount=np.ones(n), knows=np.zeros((N_SLOT, n)), spreads=np.zeros((N_SLOT, n)),
        gone_knows=np.zeros((N_SLOT, n)), gone_spreads=np.zeros((N_SLOT, n)),
        absent=np.zeros_like(whole),
        seeds=np.zeros((N_SLOT, n)), **zero,
    )  # fmt: skip


def _up_to_twice(mean: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of min(1, 2 mean U), U uniform."""
    most = np.maximum(2 * mean, 1e-300)
    first = np.where(most <= 1, most / 2, 1 - 1 / (2 * most))
    second = np.where(most <= 1, most**2 / 3, 1 - 2 / (3 * most))
    return first, second - first**2


def _count_names(world: World) -> None:
    """Count names and those on duty at each place, as headquarters and the place know them."""
    places, formations, cells = world.places, world.formations, world.cells
    places.n_start = world.by_post(cells.count[0].sum(axis=0))
    places.names = world.by_place(formations.size / formations.full)
    places.n_company = world.by_place(formations.n_company)
    if world.p.M16:
        places.paper_factor = places.names / np.maximum(1.0, places.n_start)
