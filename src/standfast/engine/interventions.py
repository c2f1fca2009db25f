"""Interventions of the defender: when each begins and ends, and what it changes (E25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.compile import hour_of
from standfast.engine.events import move_out
from standfast.kernels import status
from standfast.kernels.draws import EVENT, fill_uniform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from standfast.engine.compile import Plan
    from standfast.engine.events import Scene
    from standfast.scenario.interventions import Intervention

    Mask = NDArray[np.bool_]


def spans(plan: Plan) -> list[tuple[float, float, int]]:
    """Return (start, end, index) of every intervention, in hours since the start."""
    result = []
    for index, measure in enumerate(plan.scenario.interventions):
        start = hour_of(plan.scenario, measure.start)
        end = np.inf if measure.duration is None else start + measure.duration
        result.append((start, end, index))
    return result


def begin(scene: Scene, measure: Intervention) -> None:
    """Put an intervention into effect; of size 0 it changes nothing but its line of the log."""
    where = _mask(scene, measure)
    if measure.size > 0.0:
        BEGIN[measure.kind](scene, measure, where)
    for q in np.flatnonzero(where).tolist() if measure.places else [-1]:
        scene.log(status.LOG_INTERVENTION, q, measure.size)


def end(scene: Scene, measure: Intervention) -> None:
    """Take back an intervention whose duration is over, where it is a standing arrangement."""
    if measure.kind in STANDING:
        arrange(scene, measure.kind)
    elif measure.kind in LAWS:
        BEGIN[measure.kind](scene, measure, _mask(scene, measure))


def in_force(scene: Scene, kind: str) -> Iterator[tuple[Intervention, Mask]]:
    """Yield the interventions of a kind that are in force in this step, and where."""
    scenario = scene.plan.scenario
    now = scene.hour + scenario.time.step
    for first, last, index in spans(scene.plan):
        measure = scenario.interventions[index]
        if measure.kind == kind and first < now <= last and measure.size > 0.0:
            yield measure, _mask(scene, measure)


def arrange(scene: Scene, kind: str) -> None:
    """Set a standing arrangement at every place to the strongest of its kind in force there."""
    a = scene.arrays
    name, parameter = STANDING[kind]
    a[name][:] = 0.0 if parameter is None else a["behaviour"][parameter][0]
    if kind == "answer_calls":
        a["call_delay"][:] = a["behaviour"]["dispatch_delay"][0]
    for measure, where in in_force(scene, kind):
        a[name][where] = np.maximum(a[name][where], measure.size)
        if measure.delay is not None:
            a["call_delay"][where] = measure.delay


def _mask(scene: Scene, measure: Intervention) -> Mask:
    if not measure.places:
        return np.ones(scene.plan.n_place, dtype=bool)
    mask = np.zeros(scene.plan.n_place, dtype=bool)
    mask[[scene.place(slug) for slug in measure.places]] = True
    return mask


def _forces(scene: Scene, measure: Intervention) -> Mask:
    """Return which forces an intervention is for."""
    known = scene.plan.scenario.forces
    return np.array([not measure.forces or slug in measure.forces for slug in known], dtype=bool)


def _companies(scene: Scene, where: Mask, measure: Intervention) -> Mask:
    a = scene.arrays
    here: Mask = where[a["battalion_place"][a["company_battalion"]]]
    return here & _forces(scene, measure)[scene.plan.people.company_force]


def _agents(scene: Scene, where: Mask, measure: Intervention) -> Mask:
    people = scene.plan.people
    here: Mask = _companies(scene, where, measure)[people.squad_company[people.squad]]
    return here


def _draws(scene: Scene, index: int) -> NDArray[np.float64]:
    u = np.empty(scene.plan.n_agent)
    fill_uniform(u, *scene.key, scene.step, EVENT + 256 * (index + 1))
    return u


def answer_calls(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Answer calls with chance `size`; make `battalions` more of the largest rear force available."""
    if not scene.is_on("M13"):
        return
    arrange(scene, "answer_calls")
    free_reserves(scene, measure.battalions, where)


def free_reserves(scene: Scene, battalions: int, away: Mask) -> list[int]:
    """Mark battalions of quiet places as reserves, strongest garrisons first; return them."""
    a = scene.arrays
    quiet = (a["control"] == status.GOVERNMENT) & (a["contact"] == 0) & ~away
    if away.all():
        quiet = (a["control"] == status.GOVERNMENT) & (a["contact"] == 0)
    place = a["battalion_place"]
    size = np.bincount(place, minlength=scene.plan.n_place)
    able = quiet[place] & (a["battalion_dissolved"] == 0) & (a["battalion_reserve"] == 0)
    able &= scene.plan.people.branch[scene.plan.people.battalion_start[:-1]] == 0
    order = np.lexsort((np.arange(place.size), -size[place]))
    chosen = [int(b) for b in order if able[b]][:battalions]
    a["battalion_reserve"][chosen] = 1
    return chosen


