"""Who waver: the share of those present whose pressure to leave passes a bound (E16)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr  # type: ignore[import-untyped]

from standfast.meanfield.state import AWARE, DUTY, UNAWARE

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.feeling import Pressure
    from standfast.meanfield.state import Flags, Floats, Ints

#: a share of a cell that is nobody
NOBODY = 1e-9


def peopled(count: Floats, people: Floats) -> Ints | slice | None:
    """Return the cells with people: their indices, all if they are most, None if there are none."""
    here = np.flatnonzero(count > NOBODY * people)
    if not here.size:
        return None
    return slice(None) if 2 * here.size > count.size else here


def of_cells(values: Floats, here: Ints | slice) -> Floats:
    """Return the values of some cells, one row after another in memory."""
    return values if isinstance(here, slice) else np.asarray(values.take(here, axis=-1))


def share_wavering(
    world: World, pressure: Pressure, status: int, cells_asked: Flags | float = 1.0
) -> Floats:
    """Return the share who waver (E16), shape (class, n_cell); 0 in cells not asked for.

    The law of U in a cell is taken from its first four cumulants (Edgeworth): those left are skewed,
    because the least committed leave first.
    """
    cells = world.cells
    share = np.zeros_like(cells.count[status])
    for group in (UNAWARE, AWARE):
        at = (status, group)
        here = peopled(cells.count[at] * cells_asked, cells.people)
        if here is None:
            continue
        bond = of_cells(cells.commitment, here)
        if status == DUTY:
            n_node = len(bond) // world.effect.size
            bond = bond - np.repeat(of_cells(pressure.pull, here), n_node, axis=0)
        count = np.maximum(cells.count[at][here], 1e-12)
        first, second, third, fourth = _moments(of_cells(cells.mass[at], here), bond, count)
        variance = second + pressure.variance[at][here] + 1e-12
        deviation = np.sqrt(variance)
        x = (world.p.wavering_pressure - pressure.mean[at][here] + first) / deviation
        # U falls with commitment, so its third cumulant has the other sign
        skewness, excess = -third / (variance * deviation), (fourth - 3 * second**2) / variance**2
        xx = x * x
        bent = skewness / 6 * (xx - 1) + excess / 24 * x * (xx - 3)
        bent += skewness**2 / 72 * x * (xx * (xx - 10) + 15)
        density = np.exp(-xx / 2) / math.sqrt(2 * math.pi)
        share[group, here] = np.minimum(np.maximum(ndtr(-x) + density * bent, 0.0), 1.0)
    return np.asarray(share)


def _moments(mass: Floats, bond: Floats, count: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the mean and the central moments up to the fourth, each of shape (n,)."""
    first = np.einsum("mn,mn->n", mass, bond) / count
    off = bond - first
    second = mass * off
    second *= off
    third = second * off
    fourth = np.einsum("mn,mn->n", third, off) / count
    return first, second.sum(axis=0) / count, third.sum(axis=0) / count, fourth
