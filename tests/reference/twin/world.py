"""Who and what is in the model: people, squads, companies, battalions, places, news, columns."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from twin import draws
from twin.numbers import single
from twin.parameters import is_on, read_parameters
from twin.words import DUTY

#: what is stored of a person in single precision
STORED_SINGLE = frozenset(
    {
        "fear", "credibility", "trust", "belief", "resolve", "suspicion", "perceived",
        "commitment", "resolve_start", "legitimacy", "uptake", "phone_gone", "kin_gone",
    }
)  # fmt: skip


class Person:
    """A name on paper; a ghost is one that never serves."""

    def __init__(self, number):
        self.number = number
        self.suspicion = 0.0
        self.exposed = False
        self.credibility = self.perceived = 0.0
        self.heard, self.heard_new, self.spreading = set(), set(), set()
        self.pieces = 0
        self.friends_gone = 0
        self.phone_gone = self.kin_gone = 0.0
        self.harm_near = 0
        self.departure_step = -1

    def __setattr__(self, name, value):
        object.__setattr__(self, name, single(value) if name in STORED_SINGLE else value)

    @property
    def company(self):
        return self.squad.company

    @property
    def post(self):
        return self.squad.company.battalion.place

    @property
    def is_on_duty(self):
        return self.status == DUTY


@dataclass(eq=False)
class Squad:
    company: object
    cohesion: float
    people: list = field(default_factory=list)
    gone: float = 0.0
    fear: float = 0.0
    left: int = 0


@dataclass(eq=False)
class Company:
    number: int
    battalion: object
    trust_start: float
    belief_start: float
    skill: float
    leave_rate: float
    squads: list = field(default_factory=list)
    people: list = field(default_factory=list)
    gone: float = 0.0
    left: int = 0
    fear: float = 0.0
    order: float = 0.0
    stand: float = 0.0
    call_up: float = 0.0
    trust_hit: float = 0.0
    trust_gain: float = 0.0
    belief_shift: float = 0.0
    relief: bool = False
    patience_ends: float | None = None
    calls_not_before: float = -1.0
    duty: int = 0
    effort: float = 0.0
    trust: float = 0.0
    afraid: float = 0.0
    hopeful: float = 0.0
    wavering: int = 0

    @property
    def place(self):
        return self.battalion.place


@dataclass(eq=False)
class Battalion:
    number: int
    force: int
    branch: int
    quality: float
    place: object
    is_reserve: bool
    companies: list = field(default_factory=list)
    has_commanders: bool = True
    is_told: bool = False
    is_routed: bool = False
    is_dissolved: bool = False
    arrives: float | None = None
    target: object = None
    calls_lost: float = 0.0

    @property
    def duty(self):
        return sum(c.duty for c in self.companies)

    def mean(self, name):
        """Return the mean of a sum of the companies over those on duty."""
        return math.fsum(getattr(c, name) for c in self.companies) / max(1, self.duty)


@dataclass(eq=False)
class Road:
    end: object
    km: float
    speed: float


class Place:
    """A place of the map with all that changes there in a run."""

    def __init__(self, number, slug, known):
        self.number, self.slug, self.known = number, slug, known
        self.is_region = known.kind == "region"
        self.roads = []
        self.names = []  # of those posted here at the start, ghosts included
        self.battalions_here = ()
        self.n_company_start = 0
        self.n_start = 0
        self.infiltration = known.infiltration
        self.intensity = self.scripted = 0.0
        self.contact = False
        self.defence = self.attack = 0.0
        self.weak_hours = self.siege_hours = self.wait_hours = 0.0
        self.halted = False
        self.lost_hour = None
        self.neighbour_lost = False
        self.supply_km = 0.0
        self.ready_hour = math.inf
        self.allies = self.volunteers = self.volunteers_called = self.refugees = 0.0
        self.public_factor = 1.0
        self.threatened = self.campaign = self.hearsay = self.leak = 0.0
        self.chance_message = self.chance_targeted = 0.0
        self.chance_mole = self.chance_neighbour = self.chance_harm = 0.0
        self.chance_killed = self.chance_fire = 0.0
        self.ultimatum = None
        self.leaving_safety = 0.5
        self.gone = 0.0
        self.duty = 0
        self.effort = self.trust = self.afraid = self.hopeful = 0.0
        self.wavering = 0
        self.calls_lost = 0.0
        self.calls_open = self.calls_answered = self.calls_unanswered = 0
        self.verified = self.guard = self.leaders_kept = 0.0
        self.leave_cancelled = self.evacuation_gain = 0.0

    @property
    def neighbours(self):
        return [road.end for road in self.roads]


@dataclass(eq=False)
class News:
    slot: int
    kind: int
    place: Place
    weight: dict

    @property
    def piece(self):
        """Number by which the draws about it are known: what happened, and where."""
        return self.kind + 5 * self.place.number


@dataclass(eq=False)
class Column:
    end: Place
    men: float
    arrives: float
    km: float


class World:
    """All of a run: who and what there is, the hour, the log."""

    def __init__(self, scenario, seed, replicate):
        self.scenario = scenario
        self.key = draws.run_key(seed, replicate)
        self.p = read_parameters(scenario)
        self.step, self.hour, self.night = 0, 0.0, False
        self.people, self.squads, self.companies, self.battalions = [], [], [], []
        self.places = []
        self.news = [None] * 8
        self.next_slot = 0
        self.requested = []
        self.attacks_under_way = set()
        self.columns = [None] * 64
        self.loot = 0.0
        self.log = []
        self.departures = {}
        self.cause = {}
        self.resolute = 0

    def place(self, slug):
        return next(q for q in self.places if q.slug == slug)

    def is_on(self, mechanism):
        return is_on(self.scenario, mechanism)

    def write(self, kind, place, value=0.0, battalion=None):
        """Write a line of the log."""
        where = -1 if place is None else place.number
        unit = -1 if battalion is None else battalion.number
        self.log.append((self.hour, kind, where, unit, value))

    def draw(self, index, purpose, partner=0):
        """Return the four uniforms of this step."""
        return draws.uniforms(self.key, index, self.step, purpose, partner)
