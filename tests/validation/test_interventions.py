"""Every intervention helps where it has something to do, in its places, from its start to its end.

Each case runs the proving ground with a measure at full and at half size over the same replicates
(common random numbers) and asks that the mean difference have the right sign, reach a floor (about
half of what it was when written) and be at least three standard errors from zero. It is not
asserted that a measure helps everywhere: reserves sent ahead, for one, are missed where they came
from, which has a test of its own.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.interventions import BEGIN, LAWS, STANDING
from standfast.engine.run import Run, run_replicate
from standfast.scenario.interventions import SIZE_MEANS
from standfast.scenario.vocabulary import LOG_KINDS, SERVING, STATUS
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.results.recording import Recording

    Outcome = Callable[[Recording], float]

N_REPLICATE = 6
PORT, FORD, FORT = range(3)
SERVES = [STATUS.index(status) for status in SERVING]


def gone(*places: int) -> Outcome:
    """Share of those who served there at the start who do not serve at the end."""

    def outcome(recording: Recording) -> float:
        serving = recording.count[-1][list(places)][:, :, SERVES].sum()
        return float(1.0 - serving / recording.start_count[list(places)].sum())

    return outcome


def back(recording: Recording) -> float:
    """Share of all who served at the start who left and came back."""
    return float(
        recording.count[-1][:, :, STATUS.index("back")].sum() / recording.start_count.sum()
    )


def present(recording: Recording) -> float:
    """People on duty in the port on the fifth day."""
    return float(recording.readings["present"][120, PORT])


def change(**parameters: object) -> dict[str, object]:
    """Behavioural parameters as changes: family__name=value."""
    return {f"behaviour.{name.replace('__', '.')}": value for name, value in parameters.items()}


def attack(at: str, fighters: int, intensity: float) -> dict[str, object]:
    return {"id": "assault", "kind": "attack", "at": at, "place": "port", "fighters": fighters,
            "intensity": intensity}  # fmt: skip


#: no place falls, so that all who go decide to
PRESSED = {"mechanisms.M34.enabled": False} | change(decision__commitment=10.0)
#: what threatens families weighs most
FAMILIES = PRESSED | change(decision__weight_family=12.0, decision__commitment=11.0)
#: the port falls, and the adversary stays there
WORD_ONLY = {"mechanisms.M38.enabled": False} | change(
    combat__break_ratio=0.8, decision__commitment=9.5
)
#: informers have three days before a first probe
BEFORE = {"mechanisms.M34.enabled": False, "events": [attack("72 h", 100, 0.05)]} | change(
    decision__commitment=8.0, decision__weight_family=8.0, exposure__infiltration_growth="1 / d"
) | {"places.port.infiltration": 0.5, "places.port.support": 1.0}  # fmt: skip
#: a determined garrison is overrun by many
OVERRUN = {
    "events": [attack("30 h", 3000, 1.0)],
    **{f"mechanisms.{key}.enabled": False for key in ("M14", "M15", "M38")},
} | change(decision__commitment=12.0, combat__break_ratio=0.8, command__evacuation_skill=0.0)
QUIET = {"events": [attack("143 h", 10, 0.05)]} | change(decision__commitment=12.0)
DETERRED = PRESSED | change(decision__weight_punishment=3.0, decision__punishment_capacity=0.5)
CORRUPT = PRESSED | change(trust__trust_lost_to_corruption=0.8)


class Case(NamedTuple):
    """A measure, what it moves, at least how far (the sign is the direction), and where."""

    kind: str
    outcome: Outcome
    least: float
    changes: dict[str, object]
    more: dict[str, object] = {}  # noqa: RUF012 - read only

    def measures(self, size: float) -> list[dict[str, object]]:
        return [{"kind": self.kind, "size": size} | self.more]


CASES = (
    Case("answer_calls", gone(PORT), -0.12, FAMILIES, {"delay": "3 h"}),
    Case("keep_leaders", gone(PORT), -0.2, PRESSED),
    Case("verified_channel", gone(FORD), -0.12, WORD_ONLY),
    Case("move_families", gone(PORT, FORD), -0.018, FAMILIES),
    Case("protect_records", gone(PORT, FORD), -0.03, FAMILIES),
    Case("clear_moles", gone(PORT), -0.06, BEFORE),
    Case("end_ghosts", gone(PORT, FORD), -0.015, CORRUPT),
    Case("pay_training_supply", gone(PORT), -0.08, PRESSED),
    Case("station_away", gone(PORT), -0.014, FAMILIES),
    Case("sanction", gone(PORT, FORD), -0.02, DETERRED),
    Case("amnesty", back, +0.013, PRESSED),
    Case("ordered_withdrawal", gone(PORT), -0.3, OVERRUN),
    Case("mobilise_volunteers", gone(FORD), -0.25, {}),
    Case("leave_policy", present, +40.0, QUIET),
    Case("reserves_ahead", gone(PORT), -0.08, PRESSED, {"to": "port", "start": "24 h"}),
)  # fmt: skip
OF_KIND = {case.kind: case for case in CASES}


@cache
def _replicates(changes: str) -> tuple[Recording, ...]:
    plan = compile_plan(proving_ground(json.loads(changes)), 1)
    with ThreadPoolExecutor(2) as threads:
        return tuple(threads.map(lambda k: run_replicate(plan, k), range(N_REPLICATE)))


def replicates(
    changes: dict[str, object], measures: list[dict[str, object]]
) -> tuple[Recording, ...]:
    """Recordings of the proving ground with changes and measures; kept, as cases share them."""
    return _replicates(json.dumps(changes | {"interventions": measures}, sort_keys=True))


def one(changes: dict[str, object], measures: list[dict[str, object]]) -> Recording:
    """Return one run of the proving ground."""
    return run_replicate(compile_plan(proving_ground(changes | {"interventions": measures}), 1), 0)


def effect(case: Case, size: float) -> tuple[float, float]:
    """Mean paired difference that a measure makes, and its standard error."""
    pairs = zip(
        replicates(case.changes, case.measures(size)), replicates(case.changes, []), strict=True
    )
    paired = np.array([case.outcome(on) - case.outcome(no) for on, no in pairs])
    return float(paired.mean()), float(paired.std(ddof=1) / np.sqrt(paired.size))


def is_clear(case: Case, mean: float, error: float) -> bool:
    """Tell whether an effect has the right sign, is large enough, and is no accident."""
    along = mean * np.sign(case.least)
    return bool(along >= abs(case.least) and along >= 3.0 * error)


def test_every_kind_has_a_case_and_a_function():
    assert [case.kind for case in CASES] == list(SIZE_MEANS) == list(BEGIN)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_a_measure_helps(case):
    mean, error = effect(case, 1.0)
    assert is_clear(case, mean, error), (
        f"{case.kind}: {mean:+.4f} +- {error:.4f}, at least {case.least:+}"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_half_a_measure_helps_no_more(case):
    along = np.sign(case.least)
    (full, error), (half, _) = effect(case, 1.0), effect(case, 0.5)
    assert 0.0 < along * half <= along * full + 2.0 * error, f"{full:+.4f} {half:+.4f}"
    for recording in (*replicates(case.changes, case.measures(0.5)),
                      *replicates(case.changes, case.measures(1.0))):  # fmt: skip
        assert recording.check() == ()
        assert (recording.count.sum(axis=(1, 2, 3)) == recording.n_agent).all()


def test_a_measure_that_does_nothing_would_be_seen():
    case = OF_KIND["clear_moles"]._replace(more={"start": "200 h"})
    assert not is_clear(case, *effect(case, 1.0))


def test_reserves_sent_ahead_are_missed_where_they_came_from():
    """In the proving ground the front would have halted at the fort that they leave."""
    case = OF_KIND["reserves_ahead"]._replace(outcome=gone(FORT), changes={}, least=+0.3)
    assert is_clear(case, *effect(case, 1.0))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_of_size_zero_it_changes_nothing_but_its_line_of_the_log(case):
    more = {"battalions": 2} if case.kind in ("answer_calls", "reserves_ahead") else {}
    with_it = one(case.changes, [case.measures(0.0)[0] | more])
    without = replicates(case.changes, [])[0]
    assert differing_arrays(with_it, without) == ("log",)
    rest = with_it.log[with_it.log["kind"] != LOG_KINDS.index("intervention")]
    assert rest.tobytes() == without.log.tobytes()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_after_the_horizon_it_changes_nothing(case):
    late = one(case.changes, [case.measures(1.0)[0] | {"start": "144 h"}])
    assert differing_arrays(late, replicates(case.changes, [])[0]) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
def test_it_changes_nothing_before_its_start(case):
    late = one(case.changes, [case.measures(1.0)[0] | {"start": "29 h"}])
    without = replicates(case.changes, [])[0]
    assert late.count[:30].tobytes() == without.count[:30].tobytes()
    for name, series in late.readings.items():
        assert series[:30].tobytes() == without.readings[name][:30].tobytes()
    assert "log" in differing_arrays(late, without)


@pytest.mark.parametrize("kind", SIZE_MEANS)
def test_duration_ends_what_stands_and_nothing_else(kind):
    """What was done once stays done: families moved, moles cleared out, troops trained or sent."""
    case = OF_KIND[kind]
    lasting = case.measures(1.0)[0] | {"start": "10 h", "places": ["port"]}
    if kind == "reserves_ahead":
        lasting |= {"places": []}
    short = lasting | {"duration": "5 h"}
    runs = {}
    for name, measures in (("lasting", [lasting]), ("short", [short]), ("none", [])):
        runs[name] = Run(
            compile_plan(proving_ground(case.changes | {"interventions": measures}), 1), 0
        )
        for _ in range(15):
            runs[name].advance()
    assert _standing(runs["short"], kind) == _standing(runs["lasting"], kind)
    for run in runs.values():
        run.advance()
    stands = kind in STANDING or kind in LAWS
    assert (_standing(runs["lasting"], kind) != _standing(runs["none"], kind)) == stands
    assert _standing(runs["short"], kind) == _standing(runs["none"], kind)
    if not stands:
        for name, array in runs["short"].arrays.items():
            assert array.tobytes() == runs["lasting"].arrays[name].tobytes(), name


def _standing(run: Run, kind: str) -> tuple[bytes, ...]:
    """Return the arrays that hold a standing measure, empty for one that is done once."""
    arrays = run.arrays
    if kind == "sanction":
        return (arrays["legitimacy"].tobytes(),)
    if kind == "amnesty":
        return (arrays["amnesty"].tobytes(),)
    if kind == "answer_calls":
        return arrays["answer"].tobytes(), arrays["call_delay"].tobytes()
    return (arrays[STANDING[kind][0]].tobytes(),) if kind in STANDING else ()


@pytest.mark.parametrize("order", [1, -1])
def test_the_end_of_one_does_not_end_another(order):
    """The strongest in force counts, in whichever order they are listed."""
    measures = [
        {"kind": "keep_leaders", "size": 0.9, "duration": "5 h"},
        {"kind": "keep_leaders", "size": 0.4, "start": "2 h", "duration": "10 h", "places": ["port"]},
        {"kind": "keep_leaders", "size": 0.6, "start": "12 h"},
    ][::order]  # fmt: skip
    run = Run(compile_plan(proving_ground({"interventions": measures}), 1), 0)
    seen = []
    for _ in range(13):
        run.advance()
        seen.append(tuple(run.arrays["leaders_kept"][:2]))
    assert seen == [(0.9, 0.9)] * 5 + [(0.4, 0.0)] * 7 + [(0.6, 0.6)]


#: port and ford know nothing of each other: no roads, no ties between them, no news that carries
APART = {
    "roads": [],
    "network.phone_mean": 0,
    "forces.port-brigade.homes": {"port": 1.0},
    "forces.ford-police.homes": {"ford": 1.0},
    "forces.fort-brigade.homes": {"fort": 1.0},
    "population.exposed": 0.5,
    "events": [
        attack("30 h", 300, 0.5),
        {"id": "raid", "kind": "attack", "at": "30 h", "place": "ford", "fighters": 60},
        {"id": "go", "kind": "commanders_leave", "at": "40 h", "place": "port"},
        {"id": "alarm", "kind": "mass_message", "at": "35 h", "places": ["port"]},
    ],
    **{f"mechanisms.{key}.enabled": False for key in ("M34", "M35", "M37", "M38", "M40")},
} | change(
    information__weight_floor=0.0, information__distance_scale="1 km", command__flight_rate="0 / h",
    command__answer_probability=0.0, decision__commitment=10.0,
)  # fmt: skip


@pytest.mark.parametrize("kind", list(SIZE_MEANS))
def test_places_limit_it(kind):
    more = {"to": "fort"} if kind == "ordered_withdrawal" else OF_KIND[kind].more
    there = one(APART, [{"kind": kind, "size": 1.0, "places": ["port"]} | more])
    nowhere = replicates(APART, [])[0]
    assert at(there, FORD) == at(nowhere, FORD)
    assert at(there, PORT) != at(nowhere, PORT)


def at(recording: Recording, place: int) -> tuple[bytes, ...]:
    """Return everything that happened to a place and to those who were posted there."""
    series = [recording.readings[name][:, place].tobytes() for name in sorted(recording.readings)]
    sums = (recording.count[:, place], recording.departures[place], recording.cause[place])
    return (*series, *(array.tobytes() for array in sums))
