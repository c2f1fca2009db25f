r"""E21: volunteers come forward after the shock. M39 (returns, E22 and M32, are in the agent pass).

Called volunteers arrive at a constant rate, :math:`\dot v=\lambda_v(v_{called}-v)`, and lift the
belief of those on duty beside them in proportion to their numbers.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import kernel
from standfast.kernels.mathematics import chance


@kernel
def volunteers_arrive(
    behaviour, control, volunteers_called, place_duty, volunteers, company_battalion, battalion_place,
    company_belief_shift, place_gain,
):
    """Let volunteers arrive at every place that is still held.

    Parameters
    ----------
    volunteers : (n_place,) float64
        *Overwritten* [people].
    place_gain : (n_place,) float64
        *Overwritten*: gain in belief [log-odds] of those on duty there in this step.

    Returns
    -------
    int
        How many places gained volunteers.
    """
    p = behaviour[0]
    arrive = chance(p.volunteer_rate * p.dt)
    gaining = 0
    for q in range(control.size):
        place_gain[q] = 0.0
        missing = volunteers_called[q] - volunteers[q]
        if control[q] == status.ADVERSARY or missing <= 0.0 or p.volunteer_skill <= 0.0:
            continue
        new = arrive * missing
        volunteers[q] += new
        place_gain[q] = p.belief_of_volunteers * min(1.0, new / max(1.0, float(place_duty[q])))
        gaining += 1
    if gaining > 0:
        for c in range(company_battalion.size):
            company_belief_shift[c] += place_gain[battalion_place[company_battalion[c]]]
    return gaining
