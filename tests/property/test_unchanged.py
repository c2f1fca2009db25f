"""What must change nothing, to the byte, or nothing but what it says; and what must be first order only.

Inert parameters and rules, idle places, extra people without ties, events that come too late, other
units where nothing is passed on, a longer horizon, hazards of nothing and of everything. In the
proving ground and in random small scenarios.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.scenario.mechanisms import MECHANISMS
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground

SEED = 3


@cache
def usual():
    return run_replicate(compile_plan(proving_ground(), SEED), 0)


def run(changes: dict[str, object], replicate: int = 0):
    return run_replicate(compile_plan(proving_ground(changes), SEED), replicate)


@pytest.mark.parametrize(
    "changes",
    [
        {"behaviour.recovery.volunteer_rate": "0.5 / h", "mechanisms.M39.enabled": False},
        {"behaviour.exits.night_cover": 0.9, "mechanisms.M28.enabled": False},
        {"behaviour.comrades.peer_norm": 0.9, "mechanisms.M22.enabled": False},
        {"title": "Another title", "summary": "Other words"},
        {"places.port.title": "Another port"},
        {"adversary.columns": 8, "mechanisms.M38.enabled": False},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_nothing_reads_changes_no_byte(changes):
    switches = {key: value for key, value in changes.items() if key.startswith("mechanisms")}
    assert differing_arrays(run(changes), run(switches)) == ()


def test_an_event_after_the_horizon_changes_no_byte():
    late = {"id": "late", "kind": "commanders_leave", "at": "144 h", "place": "fort"}
    events = [event.model_dump(mode="json") for event in proving_ground().events]
    after = run({"events": [*events, late]})
    assert differing_arrays(after, usual()) == ()


@pytest.mark.parametrize("hour", [10, 50, 100])
def test_an_event_changes_nothing_before_it(hour):
    extra = {"id": "late", "kind": "commanders_leave", "at": f"{hour} h", "place": "port"}
    events = [event.model_dump(mode="json") for event in proving_ground().events]
    after, before = run({"events": [*events, extra]}), usual()
    # the hour's own row is written before the step in which the event acts
    assert after.count[: hour + 1].tobytes() == before.count[: hour + 1].tobytes()
    for name, readings in after.readings.items():
        assert readings[: hour + 1].tobytes() == before.readings[name][: hour + 1].tobytes()
    if hour < 100:
        assert after.count.tobytes() != before.count.tobytes()


@pytest.mark.parametrize("days", [1, 3, 5])
def test_a_run_is_the_beginning_of_a_longer_run(days):
    short, long = run({"time.horizon": f"{days} d"}), usual()
    n = 24 * days + 1
    assert short.count.tobytes() == long.count[:n].tobytes()
    for name, readings in short.readings.items():
        assert readings.tobytes() == long.readings[name][:n].tobytes()
    assert short.log.tobytes() == long.log[: short.log.size].tobytes()


def test_an_idle_place_changes_nobody():
    """A place without people, roads or adversary, listed last: all others stay as they were."""
    places = {k: v.model_dump(mode="json") for k, v in proving_ground().places.items()}
    island = {"title": "An island", "latitude": 50.0, "longitude": -30.0, "support": 0.0,
              "infiltration": 0.0}  # fmt: skip
    with_island, without = (
        run({"places": places | {"island": island}}),
        usual(),
    )
    assert with_island.count[:, :4].tobytes() == without.count.tobytes()
    assert not with_island.count[:, 4].any()
    for name, readings in without.readings.items():
        assert with_island.readings[name][:, :4].tobytes() == readings.tobytes()
    assert with_island.log.tobytes() == without.log.tobytes()


def test_nobody_leaves_without_a_hazard():
    """No rate, no attack, no harm: only leave rotates."""
    off = {f"mechanisms.{key}.enabled": False for key in MECHANISMS}
    still = run(off | {"behaviour.decision.rate_max": "0 / h"})
    serving = still.count[:, :, :, :2].sum(axis=3)
    assert (serving == serving[0]).all()
    assert still.departures.sum() == 0
    assert np.isnan(still.lost_hour).all()


def test_everybody_leaves_at_once_at_the_highest_hazard():
    off = {f"mechanisms.{key}.enabled": False for key in MECHANISMS if key != "M12"}
    rush = run(
        off | {"behaviour.decision.rate_max": "100 / h", "behaviour.decision.commitment": -20.0}
    )
    served = rush.start_count.sum()
    assert rush.count[1][:, :, :2].sum() == 0
    assert rush.departures.sum() == served


def mean_gone(step: str, **changes: object) -> float:
    """Share of people who left, a mean over sixteen replicates, at one step."""
    pressed = {"time.step": step, "mechanisms.M34.enabled": False, "mechanisms.M13.enabled": False}
    pressed["behaviour.decision.commitment"] = 11.0
    plan = compile_plan(proving_ground(pressed | changes), SEED)
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda k: run_replicate(plan, k), range(16)))
    return float(np.mean([r.departures.sum() / r.start_count.sum() for r in runs]))


def test_a_smaller_step_changes_results_to_first_order_only():
    """Within 8 %, about three standard errors; a rate that forgot the step would double with it."""
    coarse, middle, fine = (mean_gone(step) for step in ("2 h", "1 h", "0.5 h"))
    assert fine == pytest.approx(middle, rel=0.08)
    assert coarse == pytest.approx(middle, rel=0.08)
    forgot = mean_gone("0.5 h", **{"behaviour.decision.rate_max": "0.3333333 / h"})
    assert forgot != pytest.approx(middle, rel=0.08)
