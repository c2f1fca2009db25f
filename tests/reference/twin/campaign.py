"""The campaign of intimidation at every place (E1, E5, E6)."""

from __future__ import annotations

from twin import draws
from twin.numbers import chance, within
from twin.words import GOVERNMENT


def advance_campaign(world):
    """Let informers grow, and set the chances of messages, exposure, harm and leaks."""
    p = world.p
    for place in world.places:
        reach = place.infiltration
        growth = p.infiltration_growth * reach * (place.known.support - reach)
        place.infiltration = within(reach + growth * p.dt, 0.0, 1.0)
        level = place.campaign = campaign_level(p, place, reach)
        u_leak, u_kept, _, _ = world.draw(place.number, draws.PLACE)
        unguarded = 1 - place.guard
        place.chance_message = chance(p.broadcast_rate * level * p.dt)
        place.chance_targeted = chance(p.targeted_rate * level * p.dt)
        place.chance_mole = chance(p.mole_rate * reach * unguarded * p.dt)
        place.chance_neighbour = chance(p.neighbour_rate * reach * unguarded * p.dt)
        pressed = level > p.campaign_rear
        place.chance_harm = chance(p.harm_rate * level / 10 * p.dt) if pressed else 0.0
        place.hearsay = chance(p.perceived_rate * p.dt) * min(1.0, level / 10)
        if u_leak < chance(p.breach_rate * reach * p.dt):
            place.leak = max(place.leak, p.breach_share * unguarded)
            world.write("breach", place, place.leak)
        issue_ultimatum(world, place, u_kept)


def campaign_level(p, place, reach):
    """Return B: low in the rear, high where contested, rising before an attack."""
    if place.control != GOVERNMENT:
        return p.campaign_contested
    level = p.campaign_rear * min(1.0, 10 * reach)
    if place.threatened > 0:
        level += (p.campaign_contested - level) * place.threatened
    return level if place.fighters > 0 or reach > 0 else 0.0


def issue_ultimatum(world, place, u):
    """Let a deadline pass, kept or empty, where the government does not rule alone (M11)."""
    p = world.p
    place.ultimatum = None
    if place.control == GOVERNMENT or p.ultimatum_gain <= 0:
        return
    place.next_ultimatum -= p.dt
    if place.next_ultimatum <= 0:
        place.next_ultimatum = p.ultimatum_period
        place.ultimatum = "kept" if u < p.ultimatum_kept else "empty"
        world.write("ultimatum", place, 1.0 if place.ultimatum == "kept" else 0.0)
