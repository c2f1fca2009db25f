"""The campaign of intimidation, place by place, and what people learn of it, cell by cell (E1, E2, E5, E6)."""

from __future__ import annotations

from standfast.kernels._jit import inlined, kernel
from standfast.meanfield.loops.codes import (
    DUTY,
    GOVERNMENT,
    LEAVE,
    happens,
    mean_fear,
    share,
    share_on_leave,
)


@kernel
def press_places(
    numbers, control, support, fighters, threatened, guard,
    infiltration, next_ultimatum, leak,
    level, message, targeted, harm, mole, neighbour, hearsay, ultimatum,
):
    """Let informers grow, and set the chances of messages, exposure and harm at every place.

    Parameters
    ----------
    infiltration, next_ultimatum, leak : (n_place,) float64
        *Changed*.
    level, message, targeted, harm, mole, neighbour, hearsay : (n_place,) float64
        *Overwritten*: chances of the step.
    ultimatum : (n_place,) bool
        *Overwritten*: where one runs out.
    """
    p = numbers[0]
    for k in range(control.size):
        reach, governed = infiltration[k], control[k] == GOVERNMENT
        infiltration[k] = share(reach + p.infiltration_growth * p.dt * reach * (support[k] - reach))
        level[k] = p.campaign_contested
        if governed:
            rear = p.campaign_rear * min(1.0, 10.0 * reach)
            level[k] = rear + (p.campaign_contested - rear) * threatened[k]
            if fighters[k] <= 0.0 and reach <= 0.0:
                level[k] = 0.0
        exposure = level[k] * p.dt
        message[k] = happens(p.broadcast_rate * exposure)
        targeted[k] = happens(p.targeted_rate * exposure)
        harm[k] = happens(p.harm_rate / 10.0 * exposure) if level[k] > p.campaign_rear else 0.0
        unguarded = reach * (1.0 - guard[k])
        mole[k] = happens(p.mole_rate * p.dt * unguarded)
        neighbour[k] = happens(p.neighbour_rate * p.dt * unguarded)
        hearsay[k] = happens(p.perceived_rate * p.dt) * min(1.0, level[k] / 10.0)
        # leaks are rare and random; here everybody gets the mean share of one
        expected = happens(p.breach_rate * p.dt * reach) * p.breach_share * (1.0 - guard[k])
        leak[k] = max(leak[k], expected)
        pressed = not governed and p.ultimatum_gain > 0.0
        if pressed:
            next_ultimatum[k] -= p.dt
        ultimatum[k] = pressed and next_ultimatum[k] <= 0.0
        if ultimatum[k]:
            next_ultimatum[k] = p.ultimatum_period


@inlined
def raise_towards_one(i, part, value, noise):
    """Let something gain a part of what is missing to 1, and its variance fall."""
    kept = 1.0 - part
    value[i] = value[i] * kept + part
    noise[i] *= kept * kept


@inlined
def raise_credibility(i, part, credibility, credibility_noise, alike):
    """Let credibility A gain a part of what is missing to 1."""
    raise_towards_one(i, part, credibility, credibility_noise)
    for status in range(2):
        for group in range(2):
            alike[status, group, i] *= 1.0 - part


@inlined
def frighten(i, on_duty, on_leave, size, openness, fear, noise, base, alike):
    r"""Let a shock of fear strike some of a cell: F <- F + (1 - F) size with a probability.

    With G = 1 - F, E[G^2] goes with 1 - p (2 s - s^2), so the variance between people is exact.

    Parameters
    ----------
    on_duty, on_leave
        Probability by status.
    """
    for status in range(2):
        hit = size * (on_duty if status == DUTY else on_leave)
        for group in range(2):
            calm = 1.0 - mean_fear(openness, fear, status, group, i)
            # 1 - p (2 s - s^2), and what it is above (1 - p s)^2
            noise[status, group, i] = (
                (1.0 - hit * (2.0 - size)) * noise[status, group, i]
                + hit * (size - hit) * calm * calm
            )
            for node in range(openness.size):
                calm = 1.0 - fear[status, group, node, i]
                fear[status, group, node, i] = 1.0 - calm * (1.0 - hit)
            alike[status, group, i] *= 1.0 - hit
    for group in range(2):
        base[group, i] *= 1.0 - size * on_duty


