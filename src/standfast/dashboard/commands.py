"""What is on the screen as the lines that make it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standfast.dashboard.world import World


def python_of(world: World) -> str:
    """Return Python that comes to the same state as a world, byte for byte.

    Parameters
    ----------
    world
        Of the desk.
    """
    sim = world.sim
    lines = [
        "import standfast as sf",
        "",
        f"sim = sf.Simulation({json.dumps(world.source)}, seed={sim.seed}, replicate={sim.replicate})",
    ]
    for hour, item in sim.injected:
        fields = ", ".join(f"{name}={value!r}" for name, value in item.items())
        if hour > 0:
            lines.append(f'sim.advance(to="{hour:g} h")')
        lines.append(f"sim.inject({fields})")
    lines += [f'sim.advance(to="{sim.hour:g} h")', "print(sim.state.verdict)"]
    return "\n".join(lines) + "\n"
