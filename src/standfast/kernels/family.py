r"""E7: threat to the family, and moving it. M09 M10.

:math:`V_i=A_iY_i\,\kappa(\text{control of the home}, Z_i)`: credibility times perceived exposure
times perceived reach, which is felt even far behind the front; a family moved away feels little
of it, one abroad none. With means, it is moved at rate :math:`\lambda_Z b_i V_i`.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import index, kernel, rule
from standfast.kernels.draws import SHOCK, fill_listed
from standfast.kernels.marks import list_all
from standfast.kernels.mathematics import chance

LEAST_THREAT = 0.02  # under it nobody thinks of moving the family
DUTY_MOVES = 0.2  # how readily somebody on duty can move the family, against somebody on leave
MOVING = 15  # partner of SHOCK for the draws about moving a family


@rule
def threat(credibility, perceived, reach_home, family, reach_moved):
    """Return the threat V in [0, 1]; `reach_home` is the reach under the home's control."""
    reach = reach_home if family == status.FAMILY_HOME else min(reach_home, reach_moved)
    return credibility * perceived * (0.0 if family == status.FAMILY_ABROAD else reach)


@rule
def threat_matters(p):
    """Tell whether V moves anybody: to leave, to move the family, or not to come back."""
    return p.weight_family != 0.0 or p.cross_pressure != 0.0 or p.moving_rate != 0.0 or p.return_rate != 0.0


@kernel
def move_families(
    behaviour, step, key0, key1, c0, c1, base, company_start, company_even, home, means, control,
    agent_status, threatened, u0, u1, u2, u3, asked, listed, partners, family, harmed,
):
    """Let those with means who fear for their families move them to safety (E7, M10).

    Draws are made for them alone, together, so that they become vector instructions.

    Parameters
    ----------
    u0, u1, u2, u3 : (>= n,) float64; asked : (>= n,) uint8, 0 between companies; listed, partners : (>= n + BLOCK,) int64
        *Overwritten*: draws, and for whom.
    family : (n_agent,) uint8
        *Overwritten* for those moved.
    harmed : (>= n,) uint8
        *Overwritten* for those whose house, left behind, is taken.

    Returns
    -------
    int
        How many draws were made.
    """
    p = behaviour[0]
    if p.moving_rate == 0.0:
        return 0
    for company in range(c0, c1):
        first, last = index(company_start[company]), index(company_even[company])
        for i in range(first, last):
            at_home = (means[i] != 0) & (family[i] == status.FAMILY_HOME)
            thinks = (agent_status[i] <= status.LEAVE) & at_home & (threatened[i - base] > LEAST_THREAT)
            asked[i - base] = thinks
    n = list_all(asked[: index(company_start[c1]) - index(base)], listed, base)
    for m in range(n):
        partners[m] = MOVING
    fill_listed(u0, u1, u2, u3, listed, partners, n, key0, key1, step, SHOCK)
    for m in range(n):
        i = index(listed[m])
        ready = p.moving_on_leave if agent_status[i] == status.LEAVE else DUTY_MOVES
        most = p.moving_rate * ready * threatened[i - base] * p.dt
        # 1 - exp(-x) <= x: most need no exponential
        if u0[m] >= most or u0[m] >= chance(most):
            continue
        family[i] = status.FAMILY_MOVED
        if control[home[i]] != status.GOVERNMENT and u1[m] < p.house_taken:
            harmed[i - base] = 1
    return n