@inlined
def frighten_believers(
    i, on_duty, on_leave, weight, credulous, credibility, credibility_noise,
    openness, fear, noise, base, alike,
):
    """Let a message strike some with a shock of weight x (credulous + A): believers fear more.

    Beside the mean shock, what matters is that fear and credibility come to vary together.
    """
    if on_duty <= 0.0 and on_leave <= 0.0:
        return
    size = weight * (credulous + credibility[i])
    frighten(i, on_duty, on_leave, size, openness, fear, noise, base, alike)
    for status in range(2):
        hit = weight * (on_duty if status == DUTY else on_leave)
        for group in range(2):
            together = hit * alike[status, group, i]
            calm = 1.0 - mean_fear(openness, fear, status, group, i)
            for node in range(openness.size):
                fear[status, group, node, i] -= together
            noise[status, group, i] += 2.0 * calm * together
            alike[status, group, i] += hit * calm * credibility_noise[i]


@kernel
def learn(
    numbers, home, post, contacts, count, friends_gone, harm_near, openness,
    level_message, level_targeted, harm, mole, neighbour, leak, ultimatum,
    fear, noise, base, alike, belief, credibility, credibility_noise, perceived, perceived_noise,
    exposed, harmed,
):
    """Let those who serve learn of messages, exposure, harm, ultimatums and friends who left.

    Parameters
    ----------
    fear, noise, base, alike, belief, credibility, ..., exposed : (..., n_cell) float64
        *Changed*.
    harmed : (n_cell,) float64
        *Overwritten*.
    """
    p = numbers[0]
    for i in range(home.size):
        h, k = home[i], post[i]
        # messages reach people where they are: on duty at the post, on leave at home
        named_home = level_targeted[h] * exposed[i]
        named_post = max(level_targeted[k], level_targeted[h]) * exposed[i]
        all_post = min(level_message[k], 1.0 - named_post)
        all_home = min(level_message[h], 1.0 - named_home)
        frighten_believers(
            i, named_post, named_home, p.shock_targeted, 0.0, credibility, credibility_noise,
            openness, fear, noise, base, alike,
        )
        frighten_believers(
            i, all_post, all_home, p.shock_message, 0.5, credibility, credibility_noise,
            openness, fear, noise, base, alike,
        )
        on_leave = share_on_leave(count, i)
        serve = count[DUTY, 0, i] + count[DUTY, 1, i] + count[LEAVE, 0, i] + count[LEAVE, 1, i] > 0.0
        named = (1.0 - on_leave) * named_post + on_leave * named_home if serve else 0.0
        raise_towards_one(i, p.perceived_by_message * named, perceived, perceived_noise)

        harmed[i] = exposed[i] * harm[h]
        unseen = (1.0 - mole[k]) * (1.0 - leak[k]) * (1.0 - leak[h])
        if h == k:
            unseen *= 1.0 - neighbour[h]
        exposed[i] = 1.0 - (1.0 - exposed[i]) * unseen

        near = harm_near[i]
        if near > 0.0:
            # the number of contacts harmed is Poisson
            gain = happens(p.credibility_gain * near)
            raise_credibility(i, gain, credibility, credibility_noise, alike)
            gain = min(1.0, p.perceived_by_harm * near / max(1.0, 0.25 * contacts[i]))
            raise_towards_one(i, gain, perceived, perceived_noise)
            struck = happens(near)
            frighten(i, struck, struck, p.shock_harm, openness, fear, noise, base, alike)

        if ultimatum[h] or ultimatum[k]:
            told = 1.0 if ultimatum[h] else 1.0 - on_leave
            gain = told * p.ultimatum_kept * p.ultimatum_gain
            raise_credibility(i, gain, credibility, credibility_noise, alike)
            kept = 1.0 - told * (1.0 - p.ultimatum_kept) * p.credibility_loss
            credibility[i] *= kept
            credibility_noise[i] *= kept * kept
            for status in range(2):
                for group in range(2):
                    alike[status, group, i] *= kept

        for group in range(2):
            belief[group, i] -= p.belief_of_friend * friends_gone[i] / max(4.0, contacts[i])
