"""`standfast report DIR`: the same page again from a saved result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from standfast.cli.main import run_command
from standfast.report.page import write_report
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    result = synthetic_result(tiny_scenario(), 4)
    return result.save(
        tmp_path / "out", pages={"report.html": lambda path: write_report(result, path)}
    )


def test_makes_the_page_that_the_run_made(saved: Path, capsys: pytest.CaptureFixture[str]):
    page = saved / "report.html"
    before = page.read_bytes()
    page.unlink()
    assert run_command(["report", str(saved)]) == 0
    assert page.read_bytes() == before
    assert "report.html" in capsys.readouterr().out


def test_writes_elsewhere_when_asked(saved: Path, tmp_path: Path):
    assert run_command(["report", str(saved), "--out", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").read_bytes() == (saved / "report.html").read_bytes()


@pytest.mark.parametrize("words", [["nowhere"], ["DIR", "--out", "no/such/folder/page.html"]])
def test_a_path_that_does_not_work_is_told(
    saved: Path, words: list[str], capsys: pytest.CaptureFixture[str]
):
    assert run_command(["report", *(str(saved) if word == "DIR" else word for word in words)]) == 4
    told = capsys.readouterr().err
    assert "page.html" in told or "nowhere" in told
    assert "Traceback" not in told
