"""One soldier's story as plain data for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.telling import introduce

if TYPE_CHECKING:
    from standfast.engine.story import Story

#: what a page draws of somebody by hour
LINES = ("fear", "trust", "belief", "resolve", "threat", "chance")


def story_data(story: Story) -> dict[str, Any]:
    """Return who somebody is, what happened to them, and their readings by hour."""
    rows = story.rows
    dt = story.dt
    return {
        "agent": story.agent,
        "who": story.who,
        "introduction": introduce(story.who),
        "moments": [
            {"hour": moment.hour, "kind": moment.kind, "text": moment.text}
            for moment in story.moments
        ],
        "ending": story.ending,
        "left": story.left,
        "status": story.status,
        "hours": ((rows["step"] + 1) * dt).tolist(),
        "lines": {name: _plain(rows[name]) for name in LINES},
        "statuses": rows["status"].tolist(),
    }


def _plain(values: np.ndarray[Any, Any]) -> list[float | None]:
    return [round(float(x), 5) if np.isfinite(x) else None for x in values]
