"""Pages in a browser: until the first is there, and frames a second while somebody scrubs.

The report and the dashboard show a result of the size of Mosul 2014: 42 garrisons, 480 hours, 20 replicates. Its
numbers are invented, as nothing is drawn faster for being true.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from machine import circumstances  # noqa: E402 - found by the line above
from standfast.report.page import write_report  # noqa: E402
from standfast.scenario.load import load_scenario  # noqa: E402
from standfast.testing.browser import Browser, find_browser  # noqa: E402
from standfast.testing.recordings import synthetic_result  # noqa: E402

FRAMES = 240
#: once through the run, a moment a frame, as a hand on the slider would
SCRUB = """(async (selector, frames) => {
    const slider = document.querySelector(selector);
    const work = [], times = [];
    for (let k = 0; k <= frames; k++) {
        times.push(await new Promise(requestAnimationFrame));
        const before = performance.now();
        slider.value = Math.round(slider.max * k / frames);
        slider.dispatchEvent(new Event("input"));
        work.push(performance.now() - before);
    }
    const gaps = times.slice(1).map((time, k) => time - times[k]).sort((a, b) => a - b);
    work.sort((a, b) => a - b);
    return {
        frames_a_second: 1000 * gaps.length / (times.at(-1) - times[0]),
        slowest_of_20_ms: gaps[Math.floor(0.95 * gaps.length)],
        work_ms: work[work.length >> 1],
    };
})"""
PAINTED = "(() => performance.getEntriesByType('paint').find((x) => x.name === 'first-contentful-paint')?.startTime)()"


def main() -> int:
    """Measure, print and write `benchmarks/results/page.json`."""
    path = find_browser()
    if path is None:
        print("there is no Chromium on this machine")
        return 1
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "large"
        result = synthetic_result(load_scenario("mosul-2014"), 20)
        result.save(folder, pages={"report.html": lambda page: write_report(result, page)})
        with Browser(path) as page:
            page.size(1280, 800)
            rows = {
                "report": measure(page, (folder / "report.html").as_uri()),
                "dashboard": dashboard(page, folder.parent),
            }
    for name, row in rows.items():
        print(f"{name}: " + ", ".join(f"{key} {value:.3g}" for key, value in row.items()))
    target = ROOT / "benchmarks" / "results" / "page.json"
    content = {"circumstances": circumstances(), "frames": FRAMES, "pages": rows}
    target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


def measure(page: Browser, address: str) -> dict[str, float]:
    """Open the report, and scrub its map."""
    page.open("about:blank")
    page.open(address)
    page.wait("document.body?.classList.contains('charted')", 60)
    page.wait(PAINTED)
    first: float = page.run(PAINTED)
    return {"first_page_s": first / 1000, **page.run(f"{SCRUB}('#hour', {FRAMES})")}


def dashboard(page: Browser, folder: Path) -> dict[str, float]:
    """Open the first page of a server, then the result, and scrub its map."""
    command = [sys.executable, "-m", "standfast.cli", "serve", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline() if server.stdout else ""
        try:
            address = re.findall(r"http\S+", line)[0]
            page.open("about:blank")
            page.open(address)
            page.wait("document.getElementById('main')?.dataset.shown", 60)
            filled: float = page.run("performance.now()")
            page.wait(PAINTED)
            first: float = page.run(PAINTED)
            page.run("location.hash = '#explore/result/1'")
            page.wait("document.querySelector('#main svg.map')", 120)
            scrub: dict[str, float] = page.run(f"{SCRUB}('#hour', {FRAMES})")
        finally:
            server.terminate()
    return {"first_page_s": first / 1000, "first_page_filled_s": filled / 1000, **scrub}


if __name__ == "__main__":
    sys.exit(main())
