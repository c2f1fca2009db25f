from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from standfast.cli.show import present, render, show
from standfast.errors import FileError
from standfast.scenario.load import load_scenario

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario


def shown(scenario: Scenario, width: int = 100) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False)
    console.print(render(scenario, width))
    return out.getvalue()


@pytest.fixture(scope="module")
def mosul() -> str:
    return shown(load_scenario("mosul-2014"))


def test_it_fits_a_hundred_columns(mosul):
    assert max(len(line) for line in mosul.splitlines()) <= 100


def test_heading(mosul):
    assert "Mosul, June 2014" in mosul
    assert "from 4 June 2014, 00:00   to 24 June 2014, 00:00" in mosul
    assert "on paper 250,000" in mosul


def test_order_of_battle_by_place_and_branch(mosul):
    row = next(line for line in mosul.splitlines() if line.startswith(" Mosul "))
    cells = row.split()
    assert cells[1:4] == ["3,200/8,000", "3,000/7,500", "3,900/9,500"]
    assert cells[4:6] == ["25,000", "10,100"]
    assert cells[-1] == "40%"


def test_order_of_battle_adds_up(mosul):
    table = mosul[mosul.index("Order of battle") : mosul.index("Events")]
    rows = [line for line in table.splitlines() if "%" in line]
    papers = [int(re.findall(r"(?<![/\d,])[\d,]+(?!\S)", row)[0].replace(",", "")) for row in rows]
    assert sum(papers[:-1]) == papers[-1] == 250_000


def test_events_stand_in_order_with_dates_and_hours(mosul):
    events = mosul[mosul.index("\nEvents") :]
    assert re.search(r"Fri 6 Jun +02:30 +0 h +▶ +Pickups break", events)
    assert re.search(r"Mon 9 Jun +16:30 +\+86 h +▲ +A tanker bomb", events)
    titles = (
        "Attackers enter Samarra",
        "Pickups",
        "tanker",
        "Elders",
        "call to arms",
        "free passage",
    )
    places = [events.index(title) for title in titles]
    assert places == sorted(places)
    assert events.count("Mon 9 Jun") == 1
    flat = " ".join(events.split())
    assert 'order · Kindi base · "evacuate" to Erbil' in flat
    assert "only if Mosul has fallen" in flat


def test_the_garrison_as_a_whole():
    text = shown(load_scenario("garrison"))
    assert text.index("The barracks") < text.index("Order of battle") < text.index("Events")
    assert "80% of runs" in text
    assert "federal police" not in text
    assert "Interventions" not in text


def test_interventions_are_listed():
    scenario = load_scenario(
        "garrison",
        overrides=[
            "interventions=[{kind: answer_calls, size: 0.8, delay: 6 h, battalions: 2, places: [city]}]"
        ],
    )
    flat = " ".join(shown(scenario).split())
    assert "answer calls 80% chance that a call is answered" in flat
    assert "at The city · 2 battalions · after 6 h" in flat


def test_every_kind_of_event_can_be_shown():
    kinds = {
        "attack": "fighters: 10",
        "intensify": "intensity: 0.5",
        "reinforce": "force: reserve, battalions: 1",
        "commanders_leave": "share: 0.5",
        "order": "order: stand",
        "breach": "share: 0.5",
        "prison_break": "",
        "mobilisation": "volunteers: 10",
        "leaving_safety": "change: -0.5",
    }
    events = [
        f"{{id: e{i}, at: 2 h, place: city, kind: {k}, {v}}}"
        for i, (k, v) in enumerate(kinds.items())
    ]
    events += [
        "{id: m, at: 1 h, kind: mass_message, places: [city]}",
        "{id: c, at: 3 h, kind: call_up, places: [city]}",
    ]
    scenario = load_scenario(
        "garrison", overrides=[f"events=[{', '.join(events)}]", "time.reference_event=null"]
    )
    text = shown(scenario)
    for kind in (*kinds, "mass_message", "call_up"):
        assert f"{kind.replace('_', ' ')} · The city" in text
    assert "leaving looks deadlier: -0.5" in text


@pytest.mark.parametrize("width", [40, 60, 80])
def test_narrow_terminals_are_not_overrun(width):
    text = shown(load_scenario("garrison"), width)
    assert max(len(line) for line in text.splitlines()) <= width


def test_present_leaves_out_ghosts_and_leave():
    force = load_scenario("garrison").forces["reserve"]
    assert present(force) == pytest.approx(1200 * 0.9 * 0.8)


def command():
    app = typer.Typer()
    app.command()(show)
    return app


def test_the_command_takes_changes_and_own_outlines(tmp_path):
    ring = [[2.5, 0.5], [3.5, 0.5], [3.5, 1.2], [2.5, 1.2], [2.5, 0.5]]
    path = tmp_path / "island.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    change = ["--set", "places.city.title=Harbour"]
    plain = CliRunner().invoke(command(), ["garrison", *change])
    island = CliRunner().invoke(command(), ["garrison", *change, "--boundaries", str(path)])
    assert plain.exit_code == island.exit_code == 0
    assert "Harbour" in plain.output
    dots = [sum("\u2800" < c <= "\u28ff" for c in run.output) for run in (plain, island)]
    assert dots[1] > dots[0] + 20


def test_outlines_that_are_missing_are_a_file_error(tmp_path):
    run = CliRunner().invoke(command(), ["garrison", "--boundaries", str(tmp_path / "none")])
    assert isinstance(run.exception, FileError)
