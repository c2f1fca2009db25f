"""What a run reads and writes: the behaviour record, the plan, the table of state, the schedule."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest

from standfast import engine
from standfast.engine.behaviour import build_behaviour, effective, parameters
from standfast.engine.compile import compile_plan
from standfast.engine.run import CHANGED_BY_INTERVENTIONS, Run
from standfast.engine.schedule import SCALARS, SCHEDULE
from standfast.engine.state import FIELDS, build_state, sizes
from standfast.kernels.draws import run_key
from standfast.kernels.meetings import agent_of
from standfast.scenario.mechanisms import MECHANISMS
from standfast.testing.proving_ground import proving_ground

PORT, FORD, FORT, UPLANDS = range(4)
#: state that has no row in the table, because its shape is not one dimension of it
SHAPED = {"count", "departures", "cause", "news_weight", "log_lines"}


@pytest.fixture(scope="module")
def plan():
    return compile_plan(proving_ground(), 1)


@pytest.fixture(scope="module")
def state(plan):
    key = run_key(np.uint64(plan.seed), 0)
    return build_state(plan, (int(key[0]), int(key[1])))


# the behaviour record


@pytest.mark.parametrize("step", [0.25, 1.0, 24.0])
@pytest.mark.parametrize(
    ("factor", "constant"),
    [
        ("fade_fear", "fear_decay"),
        ("fade_belief", "belief_decay"),
        ("fade_trust", "trust_decay"),
        ("fade_suspicion", "suspicion_decay"),
        ("fade_resolve", "resolve_decay"),
        ("fade_memory", "memory"),
        ("fade_order", "order_decay"),
    ],
)
def test_a_factor_of_a_step_relaxes_by_its_time_constant(factor, constant, step):
    scenario = proving_ground({"time.step": f"{step} h"})
    record, values = build_behaviour(scenario)[0], effective(scenario)
    assert record["dt"] == step
    assert record[factor] == pytest.approx(math.exp(-step / values[constant]), rel=1e-12)


@pytest.mark.parametrize("step", [0.25, 1.0, 24.0])
def test_a_chance_of_a_step_follows_from_its_rate(step):
    scenario = proving_ground({"time.step": f"{step} h"})
    record, values = build_behaviour(scenario)[0], effective(scenario)
    for name, rate in (
        ("back_from_leave", 1.0 / values["leave_length"]),
        ("perceived_step", values["perceived_rate"]),
        ("mole_step", values["suspicion_of_moles"]),
    ):
        assert record[name] == pytest.approx(1.0 - math.exp(-step * rate), rel=1e-9)


def test_the_record_holds_every_parameter_and_switch():
    scenario = proving_ground({"mechanisms.M20.enabled": False})
    record = build_behaviour(scenario)
    assert record.shape == (1,)
    values = effective(scenario)
    assert {name: float(record[name][0]) for name in values} == values
    assert {key: float(record[key][0]) for key in MECHANISMS} == {
        key: float(key != "M20") for key in MECHANISMS
    }
    reach = [values[f"reach_{who}"] for who in ("government", "contested", "adversary")]
    assert record["reach"][0].tolist() == reach


def test_a_parameter_is_off_when_all_its_mechanisms_are():
    known = proving_ground()
    for _, name, value, mechanisms, off in parameters(known):
        all_off = {f"mechanisms.{key}.enabled": False for key in mechanisms}
        assert effective(known.with_(all_off))[name] == (value if off is None else off), name
        if len(mechanisms) > 1:
            one_off = effective(known.with_({f"mechanisms.{mechanisms[0]}.enabled": False}))[name]
            # what takes both of two mechanisms goes with either
            assert one_off == (off if name == "neighbour_rate" else value), name


def test_without_recovery_confidence_stays_where_it_is():
    record = build_behaviour(proving_ground({"mechanisms.M21.enabled": False}))
    assert record["fade_trust"][0] == 1.0


# the plan


def test_the_plan_is_read_only_and_of_one_length_a_dimension(plan):
    people = plan.people
    lengths = {
        "agent": (people.n_agent, ["commitment", "legitimacy", "home", "origin", "squad", "voice"]),
        "squad": (people.n_squad, ["squad_stop", "squad_cohesion"]),
        "company": (people.n_company, ["company_stop", "company_skill", "company_trust_start"]),
        "battalion": (people.n_battalion, ["battalion_home", "battalion_quality"]),
        "place": (plan.n_place, ["support", "paper_factor", "start_here", "inmates_start"]),
    }
    for length, names in lengths.values():
        assert {plan.arrays[name].shape for name in names} == {(length,)}
    for name, array in plan.arrays.items():
        assert not array.flags.writeable, name
        if array.dtype.kind == "f" and name != "behaviour":
            assert np.isfinite(array).all(), name
    with pytest.raises(ValueError, match="read-only"):
        plan.arrays["commitment"][0] = 1.0


@pytest.mark.parametrize(("step", "hours", "every"), [("0.25 h", 145, 4), ("1 h", 145, 1), ("6 h", 25, 1)])  # fmt: skip
def test_hours_are_recorded_once_an_hour_or_once_a_step(step, hours, every):
    plan = compile_plan(proving_ground({"time.step": step}), 1)
    assert plan.hours.size == hours
    assert plan.hours[-1] == 144.0
    assert plan.record_every == every


def test_headquarters_counts_names_on_paper(plan):
    people, arrays = plan.people, plan.arrays
    for place in (PORT, FORD, FORT):
        here = arrays["origin"] == place
        at_work = here & (people.ghost == 0) & (people.on_leave == 0)
        assert arrays["start_here"][place] == at_work.sum()
        assert arrays["paper_factor"][place] == pytest.approx(here.sum() / at_work.sum())
    honest = compile_plan(proving_ground({"mechanisms.M16.enabled": False}), 1)
    assert (honest.arrays["paper_factor"] == 1.0).all()


def test_stops_part_people_from_ghosts(plan):
    people, arrays = plan.people, plan.arrays
    assert people.ghost.any()
    for unit, start in (("squad", people.squad_start), ("company", people.company_start)):
        for first, stop, last in zip(start[:-1], arrays[f"{unit}_stop"], start[1:], strict=True):
            assert not people.ghost[first:stop].any()
            assert people.ghost[stop:last].all()
    for company, stop in enumerate(arrays["company_squad_stop"]):
        first, last = people.company_squad_start[company : company + 2]
        living = arrays["squad_stop"][first:last] > people.squad_start[first:last]
        assert living[: stop - first].all()
        assert not living[stop - first :].any()


def test_who_lives_where_he_serves_has_a_local_home(plan):
    arrays = plan.arrays
    local = arrays["home"] == arrays["origin"]
    assert ((arrays["home_kind"] == 0) == local).all()
    influenced = arrays["support"][arrays["home"]] >= 0.3
    assert ((arrays["home_kind"] == 1) == (influenced & ~local)).all()


def test_people_of_a_place_are_numbered_once(plan):
    arrays = plan.arrays
    runs = arrays["run_start"], arrays["run_shift"]
    agents = np.array([agent_of(number, *runs) for number in range(plan.n_agent)])
    assert (np.sort(agents) == np.arange(plan.n_agent)).all()
    for place in range(plan.n_place):
        first, last = arrays["place_start"][place : place + 2]
        assert (arrays["origin"][agents[first:last]] == place).all()
        assert (np.diff(agents[first:last]) > 0).all()


# state and schedule


def test_every_array_of_state_is_in_the_table(plan, state):
    assert set(state) == set(FIELDS) | SHAPED
    length = sizes(plan)
    for name, field in FIELDS.items():
        assert state[name].shape == (length[field.dimension], *field.extra), name
        assert state[name].dtype == np.dtype(field.dtype), name
        assert field.unit, name
        assert field.says, name


def test_plan_and_state_share_no_name(plan, state):
    assert not set(plan.arrays) & set(state)
    assert set(CHANGED_BY_INTERVENTIONS) <= set(plan.arrays)


def test_every_argument_of_a_kernel_is_known(plan, state):
    known = set(plan.arrays) | set(state) | set(SCALARS) | {"slot_next"}
    for phase in SCHEDULE:
        assert set(phase.arguments) <= known, phase.name


def test_every_field_and_every_array_of_the_plan_is_used(plan):
    """By a kernel of the schedule, or by name in a module of the engine other than its maker's."""
    by_kernels = {name for phase in SCHEDULE for name in phase.arguments}
    in_modules: set[str] = set()
    for module in ("run", "record", "events", "interventions", "news"):
        tree = ast.parse((Path(engine.__file__).parent / f"{module}.py").read_text("utf-8"))
        in_modules |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    # what a run starts from, and is not asked for again
    at_the_start = {
        "battalion_home", "battalion_reserve_start", "inmates_start", "defends", "group_legitimacy",
    }  # fmt: skip
    unused = (set(FIELDS) | SHAPED | set(plan.arrays)) - by_kernels - in_modules - at_the_start
    assert unused == set()


def test_every_scalar_is_used():
    assert {name for phase in SCHEDULE for name in phase.arguments} >= set(SCALARS)


def test_the_order_of_a_step():
    names = [phase.name for phase in SCHEDULE]
    assert names == [
        "events", "neighbours", "campaign", "news", "own", "agents", "pulses", "ties", "tally", "combat",
        "calls", "disappointment", "reserves", "commanders", "fall", "civilians", "frontier", "columns",
        "volunteers", "circulation", "record",
    ]  # fmt: skip
    named = {key for phase in SCHEDULE for key in phase.mechanisms.split()}
    assert named == set(MECHANISMS)
    assert all(phase.says for phase in SCHEDULE)


def test_a_run_binds_the_kernels_in_the_order_of_the_schedule(plan):
    run = Run(plan, 0)
    assert [call[0] for call in run.calls] == [p.name for p in SCHEDULE if p.kernel is not None]
    for name in CHANGED_BY_INTERVENTIONS:
        assert run.arrays[name].flags.writeable
        assert not np.shares_memory(run.arrays[name], plan.arrays[name])
