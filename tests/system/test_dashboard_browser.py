"""The dashboard in a real browser: each way of working, by clicks and keys, to an end that is checked.

In every test the page asks nobody but its own server and complains of nothing. What this does not show:
how it looks; the pictures in the guide are looked at by people.
"""

from __future__ import annotations

import time

import pytest
from dashboard_steps import at_the_end, downloaded, go, opened, press_button, text, to_the_end
from legible import AXE

import standfast as sf
from standfast.report.words import percent
from standfast.testing.browser import Browser

pytest_plugins = ("dashboard_pages",)


def test_without_the_token_nothing_is_shown(chromium, address):
    with Browser(chromium) as stranger:
        stranger.open(address.partition("#")[0])
        stranger.wait("document.querySelector('h1')")
        assert text(stranger, "h1") == "Open the address that was printed"
        stranger.open(address.partition("#")[0] + "?again#token=wrong")
        stranger.wait("document.querySelector('.lead')?.textContent.includes('carries the token')")


def test_watch_a_live_run_down_to_one_soldier(page):
    go(page, "watch/new")
    page.wait("document.querySelector('.opening')")
    page.click(".opening button")
    to_the_end(page)
    # scrub by keys
    page.run("document.querySelector('.scrub').focus()")
    page.press("Home")
    assert text(page, "#clock") == "1 March, 00:00"
    page.press("ArrowRight")
    assert text(page, "#clock") == "1 March, 01:00"
    assert (
        page.run("document.querySelector('.scrub').getAttribute('aria-valuetext')")
        == "1 March, 01:00"
    )
    # play and pause
    page.click(".clockbar .play")
    page.wait("document.querySelector('#clock').textContent > '2'")
    page.click(".clockbar .play")
    assert text(page, ".clockbar .play") == "Play"
    still = text(page, "#clock")
    assert text(page, "#clock") == still
    # a place, by key
    page.run("document.querySelector('.hit[data-garrison=\"1\"]').focus()")
    page.press("Enter")
    assert text(page, ".place-name") == "The barracks"
    page.click('.hit[data-garrison="0"]')
    assert text(page, ".place-name") == "The city"
    page.run("document.querySelector('.scrub').focus()")
    page.press("End")
    # a unit, a squad, a soldier
    page.choose(".icicle select", "3")
    page.wait("document.querySelectorAll('.squad').length > 8")
    page.click(".squad .mark:nth-child(3)")
    page.wait("document.querySelector('.story .ending')")
    agent = int(page.run("document.querySelector('.mark[aria-pressed=true]').dataset.agent"))
    sim = sf.Simulation("garrison", seed=1)
    sim.advance()
    story = sim.story(agent)
    assert text(page, ".story .ending") == story.ending
    assert page.run("document.querySelectorAll('.moments li').length") == len(story.moments)
    page.click(".moments li:first-child .when")
    assert text(page, "#clock") == text(page, ".moments li:first-child .when")
    serving = sum(sim.state.places["serving"]) / sum(sim.state.places["start"])
    page.run("document.querySelector('.scrub').focus()")
    page.press("End")
    assert text(page, ".numbers dd").startswith(percent(serving))


def test_watch_one_run_of_a_saved_result(page):
    go(page, "explore")
    press_button(page, "three")
    page.wait("document.querySelector('#main').dataset.shown.startsWith('#explore/result')")
    assert "collapses" in text(page, "h1")
    page.wait("document.querySelector('svg.map') && document.querySelector('.plot svg')")
    page.fill('input[aria-label="Run to watch"]', "2")
    press_button(page, "Watch this run person by person")
    page.wait("location.hash.startsWith('#watch/') && document.querySelector('.clockbar')", 40)
    to_the_end(page)
    result = sf.run("garrison", replicates=3, seed=1, progress=False)
    gone = result.runs.set_index("replicate").loc[2, "share_gone"]
    assert text(page, ".numbers dd").startswith(percent(1 - gone))


