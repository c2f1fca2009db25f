"""The page: complete in itself, safe against its own texts, the same bytes for the same result.

Says nothing of how it looks.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from standfast.report.assets import policy, read_asset, source_of
from standfast.report.page import render_report, write_report
from standfast.report.tables import TONES
from standfast.report.words import hours, percent, whole
from standfast.scenario.load import load_scenario
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

EVIL = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7*7 }}'


class Page(HTMLParser):
    """Tags with their attributes, the cells of every table, and the texts of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        if tag in self.raw:
            self.raw[tag].append("")

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if self._open and self._open[-1] in self.raw:
            self.raw[self._open[-1]][-1] += data
            return
        self.words.append(data)
        if any(tag in ("td", "th") for tag in self._open) and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return re.sub(r"[ \n]+", " ", " ".join(self.words))

    def row(self, title: str, table: int = 0) -> list[str]:
        return [row for row in self.rows if row and row[0] == title][table]


@pytest.fixture(scope="module")
def result():
    return synthetic_result(tiny_scenario(), 8)


@pytest.fixture(scope="module")
def text(result):
    return render_report(result)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def evil_result():
    scenario = tiny_scenario()
    places = {
        name: place.model_copy(update={"title": EVIL}) for name, place in scenario.places.items()
    }
    events = tuple(event.model_copy(update={"title": EVIL}) for event in scenario.events)
    changed = {"title": EVIL, "summary": EVIL, "places": places, "events": events}
    return synthetic_result(scenario.model_copy(update=changed), 4)


def test_nothing_is_fetched(page):
    for tag, attributes in page.tags:
        for name in (
            "src",
            "href",
            "xlink:href",
            "srcset",
            "action",
            "poster",
            "data",
            "background",
        ):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:")), (tag, name, value)
    style = page.raw["style"][0]
    assert "@import" not in style
    assert all(url.strip("\"'").startswith("data:") for url in re.findall(r"url\(([^)]*)", style))
    assert not {tag for tag, _ in page.tags} & {"iframe", "object", "embed", "base", "form", "img"}


def test_policy_allows_only_this_script_and_this_style(page):
    stated = next(a["content"] for _, a in page.tags if a.get("http-equiv"))
    data, script = page.raw["script"]
    assert f"script-src {source_of(script)}" in stated
    assert f"style-src {source_of(page.raw['style'][0])}" in stated
    assert "unsafe" not in stated
    assert "default-src 'none'" in stated
    assert json.loads(data)["replicates"] == 8


def test_policy_would_notice_another_script():
    assert policy("a", "b") != policy("a ", "b")


def test_nothing_needs_what_the_policy_refuses(page):
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag


def test_hostile_texts_stay_texts():
    text = render_report(evil_result())
    page = Page(text)
    assert "img" not in {tag for tag, _ in page.tags}
    assert len(page.raw["script"]) == 2
    assert EVIL in page.text
    assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|(?<!\d)49(?!\d)", page.text.split(EVIL)[0])
    assert json.loads(page.raw["script"][0])["places"][0]["title"] == EVIL
    assert text.count("</script>") == 2


def test_hostile_texts_unescaped_would_be_seen():
    page = Page(html.unescape(render_report(evil_result())))
    assert "img" in {tag for tag, _ in page.tags}


def test_same_result_same_bytes(result, text):
    assert render_report(result) == text
    assert render_report(synthetic_result(tiny_scenario(), 8)) == text


def test_threads_timings_and_command_leave_no_trace(text):
    other = synthetic_result(tiny_scenario(), 8)
    timing = dict.fromkeys(other.summary["timing"], 12345.678)
    command = ["/home/somebody/standfast"]
    other = replace(
        other,
        summary=other.summary | {"timing": timing},
        provenance=other.provenance | {"threads": 77, "command": command},
    )
    assert render_report(other) == text


def test_table_has_the_numbers_of_the_summary(result, page):
    for name, numbers in result.summary["places"].items():
        if numbers["share_gone"] is None:
            continue
        cells = page.row(result.scenario.places[name].title, table=1)
        for verdict, share in numbers["verdict"].items():
            assert (f"{verdict} {percent(share)}" in cells[2]) == (share > 0)
        assert cells[3].startswith(percent(numbers["share_gone"]["median"]))
        for cell, key in zip(
            cells[4:7], ("hours_to_half", "hours_to_nine_tenths", "lost_at_h"), strict=True
        ):
            assert cell.startswith(hours(numbers[key]["median"]))


