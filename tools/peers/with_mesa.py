"""Mesa: the civil violence of Epstein (2002), model 1, as Mesa's own advanced example has it.

`Citizen.step` looks at the cells within vision and sets the citizen active if H (1 - L) - R P > T, else
quiet, with P = 1 - exp(-k round(C / A)), C the cops and A the active citizens in vision, himself counted
as active. `EpsteinCivilViolence.step` lets all agents act one after the other in random order, and each
sees what those before him did: sequential, not synchronous. The rounding of C / A is Mesa's, not
Epstein's: P drops to nothing at once where the active outnumber the cops by two.

What is kept:

* no cops: who is active after one step, and the share for five;
* first movers: who would act first, everybody else being quiet, by the chance of arrest P. All see all
  cops, so that P is one number. The order of citizens cannot matter;
* swamping: the example with its arrest function replaced by the deterrence of our engine,
  P = P0 exp(-s / K), s the share of others who are active. All see all, nobody moves, nobody is
  arrested; the set that ends active is the least fixed point, whatever the order;
* the example as it is, with the cops, jail terms and legitimacy of Epstein's second run: how many are
  active over time. Nothing of ours is compared with it; it shows what is missing.
"""

from __future__ import annotations

import math

import numpy as np
from keeping import keep
from mesa.examples.advanced.epstein_civil_violence.agents import Citizen, CitizenState, Cop
from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

ALL_SEEN, THRESHOLD = 30, 0.1
PACKAGES = ("mesa", "numpy")
RULE = "sequential in random order; each sees what those before him did"
CHANCES = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
CAPACITIES = (0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)


def insist(holds: bool, what: str) -> None:  # noqa: FBT001
    """Stop where the example does not do what its use here rests on."""
    if not holds:
        raise RuntimeError(what)


def citizens_of(model: EpsteinCivilViolence) -> list[Citizen]:
    """Return the citizens in the order in which they were made."""
    return sorted(model.agents_by_type[Citizen], key=lambda citizen: citizen.unique_id)


def active(citizens: list[Citizen]) -> np.ndarray:
    """Return who is active."""
    return np.array([citizen.state == CitizenState.ACTIVE for citizen in citizens])


def traits(citizens: list[Citizen]) -> dict[str, np.ndarray]:
    """Return hardship and risk aversion, as Mesa drew them."""
    return {
        "hardship": np.array([citizen.hardship for citizen in citizens]),
        "risk_aversion": np.array([citizen.risk_aversion for citizen in citizens]),
    }


def no_cops() -> None:
    """Without cops nobody risks arrest."""
    for legitimacy in (0.7, 0.82):
        model = EpsteinCivilViolence(cop_density=0.0, legitimacy=legitimacy, seed=1)
        citizens = citizens_of(model)
        shares, who = [], None
        for _ in range(5):
            model.step()
            acting = active(citizens)
            shares.append(float(acting.mean()))
            who = acting if who is None else who
        print("no cops", legitimacy, len(citizens), shares)
        keep(
            f"mesa-no-cops-{round(100 * legitimacy)}",
            script="with_mesa.py",
            packages=PACKAGES,
            says="Who is active after a step of Epstein's civil violence without cops; share by step.",
            rule=RULE,
            problem={"citizens": len(citizens), "legitimacy": legitimacy, "threshold": THRESHOLD, "seed": 1},
            arrays={**traits(citizens), "active": who, "shares": np.array(shares)},
        )  # fmt: skip


def everybody_sees_all(legitimacy: float, cop_density: float) -> EpsteinCivilViolence:
    """Return the example with a vision as wide as its world, where nobody moves."""
    model = EpsteinCivilViolence(
        width=ALL_SEEN, height=ALL_SEEN, citizen_vision=ALL_SEEN, cop_density=cop_density,
        legitimacy=legitimacy, movement=False, seed=2,
    )  # fmt: skip
    for citizen in citizens_of(model):
        # twenty kinds of risk aversion, as the engine knows it by group
        citizen.risk_aversion = (math.floor(20 * citizen.risk_aversion) + 0.5) / 20
    return model


