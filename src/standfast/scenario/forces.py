"""The order of battle: aggregates from which synthetic people are made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from standfast.scenario.base import Part
from standfast.scenario.places import Slug, Text, Title
from standfast.scenario.quantities import Duration, Number, Share

Branch = Literal["army", "federal_police", "local_police", "militia"]
#: order fixed: results label their `branch` dimension with it
BRANCHES: tuple[Branch, ...] = ("army", "federal_police", "local_police", "militia")


UnitSize = Annotated[int, Field(ge=1, le=50_000_000)]
#: schemes that every scenario knows
UNIT_SCHEMES = ("army", "police")


class Group(Part):
    """A group by region of origin: its standing with the state, and where it is at home."""

    title: Title
    legitimacy: Number = Field(
        default=0.5,
        ge=-1,
        le=1,
        description="How far the state's punishment deters; negative where it provokes.",
    )
    home_region: tuple[Slug, ...] = Field(
        default=(), description="Places that people of this group defend as home."
    )


class UnitScheme(Part):
    """Sizes of the units of a force, where neither those of an army nor of a police fit."""

    title: Title = Field(default="battalion", description="What its battalions are called.")
    squad: UnitSize = Field(description="People in a squad.")
    company: UnitSize = Field(description="People in a company.")
    battalion: UnitSize = Field(description="People in a battalion.")
    platoon_squads: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=0, description="Squads in a platoon; 0: none."
    )
    brigade_battalions: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=0, description="Battalions in a brigade; 0: all in one."
    )
    division_brigades: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=0, description="Brigades in a division; 0: all in one."
    )


class Force(Part):
    """A formation of the order of battle; strengths and shares only, never persons."""

    title: Title
    branch: Branch
    place: Slug = Field(description="Where it is posted.")
    paper: Annotated[int, Field(ge=1, le=50_000_000)] = Field(
        description="Strength on paper: names on the payroll, ghosts included."
    )
    ghosts: Share = Field(default=0.1, description="Share of paper strength that never serves.")
    leave: Share = Field(default=0.25, description="Share of the real strength on leave.")
    homes: dict[Slug, Share] = Field(
        description="Where its people and their families live: place to share, adding up to 1."
    )
    groups: dict[Slug, Share] = Field(
        default={}, description="Groups of origin: group to share, adding up to 1."
    )
    quality: Share = Field(default=0.5, description="Training and supply, 0 to 1.")
    corruption: Share = Field(default=0.4, description="Corruption of its command, 0 to 1.")
    cohesion: Share = Field(default=0.5, description="Cohesion and homogeneity of its units.")
    commitment: Number = Field(
        default=0.0, ge=-10, le=10, description="Commitment relative to its branch."
    )
    volunteers: Share = Field(
        default=0.8, description="Share who volunteered rather than were called."
    )
    service: Duration = Field(default=4 * 8766.0, ge=0, le=40 * 8766.0, description="Mean service.")
    reserve: bool = Field(
        default=False, description="Whether headquarters may send its battalions elsewhere."
    )
    unit_scheme: Slug = Field(
        default="army",
        description="army: squad 10 to division 10,000; police: squad 10, station 40, district 400; "
        "or one of `unit_schemes`.",
    )


class Population(Part):
    """Settings of the synthetic people."""

    commitment_spread: Number = Field(
        default=1.3, ge=0, le=10, description="Standard deviation of commitment between people."
    )
    squad_spread: Number = Field(default=0.7, ge=0, le=10, description="The same between squads.")
    company_spread: Number = Field(
        default=0.5, ge=0, le=10, description="The same between companies."
    )
    means: Share = Field(default=0.4, description="Share with the means to move the family.")
    phones: Share = Field(default=0.95, description="Share with a phone.")
    baseline_fear: tuple[Number, Number] = Field(
        default=(2.0, 30.0), description="Beta parameters of baseline fear."
    )
    openness: tuple[Number, Number] = Field(
        default=(4.0, 4.0), description="Beta parameters of expressiveness and of openness to fear."
    )
    family_elsewhere: Share = Field(
        default=0.1, description="Share whose family already lives in a safe place at the start."
    )
    exposed: Share = Field(
        default=0.6,
        description="Share of people whose identity the adversary knows at the start, at full "
        "infiltration of the home or the post.",
    )
    credibility: Share = Field(
        default=0.6, description="Mean credibility of threats at the start, at full infiltration."
    )
    perceived_exposure: Share = Field(
        default=0.6, description="Mean perceived exposure at the start, at full infiltration."
    )
    note: Text = ""


class Network(Part):
    """Settings of the ties."""

    phone_mean: Number = Field(default=8.0, ge=0, le=200, description="Mean phone contacts.")
    phone_sigma: Number = Field(
        default=0.8, ge=0, le=3, description="Sigma of the log of contacts."
    )
    phone_unit: Share = Field(default=0.5, description="Share within the battalion or cohort.")
    phone_home: Share = Field(default=0.25, description="Share with the same home place.")
    kin_mean: Number = Field(default=5.0, ge=0, le=100, description="Mean kin and home ties.")
    kin_clustering: Share = Field(default=0.3, description="Clustering of kin ties.")
