"""Roll-ups: sums over companies for places and battalions, in a fixed order. No mechanism."""

from __future__ import annotations

from standfast.kernels._jit import kernel


@kernel
def tally(
    behaviour, company_battalion, company_start, company_duty, company_left, company_sums,
    battalion_place, place_gone, place_duty, place_sums, battalion_duty, battalion_sums, start_here,
):
    """Sum the companies by place and battalion.

    Parameters
    ----------
    company_sums : (n_company, 5) float64
        Sums over those on duty of effort, trust, fear, belief and wavering.
    place_duty : (n_place,) int64
        *Overwritten*: people on duty there.
    place_sums : (n_place, 5), battalion_sums : (n_battalion, 5) float64
        *Overwritten*.
    place_gone : (n_place,) float64
        *Overwritten*: memory of departures as a share of the garrison.

    Returns
    -------
    int
        People on duty everywhere.
    """
    fade = behaviour[0].fade_memory
    place_duty[:] = 0
    place_sums[:] = 0.0
    battalion_duty[:] = 0
    battalion_sums[:] = 0.0
    for place in range(place_gone.size):
        place_gone[place] *= fade
    total = 0
    for company in range(company_battalion.size):
        battalion = company_battalion[company]
        place = battalion_place[battalion]
        n = company_duty[company]
        total += n
        place_duty[place] += n
        battalion_duty[battalion] += n
        size = company_start[company + 1] - company_start[company]
        place_gone[place] += company_left[company] * size / max(1.0, start_here[place])
        for k in range(5):
            place_sums[place, k] += company_sums[company, k]
            battalion_sums[battalion, k] += company_sums[company, k]
    return total
