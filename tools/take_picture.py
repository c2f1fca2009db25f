"""Take the pictures of a report: tools/take_picture.py out/mosul-2014/report.html [NAME].

Writes docs/images/NAME.png (1,500 pixels of it, as the README shows), NAME-phone.png and NAME-print.png; NAME is
"report" where none is given. Needs a Chromium on the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from standfast.testing.browser import Browser, find_browser

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
#: width and height of what is taken; a sheet of A4 less its margins, at 96 dots an inch
LAPTOP, PHONE, SHEET = (1280, 1500), (390, 1690), (690, 980)


def main(report: str, name: str = "report") -> int:
    """Open a report without a window, and take it at three sizes."""
    browser = find_browser()
    if browser is None:
        print("there is no Chromium on this machine")
        return 1
    with Browser(browser) as page:
        for ending, size in (("", LAPTOP), ("-phone", PHONE), ("-print", SHEET)):
            page.size(*size)
            page.open("about:blank")
            page.open(Path(report).resolve().as_uri())
            page.wait("document.body?.classList.contains('charted')", 60)
            if ending == "-print":
                page.call("Emulation.setEmulatedMedia", media="print")
            page.wait("document.querySelector('#timeline svg')")
            page.run(
                "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            target = IMAGES / f"{name}{ending}.png"
            page.picture(target)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
