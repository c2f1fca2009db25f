"""Hypothesis strategies: random small scenarios that hold together, with every kind of event.

They need the package hypothesis, which standfast itself does not. The scenarios are heated up: with
the few people and hours that a test can afford, rare things must happen often.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from standfast.geography.distance import haversine
from standfast.scenario.forces import BRANCHES
from standfast.scenario.interventions import SIZE_MEANS
from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.model import Behaviour, Scenario
from standfast.scenario.quantities import Quantity, format_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    Document = dict[str, Any]

_SLUGS = ("aleph", "beth", "gimel", "daleth")
_STEPS = (1.0, 1.0, 1.0, 1.0, 0.25, 0.5, 2.0, 6.0, 24.0)
_SHARES = st.sampled_from([0.0, 0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0])
#: factors on the default of a parameter
_FACTORS = (0.0, 0.1, 0.5, 2.0, 5.0, 20.0, 100.0)
#: what makes much happen to few people in a short time
_HOT: dict[str, float] = {
    "break_time": 10.0,
    "defect_base": -1.0,
    "abroad_base": -2.0,
    "campaign_lead": 24.0,
    "targeted_rate": 0.1,
    "broadcast_rate": 0.05,
    "perceived_rate": 0.05,
    "mole_rate": 0.05,
    "harm_rate": 0.1,
    "harm_killed_share": 0.4,
    "breach_rate": 0.01,
    "ultimatum_period": 5.0,
    "moving_rate": 0.2,
    "answer_probability": 0.8,
    "call_rate": 0.5,
    "call_patience": 5.0,
    "dispatch_delay": 1.0,
    "flight_rate": 0.3,
    "defender_loss_rate": 0.01,
    "attacker_loss_rate": 0.005,
    "leave_length": 24.0,
    "return_rate": 0.1,
    "strike_least": 3.0,
    "regroup": 1.0,
    "halt_time": 6.0,
    "loot_half": 50.0,
    "allies_rate": 0.1,
    "refugees_rate": 0.1,
    "volunteer_rate": 0.1,
    "public_contact_rate": 0.3,
    "kin_contact_rate": 0.3,
    "correction_rate": 0.1,
    "suspicion_of_moles": 0.1,
    "flight_risk": 0.3,
    "flight_capture": 0.3,
    "fall_captured": 0.2,
    "fire_rate": 0.5,
    "shock_combat": 0.2,
    "infiltration_growth": 0.05,
    "memory": 12.0,
    "news_seed_share": 0.3,
    "lanchester_exponent": 0.6,
    "halt_far": 100.0,
    "peer_phone": 1.0,
    "peer_kin": 1.0,
    "forget_rate": 0.05,
    "contact_growth": 0.5,
    "retraining": 20.0,
}


def scenarios(max_people: int = 60, max_steps: int = 60) -> SearchStrategy[Scenario]:
    """Return a strategy of small scenarios.

    Parameters
    ----------
    max_people
        Most names on paper.
    max_steps
        Most steps of a run; at least 4.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(scenarios(), lambda x: len(x.places) == 2).time.step
    1.0
    """
    return documents(max_people, max_steps).map(
        lambda document: Scenario.model_validate(document, strict=False)
    )


@st.composite
def documents(draw: DrawFn, max_people: int = 60, max_steps: int = 60) -> Document:
    """Return a scenario as a file would hold it."""
    step = draw(st.sampled_from(_STEPS))
    whole = max(1, round(1 / step))
    lengths = [n for n in (4, 12, 24, 36, 48, 60) if n <= max_steps]
    n_step = max(1, draw(st.sampled_from(lengths)) // whole) * whole
    n_step = max(n_step, math.ceil(1 / step))
    horizon = n_step * step
    places = draw(_places())
    posts = _posts(places)
    names = list(places)
    forces = draw(_forces(posts, names, max_people))
    return {
        "standfast": 1,
        "scenario": "random",
        "title": "Drawn at random",
        "time": {
            "start": draw(st.sampled_from(["2030-03-01T00:00", "2030-03-01T17:30"])),
            "horizon": f"{horizon:g} h",
            "step": f"{step:g} h",
        },
        "places": places,
        "roads": draw(_roads(places)),
        "groups": {
            "hither": {"title": "Hither", "legitimacy": draw(st.sampled_from([-0.5, 0.3, 1.0]))},
            "yon": {"title": "Yon", "legitimacy": 0.8, "home_region": names[:2]},
        },
        "forces": forces,
        # companies of one: more of them than the engine advances together
        "unit_schemes": {"details": {"squad": 1, "company": 1, "battalion": 4}},
        "population": {
            "phones": draw(st.sampled_from([1.0, 0.95, 0.5])),
            "means": draw(_SHARES),
            "exposed": draw(_SHARES),
            "credibility": draw(_SHARES),
            "perceived_exposure": draw(_SHARES),
            "baseline_fear": draw(st.sampled_from([[2.0, 30.0], [2.0, 4.0]])),
        },
        "behaviour": draw(_behaviour()),
        "mechanisms": {key: {"enabled": False} for key in sorted(draw(_switched_off()))},
        "adversary": {
            "fighters": draw(st.dictionaries(st.sampled_from(posts), st.integers(0, 80))),
            "columns": draw(st.integers(0, 3)),
        },
        "events": draw(_events(places, posts, forces, horizon)),
        "interventions": draw(st.lists(_intervention(names, posts, horizon), max_size=4)),
    }


def _posts(places: Document) -> list[str]:
    """Return the places that may have a garrison."""
    return [
        slug
        for slug, place in places.items()
        if place["kind"] != "region" and place["control"] != "adversary"
    ]


@st.composite
def _places(draw: DrawFn) -> Document:
    places = {}
    for k, slug in enumerate(_SLUGS[: draw(st.sampled_from([2, 1, 3, 3, 4, 4]))]):
        controls = ["government"] * 4 + ["contested", "adversary"]
        place: Document = {
            "title": slug.title(),
            "latitude": 1.0 + 0.2 * k,
            "longitude": draw(st.sampled_from([3.0, 3.1, 3.5])),
            "kind": draw(st.sampled_from(["town", "city", "base", "region"])) if k else "town",
            "population": draw(st.sampled_from([0, 50, 2000, 60_000])),
            "control": draw(st.sampled_from(controls)) if k else "government",
            "defensibility": draw(st.sampled_from([0.3, 1.0, 2.0])),
            "value": draw(st.sampled_from([0.0, 1.0, 5.0])),
        }
        for name in ("support", "infiltration", "hostility", "encirclement"):
            place[name] = draw(_SHARES)
        if draw(st.booleans()):
            place["prison"] = {"inmates": draw(st.integers(0, 90)), "fighters": draw(_SHARES)}
        places[slug] = place
    return places


@st.composite
def _roads(draw: DrawFn, places: Document) -> list[Document]:
    """Join each place to an earlier one, mostly, and some twice round."""
    names = list(places)
    # in the order of the alphabet, so that no two join the same places the other way round
    joined = [(names[draw(st.integers(0, k - 1))], names[k]) for k in range(1, len(names))]
    pairs = {(min(pair), max(pair)) for pair in joined}
    if len(names) > 2:
        pairs ^= draw(
            st.sets(st.sampled_from([(a, b) for a in names for b in names if a < b]), max_size=2)
        )
    roads = []
    for start, end in sorted(pairs):
        ends = (places[start], places[end])
        first, second = ((place["latitude"], place["longitude"]) for place in ends)
        km = math.ceil(float(haversine(*first, *second)))
        road: Document = {"start": start, "end": end, "length": f"{km} km"}
        if draw(st.booleans()):
            road["speed"] = "10 km/h"
        roads.append(road)
    return roads


@st.composite
def _forces(draw: DrawFn, posts: list[str], names: list[str], max_people: int) -> Document:
    left = draw(st.integers(2, max_people))
    forces: Document = {}
    while left > 0 and len(forces) < 5:
        paper = draw(st.integers(1, left))
        left -= paper
        home, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        share = draw(st.sampled_from([0.25, 0.5]))
        forces[f"force-{len(forces)}"] = {
            "title": "A force",
            "branch": draw(st.sampled_from(BRANCHES)),
            "place": draw(st.sampled_from(posts)),
            "paper": paper,
            "ghosts": draw(st.sampled_from([0.0, 0.1, 0.4])) if paper > 1 else 0.0,
            "leave": draw(st.sampled_from([0.0, 0.25, 0.5, 1.0])),
            "homes": {home: 1.0} if home == other else {home: share, other: 1.0 - share},
            "groups": draw(st.sampled_from([{}, {"hither": 1.0}, {"hither": 0.5, "yon": 0.5}])),
            "quality": draw(_SHARES),
            "corruption": draw(_SHARES),
            "cohesion": draw(_SHARES),
            "reserve": draw(st.booleans()),
            "unit_scheme": draw(st.sampled_from(["army", "police", "details"])),
        }
    return forces


def _parameters() -> Iterator[tuple[str, str, str, float, float, float]]:
    """Yield family, name, dimension, least, most and default of every behavioural parameter."""
    usual = Behaviour()
    for family in type(usual).model_fields:
        part = getattr(usual, family)
        for name, field in type(part).model_fields.items():
            notes = field.metadata
            dimension = next(x.dimension for x in notes if isinstance(x, Quantity))
            least = max(x.ge for x in notes if hasattr(x, "ge"))
            most = min(x.le for x in notes if hasattr(x, "le"))
            yield family, name, dimension, least, most, float(getattr(part, name))


_PARAMETERS = tuple(_parameters())


@st.composite
def _behaviour(draw: DrawFn) -> Document:
    """Heat up most scenarios, and move some parameters far from their defaults."""
    values = dict(_HOT) if draw(st.integers(0, 4)) else {}
    values["commitment"] = draw(st.sampled_from([3.0, 5.0, 7.0, 9.0]))
    moved = draw(
        st.dictionaries(
            st.integers(0, len(_PARAMETERS) - 1), st.sampled_from(_FACTORS), max_size=25
        )
    )
    behaviour: Document = {}
    for k, (family, name, dimension, least, most, usual) in enumerate(_PARAMETERS):
        if name not in values and k not in moved:
            continue
        value = values.get(name, usual)
        if k in moved:
            value = min(max(value * moved[k], least), most)
        behaviour.setdefault(family, {})[name] = format_quantity(value, dimension)
    return behaviour


def _switched_off() -> SearchStrategy[set[str]]:
    """All mechanisms on, or some of them off, or a few of them on."""
    some = st.sets(st.sampled_from(sorted(MECHANISMS)), max_size=12)
    return st.one_of(st.just(set()), st.just(set()), some, some.map(lambda x: {*MECHANISMS} - x))


@st.composite
def _events(
    draw: DrawFn, places: Document, posts: list[str], forces: Document, horizon: float
) -> list[Document]:
    garrisons = sorted({force["place"] for force in forces.values()})
    fields = _event_fields(places, posts, list(forces))
    kinds = [kind for kind in _EVENT_KINDS if kind in fields]
    events = draw(_assault(garrisons, horizon)) if draw(st.integers(0, 2)) else []
    for k, kind in enumerate(draw(st.lists(st.sampled_from(kinds), max_size=10))):
        event: Document = {"place": draw(st.sampled_from(posts))}
        event |= draw(st.fixed_dictionaries(fields[kind]))
        if "places" in event:
            del event["place"]
        if event.pop("way", None):
            event["place"], event["to"] = draw(st.permutations(posts))[:2]
        at = draw(st.integers(0, 8)) / 10 * horizon
        event |= {"id": f"event-{k}", "kind": _KIND_OF.get(kind, kind), "at": f"{at:g} h"}
        if draw(st.integers(0, 3)) == 0:
            event |= {"spread": f"{horizon / 10:g} h", "probability": 0.8}
        if draw(st.integers(0, 5)) == 0:
            event["unless_held"] = draw(st.sampled_from(list(places)))
        events.append(event)
    return events


@st.composite
def _assault(draw: DrawFn, garrisons: list[str], horizon: float) -> list[Document]:
    """Return an early attack on a garrison, of a strength that leaves the outcome open."""
    place = draw(st.sampled_from(garrisons))
    assault = {
        "id": "assault",
        "kind": "attack",
        "at": f"{draw(st.sampled_from([0.0, 0.1, 0.3])) * horizon:g} h",
        "place": place,
        "fighters": draw(st.integers(2, 40)),
        "intensity": draw(st.sampled_from([1.0, 0.3])),
    }
    storm = {"id": "storm", "kind": "intensify", "place": place, "intensity": draw(_SHARES)}
    later = storm | {"at": f"{0.4 * horizon:g} h"}
    return [assault, later] if draw(st.booleans()) else [assault]


def _event_fields(places: Document, posts: list[str], forces: list[str]) -> dict[str, Document]:
    """Return what an event of each kind needs beside a place; kinds no place is fit for are left out."""
    share = st.sampled_from([0.3, 0.7, 1.0])
    somewhere = st.lists(st.sampled_from(list(places)), min_size=1, unique=True)
    prisons = [x for x in posts if "prison" in places[x]]
    fields: dict[str, Document] = {
        "attack": {"fighters": st.integers(1, 60), "intensity": _SHARES},
        "short_attack": {
            "fighters": st.integers(1, 60),
            "breaks_off_after": st.just("9 h"),
            "campaign_lead": st.sampled_from(("0 h", "8 h")),
        },
        "intensify": {"intensity": _SHARES},
        "reinforce": {
            "force": st.sampled_from(forces),
            "battalions": st.just(1),
            "delay": st.just("3 h"),
        },
        "commanders_leave": {"share": share},
        "mass_message": {"places": somewhere, "reach": _SHARES},
        "order": {"order": st.sampled_from(["stand", "leave"]), "share": share},
        "call_up": {"places": somewhere},
        "breach": {"share": share},
        "mobilisation": {"volunteers": st.integers(0, 90)},
        "leaving_safety": {"change": st.sampled_from([-0.4, 0.3, 1.0])},
    }
    if prisons:
        fields["prison_break"] = {"place": st.sampled_from(prisons)}
    if len(posts) > 1:
        orders = st.sampled_from(["withdraw", "evacuate"])
        fields["move"] = {"order": orders, "share": share, "way": st.just("out")}
    return fields


#: names above that are not kinds of events
_KIND_OF = {"short_attack": "attack", "move": "order"}
_EVENT_KINDS = (
    "attack",
    "attack",
    "short_attack",
    "intensify",
    "reinforce",
    "commanders_leave",
    "mass_message",
    "order",
    "move",
    "call_up",
    "breach",
    "prison_break",
    "mobilisation",
    "leaving_safety",
)


@st.composite
def _intervention(draw: DrawFn, names: list[str], posts: list[str], horizon: float) -> Document:
    kind = draw(st.sampled_from(sorted(SIZE_MEANS)))
    measure: Document = {
        "kind": kind,
        "size": draw(_SHARES),
        "start": f"{draw(st.sampled_from([0, 0, 2, 5])) / 10 * horizon:g} h",
        "places": draw(st.lists(st.sampled_from(names), unique=True)),
    }
    if draw(st.booleans()):
        measure["duration"] = f"{0.3 * horizon:g} h"
    if kind == "answer_calls":
        measure |= {"delay": "2 h", "battalions": draw(st.integers(0, 2))}
    if kind == "reserves_ahead":
        measure |= {"to": draw(st.sampled_from(posts)), "battalions": draw(st.integers(0, 2))}
    if kind == "ordered_withdrawal" and draw(st.booleans()):
        measure["to"] = draw(st.sampled_from(posts))
    return measure
