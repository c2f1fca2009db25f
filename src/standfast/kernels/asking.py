"""Of whom something may come in a step, by bounds that no exact chance exceeds. No mechanism.

Most people's uniform lies above every chance that they could have: nobody works out their exact one
(`standfast.kernels.leaving` does for the others). Where feelings rest and pressure is hopeless for most, not
even a uniform is drawn for them.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.decision import highest_probability
from standfast.kernels.draws import DECIDE, fill_listed
from standfast.kernels.marks import list_all

UNLIKELY = -6.0  # pressure up to which the rate of leaving is at most FEW of the highest
FEW = 0.0025  # logistic(-6) rounded up
HOPELESS = -30.0  # pressure up to which it is at most HARDLY of it, and nobody leaves at any sane step
HARDLY = 1e-13  # logistic(-30) rounded up
LEAST_UNIFORM = 0.5 / 2.0**32
FEW_OF = 2  # where at most one in so many can leave, draws are made for them alone


@rule
def least_most(p, most):
    """Return what no chance of leaving exceeds where the pressure is UNLIKELY to make anybody leave.

    1 - exp(-x) <= x, so that a bound on the rate is one on the probability at any step.
    """
    return min(most, p.rate_max * p.dt * FEW)


@kernel
def ask(
    behaviour, c0, c1, base, company_start, company_even, company_battalion, battalion_place, battalion_routed,
    battalion_dissolved, safety, deterrence, goes_on_leave, chance_killed, legitimacy, agent_status, u_decide, pressure, peers, harmed, asked,
    listed, company_asked,
):
    """Mark of whom something may come in this step, of companies c0 to c1; of most, nothing can.

    The thresholds are those of `leave_companies`, except that whoever is on leave counts as if his
    home were the adversary's, which only asks a few too many.

    Parameters
    ----------
    u_decide, pressure, peers : (>= n,) float64
        Uniforms of the decision, U, and its terms of squad and company.
    goes_on_leave : (n_company,) float64
        Chance of going on leave in this step.
    asked : (>= n,) uint8, 0 between companies; listed : (>= n + BLOCK,) int64; company_asked : (n_company,) int64
        *Overwritten*: of whom something may come; they in order; how many of each company.

    Returns
    -------
    int
        How many serve.
    """
    p = behaviour[0]
    most = highest_probability(p)
    least, sharpness, pull = least_most(p, most), p.sharpness, p.leave_pull
    hardly = min(least, p.rate_max * p.dt * HARDLY)
    back, returning = p.back_from_leave, p.return_rate * p.dt
    serving = 0
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        battalion = company_battalion[company]
        routed = battalion_routed[battalion] != 0
        trained = 0.0 if battalion_dissolved[battalion] != 0 else p.retrained
        risk, punished, goes = safety[company], deterrence[company], goes_on_leave[company]
        killed_here = chance_killed[battalion_place[battalion]]
        for i in range(first, last):
            k = i - base
            now, u = agent_status[i], u_decide[k]
            on_duty = now == status.DUTY
            apart = pull - peers[k] - risk + max(0.0, punished * legitimacy[i])
            force = pressure[k] + (0.0 if on_duty else apart)
            killed = killed_here if on_duty else 0.0
            above = killed + most
            sharp = force * sharpness
            top = killed + (hardly if sharp <= HOPELESS else least if sharp <= UNLIKELY else most)
            turns = (u >= above) & (u < above + (goes if on_duty else back))
            serves = now <= status.LEAVE
            serving += serves
            leaves = serves & ((u < top) | turns | (harmed[k] != 0) | (on_duty & routed))
            away = (now == status.HIDING) | (now == status.DISPLACED)
            asked[k] = leaves | (away & (u < returning)) | ((now == status.BACK) & (u < trained))
    n = list_all(asked[: index(company_start[c1]) - index(base)], listed, base)
    count_by_company(c0, c1, company_start, listed, n, company_asked)
    return serving


@rule
def count_by_company(c0, c1, company_start, listed, n, company_asked):
    """Count those listed, by company."""
    m = index(0)
    for company in range(c0, c1):
        stop, before = index(company_start[company + 1]), m
        while m < n and index(listed[m]) < stop:
            m += index(1)
        company_asked[company] = m - before


@kernel
def ask_few(
    behaviour, step, key0, key1, c0, c1, base, company_start, company_stop, company_battalion, battalion_place,
    battalion_routed, goes_on_leave, chance_killed, agent_status, pressure, harmed,
    asked, listed, partners, company_asked, u_decide, u0, u1, u2, u3,
):
    """List those whom any uniform could move, and draw for them alone; not where they are many.

    Parameters
    ----------
    u_decide : (>= n,) float64
        *Overwritten* at those listed: uniforms of the decision.
    u0, u1, u2, u3 : (>= n,) float64; partners : (>= n,) int64
        *Overwritten*.
    asked, listed, company_asked
        *Overwritten*: as by `ask`, whose list is part of this one.

    Returns
    -------
    int
        How many serve; -1 where too many are listed for this to be worth it, and nothing was drawn.
    """
    p = behaviour[0]
    hopeless = p.rate_max * p.dt * HARDLY < LEAST_UNIFORM
    sharpness, returning = p.sharpness, p.return_rate > 0.0
    start = index(base)
    serving, size = 0, index(company_start[c1]) - start
    for company in range(c0, c1):
        battalion = company_battalion[company]
        post = battalion_place[battalion]
        anybody = goes_on_leave[company] > 0.0 or not hopeless or battalion_routed[battalion] != 0 or chance_killed[post] > 0.0
        first, last = index(company_start[company]), index(company_stop[company])
        for i in range(first, last):
            asked[i - start] = anybody | (pressure[i - start] * sharpness > HOPELESS)
        for i in range(first, last):
            k = i - start
            now = agent_status[i]
            leaves = (now == status.DUTY) & (asked[k] != 0)
            away = (now == status.HIDING) | (now == status.DISPLACED)
            asked[k] = leaves | (now == status.LEAVE) | (now == status.BACK) | (away & returning) | (harmed[k] != 0)
    for i in range(start, start + size):
        serving += agent_status[i] <= status.LEAVE
    n = list_all(asked[:size], listed, base)
    if n * FEW_OF > size:
        return -1
    count_by_company(c0, c1, company_start, listed, n, company_asked)
    for m in range(index(n)):
        partners[m] = 0
    fill_listed(u0, u1, u2, u3, listed, partners, n, key0, key1, step, DECIDE)
    for m in range(index(n)):
        u_decide[index(listed[m]) - start] = u0[m]
    return serving
