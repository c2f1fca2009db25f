"""Keys, rows, ledger, watch, forecast, crew: the pieces of a sweep, one by one."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from standfast.errors import RunError, StoreError
from standfast.experiment.chunks import cut
from standfast.experiment.cluster import check_address
from standfast.experiment.crew import Means
from standfast.experiment.forecast import Forecast, check_forecast, forecast
from standfast.experiment.keys import RunRequest, differing_parts, model_version, run_key
from standfast.experiment.ledger import LEDGER, Counts, Ledger, store_errors
from standfast.experiment.outcome import Agents, Keep, Outcome, pack_row, packed
from standfast.experiment.queueing import enqueue
from standfast.experiment.rows import build_table, columns_of
from standfast.experiment.watch import InLines, Nowhere, Watch
from standfast.scenario.dump import sha256
from standfast.testing.scenarios import tiny_scenario

KEEP = Keep()


def requests(n=3, label="a", scenario=None):
    scenario = scenario or tiny_scenario()
    return [RunRequest(scenario, 1, replicate, label) for replicate in range(n)]


def outcome(number, verdict="held", **more):
    return Outcome(pack_row({"replicate": number, "verdict": verdict, **more}), seconds=1.0)


@pytest.fixture
def ledger():
    with closing(Ledger()) as opened:
        enqueue(opened, requests(), "{}", {"keep": "{}"})
        yield opened


# Keys


def test_a_key_depends_on_all_four_and_on_nothing_else():
    base = ("0" * 64, 1, 2, "{}")
    others = [("1" * 64, 1, 2, "{}"), ("0" * 64, 2, 2, "{}"), ("0" * 64, 1, 1, "{}"),
              ("0" * 64, 1, 2, '{"code":"x"}')]  # fmt: skip
    keys = {run_key(*parts) for parts in [base, *others]}
    assert len(keys) == 5
    assert run_key(*base) == run_key(*base)


def test_the_model_version_names_code_and_libraries():
    parts = json.loads(model_version())
    assert {"code", "numpy", "numba", "python", "standfast"} <= parts.keys()
    assert differing_parts(model_version(), model_version()) == ()
    changed = json.dumps({**parts, "code": "0"})
    assert differing_parts(changed, model_version()) == (f"code: 0, not {parts['code']}",)


# The ledger


def test_a_run_under_two_labels_is_computed_once(ledger):
    enqueue(ledger, requests(label="b"), "{}")
    counts = ledger.counts()
    assert (counts.runs, counts.requests) == (3, 6)
    assert len(list(ledger.tasks())) == 3


def test_asking_again_adds_nothing_and_says_where_the_rows_are(ledger):
    again = enqueue(ledger, [*requests(2), *requests(1, "new")], "{}")
    assert list(again) == [0, 1, 3]
    assert ledger.counts().requests == 4


def test_requests_that_cannot_all_be_read_leave_nothing(ledger):
    def failing():
        yield from requests(5, "c")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - planted
        enqueue(ledger, failing(), "{}")
    assert ledger.counts().requests == 3


def test_tasks_come_by_scenario_and_read_back_to_it():
    other = tiny_scenario(title="Another")
    pairs = zip(requests(3, "x"), requests(3, "y", other), strict=True)
    with closing(Ledger()) as mixed:
        enqueue(mixed, [request for pair in pairs for request in pair], "{}")
        tasks = list(mixed.tasks())
    assert [task.replicate for task in tasks] == [0, 1, 2, 0, 1, 2]
    assert [task.scenario_sha256 for task in tasks] == [sha256(tiny_scenario())] * 3 + [
        sha256(other)
    ] * 3
    assert [len(chunk.runs) for chunk in cut(tasks, KEEP)] == [3, 3]
    assert [len(chunk.runs) for chunk in cut(tasks, KEEP, most=2)] == [2, 1, 2, 1]


def test_largest_seed_survives():
    with closing(Ledger()) as ledger:
        enqueue(ledger, [RunRequest(tiny_scenario(), 2**64 - 1, 0)], "{}")
        assert next(ledger.tasks()).seed == 2**64 - 1
        ledger.acknowledge([(1, outcome(0))])
        entries = list(ledger.entries())
    assert build_table(entries, columns_of(entries))["seed"].to_pylist() == [2**64 - 1]


def test_an_outcome_that_comes_twice_is_compared(ledger):
    ledger.acknowledge([(1, outcome(0))])
    ledger.acknowledge([(1, outcome(0))])
    with pytest.raises(RunError, match="came out differently"):
        ledger.acknowledge([(2, outcome(1)), (1, outcome(0, "fragmented"))])
    assert ledger.counts().done == 1, "a transaction that fails leaves nothing"


def test_how_it_was_compressed_makes_no_difference():
    raw = Agents(np.arange(5, dtype=np.uint8), np.arange(5, dtype=np.int32)).to_bytes()
    import zlib  # noqa: PLC0415 - only here

    first, second = packed(raw), zlib.compress(raw, 9)
    assert first != second
    assert Outcome("{}", first).is_same(Outcome("{}", second))
    assert not Outcome("{}", first).is_same(Outcome("{}", packed(raw[:-1] + b"x")))


def test_a_damaged_outcome_goes_back_into_the_queue(ledger):
    ledger.acknowledge([(1, outcome(0)), (2, outcome(1))])
    assert ledger.forget_damaged() == 0
    ledger.db.execute("UPDATE run SET row = replace(row, 'held', 'hold') WHERE id = 2")
    assert ledger.forget_damaged() == 1
    assert [task.run for task in ledger.tasks()] == [2, 3]


def test_a_damaged_scenario_is_refused(ledger):
    ledger.db.execute("UPDATE scenario SET json = x'00'")
    with pytest.raises(StoreError, match="a scenario is not as it was written"):
        list(ledger.tasks())


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / LEDGER
    path.write_bytes(b"something else" * 1000)
    with pytest.raises(StoreError, match=r"ledger.sqlite is damaged"), store_errors(tmp_path):
        Ledger(path)


def test_the_log_of_another_ledger_is_not_taken_over(tmp_path):
    (tmp_path / f"{LEDGER}-wal").write_bytes(b"left by another")
    with closing(Ledger(tmp_path / LEDGER)) as ledger:
        assert ledger.counts().runs == 0


def test_memory_of_the_queue_does_not_grow_with_it(ledger):
    """Pages of rows are read, never all of them."""
    seen = []
    ledger.db.set_trace_callback(seen.append)
    enqueue(ledger, (RunRequest(SCENARIO, 1, k, "m") for k in range(2000)), "{}")
    tasks = ledger.tasks()
    next(tasks)
    assert sum("LIMIT" in text for text in seen) == 1
    assert sum(1 for _ in tasks) == 1999


SCENARIO = tiny_scenario()

# Rows


def test_columns_keep_their_type_where_they_are_missing(ledger):
    other = tiny_scenario(title="Another")
    enqueue(ledger, requests(1, "b", other), "{}")
    ledger.acknowledge([(1, outcome(0, places_lost=2)), (4, outcome(0, share_gone=0.5))])
    entries = list(ledger.entries())
    table = build_table(entries, columns_of(entries))
    assert table["places_lost"].to_pylist() == [2, None]
    assert table["share_gone"].to_pylist() == [None, 0.5]
    assert [str(table.schema.field(name).type) for name in ("verdict", "places_lost", "share_gone")] == [
        "string", "int64", "double"]  # fmt: skip


# Watch


def test_early_figures_and_the_time_left():
    lines = []
    times = iter([0.0, 0.0, 10.0, 10.0, 10.0])
    counts = Counts(runs=10, done=2, requests=10, work=100.0, work_done=20.0, seconds=1.0)
    watch = Watch(InLines(lines.append, lambda: next(times)), counts, {"held": 2}, lambda: 10.0)
    watch._began = 0.0
    watch.acknowledged([outcome(3, "total collapse"), outcome(4)], 40.0)
    assert watch.line() == "4 of 10 runs, about 10 s left; held 75 %, total collapse 25 %"


def test_before_the_first_run_no_time_is_promised():
    counts = Counts(runs=10, done=2, requests=10, work=100.0, work_done=20.0, seconds=1.0)
    assert Watch(Nowhere(), counts, {}).line() == "2 of 10 runs"


# Forecast

NEED = Forecast(memory=2_000_000_000, disk=5_000_000_000, seconds=7200.0)


@pytest.mark.parametrize(
    ("free", "disk", "hours", "says"),
    [
        (1_000_000_000, 10**12, None, "needs 2.0 GB of memory, and 1.0 GB are free"),
        (10**12, 1_000_000_000, None, "may need 5.0 GB on the disk of .*, and 1.0 GB are free"),
        (10**12, 10**12, 0.5, "will take about 2 h, and 0.5 h are allowed"),
    ],
    ids=["memory", "disk", "hours"],
)
def test_what_cannot_be_done_is_refused_with_numbers(tmp_path, free, disk, hours, says):
    with pytest.raises(RunError, match=says):
        check_forecast(NEED, tmp_path, hours, free=free, free_disk=disk)
    check_forecast(NEED, tmp_path, 3.0, free=10**12, free_disk=10**12)


def test_the_forecast_grows_with_what_is_kept_and_shrinks_with_what_is_done():
    start = Counts(100, 0, 100, 1e6, 0.0, 0.0)
    late = Counts(100, 90, 100, 1e6, 9e5, 0.0)
    agents = Keep(agents=True)
    assert forecast(SCENARIO, start, agents, 1).disk > forecast(SCENARIO, start, KEEP, 1).disk
    assert forecast(SCENARIO, late, agents, 1).disk < forecast(SCENARIO, start, agents, 1).disk
    assert (
        forecast(SCENARIO, start, KEEP, 2).seconds == forecast(SCENARIO, start, KEEP, 1).seconds / 2
    )
    assert forecast(SCENARIO, start, KEEP, 4).memory > forecast(SCENARIO, start, KEEP, 1).memory


# Who computes


@pytest.mark.parametrize(
    "bad", [{"threads": 0}, {"processes": 0}, {"processes": 1, "cluster": "local"}]
)
def test_means_that_make_no_sense_are_refused(bad):
    with pytest.raises(RunError):
        Means(**bad)


@pytest.mark.parametrize(
    "address",
    [
        "tcp://10.0.0.7:8786",
        "ucx://node7:1",
        "tcp://0.0.0.0:8786",
        "ws://example.org:1",
        "node7:8786",
    ],
)
def test_a_way_that_can_be_listened_to_is_refused(address):
    with pytest.raises(RunError, match="without TLS"):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "tcp://[::1]:8786", "tls://10.0.0.7:8786"]
)
def test_this_machine_and_tls_are_allowed(address):
    check_address(address)


def test_an_unknown_series_is_refused_with_those_there_are():
    with pytest.raises(RunError, match="there is no series joy") as caught:
        Keep(series=("joy",))
    assert "serving" in caught.value.advice


def test_sqlite_knows_what_the_ledger_asks_of_it():
    with closing(sqlite3.connect(":memory:")) as db:
        assert db.execute("SELECT json_extract('{\"a\":1}', '$.a')").fetchone() == (1,)
