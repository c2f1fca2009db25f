"""`standfast bench` finds its problems or says where they are; times are for people, and asserted nowhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from standfast.cli.bench import PARTS, find_suite
from standfast.cli.main import run_command
from standfast.errors import RunError

SPEED = Path(__file__).parents[2] / "benchmarks" / "speed"


@pytest.fixture
def suite(monkeypatch):
    """Import the modules of the suite, which stand outside the package."""
    monkeypatch.syspath_prepend(str(SPEED))
    for name in ("suite", "problems", "measuring", "ours", "hand"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import suite  # noqa: PLC0415

    return suite


def test_the_parts_are_those_of_the_suite(suite):
    assert sorted(suite.PARTS) == list(PARTS)


def test_outside_a_checkout_it_says_where_the_problems_are(tmp_path):
    with pytest.raises(RunError, match="not here"):
        find_suite(tmp_path)


def test_a_part_that_does_not_exist_is_refused(capsys):
    assert run_command(["bench", "--only", "B9"]) == 3
    assert "The parts are B1" in capsys.readouterr().err


def test_programs_give_one_answer_on_a_small_cascade(suite, tmp_path):
    from hand import threshold as by_hand  # noqa: PLC0415
    from measuring import answer_of, read  # noqa: PLC0415
    from ours import threshold as by_engine  # noqa: PLC0415
    from problems import waves  # noqa: PLC0415

    problem = read(suite.problem_file("threshold", 2000, tmp_path))
    answers = {"ours": answer_of(by_engine(problem)()), "hand": answer_of(by_hand(problem)())}
    suite.same(answers, 2000)
    assert sum(waves(problem)) == 2000
    assert len(answers["ours"]["by_step"]) > 10
    answers["wrong"] = answer_of(np.zeros(2000, np.int64))
    with pytest.raises(SystemExit, match="wrong differ"):
        suite.same(answers, 2000)


def test_what_is_committed_was_measured_in_rounds_and_says_where():
    files = sorted((SPEED.parent / "results").glob("B[1-4].json"))
    assert files
    for part in files:
        found = json.loads(part.read_text())
        assert {"processor", "cores", "numba", "numpy", "commit", "load_before"} <= set(
            found["circumstances"]
        )
        assert all(row["rounds"] >= 3 and row["cpu_ns"] > 0 for row in found["rows"]), part.name
        assert {row["program"] for row in found["rows"]} > {"standfast"}, part.name
