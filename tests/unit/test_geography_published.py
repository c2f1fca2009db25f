"""Published event data as drafts: the layouts of UCDP-GED, ACLED and Flee, on files that are made up.

The expected drafts are counted by hand from the rows of the files. That real files of these
publishers look like this is not asserted here: their headings were taken from their code books.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from standfast.cli.main import run_command
from standfast.errors import FileError, ScenarioError
from standfast.geography.published.draft import gather
from standfast.geography.published.flee import read_flee
from standfast.geography.published.reports import ACLED, UCDP, join_days, read_reports
from standfast.scenario.load import load_scenario

FOLDER = Path(__file__).parents[1] / "data" / "published"
UCDP_FILE, ACLED_FILE = FOLDER / "ucdp_ged_synthetic.csv", FOLDER / "acled_synthetic.csv"
LOCATIONS, ROUTES = FOLDER / "flee_locations.csv", FOLDER / "flee_routes.csv"
#: what stands in columns that must not be read
UNREAD = ("Synthetic side", "Made up", "Somebody Invented", "made up", "SYN")


def changed(tmp_path, source, row, **cells):
    """Write a copy of a file with cells of one row replaced; rows count from 0."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row] |= cells
    path = tmp_path / source.name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("path", "layout", "left_out"),
    [
        (UCDP_FILE, UCDP, {"in another country": 1, "no nearer than a district": 1,
                           "of no fighting between armed sides": 1, "of a day not known": 1}),
        (ACLED_FILE, ACLED, {"of no fighting between armed sides": 2, "no nearer than a district": 1,
                             "of a day not known": 1}),
    ],
)  # fmt: skip
def test_reports_are_those_counted_by_hand(path, layout, left_out):
    found = read_reports(path, layout, country="synthetia")
    first = [(r.day, r.deaths) for r in found.kept[:3]]
    assert first == [(date(2030, 3, 2), 12), (date(2030, 3, 2), 9), (date(2030, 3, 3), 31)]
    assert found.left_out == left_out


def test_reports_are_gathered_at_the_nearest_place_by_day():
    reports = read_reports(UCDP_FILE, UCDP, country="Synthetia")
    coast = read_flee(LOCATIONS, ROUTES)
    places, episodes, remarks = gather(reports, UCDP, coast, within_km=25, least=5)
    assert places is coast
    told = [(e.place, e.day.day, e.days, e.reports, e.deaths) for e in episodes]
    assert told == [("port", 2, 2, 3, 52), ("ford", 5, 1, 1, 14)]
    assert "Suppressed: 1 place and day with fewer than 5 deaths." in remarks
    assert "Left out: 1 report farther than 25 km from every place." in remarks
    _, wider, _ = gather(reports, UCDP, coast, within_km=5000, least=1)
    assert len(wider) == 4, "the wrong twin: without a limit the far city joins, small cells too"


def test_days_with_a_break_are_two_attacks():
    days = [date(2030, 3, day) for day in (1, 2, 4)]
    cells = {("a", day): (1, 9) for day in days}
    episodes, suppressed = join_days(cells, 5)
    assert [(e.day.day, e.days) for e in episodes] == [(1, 2), (4, 1)]
    assert suppressed == 0
    assert join_days(cells, 10) == ([], 3)


def test_flee_gives_places_and_roads():
    coast = read_flee(LOCATIONS, ROUTES)
    kinds = {slug: place.more["kind"] for slug, place in coast.places.items()}
    assert kinds == {
        "port": "town",
        "ford": "town",
        "fort": "town",
        "crossing": "site",
        "tents": "region",
    }
    assert coast.places["port"].more["population"] == 40_000
    assert "population" not in coast.places["tents"].more, "a camp's capacity is no population"
    assert coast.roads[0] == ("port", "ford", 32.0)


def draft(tmp_path, *words):
    out = tmp_path / "coast.yaml"
    code = run_command(["import", *words, "--out", str(out)])
    return code, out


FORCES = """forces:
  garrison: {title: Garrison, branch: army, place: port, paper: 200, homes: {fort: 1.0}}
"""


def test_a_draft_says_what_is_left_and_then_runs(tmp_path, capsys):
    code, out = draft(tmp_path, "acled", str(ACLED_FILE), "--locations", str(LOCATIONS),
                      "--routes", str(ROUTES), "--fighters", "300")  # fmt: skip
    assert code == 0
    said = capsys.readouterr().out
    assert "5 places, 4 roads, 2 events" in said
    assert "forces is too short; at least 1 needed" in said
    assert run_command(["check", str(out)]) == 2
    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace("forces: {}\n", FORCES), encoding="utf-8")
    scenario = load_scenario(out)
    assert scenario.events[0].at == "2030-03-02T00:00"
    assert (scenario.events[0].spread, scenario.events[0].breaks_off_after) == (24, 48)
    assert scenario.evidence["events.port-2030-03-02.fighters"].grade == "D"
    assert scenario.time.horizon == 5 * 24


def test_without_fighters_they_are_left_to_fill(tmp_path, capsys):
    code, _ = draft(tmp_path, "ucdp", str(UCDP_FILE))
    assert code == 0
    assert "events[0].fighters is missing" in capsys.readouterr().out


