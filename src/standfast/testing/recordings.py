"""Synthetic recordings: what a run might leave behind, drawn without running anything.

For tests and examples of everything that reads results. The curves look plausible (leakage, then
a cliff, then news that travels), but they follow no model and mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, cos, hypot, radians
from typing import TYPE_CHECKING

import numpy as np

from standfast.results.assemble import build_result
from standfast.results.clock import reference_hour
from standfast.results.dataset import Units
from standfast.results.recording import LOG_DTYPE, Recording
from standfast.results.summary import Timing
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import (
    EXITS,
    HOME_KINDS,
    LOG_KINDS,
    PLACE_READINGS,
    STATUS,
    TERMS,
    UNIT_READINGS,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.results.result import Result
    from standfast.scenario.model import Scenario

    Array = npt.NDArray[np.float64]
    Counts = npt.NDArray[np.int64]

_AWAY = dict(
    zip((*EXITS, "dead", "captured"), (0.3, 0.5, 0.07, 0.05, 0.02, 0.04, 0.02), strict=True)
)
_TERM_WEIGHT = dict.fromkeys(TERMS, 1.0) | {
    "fear": 6.0,
    "comrades": 4.0,
    "belief": 3.0,
    "family": 2.0,
}
_LOSS_AFTER = 90.0  # hours from the first attack to the first place lost
_PACE = 9.0  # km/h at which the collapse travels
_REACH = 260.0  # km after which it rarely goes on
_UNIT = 500
_UNIT_EVERY = 6


@dataclass(frozen=True)
class Garrisons:
    """Who serves where at the start, as integers."""

    serving: Counts  # (n_place, n_branch)
    on_leave: Counts  # (n_place, n_branch)
    ghosts: Counts  # (n_place, n_branch)
    start_count: Counts  # (n_place, n_branch, n_home)
    unit_sizes: Counts  # (n_unit,)
    units: Units
    unit_place: Counts  # (n_unit,)


def synthetic_recordings(
    scenario: Scenario, replicates: int = 4, seed: int = 1
) -> tuple[Recording, ...]:
    """Return recordings that might have come from an ensemble of this scenario; same seed, same bytes.

    Parameters
    ----------
    scenario
        Gives places, forces, events and horizon.
    replicates
        How many.
    seed
        Of the curves.
    """
    garrisons = build_garrisons(scenario)
    return tuple(
        _recording(scenario, garrisons, replicate, np.random.default_rng([seed, replicate]))
        for replicate in range(replicates)
    )


def synthetic_result(scenario: Scenario, replicates: int = 4, seed: int = 1) -> Result:
    """Return the result that `synthetic_recordings` would come to.

    Examples
    --------
    >>> from standfast.testing.scenarios import tiny_scenario
    >>> synthetic_result(tiny_scenario()).summary["people_conserved"]
    True
    """
    recordings = synthetic_recordings(scenario, replicates, seed)
    agent_steps = sum(recording.agent_steps for recording in recordings)
    return build_result(
        recordings,
        scenario,
        build_garrisons(scenario).units,
        seed=seed,
        timing=Timing(
            simulate_s=1.0, compile_s=1.0, agent_steps_per_s=agent_steps, peak_rss_mb=None
        ),
        command=["standfast", "run", scenario.scenario],
    )


def build_garrisons(scenario: Scenario) -> Garrisons:
    """Return the garrisons of a scenario, with shares rounded down to people."""
    places = list(scenario.places)
    shape = (len(places), len(BRANCHES))
    serving, on_leave, ghosts = (np.zeros(shape, np.int64) for _ in range(3))
    start_count = np.zeros((*shape, len(HOME_KINDS)), np.int64)
    sizes: list[int] = []
    titles: list[str] = []
    names: list[str] = []
    unit_place: list[int] = []
    for name, force in scenario.forces.items():
        at = places.index(force.place), BRANCHES.index(force.branch)
        real = force.paper - int(force.paper * force.ghosts)
        serving[at] += real
        ghosts[at] += force.paper - real
        on_leave[at] += int(real * force.leave)
        by_home = np.zeros(len(HOME_KINDS))
        for home, share in force.homes.items():
            by_home[_home_kind(scenario, force.place, home)] += share
        start_count[at] += _split(np.array([real]), by_home)[0]
        n_unit = ceil(force.paper / _UNIT)
        sizes += list(_split(np.array([real]), np.ones(n_unit))[0])
        titles += [f"{force.title}, battalion {number + 1}" for number in range(n_unit)]
        names += [name] * n_unit
        unit_place += [at[0]] * n_unit
    return Garrisons(
        serving,
        on_leave,
        ghosts,
        start_count,
        np.array(sizes),
        Units(title=tuple(titles), force=tuple(names)),
        np.array(unit_place),
    )


def _home_kind(scenario: Scenario, post: str, home: str) -> int:
    if home == post:
        return HOME_KINDS.index("local")
    place = scenario.places[home]
    influenced = place.control != "government" or place.support > 0.3
    return HOME_KINDS.index("influenced" if influenced else "elsewhere")


def _split(total: npt.NDArray[np.integer], weights: Array) -> Counts:
    """Share integers out by weights; the parts add up and never fall when the total grows."""
    cumulated = np.cumsum(weights) / weights.sum()
    cumulated[-1] = 1.0
    edges = np.floor(total[..., None] * cumulated + 1e-9).astype(np.int64)
    parts: Counts = np.diff(edges, axis=-1, prepend=0)
    return parts


def _recording(
    scenario: Scenario, garrisons: Garrisons, replicate: int, rng: np.random.Generator
) -> Recording:
    n_hour = int(scenario.time.horizon) + 1
    hours = np.arange(n_hour, dtype=np.float64)
    lost_hour = _lost_hours(scenario, garrisons, rng)
    staying = np.stack([_staying(hours, lost, rng) for lost in lost_hour])
    count = _counts(garrisons, staying)
    gone = garrisons.serving - count[-1][
        ..., [STATUS.index(s) for s in ("duty", "leave", "back")]
    ].sum(-1)
    departures = _departures(garrisons, gone)
    weights = np.array([_TERM_WEIGHT[term] for term in TERMS]) * rng.uniform(0.7, 1.3, len(TERMS))
    unit_hours = hours[::_UNIT_EVERY]
    n_agent = int(count[0].sum())
    n_step = round(scenario.time.horizon / scenario.time.step)
    return Recording(
        replicate=replicate,
        hours=hours,
        count=count.astype(np.int32),
        readings=_readings(hours, count, staying, lost_hour),
        unit_hours=unit_hours,
        unit_readings=_unit_readings(garrisons, staying[:, ::_UNIT_EVERY]),
        lost_hour=np.where(lost_hour < n_hour, lost_hour, np.nan),
        log=_log(scenario, lost_hour, n_hour),
        departures=departures,
        departed=_departed(count, departures),
        start_count=garrisons.start_count,
        cause=departures.sum(axis=(2, 3))[..., None] * (weights / weights.sum()),
        resolute_departures=int(0.4 * departures.sum()),
        n_agent=n_agent,
        n_step=n_step,
        simulate_s=1.0,
        agent_steps=n_agent * n_step,
    )


def _attacked(scenario: Scenario) -> str | None:
    """Return the attacked place of the highest worth: where the collapse begins."""
    attacked = [event.place for event in scenario.events if event.kind == "attack"]
    return max(attacked, key=lambda name: scenario.places[name].value, default=None)


def _lost_hours(scenario: Scenario, garrisons: Garrisons, rng: np.random.Generator) -> Array:
    origin = _attacked(scenario)
    lost = np.full(len(scenario.places), np.inf)
    if origin is None:
        return lost
    first = scenario.places[origin]
    attack = reference_hour(scenario)
    begin = attack + min(0.3 * (scenario.time.horizon - attack), _LOSS_AFTER) * rng.uniform(
        0.8, 1.2
    )
    falls = rng.random() < 0.85
    for index, place in enumerate(scenario.places.values()):
        north = place.latitude - first.latitude
        east = (place.longitude - first.longitude) * cos(radians(first.latitude))
        distance = 111.2 * hypot(north, east)
        holds = place.kind == "region" or place.control != "government"
        reached = rng.random() < np.exp(-((distance / _REACH) ** 4)) and place.kind != "region"
        if falls and reached and not holds and (garrisons.serving[index].any() or distance < 100):
            lost[index] = np.ceil(begin + distance / _PACE * rng.uniform(0.8, 1.6))
    return lost


def _staying(hours: Array, lost: float, rng: np.random.Generator) -> Array:
    """Return the share still serving: slow leakage, then (where lost) a cliff."""
    leak = np.exp(-hours * rng.uniform(3e-5, 3e-4))
    if not np.isfinite(lost):
        return leak
    floor, width = rng.uniform(0.03, 0.2), rng.uniform(2, 6)
    cliff = floor + (1 - floor) / (1 + np.exp((hours - lost + 2 * width) / width))
    return np.minimum.accumulate(leak * cliff / cliff[0])


def _counts(garrisons: Garrisons, staying: Array) -> Counts:
    n_place, n_hour = staying.shape
    count = np.zeros((n_hour, n_place, len(BRANCHES), len(STATUS)), np.int64)
    gone = np.floor((1 - staying.T)[:, :, None] * garrisons.serving + 1e-9).astype(np.int64)
    for status, part in zip(
        _AWAY, np.moveaxis(_split(gone, np.array([*_AWAY.values()])), -1, 0), strict=True
    ):
        count[..., STATUS.index(status)] = part
    remaining = garrisons.serving - gone
    on_leave = np.minimum(garrisons.on_leave, remaining // 4)
    count[..., STATUS.index("leave")] = on_leave
    count[..., STATUS.index("duty")] = remaining - on_leave
    count[..., STATUS.index("ghost")] = garrisons.ghosts
    return count


def _departures(garrisons: Garrisons, gone: Counts) -> Counts:
    by_way = _split(gone, np.array([*_AWAY.values()]))[..., : len(EXITS)]
    homes = garrisons.start_count * np.array([1.3, 1.1, 0.8])
    out = np.zeros((*gone.shape, len(HOME_KINDS), len(EXITS)), np.int64)
    for at in np.ndindex(gone.shape):
        if homes[at].any():
            out[at] = _split(by_way[at], homes[at]).T
    return out


def _departed(count: Counts, departures: Counts) -> npt.NDArray[np.int32]:
    """Spread the departures of the run over its hours as the serving fall, branch by branch."""
    serving = count[..., [STATUS.index(s) for s in ("duty", "leave", "back")]].sum(axis=(1, 3))
    left = serving[0] - serving
    share = left / np.maximum(left[-1], 1)
    whole = departures.sum(axis=(0, 3))
    departed: npt.NDArray[np.int32] = np.floor(whole * share[..., None] + 1e-9).astype(np.int32)
    return departed


def _readings(
    hours: Array, count: Counts, staying: Array, lost: Array
) -> dict[str, npt.NDArray[np.float32]]:
    share = staying.T
    after = hours[:, None] >= lost
    near = np.exp(-np.maximum(lost - hours[:, None], 0) / 40)
    present = count[..., STATUS.index("duty")].sum(axis=2) * ~after
    values = {
        "present": present,
        "trust": 0.5 * share + 0.05,
        "fear": np.clip(0.08 + 0.7 * near, 0, 1),
        "belief": np.clip(0.9 * share * (1 - 0.5 * near), 0, 1),
        "wavering": np.clip(0.05 + 0.5 * near, 0, 1),
        "defence": 0.5 * present,
        "attack": 1000 * near * ~after,
        "control": np.where(after, 2, np.where(near > 0.3, 1, 0)),
        "fighters": 800 * near,
        "volunteers": np.zeros_like(share),
        "refugees": np.where(after, 20_000, 0),
        "infiltration": np.clip(0.1 + 0.3 * near, 0, 1),
        "calls_open": np.round(3 * near * ~after),
        "calls_answered": np.round(2 * near),
        "calls_unanswered": np.round(6 * near),
    }
    return {name: values[name].astype(np.float32) for name in PLACE_READINGS}


def _unit_readings(garrisons: Garrisons, staying: Array) -> dict[str, npt.NDArray[np.float32]]:
    share = staying.T[:, garrisons.unit_place]
    values = {
        "unit_serving": np.floor(share * garrisons.unit_sizes),
        "unit_trust": 0.5 * share + 0.05,
        "unit_fear": 0.1 + 0.6 * (1 - share),
    }
    return {name: values[name].astype(np.float32) for name in UNIT_READINGS}


def _log(scenario: Scenario, lost: Array, n_hour: int) -> npt.NDArray[np.void]:
    lines: list[tuple[float, int, int, int, float]] = []

    def write(hour: float, kind: str, place: int, value: float = 0.0) -> None:
        if 0 <= hour < n_hour:
            lines.append((hour, LOG_KINDS.index(kind), place, -1, value))

    origin = _attacked(scenario)
    if origin is not None:
        write(reference_hour(scenario), "attack", list(scenario.places).index(origin), 1500)
    for place, hour in enumerate(lost):
        if np.isfinite(hour):
            write(hour - 12, "mass_message", place, 0.5)
            write(hour - 8, "call", place)
            write(hour - 6, "call_unanswered", place)
            write(hour - 4, "commanders_leave", place)
            write(hour, "place_lost", place)
            write(hour + 2, "column_sets_out", place, 300)
    return np.array(sorted(lines), dtype=LOG_DTYPE)
