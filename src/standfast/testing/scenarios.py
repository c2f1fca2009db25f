"""Tiny scenarios for tests: everything a result needs, and small enough to read."""

from __future__ import annotations

from typing import Any

from standfast.scenario.model import Scenario

_PLACES = {
    "alpha": {"title": "Alpha", "latitude": 36.3, "longitude": 43.1, "value": 5.0, "support": 0.5},
    "beta": {"title": "Beta", "latitude": 35.5, "longitude": 43.2},
    "gamma": {"title": "Gamma", "latitude": 33.3, "longitude": 44.4},
    "delta": {"title": "Delta", "latitude": 36.0, "longitude": 43.2},
}
_FORCES = {
    "first-army": {
        "title": "First Army",
        "branch": "army",
        "place": "alpha",
        "paper": 3000,
        "homes": {"gamma": 0.7, "alpha": 0.3},
    },
    "alpha-police": {
        "title": "Alpha Police",
        "branch": "local_police",
        "place": "alpha",
        "paper": 1000,
        "homes": {"alpha": 1.0},
        "unit_scheme": "police",
    },
    "second-army": {
        "title": "Second Army",
        "branch": "army",
        "place": "beta",
        "paper": 1500,
        "homes": {"gamma": 1.0},
    },
    "gamma-police": {
        "title": "Gamma Federal Police",
        "branch": "federal_police",
        "place": "gamma",
        "paper": 2000,
        "homes": {"gamma": 0.5, "beta": 0.5},
    },
}


def tiny_scenario(**changes: object) -> Scenario:
    """Return a scenario of four places and 7,500 names; `delta` has no garrison.

    Parameters
    ----------
    changes
        Top-level parts of the scenario to replace.

    Examples
    --------
    >>> tiny_scenario().time.horizon
    240.0
    """
    document: dict[str, Any] = {
        "standfast": 1,
        "scenario": "tiny",
        "title": "Four places and one attack",
        "time": {"start": "2014-06-04T00:00", "horizon": "240 h", "reference_event": "assault"},
        "places": _PLACES,
        "roads": (
            {"start": "alpha", "end": "beta", "length": "90 km"},
            {"start": "beta", "end": "gamma", "length": "260 km"},
            {"start": "alpha", "end": "delta", "length": "35 km"},
        ),
        "forces": _FORCES,
        "events": (
            {
                "kind": "attack",
                "id": "assault",
                "at": "2014-06-06T02:00",
                "place": "alpha",
                "fighters": 1500,
            },
        ),
    }
    return Scenario.model_validate(document | changes)
