"""Whatever is asked of the dashboard last is what it shows, in a real browser.

Not shown: that nothing is slow; a view that answers late is made late here.
"""

from __future__ import annotations

import time

from dashboard_steps import at_the_end, go, opened, press_button, text

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
