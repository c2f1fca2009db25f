"""The mean-field twin by itself: people are kept, means stay in bounds, measures and events act."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from standfast.meanfield import run as running
from standfast.meanfield.build import build_world
from standfast.meanfield.events import list_moments
from standfast.meanfield.feeling import pressure_of
from standfast.meanfield.leaving import decide
from standfast.meanfield.quadrature import condense, kinship, normal_nodes
from standfast.meanfield.run import run_meanfield
from standfast.meanfield.tally import detach, tally
from standfast.scenario.load import load_scenario
from standfast.scenario.mechanisms import MECHANISMS
from standfast.testing.strategies import scenarios

GARRISON = load_scenario("garrison")


def people(world):
    return world.cells.count.sum() + world.cells.out.sum()


def advance(world, n_step):
    """Yield the world after each step."""
    tally(world)
    moments = list_moments(world)
    series = running._Series(world, n_step)
    for step in range(n_step):
        running._advance(world, step, moments, series)
        yield world


def check_bounds(world):
    cells = world.cells
    shares = [cells.fear, cells.trust, cells.suspicion, cells.credibility, cells.perceived,
              cells.exposed, cells.resolve, cells.movable + cells.settled, cells.discount,
              world.formations.led, world.formations.touched, world.places.infiltration]  # fmt: skip
    for values in shares:
        assert np.all((values >= -1e-9) & (values <= 1 + 1e-9))
    counts = [cells.mass, cells.out, cells.absent, world.places.fighters, cells.noise]
    for values in counts:
        assert np.all(values >= -1e-6)
    assert all(np.isfinite(x).all() for _, x in cells.columns())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios(max_people=200, max_steps=48))
def test_people_are_kept_and_means_stay_in_bounds_in_random_scenarios(scenario):
    world = build_world(scenario)
    start = people(world)
    real = sum(force.paper * (1 - force.ghosts) for force in scenario.forces.values())
    assert start == pytest.approx(real)
    n_step = round(scenario.time.horizon / scenario.time.step)
    for after in advance(world, min(n_step, 48)):
        assert people(after) == pytest.approx(start, rel=1e-9)
        check_bounds(after)


def test_people_are_kept_where_everything_happens():
    world = build_world(GARRISON)
    start = people(world)
    for after in advance(world, 240):
        assert people(after) == pytest.approx(start, rel=1e-9)
        check_bounds(after)


def test_splitting_a_formation_changes_nothing():
    whole, parted = build_world(GARRISON), build_world(GARRISON)
    detach(parted, 0, 0.3)
    detach(parted, 3, 0.5)
    for a, b in zip(advance(whole, 110), advance(parted, 110), strict=True):
        assert people(a) == pytest.approx(people(b))
        assert a.places.duty == pytest.approx(b.places.duty, rel=2e-3)


def test_a_shock_wears_the_personal_baseline_of_those_it_strikes_and_of_nobody_else():
    world = build_world(GARRISON)
    world.cells.harmed[1] = 0.4
    world.numbers["shock_harm"] = 0.5
    decide(world, pressure_of(world))
    assert world.cells.base[0, 1] == pytest.approx(0.8)
    assert np.delete(world.cells.base, 1, axis=1) == pytest.approx(1)


def test_nobody_leaves_a_scenario_in_which_leaving_is_off():
    off = {f"mechanisms.{key}.enabled": False for key in MECHANISMS if key not in {"M27", "M41"}}
    run = run_meanfield(GARRISON.with_(off | {"behaviour.decision.rate_max": "0 / h"}))
    assert run.departures.max() == 0
    assert run.judgement.overall == "held"


@pytest.mark.parametrize(
    "measure",
    [
        {"kind": "keep_leaders", "size": 1},
        {"kind": "answer_calls", "size": 0.8, "delay": "6 h", "battalions": 2},
        {"kind": "move_families", "size": 0.8},
        {"kind": "protect_records", "size": 0.9},
        {"kind": "verified_channel", "size": 1},
        {"kind": "clear_moles", "size": 0.9},
        {"kind": "end_ghosts", "size": 1},
        {"kind": "pay_training_supply", "size": 0.5},
        {"kind": "station_away", "size": 1},
        {"kind": "sanction", "size": 1},
        {"kind": "mobilise_volunteers", "size": 0.5},
        {"kind": "reserves_ahead", "size": 1, "to": "city"},
    ],
    ids=lambda measure: measure["kind"],
)
def test_a_measure_of_the_defender_keeps_people(measure):
    # the hours of the fall blur what a measure did, so people are counted before it, and after the first calls
    bare, with_it = (
        run_meanfield(GARRISON.with_({"interventions": interventions, "time.horizon": "200 h"}))
        for interventions in ([], [measure])
    )
    gone = [run.departures[-1].sum() for run in (bare, with_it)]
    assert gone[1] < gone[0]


def test_calls_answered_and_leaders_kept_hold_the_city():
    measures = [
        {"kind": "answer_calls", "size": 0.9, "delay": "6 h", "battalions": 2},
        {"kind": "keep_leaders", "size": 1},
        {"kind": "reserves_ahead", "size": 1, "to": "city"},
    ]
    run = run_meanfield(GARRISON.with_({"interventions": measures}))
    assert np.isnan(run.lost_hour[0])
    assert run_meanfield(GARRISON).lost_hour[0] < 240


def test_halving_the_step_halves_the_error():
    present = [
        run_meanfield(GARRISON.with_({"time.step": step, "time.horizon": "140 h"})).present_share
        for step in ("1 h", "30 min", "15 min")
    ]
    whole, half, quarter = (x[:: 2**k, 0] for k, x in enumerate(present))
    first, second = np.abs(whole - half).max(), np.abs(half - quarter).max()
    assert second < 0.02
    assert first / second == pytest.approx(2, abs=0.3)


def test_condensed_laws_keep_their_moments():
    rng = np.random.default_rng(1)
    values, weights = rng.normal(9, 1.5, (3, 200)), rng.dirichlet(np.ones(200), 3)
    nodes, shares = condense(values, weights, 5)
    for power in range(10):
        exact = (weights * (values - 9) ** power).sum(axis=1)
        found = (shares * (nodes - 9) ** power).sum(axis=1)
        assert found == pytest.approx(exact, rel=1e-8, abs=1e-8)


def test_alike_people_are_one_kind():
    nodes, shares = condense(np.full((1, 4), 7.0), np.full((1, 4), 0.25), 3)
    assert nodes == pytest.approx(7.0)
    assert shares.sum() == pytest.approx(1.0)


def test_squads_of_a_company_are_alike_as_far_as_they_are():
    nodes, weights = normal_nodes(5)
    assert kinship(5, 0.4).sum(axis=1) == pytest.approx(1.0)
    assert kinship(5, 0.4) @ nodes == pytest.approx(0.4 * nodes)
    assert kinship(5, 1.0) @ nodes**2 == pytest.approx(nodes**2)
    assert weights @ kinship(5, 0.4) == pytest.approx(weights)