def first_movers() -> None:
    """Who would act first, by the chance of arrest."""
    legitimacy = 0.7
    model = everybody_sees_all(legitimacy, 0.02)
    citizens = citizens_of(model)
    cops = len(model.agents_by_type[Cop])
    first = []
    for chance in CHANCES:
        constant = -math.log1p(-chance) / cops if chance < 1 else 1e3
        moved = []
        for citizen in citizens:
            citizen.arrest_prob_constant = constant
            citizen.step()
            insist(abs(citizen.arrest_probability - chance) < 1e-12, "everybody sees all cops")
            moved.append(citizen.state == CitizenState.ACTIVE)
            citizen.state = CitizenState.QUIET
        first.append(moved)
    print("first movers", np.mean(first, axis=1).round(4).tolist())
    keep(
        "mesa-first-movers",
        script="with_mesa.py",
        packages=PACKAGES,
        says="Who would act first in Epstein's civil violence, by the chance of arrest that all see.",
        rule="one at a time, all others quiet",
        problem={"citizens": len(citizens), "cops": cops, "legitimacy": legitimacy, "threshold": THRESHOLD,
                 "chances": list(CHANCES), "seed": 2},
        arrays={**traits(citizens), "first": np.array(first)},
    )  # fmt: skip


class Deterred(Citizen):
    """A citizen whose chance of arrest fades as others act, as punishment does in the engine."""

    share_of_one, first_chance, capacity = 0.0, 1.0, 1.0

    def update_estimated_arrest_probability(self) -> None:
        """Replace the ratio of cops to active by the share of others who are active."""
        others = sum(
            isinstance(other, Citizen) and other.state == CitizenState.ACTIVE
            for other in self.neighbors
        )
        self.arrest_probability = self.first_chance * math.exp(
            -others * self.share_of_one / self.capacity
        )


def swamping() -> None:
    """Let the active swamp deterrence, at several capacities, until nobody changes."""
    legitimacy, chance = 0.7, 1.0
    ends, steps = [], []
    kept: dict[str, np.ndarray] = {}
    for capacity in CAPACITIES:
        model = everybody_sees_all(legitimacy, 0.0)
        citizens = citizens_of(model)
        kept = traits(citizens)
        for citizen in citizens:
            citizen.__class__ = Deterred
            citizen.share_of_one, citizen.first_chance = 1.0 / len(citizens), chance
            citizen.capacity = capacity
        before, count = active(citizens), 0
        while True:
            model.step()
            now = active(citizens)
            insist(not (before & ~now).any(), "deterrence only fades, so nobody calms down")
            if (now == before).all():
                break
            before, count = now, count + 1
        ends.append(before)
        steps.append(count)
    print("swamping", np.mean(ends, axis=1).round(4).tolist(), steps)
    keep(
        "mesa-swamping",
        script="with_mesa.py",
        packages=PACKAGES,
        says="Who ends active in the civil violence of Mesa with P = P0 exp(-s / K) for its arrest function.",
        rule=RULE,
        problem={"citizens": len(kept["hardship"]), "legitimacy": legitimacy, "threshold": THRESHOLD,
                 "first_chance": chance, "capacities": list(CAPACITIES), "seed": 2},
        arrays={**kept, "active": np.array(ends)},
    )  # fmt: skip


def as_it_is() -> None:
    """Run the example with moving citizens, cops and jail."""
    settings = {"legitimacy": 0.82, "cop_density": 0.04, "max_jail_term": 30, "seed": 3}
    model = EpsteinCivilViolence(**settings)
    counts = []
    for _ in range(150):
        model.step()
        counts.append([model.ACTIVE, model.QUIET, model.ARRESTED])
    acting = np.array(counts)[:, 0]
    print("as it is", acting.tolist())
    keep(
        "mesa-as-it-is",
        script="with_mesa.py",
        packages=PACKAGES,
        says="Active, quiet and arrested by step in Mesa's civil violence, with Epstein's second run's settings.",
        rule=RULE,
        problem={**settings, "vision": 7, "steps": 150},
        arrays={"counts": np.array(counts, np.uint16)},
    )


if __name__ == "__main__":
    no_cops()
    first_movers()
    swamping()
    as_it_is()