def keep_leaders(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Keep a share of commanders with their troops."""
    del where
    arrange(scene, measure.kind)


def verified_channel(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Open a verified channel of information."""
    del where
    arrange(scene, measure.kind)


def move_families(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Move or house a share of the families who live at the places."""
    a, people = scene.arrays, scene.plan.people
    if not scene.is_on("M10"):
        return
    u = _draws(scene, 1)
    chosen = where[people.home] & _forces(scene, measure)[people.force]
    moved = chosen & (a["family"] == status.FAMILY_HOME) & (u < measure.size)
    a["family"][moved] = status.FAMILY_MOVED


def protect_records(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Prevent a share of exposure; make as many of those exposed already unknown again."""
    a = scene.arrays
    arrange(scene, measure.kind)
    safe = _agents(scene, where, measure) & (_draws(scene, 2) < measure.size)
    a["exposed"][safe] = 0
    a["perceived"][safe] *= 1.0 - measure.size


def clear_moles(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Clear out a share of the informers."""
    scene.arrays["infiltration"][where] *= 1.0 - measure.size


def end_ghosts(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Strike ghosts off the list: half the trust lost to corruption comes back in proportion.

    Headquarters, which counts names, then sees more of the strength that is there (E24).
    """
    a, people = scene.arrays, scene.plan.people
    if not scene.is_on("M16"):
        return
    whole = a["behaviour"]["trust_whole"][0]
    chosen = _agents(scene, where, measure)
    a["trust"][chosen] += (0.5 * measure.size * (whole - a["trust"][chosen])).astype(np.float32)
    here = _companies(scene, where, measure)
    start = a["company_trust_start"]
    start[here] += 0.5 * measure.size * (whole - start[here])
    struck_off = (people.ghost == 1) & _forces(scene, measure)[people.force]
    ghosts = np.bincount(a["origin"][struck_off], minlength=scene.plan.n_place)
    struck = measure.size * ghosts / np.maximum(a["start_here"], 1.0)
    a["paper_factor"][where] = np.maximum(1.0, a["paper_factor"] - struck)[where]


def pay_training_supply(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Raise quality: skill, commitment, and order in a withdrawal."""
    a, people = scene.arrays, scene.plan.people
    p = a["behaviour"]
    here = _companies(scene, where, measure)
    a["company_skill"][here] += p["skill_range"][0] * measure.size
    gain = p["commitment_of_quality"][0] * measure.size
    a["commitment"][_agents(scene, where, measure)] += np.float32(gain)
    if scene.is_on("M16"):
        posted = where[a["battalion_place"]] & _forces(scene, measure)[people.battalion_force]
        quality = a["battalion_quality"]
        quality[posted] = np.minimum(1.0, quality[posted] + measure.size)


def station_away(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Post a share of those who live where they serve away: their families are moved out of reach."""
    a, people = scene.arrays, scene.plan.people
    local = _agents(scene, where, measure) & (people.home == a["origin"])
    chosen = local & (_draws(scene, 3) < measure.size)
    a["exposed"][chosen] = 0
    a["family"][chosen & (a["family"] == status.FAMILY_HOME)] = status.FAMILY_MOVED


def sanction(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Raise the weight of punishment for those posted at the places."""
    del where
    deters = scene.arrays["legitimacy"]
    deters[:] = scene.plan.arrays["legitimacy"]
    for law, there in in_force(scene, measure.kind):
        deters[_agents(scene, there, law)] *= np.float32(1.0 + law.size)


def amnesty(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Raise the pull of returning to service for those whose garrison was at the places."""
    del where
    pull = scene.arrays["amnesty"]
    pull[:] = scene.plan.arrays["behaviour"]["amnesty"][0]
    for law, there in in_force(scene, measure.kind):
        pull[there] += 2.0 * law.size


def ordered_withdrawal(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Withdraw with a rear guard to `to`; without `to`, prepare to do so if the place is lost."""
    a = scene.arrays
    arrange(scene, measure.kind)
    if measure.to is None or not scene.is_on("M17"):
        return
    target = scene.place(measure.to)
    for b in np.flatnonzero(where[a["battalion_place"]]).tolist():
        move_out(scene, b, int(a["battalion_place"][b]), target)


def mobilise_volunteers(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Call volunteers, as a share of the garrison."""
    if scene.is_on("M39"):
        a = scene.arrays
        a["volunteers_called"][where] += measure.size * a["start_here"][where]


def leave_policy(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Cancel a share of leave."""
    del where
    arrange(scene, measure.kind)


def reserves_ahead(scene: Scene, measure: Intervention, where: Mask) -> None:
    """Send a share of the reserve battalions ahead to `to`, with `battalions` more made available."""
    a = scene.arrays
    if measure.to is None or not scene.is_on("M13"):
        return
    target = scene.place(measure.to)
    away = where.copy() if measure.places else np.zeros_like(where)
    away[target] = True
    free_reserves(scene, measure.battalions, away)
    elsewhere = (a["battalion_reserve"] == 1) & (a["battalion_place"] != target)
    ready = np.flatnonzero(elsewhere & (a["battalion_eta"] < 0) & (a["battalion_dissolved"] == 0))
    for b in ready[: round(measure.size * ready.size)].tolist():
        a["battalion_eta"][b] = scene.hour + a["travel_hours"][a["battalion_place"][b], target]
        a["battalion_target"][b] = target


BEGIN: dict[str, Callable[[Any, Any, Any], None]] = {
    function.__name__: function
    for function in (
        answer_calls,
        keep_leaders,
        verified_channel,
        move_families,
        protect_records,
        clear_moles,
        end_ghosts,
        pay_training_supply,
        station_away,
        sanction,
        amnesty,
        ordered_withdrawal,
        mobilise_volunteers,
        leave_policy,
        reserves_ahead,
    )
}

#: standing arrangements, which end with their duration: array, and the parameter it returns to
STANDING: dict[str, tuple[str, str | None]] = {
    "answer_calls": ("answer", "answer_probability"),
    "keep_leaders": ("leaders_kept", None),
    "verified_channel": ("verified", None),
    "protect_records": ("guard", None),
    "ordered_withdrawal": ("evacuation_gain", None),
    "leave_policy": ("leave_cancelled", None),
}

#: what is worked out anew from all laws in force, whenever one begins or ends
LAWS = ("sanction", "amnesty")
