"""Places and roads of a scenario."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from standfast.scenario.base import Part
from standfast.scenario.quantities import Length, Number, Share, Speed

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Title = Annotated[str, Field(min_length=1, max_length=120)]
Text = Annotated[str, Field(max_length=4000)]
Control = Literal["government", "contested", "adversary"]


class Prison(Part):
    """A prison in or near a place; it opens when the place falls or at a `prison_break`."""

    inmates: Annotated[int, Field(ge=0, le=1_000_000)]
    fighters: Share = Field(
        default=0.5, description="Share of the inmates who sympathise with the adversary."
    )


class Place(Part):
    """A node of the map: where people serve, live or take refuge."""

    title: Title
    latitude: Number = Field(ge=-90, le=90)
    longitude: Number = Field(ge=-180, le=180)
    kind: Literal["city", "town", "base", "site", "region"] = Field(
        default="town", description="A region is a home area that no front reaches."
    )
    population: Annotated[int, Field(ge=0, le=100_000_000)] = Field(
        default=0, description="Civilians who live there."
    )
    control: Control = Field(default="government", description="Who rules it at the start.")
    support: Share = Field(
        default=0.1, description="Share of the people who support or tolerate the adversary."
    )
    infiltration: Share = Field(
        default=0.02, description="Reach of the adversary's informers at the start."
    )
    hostility: Share = Field(
        default=0.0, description="Share of the people hostile to the adversary, who would defend."
    )
    value: Number = Field(default=1.0, ge=0, le=100, description="Worth as a target.")
    defensibility: Number = Field(
        default=1.0, gt=0, le=20, description="Factor on the power of its defenders."
    )
    encirclement: Share = Field(
        default=0.2, description="Danger of the ways out when it is under assault."
    )
    prison: Prison | None = None


class Road(Part):
    """A road between two places, both ways."""

    start: Slug
    end: Slug
    length: Length = Field(ge=0.1, le=5000)
    speed: Speed | None = Field(
        default=None, ge=0.1, le=150, description="Speed of a column; default front.advance_speed."
    )
