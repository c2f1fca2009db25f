"""Rules about people and settings: shares, strengths, parameters that belong together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from standfast.scenario.draft import EACH, Draft, Found, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PEOPLE = 50_000_000
_SHARES_TOLERANCE = 1e-3


def homes_add_up(draft: Draft) -> Iterator[Found]:
    """Check that the shares of a force's homes add up to 1."""
    yield from _shares(draft, "homes", may_be_empty=False)


def groups_add_up(draft: Draft) -> Iterator[Found]:
    """Check that the shares of a force's groups add up to 1, where it has any."""
    yield from _shares(draft, "groups", may_be_empty=True)


def _shares(draft: Draft, field: str, *, may_be_empty: bool) -> Iterator[Found]:
    for path, force in draft.entries(("forces",)):
        shares = force.get(field)
        here = (*path, field)
        if not isinstance(shares, dict) or (may_be_empty and not shares):
            continue
        numbers = [draft.number((*here, key)) for key in shares]
        if not numbers:
            yield here, "is empty", "Give each home a share; the shares add up to 1."
            continue
        known = [number for number in numbers if number is not None]
        total = math.fsum(known)
        if len(known) == len(numbers) and abs(total - 1) > _SHARES_TOLERANCE:
            yield (
                here,
                f"has shares that add up to {total:g}, not to 1",
                "Change them so that they do.",
            )


def strength_is_within_limits(draft: Draft) -> Iterator[Found]:
    """Check that every force has somebody in it, and all of them together fit into the counters."""
    total = 0.0
    for path, _ in draft.entries(("forces",)):
        paper, ghosts = draft.number((*path, "paper")), draft.number((*path, "ghosts"))
        total += paper or 0.0
        if (
            paper is not None
            and ghosts is not None
            and 0 <= ghosts <= 1
            and paper * (1 - ghosts) < 1
        ):
            says = f"has {paper:g} on paper and a ghost share of {ghosts:g}, so nobody is left"
            yield path, says, "Lower the ghost share, or leave the force out."
    if total > MAX_PEOPLE:
        says = f"add up to {total:,.0f} people, more than the {MAX_PEOPLE:,} that are possible"
        yield ("forces",), says, "Make the strengths on paper smaller."


def units_nest(draft: Draft) -> Iterator[Found]:
    """Check that in a unit scheme a squad is no larger than a company, nor that than a battalion."""
    for path, _ in draft.entries(("unit_schemes",)):
        sizes = [draft.number((*path, level)) for level in ("squad", "company", "battalion")]
        known = [size for size in sizes if size is not None]
        if len(known) == len(sizes) and known != sorted(known):
            says = "has squads of {:g}, companies of {:g} and battalions of {:g}, which do not nest"
            yield path, says.format(*known), "Give sizes that do not fall from squad to battalion."


def contacts_leave_room(draft: Draft) -> Iterator[Found]:
    """Check that the shares of phone contacts within the unit and at home add up to at most 1."""
    unit, home = draft.number(("network", "phone_unit")), draft.number(("network", "phone_home"))
    if (
        unit is not None
        and home is not None
        and unit <= 1
        and home <= 1
        and unit + home > 1 + 1e-12
    ):
        says = f"has phone_unit and phone_home that add up to {unit + home:g}, more than 1"
        yield ("network",), says, "Make one of them smaller; the rest is contacts anywhere."


def beta_parameters_are_positive(draft: Draft) -> Iterator[Found]:
    """Check that the parameters of a beta distribution are above 0 and at most 1000."""
    for field in ("baseline_fear", "openness"):
        for path, _ in draft.find(("population", field, EACH)):
            number = draft.number(path)
            if number is not None and not 0 < number <= 1000:
                says = f"is {number:g}, but parameters of a beta distribution are above 0 and at most 1,000"
                yield path, says, "Write two numbers such as [2, 30]."


def verdict_bounds_are_ordered(draft: Draft) -> Iterator[Found]:
    """Check that a force that held has more people left than one that collapsed."""
    held, collapse = draft.number(("verdict", "held")), draft.number(("verdict", "collapse"))
    if held is not None and collapse is not None and held <= collapse:
        says = f"has held = {held:g}, which is not above collapse = {collapse:g}"
        yield ("verdict",), says, "A force that held keeps more people than one that collapsed."


FORCES_RULES: tuple[Rule, ...] = (
    homes_add_up,
    groups_add_up,
    strength_is_within_limits,
    units_nest,
    contacts_leave_room,
    beta_parameters_are_positive,
    verdict_bounds_are_ordered,
)
