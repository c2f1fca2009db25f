"""Events: what happens at an hour and a place, from outside the model. M01 M08 M13 M15-M17 M19 M33 M36 M39."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from standfast.scenario.base import Part
from standfast.scenario.places import Slug, Text
from standfast.scenario.quantities import Duration, Number, Share

#: an hour of the scenario as a date and time, or as a duration since the start
When = Annotated[
    str, Field(max_length=40, description="2014-06-06T02:30, or a duration such as 48 h")
]


class _Event(Part):
    id: Slug
    at: When
    title: Text = ""
    spread: Duration = Field(
        default=0.0,
        ge=0,
        le=8766,
        description="Uncertainty of the hour: each replicate draws it uniformly within this after `at`.",
    )
    probability: Share = Field(default=1.0, description="Chance that it happens in a replicate.")
    unless_held: Slug | None = Field(
        default=None, description="Happens only if this place has fallen by then."
    )


class Attack(_Event):
    """Fighters attack a place from outside (M33)."""

    kind: Literal["attack"]
    place: Slug
    fighters: Annotated[int, Field(ge=1, le=10_000_000)]
    intensity: Share = Field(default=1.0, description="Share of full assault; low means probing.")
    campaign_lead: Duration | None = Field(
        default=None,
        ge=0,
        le=8766,
        description="How long the campaign rises before it; default and most as in behaviour.information, 0 h where nothing announces it.",
    )
    breaks_off_after: Duration | None = Field(
        default=None, gt=0, le=8766, description="The attackers withdraw if not successful by then."
    )


class Intensify(_Event):
    """An assault under way is pressed harder or slackens (M33)."""

    kind: Literal["intensify"]
    place: Slug
    intensity: Share


class Reinforce(_Event):
    """Battalions of a force are sent to a place (M13)."""

    kind: Literal["reinforce"]
    place: Slug
    force: Slug
    battalions: Annotated[int, Field(ge=1, le=1000)]
    delay: Duration = Field(default=0.0, ge=0, le=8766)


class CommandersLeave(_Event):
    """Commanders leave a place; those under them learn it (M15)."""

    kind: Literal["commanders_leave"]
    place: Slug
    share: Share = Field(default=1.0, description="Share of the place's battalions that lose them.")


class MassMessage(_Event):
    """The same text reaches many phones within the hour (M01)."""

    kind: Literal["mass_message"]
    places: tuple[Slug, ...]
    reach: Share = Field(default=0.5, description="Share of phones reached.")


class Order(_Event):
    """An order to the people at a place (M17)."""

    kind: Literal["order"]
    place: Slug
    order: Literal["stand", "withdraw", "evacuate", "leave"] = Field(
        description="leave: an ambiguous order or 'go home'; evacuate and withdraw name `to`."
    )
    to: Slug | None = None
    share: Share = Field(
        default=1.0, description="Share of the place's battalions that receive it."
    )


class CallUp(_Event):
    """People on leave or in quiet places are called up to fight (M19)."""

    kind: Literal["call_up"]
    places: tuple[Slug, ...]


class Breach(_Event):
    """Personnel records leak (M08)."""

    kind: Literal["breach"]
    place: Slug
    share: Share


class PrisonBreak(_Event):
    """A prison is opened (M36)."""

    kind: Literal["prison_break"]
    place: Slug


class Mobilisation(_Event):
    """Volunteers are called to a place (M39)."""

    kind: Literal["mobilisation"]
    place: Slug
    volunteers: Annotated[int, Field(ge=0, le=10_000_000)]


class ExitOffer(_Event):
    """Safe passage is offered, or those who left are murdered: changes how safe leaving looks (M28, M29)."""

    kind: Literal["leaving_safety"]
    place: Slug
    change: Number = Field(ge=-1, le=1)


Event = Annotated[
    Attack
    | Intensify
    | Reinforce
    | CommandersLeave
    | MassMessage
    | Order
    | CallUp
    | Breach
    | PrisonBreak
    | Mobilisation
    | ExitOffer,
    Field(discriminator="kind"),
]
