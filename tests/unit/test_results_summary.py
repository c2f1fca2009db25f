"""summary.json and the tables: what is documented is written, and the other way round."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from standfast.results.assemble import build_result
from standfast.results.dataset import read_dataset, write_dataset
from standfast.results.summary import Timing
from standfast.scenario.forces import BRANCHES
from standfast.scenario.vocabulary import EXITS, TERMS
from standfast.testing.recordings import build_garrisons, synthetic_recordings, synthetic_result
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from standfast.results.result import Result

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "summary.md"
QUANTILES = {"q05", "median", "q95"}


@pytest.fixture(scope="module")
def result() -> Result:
    return synthetic_result(tiny_scenario(), 12)


def documented(section: str, header: str) -> dict[str, str]:
    """Return first and second column of one table of the page."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    table = text.split(f"| {header} |")[1].split("\n\n")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", table, flags=re.MULTILINE))


def typed_keys(value, path: str = "") -> dict[str, str]:
    """Return dotted key -> type as the page names them, with names of things left open."""
    if isinstance(value, dict) and value.keys() >= QUANTILES:
        return {path: "hours" if "happened" in value else "spread"}
    if isinstance(value, dict) and "held" in value:
        return {path: "verdicts"}
    if isinstance(value, dict):
        found = {}
        for key, below in value.items():
            found |= typed_keys(below, f"{path}.{opened(key)}" if path else key)
        return found
    if path.startswith("front.last_place_lost"):
        return {path: "share"}
    kinds = {bool: "boolean", str: "text", int: "number", float: "number", type(None): "null"}
    return {path: kinds[type(value)]}


def opened(key: str) -> str:
    names = {
        "<place>": tiny_scenario().places,
        "<branch>": BRANCHES,
        "<term>": TERMS,
        "<exit>": EXITS,
    }
    return next((name for name, known in names.items() if key in known), key)


def test_summary_is_what_the_page_says(result: Result) -> None:
    # a place without a garrison has null where others have a spread; it is looked at below
    places = {k: v for k, v in result.summary["places"].items() if v["share_gone"]}
    found = typed_keys(result.summary | {"places": places})
    assert found["timing.peak_rss_mb"] == "null"
    assert found | {"timing.peak_rss_mb": "number"} == documented("summary.json", "Key")


def test_runs_are_what_the_page_says(result: Result) -> None:
    columns = {".".join(map(opened, column.split("."))) for column in result.runs.columns}
    assert columns == documented("runs.parquet", "Column").keys()


def test_events_are_what_the_page_says(result: Result) -> None:
    assert set(result.events.columns) == documented("events.parquet", "Column").keys()


def test_series_are_what_the_page_says(result: Result) -> None:
    found = {str(name): ", ".join(map(str, v.dims)) for name, v in result.series.data_vars.items()}
    assert found == documented("series.nc", "Variable")
    values = documented("series.nc", "Coordinate")
    assert set(result.series.coords) == values.keys()
    for name in ("branch", "status", "home", "exit", "term"):
        assert re.findall(r"`(\w+)`", values[name]) == list(result.series[name].values)
    for name, variable in result.series.data_vars.items():
        assert variable.attrs.keys() == {"units", "description"}, name


def test_provenance_is_what_the_page_says(result: Result, tmp_path: Path) -> None:
    result.save(tmp_path / "out")
    found = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert found.keys() == documented("provenance.json", "Key").keys()


def test_a_place_without_a_garrison_has_nothing_but_its_loss(result: Result) -> None:
    delta = result.summary["places"]["delta"]
    assert delta.pop("lost_at_h").keys() == QUANTILES | {"happened"}
    assert delta == {
        "verdict": None,
        "share_gone": None,
        "hours_to_half": None,
        "hours_to_nine_tenths": None,
        "by_branch": {},
    }


def test_summary_and_runs_agree(result: Result) -> None:
    runs, summary = result.runs, result.summary
    for name, share in summary["overall"]["verdict"].items():
        assert (runs["verdict"] == name).mean() == pytest.approx(share)
    alpha = summary["places"]["alpha"]
    assert runs["alpha.share_gone"].median() == pytest.approx(alpha["share_gone"]["median"])
    assert runs["alpha.lost_at_h"].notna().mean() == pytest.approx(alpha["lost_at_h"]["happened"])
    lost = runs["last_place_lost"].value_counts(normalize=False) / len(runs)
    assert summary["front"]["last_place_lost"] == pytest.approx(lost.to_dict())
    assert runs["places_lost"].quantile(0.95) == pytest.approx(
        summary["front"]["places_lost"]["q95"]
    )


def test_shares_add_up(result: Result) -> None:
    runs = result.runs
    assert runs.filter(regex=r"^cause\.").sum(axis=1).to_numpy() == pytest.approx(1)
    assert runs.filter(regex=r"^exit\.").sum(axis=1).to_numpy() == pytest.approx(1)


def test_series_add_up_to_the_people(result: Result) -> None:
    totals = result.series["count"].sum(["place", "branch", "status"])
    assert (totals == result.summary["n_agent"]).all()
    assert result.series["count"].dtype == np.int32


def test_a_leak_shows_in_the_summary() -> None:
    scenario = tiny_scenario()
    sound, broken = synthetic_recordings(scenario, 2)
    count = broken.count.copy()
    count[5, 0, 0, 0] += 1
    result = from_recordings([sound, replace(broken, count=count)])
    assert result.summary["people_conserved"] is False


def from_recordings(recordings) -> Result:
    scenario = tiny_scenario()
    return build_result(
        recordings,
        scenario,
        build_garrisons(scenario).units,
        seed=1,
        timing=Timing(1.0, 1.0, 1.0, None),
    )


def test_the_order_of_the_recordings_does_not_matter() -> None:
    recordings = synthetic_recordings(tiny_scenario(), 5)
    one, other = from_recordings(recordings), from_recordings(recordings[::-1])
    assert one.summary == other.summary
    assert one.series.identical(other.series)
    assert one.runs.equals(other.runs)
    assert one.events.equals(other.events)


def test_a_result_in_which_nothing_happens_has_no_cause() -> None:
    recording = synthetic_recordings(tiny_scenario(), 1)[0]
    count = recording.count.copy()
    count[:] = count[0]
    calm = replace(
        recording,
        count=count,
        departures=np.zeros_like(recording.departures),
        cause=np.zeros_like(recording.cause),
        lost_hour=np.full(4, np.nan),
        log=recording.log[:0],
    )
    result = from_recordings([calm])
    assert set(result.summary["causes"]["proximate"].values()) == {None}
    assert result.summary["front"]["last_place_lost"] == {}
    assert result.verdict["held"] == 1
    assert result.causes().empty
    assert result.events.empty


def test_integers_stay_integers_on_disk(result: Result, tmp_path: Path) -> None:
    write_dataset(result.series, tmp_path / "series.nc")
    found = read_dataset(tmp_path / "series.nc")
    assert found.identical(result.series)
    assert {str(name): v.dtype for name, v in found.data_vars.items()} == {
        str(name): v.dtype for name, v in result.series.data_vars.items()
    }
