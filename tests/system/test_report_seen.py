"""The page as people see it: on a laptop, on a phone, on paper, with scripts off, and by everybody.

Whether it is beautiful is for people to say; the pictures in docs/images are looked at.
"""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from legible import barriers, too_wide

from standfast.experiment.why_shown import ONE_OFF, PROXIMATE, SHAPLEY
from standfast.report import findings
from standfast.report.answer_page import render_answer
from standfast.report.answers import StoredAnswer
from standfast.report.drawn.answer import figures
from standfast.report.page import render_report
from standfast.report.view import View
from standfast.scenario.load import load_scenario
from standfast.testing.browser import Browser, find_browser
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

LAPTOP, PHONE = (1280, 800), (390, 844)
DRAWN = "document.body.classList.contains('charted')"


def answer(kind, table, more=None, **summary):
    """An answer about the tiny scenario, with numbers of no meaning."""
    known = {"experiment": kind, "place": "alpha", "verdict": "total collapse", "runs": 24,
             "scenario": "tiny", "scenario_sha256": "0" * 64, "seed": 1, "standfast": "0"}  # fmt: skip
    return StoredAnswer(
        kind, tiny_scenario(), table, more or {}, known | summary, {"command": ["standfast", kind]}
    )


def answers():
    changes = [
        {"measure": name, "place": "alpha", "quantity": quantity, "unit": "1", "without": 0.9,
         "with": 0.5, "change": -0.4, "low": -0.6, "high": 0.1}
        for name in ("keep-leaders", "answer-calls")
        for quantity in ("P(held)", "P(total collapse)", "share_gone")
    ]  # fmt: skip
    reasons = [
        {"kind": kind, "name": name, "title": name, "value": 0.3, "low": 0.2, "high": 0.4}
        for kind, name in ((PROXIMATE, "fear"), (SHAPLEY, "front"), (ONE_OFF, "M15"))
    ]
    cells = [
        {"x": x, "y": y, "runs": 4, "P(total collapse)": x * y, "share_gone": x * y}
        for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0)
    ]  # fmt: skip
    dots = [{"value": x, "runs": 8, "share": x, "fitted": x} for x in (0.0, 0.5, 1.0)]
    back = [
        {"way": way, "value": x, "serving": 1 - x / 2} for way in ("there", "back") for x in (0, 1)
    ]
    effects = [
        {
            "outcome": "share gone",
            "factor": "fear",
            "index": "mu*",
            "value": 0.2,
            "low": 0.1,
            "high": 0.3,
        }
    ]
    sets = [
        {"set": name, "cost": cost, "judged": True, "front": name != "both", "risk": risk,
         "risk_low": risk / 2, "risk_high": risk + 0.05}
        for name, cost, risk in (("nothing", 0.0, 0.9), ("leaders", 2.0, 0.1), ("both", 4.0, 0.3))
    ]  # fmt: skip
    warns = [{"kind": "all", "series": name, "lead_h": 24.0, "auc": auc, "low": 0.5, "high": 0.9}
             for name, auc in (("absent", 0.7), ("wavering", 0.8))]  # fmt: skip
    curves = [{"series": name, "false_alarms": x, "recognised": x**0.5}
              for name in ("absent", "wavering") for x in (0.0, 0.5, 1.0)]  # fmt: skip
    learnt = [{"parameter": name, "unit": "1", "prior_low": 0.0, "prior_high": 1.0, "low": 0.4,
               "median": 0.5, "high": 0.6, "learnt": much}
              for name, much in (("trust", 0.2), ("commitment", 0.7))]  # fmt: skip
    tried = [{"model": "as it is", "generation": g, "trust": 0.1 * k, "commitment": 0.2 * k,
              "accepted": k < 4, "log_weight": -float(k)} for g in (0, 1) for k in range(5)]  # fmt: skip
    limits = [
        {"box": box, "field": field, "unit": "1", "low": low, "high": high, "without": without,
         "low_from": low, "low_to": low, "high_from": high, "high_to": high}
        for box, field, low, high, without in (
            (1, "trust", -np.inf, 0.5, ""), (1, "order", -np.inf, np.inf, "hold"), (2, "trust", 0.8, 0.9, ""),
        )
    ]  # fmt: skip
    points = [{"trust": k / 40, "order": ("hold", "stand")[k % 2], "P(total collapse)": float(k % 3 > 0)}
             for k in range(41)]  # fmt: skip
    boxes = [{"claimed": box == 1, "density": 0.9, "coverage": 0.5, "mass": 0.3,
              "conditions": ["trust is at most 0.5"]} for box in (1, 2)]  # fmt: skip
    passed = [
        {"mass": x, "coverage": x, "density": 1 - x / 2, "fields": "trust"} for x in (1.0, 0.5, 0.2)
    ]
    return [
        answer("discover", pd.DataFrame(limits),
               {"points": pd.DataFrame(points), "way": pd.DataFrame(passed)}, boxes=boxes),
        answer("why", pd.DataFrame(reasons)),
        answer("compare", pd.DataFrame(changes)),
        answer("sweep", pd.DataFrame(cells), vary=[{"name": "x"}, {"name": "y"}], design="grid"),
        answer(
            "tip", pd.DataFrame(dots), {"hysteresis": pd.DataFrame(back)}, vary="infiltration",
            level=0.5, range=[0.0, 1.0], tipping_point={"value": 0.5, "low": 0.4, "high": 0.6},
            mean_field={"value": 0.55},
        ),
        answer("sensitivity", pd.DataFrame(effects), method="morris"),
        answer("portfolio", pd.DataFrame(sets), bound=0.2,
               cheapest_surely={"set": "leaders", "cost": 2.0}),
        answer("warning", pd.DataFrame(warns), {"curves": pd.DataFrame(curves)},
               shuffled={"lead_h": 24.0}),
        answer("calibrate", pd.DataFrame(learnt), {"candidates": pd.DataFrame(tried)}),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    found = find_browser()
    if found is None and os.environ.get("CI"):
        pytest.fail("there is no Chromium; install Debian's package chromium")
    if found is None:
        pytest.skip("there is no Chromium here")
    with Browser(found) as browser:
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(
        render_report(synthetic_result(tiny_scenario(), 6), answers()), encoding="utf-8"
    )
    return path.as_uri()


@pytest.fixture
def page(browser, address):
    """The page, freshly opened; afterwards it has asked nobody and said nothing."""
    browser.said.clear()
    browser.asked.clear()
    browser.size(*LAPTOP)
    browser.open("about:blank")
    browser.open(address)
    browser.wait(DRAWN)
    yield browser
    assert [asked for asked in browser.asked if not asked.startswith(("file:", "about:"))] == []
    assert browser.said == []


def drawn_of(kind):
    return figures(next(each for each in answers() if each.kind == kind))


def test_the_front_the_warnings_and_the_posterior_draw_their_tables():
    [front] = drawn_of("portfolio")
    assert [dot["front"] for dot in front.data["dots"]] == [True, True, False]
    assert front.data["dots"][1]["risk"] == [0.1, 0.05, 0.15]
    areas, roc = drawn_of("warning")
    assert [row["title"] for row in areas.data["rows"]] == ["wavering", "absent"]
    assert roc.data["lines"][0]["points"][1] == [0.5, pytest.approx(0.5**0.5, rel=1e-5)]
    [pairs] = drawn_of("calibrate")
    assert pairs.data["names"] == ["commitment", "trust"], "the most learnt first"
    assert pairs.data["weights"] == pytest.approx([1, 0.367879, 0.135335, 0.0497871])
    assert pairs.data["draws"][1] == pytest.approx([0.0, 0.1, 0.2, 0.3]), "accepted, heaviest first"


def test_a_box_in_what_an_earlier_one_leaves_counts_those_points_alone():
    drawn, way = drawn_of("discover")
    came = np.array([k % 3 > 0 for k in range(41)], dtype=float)
    trust, stands = np.arange(41) / 40, np.arange(41) % 2 == 1
    first = (trust <= 0.5) & stands
    second = (trust >= 0.8) & (trust <= 0.9)
    shares = [(box["inside"], box["outside"]) for box in drawn.data["boxes"]]
    assert shares == [
        pytest.approx((came[first].mean(), came[~first].mean())),
        pytest.approx((came[~first & second].mean(), came[~first & ~second].mean())),
    ]
    assert [limit["says"] for box in drawn.data["boxes"] for limit in box["limits"]] == [
        "at most 0.5", "not hold", "0.8 to 0.9",
    ]  # fmt: skip
    assert way.data["lines"][0]["points"] == [[0.2, 0.9], [0.5, 0.75], [1.0, 0.5]]


def visible(page, selector):
    """How many elements a selector finds that take up room."""
    return page.run(
        f"[...document.querySelectorAll({selector!r})].filter((x) => x.getClientRects().length).length"
    )


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_every_figure_is_drawn_and_fits(page, size):
    page.size(*size, phone=size == PHONE)
    page.wait(
        "[...document.querySelectorAll('figure.live .plot')].every((x) => x.querySelector('svg'))"
    )
    assert page.run("document.querySelectorAll('[data-figure] svg').length") == 15
    page.wait(
        "[...document.querySelectorAll('.plot > svg')].every((x) => x.viewBox.baseVal.width <= innerWidth)"
    )
    assert too_wide(page) <= 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_everybody_can_read_it(page, size, dark):
    page.size(*size, phone=size == PHONE, dark=dark)
    assert barriers(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("each", answers(), ids=lambda each: each.kind)
def test_everybody_can_read_the_page_of_an_answer(browser, tmp_path, each, dark):
    path = tmp_path / "answer.html"
    path.write_text(render_answer(each), encoding="utf-8")
    browser.size(*PHONE, phone=True, dark=dark)
    browser.open(path.as_uri())
    browser.wait("document.querySelector('.plot svg')")
    assert barriers(browser) == []
    assert too_wide(browser) <= 0


def test_on_paper_every_figure_and_map_is_there_and_no_control(page):
    pdf = base64.b64decode(page.call("Page.printToPDF", printBackground=True)["data"])
    assert pdf.startswith(b"%PDF")
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 30
    assert len(pdf) < 5_000_000
    page.call("Emulation.setEmulatedMedia", media="print")
    assert visible(page, ".panels.paper svg.map") >= 2
    assert visible(page, "figure.live .plot svg") == page.run(
        "document.querySelectorAll('figure.live .plot svg').length"
    )
    assert visible(page, "button.play, select, input") == 0
    page.call("Emulation.setEmulatedMedia", media="")


def test_with_scripts_off_verdict_numbers_and_still_figures_stand(browser, address):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open("about:blank")
        browser.open(address)
        browser.wait("document.querySelector('footer .small')")
        assert not browser.run(DRAWN)
        seen = re.sub(r"\s+", " ", browser.run("document.body.innerText"))
        assert findings.headline(View(synthetic_result(tiny_scenario(), 6))) in seen
        for says in (
            "total collapse", "Gone from the whole force", "Fear",
            "Hid at home", "The one call for help", "keep-leaders", "Again with", "no forecast",
        ):  # fmt: skip
            assert says in seen, says
        assert visible(browser, ".panels svg.map") >= 2
        assert visible(browser, ".multiple svg.still") == 3
        assert visible(browser, "details.numbers table") == browser.run(
            "document.querySelectorAll('details.numbers table').length"
        )
        assert visible(browser, ".live") == 0
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_a_page_that_needs_scripts_would_be_seen(browser, address, tmp_path):
    """The wrong twin: numbers folded away until a script opens them."""
    text = Path(address.removeprefix("file://")).read_text(encoding="utf-8")
    folded = tmp_path / "folded.html"
    folded.write_text(
        text.replace('<details class="numbers" open>', '<details class="numbers">'),
        encoding="utf-8",
    )
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(folded.as_uri())
        browser.wait("document.querySelector('footer .small')")
        assert "Hid at home" not in browser.run("document.body.innerText")
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.slow
def test_scrubbing_the_largest_case_leaves_time_for_thirty_frames_a_second(browser, tmp_path):
    """Work of one move in the middle of 241; `make bench` measures frames and the first page."""
    path = tmp_path / "large.html"
    large = synthetic_result(load_scenario("mosul-2014"), 20)
    path.write_text(render_report(large), encoding="utf-8")
    browser.open(path.as_uri())
    browser.wait(DRAWN, 60)
    work = browser.run(
        """(async () => {
            const slider = document.querySelector("#hour");
            const work = [];
            for (let k = 0; k <= 240; k++) {
                await new Promise(requestAnimationFrame);
                const before = performance.now();
                slider.value = Math.round(slider.max * k / 240);
                slider.dispatchEvent(new Event("input"));
                document.querySelector("svg.map").getBoundingClientRect();
                work.push(performance.now() - before);
            }
            return work.sort((a, b) => a - b)[120];
        })()"""
    )
    assert work < 1000 / 30
