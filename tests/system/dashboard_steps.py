"""Steps that the tests of the dashboard take again and again in the page."""

from __future__ import annotations

import json
import time

import pytest


def go(page, mode):
    page.run(f"location.hash = '#{mode}'")
    page.wait(f"document.getElementById('main').dataset.shown === '#{mode}'")


def text(page, selector):
    return page.run(f"document.querySelector({json.dumps(selector)})?.textContent ?? ''")


def opened(page, *, to=None, replicate=0):
    """Open the garrison by the page's own call, and return its number once it has got there."""
    body = {"scenario": "garrison", "replicate": replicate} | ({} if to is None else {"to": to})
    return made(page, "/api/worlds", body)


def branched(page, world):
    """Branch a world at hour 80 with commanders who stay, and return the branch at its end."""
    body = {"at": 80, "to": 240, "items": [{"kind": "keep_leaders"}], "title": "Leaders stay"}
    return made(page, f"/api/worlds/{world}/branch", body)


def made(page, path, body):
    """Ask for a world by the page's own call, and return its number once it has got there."""
    page.run(
        f"""(async () => {{
            const token = localStorage.getItem("standfast-token");
            const headers = {{ authorization: `Bearer ${{token}}`, "content-type": "application/json" }};
            const ask = async (path, rest) => (await fetch(path, {{ headers, ...rest }})).json();
            const {{ job }} = await ask({json.dumps(path)}, {{ method: "POST", body: JSON.stringify({json.dumps(body)}) }});
            let found;
            do {{
                await new Promise((resolve) => setTimeout(resolve, 50));
                found = await ask(`/api/jobs/${{job}}`);
            }} while (!["done", "failed"].includes(found.state));
            window.opened = found.world;
        }})()"""
    )
    return page.run("window.opened")


def downloaded(folder, suffix, timeout=15.0):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        found = [path for path in folder.glob(f"*{suffix}") if path.stat().st_size]
        if found:
            return found[0]
        time.sleep(0.05)
    pytest.fail(f"nothing was downloaded that ends in {suffix}: {list(folder.iterdir())}")


def press_button(page, label, timeout=10.0):
    """Click the first visible button that says something."""
    mark = f"""(() => {{
        const all = [...document.querySelectorAll("button")];
        all.forEach((each) => each.removeAttribute("data-wanted"));
        all.find((each) => each.textContent.trim() === {json.dumps(label)} && each.offsetParent)
            ?.setAttribute("data-wanted", "");
    }})()"""
    end = time.monotonic() + timeout
    while True:
        page.run(mark)
        try:
            return page.click("[data-wanted]")
        except LookupError:  # not there yet, or drawn anew under the mouse
            assert time.monotonic() < end, label
            time.sleep(0.05)


def to_the_end(page):
    """Wait until the run has ended and the page shows its last hour."""
    page.wait("document.querySelector('.clockbar') && !document.querySelector('.job')", 60)
    end = time.monotonic() + 30
    while text(page, "#clock") != "11 March, 00:00":
        assert time.monotonic() < end, text(page, "#clock")
        page.run("document.querySelector('.scrub').focus()")
        page.press("End")
        time.sleep(0.05)


def at_the_end(page, world, timeout=120.0):
    """Wait until the server has run a world to its end, and the page shows its last hour of itself."""
    page.wait(
        f"""fetch("/api/desk", {{ headers: {{ authorization: `Bearer ${{localStorage.getItem("standfast-token")}}` }} }})
            .then((answer) => answer.json()).then((desk) => desk.worlds.find((each) => each.id === {world})?.finished)""",
        timeout,
    )
    page.wait("document.querySelector('#clock')?.textContent === '11 March, 00:00'", 40)
