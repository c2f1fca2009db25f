"""At every step of every run: people are conserved, sums add up, chances are chances, nothing comes early.

The invariants are those of `standfast.testing.invariants`; here they are looked at in random small
scenarios, in a built-in case and in the proving ground, and each is shown a violation that it
catches. Not asserted: that anything plausible happens; the scenarios are extreme on purpose.
"""

from __future__ import annotations

import hypothesis
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.kernels import status
from standfast.scenario.load import load_scenario
from standfast.scenario.vocabulary import STATUS
from standfast.testing.invariants import INVARIANTS, InvariantError, WatchedRun, watch
from standfast.testing.moment import AFTER_STEP, AFTER_SUMS, BEFORE_DRAWS
from standfast.testing.proving_ground import proving_ground
from standfast.testing.strategies import scenarios
from standfast.testing.transitions import allowed_transitions

SEEDS = st.integers(0, 2**64 - 1)
CASES, SOAK_CASES = 60, 1000
DUTY, HIDING, DEAD, GHOST = map(STATUS.index, ("duty", "hiding", "dead", "ghost"))


def watch_random_scenarios(n, part):
    """Run n random scenarios under watch, others for each part; return their changes of status."""
    changes = np.zeros((len(STATUS), len(STATUS)), dtype=np.int64)

    @hypothesis.seed(part)
    @settings(max_examples=n, derandomize=False, database=None)
    @given(scenarios(max_people=200, max_steps=48), SEEDS)
    def look(scenario, seed):
        plan = compile_plan(scenario, seed)
        run = watch(plan, 0)
        assert run.step == plan.n_step
        changes.__iadd__(run.transitions)

    look()
    return changes


@pytest.fixture(scope="module")
def random_changes():
    """Run the random scenarios of a quick test; their changes of status."""
    return watch_random_scenarios(CASES, part=0)


def test_random_scenarios_under_watch(random_changes):
    assert random_changes.sum() > 10_000


def test_every_allowed_change_of_status_happens(random_changes):
    """In random scenarios and, for what needs a lost unit or a long time, in the proving ground."""
    pressed = proving_ground(
        {
            "behaviour.recovery.retraining": "12 h",
            "behaviour.recovery.return_rate": "0.1 / h",
            "behaviour.exits.leave_length": "24 h",
            "behaviour.decision.wavering_pressure": 5.0,
            "events.assault.fighters": 900,
        }
    )
    seen = random_changes + watch(compile_plan(pressed, 1), 0).transitions
    never = (seen == 0) & allowed_transitions()
    assert [(STATUS[start], STATUS[end]) for start, end in np.argwhere(never)] == []
    assert ((seen > 0) & ~allowed_transitions()).sum() == 0


@pytest.mark.slow
@pytest.mark.parametrize("part", range(100, 110))
def test_ten_thousand_random_scenarios_under_watch(part):
    watch_random_scenarios(SOAK_CASES, part)


@pytest.mark.slow
def test_every_allowed_change_of_status_happens_in_random_scenarios():
    seen = watch_random_scenarios(SOAK_CASES, part=1)
    assert ((seen > 0) == allowed_transitions()).all()


@pytest.mark.parametrize("case", ["garrison", "proving-ground"])
def test_cases_under_watch(case):
    scenario = proving_ground() if case == "proving-ground" else load_scenario(case)
    run = watch(compile_plan(scenario, 1), 0)
    assert run.transitions.sum() == run.plan.n_agent * run.plan.n_step
    assert run.transitions[DUTY, HIDING] > 0


def test_watching_changes_no_byte():
    plan = compile_plan(proving_ground({"time.horizon": "60 h"}), 1)
    watched, plain = watch(plan, 0), Run(plan, 0)
    for _ in range(plan.n_step):
        plain.advance()
    assert plain.arrays.keys() == watched.arrays.keys()
    for name, array in plain.arrays.items():
        assert array.tobytes() == watched.arrays[name].tobytes(), name


# ----------------------------------------------------------------- planted violations


def first(arrays, status):
    return int(np.flatnonzero(arrays["agent_status"] == status)[0])


def vanish(run):
    run.arrays["agent_status"][first(run.arrays, DUTY)] = len(STATUS)


def haunt(run):
    run.arrays["agent_status"][first(run.arrays, DUTY)] = GHOST


def miscount(run):
    run.arrays["count"][0, 0, DUTY] -= 1


def hand_over(run):
    """Let somebody change garrison: the total is right, no place is."""
    run.arrays["count"][0, 0, DUTY] -= 1
    run.arrays["count"][1, 0, DUTY] += 1


def raise_the_dead(run):
    """Change somebody's status as no rule does, and keep the books in order."""
    a = run.arrays
    i = first(a, DUTY)
    run.past["agent_status"][i] = DEAD
    run.past["count"][a["origin"][i], a["branch"][i], DUTY] -= 1
    run.past["count"][a["origin"][i], a["branch"][i], DEAD] += 1


def set_value(name, value, index=0):
    def plant(run):
        run.arrays[name].flat[index] = value

    plant.__name__ = f"{name}={value}"
    return plant


def add(name, value, index=0):
    def plant(run):
        run.arrays[name].flat[index] += value

    plant.__name__ = f"{name}{value:+}"
    return plant


