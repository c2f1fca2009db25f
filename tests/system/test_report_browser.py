"""The page in a real browser: it draws, answers clicks and keys, complains of nothing, asks nobody.

Only Chromium's own command line is used. Every outside request would go through a proxy of ours,
which answers none and writes down who was asked for.
"""

from __future__ import annotations

import os
import re
import shutil
import socketserver
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from standfast.report.assets import source_of
from standfast.report.page import render_report
from standfast.testing.recordings import synthetic_result
from standfast.testing.scenarios import tiny_scenario

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--enable-logging=stderr", "--virtual-time-budget=5000",
)  # fmt: skip
#: what a browser may ask for on its own account, whatever page is open
OWN = re.compile(r"\.(google|googleapis|gstatic|gvt1)\.com(:\d+)?$")

DRIVE = """
const seen = [];
const say = (name, value) => seen.push(`${name}=${value}`);
addEventListener("load", () => {
  const query = (selector) => document.querySelector(selector);
  const clock = () => query(".clock").textContent;
  const pick = query("#timeline-place");
  say("first", pick.selectedOptions[0].textContent);
  query('.multiple[data-place="1"] button').click();
  say("picked", pick.selectedOptions[0].textContent);
  say("pressed", query('.multiple[data-place="1"] button').getAttribute("aria-pressed"));
  say("readings", query("#readings-place").value);
  say("lanes", query("#lanes-place").value);
  const units = query('[data-chart="ranks"] svg');
  units.focus();
  units.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  say("unit", units.querySelector(".row-name").textContent);
  const slider = query("#hour");
  const move = (value) => { slider.value = value; slider.dispatchEvent(new Event("input")); };
  move(0);
  say("start", clock());
  say("spoken", slider.getAttribute("aria-valuetext"));
  move(slider.max);
  say("end", clock());
  query(".play").click();
  say("playing", query(".play").textContent);
  query(".play").click();
  say("paused", query(".play").textContent);
  const chart = query("#timeline svg");
  chart.focus();
  chart.dispatchEvent(new KeyboardEvent("keydown", { key: "PageDown", bubbles: true }));
  say("read", query(".readout-text").textContent);
  document.title = seen.join("; ");
});
"""


@pytest.fixture(scope="module")
def browser():
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("there is no Chromium; install Debian's package chromium")
    return found or pytest.skip("there is no Chromium here")


@pytest.fixture(scope="module")
def text():
    return render_report(synthetic_result(tiny_scenario(), 6))


class Proxy(socketserver.BaseRequestHandler):
    """Writes down the first line of every request and hangs up."""

    def handle(self):
        line = self.request.recv(4096).split(b"\r\n", 1)[0].decode("latin-1")
        self.server.asked.append(line)


@contextmanager
def listening():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Proxy) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def visit(browser, folder: Path, text: str):
    """Return the document once drawn, what the console said, and the hosts asked for."""
    page = folder / "page.html"
    page.write_text(text, encoding="utf-8")
    with listening() as server:
        port = server.server_address[1]
        done = subprocess.run(
            [browser, *QUIET, f"--user-data-dir={folder / 'profile'}", "--window-size=1280,900",
             f"--proxy-server=http://127.0.0.1:{port}", "--dump-dom", page.as_uri()],
            capture_output=True, text=True, timeout=90, check=True,
        )  # fmt: skip
        asked = [re.sub(r"^\w+ (?:https?://)?([^/ ]+).*", r"\1", line) for line in server.asked]
    said = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, said, [host for host in asked if not OWN.search(host)]


def with_script(text: str, script: str) -> str:
    """Return the page with one more script that its policy allows."""
    allowed = text.replace("script-src ", f"script-src {html_source(script)} ", 1)
    return allowed.replace("</body>", f"<script>{script}</script></body>")


def html_source(script: str) -> str:
    return source_of(script).replace("'", "&#39;")


def test_draws_says_nothing_and_asks_nobody(browser, text, tmp_path):
    document, said, asked = visit(browser, tmp_path, text)
    assert said == []
    assert asked == []
    assert '<body class="charted">' in document
    assert document.count('class="pick"') == 3
    for name in ("lanes", "who", "branches", "flows", "exits", "why", "readings", "ranks"):
        figure = document.split(f'data-chart="{name}"')[1]
        assert '<div class="plot"><svg' in figure[: figure.index("</figure>")], name


def test_answers_clicks_and_keys(browser, text, tmp_path):
    document, said, _ = visit(browser, tmp_path, with_script(text, DRIVE))
    assert said == []
    title = re.search(r"<title>(.*?)</title>", document)[1]
    seen = dict(part.split("=", 1) for part in title.split("; "))
    assert seen["first"] == "Alpha"
    assert seen["picked"] != "Alpha"
    assert (seen["pressed"], seen["readings"], seen["lanes"]) == ("true", "1", "1")
    assert seen["unit"].endswith("on duty are gone")
    assert seen["start"] == seen["spoken"] == "4 June, 00:00"
    assert seen["end"] == "14 June, 00:00"
    assert (seen["playing"], seen["paused"]) == ("Pause", "Play")
    assert seen["read"].startswith("5 June, 00:00")


def test_a_page_that_asks_and_complains_would_be_seen(browser, tmp_path):
    bad = '<img src="http://outside.invalid/x.png"><script>console.error("broken")</script>'
    _, said, asked = visit(browser, tmp_path, bad)
    assert any("broken" in line for line in said)
    assert asked == ["outside.invalid"]


def test_a_changed_script_is_not_run(browser, text, tmp_path):
    start = text.rindex("<script>")
    changed = text[:start] + text[start:].replace(
        "<script>", "<script>document.title='changed';", 1
    )
    document, said, _ = visit(browser, tmp_path, changed)
    assert "<title>changed" not in document
    assert "charted" not in re.search(r"<body[^>]*>", document)[0]
    assert any("Content Security Policy" in line for line in said)
