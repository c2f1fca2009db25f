"""A crowd with everything switched off but what is asked for: the engine at its textbook limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: what has no effect of its own when nothing pushes anybody: one way out, weights, the verdict
_ALWAYS = ("M12", "M23", "M41")
_CALM: dict[str, Any] = {
    "decision": {
        "commitment_of_service": 0.0,
        "commitment_of_volunteers": 0.0,
        "weight_resolve": 0.0,
    }
}


def crowd(
    people: int,
    *,
    on: Iterable[str] = (),
    behaviour: Mapping[str, Mapping[str, Any]] | None = None,
    scheme: Mapping[str, Any] | None = None,
    horizon: str = "48 h",
    step: str = "1 h",
    force: Mapping[str, Any] | None = None,
    place: Mapping[str, Any] | None = None,
    population: Mapping[str, Any] | None = None,
    network: Mapping[str, Any] | None = None,
    events: Iterable[Mapping[str, Any]] = (),
) -> Scenario:
    """Return one force at one place, all alike and all on duty, with most mechanisms off.

    Nobody is a ghost or on leave, there are no ties beyond squad and company, and U = -commitment
    for everybody until something that is switched on changes it.

    Parameters
    ----------
    people
        Names on paper; all serve.
    on
        Mechanisms that act, beside hiding, resolve and the verdict.
    behaviour
        Parameters by family and name, as in a scenario file.
    scheme
        Sizes of squad, company and battalion, as in `unit_schemes`; by default all are one unit, so
        that everybody sees everybody.
    horizon, step
        As in `time`.
    force, place, population, network
        Fields of the only force and place, and settings, to set or replace.
    events
        Events; the place is called `here` and the force `all`.

    Examples
    --------
    >>> scenario = crowd(1000, on=["M22"], behaviour={"comrades": {"peer_company": 5.0}})
    >>> scenario.forces["all"].paper, scenario.mechanisms.M13.enabled
    (1000, False)
    """
    families = {name: dict(values) for name, values in _CALM.items()}
    for name, values in (behaviour or {}).items():
        families.setdefault(name, {}).update(values)
    whole = {"squad": people, "company": people, "battalion": people}
    document: dict[str, Any] = {
        "standfast": 1,
        "scenario": "crowd",
        "title": "A crowd at one place",
        "time": {"start": "2030-01-01T00:00", "horizon": horizon, "step": step},
        "places": {
            "here": {"title": "Here", "latitude": 1.0, "longitude": 1.0, **(place or {})},
        },
        "groups": {"all": {"title": "All", "legitimacy": 1.0}},
        "unit_schemes": {"own": dict(scheme or whole)},
        "forces": {
            "all": {
                "title": "All",
                "branch": "army",
                "place": "here",
                "paper": people,
                "ghosts": 0.0,
                "leave": 0.0,
                "homes": {"here": 1.0},
                "groups": {"all": 1.0},
                "corruption": 0.0,
                "unit_scheme": "own",
                **(force or {}),
            },
        },
        "population": {
            "commitment_spread": 0.0,
            "squad_spread": 0.0,
            "company_spread": 0.0,
            **(population or {}),
        },
        "network": {"phone_mean": 0.0, "kin_mean": 0.0, **(network or {})},
        "behaviour": families,
        "mechanisms": {key: {"enabled": False} for key in MECHANISMS if key not in {*_ALWAYS, *on}},
        "events": list(events),
    }
    return Scenario.model_validate(document, strict=False)
