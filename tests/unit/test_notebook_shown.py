"""What a notebook shows: cards of scenario, result and answer, and figures for papers.

How a figure looks is not asserted; what it draws is.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from standfast.errors import FileError, RunError, ScenarioError
from standfast.results import picture
from standfast.results.picture import Picture
from standfast.scenario.evidence_table import assumed_share, evidence_rows
from standfast.scenario.load import load_scenario
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def result():
    return synthetic_result(tiny_scenario(), 8)


def test_a_scenario_shows_garrisons_events_and_what_is_assumed():
    scenario = tiny_scenario()
    card = scenario._repr_html_()
    names = sum(force.paper for force in scenario.forces.values())
    assert f"{names:,} names" in card
    assert "Alpha" in card
    share = assumed_share(evidence_rows(scenario))
    assert f"{100 * share:.0f} % of the values are assumed" in card
    assert "no forecast" in card
    assert "and 30 more" in load_scenario("mosul-2014")._repr_html_()


def test_hostile_texts_stay_texts(result):
    scenario = tiny_scenario().model_copy(update={"title": EVIL, "summary": EVIL})
    assert EVIL not in scenario._repr_html_()
    assert EVIL not in replace(result, scenario=scenario)._repr_html_()


def test_strength_draws_every_run_and_a_middle_for_each_group(result):
    drawn = result.plot.strength("alpha")
    [ax] = drawn.figure.axes
    assert len(ax.lines) == 8 + 2
    ends = result.series["count"].sel(place="alpha", status=["duty", "leave", "back"])
    people = ends.sum(["status", "branch"]).transpose("replicate", "hour").to_numpy()
    wanted = np.sort(people[:, -1] / people[:, 0])
    runs = [line.get_ydata()[-1] for line in ax.lines if line.get_alpha() is not None]
    assert np.sort(runs) == pytest.approx(wanted)
    middles = [line.get_ydata()[-1] for line in ax.lines if line.get_alpha() is None]
    assert not any(0.3 < middle < 0.7 for middle in middles), "no average of two outcomes"


def test_one_may_draw_into_a_figure_of_ones_own(result):
    from matplotlib.figure import Figure  # noqa: PLC0415 - a second to import

    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert result.plot.causes(ax=left).figure is figure
    result.plot.exits(ax=right)
    assert [len(ax.patches) for ax in (left, right)] == [len(result.causes()), len(result.exits())]


def test_verdicts_fill_every_bar(result):
    [ax] = result.plot.verdicts().figure.axes
    assert sum(patch.get_width() for patch in ax.patches) == pytest.approx(len(result.verdicts))


@pytest.mark.parametrize("ending", [".svg", ".png", ".pdf"])
def test_the_same_figure_has_the_same_bytes(result, tmp_path, ending):
    first = result.plot.readings("alpha").save(tmp_path / f"a{ending}").read_bytes()
    assert first == result.plot.readings("alpha").save(tmp_path / f"b{ending}").read_bytes()
    assert first != result.plot.readings("beta").save(tmp_path / f"c{ending}").read_bytes()


def test_a_notebook_is_given_a_picture(result):
    drawn = result.plot.strength()
    assert isinstance(drawn, Picture)
    assert drawn._repr_png_().startswith(b"\x89PNG")
    assert "inches" in repr(drawn)


def test_a_place_or_an_ending_that_does_not_exist_is_told(result, tmp_path):
    with pytest.raises(ScenarioError, match="alfa") as told:
        result.plot.strength("alfa")
    assert 'Did you mean "alpha"' in told.value.render()
    with pytest.raises(FileError, match=r"does not end in \.png"):
        result.plot.exits().save(tmp_path / "figure.gif")


def test_without_matplotlib_it_says_what_to_install(result, monkeypatch):
    monkeypatch.setattr(picture, "find_spec", lambda _: None)
    with pytest.raises(RunError, match="need matplotlib") as told:
        result.plot.strength()
    assert "standfast[lab]" in told.value.render()


def test_matplotlib_is_loaded_only_when_something_is_drawn():
    code = "import standfast.results.result, sys; sys.exit('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - code of our own
    assert done.returncode == 0
