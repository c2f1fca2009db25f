"""Interventions: what a defender decides, with place, start, size and cost (E25)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from standfast.scenario.base import Part
from standfast.scenario.events import When
from standfast.scenario.places import Slug, Text
from standfast.scenario.quantities import Duration, Number, Share

Kind = Literal[
    "answer_calls",
    "keep_leaders",
    "verified_channel",
    "move_families",
    "protect_records",
    "clear_moles",
    "end_ghosts",
    "pay_training_supply",
    "station_away",
    "sanction",
    "amnesty",
    "ordered_withdrawal",
    "mobilise_volunteers",
    "leave_policy",
    "reserves_ahead",
]

#: what `size` means for each kind of intervention
SIZE_MEANS: dict[str, str] = {
    "answer_calls": "chance that a call is answered with a reserve",
    "keep_leaders": "share of commanders who are kept with their troops",
    "verified_channel": "strength of the verified channel, 1 = full",
    "move_families": "share of threatened families moved or housed",
    "protect_records": "share of exposure prevented",
    "clear_moles": "share of informers removed",
    "end_ghosts": "share of ghosts struck off the list",
    "pay_training_supply": "gain in quality, 0 to 1",
    "station_away": "share of local police posted away from home",
    "sanction": "gain in the weight of punishment, 1 = doubled",
    "amnesty": "gain in the pull of returning",
    "ordered_withdrawal": "skill of the withdrawal with a rear guard, 0 to 1",
    "mobilise_volunteers": "volunteers as a share of the garrison",
    "leave_policy": "share of leave cancelled",
    "reserves_ahead": "share of the reserve battalions placed ahead",
}

#: kinds that reach people and not whole places, so that they may be for some forces only
OF_FORCES = ("move_families", "end_ghosts", "pay_training_supply", "station_away", "sanction")


class Intervention(Part):
    """One measure of the defender."""

    kind: Kind
    size: Share = Field(default=1.0, description="Strength; what it means depends on the kind.")
    start: When = "0 h"
    duration: Duration | None = Field(
        default=None, gt=0, le=8766 * 5, description="Default: to the end."
    )
    places: tuple[Slug, ...] = Field(default=(), description="Where; empty means everywhere.")
    forces: tuple[Slug, ...] = Field(
        default=(), description=f"{', '.join(OF_FORCES)}: whose people; empty means all."
    )
    delay: Duration | None = Field(
        default=None, ge=0, le=8766, description="answer_calls: median delay of the reserves."
    )
    battalions: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=0, description="answer_calls, reserves_ahead: battalions made available."
    )
    to: Slug | None = Field(
        default=None, description="ordered_withdrawal, reserves_ahead: where to."
    )
    cost: Number = Field(default=1.0, ge=0, le=1e12, description="Cost in any one unit of account.")
    title: Text = ""
