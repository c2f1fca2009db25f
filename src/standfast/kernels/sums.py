"""E3: what those on duty in a company come to together: effort, trust, fear, belief, and how many waver.

The fear that a squad or a company shows, weighted by expressiveness, is what others in it see in the next step.
M06.
"""

from __future__ import annotations

import math

import numpy as np

from standfast.kernels import status
from standfast.kernels._jit import index, kernel


@kernel
def parts_of_sums(
    of_all, c0, c1, base, company_start, company_even, company_asked, agent_status, expressiveness, fear, trust, resolve,
    probability, parts,
):
    """Work out what each adds to the sums of his company, nothing when off duty; unless `of_all`, where asked.

    `parts` (>= 6, >= n) float64 is *Overwritten*. One array a loop, so that each becomes vector
    instructions.
    """
    voice, spoken, effort, trusted, afraid, hopeful = parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]
    nothing = np.float32(0.0)
    for company in range(c0, c1):
        if not of_all and company_asked[company] == 0:
            continue
        first, last = index(company_start[company]), index(company_even[company])
        for i in range(first, last):
            voice[i - base] = expressiveness[i] if agent_status[i] == status.DUTY else nothing
        for i in range(first, last):
            spoken[i - base] = expressiveness[i] * fear[i] if agent_status[i] == status.DUTY else nothing
        for i in range(first, last):
            able = math.sqrt(resolve[i]) * (1.0 - fear[i])
            effort[i - base] = able if agent_status[i] == status.DUTY else 0.0
        for i in range(first, last):
            trusted[i - base] = trust[i] if agent_status[i] == status.DUTY else nothing
        for i in range(first, last):
            afraid[i - base] = fear[i] if agent_status[i] == status.DUTY else nothing
        for i in range(first, last):
            hopeful[i - base] = probability[i - base] if agent_status[i] == status.DUTY else 0.0
    return c1 - c0


@kernel
def sum_companies(
    of_all, behaviour, c0, c1, base, company_start, company_stop, company_squad_start, company_squad_stop, squad_start, squad_stop,
    company_skill, company_asked, agent_status, pressure, parts, squad_fear, company_fear, company_duty, company_sums,
):
    """Sum effort, trust, fear, belief and wavering over those on duty; set squad and company fear.

    What each adds comes from `parts_of_sums`, and is summed in the order of people. Unless `of_all`, only
    wavering is counted anew where nobody was asked: nobody came, left or felt otherwise.

    Parameters
    ----------
    squad_fear, company_fear
        *Overwritten* where somebody is on duty: mean fear weighted by expressiveness.
    company_duty, company_sums
        *Overwritten*.

    Returns
    -------
    int
        How many are on duty.
    """
    wavering = behaviour[0].wavering_pressure
    voice, spoken, effort, trusted, afraid, hopeful = parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]
    total = 0
    for company in range(c0, c1):
        duty, waver = 0, 0
        for i in range(index(company_start[company]), index(company_stop[company])):
            on_duty = agent_status[i] == status.DUTY
            duty += on_duty
            waver += on_duty & (pressure[i - base] > wavering)
        total += duty
        company_sums[company, 4] = waver
        if not of_all and company_asked[company] == 0:
            continue
        sum_effort, sum_trust, sum_fear, sum_hope = 0.0, 0.0, 0.0, 0.0
        weighted_all, weight_all = 0.0, 0.0
        if duty > 0:
            for squad in range(company_squad_start[company], company_squad_stop[company]):
                weighted, weight = 0.0, 0.0
                for i in range(index(squad_start[squad]), index(squad_stop[squad])):
                    k = i - base
                    weighted += spoken[k]
                    weight += voice[k]
                    sum_effort += effort[k]
                    sum_trust += trusted[k]
                    sum_fear += afraid[k]
                    sum_hope += hopeful[k]
                if weight > 0.0:
                    squad_fear[squad] = weighted / weight
                weighted_all += weighted
                weight_all += weight
        if weight_all > 0.0:
            company_fear[company] = weighted_all / weight_all
        company_duty[company] = duty
        company_sums[company, 0] = sum_effort * company_skill[company]
        company_sums[company, 1] = sum_trust
        company_sums[company, 2] = sum_fear
        company_sums[company, 3] = sum_hope
    return total
