"""A scenario: the complete, frozen description of what to simulate."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from standfast.scenario.base import Part
from standfast.scenario.behaviour.belief import Belief
from standfast.scenario.behaviour.combat import Combat
from standfast.scenario.behaviour.command import Command
from standfast.scenario.behaviour.comrades import Comrades
from standfast.scenario.behaviour.decision import Decision
from standfast.scenario.behaviour.exits import Exits
from standfast.scenario.behaviour.exposure import Exposure
from standfast.scenario.behaviour.family import Family
from standfast.scenario.behaviour.fear import Fear
from standfast.scenario.behaviour.front import Front
from standfast.scenario.behaviour.information import Information
from standfast.scenario.behaviour.recovery import Recovery
from standfast.scenario.behaviour.resolve import Resolve
from standfast.scenario.behaviour.trust import Trust
from standfast.scenario.events import Event
from standfast.scenario.evidence import Evidence
from standfast.scenario.forces import Force, Group, Network, Population, UnitScheme
from standfast.scenario.interventions import Intervention
from standfast.scenario.mechanisms import Mechanisms
from standfast.scenario.places import Place, Road, Slug, Text, Title
from standfast.scenario.plugins import Plugin
from standfast.scenario.quantities import Duration, Share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standfast.scenario.tree import Plain


class Time(Part):
    """When it starts, how long it runs, in what steps."""

    start: Annotated[datetime, Field(strict=False, description="Local time, without a zone.")]
    horizon: Duration = Field(default=480.0, ge=1, le=43830, description="How long a run lasts.")
    step: Duration = Field(default=1.0, ge=0.25, le=24, description="Length of a step.")
    reference_event: Slug | None = Field(
        default=None, description="Event from which hours_to_half and the like are counted."
    )


class Behaviour(Part):
    """Behavioural parameters by mechanism family; one set serves every case."""

    information: Information = Information()
    fear: Fear = Fear()
    exposure: Exposure = Exposure()
    family: Family = Family()
    belief: Belief = Belief()
    trust: Trust = Trust()
    command: Command = Command()
    resolve: Resolve = Resolve()
    comrades: Comrades = Comrades()
    decision: Decision = Decision()
    exits: Exits = Exits()
    combat: Combat = Combat()
    front: Front = Front()
    recovery: Recovery = Recovery()


class Adversary(Part):
    """The other side, as quantities per place."""

    fighters: dict[Slug, Annotated[int, Field(ge=0, le=10_000_000)]] = Field(
        default={}, description="Fighters and sleepers already in or near a place at the start."
    )
    columns: Annotated[int, Field(ge=0, le=8)] = Field(
        default=2, description="Columns that may set out from a fallen place at once."
    )


class Verdict(Part):
    """Bounds of the outcome classes (M41)."""

    held: Share = Field(default=0.7, description="Least share still serving to count as held.")
    collapse: Share = Field(
        default=0.3, description="Share still serving under which it is a total collapse."
    )


class Scenario(Part):
    """Everything a run needs, and nothing about any person."""

    standfast: Literal[1] = Field(description="Version of the scenario format.")
    scenario: Slug = Field(description="Short name of the scenario.")
    title: Title
    summary: Text = ""
    time: Time
    places: dict[Slug, Place] = Field(min_length=1, max_length=200)
    roads: tuple[Road, ...] = ()
    groups: dict[Slug, Group] = {}
    unit_schemes: dict[Slug, UnitScheme] = Field(
        default={}, max_length=100, description="Unit trees of one's own, by name."
    )
    forces: dict[Slug, Force] = Field(min_length=1, max_length=2000)
    population: Population = Population()
    network: Network = Network()
    behaviour: Behaviour = Behaviour()
    adversary: Adversary = Adversary()
    events: tuple[Event, ...] = Field(default=(), max_length=2000)
    interventions: tuple[Intervention, ...] = Field(default=(), max_length=200)
    measures: dict[Slug, tuple[Intervention, ...]] = Field(
        default={},
        max_length=200,
        description="Interventions by name, not taken but to be compared.",
    )
    mechanisms: Mechanisms = Mechanisms()
    plugins: dict[Slug, Plugin] = Field(
        default={},
        max_length=20,
        description="Mechanisms of one's own, by name; their files must be allowed by hand.",
    )
    verdict: Verdict = Verdict()
    evidence: dict[Annotated[str, Field(max_length=200)], Evidence] = Field(
        default={},
        max_length=20_000,
        description="What stands behind a value, by its dotted path; usually written at the value.",
    )

    def with_(self, changes: Mapping[str, Plain] | None = None, /, **more: Plain) -> Scenario:
        """Return a scenario with some values changed, checked as a whole.

        Parameters
        ----------
        changes, **more
            New values by dotted path, such as ``{"time.horizon": "5 d"}``, written as in a
            scenario file; list items go by position and events by their id.

        Raises
        ------
        ScenarioError
            When a path does not exist, or the result does not hold together.
        """
        from standfast.scenario.edit import with_  # noqa: PLC0415  edit builds on this model

        return with_(self, changes, **more)

    def _repr_html_(self) -> str:
        from standfast.scenario.card import render_scenario  # noqa: PLC0415  for notebooks only

        return render_scenario(self)