def retake(run):
    run.past["control"][0] = 2


def lose_again(run):
    run.past["lost_hour"][0], run.arrays["lost_hour"][0] = 1.0, 2.0


def lose_early(run):
    run.arrays["lost_hour"][0] = run.step - 2.0


def unlist(run):
    run.arrays["happened"][0] ^= status.LEFT


def log_ahead(run):
    """Write a line of the log that bears a later hour."""
    n = int(run.arrays["n_log"][0])
    run.arrays["log_lines"][n] = (run.step + 5.0, 0, 0, -1, 0.0)
    run.arrays["n_log"][0] = n + 1


def arrive_early(run):
    run.past["battalion_eta"][0] = 1e6


def gossip(run):
    run.arrays["spreading"][0], run.arrays["heard"][0] = 1, 0


def foretell(run):
    run.arrays["heard"][0] |= 128


PLANTED = [
    ("known_statuses", AFTER_STEP, vanish),
    ("known_statuses", AFTER_STEP, haunt),
    ("people_by_place", AFTER_STEP, miscount),
    ("people_by_place", AFTER_STEP, hand_over),
    ("people_by_unit", AFTER_STEP, vanish),
    ("transitions", AFTER_STEP, raise_the_dead),
    ("cumulative", AFTER_STEP, add("departures", -1)),
    ("cumulative", AFTER_STEP, add("calls_answered", -1)),
    ("cumulative", AFTER_STEP, add("inmates", 1.0)),
    ("for_good", AFTER_STEP, retake),
    ("for_good", AFTER_STEP, lose_again),
    ("departures_add_up", AFTER_STEP, add("departures", 1)),
    ("departures_add_up", AFTER_STEP, add("cause", 0.5)),
    ("departures_add_up", AFTER_STEP, unlist),
    ("departure_hours", AFTER_STEP, set_value("departure_step", 1)),
    ("nothing_ahead_of_time", AFTER_STEP, log_ahead),
    ("nothing_ahead_of_time", AFTER_STEP, lose_early),
    ("nothing_ahead_of_time", AFTER_STEP, arrive_early),
    ("nothing_ahead_of_time", AFTER_STEP, gossip),
    ("nothing_ahead_of_time", AFTER_STEP, foretell),
    ("shares", AFTER_STEP, set_value("fear", 1.001)),
    ("shares", AFTER_STEP, set_value("trust", np.nan)),
    ("shares", AFTER_STEP, set_value("belief", 9.0)),
    ("shares", AFTER_STEP, set_value("announced", 17)),
    ("finite", AFTER_STEP, set_value("defence", np.inf)),
    ("finite", AFTER_STEP, set_value("fighters", -1.0)),
    ("chances", BEFORE_DRAWS, set_value("chance_harm", 1.5)),
    ("chances", BEFORE_DRAWS, set_value("chance_mole", np.nan)),
    ("chances", BEFORE_DRAWS, set_value("chance_killed", 0.3)),
    ("chances", BEFORE_DRAWS, set_value("fear", np.nan)),
    ("duty", AFTER_SUMS, add("company_duty", 1)),
    ("duty", AFTER_SUMS, add("battalion_duty", 1)),
    ("duty", AFTER_SUMS, add("place_duty", 1)),
    ("readings", AFTER_SUMS, add("company_sums", 0.01, 1)),
    ("readings", AFTER_SUMS, add("place_sums", 0.01, 2)),
    ("readings", AFTER_SUMS, set_value("company_sums", 1000.0, 4)),
    ("memories", AFTER_SUMS, add("squad_gone", 1e-6)),
    ("memories", AFTER_SUMS, add("company_left", 0.01)),
    ("memories", AFTER_SUMS, add("place_gone", 1e-6)),
    ("means", AFTER_STEP, add("squad_fear", 1e-5)),
    ("ties", AFTER_STEP, add("phone_fear", 1)),
    ("calls", AFTER_STEP, set_value("company_call", 1e6)),
]


class PlantedRun(WatchedRun):
    """A run in which something goes wrong in its third step."""

    def __init__(self, plan, when, plant):
        super().__init__(plan, 0)
        self.when, self.plant = when, plant

    def look(self, when, step):
        if step == 2 and when == self.when:
            self.plant(self)
        super().look(when, step)


@pytest.fixture(scope="module")
def small_plan():
    changes = {"time.horizon": "6 h", "forces.port-brigade.leave": 0.2}
    changes |= {f"forces.{x}.ghosts": 0.1 for x in ("port-brigade", "port-police")}
    return compile_plan(proving_ground(changes), 1)


@pytest.mark.parametrize(
    ("name", "when", "plant"),
    PLANTED,
    ids=[f"{name}-{plant.__name__}" for name, _, plant in PLANTED],
)
def test_a_planted_violation_is_caught(name, when, plant, small_plan):
    run = PlantedRun(small_plan, when, plant)
    run.advance()
    run.advance()
    with pytest.raises(InvariantError, match=rf"step 2, {when}:(\n.*)*\n  {name}: "):
        run.advance()


def test_every_invariant_is_shown_a_violation():
    assert {name for name, _, _ in PLANTED} == INVARIANTS.keys()
