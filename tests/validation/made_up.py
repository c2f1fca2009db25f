"""Small made-up ensembles: what a run might leave behind, without running anything."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from standfast.results.verdict import classify
from standfast.scenario.forces import BRANCHES
from standfast.scenario.model import Scenario
from standfast.scenario.vocabulary import STATUS
from standfast.validation.ensemble import SERIES, Crowd, Ensemble

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

N_RUN, HORIZON = 12, 600
REFERENCE, ALARM, ORDER = 48.0, 140.0, 150.0
GONE, DEAD, DUTY = STATUS.index("displaced"), STATUS.index("dead"), STATUS.index("duty")
#: place -> names on paper by branch; nobody is a ghost
POSTS = {
    "mosul": {"army": 400, "federal_police": 200, "local_police": 400},
    "qayyarah": {"army": 100},
    "sharqat": {"army": 100},
    "tikrit": {"army": 300},
    "samarra": {"army": 200},
    "baghdad": {"army": 2000},
}
NAMES = list(POSTS)


def case(**changes: object) -> Scenario:
    """A road of six places, an assault at its head, an alarm and an order."""
    document = {
        "standfast": 1,
        "scenario": "road",
        "title": "A road of six places",
        "time": {"start": "2014-06-04T00:00", "horizon": f"{HORIZON} h", "reference_event": "assault"},
        "places": {
            name: {"title": name, "latitude": 36.0 - k, "longitude": 43.0, "population": 10_000 * (k + 1)}
            for k, name in enumerate(NAMES)
        },
        "roads": tuple(
            {"start": a, "end": b, "length": "60 km"} for a, b in itertools.pairwise(NAMES)
        ),
        "forces": {
            f"{branch.replace('_', '-')}-{place}": {
                "title": place, "branch": branch, "place": place, "paper": paper, "ghosts": 0.0,
                "homes": {"mosul": 0.5, "baghdad": 0.5},
            }
            for place, branches in POSTS.items() for branch, paper in branches.items()
        },
        "events": (
            {"kind": "attack", "id": "assault", "at": "48 h", "place": "mosul", "fighters": 50},
            {"kind": "mass_message", "id": "alarm", "at": "140 h", "places": ("mosul",)},
            {"kind": "order", "id": "out", "at": "150 h", "place": "qayyarah", "order": "evacuate",
             "to": "baghdad"},
        ),
    }  # fmt: skip
    return Scenario.model_validate(document | changes)


CASE = case()


def falls(
    start: float, end: float, to: float = 0.05, first: float = 1.0
) -> Callable[[np.ndarray], np.ndarray]:
    """A share that goes down in a straight line between two hours."""
    return lambda hours: np.interp(hours, [start, end], [first, to])


def made(
    serving: Mapping[str, Callable[[np.ndarray], np.ndarray]] | None = None,
    lost: Mapping[str, float | list[float]] | None = None,
    series: Mapping[str, np.ndarray] | None = None,
    columns: Mapping[str, object] | None = None,
    crowd: tuple[Crowd, np.ndarray, np.ndarray] | None = None,
    scenario: Scenario = CASE,
) -> Ensemble:
    """An ensemble in which places keep their people unless told otherwise.

    `serving` gives shares by hour, `lost` hours since the start, one or one a run.
    """
    hours = np.arange(HORIZON + 1.0)
    arrays = {name: np.zeros((N_RUN, hours.size, len(NAMES)), np.float32) for name in SERIES}
    runs: dict[str, object] = {"replicate": np.arange(N_RUN), "key": [str(k) for k in range(N_RUN)]}
    total = sum(sum(branches.values()) for branches in POSTS.values())
    left = 0.0
    for k, (name, branches) in enumerate(POSTS.items()):
        start = sum(branches.values())
        share = (serving or {}).get(name, np.ones_like)(hours)
        arrays["serving"][:, :, k] = arrays["present"][:, :, k] = start * share
        left += start * (1 - share[-1])
        runs[f"{name}.share_gone"] = np.full(N_RUN, 1 - share[-1])
        for column, bound in (("hours_to_half", 0.5), ("hours_to_nine_tenths", 0.1)):
            reached = share <= bound + 1e-9
            at = hours[reached.argmax()] - REFERENCE if reached.any() else np.nan
            runs[f"{name}.{column}"] = np.full(N_RUN, at)
        at = np.broadcast_to(np.asarray((lost or {}).get(name, np.nan), float), (N_RUN,))
        runs[f"{name}.lost_at_h"] = at - REFERENCE
        runs[f"{name}.verdict"] = [
            classify(start=start, serving=round(start * share[-1]), dead=0, lost=bool(np.isfinite(h)),
                     bounds=scenario.verdict) for h in at
        ]  # fmt: skip
        for branch in branches:
            runs[f"{name}.{branch}.share_gone"] = np.full(N_RUN, 1 - share[-1])
    runs |= {
        "share_gone": np.full(N_RUN, left / total),
        "departures": 100,
        "resolute_departures": 50,
    }
    arrays |= {
        name: np.broadcast_to(values, arrays["serving"].shape)
        for name, values in (series or {}).items()
    }
    table = pd.DataFrame(runs | dict(columns or {}))
    return Ensemble(scenario, table, arrays, *(crowd or everybody()))


def at_place(place: str, values: np.ndarray | float) -> np.ndarray:
    """A series that is zero elsewhere, (hour, place)."""
    found = np.zeros((HORIZON + 1, len(NAMES)))
    found[:, NAMES.index(place)] = values
    return found


def everybody(
    left: Callable[[Crowd], np.ndarray] | None = None, dead: float = 0.0
) -> tuple[Crowd, np.ndarray, np.ndarray]:
    """Everybody, when each left by a rule, and the share of these who are dead.

    Squads are of ten, companies of a hundred; whoever has an even number has a home under influence.
    """
    place, branch = [], []
    for k, branches in enumerate(POSTS.values()):
        for name, paper in branches.items():
            place += [k] * paper
            branch += [BRANCHES.index(name)] * paper
    number = np.arange(len(place))
    crowd = Crowd(
        place=np.array(place), branch=np.array(branch), squad=number // 10, company=number // 100,
        influenced=number % 2 == 0,
    )  # fmt: skip
    hours = np.full(number.size, np.inf) if left is None else left(crowd)
    status = np.where(np.isfinite(hours), GONE, DUTY)
    status[np.flatnonzero(np.isfinite(hours))[:: max(1, round(1 / dead))] if dead else []] = DEAD
    both = np.broadcast_to(status.astype(np.uint8), (N_RUN, number.size))
    return crowd, both, np.broadcast_to(hours.astype(np.float32), (N_RUN, number.size))
