"""Take the pictures of the dashboard for its guide: tools/take_dashboard_pictures.py.

Starts a server of its own on an empty folder, drives it in a browser without a window, and writes
docs/images/dashboard-*.png. Needs a Chromium on the machine.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from standfast.testing.browser import Browser, find_browser

IMAGES = Path(__file__).parents[1] / "docs" / "images"
LAPTOP, PHONE = (1280, 800), (390, 844)


def main() -> int:
    """Take every picture."""
    path = find_browser()
    if path is None:
        print("there is no Chromium on this machine")
        return 1
    with tempfile.TemporaryDirectory() as above:
        folder = Path(above) / "standfast-out"
        folder.mkdir()
        command = [sys.executable, "-m", "standfast.cli", "serve", str(folder), "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            found = re.search(r"http\S+", server.stdout.readline() if server.stdout else "")
            if found is not None:
                with Browser(path) as page:
                    take(page, found[0])
            server.terminate()
    return 0 if found else 1


def take(page: Browser, address: str) -> None:
    """Walk through the four ways of working, with a picture of each; `explore`, `branch`: of that alone."""
    page.size(*LAPTOP)
    page.open(address)
    page.wait("document.querySelector('.opening')")
    if sys.argv[1:] != ["branch"]:
        take_exploring(page)
    if sys.argv[1:] == ["explore"]:
        return
    page.run("location.hash = '#watch/new'")
    page.wait("document.querySelector('.opening')")
    page.choose("#case", "case:mosul-2014")
    page.click(".opening button")
    page.wait(
        "document.querySelector('.clockbar') && document.querySelector('.clock').textContent", 300
    )
    page.wait("!document.querySelector('.job')", 600)
    if sys.argv[1:] != ["branch"]:
        take_ways(page)
    take_branch(page)


def take_exploring(page: Browser) -> None:
    """Build a scenario by form, run it, look at the result, put a question, and look at the answer."""
    page.run("location.hash = '#explore/build/garrison'")
    page.wait("document.querySelector('.check')?.textContent.includes('holds')")
    page.run("document.querySelector('details[data-path=\"forces\"]').open = true")
    page.wait("document.querySelector('details[data-path=\"forces.police\"]')")
    page.run("document.querySelector('details[data-path=\"forces.police\"]').open = true")
    page.wait("document.querySelector('[data-path=\"forces.police.paper\"]')")
    picture(page, "build", height=1000)
    page.run(
        "[...document.querySelectorAll('.bar button')].find((each) => each.textContent === 'Run and save').click()"
    )
    page.wait("document.querySelector('.job')", 60)
    page.wait("!document.querySelector('.job')", 600)
    page.run("location.hash = '#explore'")
    page.wait("document.querySelector('#main tbody tr button')", 60)
    page.click("#main tbody tr button")
    page.wait("document.querySelectorAll('#main .plot svg').length >= 8", 120)
    page.run("document.querySelector('section[aria-label=\"Strength\"]').scrollIntoView()")
    picture(page, "result", height=1000)
    page.run(
        "document.querySelector('section[aria-label^=\"Who left hour by hour\"]').scrollIntoView()"
    )
    picture(page, "homes")
    take_asking(page)


def take_asking(page: Browser) -> None:
    """Fill in a question, put another, and look at its answer."""
    page.run("location.hash = '#explore'")
    page.wait("document.querySelector('.ask .command')?.textContent", 60)
    page.choose("#ask-scenario", "scenario:mosul-2014")
    page.click("#ask-answer_calls")
    page.fill("#ask-others", "keep-leaders + answer-calls:size=0.8,delay=6 h")
    page.wait("document.querySelector('.ask .command').textContent.includes('delay')")
    page.run("document.querySelector('.ask').parentElement.scrollIntoView()")
    picture(page, "ask")
    page.choose("#ask-question", "why")
    page.choose("#ask-scenario", "scenario:garrison")
    page.run("document.querySelector('.ask details').open = true")
    page.wait(
        "document.querySelector('.ask .command').textContent.startsWith('standfast why garrison')"
    )
    for name in ("M06", "M15", "M22"):
        page.click(f"#ask-cause-{name}")
    page.fill("#ask-replicates", "4")
    page.wait("document.querySelector('.ask .command').textContent.includes('M22 --replicates 4')")
    page.run("document.querySelector('.ask').parentElement.scrollIntoView()")
    picture(page, "ask-why", height=1180)
    page.click(".ask button[type=submit]")
    page.wait("document.querySelector('#main').dataset.shown.startsWith('#explore/result')", 600)
    page.wait("document.querySelector('#main .plot svg')", 60)
    page.run("scrollTo(0, 0)")
    picture(page, "answer", height=1000)


def take_branch(page: Browser) -> None:
    """Branch at hour 80 with nothing but commanders who stay, and look at both side by side."""
    page.run("location.hash = '#umpire/1'")
    page.wait("document.querySelector('.inject')", 60)
    page.run("document.querySelector('.scrub').value = 80")
    page.run("document.querySelector('.scrub').dispatchEvent(new Event('input'))")
    page.fill('input[aria-label="Name of the branch"]', "commanders stay")
    page.click(".stage aside > .controls:last-of-type button")
    page.wait("document.querySelector('h1').textContent === 'commanders stay'", 300)
    page.wait("document.querySelector('.inject') && !document.querySelector('.job')", 300)
    page.choose(".inject select", "keep_leaders")
    page.click(".inject button[type=submit]")
    page.wait("document.querySelector('.told').textContent.includes('keep leaders')", 60)
    page.run(
        "[...document.querySelectorAll('.stage aside button')]"
        ".find((each) => each.textContent === 'To the end').click()"
    )
    page.wait("document.querySelector('.job')", 60)
    page.wait("!document.querySelector('.job')", 600)
    other = page.run("location.hash.split('/')[1]")
    page.run(f"location.hash = '#umpire/1/{other}'")
    page.wait("document.querySelector('.stayed table')", 300)
    page.run("scrollTo(0, 0)")
    picture(page, "branch", height=1250)
    page.run(f"location.hash = '#umpire/{other}'")
    page.wait(
        "document.querySelectorAll('.branch-row').length >= 2 && document.querySelector('.inject')",
        60,
    )
    page.wait("document.querySelectorAll('.slim tbody tr').length >= 2", 60)
    page.run("document.querySelector('section[aria-label=Branches]').scrollIntoView()")
    page.run("scrollBy(0, -80)")
    picture(page, "tree")


def take_ways(page: Browser) -> None:
    """Take a picture of each way of working."""
    page.run("document.querySelector('.scrub').value = 108")
    page.run("document.querySelector('.scrub').dispatchEvent(new Event('input'))")
    picture(page, "watch")
    page.size(*PHONE, phone=True)
    picture(page, "watch-phone")
    page.size(*LAPTOP)
    page.choose(
        ".icicle select",
        page.run("document.querySelector('.icicle option:nth-child(3)')?.value ?? '3'"),
    )
    page.wait("document.querySelector('.squad .mark')")
    page.click(".squad .mark:nth-child(6)")
    page.wait("document.querySelector('.story .ending')", 120)
    page.run("document.querySelector('.icicle').scrollIntoView()")
    page.run("scrollBy(0, -110)")
    picture(page, "soldier")
    page.run("location.hash = '#what-if/1'")
    page.wait("document.querySelector('.card')")
    picture(page, "cards")
    page.click("#on-keep_leaders")
    page.fill('[data-kind="keep_leaders"] input.short', "80")
    page.click("#on-answer_calls")
    page.fill('[data-kind="answer_calls"] input.short', "80")
    page.click(".bar .play")
    page.wait("document.querySelector('.stayed table')", 120)
    page.wait("!document.querySelector('.job')", 300)
    page.run("scrollTo(0, 0)")
    picture(page, "what-if", height=1200)
    page.run("location.hash = '#umpire/1'")
    page.wait("document.querySelector('.branches')")
    picture(page, "umpire", height=1200)


def picture(page: Browser, name: str, *, height: int | None = None) -> None:
    """Take one picture, of the screen or of a taller one."""
    if height is not None:
        page.size(LAPTOP[0], height)
    page.wait("!document.querySelector('.told.shown')", 15)
    # lines and names are drawn in the frame after a change of size
    page.run("new Promise((done) => setTimeout(done, 900))")
    path = IMAGES / f"dashboard-{name}.png"
    page.picture(path)
    print(f"{path.name}: {path.stat().st_size // 1024} kB")
    if height is not None:
        page.size(*LAPTOP)


if __name__ == "__main__":
    sys.exit(main())
