"""The figures of the mechanisms: one each, read off by keys, made of runs that can be made again.

That every mechanism works in its direction is asserted in tests/validation; here, that the page shows it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.scenario.mechanisms import MECHANISMS
from standfast.testing.browser import Browser, find_browser

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "model" / "figures.md").read_text(encoding="utf-8")
SCRIPTS = ROOT / "docs" / "javascripts"


@pytest.fixture(scope="module")
def data():
    text = (SCRIPTS / "mechanism-data.js").read_text(encoding="utf-8")
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


def test_every_mechanism_has_a_figure_and_its_numbers_in_words(data):
    assert list(data["mechanisms"]) == sorted(MECHANISMS)
    for key, title in MECHANISMS.items():
        section = PAGE.split(f"## {key} {title}\n")[1].split("\n## ")[0]
        assert f'data-mechanism="{key}"' in section
        row = data["mechanisms"][key]
        assert row["what"] in section
        for name in ("with", "without"):
            low, middle, high = row[name]
            assert len(low) == len(middle) == len(high) > 50
            assert all(a <= b <= c for a, b, c in zip(low, middle, high, strict=True))
        same = row["with"] == row["without"]
        assert same == (key == "M41"), "only the verdict changes nobody's path"


def test_each_is_drawn_and_read_off_by_keys(data, tmp_path):
    found = find_browser()
    if found is None and os.environ.get("CI"):
        pytest.fail("there is no Chromium; install Debian's package chromium")
    if found is None:
        pytest.skip("there is no Chromium here")
    body = "\n".join(line for line in PAGE.splitlines() if line.startswith(("<div", "<script")))
    page = tmp_path / "figures.html"
    page.write_text(f"<title>x</title>{body.replace('../javascripts', SCRIPTS.as_uri())}")
    with Browser(found) as browser:
        browser.open(page.as_uri())
        browser.wait("document.querySelectorAll('.mechanism svg').length === 41")
        slider = '[data-mechanism="M15"] input'
        text = "document.querySelector('[data-mechanism=\"M15\"] .readout').textContent"
        last = len(data["mechanisms"]["M15"]["with"][1]) - 1
        assert browser.run(text).startswith(f"Hour {last * data['every']}: ")
        browser.run(f"document.querySelector({slider!r}).focus()")
        browser.press("Home")
        assert browser.run(text) == "Hour 0: 100 % with it, 100 % without"
        browser.press("ArrowRight")
        assert browser.run(text).startswith("Hour 2: ")
        assert browser.said == []
        assert all(asked.startswith(("file:", "about:")) for asked in browser.asked)


@pytest.mark.slow
def test_the_runs_come_out_as_written():
    done = subprocess.run(
        [sys.executable, "tools/make_mechanism_figures.py", "--check", "M01", "M15", "M24", "M38"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