def test_a_wrong_number_would_be_seen(result):
    wrong = json.loads(json.dumps(result.summary))
    wrong["places"]["alpha"]["share_gone"]["median"] = 0.4242
    assert (
        Page(render_report(replace(result, summary=wrong)))
        .row("Alpha", table=1)[3]
        .startswith(percent(0.4242))
    )


def test_key_figures_causes_and_exits_are_those_of_the_summary(result, page):
    overall, front = result.summary["overall"], result.summary["front"]
    shown = page.text
    assert f"Gone from the whole force {percent(overall['share_gone']['median'])}" in shown
    assert f"Dead, of the whole force {percent(overall['killed_share']['median'])}" in shown
    assert f"Places lost {whole(front['places_lost']['median'])}" in shown
    fear = result.summary["causes"]["proximate"]["fear"]["median"]
    assert page.row("Fear")[1].startswith(percent(fear))
    assert page.row("Hid at home")[1].startswith(
        percent(result.summary["exits"]["hiding"]["median"])
    )


def test_one_dot_a_run(page, result):
    dots = [a["class"] for tag, a in page.tags if tag == "span" and "dot" in (a.get("class") or "")]
    assert len(dots) == 2 * 8
    shares = result.summary["overall"]["verdict"]
    for verdict, tone in TONES.items():
        assert dots[8:].count(f"dot {tone}") == round(8 * shares[verdict])


def test_says_what_it_is_not(page):
    assert "Synthetic people · not a forecast" in page.text
    assert "Proximate is not causal" in page.text
    assert "of all values are assumed" in page.text


def test_reads_without_scripts(text):
    still = Page(text[: text.rindex("<script>")])
    hidden = [a.get("class") for _, a in still.tags if "hidden" in a]
    assert hidden
    assert all("live" in (name or "") for name in hidden), "only what scripts fill may be hidden"
    assert not [
        a
        for tag, a in still.tags
        if tag == "details" and a.get("class") == "numbers" and "open" not in a
    ]
    assert (
        len([tag for tag, a in still.tags if tag == "svg" and a.get("class", "").startswith("map")])
        >= 2
    )


def test_headings_and_figures_have_names(page):
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    for tag, attributes in page.tags:
        if tag == "svg":
            assert attributes.get("aria-label") or attributes.get("aria-hidden") == "true"
        if tag == "section":
            assert attributes["aria-labelledby"] in {a.get("id") for _, a in page.tags}


@pytest.mark.parametrize("replicates", [1, 3])
def test_few_replicates(replicates):
    assert (
        f"{replicates} run"
        in Page(render_report(synthetic_result(tiny_scenario(), replicates))).text
    )


def test_no_verdict_when_switched_off():
    off = tiny_scenario(mechanisms={"M41": {"enabled": False}})
    page = Page(render_report(synthetic_result(off, 2)))
    assert "What becomes of Alpha" in page.text
    assert not [a for _, a in page.tags if a.get("class") == "dots"]


def test_quiet_case_without_events():
    assert (
        "No place is lost."
        in Page(
            render_report(
                synthetic_result(
                    tiny_scenario(events=(), time={"start": "2014-06-04T00:00", "horizon": "48 h"}),
                    2,
                )
            )
        ).text
    )


def test_twenty_replicates_of_the_largest_case_stay_under_five_megabytes():
    scenario = load_scenario("mosul-2014")
    assert len(render_report(synthetic_result(scenario, 20)).encode()) < 5_000_000


@pytest.mark.slow
def test_a_hundred_replicates_of_the_largest_case_stay_under_five_megabytes():
    scenario = load_scenario("mosul-2014")
    assert len(render_report(synthetic_result(scenario, 100)).encode()) < 5_000_000


def test_written_to_a_file(tmp_path, result, text):
    assert write_report(result, tmp_path / "a.html").read_text(encoding="utf-8") == text


def test_bundle_holds_no_end_of_script():
    assert "</script" not in read_asset("charts.js").lower()
    assert "<!--" not in read_asset("charts.js")
    assert "</style" not in read_asset("report.css").lower()
