"""`standfast meanfield`, and the twin among the public names."""

from __future__ import annotations

import numpy as np

import standfast as sf
from standfast.cli.main import run_command


def test_the_command_prints_a_verdict_for_each_garrison(capsys):
    assert run_command(["meanfield", "garrison"]) == 0
    shown = capsys.readouterr().out
    rows = {line.strip()[:12].strip(): line for line in shown.splitlines()}
    assert "total collapse" in rows["The city"]
    assert "Half gone, h" in shown
    assert "hinterland" not in shown, "nobody serves there"


def test_changed_values_change_the_verdict(capsys):
    assert run_command(["meanfield", "garrison", "--set", "behaviour.decision.commitment=15"]) == 0
    assert "total collapse" not in capsys.readouterr().out


def test_the_fold_of_each_force(capsys):
    assert run_command(["meanfield", "garrison", "--fold"]) == 0
    shown = capsys.readouterr().out
    assert "Quiet ends under" in shown
    assert "City police" in shown


def test_a_force_without_feedback_has_no_fold(capsys):
    assert (
        run_command(["meanfield", "garrison", "--fold", "--set", "mechanisms.M22.enabled=false"])
        == 0
    )
    assert "–" in capsys.readouterr().out


def test_a_scenario_that_is_not_there_is_exit_code_4(capsys):
    assert run_command(["meanfield", "garison.yaml"]) == 4
    assert "garison" in capsys.readouterr().err


def test_the_public_name_gives_series_by_hour_and_place():
    run = sf.run_meanfield(sf.load("garrison"))
    assert isinstance(run, sf.MeanField)
    assert run.places == ("city", "barracks", "hinterland")
    assert run.present_share.shape == (run.hours.size, 3) == (241, 3)
    assert np.nanmax(np.abs(run.present_share[0, :2] - 1)) < 1e-12
    assert run.judgement.verdict[2] is None
