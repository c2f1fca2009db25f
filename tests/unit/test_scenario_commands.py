"""The commands about scenario files, in this process: what they print, and their exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from standfast.cli import main as command_line
from standfast.cli.main import COMMANDS, run_command
from standfast.scenario.load import load_scenario

TOWN = str(Path(__file__).parents[1] / "data" / "town.yaml")


def test_check_says_that_nothing_is_wrong(capsys):
    assert run_command(["check", TOWN, "garrison"]) == 0
    shown = capsys.readouterr()
    assert shown.out.count("nothing wrong") == 2
    assert "2,600 people on paper in 2 forces" in shown.out
    assert shown.err == ""


def test_check_tells_about_every_file_and_keeps_the_worst_code(tmp_path, capsys):
    bad = tmp_path / "bad.yaml"
    bad.write_text("standfast: 1\n")
    assert run_command(["check", str(bad), TOWN]) == 2
    assert run_command(["check", str(bad), "nowhere.yaml"]) == 4
    shown = capsys.readouterr()
    assert "nothing wrong" in shown.out
    assert "time: is missing" in shown.err
    assert "nowhere.yaml does not exist" in shown.err


def test_options_change_values(capsys):
    assert run_command(["check", TOWN, "--set", "time.horizon=5 d"]) == 0
    assert "120 h" in capsys.readouterr().out
    assert run_command(["check", TOWN, "--set", "time.horizon=5"]) == 2
    assert "--set time.horizon: is 5 and carries no unit" in capsys.readouterr().err


def test_help_lists_every_command_without_importing_them(capsys, monkeypatch):
    monkeypatch.setattr(command_line, "import_module", None)
    assert run_command(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("arguments", [["chekc"], ["check"], ["check", TOWN, "--nonsense"], []])
def test_a_wrong_command_is_told_with_code_2(arguments, capsys):
    assert run_command(arguments) == 2
    shown = capsys.readouterr()
    assert "Usage: standfast" in shown.err + shown.out
    assert arguments != ["chekc"] or "Did you mean 'check'?" in shown.err


def test_version(capsys):
    assert run_command(["--version"]) == 0
    assert capsys.readouterr().out.startswith("standfast 0.")


def test_new_writes_a_file_that_checks(tmp_path, capsys):
    path = tmp_path / "My case.yaml"
    assert run_command(["new", str(path), "--from", TOWN]) == 0
    assert load_scenario(path) == load_scenario(TOWN).with_({"scenario": "my-case"})
    assert run_command(["new", str(path), "--from", TOWN]) == 4
    assert "exists already" in capsys.readouterr().err
    assert run_command(["new", str(path), "--force"]) == 0
    assert run_command(["new", str(tmp_path / "case.json")]) == 4
    assert run_command(["new", str(tmp_path / "no" / "case.yaml")]) == 4


def test_scenarios_lists_the_library(capsys):
    assert run_command(["scenarios"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("garrison", "mosul-2014", "quiet"))


def test_evidence_prints_values_and_the_share_assumed(capsys):
    assert run_command(["evidence", TOWN]) == 0
    shown = capsys.readouterr().out
    assert "forces.garrison.paper" in shown
    assert "order of battle" in shown
    assert "behavioural parameters" in shown
    assert "%" in shown
    assert run_command(["evidence", TOWN, "--stated"]) == 0
    assert "places.west.support" not in capsys.readouterr().out


def test_evidence_shows_texts_that_look_like_markup(tmp_path, capsys):
    path = tmp_path / "town.yaml"
    path.write_text(
        Path(TOWN).read_text().replace("source: local press", 'source: "[red]press[/nothing]"')
    )
    assert run_command(["evidence", str(path)]) == 0
    assert "[red]press[/nothing]" in capsys.readouterr().out


def test_schema_goes_to_standard_output_or_a_file(tmp_path, capsys):
    path = tmp_path / "schema.json"
    assert run_command(["schema", str(path)]) == 0
    capsys.readouterr()
    assert run_command(["schema"]) == 0
    assert capsys.readouterr().out == path.read_text()
    assert run_command(["schema", str(tmp_path)]) == 4


def test_a_fault_of_ours_says_so_without_a_traceback(capsys, monkeypatch):
    def fail(name: str) -> object:
        raise KeyError(name)

    monkeypatch.setattr(command_line, "import_module", fail)
    assert run_command(["check", TOWN]) == 1
    shown = capsys.readouterr().err
    assert "This is a fault of standfast, not yours: KeyError in main.py, line" in shown
    assert "Traceback" not in shown
    monkeypatch.setenv("STANDFAST_TRACEBACK", "1")
    assert run_command(["check", TOWN]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (MemoryError(), 3), (RecursionError(), 1)]
)
def test_other_ends_have_their_codes(error, code, monkeypatch, capsys):
    def fail(name: str) -> object:
        del name
        raise error

    monkeypatch.setattr(command_line, "import_module", fail)
    assert run_command(["check", TOWN]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_command_that_is_interrupted_says_so(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("standfast.cli.check.load_scenario", interrupted)
    assert run_command(["check", TOWN]) == 130
    assert capsys.readouterr().err == "Interrupted.\n"