def test_explore_draws_an_answer_and_exports_its_numbers(page, tmp_path):
    go(page, "explore")
    press_button(page, "leaders")
    page.wait("document.querySelector('#main').dataset.shown.startsWith('#explore/result')")
    page.wait("document.querySelectorAll('#main .plot svg').length === 4")
    page.run(
        "[...document.querySelectorAll('#main section:last-of-type .exports button')]"
        ".find((x) => x.textContent === 'CSV').click()"
    )
    rows = downloaded(tmp_path, ".csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == ",Stay,Leave"
    assert rows[1].startswith("keep-leaders,")


def test_what_if_side_by_side_with_who_stayed(page):
    world = opened(page)
    go(page, f"what-if/{world}")
    page.wait("document.querySelectorAll('.card').length === 15")
    assert page.run("document.querySelector('.bar .play').disabled")
    page.click("#on-keep_leaders")
    page.run("document.querySelector('[data-kind=\"keep_leaders\"] input.short').focus()")
    page.fill('[data-kind="keep_leaders"] input.short', "80")
    page.fill('[data-kind="keep_leaders"] input[aria-label$="cost"]', "5")
    assert text(page, ".total") == "1 measure, cost 5"
    press_button(page, "Run the paired world")
    page.wait("document.querySelectorAll('svg.map').length === 2")
    page.wait("document.querySelector('.stayed table')", 40)
    page.wait("!document.querySelector('.job')")
    page.wait("document.querySelector('#clock').textContent === '11 March, 00:00'")
    # the same two worlds in Python
    base = sf.Simulation("garrison", seed=1)
    base.advance("80 h")
    other = base.branch()
    other.inject(kind="keep_leaders", size=1.0, cost=5)
    base.advance()
    other.advance()
    serves = [
        sim.state.agents["status"].isin(["duty", "leave", "back"]).to_numpy()
        for sim in (base, other)
    ]
    stayed, left = int((serves[1] & ~serves[0]).sum()), int((serves[0] & ~serves[1]).sum())
    page.wait(
        f"document.querySelector('.stayed p').textContent.includes('{stayed:,} people serve')"
    )
    assert f"{left:,} have left" in text(page, ".stayed p")
    # one of them, in both worlds
    page.click(".person")
    page.wait("document.querySelectorAll('.story .ending').length === 2", 40)
    agent = int(page.run("document.querySelector('.person').dataset.agent"))
    endings = page.run("[...document.querySelectorAll('.story .ending')].map((x) => x.textContent)")
    assert endings == [base.story(agent).ending, other.story(agent).ending]
    # other luck
    press_button(page, "Run 8 pairs")
    page.wait("document.querySelectorAll('.pairs .verdicts .dot').length === 16", 60)


def test_umpire_runs_injects_branches_and_saves(page, tmp_path):
    go(page, "umpire/new")
    page.click(".opening button")
    page.wait("document.querySelector('.inject') && !document.querySelector('.job')", 40)
    assert text(page, "#clock") == "1 March, 00:00"
    page.fill('input[aria-label="Hour to run to"]', "80")
    press_button(page, "Run")
    page.wait("document.querySelector('#clock').textContent === '4 March, 08:00'")
    first = page.run("location.hash.split('/')[1]")
    # branch here, with another name
    page.fill('input[aria-label="Name of the branch"]', "commanders stay")
    page.click(".stage aside > .controls:last-of-type button")
    page.wait(
        f"location.hash !== '#umpire/{first}' && document.querySelector('h1').textContent === 'commanders stay'"
    )
    page.wait("document.querySelectorAll('.branch-row').length >= 2")
    # what does not fit is told beside the field
    page.choose(".inject select", "order")
    page.choose('.inject [data-path="order"] select', "withdraw")
    press_button(page, "Inject")
    page.wait("document.querySelector('.inject > .wrong').textContent.includes('names no')")
    # the browser itself notes every answer that refuses
    assert all("422" in line and "/inject" in line for line in page.said)
    page.said.clear()
    # commanders stay, and on to the end by key
    page.choose(".inject select", "keep_leaders")
    page.run("document.querySelector('.inject button').focus()")
    page.press("Enter")
    page.wait("document.querySelector('.told').textContent.includes('keep leaders')")
    branch = page.run("location.hash.split('/')[1]")
    press_button(page, "To the end")
    at_the_end(page, branch)
    go(page, f"umpire/{first}")
    press_button(page, "To the end")
    at_the_end(page, first)
    page.wait("document.querySelectorAll('.slim tbody tr').length >= 2")
    # side by side
    page.click('button[aria-label="Show commanders stay beside this one"]')
    page.wait("document.querySelectorAll('svg.map').length === 2")
    page.wait("document.querySelector('.stayed table')", 40)
    shares = page.run(
        "[...document.querySelectorAll('.maps .big-share')].map((x) => x.textContent)"
    )
    base, stay = sf.Simulation("garrison"), sf.Simulation("garrison")
    base.advance()
    stay.advance("80 h")
    stay.inject(kind="keep_leaders")
    stay.advance()
    for shown, sim in zip(shares, (base, stay), strict=True):
        places = sim.state.places
        share = 100 * places["serving"].sum() / places["start"].sum()
        assert abs(float(shown.split()[0].replace("\u00a0%", "")) - share) < 0.6
    # saved as a scenario that comes to the same
    page.run("history.back()")
    page.wait("document.querySelector('.branch-row')")
    page.run(
        "[...document.querySelectorAll('.branch')].find((x) => x.textContent === 'commanders stay').click()"
    )
    page.wait(
        "document.querySelector('h1').textContent === 'commanders stay' && document.querySelector('.inject')"
    )
    press_button(page, "Save as scenario")
    again = sf.Simulation(downloaded(tmp_path, ".yaml"))
    again.advance()
    assert again.state.places["serving"].to_dict() == stay.state.places["serving"].to_dict()


def test_explore_builds_checks_and_runs_a_scenario(page, tmp_path):
    go(page, "explore/build/garrison")
    page.wait("document.querySelector('.check').textContent.startsWith('It holds together')")
    page.run("document.querySelector('details[data-path=\"forces\"] summary').click()")
    page.wait("document.querySelector('details[data-path=\"forces.police\"]')")
    page.run("document.querySelector('details[data-path=\"forces.police\"] summary').click()")
    page.wait("document.querySelector('[data-path=\"forces.police.place\"] input')")
    page.fill('[data-path="forces.police.place"] input', "citty")
    page.wait("document.querySelector('.check').textContent === '1 to mend'")
    assert 'Did you mean "city"' in text(page, '[data-path="forces.police.place"] .wrong')
    assert (
        page.run(
            "document.querySelector('[data-path=\"forces.police.place\"] input').getAttribute('aria-invalid')"
        )
        == "true"
    )
    press_button(page, "forces.police.place")
    page.wait(
        "document.activeElement.closest('[data-path]').dataset.path === 'forces.police.place'"
    )
    page.fill('[data-path="forces.police.place"] input', "city")
    page.fill('[data-path="title"] input', "Fewer police")
    page.fill('[data-path="forces.police.paper"] input', "600")
    page.wait("document.querySelector('.check').textContent.includes('3,800 names')")
    press_button(page, "Save as file")
    saved = sf.load(downloaded(tmp_path, ".yaml"))
    assert saved.forces["police"].paper == 600
    press_button(page, "Watch it")
    page.wait("location.hash.startsWith('#watch/') && document.querySelector('.clockbar')", 40)
    to_the_end(page)
    assert text(page, "h1") == "Fewer police"
    sim = sf.Simulation(saved)
    sim.advance()
    share = sim.state.places["serving"].sum() / sim.state.places["start"].sum()
    assert text(page, ".numbers dd").startswith(percent(share))


def test_exports_hold_what_is_on_the_screen(page, tmp_path):
    world = opened(page)
    go(page, f"watch/{world}")
    page.wait("document.querySelector('.place .lines svg')")
    menu = "section.place .exports"
    for name in ("PNG", "SVG", "CSV", "Command"):
        page.run(
            f"[...document.querySelectorAll('{menu} button')].find((x) => x.textContent === '{name}').click()"
        )
    picture = downloaded(tmp_path, ".png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    drawing = downloaded(tmp_path, ".svg").read_text(encoding="utf-8")
    assert "<path" in drawing
    assert "class=" not in drawing
    assert "script" not in drawing
    rows = downloaded(tmp_path, ".csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 2 * 241
    assert rows[0].startswith("world,hour,time,place,people_at_start,share_serving")
    sim = sf.Simulation("garrison")
    sim.advance()
    share = sim.state.places.loc["city", "serving"] / sim.state.places.loc["city", "start"]
    last = next(row.split(",") for row in reversed(rows) if ",city," in row)
    assert float(last[5]) == pytest.approx(share, abs=2e-4)
    page.wait(f"document.querySelector('{menu} .command').textContent.includes('sf.Simulation')")


def test_a_closed_page_loses_nothing_and_work_can_be_cancelled(page, address, folder):
    go(page, "explore")
    page.fill("#runs", "5")
    page.choose("#from", "garrison")
    press_button(page, "Run")
    page.open("about:blank")
    time.sleep(0.5)
    page.open(address)
    end = time.monotonic() + 60
    while not (folder / "garrison-5-1" / "summary.json").exists():
        assert time.monotonic() < end
        time.sleep(0.1)
    go(page, "explore")
    page.wait("document.body.textContent.includes('garrison-5-1')")
    page.fill("#runs", "900")
    press_button(page, "Run")
    page.wait("document.querySelector('.job progress')?.value > 0", 40)
    page.click(".job button")
    page.wait("!document.querySelector('.job')", 40)
    assert not (folder / "garrison-900-1").exists()


def test_a_fault_of_the_page_would_be_seen(page):
    """The wrong twin: a page that asks elsewhere, complains and has a nameless button."""
    page.run("console.error('planted'); document.body.append(document.createElement('button'))")
    page.run("fetch('http://outside.invalid/').catch(() => null)")
    page.wait("true")
    assert "planted" in page.said
    assert any("outside.invalid" in line for line in [*page.said, *page.asked])
    found = page.run(AXE + ";axe.run(document).then((x) => x.violations.map((y) => y.id))")
    assert "button-name" in found
    page.said.clear()
    page.asked.clear()