def test_places_may_be_those_of_a_scenario(tmp_path, capsys):
    path = changed(tmp_path, UCDP_FILE, 0, latitude="36.34", longitude="43.13")
    code, out = draft(tmp_path, "ucdp", str(path), "--places", "mosul-2014")
    assert code == 0
    assert "place: mosul" in out.read_text(encoding="utf-8")
    assert f"{len(load_scenario('mosul-2014').roads)} roads" in capsys.readouterr().out


@pytest.mark.parametrize(("kind", "path"), [("ucdp", UCDP_FILE), ("acled", ACLED_FILE)])
def test_actors_sources_and_notes_reach_nothing(kind, path, tmp_path, capsys):
    assert all(
        any(word in path.read_text(encoding="utf-8") for path in (UCDP_FILE, ACLED_FILE))
        for word in UNREAD
    )
    _, out = draft(tmp_path, kind, str(path))
    text = out.read_text(encoding="utf-8") + capsys.readouterr().out
    assert not [word for word in UNREAD if word in text]


@pytest.mark.parametrize("column", ["surname", "Phone Number", "date_of_birth"])
def test_a_file_with_a_column_about_persons_is_refused_whole(column, tmp_path):
    path = tmp_path / "a.csv"
    lines = UCDP_FILE.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(f"{column},{lines[0]}" + "".join(f"secret,{line}" for line in lines[1:]))
    with pytest.raises(ScenarioError, match="which describes single persons") as refusal:
        read_reports(path, UCDP)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"latitude": "north"}, 'line 8, latitude: is "north", but a number between -90 and 90'),
        ({"longitude": "443.1"}, 'line 8, longitude: is "443.1"'),
        ({"date_start": "06/06/2014"}, 'line 8, date_start: is "06/06/2014", which is no day'),
        ({"type_of_violence": "7"}, 'line 8, type_of_violence: is "7", which UCDP-GED has not'),
        ({"best": "many"}, 'line 8, best: is "many"'),
        ({"best": "nan"}, 'line 8, best: is "nan"'),
        (
            {"where_coordinates": "Port, call 0770 123 4567"},
            "line 8, where_coordinates: is no name",
        ),
        ({"where_coordinates": ""}, "line 8, where_coordinates: is no name"),
    ],
)
def test_a_cell_that_is_wrong_is_named_by_line_and_column(cells, says, tmp_path):
    """The fourth row ends on line 9 of the file, as every row has a line break in a note."""
    path = changed(tmp_path, UCDP_FILE, 3, **cells)
    with pytest.raises(ScenarioError) as refusal:
        read_reports(path, UCDP)
    assert says.replace("line 8", "line 9") in str(refusal.value)
    assert "0770" not in str(refusal.value)


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    path = changed(tmp_path, UCDP_FILE, 0, latitude="x", longitude="y", best="z")
    with pytest.raises(ScenarioError, match="has 3 problems"):
        read_reports(path, UCDP)


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", ScenarioError, "has no column"),
        ("latitude,longitude\n1,2\n", ScenarioError, 'has no column "where_coordinates"'),
        (ACLED_FILE.read_text(encoding="utf-8"), ScenarioError, 'has no column "date_start"'),
        (UCDP_FILE.read_text(encoding="utf-8") + "1,2,3\n", ScenarioError, "has 3 columns, but"),
    ],
)
def test_a_file_of_another_layout_is_refused(text, error, says, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=says):
        read_reports(path, UCDP)


def test_files_that_cannot_be_read_are_said(tmp_path):
    path = tmp_path / "a.csv"
    with pytest.raises(FileError, match="cannot be read: No such file"):
        read_reports(path, UCDP)
    path.write_bytes(b"latitude,caf\xe9\n")
    with pytest.raises(FileError, match="not text in UTF-8"):
        read_reports(path, UCDP)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Port,Frod,3,0", "line 6, name2: is no location of locations.csv"),
        ("Port,Ford,33,0", "line 6, distance: is 33 km, but the same two are 32 km apart"),
        ("Port,Port,3,0", "line 6, name2: is where the route begins"),
        ("Port,Fort,far,0", 'line 6, distance: is "far"'),
    ],
)
def test_a_route_that_is_wrong_is_named_by_line(line, says, tmp_path):
    path = tmp_path / "routes.csv"
    path.write_text(ROUTES.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refusal:
        read_flee(LOCATIONS, path)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["ucpd", "a.csv"], 2, 'Did you mean "ucdp"?'),
        (["ucdp", "nowhere.csv"], 4, "cannot be read"),
        (["ucdp", str(UCDP_FILE), "--from", "June"], 2, "which is no day"),
        (["ucdp", str(UCDP_FILE), "--country", "Nowhere"], 2, "leaves no fighting"),
        (["flee", str(LOCATIONS), "--places", "garrison"], 2, "from one source"),
    ],
)
def test_what_is_wrong_with_a_command_is_said(words, code, says, tmp_path, capsys):
    assert draft(tmp_path, *words)[0] == code
    assert says in capsys.readouterr().err
