"""Roll-ups of companies by place."""

from __future__ import annotations

import math


def tally(world):
    """Sum over the companies that are at each place, and let its memory of departures fade (E15)."""
    for place in world.places:
        here = [c for c in world.companies if c.place is place]
        place.gone *= world.p.fade_memory
        place.gone += sum(c.left for c in here) / max(1, place.n_start)
        place.duty = sum(c.duty for c in here)
        for name in ("effort", "trust", "afraid", "hopeful", "wavering"):
            setattr(place, name, math.fsum(getattr(c, name) for c in here))
