"""What is counted at each place, what contacts learn, and parts of formations that go elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit  # type: ignore[import-untyped]

from standfast.meanfield.feeling import mean_fear
from standfast.meanfield.state import DUTY

if TYPE_CHECKING:
    from standfast.meanfield.build import World
    from standfast.meanfield.state import Floats


def pass_on(world: World) -> None:
    """Let contacts learn of departures and harm, as means over the pools they are drawn from."""
    p, cells, formations = world.p, world.cells, world.formations
    settings = world.scenario.network
    gone = cells.departed
    both = np.stack([gone, cells.harmed * cells.all_serving])
    gone_at_home, harmed_at_home = cells.around_home(both)
    gone_of_unit, harmed_of_unit = cells.of(cells.by_formation(both) / formations.size)
    u, h = settings.phone_unit, settings.phone_home
    phone = u * gone_of_unit + h * gone_at_home + (1 - u - h) * (gone.sum() / world.n_people)
    n_phone = settings.phone_mean * world.scenario.population.phones
    cells.friends_gone = n_phone * phone + settings.kin_mean * gone_at_home
    cells.phone_gone = cells.phone_gone * p.fade_memory + (phone if n_phone > 0 else 0.0)
    cells.kin_gone = cells.kin_gone * p.fade_memory + (
        gone_at_home if settings.kin_mean > 0 else 0.0
    )
    mates = np.maximum(0.0, world.squad - 1) * harmed_of_unit
    cells.harm_near = mates + settings.kin_mean * harmed_at_home


def tally(world: World) -> None:
    """Sum over those on duty at each place, and renew what those of each formation feel."""
    p, q, cells, formations = world.p, world.places, world.cells, world.formations
    duty = cells.count[DUTY]
    # rows: people; their fear, trust and hope; what they do in combat
    felt = np.stack([np.ones_like(duty), mean_fear(world)[DUTY], cells.trust, expit(cells.belief)])
    total = (duty * felt).sum(axis=1)
    effort = (total[0] - total[1]) * np.sqrt(cells.resolve) * cells.of(formations.skill)
    total = cells.by_formation(np.concatenate([total, effort[None]]))
    here = world.by_place(total)
    q.duty, q.effort, q.felt = here[0], here[4], here[1:4] / np.maximum(here[0], 1e-9)
    left = world.by_place((formations.left * formations.people).sum(axis=0))
    q.gone = q.gone * p.fade_memory + left / np.maximum(1.0, q.n_start)
    people = total[0]
    mean = total[1:4] / np.maximum(people, 1e-300)
    formations.fear = np.where(people > 1e-9, mean[0], formations.fear)
    formations.trust, formations.hope = mean[1], mean[2]


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
    cells.copy_columns(chosen)
    cells.formation[first:] = new
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
    world.settle()
    return new
