"""Whatever is asked of the dashboard last is what it shows, in a real browser.

Not shown: that nothing is slow; a view that answers late is made late here.
"""

from __future__ import annotations

import time

from dashboard_steps import at_the_end, go, opened, press_button, text

END = "11 March, 00:00"

pytest_plugins = ("dashboard_pages",)


def test_a_slow_older_view_is_not_drawn_over_a_newer_one(page):
    """The first view answers late; what is shown, and followed, is what was asked for last."""
    older, newer = opened(page, to=12), opened(page, to=24, replicate=1)
    page.run(
        f"""(() => {{
            const ask = window.fetch;
            window.fetch = async (path, rest) => {{
                const late = String(path).startsWith("/api/worlds/{older}/");
                if (late) await new Promise((resolve) => setTimeout(resolve, 700));
                const answer = await ask(path, rest);
                if (late) window.late = (window.late ?? 0) + 1;
                return answer;
            }};
        }})()"""
    )
    page.run(f"location.hash = '#umpire/{older}'")
    page.wait("document.querySelector('.top nav [aria-current]').hash === '#umpire'")
    go(page, f"umpire/{newer}")
    page.wait("window.late >= 3")
    time.sleep(0.3)
    assert page.run("document.querySelector('.branch[aria-current=true]').dataset.world") == str(
        newer
    )
    assert text(page, "#clock") == "2 March, 00:00"
    press_button(page, "To the end")
    at_the_end(page, newer, 60)


def test_two_views_that_load_a_world_at_once_both_see_it_grow(page):
    """The view that is left asks for the branch as well, and is answered last."""
    world = opened(page, to=80)
    go(page, f"umpire/{world}")
    page.run(
        f"""(() => {{
            const ask = window.fetch;
            window.grounds = 0;
            window.fetch = async (path, rest) => {{
                const ground = String(path).match(/worlds\\/(\\d+)\\/ground$/);
                if (ground && Number(ground[1]) > {world}) {{
                    const first = window.grounds++ === 0;
                    await new Promise((resolve) => setTimeout(resolve, first ? 200 : 2500));
                }}
                return ask(path, rest);
            }};
        }})()"""
    )
    press_button(page, "Branch from 4 March, 08:00 (hour 80)")
    page.wait("document.querySelector('h1').textContent === 'Branch at hour 80'")
    page.wait("document.querySelector('.inject')")
    time.sleep(3)  # until the slower answer has come
    press_button(page, "To the end")
    page.wait(f"document.querySelector('#clock').textContent === '{END}'", 60)
    assert page.run("window.grounds") == 1


def test_a_request_that_fails_once_is_asked_again(page):
    """The last hours are lost on the way, and nothing happens any more that would make the page ask."""
    world = opened(page, to=80)
    go(page, f"umpire/{world}")
    page.run(
        """(() => {
            const ask = window.fetch;
            window.failed = 0;
            window.fetch = async (path, rest) => {
                if (!String(path).includes("/frames") || window.failed > 20) return ask(path, rest);
                window.failed++;
                await new Promise((resolve) => setTimeout(resolve, 200));
                throw new TypeError("planted");
            };
        })()"""
    )
    press_button(page, "To the end")
    page.wait("!document.querySelector('.job')", 60)
    page.wait(f"document.querySelector('#clock').textContent === '{END}'", 60)
    assert page.run("window.failed") == 21
