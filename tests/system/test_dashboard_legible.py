"""Every page of the dashboard can be used by everybody, on a laptop and a phone, in light and dark.

What this does not show: whether it is clear; axe finds about half of what keeps people out.
"""

from __future__ import annotations

import json
import re

import pytest
from dashboard_steps import branched, go, opened
from legible import barriers, too_wide

from standfast.testing.browser import Browser

pytest_plugins = ("dashboard_pages",)

LAPTOP, PHONE = (1280, 800), (390, 844)
LOOKS = {
    "laptop": (LAPTOP, {}), "phone": (PHONE, {"phone": True}), "dark": (LAPTOP, {"dark": True}),
}  # fmt: skip


def check(page, name):
    assert too_wide(page) <= 0, name
    assert barriers(page) == [], name
    # what a script writes for a value that is not there
    shown = page.run("document.body.innerText")
    assert re.findall(r".*\b(?:null|undefined|NaN)\b.*", shown) == [], name


def saved(page):
    """Return the numbers of what is saved, by name."""
    found = page.run(
        "fetch('/api/results', { headers: { authorization: `Bearer ${localStorage.getItem('standfast-token')}` } })"
        ".then((answer) => answer.json()).then((found) => found.results.map((each) => [each.name, each.id]))"
    )
    return dict(found)


def tell_a_story(page):
    page.choose(".icicle select", "3")
    page.wait("document.querySelector('.squad .mark')")
    page.click(".squad .mark")
    page.wait("document.querySelector('.story .ending')", 40)


@pytest.mark.parametrize("name", LOOKS)
def test_everybody_can_use_it(page, name):
    size, seen = LOOKS[name]
    page.size(*size, **seen)
    go(page, "what-if")
    page.wait("document.querySelector('.opening, .card')")
    check(page, "what-if before anything is open")
    world = opened(page)
    go(page, f"what-if/{world}")
    check(page, "what-if before any branch")
    other = branched(page, world)
    numbers = saved(page)
    modes = {
        "watch/new": ".opening", f"watch/{world}": ".place .lines svg", f"what-if/{world}": ".card",
        f"what-if/{world}/{other}": ".stayed table", "umpire/new": ".opening",
        f"umpire/{world}": ".branch-row", f"umpire/{world}/{other}": ".stayed table",
        "explore": ".ask .command:not(:empty)", f"explore/result/{numbers['three']}": "#main .plot svg",
        f"explore/result/{numbers['leaders']}": "#main .plot svg",
        f"explore/result/{numbers['sweep']}": "#main h1", "explore/build/garrison": ".check:not(:empty)",
    }  # fmt: skip
    for mode, ready in modes.items():
        go(page, mode)
        page.wait(f"document.querySelector({json.dumps(ready)})", 40)
        if mode == f"watch/{world}":
            tell_a_story(page)
        check(page, mode)


def test_a_question_with_something_to_mend_can_be_read(page):
    page.size(*LAPTOP, dark=True)
    go(page, "explore")
    page.choose("#ask-question", "tip")
    page.fill("#ask-low", "0.9")
    page.wait("document.querySelector('.ask [aria-invalid]')")
    check(page, "a question")


def test_the_page_for_those_without_the_token_can_be_read(chromium, address):
    with Browser(chromium) as stranger:
        stranger.open(address.partition("#")[0])
        stranger.wait("document.querySelector('h1')")
        check(stranger, "without the token")
