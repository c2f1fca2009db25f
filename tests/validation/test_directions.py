"""Every mechanism moves what it should, the way it should; a switch that does nothing fails.

Each case runs the proving ground with a mechanism on and off over the same replicates (common
random numbers: the same people, the same draws) and asks that the mean difference have the right
sign, reach a floor (about a third of what it was when written) and be at least three standard
errors from zero. Cases that would drown in a rout isolate their mechanism by settings of their own.
It is not asserted that the size of an effect is right.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.results.verdict import judge
from standfast.scenario.forces import BRANCHES
from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.vocabulary import SERVING, STATUS
from standfast.testing.alike import differing_arrays
from standfast.testing.proving_ground import proving_ground

if TYPE_CHECKING:
    from collections.abc import Callable

    from standfast.results.recording import Recording

    Outcome = Callable[[Recording], float]

N_REPLICATE = 8
PORT, FORD, FORT = range(3)
SERVES = [STATUS.index(status) for status in SERVING]


def gone(*places: int, branch: str | None = None) -> Outcome:
    """Share of those who served there at the start who do not serve at the end."""
    branches = [BRANCHES.index(branch)] if branch else list(range(len(BRANCHES)))

    def outcome(recording: Recording) -> float:
        start = recording.start_count[np.ix_(places, branches)].sum()
        serving = recording.count[-1][np.ix_(places, branches, SERVES)].sum()
        return float(1.0 - serving / start)

    return outcome


def ended(*statuses: str) -> Outcome:
    """Share of all who served at the start who end in one of these statuses."""
    codes = [STATUS.index(status) for status in statuses]
    return lambda r: float(r.count[-1][:, :, codes].sum() / r.start_count.sum())


def reading(name: str, place: int, hour: int) -> Outcome:
    return lambda r: float(r.readings[name][hour, place])


def most(name: str) -> Outcome:
    """Largest sum of a reading over all places."""
    return lambda r: float(r.readings[name].sum(axis=1).max())


def lost(*places: int) -> Outcome:
    return lambda r: float(np.isfinite(r.lost_hour[list(places)]).sum())


def change(**parameters: object) -> dict[str, object]:
    """Behavioural parameters as changes: family__name=value."""
    return {f"behaviour.{name.replace('__', '.')}": value for name, value in parameters.items()}


def attack(at: str, fighters: int = 300) -> dict[str, object]:
    """An attack that only probes."""
    return {"id": "assault", "kind": "attack", "at": at, "place": "port", "fighters": fighters,
            "intensity": 0.05}  # fmt: skip


ALARM = {"id": "alarm", "kind": "mass_message", "at": "44 h", "reach": 0.05,
         "places": ["port", "ford", "fort"]}  # fmt: skip
ALONE = {"interventions": []}
#: no place falls, so that all who go decide to
PRESSED = {"mechanisms.M34.enabled": False} | change(decision__commitment=10.0)
#: what threatens families weighs most
FAMILIES = PRESSED | change(decision__weight_family=12.0, decision__commitment=11.0)
#: the port falls, and the adversary stays there
WORD_ONLY = {"mechanisms.M38.enabled": False} | change(
    combat__break_ratio=0.8, decision__commitment=9.5
)
#: a message and nothing else, to people who doubt
MESSAGE = ALONE | {"events": [attack("143 h"), ALARM]} | change(decision__commitment=7.0)
#: informers have three days before a first probe
BEFORE = PRESSED | ALONE | {"events": [attack("72 h", 100)]} | change(
    decision__commitment=8.0, decision__weight_family=8.0, exposure__infiltration_growth="1 / d"
) | {"places.port.infiltration": 0.1, "places.port.support": 1.0}  # fmt: skip
#: more than half are gone before the port falls, and nobody can say why
UNEXPLAINED = WORD_ONLY | {
    "events.home.share": 1.0,
    "forces.fort-brigade.commitment": 1.0,
} | change(
    combat__break_ratio=0.05, combat__least_present=0.45, decision__commitment=9.0,
    command__order_decay="200 h", command__order_by_flight=3.0, information__copy_discount=1.0,
    information__treachery_after_fall=1.0, information__fear_of_treachery=0.4,
    belief__belief_of_treachery=2.0,
)  # fmt: skip
#: phones are silent, so that word comes by people on the roads
BY_ROAD = WORD_ONLY | {"events.alarm.reach": 0.0} | change(
    information__phone_contact_rate="0 / h", information__kin_contact_rate="0 / h",
    information__public_contact_rate="0.02 / h",
)  # fmt: skip


class Case(NamedTuple):
    """One mechanism, what it moves, at least how far (the sign is the direction), and where."""

    mechanism: str
    outcome: Outcome
    least: float
    changes: dict[str, object]
    name: str = ""

    @property
    def id(self) -> str:
        return f"{self.mechanism} {self.name or MECHANISMS[self.mechanism]}"


CASES = (
    # word gets round
    Case("M01", gone(FORD, FORT), +0.03, MESSAGE),
    Case("M02", gone(FORD), +0.15, WORD_ONLY),
    Case("M03", gone(FORT), +0.06, UNEXPLAINED),
    Case("M04", gone(FORD), -0.01, MESSAGE | {"places.ford.infiltration": 1.0}
         | change(information__public_contact_rate="0 / h", information__kin_contact_rate="0 / h"),
         "an alarm is not passed on by phones believed tapped"),
    Case("M05", gone(FORD), -0.04, WORD_ONLY | change(
         information__correction_rate="0.1 / h", information__reassurance_by_correction=1.0)),
    # fear and family
    Case("M06", gone(PORT), +0.05, PRESSED),
    Case("M07", gone(PORT), +0.01, BEFORE),
    Case("M08", gone(PORT), +0.06, FAMILIES),
    Case("M09", gone(PORT), +0.05, FAMILIES),
    Case("M10", gone(PORT), -0.02, FAMILIES | {"population.means": 1.0} | change(
         family__moving_rate="1 / h", family__house_taken=0.0)),
    Case("M11", ended("renounced"), +0.01, {}),
    Case("M12", ended("hiding"), +0.02, {}),
    # command and trust
    Case("M13", gone(PORT), -0.03, PRESSED | {"interventions.1.size": 1.0}, "calls are answered"),
    Case("M13", gone(PORT), +0.03, PRESSED | {"interventions.1.size": 0.0}
         | change(decision__commitment=11.0, command__answer_probability=0.0), "calls in vain"),
    Case("M14", gone(PORT), +0.03, PRESSED),
    Case("M15", gone(PORT), +0.10, PRESSED),
    Case("M16", gone(PORT), +0.02, PRESSED),
    Case("M17", gone(PORT), +0.04, PRESSED, "an ambiguous order to leave"),
    Case("M17", gone(PORT), -0.04, PRESSED | {"events.home.share": 0.0}
         | change(decision__commitment=8.0, belief__belief_of_stand_order=3.0), "an order to stand"),
    Case("M18", gone(PORT), +0.012, PRESSED),
    Case("M19", gone(FORD), +0.10, WORD_ONLY | change(command__order_by_call_up=2.0)),
    Case("M20", gone(PORT), -0.03, PRESSED | change(
         decision__weight_punishment=3.0, decision__punishment_capacity=0.5)),
    Case("M21", gone(FORD, FORT), -0.008, WORD_ONLY | change(trust__trust_decay="2 d")),
    Case("M21", reading("trust", FORT, 144), +0.015, WORD_ONLY | change(trust__trust_decay="2 d"),
         "trust comes back"),
    # comrades and resolve
    Case("M22", gone(PORT), +0.04, PRESSED),
    Case("M23", gone(PORT), -0.03, PRESSED),
    Case("M24", gone(PORT), +0.05, PRESSED),
    Case("M25", gone(PORT), +0.012, PRESSED | change(decision__cross_pressure=3.0)),
    Case("M26", gone(PORT, branch="local_police"), +0.05, PRESSED),
    # leaving
    Case("M27", ended("dead", "captured"), -0.015, PRESSED | change(exits__flight_risk=0.5)),
    Case("M28", ended("dead", "captured"), +0.015, PRESSED | change(exits__flight_risk=0.5)),
    Case("M29", ended("displaced"), +0.15, {}),
    Case("M30", ended("abroad"), +0.006, {}),
    Case("M31", ended("defected"), +0.001, {}),
    Case("M32", ended("back"), +0.01, {}),
    # the front
    Case("M33", lost(PORT), +0.4, {}),
    Case("M34", lost(PORT, FORD), +0.5, {}),
    Case("M35", most("attack"), +10.0, {}),
    Case("M36", most("fighters"), +15.0, {}),
    Case("M37", most("fighters"), +10.0, {}),
    Case("M38", lost(FORD), +0.3, WORD_ONLY | {"mechanisms.M38.enabled": True}),
    Case("M39", gone(FORT), -0.09, {}),
    Case("M39", reading("defence", FORT, 144), +100.0, {}, "volunteers stiffen the defence"),
    Case("M40", gone(FORD), +0.15, BY_ROAD),
    Case("M40", most("refugees"), +5000.0, {}, "the roads fill"),
)  # fmt: skip


@cache
def _replicates(changes: str) -> tuple[Recording, ...]:
    plan = compile_plan(proving_ground(json.loads(changes)), 1)
    with ThreadPoolExecutor(2) as threads:
        return tuple(threads.map(lambda k: run_replicate(plan, k), range(N_REPLICATE)))


def replicates(changes: dict[str, object]) -> tuple[Recording, ...]:
    """Recordings of the proving ground with changes; kept, as many cases share a baseline."""
    return _replicates(json.dumps(changes, sort_keys=True))


def without(mechanism: str) -> dict[str, object]:
    return {f"mechanisms.{mechanism}.enabled": False}


def effect(case: Case, off: dict[str, object]) -> tuple[float, float]:
    """Mean difference that the mechanism makes over paired replicates, and its standard error."""
    pairs = zip(replicates(case.changes), replicates(case.changes | off), strict=True)
    paired = np.array([case.outcome(on) - case.outcome(no) for on, no in pairs])
    return float(paired.mean()), float(paired.std(ddof=1) / np.sqrt(paired.size))


def is_clear(case: Case, mean: float, error: float) -> bool:
    """Tell whether an effect has the right sign, is large enough, and is no accident."""
    along = mean * np.sign(case.least)
    return bool(along >= abs(case.least) and along >= 3.0 * error)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_mechanism_works_in_its_direction(case):
    mean, error = effect(case, without(case.mechanism))
    assert is_clear(case, mean, error), (
        f"{case.id}: {mean:+.4f} +- {error:.4f}, at least {case.least:+}"
    )


def test_every_mechanism_has_a_direction():
    assert {case.mechanism for case in CASES} == set(MECHANISMS) - {"M41"}


def test_a_dead_switch_would_be_seen():
    case = CASES[0]
    assert not is_clear(case, *effect(case, {}))


def test_a_switch_the_wrong_way_round_would_be_seen():
    case = next(case for case in CASES if case.mechanism == "M15")
    assert not is_clear(case._replace(least=-case.least), *effect(case, without("M15")))


@pytest.mark.parametrize("mechanism", [key for key in MECHANISMS if key != "M41"])
def test_a_run_without_a_mechanism_is_sound_and_different(mechanism):
    pairs = zip(replicates(without(mechanism)), replicates({}), strict=True)
    differs = []
    for off, on in pairs:
        assert off.check() == ()
        differs.append(bool(differing_arrays(off, on)))
    assert any(differs)


def test_m41_gives_no_verdict_when_it_is_off():
    """M41 classifies a run that is over: off, the run is the same and nothing is called by name."""
    off, on = replicates(without("M41"))[0], replicates({})[0]
    assert differing_arrays(off, on) == ()
    judged = judge(on, proving_ground(), 30.0)
    assert judged.overall_verdict is not None
    silent = judge(off, proving_ground(without("M41")), 30.0)
    assert silent.overall_verdict is None
    assert set(silent.verdict) == {None}
    assert silent.overall_share_gone == judged.overall_share_gone
