"""What is counted at each place, what contacts learn, and parts of formations that go elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.feeling import mean_fear
from standfast.meanfield.state import DUTY

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats


def pass_on(world: World) -> None:
    """Let contacts learn of departures and harm, as means over the pools they are drawn from."""
    p, cells, formations = world.p, world.cells, world.formations
    settings, of = world.scenario.network, cells.formation
    at_home = np.maximum(world.by_home(cells.people), 1e-12)
    gone = cells.departed
    unit = (cells.by_formation(gone) / formations.size)[of]
    home = (world.by_home(gone) / at_home)[cells.home]
    u, h = settings.phone_unit, settings.phone_home
    phone = u * unit + h * home + (1 - u - h) * gone.sum() / cells.people.sum()
    n_phone = settings.phone_mean * world.scenario.population.phones
    cells.friends_gone = n_phone * phone + settings.kin_mean * home
    cells.phone_gone = cells.phone_gone * p.fade_memory + (phone if n_phone > 0 else 0.0)
    cells.kin_gone = cells.kin_gone * p.fade_memory + (home if settings.kin_mean > 0 else 0.0)
    harmed = cells.harmed * cells.count.sum(axis=(0, 1))
    mates = np.maximum(0.0, formations.squad - 1) * cells.by_formation(harmed) / formations.size
    cells.harm_near = mates[of] + settings.kin_mean * (world.by_home(harmed) / at_home)[cells.home]


def tally(world: World) -> None:
    """Sum over those on duty at each place, and renew the mean fear of units."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    duty = cells.count[DUTY]
    fear = mean_fear(world)[DUTY]
    skill = formations.skill[cells.formation]
    effort = (duty * (1 - fear)).sum(axis=0) * np.sqrt(cells.resolve) * skill
    q.duty = world.by_post(duty.sum(axis=0))
    q.effort = world.by_post(effort)
    lost = (formations.left * formations.people).sum(axis=0)
    left = world.by_place(lost)
    q.gone = q.gone * p.fade_memory + left / np.maximum(1.0, q.n_start)
    present = cells.by_formation(duty.sum(axis=0))
    total = cells.by_formation((duty * fear).sum(axis=0))
    formations.fear = np.where(present > 1e-9, total / np.maximum(present, 1e-9), formations.fear)


def on_duty(world: World, values: Floats) -> Floats:
    """Return the mean of (class, n_cell) values over those on duty of each formation."""
    cells = world.cells
    duty = cells.count[DUTY]
    whole = cells.by_formation(duty.sum(axis=0))
    total = cells.by_formation((duty * values).sum(axis=0))
    return np.asarray(np.divide(total, whole, out=np.zeros_like(total), where=whole > 0))


def detach(world: World, formation: int, share: float) -> int:
    """Split a share off a formation, as a formation of its own; return its index."""
    formations, cells = world.formations, world.cells
    chosen = np.flatnonzero(cells.formation == formation)
    first = cells.formation.size
    formations.copy_columns(np.array([formation]))
    new = formations.force.size - 1
    cells.split(chosen, new)
    for name in ("people", "n_company", "n_battalion"):
        array = getattr(formations, name)
        array[..., formation] *= 1 - share
        array[..., new] *= share
    for name in (
        "people",
        "mass",
        "count",
        "out",
        "departed",
        "absent",
        "gone_knows",
        "gone_spreads",
    ):
        array = getattr(cells, name)
        array[..., chosen] *= 1 - share
        array[..., first:] *= share
    return new
