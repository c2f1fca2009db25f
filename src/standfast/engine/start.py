"""What every replicate of a plan starts with alike: statuses, counts, and means of units; worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.kernels import status
from standfast.kernels.mathematics import logistic
from standfast.scenario.forces import BRANCHES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.engine.compile import Plan
    from standfast.population.people import People

    Arrays = dict[str, NDArray[Any]]


def status_at_start(people: People) -> NDArray[np.uint8]:
    """Return the status of everybody at hour 0: on duty, on leave, or a name on paper only."""
    known = np.full(people.n_agent, status.DUTY, dtype=np.uint8)
    known[people.on_leave == 1] = status.LEAVE
    known[people.ghost == 1] = status.GHOST
    return known


def trust_at_start(plan: Plan) -> NDArray[np.float32]:
    """Return everybody's trust in command at hour 0, that of his company."""
    trust = plan.arrays["company_trust_start"].astype(np.float32)
    return np.repeat(trust, np.diff(plan.arrays["company_start"]))


def counts_and_means(plan: Plan) -> Arrays:
    """Return the arrays of state that count people or are means over units, as they are at hour 0."""
    people, known = plan.people, status_at_start(plan.people)
    whole = (plan.n_place, len(BRANCHES), status.N_STATUS)
    cell = np.ravel_multi_index((plan.arrays["origin"], people.branch, known), whole)
    count = np.bincount(cell, minlength=np.prod(whole)).reshape(whole)
    on_duty = known == status.DUTY
    squad = people.squad.astype(np.intp)  # once, and not at every count
    company = people.squad_company.astype(np.intp)[squad]
    fear, weight = people.fear_baseline, np.where(on_duty, people.expressiveness, 0).astype(float)

    def mean_fear(unit: NDArray[np.intp], n_unit: int) -> NDArray[np.float64]:
        total = np.bincount(unit, weight, minlength=n_unit)
        return np.bincount(unit, weight * fear, minlength=n_unit) / np.maximum(total, 1e-12)

    def sums(value: Any) -> NDArray[np.float64]:
        weights = np.where(on_duty, value, 0.0)
        return np.bincount(company, weights, minlength=people.n_company).astype(np.float64)

    # everybody starts with the same belief
    hope = logistic(float(np.float32(plan.values["belief_start"])))
    effort = sums(np.sqrt(plan.arrays["resolve_start"]) * (1.0 - fear))
    of_company = np.zeros((people.n_company, 5))
    of_company[:, 0] = effort * plan.arrays["company_skill"]
    for k, value in ((1, trust_at_start(plan)), (2, fear), (3, hope)):
        of_company[:, k] = sums(value)
    return {
        "count": count.astype(np.int32),
        "squad_fear": mean_fear(squad, people.n_squad),
        "company_fear": mean_fear(company, people.n_company),
        "company_duty": np.bincount(company[on_duty], minlength=people.n_company),
        "company_sums": of_company,
    }
