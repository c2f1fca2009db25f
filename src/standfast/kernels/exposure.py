r"""E1, E2, E5, E6: infiltration, exposure, threats and how far they are believed. M07 M08 M09 M11 M01.

Informers grow logistically towards the support they find: :math:`\dot I=gI(s-I)`. Exposure X comes
at rate :math:`\lambda_mI_{post}+\lambda_nI_{home}[\text{lives where he serves}]` and by leaks of
records. Credibility follows Rescorla and Wagner: verified harm to a contact
:math:`A\leftarrow A+\alpha_A(1-A)`, an empty ultimatum :math:`A\leftarrow(1-\alpha_x)A`.
Perceived exposure Y grows by messages with one's name, by harm to contacts and by hearsay, never
by exposure itself ('agents everywhere').
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import kernel, rule
from standfast.kernels.draws import PLACE, block
from standfast.kernels.mathematics import chance


@rule
def gain(value, share, times):
    """Return a value in [0, 1] after `times` gains of a share of what is missing."""
    for _ in range(times):
        value = value + (1.0 - value) * share
    return value


@rule
def append(log_lines, n_log, hour, kind, place, battalion, value):
    """Add a line to the log; when it is full, only the count goes on."""
    n = n_log[0]
    if n < log_lines.size:
        log_lines[n].hour = hour
        log_lines[n].kind = kind
        log_lines[n].place = place
        log_lines[n].battalion = battalion
        log_lines[n].value = value
    n_log[0] = n + 1


@kernel
def advance_campaign(
    behaviour, step, key0, key1, hour, control, fighters, support, threatened, guard,
    infiltration, campaign, chance_message, chance_targeted, chance_mole, chance_neighbour,
    chance_harm, hearsay, leak, ultimatum, next_ultimatum, log_lines, n_log,
):
    """Advance the campaign of every place and the chances that follow from it.

    Parameters
    ----------
    threatened : (n_place,) float64
        Share of the campaign's lead time that has run before an attack that is under way [1].
    guard : (n_place,) float64
        Share of exposure that protected records prevent [1].
    infiltration, campaign : (n_place,) float64
        *Overwritten*: reach of informers [1]; campaign level (1 rear, 10 contested) [1].
    chance_message, chance_targeted, chance_mole, chance_neighbour, chance_harm, hearsay, leak :
        (n_place,) float64. *Overwritten*: probabilities of this step.
    ultimatum : (n_place,) int8
        *Overwritten*: 0 none, 1 carried out, 2 empty, in this step.

    Returns
    -------
    int
        How many places saw a leak.
    """
    p = behaviour[0]
    leaks = 0
    for place in range(control.size):
        reach = infiltration[place]
        infiltration[place] = min(
            1.0, max(0.0, reach + p.infiltration_growth * p.dt * reach * (support[place] - reach))
        )
        active = control[place] != status.GOVERNMENT or fighters[place] > 0.0 or reach > 0.0
        level = p.campaign_rear * min(1.0, reach * 10.0)
        if control[place] != status.GOVERNMENT:
            level = p.campaign_contested
        elif threatened[place] > 0.0:
            level += (p.campaign_contested - level) * threatened[place]
        campaign[place] = level if active else 0.0
        level = campaign[place]
        u0, u1, u2, _ = block(key0, key1, place, step, PLACE)
        guarded = 1.0 - guard[place]
        chance_message[place] = chance(p.broadcast_rate * level * p.dt)
        chance_targeted[place] = chance(p.targeted_rate * level * p.dt)
        chance_mole[place] = chance(p.mole_rate * reach * guarded * p.dt)
        chance_neighbour[place] = chance(p.neighbour_rate * reach * guarded * p.dt)
        chance_harm[place] = chance(p.harm_rate * 0.1 * level * p.dt) if level > p.campaign_rear else 0.0
        hearsay[place] = p.perceived_step * min(1.0, 0.1 * level)
        if u0 < chance(p.breach_rate * reach * p.dt):
            leak[place] = max(leak[place], p.breach_share * guarded)
            append(log_lines, n_log, hour, status.LOG_BREACH, place, -1, leak[place])
            leaks += 1
        ultimatum[place] = 0
        if control[place] != status.GOVERNMENT and p.ultimatum_gain > 0.0:
            next_ultimatum[place] -= p.dt
            if next_ultimatum[place] <= 0.0:
                next_ultimatum[place] = p.ultimatum_period
                ultimatum[place] = 1 if u1 < p.ultimatum_kept else 2
                append(log_lines, n_log, hour, status.LOG_ULTIMATUM, place, -1, 2.0 - ultimatum[place])
    return leaks
