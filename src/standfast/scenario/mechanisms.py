"""The 41 mechanisms: what each is called, and its switch."""

from __future__ import annotations

from typing import Any

from pydantic import Field, create_model

from standfast.scenario.base import Part

MECHANISMS: dict[str, str] = {
    "M01": "alarm by phone",
    "M02": "news of a fall",
    "M03": "rumour of treachery",
    "M04": "silence on monitored phones",
    "M05": "verified channel",
    "M06": "fear",
    "M07": "infiltration",
    "M08": "exposure",
    "M09": "threat to families",
    "M10": "moving the family",
    "M11": "ultimatum and renouncing",
    "M12": "hiding",
    "M13": "calls for reinforcement",
    "M14": "calls unanswered",
    "M15": "commanders leave",
    "M16": "corruption, ghosts, training",
    "M17": "orders",
    "M18": "moles in uniform",
    "M19": "being called up",
    "M20": "punishment",
    "M21": "slow recovery of confidence",
    "M22": "seeing comrades go",
    "M23": "resolve and service",
    "M24": "waiting on others",
    "M25": "cross-pressure",
    "M26": "branch and home",
    "M27": "flight among civilians",
    "M28": "danger of flight",
    "M29": "refuge",
    "M30": "leaving the country",
    "M31": "going over",
    "M32": "return to service",
    "M33": "attack and contact",
    "M34": "fall of a place",
    "M35": "captured arms",
    "M36": "prison breaks",
    "M37": "local allies",
    "M38": "advance along roads",
    "M39": "militias and volunteers",
    "M40": "civilians flee",
    "M41": "verdict",
}


class Switch(Part):
    """Whether a mechanism acts."""

    enabled: bool = True


_FIELDS: dict[str, Any] = {
    key: (Switch, Field(default=Switch(), description=title)) for key, title in MECHANISMS.items()
}
Mechanisms = create_model("Mechanisms", __base__=Part, __module__=__name__, **_FIELDS)
