r"""How far each force of a scenario stands from the fold: the pressure it can bear and stay quiet.

At hour 0 a force has a pressure :math:`m_0` on a person of mean commitment, and a departure a head adds
:math:`w=c\,\theta_S+\theta_C\phi+\theta_{ph}+\theta_{kin}` (:math:`\phi` is the share of the names of a
company who really serve). Its margin is :math:`-m_0-a_c^-`, with :math:`a_c^-` of
`standfast.meanfield.fold` for this w and the spread of commitment: so much more pressure, from fear,
threat or distrust, and no quiet state is left. Only what comrades do is fed back; what departures do to
belief and fear is not counted, so the true margin is smaller. A negative margin means that the force would
run of itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.meanfield.build import build_world
from standfast.meanfield.feeling import pressure_of
from standfast.meanfield.fold import Fold, fold
from standfast.meanfield.loops.codes import DUTY, UNAWARE
from standfast.meanfield.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from standfast.meanfield.state import Floats
    from standfast.scenario.model import Scenario
    from standfast.scenario.tree import Plain


@dataclass(frozen=True)
class Margin:
    """Where a force stands.

    Attributes
    ----------
    force : str
        Its name in the scenario.
    commitment, spread : float
        Commitment less the pressure of hour 0, mean and standard deviation over people [1].
    weight : float
        w [1]: pressure of one departure a head.
    fold : Fold or None
        None where departures do not feed on themselves enough for two states.
    margin : float
        Pressure that can be added before quiet ends [1]; infinite without a fold.
    """

    force: str
    commitment: float
    spread: float
    weight: float
    fold: Fold | None
    margin: float


def margins(scenario: Scenario) -> list[Margin]:
    """Return how far each force stands from the fold at hour 0.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> [(m.force, m.margin > 0) for m in margins(load_scenario("garrison"))]
    [('brigade', True), ('police', True), ('reserve', True)]
    """
    world = build_world(scenario)
    tally(world)
    p, cells, formations = world.p, world.cells, world.formations
    pressure = pressure_of(world)
    unit = np.repeat(cells.of(pressure.pull), len(cells.commitment) // world.effect.size, axis=0)
    above = cells.commitment - unit - pressure.mean[DUTY, UNAWARE]
    mass = cells.mass[DUTY, UNAWARE]
    people = np.maximum(cells.by_formation(mass.sum(axis=0)), 1e-12)
    mean = cells.by_formation((mass * above).sum(axis=0)) / people
    second = cells.by_formation((mass * above**2).sum(axis=0)) / people
    spread = np.sqrt(np.maximum(second - mean**2, 0.0))
    weight = formations.cohesion * p.peer_squad + formations.full * p.peer_company
    weight = weight + p.peer_phone + p.peer_kin
    found = []
    for name, a, s, w in zip(scenario.forces, mean, spread, weight, strict=True):
        at = fold(p.rate_max, p.memory, float(w), float(s))
        margin = float(a) - at.quiet_commitment if at else float("inf")
        found.append(Margin(name, float(a), float(s), float(w), at, margin))
    return found


def margin_curve(scenario: Scenario, path: str, values: Iterable[Plain]) -> Floats:
    """Return the margin of every force over values of one parameter of a scenario.

    Parameters
    ----------
    scenario
        The case.
    path
        Dotted path of what to change, as in `Scenario.with_`.
    values
        New values, written as in a scenario file.

    Returns
    -------
    (n_value, n_force) float64

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> curve = margin_curve(load_scenario("garrison"), "behaviour.comrades.peer_squad", [8, 16])
    >>> curve.shape
    (2, 3)
    """
    return np.array([[m.margin for m in margins(scenario.with_({path: x}))] for x in values])
