"""What one force's people are like: draws of their traits, keyed by force and position.

Laws and where they come from: commitment normal with random effects of squad and company, since
units differ at least as much as persons do (McLauchlin 2015); expressiveness, openness and
baseline fear Beta (model specification, section 2); service exponential, the law of a force with
a steady intake and a constant rate of leaving (assumed); cohesion of squads Beta around that of
the force (assumed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standfast.population import keys, laws
from standfast.population.origins import draw_origins

if TYPE_CHECKING:
    from standfast.population.units import UnitTree
    from standfast.scenario.forces import Force
    from standfast.scenario.model import Scenario

HOURS_A_YEAR = 8766.0
#: a + b of the Beta law of squad cohesion: standard deviation 0.11 at 0.5; assumed
COHESION_CONCENTRATION = 20.0

Columns = dict[str, NDArray[np.generic]]


def draw_traits(scenario: Scenario, slug: str, tree: UnitTree, key: keys.Key) -> Columns:
    """Draw the traits of every agent of a force.

    Parameters
    ----------
    scenario
        Gives the shares and spreads.
    slug
        The force.
    tree
        Its units; squads and companies carry random effects on commitment.
    key
        Key of the force.

    Returns
    -------
    dict
        Arrays (n_agent of the force,), named and typed as in `People`.
    """
    force = scenario.forces[slug]
    people = scenario.population
    position = np.arange(force.paper, dtype=np.int64)
    character = keys.draw_blocks(key, position, keys.CHARACTER)
    history = keys.draw_blocks(key, position, keys.HISTORY)
    standing = keys.draw_blocks(key, position, keys.STANDING)
    columns = _draw_presence(scenario, force, tree, keys.draw_blocks(key, position, keys.PRESENCE))
    serves = columns["ghost"] == 0
    deviation = people.commitment_spread * laws.normal(character[:, 0])
    deviation += _unit_effect(tree, people.squad_spread, people.company_spread, key)
    service = force.service / HOURS_A_YEAR * laws.exponential(history[:, 1])
    columns |= {
        "deviation": deviation.astype(np.float32),
        "resolve_deviation": laws.normal(character[:, 1]).astype(np.float32),
        "expressiveness": laws.beta(character[:, 2], *people.openness).astype(np.float32),
        "openness": laws.beta(character[:, 3], *people.openness).astype(np.float32),
        "fear_baseline": laws.beta(history[:, 0], *people.baseline_fear).astype(np.float32),
        "service": service.astype(np.float32),
        "means": (history[:, 2] < people.means).astype(np.uint8),
        "phone": (serves & (history[:, 3] < people.phones)).astype(np.uint8),
        "volunteer": (standing[:, 0] < force.volunteers).astype(np.uint8),
        "family": (standing[:, 1] < people.family_elsewhere).astype(np.uint8),
    }
    return columns


def draw_cohesion(force: Force, tree: UnitTree, key: keys.Key) -> NDArray[np.float32]:
    """Draw the cohesion of every squad of a force, 0 to 1."""
    draws = keys.draw_blocks(key, tree.squad[:-1], keys.SQUAD)
    a = COHESION_CONCENTRATION * force.cohesion
    return laws.beta(draws[:, 1], a, COHESION_CONCENTRATION - a).astype(np.float32)


def _draw_presence(
    scenario: Scenario, force: Force, tree: UnitTree, draws: NDArray[np.float64]
) -> Columns:
    ghost = _move_to_the_end(tree, draws[:, 0] < force.ghosts)
    home, group = draw_origins(scenario, force, draws[:, 2], draws[:, 3])
    return {
        "ghost": ghost.astype(np.uint8),
        "on_leave": (~ghost & (draws[:, 1] < force.leave)).astype(np.uint8),
        "home": home,
        "group": group,
    }


def _move_to_the_end(tree: UnitTree, ghost: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Let the ghosts of each company close its list: those who exist form full squads."""
    before = np.concatenate([[0], np.cumsum(ghost)])
    per_company = before[tree.company[1:]] - before[tree.company[:-1]]
    to_end = np.repeat(tree.company[1:], np.diff(tree.company)) - np.arange(ghost.size)
    return np.asarray(to_end <= np.repeat(per_company, np.diff(tree.company)))


def _unit_effect(
    tree: UnitTree, squad_spread: float, company_spread: float, key: keys.Key
) -> NDArray[np.float64]:
    """Return the random effects of squad and company, for every agent of the force."""
    squad = laws.normal(keys.draw_blocks(key, tree.squad[:-1], keys.SQUAD)[:, 0])
    company = laws.normal(keys.draw_blocks(key, tree.company[:-1], keys.COMPANY)[:, 0])
    of_squad = np.repeat(squad_spread * squad, np.diff(tree.squad))
    of_company = np.repeat(company_spread * company, np.diff(tree.company))
    return of_squad + of_company
