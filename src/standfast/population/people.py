"""The people of a scenario: flat arrays, sorted so that every unit is one contiguous block."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from standfast.population import keys
from standfast.population.ranks import assign_ranks
from standfast.population.traits import draw_cohesion, draw_traits
from standfast.population.units import UnitTree, block_of, build_units, scheme_of
from standfast.scenario.forces import BRANCHES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from standfast.scenario.model import Scenario

#: what `family` says
FAMILY_HOME, FAMILY_MOVED, FAMILY_ABROAD = 0, 1, 2


@dataclass(frozen=True, eq=False)
class People:
    """Synthetic people and their units; arrays are read-only and shared by all replicates.

    Agents are names on paper: ghosts are among them, flagged, and have no ties. They are sorted
    by force (in the order of the scenario), battalion, company and squad. Offsets of units are
    closed: the last element is the number of what is inside.

    Attributes
    ----------
    home, group, force : (n_agent,) int16
        Index in the scenario's places, groups (-1 for none) and forces.
    branch : (n_agent,) int8
        Index in `BRANCHES`.
    rank : (n_agent,) int8
        0 soldier, 1 leads a squad, 2 a platoon, 3 a company or station, 4 a battalion or district.
    superior : (n_agent,) int32
        Whom an agent reports to in the chain of command; -1 for none.
    deviation : (n_agent,) float32
        Commitment beyond the mean of branch and force [1]: own, squad's and company's part.
    resolve_deviation : (n_agent,) float32
        Standard normal.
    expressiveness, openness, fear_baseline : (n_agent,) float32
        0 to 1.
    service : (n_agent,) float32
        Years served, exponential.
    means, phone, ghost, on_leave, volunteer : (n_agent,) uint8
        1 where so. Ghosts have no phone and are not on leave.
    family : (n_agent,) uint8
        0 at home, 1 moved to safety, 2 abroad.
    squad : (n_agent,) int32
        Index of the squad.
    squad_start, platoon_start, company_start, battalion_start : (n_unit + 1,) int32
        Agent offsets; a police station is a single platoon without a leader of its own.
    squad_company, company_battalion : (n_unit,) int32
        Index of the unit above.
    squad_cohesion : (n_squad,) float32
        0 to 1.
    company_squad_start, battalion_company_start : (n_unit + 1,) int32
        Offsets of the units inside.
    company_force, battalion_force : (n_unit,) int16
        Index of the force.
    battalion_number, battalion_brigade, battalion_division : (n_battalion,) int32
        Number within the force, from 1; brigade and division, numbered through the scenario.
    company_commander, battalion_commander : (n_unit,) int32
        Agent who commands it; -1 where nobody does.
    force_titles, battalion_kinds : tuple of str
        By force: its title, and what its battalions are called.
    """

    home: NDArray[np.int16]
    group: NDArray[np.int16]
    force: NDArray[np.int16]
    branch: NDArray[np.int8]
    rank: NDArray[np.int8]
    superior: NDArray[np.int32]
    deviation: NDArray[np.float32]
    resolve_deviation: NDArray[np.float32]
    expressiveness: NDArray[np.float32]
    openness: NDArray[np.float32]
    fear_baseline: NDArray[np.float32]
    service: NDArray[np.float32]
    means: NDArray[np.uint8]
    phone: NDArray[np.uint8]
    ghost: NDArray[np.uint8]
    on_leave: NDArray[np.uint8]
    volunteer: NDArray[np.uint8]
    family: NDArray[np.uint8]
    squad: NDArray[np.int32]
    squad_start: NDArray[np.int32]
    squad_company: NDArray[np.int32]
    squad_cohesion: NDArray[np.float32]
    platoon_start: NDArray[np.int32]
    company_start: NDArray[np.int32]
    company_squad_start: NDArray[np.int32]
    company_battalion: NDArray[np.int32]
    company_force: NDArray[np.int16]
    company_commander: NDArray[np.int32]
    battalion_start: NDArray[np.int32]
    battalion_company_start: NDArray[np.int32]
    battalion_force: NDArray[np.int16]
    battalion_number: NDArray[np.int32]
    battalion_brigade: NDArray[np.int32]
    battalion_division: NDArray[np.int32]
    battalion_commander: NDArray[np.int32]
    force_titles: tuple[str, ...]
    battalion_kinds: tuple[str, ...]

    def __post_init__(self) -> None:
        for array in self.to_arrays().values():
            array.setflags(write=False)

    @property
    def n_agent(self) -> int:
        """Names on paper, ghosts included."""
        return int(self.home.size)

    @property
    def n_squad(self) -> int:
        """Number of squads."""
        return int(self.squad_start.size - 1)

    @property
    def n_company(self) -> int:
        """Number of companies and police stations."""
        return int(self.company_start.size - 1)

    @property
    def n_battalion(self) -> int:
        """Number of battalions and police districts."""
        return int(self.battalion_start.size - 1)

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by its name, not copied."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], scenario: Scenario) -> People:
        """Put people together from arrays by name; titles come from the scenario."""
        forces = scenario.forces.values()
        return cls(
            **arrays,  # type: ignore[arg-type]  # named and typed as the fields
            force_titles=tuple(force.title for force in forces),
            battalion_kinds=tuple(
                scheme_of(scenario, force.unit_scheme).battalion_title for force in forces
            ),
        )

    def battalion_title(self, battalion: int) -> str:
        """Return the title of a battalion: that of its force, and its number there."""
        force = int(self.battalion_force[battalion])
        number = int(self.battalion_number[battalion])
        return f"{self.force_titles[force]}, {self.battalion_kinds[force]} {number}"


def build_people(scenario: Scenario, seed: int) -> People:
    """Build the synthetic people of a scenario.

    Parameters
    ----------
    scenario
        Its order of battle and population settings.
    seed
        All replicates of a seed share the people. A trait depends on the seed, the name of the
        force and the position in it: other forces do not change it.

    Returns
    -------
    People
        Read-only arrays.
    """
    key = keys.build_key(seed)
    forces: list[dict[str, NDArray[np.generic]]] = []
    trees: list[UnitTree] = []
    for index, (slug, force) in enumerate(scenario.forces.items()):
        tree = build_units(force.paper, scheme_of(scenario, force.unit_scheme))
        force_key = keys.force_key(key, slug)
        columns = draw_traits(scenario, slug, tree, force_key)
        columns["squad_cohesion"] = draw_cohesion(force, tree, force_key)
        columns["force"] = np.full(force.paper, index, dtype=np.int16)
        columns["branch"] = np.full(force.paper, BRANCHES.index(force.branch), dtype=np.int8)
        columns["battalion_number"] = np.arange(1, tree.battalion.size, dtype=np.int32)
        forces.append(columns)
        trees.append(tree)
    columns = {name: np.concatenate([x[name] for x in forces]) for name in forces[0]}
    columns |= _join_units(trees, columns["force"])
    columns |= assign_ranks(columns)
    return People.from_arrays(columns, scenario)


def _join_units(
    trees: list[UnitTree], force: NDArray[np.generic]
) -> dict[str, NDArray[np.generic]]:
    """Put the unit trees of all forces into one numbering."""
    squad, platoon, company, battalion = (
        _join([getattr(tree, level) for tree in trees], [int(tree.squad[-1]) for tree in trees])
        for level in ("squad", "platoon", "company", "battalion")
    )
    arrays = {
        "squad_start": squad,
        "platoon_start": platoon,
        "company_start": company,
        "battalion_start": battalion,
        "squad": np.repeat(np.arange(squad.size - 1), np.diff(squad)),
        "squad_company": block_of(company, squad),
        "company_battalion": block_of(battalion, company),
        "company_squad_start": np.searchsorted(squad, company),
        "battalion_company_start": np.searchsorted(company, battalion),
        "battalion_brigade": _number([tree.brigade for tree in trees]),
        "battalion_division": _number([tree.division for tree in trees]),
    }
    return {name: array.astype(np.int32) for name, array in arrays.items()} | {
        "company_force": force[company[:-1]],
        "battalion_force": force[battalion[:-1]],
    }


def _join(starts: list[NDArray[np.int64]], totals: list[int]) -> NDArray[np.int64]:
    offsets = np.concatenate([[0], np.cumsum(totals)])
    shifted = [start[:-1] + offset for start, offset in zip(starts, offsets, strict=False)]
    return np.concatenate([*shifted, offsets[-1:]]).astype(np.int64)


def _number(groups: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Let the numbers of each force follow on those of the force before."""
    offset = 0
    numbered = []
    for group in groups:
        numbered.append(group + offset)
        offset += int(group[-1]) + 1
    return np.concatenate(numbered)
