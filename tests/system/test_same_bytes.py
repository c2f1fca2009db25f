"""The same scenario, seed and replicate give the same bytes, whoever asks and whatever else runs.

Threads, other replicates, another process, hash seed or compiler cache, the size of the chunks in
which agents are advanced, and newer instructions of the processor: every byte of people, plan and
run. Interpreted kernels round some sums of single precision otherwise: every whole number. Not
asserted: other kinds of processor than this one, which cannot be had here (docs/validation/bytes.md).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from standfast.engine.compile import compile_plan
from standfast.engine.run import run_replicate
from standfast.experiment.ensemble import run_ensemble
from standfast.scenario.load import load_scenario
from standfast.testing.alike import differing_arrays
from standfast.testing.circumstances import circumstances, newer_in_numpy
from standfast.testing.fingerprint import fingerprint, fingerprint_of_plan
from standfast.testing.proving_ground import proving_ground

CASES = {"garrison": lambda: load_scenario("garrison"), "proving-ground": proving_ground}
SCRIPTS = Path(__file__).parent / "scripts"
SEED = 3
COMPILE = "from standfast.engine.warm import compile_kernels; print(compile_kernels())"
#: people for a second of interpreted code, and everything happens soon
SMALL = {
    "time.horizon": "18 h", "behaviour.decision.commitment": 5.0, "events.leak.at": "1 h",
    "events.assault.at": "3 h", "events.assault.fighters": 20, "events.stand.at": "4 h",
    "events.alarm.at": "5 h", "events.storm.at": "8 h", "events.go.at": "9 h", "events.home.at": "10 h",
    "forces.port-brigade.paper": 60, "forces.port-police.paper": 40,
    "forces.ford-police.paper": 20, "forces.fort-brigade.paper": 30,
}  # fmt: skip
#: whole numbers do not depend on how intermediate sums are rounded
WHOLE = (
    "count",
    "departures",
    "departed",
    "start_count",
    "resolute_departures",
    "n_agent",
    "n_step",
    "agent_steps",
)
#: shown at the size of a quick test; the others compile everything anew
QUICK = ("another process", "another hash seed", "older instructions in numpy",
         "older instructions in the C library")  # fmt: skip


@cache
def plan_of(case: str):
    return compile_plan(CASES[case](), SEED)


@cache
def recording_of(case: str, replicate: int):
    return run_replicate(plan_of(case), replicate)


def told(case: str, replicate: int) -> dict[str, str]:
    return fingerprint_of_plan(plan_of(case)) | fingerprint(recording_of(case, replicate))


def in_a_fresh_process(*arguments: str, **environment: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        capture_output=True, text=True, check=False, env=os.environ | environment, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run_afresh(case: str, replicate: int, **environment: str) -> dict[str, str]:
    module = ("-m", "standfast.testing.fingerprint")
    return in_a_fresh_process(*module, case, str(SEED), str(replicate), **environment)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("threads", [1, 2, 4])
def test_alone_or_as_number_seven_of_ten(case, threads):
    plan = plan_of(case)
    with ThreadPoolExecutor(threads) as pool:
        together = list(pool.map(lambda k: run_replicate(plan, k), range(10)))
    for k in (0, 7):
        assert differing_arrays(together[k], recording_of(case, k)) == ()
    assert "count" in differing_arrays(together[0], together[1])


@pytest.mark.parametrize("threads", [1, 4])
def test_alone_or_as_number_57_of_100(threads):
    plan = compile_plan(proving_ground(SMALL), SEED)
    with ThreadPoolExecutor(threads) as pool:
        together = list(pool.map(lambda k: run_replicate(plan, k), range(100)))
    alone = run_replicate(compile_plan(proving_ground(SMALL), SEED), 57)
    assert differing_arrays(together[57], alone) == ()
    assert differing_arrays(together[56], alone) != ()


def test_an_ensemble_of_200_begins_with_that_of_100():
    few, many = (
        run_ensemble(proving_ground(SMALL), n, SEED, threads=2, progress=False) for n in (100, 200)
    )
    first = many.series.sel(replicate=few.series.replicate)
    assert sorted(first.data_vars) == sorted(few.series.data_vars)
    for name, values in few.series.data_vars.items():
        assert first[name].to_numpy().tobytes() == values.to_numpy().tobytes(), name
    for name in ("runs", "events"):
        rows = getattr(many, name)
        assert rows[rows["replicate"] < 100].equals(getattr(few, name))
    assert not few.runs.iloc[:50].equals(few.runs.iloc[50:])


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", QUICK)
def test_a_fresh_process_says_the_same(case, name, tmp_path):
    assert run_afresh(case, 2, **circumstances(tmp_path)[name]) == told(case, 2)


@pytest.mark.parametrize(
    "name",
    ["older instructions everywhere", pytest.param("a cold cache of compiled code", marks=pytest.mark.slow)],
)  # fmt: skip
def test_a_cold_and_a_warm_cache_say_the_same(name, tmp_path):
    """Everything is compiled, for an older processor or this one; what runs afterwards finds it."""
    environment = circumstances(tmp_path)[name]
    in_a_fresh_process("-c", COMPILE, **environment)
    # the second process that compiled it had the types that the pass hands to it
    compiled = Path(environment["NUMBA_CACHE_DIR"]).rglob("leaving.leave_companies-*.nbc")
    assert len(list(compiled)) == 1
    for case in ("garrison", "garrison", "proving-ground"):
        assert run_afresh(case, 2, **environment) == told(case, 2)


def test_the_switches_do_switch_something(tmp_path):
    """Functions of numpy and of the C library change their last bits, where the processor has more."""
    module = ("-m", "standfast.testing.circumstances")
    usual = in_a_fresh_process(*module)
    for name, where in (
        ("older instructions in numpy", "numpy"),
        ("older instructions in the C library", "C library"),
    ):
        older = in_a_fresh_process(*module, **circumstances(tmp_path)[name])
        assert (older[where] != usual[where]) == ("X86_V3" in newer_in_numpy())


@pytest.mark.slow
def test_other_people_of_a_full_case_on_an_older_processor(tmp_path):
    """A quarter of a million people are built alike, though the laws they follow use the C library."""
    everywhere = circumstances(tmp_path)["older instructions everywhere"]
    build = (
        "import json; from standfast.engine.compile import compile_plan; "
        "from standfast.scenario.load import load_scenario; "
        "from standfast.testing.fingerprint import fingerprint_of_plan; "
        "print(json.dumps(fingerprint_of_plan(compile_plan(load_scenario('mosul-2014'), 1))))"
    )
    usual = in_a_fresh_process("-c", build)
    assert in_a_fresh_process("-c", build, **everywhere) == usual


def test_another_seed_says_something_else():
    other = run_replicate(compile_plan(proving_ground(), SEED + 1), 0)
    assert "count" in differing_arrays(other, recording_of("proving-ground", 0))


def test_a_second_run_of_a_plan_finds_it_untouched():
    """Interventions change copies; a plan that a run wrote to would show here."""
    changes = {"interventions": [
        {"kind": "sanction", "size": 1.0, "start": "5 h"},
        {"kind": "pay_training_supply", "size": 0.5, "start": "6 h"},
        {"kind": "end_ghosts", "size": 0.5, "start": "7 h"},
    ]}  # fmt: skip
    plan = compile_plan(proving_ground(changes), SEED)
    assert differing_arrays(run_replicate(plan, 0), run_replicate(plan, 0)) == ()
    assert not any(array.flags.writeable for array in plan.arrays.values())


def chunks(
    changes: dict[str, object], *sizes: int, **environment: str
) -> dict[str, dict[str, str]]:
    script = (str(SCRIPTS / "chunks.py"), json.dumps(changes), *map(str, sizes))
    return in_a_fresh_process(*script, **environment)


def test_interpreted_kernels_agree_with_compiled_ones_in_chunks_of_any_size():
    interpreted = chunks(SMALL, 1, 2, 3, 32, NUMBA_DISABLE_JIT="1")
    compiled = fingerprint(run_replicate(compile_plan(proving_ground(SMALL), 1), 0))
    assert all(interpreted[size] == interpreted["32"] for size in ("1", "2", "3"))
    whole = {name: interpreted["32"][name] for name in WHOLE}
    assert whole == {name: compiled[name] for name in WHOLE}
    # what whole numbers are promised for is not met by every byte
    assert interpreted["32"]["readings.fear"] != compiled["readings.fear"]


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 7])
def test_compiled_in_chunks_of_another_size(size, tmp_path):
    """A day in which much happens to forty companies, compiled anew to advance so many at a time."""
    busy = {"time.horizon": "24 h", "events.assault.at": "1 h", "events.alarm.at": "3 h"}
    plan = compile_plan(proving_ground(busy), 1)
    assert plan.people.n_company > 32
    other = chunks(busy, size, NUMBA_CACHE_DIR=str(tmp_path))[str(size)]
    assert other == fingerprint(run_replicate(plan, 0))
